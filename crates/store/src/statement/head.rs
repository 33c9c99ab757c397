//! The row that an organization's turns are taken on.

use accrual_engine::Head;
use sea_orm::Value;

/// Where an organization stands.
pub(crate) const READ: &str = "SELECT * FROM heads WHERE organization_id = $1";

/// The columns that move, in the order of [`values`].
pub(crate) const COLUMNS: [&str; 11] = [
    "sequence",
    "hash",
    "setup_version",
    "last_program",
    "last_affiliate",
    "last_enrollment",
    "last_conversion",
    "last_promo_code",
    "last_referral",
    "last_shop",
    "remembers_customers",
];

pub(crate) fn values(head: &Head) -> [Value; COLUMNS.len()] {
    [
        head.sequence.into(),
        head.hash.to_vec().into(),
        head.setup_version.into(),
        head.last_program.into(),
        head.last_affiliate.into(),
        head.last_enrollment.into(),
        head.last_conversion.into(),
        head.last_promo_code.into(),
        head.last_referral.into(),
        head.last_shop.into(),
        head.remembers_customers.into(),
    ]
}
