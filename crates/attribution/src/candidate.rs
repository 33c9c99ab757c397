//! Whom a claim led to.

use std::fmt;

use time::OffsetDateTime;

use crate::{AffiliateId, Claim, Crediting, EnrollmentId, ProgramId, Touch};

/// An enrollment that a claim led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The claim that led to it.
    pub claim: Claim,
    /// Who would be credited.
    pub credit: Credit,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Whether anything speaks against it.
    pub standing: Standing,
    /// The rules of its program.
    pub rules: &'a Crediting,
}

/// The enrollment that gets a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The claim names the enrollment outright.
    Named,
    /// The customer belongs to the enrollment.
    Bound {
        /// When it came to belong to it.
        since: OffsetDateTime,
        /// What counts once it no longer does.
        touch: Option<Touch>,
    },
    /// The enrollment reached the customer.
    Touched(Touch),
}

/// Whether anything speaks against crediting an enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nothing does.
    Active,
    /// The affiliate has applied, and was not approved yet.
    Unapproved,
    /// The affiliate left the program, or was removed from it.
    Ended,
    /// The customer is the affiliate itself; this only counts where the rules refuse it.
    SelfReferral(SameBy),
    /// The promo code that leads to it cannot be redeemed by this sale.
    Unredeemable(Unredeemable),
}

/// By what a customer is known to be the affiliate itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SameBy {
    /// Both have one e-mail address.
    Email,
    /// The customer's id is one of the affiliate.
    Customer,
}

/// Why a promo code cannot be redeemed by a sale.
///
/// Source: Referly, the restrictions of a promotional code and of its coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unredeemable {
    /// It is switched off.
    NotActive,
    /// The sale is at or after the end of its validity.
    Expired,
    /// It was redeemed as often as it may be.
    UsedUp,
    /// It is for a customer's first order only, and this is a later one.
    NotFirstOrder,
    /// The sale is smaller than the code asks for.
    BelowMinimum,
    /// It is for certain products, and none of them was bought.
    OtherProducts,
    /// It is for another customer.
    OtherCustomer,
}

impl fmt::Display for Unredeemable {
    /// What is wrong, as a clause: `it has expired`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotActive => "the promo code is not active",
            Self::Expired => "the promo code has expired",
            Self::UsedUp => "the promo code is used up",
            Self::NotFirstOrder => "the promo code is for a customer's first order only",
            Self::BelowMinimum => "the sale is below the promo code's minimum",
            Self::OtherProducts => "the promo code is for other products",
            Self::OtherCustomer => "the promo code is for another customer",
        })
    }
}
