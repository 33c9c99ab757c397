//! Sums that are kept by days, and what is held.

use accrual_attribution::EnrollmentId;
use accrual_engine::{DayKey, DayTally, OrgId, StoreError, Totals, TotalsKey};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, Statement,
};
use time::OffsetDateTime;

use crate::{
    entity::{daily_total, tally},
    error::failed,
    found, value,
};

pub(super) async fn totals(
    reader: &DatabaseConnection,
    org: OrgId,
) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
    let query =
        daily_total::Entity::find().filter(daily_total::Column::OrganizationId.eq(org.number()));
    let mut totals = found::all(reader, query, daily_total::Model::read).await?;
    totals.sort_by_key(|(key, _)| *key);
    Ok(totals)
}

pub(super) async fn tallies(
    reader: &DatabaseConnection,
    org: OrgId,
    enrollment: EnrollmentId,
) -> Result<Vec<(DayKey, DayTally)>, StoreError> {
    let query = tally::Entity::find()
        .filter(tally::Column::OrganizationId.eq(org.number()))
        .filter(tally::Column::EnrollmentId.eq(enrollment.number()));
    let mut tallies = found::all(reader, query, tally::Model::read).await?;
    tallies.sort_by_key(|(key, _)| *key);
    Ok(tallies)
}

#[derive(FromQueryResult)]
struct Held {
    until_us: i64,
}

/// By the index of what is held.
const NEXT_DUE: &str = "SELECT until_us FROM commissions \
    WHERE organization_id = $1 AND status = 'pending' AND until_us IS NOT NULL \
    ORDER BY until_us LIMIT 1";

pub(super) async fn next_due(
    reader: &DatabaseConnection,
    org: OrgId,
) -> Result<Option<OffsetDateTime>, StoreError> {
    let backend = reader.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, NEXT_DUE, [org.number().into()]);
    let held = Held::find_by_statement(statement).one(reader).await;
    let held = held.map_err(failed)?;
    held.map(|held| value::at(held.until_us)).transpose()
}
