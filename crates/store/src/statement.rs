//! The statements that are written by hand: those that every batch costs.
//!
//! [`rows`] turns changes into rows of each table, the same for both databases;
//! [`postgres`] and [`sqlite`] write them, each in the way that is fastest there.

pub(crate) mod list;
pub(crate) mod postgres;
pub(crate) mod rows;
pub(crate) mod sqlite;

/// Where an organization stands.
pub(crate) const HEAD: &str = "SELECT organization_id, currency, sequence, hash, \
    setup_version, last_program, last_affiliate, last_enrollment, last_conversion \
    FROM heads WHERE organization_id = $1";
