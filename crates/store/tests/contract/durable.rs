//! What a database adds to the contract: what is kept outlives the process, and processes share it.

use std::{sync::Arc, time::Duration};

use accrual_engine::{Access, NewOrganization, Organization, StoreError, Text, Zone};
use accrual_money::Currency;
use accrual_store::{
    ConnectError, SqlStore, StoreOptions,
    test_database::{self, TestDatabase},
};
use sea_orm::{ConnectionTrait, Database};
use time::macros::datetime;
use tokio::task::JoinSet;

/// Tries a law on every database there is, each new and empty.
async fn on_each(law: impl AsyncFn(TestDatabase)) {
    for database in test_database::all().await {
        law(database).await;
    }
}

async fn create(store: &SqlStore, name: &str) -> Option<Organization> {
    let organization = NewOrganization {
        name: Text::parse(name).unwrap(),
        currency: Currency::USD,
        zone: Zone::utc(),
    };
    let at = datetime!(2025-06-15 12:00 UTC);
    store.create_organization(organization, at).await.unwrap()
}

#[tokio::test]
async fn what_is_kept_is_there_after_a_restart() {
    on_each(async |database| {
        let store = database.store().await;
        let made = create(&store, "The shop").await.unwrap();
        store.close().await.unwrap();

        let again = database.connect().await;
        assert!(again.schema_is_current().await.unwrap());
        assert_eq!(again.organizations().await.unwrap(), [made]);
    })
    .await;
}

#[tokio::test]
async fn a_new_database_has_no_schema_until_it_is_migrated() {
    on_each(async |database| {
        let store = database.connect().await;
        store.ping().await.unwrap();
        assert!(!store.schema_is_current().await.unwrap());
        store.migrate().await.unwrap();
        assert!(store.schema_is_current().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_database_with_another_schema_is_refused_by_the_name_of_that() {
    on_each(async |database| {
        let store = database.store().await;
        let sql = "UPDATE seaql_migrations SET version = 'm0001_first'";
        let connection = Database::connect(database.url()).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
        for answer in [store.migrate().await.err(), store.schema_is_current().await.err()] {
            assert!(
                matches!(&answer, Some(StoreError::Refused { reason }) if reason.contains("m0001_first")),
                "{answer:?}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_migrate_one_after_another() {
    on_each(async |database| {
        let database = Arc::new(database);
        let mut starting = JoinSet::new();
        for _ in 0..4 {
            let database = Arc::clone(&database);
            starting.spawn(async move { database.store().await });
        }
        for store in starting.join_all().await {
            assert!(store.schema_is_current().await.unwrap());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_wanted_by_many_processes_is_given_once() {
    on_each(async |database| {
        database.store().await.close().await.unwrap();
        let database = Arc::new(database);
        let mut processes = JoinSet::new();
        for _ in 0..8 {
            let database = Arc::clone(&database);
            processes.spawn(async move { create(&database.connect().await, "The shop").await });
        }
        let made = processes.join_all().await.into_iter().flatten().count();
        assert_eq!(made, 1);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_said_promptly() {
    let options = StoreOptions {
        connections: 1,
        patience: Duration::from_millis(200),
    };
    // Nothing listens on port 1.
    let away = SqlStore::connect("postgres://nobody@127.0.0.1:1/none", options).await;
    assert!(
        matches!(away, Err(ConnectError::Unreachable(_))),
        "{away:?}"
    );
    let no_folder = SqlStore::connect("sqlite:/nowhere/at/all.db", options).await;
    assert!(
        matches!(no_folder, Err(ConnectError::Unreachable(_))),
        "{no_folder:?}"
    );
    for url in [
        "",
        "mysql://localhost/accrual",
        "sqlite::memory:",
        "sqlite:",
    ] {
        let refused = SqlStore::connect(url, options).await;
        assert!(matches!(refused, Err(ConnectError::Url { .. })), "{url}");
    }
}

#[tokio::test]
async fn a_store_that_is_closed_is_unavailable() {
    on_each(async |database| {
        let store = database.store().await;
        store.clone().close().await.unwrap();
        let answer = store.ping().await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable { .. })),
            "{answer:?}"
        );
    })
    .await;
}
