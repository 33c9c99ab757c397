//! A program's rules.

mod check;
mod error;
mod index;

use std::fmt;

use accrual_money::{Currency, Money};

pub use error::{NotWithRetroactive, TermsError};
pub(crate) use index::{Ranks, first_unmet};

use crate::{Incentive, IncentiveNumber, Level, Period, TierMode};
use index::Index;

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

/// What of a sale shares are taken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BaseRule {
    /// Which of the sale's amounts.
    pub amount: BaseAmount,
    /// Whether tax is taken out, if it is known.
    pub less_tax: bool,
    /// Whether shipping is taken off, if it is known.
    pub less_shipping: bool,
    /// Whether the discount is taken off, if it is known.
    pub less_discount: bool,
}

/// Which of a sale's amounts is preferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaseAmount {
    /// The total, and the subtotal where no total is known.
    ///
    /// Source: Growi, the worked examples of `POST /affiliate_sales` and its webhook.
    #[default]
    Total,
    /// The subtotal, and the total where no subtotal is known.
    Subtotal,
}

/// What commissions never go beyond; in the program's currency, zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// What one conversion earns at most.
    pub conversion: Option<Money>,
    /// What one customer's conversions earn an enrollment at most, together.
    pub customer: Option<Money>,
    /// What an enrollment's conversions of a period earn at most, together: of rolling days in each
    /// stretch of so many, whichever of its sales are reported first.
    pub period: Option<PeriodCap>,
}

/// What an enrollment's conversions of a period earn at most, together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodCap {
    /// The period.
    pub period: Period,
    /// The amount.
    pub amount: Money,
}

impl PeriodCap {
    /// The most rolling days that a cap is over.
    pub const MAX_ROLLING_DAYS: u16 = 366;
}

/// Who lets a commission become payable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Approval {
    /// Nobody has to: it is payable when its hold is over.
    #[default]
    Automatic,
    /// A person.
    ByPerson,
}

/// What a program's terms say, before they have a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The program's currency: that of every amount in the rules.
    pub currency: Currency,
    /// What of a sale shares are taken of.
    pub base: BaseRule,
    /// What is paid, in the order that settles ties; at most [`Terms::MAX_INCENTIVES`].
    pub incentives: Vec<Incentive>,
    /// A sale whose base is below it earns nothing.
    pub minimum_sale: Option<Money>,
    /// What commissions never go beyond.
    pub caps: Caps,
    /// Who else earns, nearest to the seller first; at most [`Terms::MAX_LEVELS`].
    pub levels: Vec<Level>,
    /// For how many days (of 24 hours) after the sale a commission is held; 0 is not at all.
    pub hold_days: u16,
    /// Who lets a commission become payable.
    pub approval: Approval,
}

impl Rules {
    /// No incentives, the total as the base with nothing taken off, no caps, no levels, no hold, no
    /// approval.
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            base: BaseRule::default(),
            incentives: Vec::new(),
            minimum_sale: None,
            caps: Caps::default(),
            levels: Vec::new(),
            hold_days: 0,
            approval: Approval::default(),
        }
    }
}

/// A program's rules, in one version: never changed, only followed by the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    version: TermsVersion,
    rules: Rules,
    index: Index,
    periods: Vec<Period>,
}

impl Terms {
    /// The most incentives that terms have.
    pub const MAX_INCENTIVES: usize = 100;
    /// The most levels that terms have.
    pub const MAX_LEVELS: usize = 3;

    /// Terms with these rules.
    ///
    /// # Errors
    /// [`TermsError`] if the rules cannot be: each variant says when.
    pub fn try_new(version: TermsVersion, rules: Rules) -> Result<Self, TermsError> {
        check::check(&rules)?;
        let index = Index::of(&rules.incentives);
        let periods = periods(&rules);
        Ok(Self {
            version,
            rules,
            index,
            periods,
        })
    }

    /// Which version of the program's terms this is.
    pub fn version(&self) -> TermsVersion {
        self.version
    }

    /// What they say.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The program's currency.
    pub fn currency(&self) -> Currency {
        self.rules.currency
    }

    /// What is paid, in the order that settles ties; at most [`Terms::MAX_INCENTIVES`].
    pub fn incentives(&self) -> &[Incentive] {
        &self.rules.incentives
    }

    /// For how many days (of 24 hours) after the sale a commission is held; 0 is not at all.
    pub fn hold_days(&self) -> u16 {
        self.rules.hold_days
    }

    /// The periods that tiers and caps look at, each once, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Whether sales that this incentive pays for may be lifted by a later one.
    pub fn may_lift(&self, incentive: IncentiveNumber) -> bool {
        let mut numbered = (1..).zip(&self.rules.incentives);
        numbered.any(|(number, one)| {
            let tiers = one.tiers.as_ref();
            IncentiveNumber::new(number) == incentive
                && tiers.is_some_and(|tiers| tiers.mode == TierMode::Retroactive)
        })
    }

    /// Whether they ask what the customer did before: for a cap, a length or steps.
    pub fn looks_at_customers(&self) -> bool {
        let incentives = &self.rules.incentives;
        self.rules.caps.customer.is_some()
            || incentives.iter().any(|incentive| {
                let length = incentive.length;
                !incentive.steps.is_empty() || length.months.is_some() || length.payments.is_some()
            })
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }
}

fn periods(rules: &Rules) -> Vec<Period> {
    let of_tiers = rules.incentives.iter().filter_map(|incentive| {
        let tiers = incentive.tiers.as_ref()?;
        match tiers.mode {
            TierMode::ReachedBefore | TierMode::Marginal | TierMode::Retroactive => {
                Some(tiers.period)
            }
            TierMode::OwnSize => None,
        }
    });
    let of_cap = rules.caps.period.map(|cap| cap.period);
    let mut periods: Vec<_> = of_tiers.chain(of_cap).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}
