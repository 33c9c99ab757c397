//! Sums: of enrollments' days, and of what affiliates can be paid.

use std::collections::BTreeSet;

use accrual_attribution::AffiliateId;
use accrual_engine::{DayTally, OrgId, Span, StoreError};
use accrual_money::{Currency, Money};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::{
    error::failed,
    statement::{
        self,
        list::{self, Cell},
    },
    value,
};

#[derive(FromQueryResult)]
struct Tally {
    sold: i64,
    base_minor: i64,
    earned_minor: i64,
}

#[derive(FromQueryResult)]
struct Payable {
    minor: i64,
}

/// The sum of each, that of nothing included.
pub(super) async fn tallies(
    connection: &impl ConnectionTrait,
    org: OrgId,
    spans: &BTreeSet<Span>,
) -> Result<Vec<(Span, DayTally)>, StoreError> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => statement::sqlite::TALLIES,
        _ => statement::postgres::TALLIES,
    };
    let mut values = vec![org.number().into()];
    values.extend(rows_of_spans(backend, spans)?);
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let sums = Tally::find_by_statement(statement).all(connection).await;
    let sums = spans.iter().zip(sums.map_err(failed)?);
    let sums = sums.map(|(span, sum)| {
        let tally = DayTally {
            conversions: sum.sold,
            base: Money::from_minor(sum.base_minor, span.currency),
            earned: Money::from_minor(sum.earned_minor, span.currency),
        };
        (*span, tally)
    });
    Ok(sums.collect())
}

/// The same for accounts.
pub(super) async fn payable(
    connection: &impl ConnectionTrait,
    org: OrgId,
    accounts: &BTreeSet<(AffiliateId, Currency)>,
) -> Result<Vec<(AffiliateId, Money)>, StoreError> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => statement::sqlite::PAYABLE,
        _ => statement::postgres::PAYABLE,
    };
    let wanted = accounts.iter().map(|(affiliate, currency)| {
        [
            Cell::Number(affiliate.number()),
            Cell::Text(currency.code()),
        ]
    });
    let mut values = vec![org.number().into()];
    values.extend(list::rows(backend, wanted));
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let sums = Payable::find_by_statement(statement).all(connection).await;
    let sums = accounts.iter().zip(sums.map_err(failed)?);
    let sums = sums
        .map(|((affiliate, currency), sum)| (*affiliate, Money::from_minor(sum.minor, *currency)));
    Ok(sums.collect())
}

/// Spans, as the statements of [`tallies`] and of conversions in them take them.
pub(super) fn rows_of_spans(
    backend: DbBackend,
    spans: &BTreeSet<Span>,
) -> Result<Vec<Value>, StoreError> {
    let mut days = Vec::with_capacity(spans.len());
    for span in spans {
        days.push((value::day(span.first)?, value::day(span.last)?));
    }
    let rows = spans.iter().zip(&days).map(|(span, (first, last))| {
        [
            Cell::Number(span.enrollment.number()),
            Cell::Text(span.currency.code()),
            Cell::Text(first),
            Cell::Text(last),
        ]
    });
    Ok(list::rows(backend, rows))
}
