//! What a report says about who sent the customer.

use std::fmt;

use crate::{AffiliateId, Code, Email, Identifier, ProgramId, ReferralId, Slug, Tag};

/// What a report says about who sent the customer.
///
/// Source: Growi, "Attribution Methods" of `POST /affiliate_sales`; Affonso, the identifiers of
/// `POST /conversions`; Referly, `referralId`, `email` and `promoCode` of `POST /sales`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The visit, lead or customer with this number.
    Referral(ReferralId),
    /// The visit that the caller knows by this id.
    Click(Identifier),
    /// The user that the caller knows by this id.
    ExternalUser(Identifier),
    /// The customer that the caller, or who takes its payments, knows by this id.
    Customer(Identifier),
    /// The customer with this e-mail address.
    Email(Email),
    /// This affiliate, in whichever program.
    Affiliate(AffiliateId),
    /// This affiliate's enrollment in this program.
    Membership {
        /// The affiliate.
        affiliate: AffiliateId,
        /// The program.
        program: ProgramId,
    },
    /// The enrollment whose link this is.
    Link(Slug),
    /// The enrollment with this tag.
    Tag(Tag),
    /// The enrollment that owns this promo code.
    PromoCode(Code),
}

impl Claim {
    /// Which kind of claim it is.
    pub fn kind(&self) -> ClaimKind {
        match self {
            Self::Referral(_) => ClaimKind::Referral,
            Self::Click(_) => ClaimKind::Click,
            Self::ExternalUser(_) => ClaimKind::ExternalUser,
            Self::Customer(_) => ClaimKind::Customer,
            Self::Email(_) => ClaimKind::Email,
            Self::Affiliate(_) => ClaimKind::Affiliate,
            Self::Membership { .. } => ClaimKind::Membership,
            Self::Link(_) => ClaimKind::Link,
            Self::Tag(_) => ClaimKind::Tag,
            Self::PromoCode(_) => ClaimKind::PromoCode,
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Referral(id) => write!(formatter, "referral {id}"),
            Self::Click(id) => write!(formatter, "the click {id}"),
            Self::ExternalUser(id) => write!(formatter, "the external user {id}"),
            Self::Customer(id) => write!(formatter, "the customer {id}"),
            Self::Email(email) => write!(formatter, "the e-mail address {email}"),
            Self::Affiliate(id) => write!(formatter, "affiliate {id}"),
            Self::Membership { affiliate, program } => {
                write!(formatter, "affiliate {affiliate} in program {program}")
            }
            Self::Link(slug) => write!(formatter, "the link {slug}"),
            Self::Tag(tag) => write!(formatter, "the tag {tag}"),
            Self::PromoCode(code) => write!(formatter, "the promo code {code}"),
        }
    }
}

/// A kind of claim: what a [`Precedence`](crate::Precedence) puts in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// A visit, lead or customer by its number.
    Referral,
    /// A visit by the caller's id.
    Click,
    /// A user by the caller's id.
    ExternalUser,
    /// A customer by the caller's id.
    Customer,
    /// A customer by the e-mail address.
    Email,
    /// An affiliate named outright.
    Affiliate,
    /// An affiliate and a program named outright.
    Membership,
    /// A link.
    Link,
    /// A tag.
    Tag,
    /// A promo code.
    PromoCode,
}

impl ClaimKind {
    /// Every kind, in no order of strength.
    pub const ALL: [Self; 10] = [
        Self::Referral,
        Self::Click,
        Self::ExternalUser,
        Self::Customer,
        Self::Email,
        Self::Affiliate,
        Self::Membership,
        Self::Link,
        Self::Tag,
        Self::PromoCode,
    ];
}
