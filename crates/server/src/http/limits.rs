//! What a client may send, and how long it may take.

use std::time::Duration;

/// The bounds of the accept loop; every one is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections served at once, at least 1. Beyond it nothing is accepted: new clients wait in
    /// the kernel's backlog.
    pub connections: usize,
    /// From the first byte of a request (for a fresh connection: from accepting it) to the end of
    /// its head.
    pub header_timeout: Duration,
    /// From the end of the head to the end of the body.
    pub body_timeout: Duration,
    /// From the end of the head to the beginning of the answer; and how long a client may leave an
    /// answer lying that is being written to it.
    pub request_timeout: Duration,
    /// How long a connection may be idle between two requests.
    pub keep_alive: Duration,
    /// The largest body, in bytes, whatever its Content-Length says.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            keep_alive: Duration::from_secs(75),
            body_bytes: 1024 * 1024,
        }
    }
}
