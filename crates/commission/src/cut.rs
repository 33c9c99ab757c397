//! What caps cut off.

use std::fmt;

use accrual_money::Money;

use crate::Period;

/// What a cap made of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which cap.
    pub cap: Cap,
    /// The most that it allows.
    pub limit: Money,
    /// What was earned under it before this sale; zero for a cap on one conversion.
    pub earned: Money,
    /// The commission before the cut.
    pub before: Money,
    /// The commission after it: below what it was before, zero or more.
    pub after: Money,
}

/// A cap, as a cut names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cap {
    /// What one conversion earns at most.
    Conversion,
    /// What one customer's conversions earn an enrollment at most.
    Customer,
    /// What an enrollment's conversions of a period earn at most.
    Period(Period),
}

impl fmt::Display for Cut {
    /// One sentence for a person, with the arithmetic.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cap,
            limit,
            earned,
            before,
            after,
        } = self;
        match cap {
            Cap::Conversion => write!(
                formatter,
                "A conversion earns at most {limit}: {before} is cut to {after}."
            ),
            Cap::Customer => write!(
                formatter,
                "A customer earns the affiliate at most {limit}, and has earned {earned} before: \
                 {before} is cut to {after}."
            ),
            Cap::Period(period) => write!(
                formatter,
                "An affiliate earns at most {limit} in {period}, and has earned {earned} before: \
                 {before} is cut to {after}."
            ),
        }
    }
}
