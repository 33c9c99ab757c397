//! The APIs over HTTP, on both databases: served as `accrual serve` does, by a clock that stands.

#![allow(clippy::unwrap_used)]

mod away;
mod client;
mod declared;
mod docs;
mod growi;
mod harness;
mod native;
mod shop;
