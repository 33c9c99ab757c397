//! What a query finds, read.

use accrual_engine::StoreError;
use sea_orm::{ConnectionTrait, EntityTrait, Select};

use crate::error::failed;

/// All rows of it.
pub(crate) async fn all<E: EntityTrait, T>(
    connection: &impl ConnectionTrait,
    query: Select<E>,
    read: impl Fn(E::Model) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = query.all(connection).await.map_err(failed)?;
    rows.into_iter().map(read).collect()
}

/// Its first row.
pub(crate) async fn one<E: EntityTrait, T>(
    connection: &impl ConnectionTrait,
    query: Select<E>,
    read: impl FnOnce(E::Model) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let row = query.one(connection).await.map_err(failed)?;
    row.map(read).transpose()
}
