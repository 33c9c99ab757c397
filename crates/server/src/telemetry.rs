//! Logs: structured, on standard error.

use std::panic::PanicHookInfo;

use anyhow::Context;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::configuration::{LogConfiguration, LogFormat};

/// Starts logging; once in a process.
///
/// # Errors
/// If the level is not one, or logging has been started already.
pub fn start(configuration: &LogConfiguration) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&configuration.level).with_context(|| {
        format!(
            "The log level \"{}\" is not understood: use error, warn, info, debug or trace",
            configuration.level
        )
    })?;
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr);
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
    Ok(())
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
