//! What a file of orders has: sales, and what was given back of them.

mod file;

use anyhow::{Context, Result, bail};
use rust_decimal::Decimal;

/// A file of orders, read.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Of every kind.
    pub(super) rows: u64,
    /// In the order of the file: the refunds of a cancellation in that of its lines.
    pub(super) events: Vec<Event>,
    /// That undo sales, in whole or in part.
    pub(super) cancellations: u64,
    /// That belong to no customer: not sent.
    pub(super) adjustments: u64,
    /// Items that were returned, and that the file matches with no sale: not sent.
    pub(super) unmatched_items: u64,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Sale(Order),
    Refund(Refund),
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) reference: String,
    /// ISO 8601 without a zone: taken as UTC.
    pub(super) occurred_at: String,
    /// The shop's own id; none if the customer is unknown.
    pub(super) customer: Option<String>,
    /// ISO 4217 code.
    pub(super) currency: String,
    /// In major units, as exact as the file has it.
    pub(super) total: Decimal,
}

/// What one line of a cancellation gives back of one sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refund {
    /// The cancellation, the line and the entry in it, the latter two counted from 1: `C536506/1/2`.
    pub(super) key: String,
    /// The cancellation's own id.
    pub(super) document: String,
    /// The sale's.
    pub(super) reference: String,
    /// The items that came back at the price of the line: in the sale's currency, in major units,
    /// as exact as the file has it.
    pub(super) amount: Decimal,
}

impl Order {
    /// The day on which it took place, such as `2010-12-01`.
    pub(super) fn day(&self) -> &str {
        self.occurred_at.get(..10).unwrap_or(&self.occurred_at)
    }
}

impl Orders {
    /// The sales, in the order of the file.
    pub(super) fn sales(&self) -> impl Iterator<Item = &Order> {
        self.events.iter().filter_map(|event| match event {
            Event::Sale(order) => Some(order),
            Event::Refund(_) => None,
        })
    }

    /// The refunds, in the order of the file.
    pub(super) fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.events.iter().filter_map(|event| match event {
            Event::Sale(_) => None,
            Event::Refund(refund) => Some(refund),
        })
    }

    /// The currency of all sales.
    ///
    /// # Errors
    /// If there are several.
    pub(super) fn currency(&self) -> Result<&str> {
        let first = self.sales().next().context("there is not one sale")?;
        for order in self.sales() {
            if order.currency != first.currency {
                let (one, other) = (&first.currency, &order.currency);
                bail!("there are sales in {one} and in {other}: sums would mean nothing");
            }
        }
        Ok(&first.currency)
    }
}
