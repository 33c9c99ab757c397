//! HTTP/1.1 to a server on this machine, as much of it as the commands need.

mod client;
mod connection;
mod head;

use std::io::Write;

pub(crate) use client::{Client, status};
pub(crate) use connection::Connection;
pub(crate) use head::Head;

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether it has `X-Accrual-Replay`.
    pub(crate) is_replay: bool,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text, for messages.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Where Growi's clients report sales.
pub(crate) const GROWI_SALES: &str = "/api/public/v1/affiliate_sales";

/// Where our own API is.
pub(crate) const BASE_PATH: &str = "/accrual/v1";

/// A whole request that reports `body`, in JSON, as Growi's clients do.
pub(crate) fn sale_request(key: &str, body: &str) -> Vec<u8> {
    request("POST", GROWI_SALES, key, "", body)
}

/// A whole request; each of the `headers` ends with a line break.
pub(crate) fn request(method: &str, path: &str, key: &str, headers: &str, body: &str) -> Vec<u8> {
    let mut request = Vec::with_capacity(256 + body.len());
    // Writing to memory cannot fail.
    let _ = write!(
        request,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         {headers}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    request
}
