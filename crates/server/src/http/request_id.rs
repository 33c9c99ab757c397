//! The name by which one request is found in the logs of both sides.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use poem::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it, in both directions.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a client, in bytes.
const LONGEST: usize = 64;

/// A client's own id of its request, or one of ours: 1 to 64 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that `headers` bring if it is fit to be logged, otherwise a new one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(HEADER)
            .and_then(Self::taken_over)
            .unwrap_or_else(Self::mint)
    }

    fn taken_over(value: &HeaderValue) -> Option<Self> {
        let bytes = value.as_bytes();
        let is_sane =
            (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        let text = std::str::from_utf8(bytes).ok()?;
        is_sane.then(|| Self(text.into()))
    }

    /// Unique across processes by its first half, within this one by its second.
    fn mint() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // Ids are for finding log lines, not for guessing: without randomness the start does.
        let process = PROCESS.get_or_init(|| getrandom::u64().unwrap_or_default());
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{process:016x}{count:016x}").into())
    }

    /// The id as it is logged and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a header's value.
    #[must_use]
    pub fn to_header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(value).unwrap());
        RequestId::of(&headers)
    }

    #[test]
    fn a_clients_id_is_kept_when_it_is_sane() {
        assert_eq!(of("order-1001/retry=2").as_str(), "order-1001/retry=2");
        assert_eq!(of(&"x".repeat(64)).as_str(), "x".repeat(64));
    }

    #[test]
    fn any_other_id_is_replaced() {
        for insane in ["", "two words", "tab\tbed", &"x".repeat(65)] {
            let id = of(insane);
            assert_ne!(id.as_str(), insane);
            assert_eq!(id.as_str().len(), 32);
        }
    }

    #[test]
    fn minted_ids_differ() {
        assert_ne!(
            RequestId::of(&HeaderMap::new()),
            RequestId::of(&HeaderMap::new())
        );
    }
}
