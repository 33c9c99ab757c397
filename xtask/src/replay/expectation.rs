//! What a file must come to, computed here and not by the code that is tried.
//!
//! What is given back of a sale is a sum, so the order in which refunds are sent does not matter:
//! the sale's commission is that of what is left of it in the end. Only a file whose refunds exceed
//! a sale would make the order matter. Therefore they are cut off before anything is sent, in the
//! order of the file: the one that exceeds what is left is made smaller, and those after it are not
//! sent.

mod fate;
mod sums;
mod terms;

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail, ensure};
use rust_decimal::Decimal;

pub(super) use self::{
    fate::{Due, Fate, RefundFate, Refusal},
    sums::{Moved, Refunds, Sums},
    terms::{PERCENT, commission, minor_units, tag, tags},
};
use super::{
    listed::Listed,
    order::{Order, Orders, Refund},
    way::Way,
};

/// What must come of a file.
#[derive(Debug, Default)]
pub(super) struct Expectation {
    /// How what was given back is said.
    pub(super) way: Way,
    /// Of the currency's minor unit.
    pub(super) digits: u32,
    /// By reference.
    pub(super) fates: HashMap<String, Fate>,
    /// By key.
    pub(super) refund_fates: HashMap<String, RefundFate>,
    /// The sales before anything is given back.
    pub(super) reported: Sums,
    /// The same in the end.
    pub(super) recorded: Sums,
    pub(super) refused: BTreeMap<Refusal, u64>,
    pub(super) refunds: Refunds,
    /// Refunds of more than is left of their sale: made smaller.
    pub(super) clipped: u64,
    /// Refunds that would change nothing: not sent.
    pub(super) not_sent: u64,
    pub(super) by_tag: BTreeMap<String, Moved>,
    pub(super) by_day: BTreeMap<String, Sums>,
    pub(super) listed: Listed,
}

impl Expectation {
    /// Of `orders`, in a currency with so many `digits`, told in this `way`.
    ///
    /// # Errors
    /// If two sales have one reference, or two refunds one key.
    pub(super) fn of(orders: &Orders, digits: u32, way: Way) -> Result<Self> {
        let mut expectation = Self {
            way,
            digits,
            ..Self::default()
        };
        for order in orders.sales() {
            expectation.add_sale(order)?;
        }
        for refund in orders.refunds() {
            expectation.add_refund(refund)?;
        }
        expectation.sum_up(orders);
        Ok(expectation)
    }

    fn add_sale(&mut self, order: &Order) -> Result<()> {
        let fate = Fate::of(order, self.digits);
        if let Fate::Refused(refusal) = fate {
            *self.refused.entry(refusal).or_default() += 1;
        }
        if self.fates.insert(order.reference.clone(), fate).is_some() {
            bail!("order {} is there twice", order.reference);
        }
        Ok(())
    }

    fn add_refund(&mut self, refund: &Refund) -> Result<()> {
        let fate = match self.fates.get_mut(&refund.reference) {
            None | Some(Fate::Refused(_)) => RefundFate::NotFound,
            Some(Fate::Recorded(due)) => self.way.fate(due.give_back(refund.amount, self.digits)),
        };
        self.clipped += u64::from(fate.is_clipped(refund.amount));
        match fate {
            RefundFate::Made(amount) => self.refunds.add(amount),
            RefundFate::NotSent => self.not_sent += 1,
            RefundFate::NotFound => self.refunds.not_found += 1,
            RefundFate::Refused(refusal) => self.refunds.refuse(refusal),
        }
        let former = self.refund_fates.insert(refund.key.clone(), fate);
        ensure!(former.is_none(), "refund {} is there twice", refund.key);
        Ok(())
    }

    fn sum_up(&mut self, orders: &Orders) {
        for tag in tags() {
            self.by_tag.insert(tag, Moved::default());
        }
        for order in orders.sales() {
            let Some(Fate::Recorded(due)) = self.fates.get(&order.reference) else {
                continue;
            };
            let (left, digits) = (due.total - due.refunded, self.digits);
            let (before, after) = (commission(due.total, digits), commission(left, digits));
            self.reported.add(due.total, Decimal::ZERO, before);
            let (total, refunded) = self.way.kept(due);
            self.recorded.add(total, refunded, after);
            let day = self.by_day.entry(order.day().to_owned()).or_default();
            day.add(total, refunded, after);
            let tag = self.by_tag.entry(due.tag.clone()).or_default();
            tag.add(before, before - after);
            let reference = &order.reference;
            self.listed.add(reference, due, self.way, digits);
        }
    }

    /// How many must be refused for `refusal`.
    pub(super) fn refused(&self, refusal: Refusal) -> u64 {
        self.refused.get(&refusal).copied().unwrap_or(0)
    }

    /// What all affiliates earn and lose again.
    pub(super) fn moved(&self) -> Moved {
        self.by_tag.values().copied().sum()
    }

    /// A sale, if it must be recorded.
    pub(super) fn due(&self, reference: &str) -> Option<&Due> {
        match self.fates.get(reference)? {
            Fate::Recorded(due) => Some(due),
            Fate::Refused(_) => None,
        }
    }

    /// Whether a refund is sent at all.
    pub(super) fn is_sent(&self, refund: &Refund) -> bool {
        self.refund_fates.get(&refund.key) != Some(&RefundFate::NotSent)
    }
}

#[cfg(test)]
mod tests;
