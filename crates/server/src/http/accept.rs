//! The accept loop: takes connections up to a cap, and stops without dropping what it has taken.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use poem::Endpoint;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::connection::{self, Ends};
use crate::http::limits::Limits;
use crate::metrics::ConnectionMetrics;

/// How long nothing is accepted after an error that the next attempt would meet again.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Listens on `address`.
///
/// # Errors
/// One sentence that says what is in the way and what to do.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "The address {address} is already in use: stop what listens there, or choose another \
             with --listen."
        ),
        io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "Listening on {address} is not permitted: choose a port from 1024 upwards with --listen."
        ),
        io::ErrorKind::AddrNotAvailable => anyhow::anyhow!(
            "This machine does not have the address {}: choose one that it has with --listen.",
            address.ip()
        ),
        _ => anyhow::anyhow!("Listening on {address} failed: {error}."),
    })
}

/// How the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Connections whose work did not finish within the time allowed.
    pub unfinished: usize,
}

/// Serves `endpoint` on `listener` until `stop`, then lets accepted requests finish for at most
/// `shutdown_timeout`.
///
/// At the cap of connections the loop waits for one to end: further clients queue in the kernel.
pub async fn serve<E: Endpoint + 'static>(
    listener: TcpListener,
    endpoint: E,
    limits: Limits,
    metrics: ConnectionMetrics,
    stop: impl Future<Output = ()>,
    shutdown_timeout: Duration,
) -> Stopped {
    let endpoint = Arc::new(endpoint);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, ends, slot) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = next(&listener, &slots, &metrics) => accepted,
        };
        // A small answer must not wait for the acknowledgement of the one before it.
        // Failing to say so costs time, not the connection.
        let _ = stream.set_nodelay(true);
        let open = metrics.opened();
        let served = connection::serve(
            stream,
            ends,
            Arc::clone(&endpoint),
            limits,
            graceful.watcher(),
        );
        tokio::spawn(async move {
            served.await;
            drop((open, slot));
        });
    }
    drop(listener);
    let finished = tokio::time::timeout(shutdown_timeout, graceful.shutdown()).await;
    match finished {
        Ok(()) => Stopped { unfinished: 0 },
        Err(_) => Stopped {
            unfinished: limits.connections - slots.available_permits(),
        },
    }
}

/// What connections come from; a listener, or a test's stand-in for one.
trait Source {
    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, Ends)>> + Send;
}

impl Source for TcpListener {
    async fn accept(&self) -> io::Result<(TcpStream, Ends)> {
        let (stream, remote) = TcpListener::accept(self).await?;
        let local = stream.local_addr()?;
        Ok((stream, Ends { local, remote }))
    }
}

/// The next connection, and its place under the cap. Nothing is lost if this is dropped.
async fn next(
    source: &impl Source,
    slots: &Arc<Semaphore>,
    metrics: &ConnectionMetrics,
) -> (TcpStream, Ends, OwnedSemaphorePermit) {
    let slot = free_slot(slots, metrics).await;
    loop {
        match source.accept().await {
            Ok((stream, ends)) => return (stream, ends, slot),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // Out of file descriptors or memory: the same connection is still waiting, and
                // asking again at once would only burn the processor.
                metrics.accept_failed();
                tracing::warn!(%error, "accepting connections failed; trying again shortly");
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

async fn free_slot(slots: &Arc<Semaphore>, metrics: &ConnectionMetrics) -> OwnedSemaphorePermit {
    if let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
        return slot;
    }
    metrics.at_capacity();
    match Arc::clone(slots).acquire_owned().await {
        Ok(slot) => slot,
        // Only a closed semaphore refuses, and nothing closes this one.
        Err(_) => std::future::pending().await,
    }
}

/// Whether the client left before it was accepted, which says nothing about the next one.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::NotConnected
            | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::metrics::Metrics;

    /// Fails with each of these, then gives a connection.
    struct Failing {
        errors: Mutex<Vec<io::ErrorKind>>,
        listener: TcpListener,
    }

    impl Source for Failing {
        async fn accept(&self) -> io::Result<(TcpStream, Ends)> {
            if let Some(kind) = self.errors.lock().unwrap().pop() {
                return Err(kind.into());
            }
            let address = self.listener.local_addr()?;
            let stream = TcpStream::connect(address).await?;
            Ok((
                stream,
                Ends {
                    local: address,
                    remote: address,
                },
            ))
        }
    }

    async fn waited_for(errors: &[io::ErrorKind]) -> Duration {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let source = Failing {
            errors: Mutex::new(errors.to_vec()),
            listener,
        };
        tokio::time::pause();
        let before = tokio::time::Instant::now();
        let _ = next(
            &source,
            &Arc::new(Semaphore::new(1)),
            &Metrics::new().connections,
        )
        .await;
        before.elapsed()
    }

    #[tokio::test]
    async fn an_error_that_would_repeat_is_waited_out() {
        let waited = waited_for(&[io::ErrorKind::OutOfMemory, io::ErrorKind::Other]).await;
        assert!(waited >= 2 * BACK_OFF, "{waited:?}");
    }

    #[tokio::test]
    async fn a_client_that_left_early_delays_nobody() {
        let waited = waited_for(&[io::ErrorKind::ConnectionAborted; 3]).await;
        assert!(waited < BACK_OFF, "{waited:?}");
    }

    #[tokio::test]
    async fn an_address_in_use_is_said_in_a_sentence() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = listen(address).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "The address {address} is already in use: stop what listens there, or choose \
                 another with --listen."
            )
        );
    }
}
