//! A request's body, capped in size and time whatever its headers promise.
//!
//! The errors are for the dialect to answer in its own words, so they are types that it knows
//! without knowing this crate: [`LengthLimitError`](http_body_util::LengthLimitError) inside an
//! [`io::Error`] for size, [`io::ErrorKind::TimedOut`] for time.
//! `io::Error::source` skips the error it was made from: look with `get_ref` and `downcast_ref`,
//! through each layer of `io::Error` that poem adds.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use poem::http::HeaderMap;
use poem::http::header::EXPECT;
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use crate::http::limits::Limits;

/// A body that ends in an error at a size or at a time.
pub(crate) struct CappedBody {
    /// None once it has ended, in whichever way.
    incoming: Option<Incoming>,
    remaining_bytes: usize,
    deadline: Instant,
    body_timeout: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    /// Whether the client sends only what it was asked for (`Expect: 100-continue`).
    waits_to_be_asked: bool,
}

impl CappedBody {
    pub(crate) fn new(incoming: Incoming, headers: &HeaderMap, limits: &Limits) -> Self {
        Self {
            incoming: Some(incoming),
            remaining_bytes: limits.body_bytes,
            deadline: Instant::now() + limits.body_timeout,
            body_timeout: limits.body_timeout,
            timer: None,
            waits_to_be_asked: headers.contains_key(EXPECT),
        }
    }

    /// Whether the body says of itself that it is larger than what may still come.
    fn promises_too_much(&self, incoming: &Incoming) -> bool {
        usize::try_from(incoming.size_hint().lower())
            .map_or(true, |least| least > self.remaining_bytes)
    }

    /// Ends the body as too large.
    ///
    /// What still comes is read and thrown away until the deadline: a client that writes all of its
    /// request before it reads would otherwise find its connection reset instead of the answer.
    fn refuse_size(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(incoming) = self.incoming.take()
            && !self.waits_to_be_asked
        {
            tokio::spawn(timeout_at(self.deadline, discard(incoming)));
        }
        // LengthLimitError cannot be made outside its crate, so it is asked for.
        let mut over = Limited::new(Full::new(Bytes::from_static(b".")), 0);
        Pin::new(&mut over).poll_frame(cx).map_err(io::Error::other)
    }

    fn refuse_time(&mut self) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.incoming = None;
        let text = format!("the body did not arrive within {:?}", self.body_timeout);
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, text))))
    }
}

async fn discard(mut incoming: Incoming) {
    while let Some(Ok(_)) = incoming.frame().await {}
}

impl Body for CappedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let Some(mut incoming) = this.incoming.take() else {
            return Poll::Ready(None);
        };
        if this.promises_too_much(&incoming) {
            this.incoming = Some(incoming);
            return this.refuse_size(cx);
        }
        let polled = Pin::new(&mut incoming).poll_frame(cx);
        this.incoming = Some(incoming);
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                match this.remaining_bytes.checked_sub(length) {
                    Some(remaining) => {
                        this.remaining_bytes = remaining;
                        Poll::Ready(Some(Ok(frame)))
                    }
                    None => this.refuse_size(cx),
                }
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(io::Error::other(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                // Made only when there is something to wait for: most bodies come with their head.
                let deadline = this.deadline;
                let timer = this
                    .timer
                    .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                match timer.as_mut().poll(cx) {
                    Poll::Ready(()) => this.refuse_time(),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
