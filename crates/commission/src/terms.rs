//! A program's rules.

use std::fmt;

use accrual_money::{Currency, Money, Rate};

use crate::SaleType;

/// A version of a program's terms: 1 is the first, each change makes the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermsVersion(u32);

impl TermsVersion {
    /// The version with this number.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for TermsVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// The place of an incentive in its terms: 1 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncentiveNumber(u32);

impl IncentiveNumber {
    /// The place with this number, counted from 1.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number, counted from 1.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for IncentiveNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// What one covered conversion earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    /// A share of the base.
    Share(Rate),
    /// The same for every conversion, zero or more, in the program's currency.
    Fixed(Money),
}

/// Which conversions an incentive covers.
///
/// Source: Affonso, matching priority: the more specific one always wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every conversion.
    All,
    /// Conversions of this type only.
    Type(SaleType),
}

impl Scope {
    /// How narrow it is: the higher wins.
    pub fn specificity(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Type(_) => 1,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("every sale"),
            Self::Type(sale_type) => write!(formatter, "{sale_type} sales"),
        }
    }
}

/// One rule of a program's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incentive {
    pay: Pay,
    scope: Scope,
}

impl Incentive {
    /// Pays `pay` for every conversion.
    pub const fn new(pay: Pay) -> Self {
        Self {
            pay,
            scope: Scope::All,
        }
    }

    /// The same for the conversions in `scope` only.
    pub const fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// What it pays.
    pub const fn pay(&self) -> Pay {
        self.pay
    }

    /// What it covers.
    pub const fn scope(&self) -> Scope {
        self.scope
    }
}

/// A program's rules, in one version: never changed, only followed by the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    version: TermsVersion,
    currency: Currency,
    incentives: Vec<Incentive>,
    hold_days: u16,
}

impl Terms {
    /// The most incentives that terms have.
    pub const MAX_INCENTIVES: usize = 100;

    /// Terms with these incentives, in the order that settles ties, and no hold.
    ///
    /// # Errors
    /// [`TermsError::OtherCurrency`] if a fixed amount is not in `currency`,
    /// [`TermsError::NegativeAmount`] if one is below zero,
    /// [`TermsError::TooManyIncentives`] beyond [`Terms::MAX_INCENTIVES`].
    pub fn try_new(
        version: TermsVersion,
        currency: Currency,
        incentives: Vec<Incentive>,
    ) -> Result<Self, TermsError> {
        if incentives.len() > Self::MAX_INCENTIVES {
            return Err(TermsError::TooManyIncentives {
                given: incentives.len(),
            });
        }
        for incentive in &incentives {
            match incentive.pay {
                Pay::Share(_) => {}
                Pay::Fixed(amount) if amount.currency() != currency => {
                    return Err(TermsError::OtherCurrency { amount, currency });
                }
                Pay::Fixed(amount) if amount.is_negative() => {
                    return Err(TermsError::NegativeAmount { amount });
                }
                Pay::Fixed(_) => {}
            }
        }
        Ok(Self {
            version,
            currency,
            incentives,
            hold_days: 0,
        })
    }

    /// The same with commissions held for `hold_days` days (of 24 hours) after the sale.
    pub fn with_hold_days(self, hold_days: u16) -> Self {
        Self { hold_days, ..self }
    }

    /// Which version of the program's terms this is.
    pub fn version(&self) -> TermsVersion {
        self.version
    }

    /// The program's currency: that of fixed amounts.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The rules, in the order that settles ties; at most [`Terms::MAX_INCENTIVES`].
    pub fn incentives(&self) -> &[Incentive] {
        &self.incentives
    }

    /// For how many days (of 24 hours) after the sale a commission is held; 0 is not at all.
    pub fn hold_days(&self) -> u16 {
        self.hold_days
    }
}

/// Why rules cannot be a program's terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// A fixed amount is in another currency than the program.
    #[error("the fixed amount {amount} is not in the program's currency {currency}")]
    OtherCurrency {
        /// The fixed amount.
        amount: Money,
        /// The program's currency.
        currency: Currency,
    },
    /// A fixed amount is below zero.
    #[error("the fixed amount {amount} is below zero")]
    NegativeAmount {
        /// The fixed amount.
        amount: Money,
    },
    /// More incentives than terms have.
    #[error("terms have at most {max} incentives, not {given}", max = Terms::MAX_INCENTIVES)]
    TooManyIncentives {
        /// How many were given.
        given: usize,
    },
}
