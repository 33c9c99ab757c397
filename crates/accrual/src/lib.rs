//! Attribution and commission for affiliate programs, to embed.
//!
//! What a platform depends on that decides commissions in its own process:
//!
//! - [`money`]: exact amounts, rates, rounding and division;
//! - [`attribution`]: who is credited for a sale, and why;
//! - [`commission`]: what that earns, what becomes of it, and why;
//! - [`engine`]: all of it with exactly-once, a journal and totals, over a store of your choice.
//!
//! The first three are functions over plain values: they read no clock, draw no random number, wait
//! for nothing and hold no float. Load what they need from wherever you keep it, call them, and keep
//! what they return. Each is a package of its own, too (`accrual-money` and so on), for those who
//! want nothing else.
//!
//! The engine runs on tokio. It comes with a store in memory ([`engine::MemoryStore`]); a store of
//! yours implements [`engine::Store`], and the engine's feature `contract` has the tests that tell
//! whether it keeps its word.
//!
//! Times are those of the `time` crate, in UTC. Decimal numbers are [`money::Decimal`].
//!
//! # Deciding a commission
//!
//! ```
//! use accrual::attribution::*;
//! use accrual::commission::*;
//! use accrual::money::{Currency, Money, Rate};
//!
//! // From your own tables: whose tag it is, and what its program pays.
//! let sarah = Credit {
//!     enrollment: EnrollmentId::new(7),
//!     affiliate: AffiliateId::new(3),
//!     program: ProgramId::new(1),
//! };
//! let five_percent = Incentive::new(Pay::Share(Rate::parse_percent("5")?));
//! let rules = Rules { incentives: vec![five_percent], ..Rules::new(Currency::USD) };
//! let terms = Terms::try_new(TermsVersion::new(1), rules)?;
//! let crediting = Crediting::default();
//!
//! // From the checkout: a tag and a total.
//! let claim = Claim::Tag(Tag::parse("SUMMER2025")?);
//! let sale = Sale::new(Money::from_minor(99_99, Currency::USD));
//! let bought_at = time::macros::datetime!(2026-01-31 12:00 UTC);
//!
//! let candidate = Candidate {
//!     claim: claim.clone(),
//!     credit: sarah,
//!     evidence: Evidence::Named,
//!     standing: Standing::Active,
//!     rules: &crediting,
//! };
//! let attribution = attribute(&Report::new(&[claim], bought_at), &[candidate]);
//! assert_eq!(attribution.credits[0].credit, sarah);
//!
//! let decision = decide(&Case::new(&sale, &terms, bought_at))?;
//! assert_eq!(decision.amount, Money::from_minor(5_00, Currency::USD));
//!
//! // Keep the reason, and anybody can check the amount later.
//! assert_eq!(decision.reason.amount()?, decision.amount);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The examples of this package go on from there: `own_storage` decides with a platform's own
//! tables and accounts, `engine_in_memory` runs the whole engine in a process of yours.

pub use accrual_attribution as attribution;
pub use accrual_commission as commission;
pub use accrual_engine as engine;
pub use accrual_money as money;
