//! Reading in several statements as of one moment.

use accrual_engine::StoreError;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    TransactionTrait,
};

use crate::error::failed;

/// What is read in it is of the same moment. It has nothing to commit: dropped, it ends behind the
/// answer.
pub(super) async fn snapshot(
    reader: &DatabaseConnection,
) -> Result<DatabaseTransaction, StoreError> {
    let transaction = match reader.get_database_backend() {
        DbBackend::Sqlite => reader.begin().await,
        _ => {
            let level = Some(IsolationLevel::RepeatableRead);
            let mode = Some(AccessMode::ReadOnly);
            reader.begin_with_config(level, mode).await
        }
    };
    transaction.map_err(failed)
}
