//! Connecting: which database a URL names, and how connections to it are set up.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, ConnectOptions, Connection, Executor,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use crate::statement::sqlite::Keeper;

/// Beyond this many WAL pages (of 4 KiB) SQLite copies them into the database.
const WAL_PAGES: &str = "20000";

/// What the connection that keeps batches has of the database in memory: 32 MiB, in KiB below zero.
const CACHE: &str = "-32768";

/// A pooled connection that was idle for longer is tested before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(10);

/// A turn that says nothing for so long is taken away, so that a machine that is lost in the middle
/// of one does not stop its organization.
const SILENCE: &str = "30s";

/// Each of our statements has an index to go by, and its best plan does not hang on how long its
/// arrays are: PostgreSQL plans it once, and is kept from reading tables whole because they are
/// small while it plans, and from compiling what takes a millisecond. Which index is best it learns
/// in `session::grown`.
const BY_INDEX: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
    SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

/// How a store uses its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// The most connections: on SQLite to read with, on PostgreSQL half of them for turns and half
    /// to read with.
    pub connections: u32,
    /// How long a connection or a turn is waited for.
    pub patience: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            connections: 10,
            patience: Duration::from_secs(3),
        }
    }
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL names no database that can be used.
    #[error(
        "{url} is not the URL of a database: \
         use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE"
    )]
    Url {
        /// The URL, without what may hold a password.
        url: String,
    },
    /// The database cannot be reached, or refuses the connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// SQLite cannot open the file.
    #[error("the database cannot be opened: {0}")]
    Unopened(#[source] rusqlite::Error),
}

/// Which database a URL names.
#[derive(Debug)]
pub(crate) enum Location {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Location {
    pub(crate) fn parse(url: &str) -> Result<Self, ConnectError> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        let refused = || ConnectError::Url {
            url: format!("{scheme}:…"),
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                // In memory, each connection would have a database of its own.
                if path.is_empty() || path.contains(":memory:") || path.contains('?') {
                    return Err(refused());
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" => {
                let options = PgConnectOptions::from_str(url).map_err(|_| refused())?;
                Ok(Self::Postgres(Box::new(options)))
            }
            _ => Err(refused()),
        }
    }
}

/// A pool for turns, and one of those that read.
///
/// Reports keep no turn waiting then, and turns are had on as few connections as there are
/// organizations at work: what a connection has prepared and keeps in memory is near at hand.
pub(crate) async fn postgres(
    location: PgConnectOptions,
    options: StoreOptions,
) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    let turns = StoreOptions {
        connections: options.connections.div_ceil(2),
        ..options
    };
    let reports = StoreOptions {
        connections: options.connections / 2,
        ..options
    };
    let writer = postgres_pool(location.clone(), turns).await?;
    let reader = postgres_pool(location, reports).await?;
    Ok((writer, reader))
}

async fn postgres_pool(
    location: PgConnectOptions,
    options: StoreOptions,
) -> Result<DatabaseConnection, ConnectError> {
    let settings = format!(
        "{BY_INDEX}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = '{SILENCE}'",
        options.patience.as_millis()
    );
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.patience)
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                if metadata.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let settings = sqlx::AssertSqlSafe(settings.clone());
            Box::pin(async move { connection.execute(settings).await.map(|_| ()) })
        })
        .connect_with(location.disable_statement_logging())
        .await
        .map_err(ConnectError::Unreachable)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// The connection of turns that lock the head and of whatever else writes, a pool of those that read,
/// and the connection that batches are kept on.
pub(crate) async fn sqlite(
    path: PathBuf,
    options: StoreOptions,
) -> Result<(DatabaseConnection, DatabaseConnection, Keeper), ConnectError> {
    let location = SqliteConnectOptions::new()
        .filename(&path)
        .busy_timeout(options.patience)
        .foreign_keys(true)
        .disable_statement_logging();
    let writing = location
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", WAL_PAGES);
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(options.patience)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let writer = first_connection(pool().max_connections(1), writing, options.patience).await?;
    let readers = pool()
        .max_connections(options.connections.max(1))
        .connect_with(location.read_only(true))
        .await
        .map_err(ConnectError::Unreachable)?;
    let pragmas = [
        ("foreign_keys", "ON"),
        ("synchronous", "FULL"),
        ("wal_autocheckpoint", WAL_PAGES),
        ("cache_size", CACHE),
    ];
    let keeper = Keeper::open(&path, options.patience, &pragmas)?;
    Ok((
        SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
        keeper,
    ))
}

/// Opens the database. Of two processes that switch a new one to WAL at once SQLite turns one away
/// without waiting, whatever its busy timeout: it tries again.
async fn first_connection(
    pool: SqlitePoolOptions,
    location: SqliteConnectOptions,
    patience: Duration,
) -> Result<sqlx::SqlitePool, ConnectError> {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        match pool.clone().connect_with(location.clone()).await {
            Ok(pool) => return Ok(pool),
            Err(sqlx::Error::Database(error))
                if error.message().contains("locked") && tokio::time::Instant::now() < deadline =>
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => return Err(ConnectError::Unreachable(error)),
        }
    }
}
