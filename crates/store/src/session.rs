//! An organization's turn.
//!
//! Where this process does not know the organization's head, a turn is a transaction that holds the
//! head's row. Otherwise it begins with the head that this process left, and takes the row only when
//! it keeps its changes, at once with them: whether nobody else had a turn in between is then known,
//! and if somebody had, nothing is kept. That spares most turns three of five round trips.

mod grown;
mod load;
mod set_up;

use accrual_engine::{Changes, Head, Loaded, Needs, OrgId, Session, Store, StoreError};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement};

use crate::{
    SqlStore,
    entity::head,
    error::{at_commit, corrupt, failed},
    sql_store::Writing,
    statement,
};

/// A turn; dropped, it keeps nothing.
#[derive(Debug)]
struct Turn {
    store: SqlStore,
    head: Head,
    hold: Hold,
}

/// How a turn has its organization.
#[derive(Debug)]
enum Hold {
    /// The head's row is locked in this transaction.
    Locked(Writing),
    /// The head is the one that this process left; it is confirmed at the end.
    Remembered(DatabaseConnection),
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self, org: OrgId) -> Result<Box<dyn Session>, StoreError> {
        let store = self.clone();
        let turn = match self.heads.take(org) {
            Some(head) => Turn {
                hold: Hold::Remembered(self.writer.clone()),
                store,
                head,
            },
            None => {
                self.words.forget(org);
                let (transaction, head) = lock(self, org).await?;
                Turn {
                    hold: Hold::Locked(transaction),
                    store,
                    head,
                }
            }
        };
        Ok(Box::new(turn))
    }

    async fn look(&self, org: OrgId, needs: &Needs) -> Result<Loaded, StoreError> {
        load::load(&self.reader, org, needs).await
    }
}

async fn lock(store: &SqlStore, org: OrgId) -> Result<(Writing, Head), StoreError> {
    let transaction = store.begin_writing().await.map_err(failed)?;
    let sql = match transaction.get_database_backend() {
        // The transaction has the lock already.
        DbBackend::Sqlite => statement::head::READ,
        _ => statement::postgres::LOCK_HEAD,
    };
    let head = read_head(&*transaction, sql, org).await?;
    Ok((transaction, head))
}

async fn read_head(
    connection: &impl ConnectionTrait,
    sql: &str,
    org: OrgId,
) -> Result<Head, StoreError> {
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [org.number().into()]);
    let head = head::Model::find_by_statement(statement).one(connection);
    let head = head.await.map_err(failed)?;
    head.ok_or(StoreError::OrganizationNotFound(org))?.read()
}

#[async_trait]
impl Session for Turn {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        let org = self.head.organization;
        match &self.hold {
            Hold::Locked(transaction) => load::load(&**transaction, org, needs).await,
            Hold::Remembered(connection) => load::load(connection, org, needs).await,
        }
    }

    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        let Self { store, head, hold } = *self;
        let org = head.organization;
        match hold {
            // The row was held until here: what was read is what there is.
            Hold::Locked(_) if changes.is_empty() => {}
            Hold::Locked(transaction) => keep(transaction, &head, changes).await?,
            Hold::Remembered(connection) if changes.is_empty() => {
                let now = read_head(&connection, statement::head::READ, org).await?;
                is_same(&now, &head)?;
            }
            Hold::Remembered(_) if set_up::is_needed(changes) => {
                let (transaction, now) = lock(&store, org).await?;
                is_same(&now, &head)?;
                keep(transaction, &head, changes).await?;
            }
            Hold::Remembered(connection) => {
                let moved = match &store.keeper {
                    Some(keeper) => keeper.keep(&head, changes, &store.words).await?,
                    None => {
                        statement::postgres::keep(&connection, &head, changes, &store.words).await?
                    }
                };
                if !moved {
                    return Err(StoreError::Overtaken);
                }
            }
        }
        grown::tell_planner(&store, &head, &changes.head);
        store.heads.put(changes.head.clone());
        Ok(())
    }
}

fn is_same(now: &Head, head: &Head) -> Result<(), StoreError> {
    if now == head {
        Ok(())
    } else {
        Err(StoreError::Overtaken)
    }
}

async fn keep(transaction: Writing, before: &Head, changes: &Changes) -> Result<(), StoreError> {
    set_up::keep(&transaction, before, changes).await?;
    let moved = match transaction.get_database_backend() {
        DbBackend::Sqlite => statement::sqlite::keep(&transaction, before, changes).await?,
        _ => statement::postgres::keep_within(&transaction, before, changes).await?,
    };
    if !moved {
        return Err(corrupt(
            "an organization has moved on although its row was locked",
        ));
    }
    transaction.commit().await.map_err(at_commit)
}
