//! The requests that are measured: sales reported as Growi's clients do.

use std::io::Write;

use crate::load::{Expected, Requests};

const PATH: &str = "/api/public/v1/affiliate_sales";

/// How many enrollments the sales are spread over.
pub(super) const TAGS: u64 = 50;

/// How many customers the sales are spread over.
const CUSTOMERS: u64 = 10_000;

/// The tag of one of the enrollments.
pub(super) fn tag(number: u64) -> String {
    format!("TAG{:02}", number % TAGS)
}

/// Sales whose references are numbered.
#[derive(Debug)]
pub(super) struct Sales {
    /// Up to the body, which has always the same length.
    head: Vec<u8>,
    occurred_at: String,
    which: Which,
}

#[derive(Clone, Copy, Debug)]
enum Which {
    /// From this number on.
    New { first: u64 },
    /// Again and again those below this number.
    Replays { recorded: u64 },
}

impl Sales {
    /// References that are new, where those below `first` are recorded already.
    pub(super) fn new(key: &str, occurred_at: &str, first: u64) -> Self {
        Self::of(key, occurred_at, Which::New { first })
    }

    /// The references below `recorded` again, with the same facts.
    pub(super) fn replays(key: &str, occurred_at: &str, recorded: u64) -> Self {
        Self::of(key, occurred_at, Which::Replays { recorded })
    }

    fn of(key: &str, occurred_at: &str, which: Which) -> Self {
        let mut body = Vec::new();
        write_body(&mut body, 0, occurred_at);
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Self {
            head: head.into_bytes(),
            occurred_at: occurred_at.to_owned(),
            which,
        }
    }
}

impl Requests for Sales {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        let number = match self.which {
            Which::New { first } => first + number,
            Which::Replays { recorded } => number % recorded.max(1),
        };
        request.extend_from_slice(&self.head);
        write_body(request, number, &self.occurred_at);
    }

    fn expected(&self) -> Expected {
        Expected {
            status: 201,
            is_replay: matches!(self.which, Which::Replays { .. }),
        }
    }
}

fn write_body(request: &mut Vec<u8>, number: u64, occurred_at: &str) {
    let (tag, customer) = (number % TAGS, number % CUSTOMERS);
    // Writing to memory cannot fail.
    let _ = write!(
        request,
        r#"{{"order_id":"order-{number:010}","total":9999,"currency":"usd","#
    );
    let _ = write!(
        request,
        r#""campaign_affiliate_id":"TAG{tag:02}","occurred_at":"{occurred_at}","#
    );
    let _ = write!(
        request,
        r#""customer_email":"buyer-{customer:05}@example.com"}}"#
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2026-01-31T12:00:00Z";

    fn text(sales: &Sales, number: u64) -> String {
        let mut request = Vec::new();
        sales.write(number, &mut request);
        String::from_utf8(request).unwrap()
    }

    #[test]
    fn a_request_is_whole() {
        let request = text(&Sales::new("k", NOON, 100), 23);
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["order_id"], "order-0000000123");
        assert_eq!(body["campaign_affiliate_id"], tag(123));
    }

    #[test]
    fn replays_repeat_what_was_new() {
        let replays = Sales::replays("k", NOON, 10);
        assert_eq!(text(&replays, 13), text(&Sales::new("k", NOON, 0), 3));
        assert!(replays.expected().is_replay);
    }
}
