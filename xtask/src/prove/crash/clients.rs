//! Those who report sales: new ones, and ones that were sent before.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use super::journal::{Ack, Line, Writer};
use crate::http::{self, Answer, Connection};

/// How many enrollments the sales are spread over.
pub(super) const TAGS: usize = 8;

/// How many of a hundred reports are of a new sale.
const NEW_PERCENT: u32 = 70;

/// Half of the repetitions are of so many sales that were sent last: some are under way.
const RECENT: usize = 100;

/// In cents, so that no commission is zero.
const TOTALS: std::ops::Range<i64> = 100..50_000;

/// The tag of one of the enrollments.
pub(super) fn tag(number: usize) -> String {
    format!("crash-{}", number % TAGS)
}

/// The sale with this number, counted from 0.
pub(super) fn reference(number: usize) -> String {
    format!("crash-{number:08}")
}

/// A sale that was, or is about to be, sent.
#[derive(Debug)]
struct Sale {
    /// In cents.
    total: i64,
    /// Whether the journal has it: it is not sent before.
    is_journaled: bool,
    /// Whether the journal has an acknowledgement.
    is_acked: bool,
}

/// How often the clients of one round did what.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) repeated: u64,
    pub(super) acknowledged: u64,
    /// Answered 503: send it again.
    pub(super) put_off: u64,
}

/// What the clients share; they take turns on one thread.
#[derive(Debug)]
pub(super) struct Shared {
    key: String,
    journal: Writer,
    /// By number.
    sales: RefCell<Vec<Sale>>,
    random: RefCell<fastrand::Rng>,
    counts: Cell<Counts>,
    /// Whether connections may break.
    pub(super) is_killed: Cell<bool>,
}

#[derive(Debug, Deserialize)]
struct Created {
    data: CreatedSale,
}

#[derive(Debug, Deserialize)]
struct CreatedSale {
    id: i64,
    external_id: String,
    total: i64,
    commission: i64,
}

impl Shared {
    pub(super) fn new(key: String, journal: Writer, seed: u64) -> Self {
        Self {
            key,
            journal,
            sales: RefCell::default(),
            random: RefCell::new(fastrand::Rng::with_seed(seed)),
            counts: Cell::default(),
            is_killed: Cell::new(false),
        }
    }

    /// The counts since the last time.
    pub(super) fn take_counts(&self) -> Counts {
        self.counts.take()
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }

    /// The number of a new sale, which is in the journal.
    async fn new_sale(&self) -> Result<usize> {
        let total = self.random.borrow_mut().i64(TOTALS);
        let number = {
            let mut sales = self.sales.borrow_mut();
            sales.push(Sale {
                total,
                is_journaled: false,
                is_acked: false,
            });
            sales.len() - 1
        };
        let reference = reference(number);
        self.journal.write(&Line::Sent { reference, total }).await?;
        self.sales.borrow_mut()[number].is_journaled = true;
        Ok(number)
    }

    /// The number of a sale that was sent before, unless this turn is for a new one.
    fn sent_before(&self) -> Option<usize> {
        let mut random = self.random.borrow_mut();
        let sales = self.sales.borrow();
        if sales.is_empty() || random.u32(..100) < NEW_PERCENT {
            return None;
        }
        let first = if random.bool() {
            sales.len().saturating_sub(RECENT)
        } else {
            0
        };
        let number = random.usize(first..sales.len());
        sales[number].is_journaled.then_some(number)
    }

    fn request(&self, number: usize) -> Vec<u8> {
        let body = json!({
            "order_id": reference(number),
            "currency": "usd",
            "total": self.sales.borrow()[number].total,
            "campaign_affiliate_id": tag(number),
            "occurred_at": "2026-01-31T12:00:00Z",
        });
        http::sale_request(&self.key, &body.to_string())
    }

