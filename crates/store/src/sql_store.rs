//! The store itself: its connections and its schema.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use accrual_engine::{Head, OrgId, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use tokio::sync::OwnedMutexGuard;

use crate::{
    connect::{self, ConnectError, Location, StoreOptions},
    error::{self, failed},
    migration::Migrator,
    statement::{KnownWords, sqlite::Keeper},
};

/// The advisory lock that migrations of this schema take turns on; any number that stays the same.
const MIGRATION_LOCK: i64 = 0x0061_6363_7275_616c;

/// Conversions, commissions and all else of every organization, in SQLite or PostgreSQL.
///
/// Clones share their connections.
#[derive(Clone, Debug)]
pub struct SqlStore {
    /// Where turns are had.
    pub(crate) writer: DatabaseConnection,
    /// On SQLite, where batches are kept.
    pub(crate) keeper: Option<Keeper>,
    /// Where reports come from.
    pub(crate) reader: DatabaseConnection,
    pub(crate) heads: Heads,
    pub(crate) words: KnownWords,
    /// Whether the tables are being analyzed.
    pub(crate) is_analyzing: Arc<AtomicBool>,
}

/// The heads that this process has left organizations at: turns begin with them.
///
/// Each is taken out by the turn that begins with it, and put back only if that turn succeeds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads(Arc<Mutex<HashMap<OrgId, Head>>>);

impl Heads {
    /// How many are remembered at most.
    const LIMIT: usize = 10_000;

    pub(crate) fn take(&self, org: OrgId) -> Option<Head> {
        self.locked().remove(&org)
    }

    pub(crate) fn put(&self, head: Head) {
        let mut heads = self.locked();
        if heads.len() >= Self::LIMIT {
            // A turn that finds none locks the row instead.
            heads.clear();
        }
        // A turn that only confirmed may end behind one that has moved on.
        let newer = heads.get(&head.organization);
        if newer.is_none_or(|newer| newer.sequence <= head.sequence) {
            heads.insert(head.organization, head);
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<OrgId, Head>> {
        // Nothing that is done under this lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SqlStore {
    /// Connects to the database that `url` names: `sqlite:PATH`, `sqlite://PATH` (the file is made
    /// if it is missing, its folder is not), `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// [`ConnectError::Url`] if it names none, [`ConnectError::Unreachable`] if the database cannot
    /// be reached or opened, [`ConnectError::Unopened`] if SQLite's own interface cannot open it.
    pub async fn connect(url: &str, options: StoreOptions) -> Result<Self, ConnectError> {
        let (writer, reader, keeper) = match Location::parse(url)? {
            Location::Sqlite(path) => {
                let (writer, reader, keeper) = connect::sqlite(path, options).await?;
                (writer, reader, Some(keeper))
            }
            Location::Postgres(location) => {
                let (writer, reader) = connect::postgres(*location, options).await?;
                (writer, reader, None)
            }
        };
        Ok(Self {
            writer,
            keeper,
            reader,
            heads: Heads::default(),
            words: KnownWords::default(),
            is_analyzing: Arc::default(),
        })
    }

    /// `sqlite` or `postgres`.
    pub fn backend_name(&self) -> &'static str {
        match self.writer.get_database_backend() {
            DbBackend::Sqlite => "sqlite",
            _ => "postgres",
        }
    }

    /// Brings the schema up to date. Of several that do so at once each waits for the one before.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be reached or refuses; then nothing has changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.begin_writing().await.map_err(failed)?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            // Another's migration may take longer than a turn is waited for.
            let lock = format!(
                "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
            );
            transaction
                .execute_unprepared(&lock)
                .await
                .map_err(failed)?;
        }
        Migrator::up(&*transaction, None).await.map_err(failed)?;
        transaction.commit().await.map_err(error::at_commit)
    }

    /// Whether the schema is the one that this version works with; changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be reached, or [`StoreError::Refused`] if a newer
    /// version has migrated it.
    pub async fn schema_is_current(&self) -> Result<bool, StoreError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.reader);
        Ok(pending.await.map_err(failed)?.is_empty())
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let backend = self.reader.get_database_backend();
        let statement = Statement::from_string(backend, "SELECT 1");
        self.reader
            .execute_raw(statement)
            .await
            .map(|_| ())
            .map_err(failed)
    }

    /// Closes every connection, those of its clones too.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if one cannot be closed.
    pub async fn close(self) -> Result<(), StoreError> {
        // The writer last: it alone can tidy up a SQLite database's log.
        self.reader.close().await.map_err(failed)?;
        if let Some(keeper) = &self.keeper {
            keeper.close().await;
        }
        self.writer.close().await.map_err(failed)
    }

    /// A transaction that writes. On SQLite it takes the lock at once: one that reads first and
    /// then writes fails without waiting when another has written in between.
    pub(crate) async fn begin_writing(&self) -> Result<Writing, DbErr> {
        let (sqlite_transaction_mode, turn) = match &self.keeper {
            Some(keeper) => (
                Some(SqliteTransactionMode::Immediate),
                Some(keeper.turn().await?),
            ),
            None => (None, None),
        };
        let transaction = self
            .writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode,
                ..TransactionOptions::default()
            })
            .await?;
        Ok(Writing {
            transaction,
            _turn: turn,
        })
    }
}

/// A transaction that writes, beside no other one of this process on SQLite.
#[derive(Debug)]
pub(crate) struct Writing {
    transaction: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Writing {
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }
}

impl Deref for Writing {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
