//! Logs: structured, on standard error.

mod lines;

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use anyhow::Context;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::configuration::{LogConfiguration, LogFormat};
use lines::Lines;
pub use lines::Logging;

/// What a library says of every start, unless the level names it.
const QUIET: &str = "sea_orm_migration=warn";

/// Starts logging; once in a process. What is returned is to be kept until the process ends.
///
/// # Errors
/// If the level is not one, or logging has been started already.
pub fn start(configuration: &LogConfiguration) -> anyhow::Result<Logging> {
    let filter =
        EnvFilter::try_new(format!("{QUIET},{}", configuration.level)).with_context(|| {
            format!(
                "The log level \"{}\" is not understood: use error, warn, info, debug or trace",
                configuration.level
            )
        })?;
    let error = std::io::stderr();
    let is_terminal = error.is_terminal();
    let (lines, logging) = Lines::to(error).context("Logging could not be started")?;
    let logs = fmt()
        .with_env_filter(filter)
        .with_ansi(is_terminal)
        .with_writer(lines);
    let started = match configuration.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("Logging could not be started: {error}"))?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(logging)
}

/// A panic's text is logged only if it is a literal: a formatted one may hold what a client sent.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let text = panic
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(withheld)");
    let location = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(text, location, "a bug: something panicked");
}
