//! Totals: sums a day, program, currency and status.

use std::collections::BTreeMap;

use accrual_attribution::ProgramId;
use accrual_commission::StatusKind;
use accrual_engine::{Totals, TotalsKey};
use accrual_money::Currency;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use time::Date;

use super::{Key, Shared, Topic, problem::Problem, view::decimal, word::StatusWord};
use crate::wire::{Reply, Word};

/// The operations on totals.
pub(crate) struct TotalsApi;

/// What one day's conversions of one program, currency and status came to. Commissions that are not
/// in the currency of the sale are in a row of their own.
#[derive(Object, Serialize)]
#[oai(rename = "DailyTotals")]
struct DailyTotalsView {
    /// The day on which the sales took place in the organization's time zone, such as `2026-01-31`.
    day: String,
    /// The program whose terms they fell under.
    program_id: i64,
    /// ISO 4217 code.
    currency: String,
    /// What has become of their commissions.
    status: StatusWord,
    /// How many there were.
    conversions: i64,
    /// What the customers paid, before anything was given back.
    amount: String,
    /// What of it the customers were given back.
    refunded: String,
    /// What of it the customers' banks took back.
    charged_back: String,
    /// What the affiliates earn.
    commission: String,
}

/// Every day's totals.
#[derive(Object, Serialize)]
struct TotalsList {
    /// The totals, oldest day first.
    data: Vec<DailyTotalsView>,
}

/// Totals.
#[derive(ApiResponse)]
enum TotalsFound {
    /// The totals, oldest day first.
    #[oai(status = 200)]
    Found(Reply<TotalsList>),
}

#[OpenApi(tag = "Topic::Totals")]
impl TotalsApi {
    /// List the daily totals
    ///
    /// They are kept in the same transaction as the conversions that they count.
    #[oai(path = "/totals", method = "get", operation_id = "listTotals")]
    async fn list_totals(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
    ) -> Result<TotalsFound, Problem> {
        let totals = context.reports.totals(caller.organization).await?;
        let rows = by_status(totals)?;
        let data = rows.iter().map(DailyTotalsView::of).collect();
        Ok(TotalsFound::Found(Reply(TotalsList { data })))
    }
}

/// What a row is of.
type RowKey = (Date, ProgramId, Currency, StatusKind);

/// Those of one status are one row, wherever they were made, and of those that are payable whether
/// that had to be waited for or not; what has moved on to another status leaves nothing behind.
fn by_status(totals: Vec<(TotalsKey, Totals)>) -> Result<BTreeMap<RowKey, Totals>, Problem> {
    let mut rows = BTreeMap::new();
    for (key, totals) in totals {
        let currency = key.currency;
        let row = (key.day, key.program, currency, key.stage.status);
        let sum = rows.entry(row).or_insert(Totals::zero(currency));
        *sum = sum.checked_add(totals).map_err(|_| Problem::internal())?;
    }
    rows.retain(|(_, _, currency, _), totals| *totals != Totals::zero(*currency));
    Ok(rows)
}

impl DailyTotalsView {
    fn of((key, totals): (&RowKey, &Totals)) -> Self {
        let (day, program, currency, status) = key;
        Self {
            day: day.to_string(),
            program_id: program.number(),
            currency: currency.code().to_owned(),
            status: StatusWord::of(*status),
            conversions: totals.conversions,
            amount: decimal(totals.amount),
            refunded: decimal(totals.refunded),
            charged_back: decimal(totals.charged_back),
            commission: decimal(totals.commission),
        }
    }
}
