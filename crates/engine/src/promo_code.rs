//! Codes that customers enter: who owns them, and what limits them.

use accrual_attribution::{Code, EnrollmentId, Identifier, PromoCodeId};
use accrual_money::Money;
use time::OffsetDateTime;

use crate::Text;

/// What limits a promo code; the default is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromoLimits {
    /// The first instant at which it is no longer valid (UTC).
    pub expires_at: Option<OffsetDateTime>,
    /// How often it can be redeemed.
    pub max_redemptions: Option<u32>,
    /// Whether it is for a customer's first order only.
    pub first_order_only: bool,
    /// The least that the sale must amount to.
    pub minimum: Option<Money>,
    /// The products that it is for, one of which must be bought; empty is any.
    pub products: Vec<Text>,
    /// The customers that it is for; empty is any.
    pub customers: Vec<Identifier>,
}

/// A code owned by an enrollment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromoCode {
    /// Its identity.
    pub id: PromoCodeId,
    /// The code: unique within the organization.
    pub code: Code,
    /// Who is credited when it is entered.
    pub enrollment: EnrollmentId,
    /// Whether it can be redeemed at all.
    pub is_active: bool,
    /// What limits it.
    pub limits: PromoLimits,
    /// How many conversions it was redeemed with.
    pub redeemed: u32,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}
