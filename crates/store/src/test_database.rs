//! Databases for tests, of this crate and of those above it.
//!
//! PostgreSQL is tried if `ACCRUAL_TEST_POSTGRES_URL` names a database of a server on which
//! databases may be made. `ACCRUAL_REQUIRE_POSTGRES=1` fails without it.
#![allow(
    clippy::unwrap_used,
    reason = "these are tests, compiled for the tests of other crates"
)]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sea_orm::{ConnectionTrait, Database};

use crate::{SqlStore, StoreOptions};

/// A database of its own, which goes when this is dropped.
#[derive(Debug)]
pub struct TestDatabase(Place);

#[derive(Debug)]
enum Place {
    Sqlite { folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

impl TestDatabase {
    /// Where it is, as [`SqlStore::connect`] takes it.
    pub fn url(&self) -> String {
        match &self.0 {
            Place::Sqlite { folder } => format!("sqlite:{}/test.db", folder.path().display()),
            Place::Postgres { server, name } => in_server(server, name),
        }
    }

    /// Connects, with the schema as it is.
    pub async fn connect(&self) -> SqlStore {
        let options = StoreOptions {
            connections: 8,
            patience: Duration::from_secs(10),
        };
        SqlStore::connect(&self.url(), options).await.unwrap()
    }

    /// Connects, and brings the schema up to date.
    pub async fn store(&self) -> SqlStore {
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
        if let Place::Postgres { server, name } = &self.0 {
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

/// A new one on SQLite, empty.
pub async fn new_sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    TestDatabase(Place::Sqlite { folder })
}

/// A new one on PostgreSQL, empty; says so and is `None` where there is no server to try.
pub async fn new_postgres() -> Option<TestDatabase> {
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
    Some(TestDatabase(Place::Postgres { server, name }))
}

/// Every database there is to try.
pub async fn all() -> Vec<TestDatabase> {
    let mut all = vec![new_sqlite().await];
    all.extend(new_postgres().await);
    all
}

/// A new one on SQLite with the schema, and a store in it.
pub async fn sqlite() -> Option<(SqlStore, TestDatabase)> {
    let database = new_sqlite().await;
    Some((database.store().await, database))
}

/// The same on PostgreSQL, where there is a server to try.
pub async fn postgres() -> Option<(SqlStore, TestDatabase)> {
    let database = new_postgres().await?;
    Some((database.store().await, database))
}
