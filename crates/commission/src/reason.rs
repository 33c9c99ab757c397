//! Why a commission is what it is.

use std::fmt;

use accrual_money::{Currency, Money, MoneyError, Rate};

use crate::{IncentiveNumber, Sale};

/// What of a sale a share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The amount.
    pub amount: Money,
    /// Which amount of the sale it is.
    pub kind: BaseKind,
}

/// Which amount of a sale is the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// The total.
    Total,
    /// The subtotal, because no total is known.
    Subtotal,
}

impl Base {
    /// The total where it is known, else the subtotal.
    ///
    /// Source: Growi, the worked examples of `POST /affiliate_sales` and its webhook.
    pub fn of(sale: &Sale) -> Self {
        match (sale.total(), sale.subtotal()) {
            (Some(amount), _) => Self {
                amount,
                kind: BaseKind::Total,
            },
            (None, Some(amount)) => Self {
                amount,
                kind: BaseKind::Subtotal,
            },
            (None, None) => unreachable!("every constructor of `Sale` sets one of the two"),
        }
    }

    /// The currency of the sale.
    pub fn currency(&self) -> Currency {
        self.amount.currency()
    }
}

/// Who set a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateSource {
    /// The enrollment has agreed it.
    Enrollment,
    /// An incentive of the terms.
    Incentive(IncentiveNumber),
}

/// Why nothing is earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The terms have no incentives.
    NoIncentives,
    /// None of the incentives covers the sale.
    NoneCovers,
}

/// Why a commission is what it is; enough to compute it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Whoever reported the sale set the amount.
    SetByCaller(Money),
    /// A share of the base, rounded once, half away from zero.
    Share {
        /// What the share is taken of.
        base: Base,
        /// How much of it.
        rate: Rate,
        /// Who set the rate.
        source: RateSource,
    },
    /// An incentive pays the same for every sale.
    Fixed {
        /// What it pays, in the sale's currency.
        amount: Money,
        /// Which one.
        incentive: IncentiveNumber,
    },
    /// Nothing is earned.
    Nothing {
        /// What a share would have been taken of.
        base: Base,
        /// Why not.
        why: Nothing,
    },
}

impl Reason {
    /// The amount that follows from it, in the sale's currency.
    ///
    /// # Errors
    /// [`MoneyError`] if it is out of range.
    pub fn amount(&self) -> Result<Money, MoneyError> {
        match *self {
            Self::SetByCaller(amount) | Self::Fixed { amount, .. } => Ok(amount),
            Self::Share { base, rate, .. } => Ok(base.amount.share(rate).amount),
            Self::Nothing { base, .. } => Ok(Money::zero(base.currency())),
        }
    }
}

impl fmt::Display for BaseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Total => "the total",
            Self::Subtotal => "the subtotal",
        })
    }
}

impl fmt::Display for Reason {
    /// One sentence for a person, with the arithmetic.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetByCaller(amount) => {
                write!(
                    formatter,
                    "The report of the sale sets the commission: {amount}."
                )
            }
            Self::Share { base, rate, source } => {
                match source {
                    RateSource::Enrollment => write!(formatter, "The enrollment's own rate")?,
                    RateSource::Incentive(number) => write!(formatter, "Incentive {number}")?,
                }
                write!(
                    formatter,
                    " pays {rate} of {}: {}",
                    base.kind,
                    working(*base, *rate)
                )
            }
            Self::Fixed { amount, incentive } => {
                write!(
                    formatter,
                    "Incentive {incentive} pays {amount} for every sale."
                )
            }
            Self::Nothing { why, .. } => formatter.write_str(match why {
                Nothing::NoIncentives => "Nothing is earned: the program has no incentives.",
                Nothing::NoneCovers => "Nothing is earned: no incentive covers the sale.",
            }),
        }
    }
}

/// The arithmetic of a share, as a person would write it down.
fn working(base: Base, rate: Rate) -> String {
    let share = base.amount.share(rate);
    let currency = base.currency();
    if share.exact == share.amount.major() {
        format!("{rate} of {} is {}.", base.amount, share.amount)
    } else {
        format!(
            "{rate} of {} is {} {currency}, rounded half away from zero to {}.",
            base.amount, share.exact, share.amount
        )
    }
}
