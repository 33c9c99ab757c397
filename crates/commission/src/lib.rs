//! What a conversion earns, what becomes of it, and why.
//!
//! [`decide`] turns a [`Sale`] and the [`Terms`] of a program into a [`Decision`]: an amount, and a
//! [`Reason`] that alone recomputes it. A [`Status`] follows a commission from there on, by one
//! table of transitions; each change of it is a [`Transfer`] between accounts, so that every balance
//! is a sum that anybody can check.
//!
//! This crate never sees a click, a tag, an e-mail address or a clock.
//!
//! ```
//! use accrual_commission::*;
//! use accrual_money::{Currency, Money, Rate};
//!
//! let five_percent = Incentive::new(Pay::Share(Rate::parse_percent("5")?));
//! let rules = Rules { incentives: vec![five_percent], ..Rules::new(Currency::USD) };
//! let terms = Terms::try_new(TermsVersion::new(1), rules)?;
//! let sale = Sale::new(Money::from_minor(9999, Currency::USD));
//!
//! let at = time::OffsetDateTime::UNIX_EPOCH;
//! let decision = decide(&Case::new(&sale, &terms, at))?;
//!
//! assert_eq!(decision.amount, Money::from_minor(500, Currency::USD));
//! assert_eq!(
//!     decision.reason.to_string(),
//!     "Incentive 1 pays 5 % of the base: 5 % of 99.99 USD is 4.9995 USD, \
//!      rounded half away from zero to 5.00 USD.",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base;
mod country;
mod cut;
mod decide;
mod earning;
mod history;
mod incentive;
mod ledger;
mod level;
mod position;
mod reason;
mod sale;
mod status;
mod terms;
mod tiers;
mod tried;
mod words;

pub use base::{BaseChange, BaseFigures, BaseKind, BaseStep};
pub use country::{Country, CountryError};
pub use cut::{Cap, Cut};
pub use decide::{Case, DecideError, Decision, decide};
pub use earning::{Earning, EarningError, Lift};
pub use history::{History, Tally};
pub use incentive::{
    Condition, ConditionKind, Incentive, IncentiveNumber, Length, Pay, Scope, ScopeKind, Step,
    StepStart,
};
pub use ledger::{Account, AccountKind, Balances, LedgerError, Transfer};
pub use level::{Level, LevelBase, levels};
pub use position::{Position, PositionError};
pub use reason::{
    LinePart, Nothing, Over, Part, PartPay, Piece, RateSource, Reason, StepReached, TierReached,
    TiersMeasured,
};
pub use sale::{Interval, Line, Sale, SaleType, Tax};
pub use status::{BeforeDispute, Change, Status, StatusKind, TRANSITIONS, TransitionError};
pub use terms::{
    Approval, BaseAmount, BaseRule, Caps, NotWithRetroactive, PeriodCap, Rules, Terms, TermsError,
    TermsVersion,
};
pub use tiers::{Period, Threshold, Tier, TierMode, Tiers};
pub use tried::{Tried, TriedOutcome};
