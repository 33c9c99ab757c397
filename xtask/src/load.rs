//! A load generator that leaves the processors to the server: one thread, keep-alive connections,
//! requests written whole, of an answer only what counting needs.
//!
//! The loop is closed: each connection sends its next request once it has its answer.

mod connection;
mod tally;

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::task::{JoinSet, LocalSet};

pub(crate) use tally::Tally;

/// How long the last answers may take once nothing more is sent.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most that a run with a number of requests may take.
const COUNT_PATIENCE: Duration = Duration::from_secs(600);

/// What is sent.
pub(crate) trait Requests: 'static {
    /// Appends the whole request with this number: from 0, each number once in a run.
    fn write(&self, number: u64, request: &mut Vec<u8>);

    /// What each answer must be.
    fn expected(&self) -> Expected;
}

/// What each answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    /// Whether it must have the header `X-Accrual-Replay`, or must not.
    pub(crate) is_replay: bool,
}

/// How much is sent, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) address: SocketAddr,
    pub(crate) connections: usize,
    pub(crate) span: Span,
}

/// When sending stops.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    /// After `warm_up`, which is counted but not measured, and then `measured`.
    Time {
        warm_up: Duration,
        measured: Duration,
    },
    /// After that many requests, all of them measured.
    Count(u64),
}

/// Sends `requests` as `plan` says.
///
/// # Errors
/// If the server cannot be reached, closes a connection, does not answer in time or not in HTTP;
/// or if any answer is not the one expected.
pub(crate) fn run(plan: &Plan, requests: impl Requests) -> Result<Tally> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tally = runtime.block_on(LocalSet::new().run_until(send(*plan, requests)))?;
    tally.check()?;
    Ok(tally)
}

/// What the connections share; they take turns on one thread.
struct Shared<R> {
    requests: R,
    tally: RefCell<Tally>,
    next: Cell<u64>,
    limit: u64,
    stops: Option<Instant>,
}

impl<R: Requests> Shared<R> {
    /// The number of the next request, unless it is time to stop.
    fn next(&self) -> Option<u64> {
        let number = self.next.get();
        let is_over = number >= self.limit || self.stops.is_some_and(|at| Instant::now() >= at);
        self.next.set(number + 1);
        (!is_over).then_some(number)
    }
}

async fn send(plan: Plan, requests: impl Requests) -> Result<Tally> {
    let mut streams = Vec::new();
    for _ in 0..plan.connections {
        let stream = connection::open(plan.address).await;
        streams.push(stream.with_context(|| format!("{} cannot be reached", plan.address))?);
    }
    let start = Instant::now();
    let (limit, window, patience) = match plan.span {
        Span::Time { warm_up, measured } => {
            let from = start + warm_up;
            (
                u64::MAX,
                Some((from, measured)),
                warm_up + measured + PATIENCE,
            )
        }
        Span::Count(limit) => (limit, None, COUNT_PATIENCE),
    };
    let expected = requests.expected();
    let shared = Rc::new(Shared {
        requests,
        tally: RefCell::new(Tally::new(expected, window)?),
        next: Cell::new(0),
        limit,
        stops: window.map(|(from, measured)| from + measured),
    });
    let mut connections = JoinSet::new();
    for stream in streams {
        connections.spawn_local(connection::use_up(stream, Rc::clone(&shared)));
    }
    let all = async {
        while let Some(ended) = connections.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(patience, all)
        .await
        .with_context(|| format!("not every answer came within {} s", patience.as_secs()))??;
    drop(connections);
    let shared = Rc::into_inner(shared).context("a connection is still used")?;
    let mut tally = shared.tally.into_inner();
    if window.is_none() {
        tally.elapsed = start.elapsed();
    }
    ensure!(tally.measured > 0, "not one answer came in time");
    Ok(tally)
}

#[cfg(test)]
mod tests;
