//! Tags that the caller leaves to us.

use accrual_attribution::{AttributionError, Tag};

/// A tag that nobody has: with 62 random bits.
pub(crate) fn made_up() -> Result<Tag, AttributionError> {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    Tag::parse(&format!("a{random:016x}"))
}
