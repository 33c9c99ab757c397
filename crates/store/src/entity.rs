//! Rows as sea-orm sees them, and what they mean.
//!
//! The hot tables are written by [`crate::statement`]; what is here reads, and writes what is rare.

// sea-orm's macros make everything public; nothing of it leaves this private module.
#![allow(unreachable_pub)]

pub(crate) mod affiliate;
pub(crate) mod api_key;
pub(crate) mod enrollment;
pub(crate) mod head;
pub(crate) mod idempotency_key;
pub(crate) mod journal;
pub(crate) mod organization;
pub(crate) mod program;
pub(crate) mod promo_code;
pub(crate) mod referral;
pub(crate) mod shop;
pub(crate) mod terms;
pub(crate) mod transfer;
