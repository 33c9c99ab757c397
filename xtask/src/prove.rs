//! `cargo xtask prove`: what Accrual promises, tried against a server that is treated badly.

mod crash;
mod spec;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    promise: Promise,
}

#[derive(Debug, Subcommand)]
enum Promise {
    /// Kills the server again and again while sales are reported, and looks for what was lost,
    /// doubled or made up.
    Crash(crash::Arguments),
    /// Makes requests of openapi/*.json, right ones and wrong ones, and looks for answers that it does
    /// not declare.
    Spec(spec::Arguments),
}

/// Tries a promise.
///
/// # Errors
/// If something does not start. A promise that is broken is printed, and is a failure of the
/// command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.promise {
        Promise::Crash(arguments) => crash::run(arguments),
        Promise::Spec(arguments) => spec::run(arguments),
    }
}
