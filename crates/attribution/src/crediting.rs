//! A program's rules of who is credited.

use std::fmt;
use std::num::NonZeroU16;

use crate::{AttributionError, Precedence, Window};

/// A program's rules of who is credited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crediting {
    /// Which kind of claim goes before which.
    pub precedence: Precedence,
    /// Which of several touches goes first.
    pub touch: TouchRule,
    /// For how long a touch counts; for ever if there is none.
    pub window: Option<Window>,
    /// For how long a customer belongs to the enrollment that brought it.
    pub binding: Binding,
    /// Whether those who touched the customer share the credit.
    pub sharing: Sharing,
    /// Whether an affiliate that is its own customer is not credited.
    pub refuses_self_referral: bool,
}

/// Which of several touches goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TouchRule {
    /// The latest one that is open.
    #[default]
    Last,
    /// The earliest one that is open.
    First,
}

/// For how long a customer belongs to the enrollment that brought it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Binding {
    /// Not at all: each sale needs an open touch.
    None,
    /// For every sale.
    #[default]
    ForLife,
    /// For sales less than so long after it began.
    For {
        /// Units: days of 24 hours; the sale at the very end is outside.
        days: NonZeroU16,
    },
}

/// Whether those who touched the customer share the credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// One is credited with all of it.
    #[default]
    One,
    /// Each gets the same part.
    Equal,
    /// The first gets the bonus, and all share the rest equally.
    FirstBonus(Bonus),
    /// The last gets the bonus, and all share the rest equally.
    LastBonus(Bonus),
}

/// What one gets before the rest is shared: more than nothing and less than the whole.
///
/// Units: billionths of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bonus {
    billionths: u32,
}

impl Bonus {
    /// The whole, in billionths.
    pub const WHOLE: u32 = 1_000_000_000;

    /// The bonus of so many billionths of the whole: 100 000 000 is 10 %.
    ///
    /// # Errors
    /// [`AttributionError::BonusOutOfRange`] for nothing, the whole and more: the first is to share
    /// equally, the second is to credit one alone.
    pub fn try_from_billionths(billionths: u64) -> Result<Self, AttributionError> {
        match u32::try_from(billionths) {
            Ok(billionths) if (1..Self::WHOLE).contains(&billionths) => Ok(Self { billionths }),
            Ok(_) | Err(_) => Err(AttributionError::BonusOutOfRange { billionths }),
        }
    }

    /// The bonus in billionths of the whole.
    pub const fn billionths(self) -> u32 {
        self.billionths
    }
}

/// `10 %`, without trailing zeros.
impl fmt::Display for Bonus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PERCENT: u32 = Bonus::WHOLE / 100;
        let (whole, part) = (self.billionths / PERCENT, self.billionths % PERCENT);
        if part == 0 {
            return write!(formatter, "{whole} %");
        }
        let digits = format!("{part:07}");
        write!(formatter, "{whole}.{} %", digits.trim_end_matches('0'))
    }
}
