//! Journal, transfers, balances and totals.

use accrual_attribution::AffiliateId;
use accrual_commission::AccountKind;
use accrual_engine::{
    ConversionId, Entry, OrgId, Posting, Sequence, StoreError, Totals, TotalsKey,
};
use accrual_money::Money;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};

use crate::{
    entity::{daily_total, journal, transfer},
    error::failed,
    value,
};

pub(super) async fn history(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ConversionId,
) -> Result<Vec<Entry>, StoreError> {
    let rows = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::ConversionId.eq(id.number()))
        .order_by_asc(journal::Column::Sequence)
        .all(reader)
        .await
        .map_err(failed)?;
    rows.into_iter().map(journal::Model::read).collect()
}

pub(super) async fn journal(
    reader: &DatabaseConnection,
    org: OrgId,
    after: Sequence,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let rows = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::Sequence.gt(after.number()))
        .order_by_asc(journal::Column::Sequence)
        .limit(u64::from(limit))
        .all(reader)
        .await
        .map_err(failed)?;
    rows.into_iter().map(journal::Model::read).collect()
}

pub(super) async fn transfers(
    reader: &DatabaseConnection,
    org: OrgId,
    affiliate: AffiliateId,
    (sequence, position): (Sequence, u16),
    limit: u32,
) -> Result<Vec<Posting>, StoreError> {
    use transfer::Column as C;
    let in_entry = Condition::all()
        .add(C::Sequence.eq(sequence.number()))
        .add(C::Position.gt(i64::from(position)));
    let rows = transfer::Entity::find()
        .filter(C::OrganizationId.eq(org.number()))
        .filter(C::AffiliateId.eq(affiliate.number()))
        // The first condition is what the index is entered by.
        .filter(C::Sequence.gte(sequence.number()))
        .filter(
            Condition::any()
                .add(C::Sequence.gt(sequence.number()))
                .add(in_entry),
        )
        .order_by_asc(C::Sequence)
        .order_by_asc(C::Position)
        .limit(u64::from(limit))
        .all(reader)
        .await
        .map_err(failed)?;
    rows.into_iter().map(transfer::Model::read).collect()
}

#[derive(FromQueryResult)]
struct Balance {
    account: String,
    currency: String,
    minor: i64,
}

/// What came less what went, by account and currency. A sum of BIGINT is NUMERIC on PostgreSQL.
const BALANCES: &str = "SELECT account, currency, CAST(SUM(minor) AS BIGINT) AS minor FROM (\
     SELECT to_account AS account, currency, amount_minor AS minor FROM transfers \
     WHERE organization_id = $1 AND affiliate_id = $2 \
     UNION ALL \
     SELECT from_account, currency, -amount_minor FROM transfers \
     WHERE organization_id = $1 AND affiliate_id = $2) moved \
     WHERE account <> 'expense' GROUP BY account, currency";

pub(super) async fn balances(
    reader: &DatabaseConnection,
    org: OrgId,
    affiliate: AffiliateId,
) -> Result<Vec<(AccountKind, Money)>, StoreError> {
    let values = [org.number().into(), affiliate.number().into()];
    let backend = reader.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, BALANCES, values);
    let rows = Balance::find_by_statement(statement).all(reader).await;
    let mut balances = rows
        .map_err(failed)?
        .into_iter()
        .map(|row| {
            let kind = value::parse_account_kind(&row.account)?;
            Ok((kind, value::money(row.minor, &row.currency)?))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    balances.sort_by_key(|(kind, amount)| (*kind, amount.currency()));
    Ok(balances)
}

pub(super) async fn totals(
    reader: &DatabaseConnection,
    org: OrgId,
) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
    let rows = daily_total::Entity::find()
        .filter(daily_total::Column::OrganizationId.eq(org.number()))
        .all(reader)
        .await
        .map_err(failed)?;
    let totals = rows.into_iter().map(daily_total::Model::read);
    let mut totals = totals.collect::<Result<Vec<_>, _>>()?;
    totals.sort_by_key(|(key, _)| *key);
    Ok(totals)
}
