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
//! let terms = Terms::try_new(
//!     TermsVersion::new(1),
//!     Currency::USD,
//!     vec![Incentive::new(Pay::Share(Rate::parse_percent("5")?))],
//! )?;
//! let sale = Sale::new(Money::from_minor(9999, Currency::USD));
//!
//! let decision = decide(&Case::new(&sale, &terms))?;
//!
//! assert_eq!(decision.amount, Money::from_minor(500, Currency::USD));
//! assert_eq!(
//!     decision.reason.to_string(),
//!     "Incentive 1 pays 5 % of the total: 5 % of 99.99 USD is 4.9995 USD, \
//!      rounded half away from zero to 5.00 USD.",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod ledger;
mod reason;
mod sale;
mod status;
mod terms;

pub use decide::{Case, DecideError, Decision, Tried, TriedOutcome, decide};
pub use ledger::{Account, AccountKind, Balances, LedgerError, Transfer, movement};
pub use reason::{Base, BaseKind, Nothing, RateSource, Reason};
pub use sale::{Sale, SaleType};
pub use status::{Change, Status, StatusKind, TRANSITIONS, TransitionError};
pub use terms::{Incentive, IncentiveNumber, Pay, Scope, Terms, TermsError, TermsVersion};
