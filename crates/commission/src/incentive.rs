//! One rule of a program's terms.

use std::collections::BTreeSet;
use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use accrual_money::{Money, Rate};

use crate::{Country, SaleType, Tiers};

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

/// What one covered conversion earns; amounts in the program's currency, zero or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    /// A share of what the incentive covers of the base.
    Share(Rate),
    /// The same for every conversion, once for the conversion and incentive.
    Fixed(Money),
    /// The same for every item covered; a sale that lists no items is one item.
    PerItem(Money),
    /// A share of what the incentive covers of the base, and an amount once for the conversion.
    ShareAndFixed {
        /// The share.
        share: Rate,
        /// The amount.
        fixed: Money,
    },
}

/// Which conversions, or which of their lines, an incentive covers.
///
/// Source: Affonso, matching priority: the more specific one always wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every conversion.
    All,
    /// Conversions of this type.
    Type(SaleType),
    /// What is paid for every month.
    Monthly,
    /// What is paid for every year.
    Yearly,
    /// Lines of these products; names are exact.
    Products(BTreeSet<Box<str>>),
    /// Lines at these prices, by the names of the prices; exact.
    Prices(BTreeSet<Box<str>>),
}

/// A scope without the names in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    /// [`Scope::All`].
    All,
    /// [`Scope::Type`].
    Type(SaleType),
    /// [`Scope::Monthly`].
    Monthly,
    /// [`Scope::Yearly`].
    Yearly,
    /// [`Scope::Products`].
    Products,
    /// [`Scope::Prices`].
    Prices,
}

/// What else has to be so for an incentive to cover a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It was bought from one of these countries; one that is not known is none of them.
    Country(BTreeSet<Country>),
    /// The sale's metadata has this value under this key; both are exact.
    Metadata {
        /// The key.
        key: Box<str>,
        /// The value.
        value: Box<str>,
    },
}

/// A condition without the names in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKind {
    /// [`Condition::Country`].
    Country,
    /// [`Condition::Metadata`].
    Metadata,
}

/// From some point of a customer's life on, an incentive pays this instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From when on.
    pub from: StepStart,
    /// What it pays then.
    pub pay: Pay,
}

/// A point of a customer's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepStart {
    /// The customer's payment with this number, counted from 1.
    Payment(NonZeroU32),
    /// This many calendar months (UTC) after the customer's first payment.
    Month(NonZeroU16),
}

/// For how long a customer earns anything; the tighter of the two, and for ever without either.
///
/// Afterwards the incentive pays nothing, and no other pays in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// For this many calendar months (UTC) from the customer's first payment; a payment at the very
    /// instant at which they end is after them.
    pub months: Option<NonZeroU16>,
    /// For this many payments of the customer, the first included.
    pub payments: Option<NonZeroU32>,
}

/// One rule of a program's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incentive {
    /// What it pays, where neither a step nor a tier says otherwise.
    pub pay: Pay,
    /// What it covers.
    pub scope: Scope,
    /// What else has to be so, all of it; at most [`Incentive::MAX_CONDITIONS`].
    pub conditions: Vec<Condition>,
    /// What it pays later in a customer's life, earliest first: the last one reached counts; at
    /// most [`Incentive::MAX_STEPS`].
    pub steps: Vec<Step>,
    /// What it pays those who sell much.
    pub tiers: Option<Tiers>,
    /// For how long a customer earns anything.
    pub length: Length,
}

impl Incentive {
    /// The most conditions that an incentive has.
    pub const MAX_CONDITIONS: usize = 20;
    /// The most steps that an incentive has.
    pub const MAX_STEPS: usize = 50;
    /// The most products, prices or countries that an incentive names.
    pub const MAX_NAMES: usize = 10_000;

    /// Pays `pay` for every conversion, without conditions, steps, tiers or end.
    pub const fn new(pay: Pay) -> Self {
        Self {
            pay,
            scope: Scope::All,
            conditions: Vec::new(),
            steps: Vec::new(),
            tiers: None,
            length: Length {
                months: None,
                payments: None,
            },
        }
    }

    /// The same for the conversions in `scope` only.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }
}

impl Scope {
    /// The scope without the names in it.
    pub const fn kind(&self) -> ScopeKind {
        match self {
            Self::All => ScopeKind::All,
            Self::Type(sale_type) => ScopeKind::Type(*sale_type),
            Self::Monthly => ScopeKind::Monthly,
            Self::Yearly => ScopeKind::Yearly,
            Self::Products(_) => ScopeKind::Products,
            Self::Prices(_) => ScopeKind::Prices,
        }
    }

    /// How narrow it is: the higher wins.
    pub const fn specificity(&self) -> u8 {
        self.kind().specificity()
    }
}

impl ScopeKind {
    /// How narrow it is: the higher wins.
    pub const fn specificity(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Type(_) => 1,
            Self::Monthly => 2,
            Self::Yearly => 3,
            Self::Products => 4,
            Self::Prices => 5,
        }
    }
}

impl Condition {
    /// The condition without the names in it.
    pub const fn kind(&self) -> ConditionKind {
        match self {
            Self::Country(_) => ConditionKind::Country,
            Self::Metadata { .. } => ConditionKind::Metadata,
        }
    }
}

impl fmt::Display for Pay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(rate) => write!(formatter, "{rate}"),
            Self::Fixed(amount) => write!(formatter, "{amount}"),
            Self::PerItem(amount) => write!(formatter, "{amount} an item"),
            Self::ShareAndFixed { share, fixed } => write!(formatter, "{share} and {fixed}"),
        }
    }
}

impl fmt::Display for ScopeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("every sale"),
            Self::Type(sale_type) => write!(formatter, "{sale_type} sales"),
            Self::Monthly => formatter.write_str("monthly payments"),
            Self::Yearly => formatter.write_str("yearly payments"),
            Self::Products => formatter.write_str("certain products"),
            Self::Prices => formatter.write_str("certain prices"),
        }
    }
}

impl fmt::Display for ConditionKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Country => "the customer's country",
            Self::Metadata => "the sale's metadata",
        })
    }
}

impl fmt::Display for StepStart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment(number) => write!(formatter, "from payment {number} on"),
            Self::Month(months) => write!(
                formatter,
                "from {} after the first payment on",
                crate::words::count(months.get().into(), "month")
            ),
        }
    }
}
