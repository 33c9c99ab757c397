//! What an incentive pays those who sell much.

use std::fmt;
use std::num::NonZeroU16;

use accrual_money::Money;

use crate::{Pay, words};

/// What an incentive pays from certain sales on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    /// Over which time sales count; [`TierMode::OwnSize`] does not look at it.
    pub period: Period,
    /// What is measured, and what the tier that is reached pays for.
    pub mode: TierMode,
    /// Lowest threshold first, each above the one before, all of one kind; below the first the
    /// incentive pays what it would pay without tiers. 1 to [`Tiers::MAX_TIERS`].
    pub tiers: Vec<Tier>,
}

impl Tiers {
    /// The most tiers that an incentive has.
    pub const MAX_TIERS: usize = 50;
}

/// From a threshold on, this is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The threshold; who is exactly at it has reached it.
    pub from: Threshold,
    /// What is paid.
    pub pay: Pay,
}

/// So much has been sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Sales whose bases sum to this, in the program's currency.
    Amount(Money),
    /// This many sales.
    Count(u64),
}

/// Over which time an enrollment's conversions are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The calendar month of the sale, in the time zone of the organization.
    CalendarMonth,
    /// This many days, the last of which is the sale's, in the time zone of the organization.
    RollingDays(NonZeroU16),
    /// Since the enrollment began.
    Ever,
}

/// What of tiers is measured, and what the tier that is reached pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TierMode {
    /// What was sold before this sale; the tier pays for this sale as a whole.
    #[default]
    ReachedBefore,
    /// This sale's own base; the tier pays for this sale as a whole. Thresholds are amounts.
    OwnSize,
    /// What was sold with this sale in it, piece by piece: each tier pays for what lies between its
    /// threshold and the next. Shares only, and thresholds are amounts.
    Marginal,
    /// What was sold with this sale in it; the tier pays for this sale as a whole, and earlier
    /// sales of the period are lifted to it.
    Retroactive,
}

impl Period {
    /// How it is put into a sentence, with the comma before it; nothing is said of all time.
    pub(crate) fn aside(self) -> String {
        match self {
            Self::CalendarMonth => ", in this calendar month".to_owned(),
            Self::RollingDays(days) => {
                format!(", within {}", words::count(days.get().into(), "day"))
            }
            Self::Ever => String::new(),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => write!(formatter, "{amount}"),
            Self::Count(count) => formatter.write_str(&words::count(*count, "sale")),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CalendarMonth => formatter.write_str("a calendar month"),
            Self::RollingDays(days) => formatter.write_str(&words::count(days.get().into(), "day")),
            Self::Ever => formatter.write_str("all time"),
        }
    }
}
