//! As much of HTTP/1.1 as it takes to know where an answer ends.

use anyhow::{Context, Result};

/// What is read of an answer's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Whether it has `X-Accrual-Replay`.
    pub(crate) is_replay: bool,
    /// In bytes, with the empty line that ends it.
    pub(crate) head_length: usize,
    /// Of head and body together, in bytes.
    pub(crate) total_length: usize,
}

impl Head {
    /// The head at the beginning of `bytes`; none while it is not complete.
    ///
    /// # Errors
    /// If it is not HTTP/1.1, or does not say how long the body is.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = str::from_utf8(&bytes[..end]).context("an answer's head is not text")?;
        let mut lines = text.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.strip_prefix("HTTP/1.1 "))
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .with_context(|| format!("not an HTTP/1.1 answer: {text}"))?;
        let mut length = None;
        let mut is_replay = false;
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse::<usize>().ok();
            } else if name.eq_ignore_ascii_case("x-accrual-replay") {
                is_replay = true;
            }
        }
        let length = length.with_context(|| format!("an answer without a length: {text}"))?;
        Ok(Some(Self {
            status,
            is_replay,
            head_length: end + 4,
            total_length: end + 4 + length,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_what_is_counted() {
        let head = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\nX-ACCRUAL-REPLAY: 1\r\n\r\n{}";
        let expected = Head {
            status: 201,
            is_replay: true,
            head_length: head.len() - 2,
            total_length: head.len(),
        };
        assert_eq!(Head::parse(head).unwrap(), Some(expected));
        let part = head.len() - 3;
        assert_eq!(Head::parse(&head[..part]).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_counted_is_an_error() {
        assert!(Head::parse(b"SSH-2.0\r\n\r\n").is_err());
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }
}
