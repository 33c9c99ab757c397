//! What a server keeps of what was sent: read back by our own API.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    expectation::{Due, Expectation, Moved, Sums},
    head::Head,
    listed::Listed,
    roster::Roster,
};
use crate::{
    http::Client,
    shown::{self, Conversion},
};

/// What has become of a commission whose sale was refunded in full.
const REFUNDED: &str = "refunded";

/// What has become of a commission whose sale was cancelled.
const CANCELLED: &str = "cancelled";

/// The account that commissions come from and go back to.
const EXPENSE: &str = "expense";

/// Everything that sales and refunds change. Two of these are equal if nothing has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The oldest first.
    pub(super) sales: Vec<Sale>,
    /// Each conversion as the server writes it, with the times at which it was recorded.
    pub(super) texts: Vec<String>,
    /// What each affiliate has earned, by tag.
    pub(super) balances: BTreeMap<String, Decimal>,
    /// The sums of each affiliate's transfers, by tag.
    pub(super) moved: BTreeMap<String, Moved>,
    /// By day.
    pub(super) days: BTreeMap<String, Sums>,
    /// By Growi's list.
    pub(super) listed: Listed,
    /// Where the journal stands, if that can be seen.
    pub(super) head: Option<Head>,
}

/// A sale that is kept, with what it earns; one that is cancelled, as one of nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sale {
    pub(super) reference: String,
    /// None if there is no affiliate of ours, or several.
    pub(super) tag: Option<String>,
    pub(super) total: Decimal,
    pub(super) refunded: Decimal,
    pub(super) commission: Decimal,
    /// Whether the commission's status says that nothing is left of the sale.
    pub(super) is_undone: bool,
}

#[derive(Debug, Deserialize)]
struct Transfer {
    from: String,
    to: String,
    amount: Decimal,
}

#[derive(Debug, Deserialize)]
struct Totals {
    data: Vec<DayTotals>,
}

#[derive(Debug, Deserialize)]
struct DayTotals {
    day: String,
    program_id: i64,
    status: String,
    conversions: u64,
    amount: Decimal,
    refunded: Decimal,
    commission: Decimal,
}

impl Kept {
    /// Everything of the roster's program, in a currency with so many `digits`.
    ///
    /// # Errors
    /// If the server refuses, or answers in another shape.
    pub(super) fn read(client: &Client, roster: &Roster, digits: u32) -> Result<Self> {
        let mut kept = Self {
            listed: Listed::read(client, roster.program, digits)?,
            ..Self::default()
        };
        let texts: Vec<Box<RawValue>> = client.list("/conversions", 0)?;
        for text in texts {
            let conversion: Conversion = serde_json::from_str(text.get())?;
            let mut commissions = conversion.commissions.iter();
            if commissions.any(|commission| commission.program_id == roster.program) {
                kept.sales.push(Sale::of(&conversion, roster)?);
                kept.texts.push(text.get().to_owned());
            }
        }
        for (tag, affiliate) in &roster.affiliates {
            let balance = shown::balance(client, *affiliate)?;
            kept.balances.insert(tag.clone(), balance);
            kept.moved.insert(tag.clone(), moved(client, *affiliate)?);
        }
        let totals: Totals = client.get("/totals")?;
        let ours = totals.data.into_iter();
        for totals in ours.filter(|totals| totals.program_id == roster.program) {
            *kept.days.entry(totals.day.clone()).or_default() += totals.sums();
        }
        Ok(kept)
    }

    /// Of all conversions.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for sale in &self.sales {
            sums += Sums {
                count: 1,
                undone: u64::from(sale.is_undone),
                total: sale.total,
                refunded: sale.refunded,
                commission: sale.commission,
            };
        }
        sums
    }

    /// Of all days.
    pub(super) fn sums_of_days(&self) -> Sums {
        self.days.values().copied().sum()
    }

    /// What all affiliates have earned.
    pub(super) fn sum_of_balances(&self) -> Decimal {
        self.balances.values().sum()
    }

    /// What was moved to all affiliates, and what back.
    pub(super) fn sum_of_transfers(&self) -> Moved {
        self.moved.values().copied().sum()
    }
}

impl DayTotals {
    /// What cancelled sales came to is left out.
    fn sums(&self) -> Sums {
        Sums {
            count: self.conversions,
            undone: if is_undone(&self.status) {
                self.conversions
            } else {
                0
            },
            total: as_kept(&self.status, self.amount),
            refunded: self.refunded,
            commission: self.commission,
        }
    }
}

/// Whether nothing is left of a sale whose commission has this status.
fn is_undone(status: &str) -> bool {
    [REFUNDED, CANCELLED].contains(&status)
}

/// What sales came to, which is nothing where they are cancelled.
fn as_kept(status: &str, amount: Decimal) -> Decimal {
    if status == CANCELLED {
        return Decimal::ZERO;
    }
    amount
}

/// The sums of an affiliate's transfers.
fn moved(client: &Client, affiliate: i64) -> Result<Moved> {
    let path = format!("/affiliates/{affiliate}/transfers");
    let transfers: Vec<Transfer> = client.list(&path, "0.0")?;
    let mut moved = Moved::default();
    for transfer in transfers {
        if transfer.from == EXPENSE {
            moved.earned += transfer.amount;
        }
        if transfer.to == EXPENSE {
            moved.taken_back += transfer.amount;
        }
    }
    Ok(moved)
}

impl Sale {
    /// As it must be kept.
    pub(super) fn due(reference: &str, due: &Due, expected: &Expectation) -> Self {
        let (total, refunded) = expected.way.kept(due);
        Self {
            reference: reference.to_owned(),
            tag: Some(due.tag.clone()),
            total,
            refunded,
            commission: due.commission(due.refunded, expected.digits),
            is_undone: due.refunded == due.total,
        }
    }

    fn of(conversion: &Conversion, roster: &Roster) -> Result<Self> {
        let reference = conversion.reference.clone();
        let total = conversion
            .total
            .with_context(|| format!("conversion {reference} is kept without a total"))?;
        let commissions = conversion.commissions.as_slice();
        let tag = match commissions {
            [one] => roster
                .affiliates
                .iter()
                .find(|(_, affiliate)| **affiliate == one.affiliate_id)
                .map(|(tag, _)| tag.clone()),
            _ => None,
        };
        let status = commissions
            .first()
            .map_or("", |first| first.status.as_str());
        Ok(Self {
            reference,
            tag,
            total: as_kept(status, total),
            refunded: conversion.refunded,
            commission: conversion.commission(),
            is_undone: commissions.iter().all(|one| is_undone(&one.status)),
        })
    }
}
