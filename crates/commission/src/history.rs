//! What happened before a sale, as far as the terms ask.

use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use crate::Period;

/// What happened before a sale, as far as the terms ask; amounts in the program's currency.
///
/// The default is that nothing happened before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// How many payments the customer has made before this one.
    pub payments: u32,
    /// When the first of them was made.
    pub first_payment_at: Option<OffsetDateTime>,
    /// What the customer's conversions have earned the enrollment before; `None` is nothing.
    pub customer_earned: Option<Money>,
    /// What the enrollment sold and earned before, for each of [`Terms::periods`], in any order; a
    /// period that is not here had no sales.
    ///
    /// [`Terms::periods`]: crate::Terms::periods
    pub tallies: Vec<(Period, Tally)>,
}

/// What an enrollment sold and earned in a period; in the program's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many conversions.
    pub conversions: u64,
    /// Their bases together.
    pub amount: Money,
    /// What they earned together, and under a cap over rolling days the most that was earned in any
    /// stretch of so many days with the sale's among them.
    pub earned: Money,
}

impl Tally {
    /// No conversions.
    pub const fn nothing(currency: Currency) -> Self {
        Self {
            conversions: 0,
            amount: Money::zero(currency),
            earned: Money::zero(currency),
        }
    }
}

impl History {
    /// The tally of `period`; nothing in `currency` if there is none.
    pub fn tally(&self, period: Period, currency: Currency) -> Tally {
        let mut tallies = self.tallies.iter();
        tallies
            .find(|(of, _)| *of == period)
            .map_or(Tally::nothing(currency), |(_, tally)| *tally)
    }
}
