//! A socket that does not wait for ever: neither for the rest of a head, nor for the next request,
//! nor for a client that does not read its answer.
//!
//! hyper has one timeout for a head and for the idleness before it (`header_read_timeout`), counted
//! from the answer before. So short a time for a head would close connections that clients mean to
//! use again, and so long a one for idleness would let a slow head hold its slot: the two are
//! told apart here, by the first byte.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::http::limits::Limits;

/// Where a connection stands; told by its service, read by its socket. All run in one task.
#[derive(Debug, Default)]
pub(crate) struct Phase(AtomicU8);

impl Phase {
    const HEAD: u8 = 0;
    const IDLE: u8 = 1;
    const ANSWERING: u8 = 2;

    /// A head has been read: the request's own limits count from here.
    pub(crate) fn answering(&self) {
        self.0.store(Self::ANSWERING, Ordering::Relaxed);
    }

    /// The answer is on its way: the next request may come, or not.
    pub(crate) fn idle(&self) {
        self.0.store(Self::IDLE, Ordering::Relaxed);
    }

    fn head_begun(&self) {
        self.0.store(Self::HEAD, Ordering::Relaxed);
    }

    fn now(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that fails with [`io::ErrorKind::TimedOut`] when its client stalls.
#[derive(Debug)]
pub(crate) struct Paced<S> {
    stream: S,
    phase: Arc<Phase>,
    seen: u8,
    seen_since: Instant,
    limits: Limits,
    reading: Stall,
    writing: Stall,
    writing_since: Option<Instant>,
}

impl<S> Paced<S> {
    pub(crate) fn new(stream: S, phase: Arc<Phase>, limits: Limits) -> Self {
        Self {
            stream,
            seen: phase.now(),
            phase,
            seen_since: Instant::now(),
            limits,
            reading: Stall::default(),
            writing: Stall::default(),
            writing_since: None,
        }
    }

    fn observe_phase(&mut self) -> u8 {
        let phase = self.phase.now();
        if phase != self.seen {
            self.seen = phase;
            self.seen_since = Instant::now();
        }
        phase
    }

    /// How long the client may be silent from `seen_since`; None while it waits for us.
    fn patience(&self) -> Option<Duration> {
        match self.seen {
            Phase::HEAD => Some(self.limits.header_timeout),
            Phase::IDLE => Some(self.limits.keep_alive),
            _ => None,
        }
    }

    fn written<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.writing_since = None;
            return polled;
        }
        let since = *self.writing_since.get_or_insert_with(Instant::now);
        self.writing
            .poll(since + self.limits.request_timeout, cx)
            .map(Err)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let phase = this.observe_phase();
        let filled = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if polled.is_ready() {
            if phase == Phase::IDLE && buffer.filled().len() > filled {
                this.phase.head_begun();
                this.observe_phase();
            }
            return polled;
        }
        match this.patience() {
            Some(patience) => this.reading.poll(this.seen_since + patience, cx).map(Err),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.written(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// A timer that is made when first needed and then used again.
#[derive(Debug, Default)]
struct Stall(Option<Pin<Box<Sleep>>>);

impl Stall {
    /// Ready with the error once `deadline` has passed.
    fn poll(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<io::Error> {
        let timer = self
            .0
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer
            .as_mut()
            .poll(cx)
            .map(|()| io::Error::from(io::ErrorKind::TimedOut))
    }
}
