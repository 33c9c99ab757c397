//! Why a commission is what it is, before caps.

mod words;

use std::num::{NonZeroU16, NonZeroU32};

use accrual_money::{Currency, Money, MoneyError, Rate};
use time::OffsetDateTime;

use crate::{IncentiveNumber, Pay, Period, StepStart, Threshold, TierMode};

/// Why a commission is what it is before caps; enough to compute it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Whoever reported the sale set the amount.
    SetByCaller {
        /// The amount as it was set.
        set: Money,
        /// The same, converted like the base if it was set in the sale's currency.
        amount: Money,
    },
    /// A rate that goes before the terms: of the whole base.
    Rate {
        /// The base.
        of: Money,
        /// The rate.
        rate: Rate,
        /// Who set it.
        source: RateSource,
    },
    /// One incentive covers all of it.
    Incentive(Part),
    /// Several incentives cover it line by line, or some lines are covered by none.
    Lines {
        /// What each incentive pays, in the order of the terms.
        parts: Vec<Part>,
        /// The lines that no incentive covers, in their order.
        uncovered: Vec<LinePart>,
    },
    /// Nothing is earned.
    Nothing {
        /// Why not.
        why: Nothing,
        /// In which currency that is nothing.
        currency: Currency,
    },
}

/// Who set a rate that goes before the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateSource {
    /// Whoever reported the sale.
    Caller,
    /// The enrollment has agreed it.
    Enrollment,
}

/// Why nothing is earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The terms have no incentives.
    NoIncentives,
    /// None of the incentives covers any of the sale.
    NoneCovers,
    /// The base is below what a sale has to be.
    BelowMinimum {
        /// The base.
        base: Money,
        /// What it has to be.
        minimum: Money,
    },
}

/// What one incentive pays for what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which incentive.
    pub incentive: IncentiveNumber,
    /// What it covers of the base.
    pub of: Money,
    /// How many items that is; 1 if the sale lists none.
    pub items: u64,
    /// The lines that it covers, in their order; empty if that is all of the sale.
    pub lines: Vec<LinePart>,
    /// The step of the customer's life that has been reached, if any.
    pub step: Option<StepReached>,
    /// What came of its tiers, if it has any.
    pub tiers: Option<TiersMeasured>,
    /// What it pays for that.
    pub pay: PartPay,
}

/// A line's part of the base: all lines' parts sum to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePart {
    /// The line, counted from 1.
    pub line: u32,
    /// Its part.
    pub amount: Money,
}

/// The step that has been reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepReached {
    /// Its place in the incentive, counted from 1.
    pub number: u32,
    /// Where it begins.
    pub from: StepStart,
}

/// What came of an incentive's tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TiersMeasured {
    /// What is measured.
    pub mode: TierMode,
    /// Over which time.
    pub period: Period,
    /// How much that is: before this sale, with it, or the sale alone, as the mode says.
    pub measured: Threshold,
    /// The highest tier that this reaches; of a sale that is paid piece by piece, the one that it
    /// begins in.
    pub reached: Option<TierReached>,
}

/// A tier that has been reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierReached {
    /// Its place in the incentive, counted from 1.
    pub number: u32,
    /// Its threshold.
    pub from: Threshold,
}

/// How an incentive pays for what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartPay {
    /// One pay for all of it.
    Whole(Pay),
    /// Piece by piece, lowest tier first: the pieces sum to what it covers.
    Pieces(Vec<Piece>),
    /// Nothing any more for this customer.
    Over(Over),
}

/// The piece of a sale that lies in one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How much lies in it.
    pub of: Money,
    /// What it pays.
    pub rate: Rate,
    /// The tier; `None` is below the first.
    pub tier: Option<TierReached>,
}

/// Why an incentive pays nothing any more for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It is for so many payments.
    Payments {
        /// For how many.
        length: NonZeroU32,
        /// Which payment this is, counted from 1.
        payment: u64,
    },
    /// It is for so many calendar months.
    Months {
        /// For how many.
        length: NonZeroU16,
        /// The customer's first payment.
        since: OffsetDateTime,
    },
}

impl Reason {
    /// The amount that follows from it, before caps: shares are summed exactly and rounded once.
    ///
    /// # Errors
    /// [`MoneyError`] if it is out of range, or if amounts in it have two currencies.
    #[inline]
    pub fn amount(&self) -> Result<Money, MoneyError> {
        match self {
            Self::SetByCaller { amount, .. } => Ok(*amount),
            Self::Rate { of, rate, .. } => {
                Money::rounded_sum_of_shares([(*of, *rate)], of.currency())
            }
            Self::Incentive(part) => sum(std::slice::from_ref(part), part.of.currency()),
            Self::Lines { parts, uncovered } => {
                let first = parts.first().map(|part| part.of);
                let first = first.or(uncovered.first().map(|line| line.amount));
                // A sale has at least one line: this reason always names an amount.
                let Some(of) = first else {
                    return Err(MoneyError::NoWeights { weights: 0 });
                };
                sum(parts, of.currency())
            }
            Self::Nothing { currency, .. } => Ok(Money::zero(*currency)),
        }
    }
}

impl Reason {
    /// What each incentive pays, in the order of the terms.
    pub(crate) fn parts(&self) -> &[Part] {
        match self {
            Self::Incentive(part) => std::slice::from_ref(part),
            Self::Lines { parts, .. } => parts,
            Self::SetByCaller { .. } | Self::Rate { .. } | Self::Nothing { .. } => &[],
        }
    }
}

impl Part {
    /// Whether it pays nothing any more for this customer.
    pub(crate) fn is_over(&self) -> bool {
        match self.pay {
            PartPay::Over(_) => true,
            PartPay::Whole(_) | PartPay::Pieces(_) => false,
        }
    }

    /// Every share that it pays.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (Money, Rate)> {
        let (whole, pieces) = match &self.pay {
            PartPay::Whole(Pay::Share(share) | Pay::ShareAndFixed { share, .. }) => {
                (Some((self.of, *share)), [].as_slice())
            }
            PartPay::Pieces(pieces) => (None, pieces.as_slice()),
            PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_)) | PartPay::Over(_) => {
                (None, [].as_slice())
            }
        };
        let pieces = pieces.iter().map(|piece| (piece.of, piece.rate));
        whole.into_iter().chain(pieces)
    }

    /// What it pays besides.
    pub(crate) fn fixed(&self) -> Result<Option<Money>, MoneyError> {
        match self.pay {
            PartPay::Whole(Pay::Fixed(fixed) | Pay::ShareAndFixed { fixed, .. }) => Ok(Some(fixed)),
            PartPay::Whole(Pay::PerItem(each)) => {
                let items = i64::try_from(self.items).unwrap_or(i64::MAX);
                each.checked_mul_int(items).map(Some)
            }
            PartPay::Whole(Pay::Share(_)) | PartPay::Pieces(_) | PartPay::Over(_) => Ok(None),
        }
    }
}

fn sum(parts: &[Part], currency: Currency) -> Result<Money, MoneyError> {
    let shares = parts.iter().flat_map(Part::shares);
    let mut sum = Money::rounded_sum_of_shares(shares, currency)?;
    for part in parts {
        if let Some(fixed) = part.fixed()? {
            sum = sum.checked_add(fixed)?;
        }
    }
    Ok(sum)
}
