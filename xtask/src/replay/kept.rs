//! What a server keeps of the sales that were sent: read back by our own API.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{expectation::Sums, head::Head, roster::Roster};
use crate::http::Client;

/// Everything that sales change. Two of these are equal if nothing has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The oldest first.
    pub(super) sales: Vec<Sale>,
    /// Each conversion as the server writes it, with the times at which it was recorded.
    pub(super) texts: Vec<String>,
    /// What each affiliate has earned, by tag.
    pub(super) balances: BTreeMap<String, Decimal>,
    /// By day.
    pub(super) days: BTreeMap<String, Sums>,
    /// Where the journal stands, if that can be seen.
    pub(super) head: Option<Head>,
}

/// A sale that is kept, with what it earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sale {
    pub(super) reference: String,
    /// None if there is no affiliate of ours, or several.
    pub(super) tag: Option<String>,
    pub(super) total: Decimal,
    pub(super) commission: Decimal,
}

#[derive(Debug, Deserialize)]
struct Conversion {
    reference: String,
    total: Option<Decimal>,
    commissions: Vec<Commission>,
}

#[derive(Debug, Deserialize)]
struct Commission {
    affiliate_id: i64,
    program_id: i64,
    amount: Decimal,
}

#[derive(Debug, Deserialize)]
struct Balance {
    balances: Vec<CurrencyBalance>,
}

#[derive(Debug, Deserialize)]
struct CurrencyBalance {
    pending: Decimal,
    payable: Decimal,
    paid: Decimal,
}

#[derive(Debug, Deserialize)]
struct Totals {
    data: Vec<DayTotals>,
}

#[derive(Debug, Deserialize)]
struct DayTotals {
    day: String,
    program_id: i64,
    conversions: u64,
    amount: Decimal,
    commission: Decimal,
}

impl Kept {
    /// Everything of the roster's program.
    ///
    /// # Errors
    /// If the server refuses, or answers in another shape.
    pub(super) fn read(client: &Client, roster: &Roster) -> Result<Self> {
        let mut kept = Self::default();
        let texts: Vec<Box<RawValue>> = client.list("/conversions", 0)?;
        for text in texts {
            let conversion: Conversion = serde_json::from_str(text.get())?;
            let is_ours = |commission: &Commission| commission.program_id == roster.program;
            if conversion.commissions.iter().any(is_ours) {
                kept.sales.push(Sale::of(&conversion, roster)?);
                kept.texts.push(text.get().to_owned());
            }
        }
        for (tag, affiliate) in &roster.affiliates {
            let balance: Balance = client.get(&format!("/affiliates/{affiliate}/balance"))?;
            let sums = balance.balances.iter();
            let sum = sums.map(|sum| sum.pending + sum.payable + sum.paid).sum();
            kept.balances.insert(tag.clone(), sum);
        }
        let totals: Totals = client.get("/totals")?;
        let ours = totals.data.into_iter();
        for totals in ours.filter(|totals| totals.program_id == roster.program) {
            let sums = kept.days.entry(totals.day).or_default();
            sums.count += totals.conversions;
            sums.total += totals.amount;
            sums.commission += totals.commission;
        }
        Ok(kept)
    }

    /// Of all conversions.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for sale in &self.sales {
            sums.add(sale.total, sale.commission);
        }
        sums
    }

    /// Of all days.
    pub(super) fn sums_of_days(&self) -> Sums {
        self.days.values().fold(Sums::default(), |sum, day| Sums {
            count: sum.count + day.count,
            total: sum.total + day.total,
            commission: sum.commission + day.commission,
        })
    }

    /// What all affiliates have earned.
    pub(super) fn sum_of_balances(&self) -> Decimal {
        self.balances.values().sum()
    }
}

impl Sale {
    fn of(conversion: &Conversion, roster: &Roster) -> Result<Self> {
        let reference = conversion.reference.clone();
        let total = conversion
            .total
            .with_context(|| format!("conversion {reference} is kept without a total"))?;
        let tag = match conversion.commissions.as_slice() {
            [one] => roster
                .affiliates
                .iter()
                .find(|(_, affiliate)| **affiliate == one.affiliate_id)
                .map(|(tag, _)| tag.clone()),
            _ => None,
        };
        Ok(Self {
            reference,
            tag,
            total,
            commission: conversion.commissions.iter().map(|one| one.amount).sum(),
        })
    }
}
