//! When to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Ready once the process is asked to stop: by SIGTERM, or by Ctrl-C.
///
/// # Errors
/// If the signals cannot be listened to; better said at the start than found at the end.
pub fn requested() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "Ctrl-C",
        };
        tracing::info!(signal = name, "stopping: finishing what was accepted");
    })
}
