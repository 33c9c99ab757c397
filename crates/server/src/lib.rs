//! How Accrual is run: the command line, its configuration, the accept loop and telemetry.
//!
//! This is the only crate that reads the clock, the environment and the command line.

pub mod configuration;
pub mod telemetry;
pub mod metrics;
pub mod health;
pub mod http;
pub mod shutdown;
pub mod clock;