    /// Journals what `answer` says of the sale `number`.
    ///
    /// # Errors
    /// If it is not the acknowledgement of this sale, or says that an acknowledged one is new.
    async fn acknowledge(&self, number: usize, was_acked: bool, answer: &Answer) -> Result<()> {
        let reference = reference(number);
        let (status, text) = (answer.status, answer.text());
        let said = || format!("{reference} was answered {status}: {text}");
        ensure!(status == 201, said());
        let Created { data } = serde_json::from_slice(&answer.body).with_context(said)?;
        let total = self.sales.borrow()[number].total;
        ensure!(data.external_id == reference && data.total == total, said());
        ensure!(
            answer.is_replay || !was_acked,
            "{reference} was acknowledged, and is new again: {text}"
        );
        let ack = Ack {
            sale: data.id,
            commission: data.commission,
            is_replay: answer.is_replay,
        };
        let line = Line::Acked { reference, ack };
        self.journal.write(&line).await?;
        self.sales.borrow_mut()[number].is_acked = true;
        self.count(|counts| counts.acknowledged += 1);
        Ok(())
    }

    /// Sends the sale `number`, which is in the journal, and waits for the answer.
    ///
    /// # Errors
    /// If the connection breaks while the server should be there, or the answer is another.
    async fn report(&self, connection: &mut Connection, number: usize) -> Result<Sending> {
        let was_acked = self.sales.borrow()[number].is_acked;
        match connection.send(&self.request(number)).await {
            Ok(answer) if answer.status == UNAVAILABLE => {
                self.count(|counts| counts.put_off += 1);
                Ok(Sending::PutOff)
            }
            Ok(answer) => {
                self.acknowledge(number, was_acked, &answer).await?;
                Ok(Sending::Acknowledged)
            }
            Err(_) if self.is_killed.get() => Ok(Sending::CutOff),
            Err(error) => Err(error.context("nobody has killed the server")),
        }
    }

    /// Reports the sale `number` until it is acknowledged.
    async fn insist(&self, connection: &mut Connection, number: usize) -> Result<()> {
        let started = Instant::now();
        while self.report(connection, number).await? != Sending::Acknowledged {
            let reference = reference(number);
            ensure!(
                started.elapsed() < PATIENCE,
                "{reference} is put off again and again"
            );
        }
        Ok(())
    }
}

/// Unavailable at the moment.
const UNAVAILABLE: u16 = 503;

/// How long a server that puts off is asked again: a disk may stall.
const PATIENCE: Duration = Duration::from_secs(90);

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    Acknowledged,
    /// It may be recorded or not, and can be sent again.
    PutOff,
    CutOff,
}

/// Reports sales until the server is killed.
///
/// # Errors
/// If it stops answering before that, or answers something else than an acknowledgement.
pub(super) async fn report_until_killed(
    mut connection: Connection,
    shared: Rc<Shared>,
) -> Result<()> {
    loop {
        let number = match shared.sent_before() {
            Some(number) => {
                shared.count(|counts| counts.repeated += 1);
                number
            }
            None => {
                let number = shared.new_sale().await?;
                shared.count(|counts| counts.new += 1);
                number
            }
        };
        if shared.report(&mut connection, number).await? == Sending::CutOff {
            return Ok(());
        }
    }
}

/// Sends the first sale, for the first time or again: once it is acknowledged, the server is back.
///
/// # Errors
/// If it is not acknowledged in time.
pub(super) async fn knock(address: SocketAddr, shared: &Shared) -> Result<()> {
    let is_first = shared.sales.borrow().is_empty();
    let number = if is_first {
        shared.new_sale().await?
    } else {
        0
    };
    let mut connection = Connection::open(address).await?;
    shared.insist(&mut connection, number).await
}

/// Sends the sales with these references again, until each is acknowledged.
///
/// # Errors
/// If one is not in time.
pub(super) async fn send_again(
    address: SocketAddr,
    shared: &Shared,
    references: &[String],
) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    for reference in references {
        let digits = reference.rsplit('-').next().unwrap_or_default();
        shared.insist(&mut connection, digits.parse()?).await?;
    }
    Ok(())
}
