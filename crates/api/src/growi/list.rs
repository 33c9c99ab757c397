//! `GET /affiliate_sales`: what it takes and shows.

mod wanted;

use accrual_commission::StatusKind;
use accrual_engine::{List, Listed, Stage};
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Serialize;

use super::{dollars::Dollars, failure::Failure, sale::Sale};
pub(super) use wanted::{Parameters, StatusFilter, StorePlatform, Wanted};

/// A page of sales.
#[derive(Object, Serialize)]
#[oai(rename = "AffiliateSaleList")]
pub(super) struct SaleList {
    /// The sales, newest first.
    data: Vec<Sale>,
    /// Where the page is.
    meta: Meta,
    /// What all sales of the list come to, whatever the page.
    additional_data: Sums,
}

/// Where a page is.
#[derive(Object, Serialize)]
#[oai(rename = "PageMeta")]
struct Meta {
    /// How many sales the list has.
    row_count: i64,
    /// How many pages.
    page_count: i64,
    /// Which one this is.
    current_page: i64,
}

/// What all sales of a list come to, in major units of the organization's currency. Sales that were
/// cancelled or refunded count as orders, what was given back of them as refunded, and they are in no
/// other sum.
#[derive(Object, Serialize)]
#[oai(rename = "AffiliateSaleTotals")]
struct Sums {
    /// What customers paid.
    total_gmv: Dollars,
    /// What the affiliates earn that the sales are listed under: `paid_commission` and
    /// `unpaid_commission` together.
    total_commission: Dollars,
    /// What of that is of sales whose status is `paid`.
    paid_commission: Dollars,
    /// What of that is of sales that are `unpaid` or `due`.
    unpaid_commission: Dollars,
    /// The tax in what customers paid.
    total_vat: Dollars,
    /// How many sales the list has.
    total_orders: i64,
    /// What was given back to customers, or taken back by their banks.
    total_refunded_amount: Dollars,
    /// How many sales are in no sum, because they are in another currency and no exchange rate came
    /// with them; absent where there is none.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unconverted_orders: Option<i64>,
}

impl SaleList {
    /// `currency` is the organization's.
    pub(super) fn of(list: &List, wanted: &Wanted, currency: Currency) -> Result<Self, Failure> {
        let row_count = list.totals.values().map(|(count, _)| count).sum();
        let page = wanted.page;
        Ok(Self {
            data: list
                .sales
                .iter()
                .map(Sale::listed)
                .collect::<Result<_, _>>()?,
            meta: Meta {
                row_count,
                page_count: pages(row_count, page.limit),
                current_page: wanted.number,
            },
            additional_data: Sums::of(list, row_count, currency)?,
        })
    }
}

fn pages(rows: i64, limit: u32) -> i64 {
    let limit = i64::from(limit).max(1);
    rows / limit + i64::from(rows % limit != 0)
}

impl Sums {
    fn of(list: &List, total_orders: i64, currency: Currency) -> Result<Self, Failure> {
        let sum = |is_meant: fn(Stage) -> bool| {
            let mut meant = list.totals.iter().filter(|(stage, _)| is_meant(**stage));
            meant.try_fold(Listed::default(), |sum, (_, (_, one))| {
                let sum = sum.checked_add(*one, currency);
                sum.map_err(|_| Failure::internal())
            })
        };
        let all = sum(|_| true)?;
        let alive = sum(Stage::is_alive)?;
        let paid = sum(|stage| stage.status == StatusKind::Paid)?;
        let dollars = |minor| Dollars::of(minor, currency);
        Ok(Self {
            total_gmv: dollars(alive.amount),
            total_commission: dollars(alive.commission),
            paid_commission: dollars(paid.commission),
            unpaid_commission: dollars(alive.commission - paid.commission),
            total_vat: dollars(alive.tax),
            total_orders,
            total_refunded_amount: dollars(all.returned),
            unconverted_orders: Some(all.unconverted).filter(|count| *count != 0),
        })
    }
}
