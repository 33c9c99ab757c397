//! The journal.

use accrual_engine::{ConversionId, Entry, OrgId, Sequence, StoreError};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{entity::journal, found};

pub(super) async fn history(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ConversionId,
    after: Sequence,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let query = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::ConversionId.eq(id.number()))
        .filter(journal::Column::Sequence.gt(after.number()))
        .order_by_asc(journal::Column::Sequence)
        .limit(u64::from(limit));
    found::all(reader, query, journal::Model::read).await
}

pub(super) async fn journal(
    reader: &DatabaseConnection,
    org: OrgId,
    after: Sequence,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let query = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::Sequence.gt(after.number()))
        .order_by_asc(journal::Column::Sequence)
        .limit(u64::from(limit));
    found::all(reader, query, journal::Model::read).await
}
