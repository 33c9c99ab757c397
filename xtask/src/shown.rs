//! What our own API shows of sales and of what they earn.

use anyhow::Result;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::http::Client;

/// A conversion.
#[derive(Debug, Deserialize)]
pub(crate) struct Conversion {
    pub(crate) id: i64,
    pub(crate) reference: String,
    /// What the customer paid, before anything was given back.
    pub(crate) total: Option<Decimal>,
    /// What of it was given back.
    pub(crate) refunded: Decimal,
    pub(crate) commissions: Vec<Commission>,
}

/// What one affiliate earns from a conversion.
#[derive(Debug, Deserialize)]
pub(crate) struct Commission {
    pub(crate) affiliate_id: i64,
    pub(crate) program_id: i64,
    pub(crate) amount: Decimal,
    pub(crate) status: String,
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
    owed_back: Decimal,
}

impl Conversion {
    /// What it earns in all.
    pub(crate) fn commission(&self) -> Decimal {
        self.commissions.iter().map(|one| one.amount).sum()
    }
}

/// What an affiliate has earned, less what it owes back; of one currency, or the sum means nothing.
///
/// # Errors
/// If the server refuses, or answers in another shape.
pub(crate) fn balance(client: &Client, affiliate: i64) -> Result<Decimal> {
    let balance: Balance = client.get(&format!("/affiliates/{affiliate}/balance"))?;
    let sums = balance.balances.iter();
    let sums = sums.map(|sum| sum.pending + sum.payable + sum.paid - sum.owed_back);
    Ok(sums.sum())
}
