//! Who is credited for a conversion, and why.
//!
//! A [`Report`] of a sale makes [`Claim`]s about who sent the customer. Whoever keeps the
//! enrollments turns each claim into [`Candidate`]s, with the [`Evidence`] for each and what is
//! against it; [`attribute`] picks one by the [`Crediting`] of its program, or those who share, and
//! says for every claim and candidate why it was or was not taken.
//!
//! This crate never sees an amount of money, a clock or a database.
//!
//! ```
//! use accrual_attribution::*;
//! use time::macros::datetime;
//!
//! let tag = Claim::Tag(Tag::parse("SUMMER2025")?);
//! let credit = Credit {
//!     enrollment: EnrollmentId::new(7),
//!     affiliate: AffiliateId::new(3),
//!     program: ProgramId::new(1),
//! };
//! let candidate = Candidate {
//!     claim: tag.clone(),
//!     credit,
//!     evidence: Evidence::Named,
//!     standing: Standing::Active,
//!     rules: &Crediting::default(),
//! };
//!
//! let claims = [tag];
//! let report = Report::new(&claims, datetime!(2025-06-01 12:00 UTC));
//! let attribution = attribute(&report, &[candidate]);
//!
//! assert_eq!(attribution.credits, [Weighted { credit, weight: 1 }]);
//! assert_eq!(
//!     attribution.findings[0].to_string(),
//!     "The tag summer2025 belongs to enrollment 7 (affiliate 3 in program 1): it is credited.",
//! );
//! # Ok::<(), AttributionError>(())
//! ```

mod attribute;
mod candidate;
mod finding;
mod words;

mod crediting;
mod precedence;
mod touch;

mod claim;
mod code;
mod email;
mod id;
mod slug;
mod text;

mod error;

pub use attribute::{Attribution, Report, Weighted, attribute};
pub use candidate::{Candidate, Credit, Evidence, SameBy, Standing, Unredeemable};
pub use claim::{Claim, ClaimKind};
pub use code::{Code, Identifier, Tag};
pub use crediting::{Binding, Bonus, Crediting, Sharing, TouchRule};
pub use email::Email;
pub use error::AttributionError;
pub use finding::{Advantage, Finding, Verdict};
pub use id::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
pub use precedence::Precedence;
pub use slug::Slug;
pub use touch::{Touch, TouchKind, Window};
