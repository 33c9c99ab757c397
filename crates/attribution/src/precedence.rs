//! Which claim goes before which.

use crate::ClaimKind;

/// Which kind of claim goes before which.
///
/// Source: docs/DOMAIN.md, "Who is credited": explicit ids go before a promo code, and that before
/// links and tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedence(Vec<ClaimKind>);

impl Precedence {
    /// The kinds in `order`, strongest first; a kind that is not named comes after all that are.
    pub fn new(order: Vec<ClaimKind>) -> Self {
        Self(order)
    }

    /// The kinds that are named, strongest first.
    pub fn order(&self) -> &[ClaimKind] {
        &self.0
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
    /// Named ids, the more exact ones first, then promo codes, then links and tags.
    fn default() -> Self {
        Self::new(vec![
            ClaimKind::Membership,
            ClaimKind::Referral,
            ClaimKind::ExternalUser,
            ClaimKind::Click,
            ClaimKind::Customer,
            ClaimKind::Email,
            ClaimKind::Affiliate,
            ClaimKind::PromoCode,
            ClaimKind::Link,
            ClaimKind::Tag,
        ])
    }
}
