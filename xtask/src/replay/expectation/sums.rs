//! Sums, in major units of one currency.

use std::{collections::BTreeMap, iter::Sum};

use rust_decimal::Decimal;

use super::Refusal;

/// How many sales, and what they came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::replay) struct Sums {
    pub(in crate::replay) count: u64,
    /// How many of them were given back in full.
    pub(in crate::replay) undone: u64,
    /// Before anything was given back.
    pub(in crate::replay) total: Decimal,
    pub(in crate::replay) refunded: Decimal,
    /// Of what is left.
    pub(in crate::replay) commission: Decimal,
}

impl Sums {
    /// One more sale.
    pub(in crate::replay) fn add(
        &mut self,
        total: Decimal,
        refunded: Decimal,
        commission: Decimal,
    ) {
        *self += Self {
            count: 1,
            undone: u64::from(total == refunded),
            total,
            refunded,
            commission,
        };
    }
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.undone += other.undone;
        self.total += other.total;
        self.refunded += other.refunded;
        self.commission += other.commission;
    }
}

impl Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

/// What was moved to an affiliate, and what back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::replay) struct Moved {
    pub(in crate::replay) earned: Decimal,
    pub(in crate::replay) taken_back: Decimal,
}

impl Moved {
    /// Moves more.
    pub(in crate::replay) fn add(&mut self, earned: Decimal, taken_back: Decimal) {
        self.earned += earned;
        self.taken_back += taken_back;
    }

    /// What is left of it.
    pub(in crate::replay) fn balance(self) -> Decimal {
        self.earned - self.taken_back
    }
}

impl Sum for Moved {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum.add(one.earned, one.taken_back);
            sum
        })
    }
}

/// What came of the refunds that were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::replay) struct Refunds {
    pub(in crate::replay) made: u64,
    /// What those came to.
    pub(in crate::replay) amount: Decimal,
    /// Of sales that are not recorded.
    pub(in crate::replay) not_found: u64,
    pub(in crate::replay) refused: BTreeMap<Refusal, u64>,
}

impl Refunds {
    /// One more was made.
    pub(in crate::replay) fn add(&mut self, amount: Decimal) {
        self.made += 1;
        self.amount += amount;
    }

    /// One more was refused.
    pub(in crate::replay) fn refuse(&mut self, refusal: Refusal) {
        *self.refused.entry(refusal).or_default() += 1;
    }

    /// How many were refused for `refusal`.
    pub(in crate::replay) fn refused(&self, refusal: Refusal) -> u64 {
        self.refused.get(&refusal).copied().unwrap_or(0)
    }

    /// All together.
    pub(in crate::replay) fn sent(&self) -> u64 {
        self.made + self.not_found + self.refused.values().sum::<u64>()
    }
}
