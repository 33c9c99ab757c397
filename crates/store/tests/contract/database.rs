//! Databases for one test each.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use accrual_store::{SqlStore, StoreOptions};
use sea_orm::{ConnectionTrait, Database};

/// A database that goes when its test ends.
pub(crate) enum TestDatabase {
    Sqlite { folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

impl TestDatabase {
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite:{}/test.db", folder.path().display()),
            Self::Postgres { server, name } => in_server(server, name),
        }
    }

    /// Connects, with the schema as it is.
    pub(crate) async fn connect(&self) -> SqlStore {
        let options = StoreOptions {
            connections: 8,
            patience: Duration::from_secs(10),
        };
        SqlStore::connect(&self.url(), options).await.unwrap()
    }

    /// Connects, and brings the schema up to date.
    pub(crate) async fn store(&self) -> SqlStore {
        let store = self.connect().await;
        store.migrate().await.unwrap();
        store
    }
}

/// The same server, another database: what stands behind the last slash, before any parameters.
fn in_server(server: &str, name: &str) -> String {
    let (path, parameters) = match server.split_once('?') {
        Some((path, parameters)) => (path, format!("?{parameters}")),
        None => (server, String::new()),
    };
    let (server, _) = path.rsplit_once('/').unwrap();
    format!("{server}/{name}{parameters}")
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            let (server, name) = (server.clone(), name.clone());
            // A runtime of its own: a test's cannot wait while it drops.
            let dropping = std::thread::spawn(move || {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                runtime.enable_all().build().unwrap().block_on(async {
                    let server = Database::connect(server).await.unwrap();
                    let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                    server.execute_unprepared(&sql).await.unwrap();
                });
            });
            dropping.join().unwrap();
        }
    }
}

pub(crate) async fn new_sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    TestDatabase::Sqlite { folder }
}

pub(crate) async fn new_postgres() -> Option<TestDatabase> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("ACCRUAL_TEST_POSTGRES_URL") else {
        let required = std::env::var("ACCRUAL_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!required, "ACCRUAL_TEST_POSTGRES_URL is not set");
        println!("skipped on PostgreSQL: ACCRUAL_TEST_POSTGRES_URL is not set");
        return None;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let (process, nanos) = (std::process::id(), since.as_nanos());
    let name = format!("accrual_test_{process}_{nanos}_{number}");
    let connection = Database::connect(&server).await.unwrap();
    let sql = format!("CREATE DATABASE {name}");
    connection.execute_unprepared(&sql).await.unwrap();
    Some(TestDatabase::Postgres { server, name })
}

/// Every database there is to try.
pub(crate) async fn all() -> Vec<TestDatabase> {
    let mut all = vec![new_sqlite().await];
    all.extend(new_postgres().await);
    all
}

pub(crate) async fn sqlite() -> Option<(SqlStore, TestDatabase)> {
    let database = new_sqlite().await;
    Some((database.store().await, database))
}

pub(crate) async fn postgres() -> Option<(SqlStore, TestDatabase)> {
    let database = new_postgres().await?;
    Some((database.store().await, database))
}
