//! Growi's list of sales: every row of it, and what its `additional_data` says.

use std::collections::BTreeMap;

use anyhow::Result;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;

use super::{
    expectation::{Due, commission},
    way::Way,
};
use crate::http::Client;

/// The most that a page has.
const ROWS_A_PAGE: u64 = 100;

/// The commission is not paid yet.
const UNPAID: &str = "unpaid";

/// The sale was cancelled.
pub(super) const CANCELED: &str = "canceled";

/// A list of sales.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// How many sales the first page says there are.
    pub(super) row_count: u64,
    /// How many rows all pages have.
    pub(super) rows_read: u64,
    /// By reference.
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) sums: ListSums,
}

/// A row; the total of a cancelled sale is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) status: String,
    pub(super) total: Decimal,
    pub(super) commission: Decimal,
}

/// What all sales of a list come to, in major units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct ListSums {
    #[serde(rename = "total_orders")]
    pub(super) orders: u64,
    #[serde(rename = "total_gmv", deserialize_with = "exact")]
    pub(super) gmv: Decimal,
    #[serde(rename = "total_commission", deserialize_with = "exact")]
    pub(super) commission: Decimal,
    #[serde(rename = "paid_commission", deserialize_with = "exact")]
    pub(super) paid: Decimal,
    #[serde(rename = "unpaid_commission", deserialize_with = "exact")]
    pub(super) unpaid: Decimal,
    #[serde(rename = "total_vat", deserialize_with = "exact")]
    pub(super) vat: Decimal,
    #[serde(rename = "total_refunded_amount", deserialize_with = "exact")]
    pub(super) refunded: Decimal,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Shown>,
    meta: Meta,
    additional_data: ListSums,
}

#[derive(Deserialize)]
struct Meta {
    row_count: u64,
    page_count: u64,
}

#[derive(Deserialize)]
struct Shown {
    external_id: String,
    status: String,
    total: i64,
    commission: i64,
}

impl Listed {
    /// Every page of the sales of `program`, in a currency with so many `digits`.
    ///
    /// # Errors
    /// If the server refuses, or answers in another shape.
    pub(super) fn read(client: &Client, program: i64, digits: u32) -> Result<Self> {
        let mut listed = Self::default();
        let mut number = 1;
        loop {
            let query = format!("page={number}&per_page={ROWS_A_PAGE}&campaign_id={program}");
            let page: Page = client.list_of_growi(&query)?;
            for shown in page.data {
                let (reference, row) = shown.row(digits);
                listed.rows.insert(reference, row);
                listed.rows_read += 1;
            }
            if number == 1 {
                listed.row_count = page.meta.row_count;
                listed.sums = page.additional_data;
            }
            if number >= page.meta.page_count {
                return Ok(listed);
            }
            number += 1;
        }
    }

    /// Adds a sale as it must be listed.
    pub(super) fn add(&mut self, reference: &str, due: &Due, way: Way, digits: u32) {
        let is_undone = due.refunded == due.total;
        let (total, refunded) = way.kept(due);
        let earned = commission(due.total - due.refunded, digits);
        self.row_count += 1;
        self.rows_read += 1;
        self.sums.orders += 1;
        self.sums.refunded += refunded;
        if !is_undone {
            self.sums.gmv += total;
            self.sums.commission += earned;
            self.sums.unpaid += earned;
        }
        let status = if is_undone { way.undone_word() } else { UNPAID };
        let row = Row {
            status: status.to_owned(),
            total,
            commission: earned,
        };
        self.rows.insert(reference.to_owned(), row);
    }
}

impl Shown {
    fn row(self, digits: u32) -> (String, Row) {
        let total = match self.status.as_str() {
            CANCELED => Decimal::ZERO,
            _ => Decimal::new(self.total, digits),
        };
        let row = Row {
            status: self.status,
            total,
            commission: Decimal::new(self.commission, digits),
        };
        (self.external_id, row)
    }
}

/// A number by its text: a float would not be the same number.
fn exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let number: Box<RawValue> = Deserialize::deserialize(deserializer)?;
    Decimal::from_str_exact(number.get()).map_err(Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_to_the_last_digit() {
        let sums: ListSums = serde_json::from_str(
            r#"{"total_gmv":90071992547409.93,"total_commission":0.10,"paid_commission":0.00,
                "unpaid_commission":0.10,"total_vat":0.00,"total_orders":2,
                "total_refunded_amount":1.00}"#,
        )
        .unwrap();
        assert_eq!(sums.gmv.to_string(), "90071992547409.93");
        assert_eq!((sums.orders, sums.unpaid), (2, Decimal::new(10, 2)));
    }

    #[test]
    fn the_total_of_a_cancelled_sale_is_left_out() {
        let row = |status: &str| {
            let shown = format!(
                r#"{{"external_id":"1","status":"{status}","total":1000,"commission":50}}"#
            );
            let shown: Shown = serde_json::from_str(&shown).unwrap();
            shown.row(2).1
        };
        assert_eq!(row("unpaid").total, Decimal::new(1000, 2));
        assert_eq!(row(CANCELED).total, Decimal::ZERO);
        assert_eq!(row(CANCELED).commission, Decimal::new(50, 2));
    }

    #[test]
    fn what_is_undone_counts_as_an_order_alone() {
        let due = |refunded| Due {
            tag: "replay-00".to_owned(),
            total: Decimal::new(1000, 2),
            refunded: Decimal::new(refunded, 2),
        };
        for (way, gmv, refunded) in [(Way::Refunds, 1000, 1400), (Way::Updates, 600, 0)] {
            let mut listed = Listed::default();
            listed.add("1", &due(1000), way, 2);
            listed.add("2", &due(400), way, 2);
            assert_eq!(listed.sums.orders, 2);
            assert_eq!(listed.sums.gmv, Decimal::new(gmv, 2));
            assert_eq!(listed.sums.refunded, Decimal::new(refunded, 2));
            assert_eq!(listed.sums.unpaid, Decimal::new(30, 2));
        }
    }
}
