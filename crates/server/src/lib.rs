//! How Accrual is run: the command line, its configuration, the accept loop and telemetry.
//!
//! This is the only crate that reads the clock, the environment and the command line.

pub mod clock;
pub mod command;
pub mod configuration;
pub mod database;
pub mod health;
pub mod http;
pub mod key;
pub mod maturing;
pub mod metrics;
pub mod serving;
pub mod shutdown;
pub mod telemetry;
