//! An organization's turn: a transaction that holds its head.

mod load;
mod set_up;

use accrual_engine::{Changes, Head, Loaded, Needs, OrgId, Session, Store, StoreError};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement};

use crate::{
    SqlStore,
    entity::head,
    error::{at_commit, failed},
    statement,
};

/// A turn; dropped, it is rolled back.
#[derive(Debug)]
struct Turn {
    transaction: DatabaseTransaction,
    head: Head,
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self, org: OrgId) -> Result<Box<dyn Session>, StoreError> {
        let transaction = self.begin_writing().await.map_err(failed)?;
        let backend = transaction.get_database_backend();
        let sql = match backend {
            DbBackend::Sqlite => statement::sqlite::LOCK_HEAD,
            _ => statement::postgres::LOCK_HEAD,
        };
        let statement = Statement::from_sql_and_values(backend, sql, [org.number().into()]);
        let head = head::Model::find_by_statement(statement).one(&transaction);
        let head = head.await.map_err(failed)?;
        let head = head.ok_or(StoreError::OrganizationNotFound(org))?.read()?;
        Ok(Box::new(Turn { transaction, head }))
    }
}

#[async_trait]
impl Session for Turn {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        load::load(&self.transaction, self.head.organization, needs).await
    }

    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        let Self { transaction, head } = *self;
        set_up::keep(&transaction, &head, changes).await?;
        match transaction.get_database_backend() {
            DbBackend::Sqlite => statement::sqlite::keep(&transaction, &head, changes).await?,
            _ => statement::postgres::keep(&transaction, &head, changes).await?,
        }
        transaction.commit().await.map_err(at_commit)
    }
}
