//! How it is kept: SQLite and PostgreSQL through sea-orm.
//!
//! [`SqlStore`] implements the engine's ports. A turn moves the organization's row in `heads` on from
//! where it was read; a batch costs the same few statements whatever its size. The organization
//! leads every key but those of `organizations` and `api_keys`, which name it. Amounts are minor
//! units, times microseconds since 1970 (UTC), alike on both databases. No entity leaves this crate.

mod access;
mod connect;
mod entity;
mod error;
mod found;
mod migration;
mod recorded;
mod reports;
mod session;
mod sql_store;
mod statement;
#[cfg(feature = "test-database")]
pub mod test_database;
mod value;

pub use connect::{ConnectError, StoreOptions};
pub use sql_store::SqlStore;
