//! What the server keeps, read back by our own API.

use anyhow::{Context, Result, bail};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::verdict::{Kept, KeptSale};
use crate::{
    http::Client,
    shown::{self, Conversion},
};

/// A killed server's last batch may still be on its way into the database: how often everything is
/// read again because the balances have changed meanwhile.
const ATTEMPTS: u32 = 20;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) kept: Kept,
    /// The number of the last conversion that was read: later ones have higher numbers.
    last: i64,
}

impl Reader {
    /// Reads the conversions that are new, and all balances, as of one moment.
    ///
    /// # Errors
    /// If the server refuses, answers in another shape, or does not come to rest.
    pub(super) fn read_on(&mut self, client: &Client, affiliates: &[i64]) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let before = balance(client, affiliates)?;
            let new: Vec<Conversion> = client.list("/conversions", self.last)?;
            for conversion in new {
                self.add(conversion)?;
            }
            if balance(client, affiliates)? == before {
                self.kept.balance = before;
                return Ok(());
            }
        }
        bail!("the balances go on changing, and nobody reports anything");
    }

    fn add(&mut self, conversion: Conversion) -> Result<()> {
        self.last = conversion.id;
        let commission = conversion.commission();
        let sale = KeptSale {
            id: conversion.id,
            total: minor(conversion.total.unwrap_or_default())?,
            commission: minor(commission)?,
        };
        let of_one = self.kept.sales.entry(conversion.reference).or_default();
        of_one.push(sale);
        Ok(())
    }
}

/// What all `affiliates` have earned.
fn balance(client: &Client, affiliates: &[i64]) -> Result<i64> {
    let mut sum = Decimal::ZERO;
    for affiliate in affiliates {
        sum += shown::balance(client, *affiliate)?;
    }
    minor(sum)
}

/// Of USD.
fn minor(amount: Decimal) -> Result<i64> {
    let minor = amount * Decimal::ONE_HUNDRED;
    if !minor.is_integer() {
        bail!("{amount} is not in cents");
    }
    minor.to_i64().context("an amount is too large")
}
