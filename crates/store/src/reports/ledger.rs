//! Transfers, and the balances that are their sums.

use std::ops::Range;

use accrual_attribution::AffiliateId;
use accrual_commission::AccountKind;
use accrual_engine::{OrgId, Posting, Sequence, StoreError};
use accrual_money::Money;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use time::OffsetDateTime;

use crate::{entity::transfer, error::failed, found, value};

pub(super) async fn transfers(
    reader: &DatabaseConnection,
    org: OrgId,
    affiliate: AffiliateId,
    during: Option<Range<OffsetDateTime>>,
    (sequence, position): (Sequence, u16),
    limit: u32,
) -> Result<Vec<Posting>, StoreError> {
    use transfer::Column as C;
    let in_entry = Condition::all()
        .add(C::Sequence.eq(sequence.number()))
        .add(C::Position.gt(i64::from(position)));
    let mut query = transfer::Entity::find()
        .filter(C::OrganizationId.eq(org.number()))
        .filter(C::AffiliateId.eq(affiliate.number()))
        // The first condition is what the index is entered by.
        .filter(C::Sequence.gte(sequence.number()))
        .filter(
            Condition::any()
                .add(C::Sequence.gt(sequence.number()))
                .add(in_entry),
        );
    if let Some(Range { start, end }) = during {
        query = query
            .filter(C::AtUs.gte(value::micros_from(start)))
            .filter(C::AtUs.lt(value::micros_from(end)));
    }
    let query = query
        .order_by_asc(C::Sequence)
        .order_by_asc(C::Position)
        .limit(u64::from(limit));
    found::all(reader, query, transfer::Model::read).await
}

#[derive(FromQueryResult)]
struct Balance {
    account: String,
    currency: String,
    minor: i64,
}

/// What came less what went before a time, by account and currency. A sum of BIGINT is NUMERIC on
/// PostgreSQL.
const BALANCES: &str = "SELECT account, currency, CAST(SUM(minor) AS BIGINT) AS minor FROM (\
     SELECT to_account AS account, currency, amount_minor AS minor FROM transfers \
     WHERE organization_id = $1 AND affiliate_id = $2 AND at_us < $3 \
     UNION ALL \
     SELECT from_account, currency, -amount_minor FROM transfers \
     WHERE organization_id = $1 AND affiliate_id = $2 AND at_us < $3) moved \
     WHERE account <> 'expense' GROUP BY account, currency";

pub(super) async fn balances(
    reader: &DatabaseConnection,
    org: OrgId,
    affiliate: AffiliateId,
    before: Option<OffsetDateTime>,
) -> Result<Vec<(AccountKind, Money)>, StoreError> {
    // No time has so many microseconds.
    let before = before.map_or(i64::MAX, value::micros_from);
    let values = [
        org.number().into(),
        affiliate.number().into(),
        before.into(),
    ];
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
