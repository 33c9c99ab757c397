//! Who is credited for a conversion, and why.
//!
//! A report of a sale makes [`Claim`]s about who sent the customer. Whoever keeps the enrollments
//! turns each claim into [`Candidate`]s; [`attribute`] picks one by the [`Precedence`] and says for
//! every claim and candidate why it was or was not taken.
//!
//! This crate never sees an amount of money, a clock or a database.
//!
//! ```
//! use accrual_attribution::*;
//!
//! let tag = Claim::Tag(Tag::parse("SUMMER2025")?);
//! let credit = Credit {
//!     enrollment: EnrollmentId::new(7),
//!     affiliate: AffiliateId::new(3),
//!     program: ProgramId::new(1),
//! };
//! let candidate = Candidate { claim: tag.clone(), credit, standing: Standing::Active };
//!
//! let attribution = attribute(&[tag], &[candidate], &Precedence::default());
//!
//! assert_eq!(attribution.credit, Some(credit));
//! assert_eq!(
//!     attribution.findings[0].to_string(),
//!     "The tag summer2025 belongs to enrollment 7 (affiliate 3 in program 1): it is credited.",
//! );
//! # Ok::<(), TagError>(())
//! ```

mod attribute;
mod claim;
mod id;
mod tag;

pub use attribute::{Attribution, Finding, Verdict, attribute};
pub use claim::{Candidate, Claim, ClaimKind, Credit, Precedence, Standing};
pub use id::{AffiliateId, EnrollmentId, ProgramId};
pub use tag::{Tag, TagError};
