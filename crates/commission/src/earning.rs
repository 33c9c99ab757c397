//! What is frozen of a decision, so that refunds and lifts go by it.

use std::fmt;

use accrual_money::{Money, MoneyError, Rate};

use crate::{IncentiveNumber, Pay, Period};

/// What a commission comes to as long as nothing of the sale is taken back.
///
/// It is kept with the commission, so that later terms change nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earning {
    /// The base of the sale.
    pub base: Money,
    /// What the whole sale earns, after caps.
    pub full: Money,
    /// The rate, if it is one share of the whole base and nothing was cut off.
    pub rate: Option<Rate>,
}

/// Why it cannot be said what a part of a sale earns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EarningError {
    /// What is left is no part of the sale: it is below zero, or more than the sale.
    #[error("{part} is no part of {whole}")]
    NoPart {
        /// What is left.
        part: Money,
        /// The sale.
        whole: Money,
    },
    /// How many items a commission was for is not kept with it.
    #[error("a commission cannot be lifted to {each} an item: it does not say how many there were")]
    PerItem {
        /// What would be paid for each.
        each: Money,
    },
    /// The amounts are beyond what can be computed exactly, or have two currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Earning {
    /// What is earned when `part` of the sale's `whole` amount is left.
    ///
    /// One share of the whole base: base × rate × part ÷ whole. Anything else: full × part ÷ whole.
    /// Rounded once, half away from zero. It depends on nothing but what is left, so any sequence
    /// of partial refunds ends the same; nothing is earned when nothing is left, and `full` when
    /// everything is. `part` and `whole` are in one currency, of whatever the sale was paid in.
    ///
    /// # Errors
    /// [`EarningError::NoPart`] if `part` is below zero or above `whole`, [`EarningError::Money`] if
    /// the two have different currencies.
    ///
    /// Source: docs/DOMAIN.md, "What a refund leaves".
    pub fn of_remaining(&self, part: Money, whole: Money) -> Result<Money, EarningError> {
        if part.is_negative() || part.compare(whole)?.is_gt() {
            return Err(EarningError::NoPart { part, whole });
        }
        if part == whole {
            return Ok(self.full);
        }
        Ok(match self.rate {
            Some(rate) => self.base.share_of_part(rate, part, whole)?,
            None => self.full.part_of(part, whole)?,
        })
    }

    /// The same lifted to what `pay` makes of its base; as it is if that is no more.
    ///
    /// # Errors
    /// [`EarningError::PerItem`] for a pay for each item, [`EarningError::Money`] if a fixed amount
    /// is in another currency or the sum is out of range.
    pub fn lifted(&self, pay: Pay) -> Result<Self, EarningError> {
        let share = |rate| self.base.share(rate).amount;
        let (full, rate) = match pay {
            Pay::Share(rate) => (share(rate), Some(rate)),
            Pay::Fixed(amount) => (amount, None),
            Pay::ShareAndFixed { share: rate, fixed } => (share(rate).checked_add(fixed)?, None),
            Pay::PerItem(each) => return Err(EarningError::PerItem { each }),
        };
        Ok(if full.compare(self.full)?.is_gt() {
            Self {
                base: self.base,
                full,
                rate,
            }
        } else {
            *self
        })
    }
}

/// A sale has reached a tier to which earlier commissions are lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lift {
    /// Whose commissions: those that [`Decision::incentive`] names with this number.
    ///
    /// [`Decision::incentive`]: crate::Decision::incentive
    pub incentive: IncentiveNumber,
    /// The tier, counted from 1.
    pub tier: u32,
    /// The period that the sales are in.
    pub period: Period,
    /// What each of them is lifted to.
    pub pay: Pay,
    /// What one conversion earns at most.
    pub conversion_cap: Option<Money>,
    /// What the period's cap leaves for all lifts together, after this sale's own commission; zero
    /// or more.
    pub room: Option<Money>,
}

impl Lift {
    /// What earlier earnings come to, in the order given, which decides who gets what is left
    /// under a cap; each is as it was or more.
    ///
    /// # Errors
    /// As for [`Earning::lifted`].
    pub fn applied(&self, earlier: &[Earning]) -> Result<Vec<Earning>, EarningError> {
        let mut room = self.room;
        let mut lifted = Vec::with_capacity(earlier.len());
        for before in earlier {
            let after = before.lifted(self.pay)?;
            let mut gain = after.full.checked_sub(before.full)?;
            if let Some(cap) = self.conversion_cap {
                // What was above the cap already stays as it is.
                let below_cap = cap
                    .checked_sub(before.full)?
                    .max(Money::zero(cap.currency()))?;
                gain = gain.min(below_cap)?;
            }
            if let Some(left) = &mut room {
                gain = gain.min(*left)?;
                *left = left.checked_sub(gain)?;
            }
            lifted.push(before.raised(gain, after)?);
        }
        Ok(lifted)
    }
}

impl Earning {
    /// The same with `gain` more: `after` if that is all of it.
    fn raised(self, gain: Money, after: Self) -> Result<Self, MoneyError> {
        let full = self.full.checked_add(gain)?;
        Ok(if full == after.full {
            after
        } else if gain.is_zero() {
            self
        } else {
            Self {
                full,
                rate: None,
                ..self
            }
        })
    }
}

impl fmt::Display for Lift {
    /// One sentence for a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            incentive,
            tier,
            pay,
            ..
        } = self;
        write!(
            formatter,
            "With this sale tier {tier} of incentive {incentive} is reached{}: what it paid for \
             each sale before is lifted to {pay}.",
            self.period.aside()
        )
    }
}
