//! What a report says about who sent the customer, and whom that may mean.

use std::fmt;

use crate::{AffiliateId, EnrollmentId, ProgramId, Tag};

/// What a report says about who sent the customer.
///
/// Source: Growi, "Attribution Methods" of `POST /affiliate_sales`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The enrollment with this tag.
    Tag(Tag),
    /// This affiliate's enrollment in this program.
    Membership {
        /// The affiliate.
        affiliate: AffiliateId,
        /// The program.
        program: ProgramId,
    },
}

impl Claim {
    /// Which kind of claim it is.
    pub fn kind(&self) -> ClaimKind {
        match self {
            Self::Tag(_) => ClaimKind::Tag,
            Self::Membership { .. } => ClaimKind::Membership,
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => write!(formatter, "the tag {tag}"),
            Self::Membership { affiliate, program } => {
                write!(formatter, "affiliate {affiliate} in program {program}")
            }
        }
    }
}

/// A kind of claim: what a [`Precedence`] puts in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// An affiliate and a program named outright.
    Membership,
    /// A tag.
    Tag,
}

/// Which kind of claim goes before which.
///
/// Source: docs/DOMAIN.md, "Who is credited": numbers go before tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedence(Vec<ClaimKind>);

impl Precedence {
    /// The kinds in `order`, strongest first; a kind that is not named comes after all that are.
    pub fn new(order: Vec<ClaimKind>) -> Self {
        Self(order)
    }

    /// The place of `kind`: 0 is the strongest.
    pub fn rank(&self, kind: ClaimKind) -> usize {
        self.0
            .iter()
            .position(|named| *named == kind)
            .unwrap_or(self.0.len())
    }
}

impl Default for Precedence {
    /// Named ids, then tags.
    fn default() -> Self {
        Self::new(vec![ClaimKind::Membership, ClaimKind::Tag])
    }
}

/// The enrollment that gets a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Credit {
    /// The enrollment.
    pub enrollment: EnrollmentId,
    /// Its affiliate.
    pub affiliate: AffiliateId,
    /// Its program.
    pub program: ProgramId,
}

impl fmt::Display for Credit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            enrollment,
            affiliate,
            program,
        } = self;
        write!(
            formatter,
            "enrollment {enrollment} (affiliate {affiliate} in program {program})"
        )
    }
}

/// Whether an enrollment can be credited with new conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It can.
    Active,
    /// The affiliate left the program, or was removed from it.
    Ended,
}

/// An enrollment that a claim led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The claim that led to it.
    pub claim: Claim,
    /// Who would be credited.
    pub credit: Credit,
    /// Whether it can be.
    pub standing: Standing,
}
