//! Sales and refunds, sent over several connections at once, and what is answered.
//!
//! Where refunds are told as updates, those of one sale are sent one after the other: each says
//! what is left of it by then.
//!
//! A refund needs the number of its sale's conversion: from the answer to the sale, or else looked
//! up by the sale's reference. Where there is none yet, the refund is sent all the same, to a number
//! that no conversion has: that must be answered 404, and must leave its idempotency key free. As
//! long as its sale has still to be answered, the refund is sent again after everything else.

mod pass;
mod request;

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio::{
    sync::Mutex,
    task::{JoinSet, LocalSet},
};

pub(super) use self::pass::Pass;
use self::pass::Sending;
use super::{
    expectation::{Expectation, RefundFate},
    order::{Event, Order, Refund},
    reconciliation::Sent,
    way::Way,
};
use crate::{
    http::{Answer, Client, Connection},
    shown::Conversion,
};

/// How many requests are under way at once.
const CONNECTIONS: usize = 16;

const UPDATED: u16 = 200;

const NOT_FOUND: u16 = 404;

/// Unavailable at the moment: the same request can be sent again.
const UNAVAILABLE: u16 = 503;

/// How long a request is sent again.
const PATIENCE: Duration = Duration::from_secs(90);

/// The number of no conversion.
const NOBODY: i64 = 0;

/// A list of conversions.
#[derive(Debug, Deserialize)]
struct Found {
    data: Vec<Conversion>,
}

/// What the connections share; they take turns on one thread.
struct Shared {
    client: Client,
    expected: Rc<Expectation>,
    sent: Sent,
    queue: RefCell<VecDeque<Event>>,
    /// The conversions of the sales that were answered or found, by reference; none of those that
    /// were not recorded.
    numbers: RefCell<HashMap<String, Option<i64>>>,
    /// What updates have left of sales, by reference.
    left: RefCell<HashMap<String, Rc<Mutex<Decimal>>>>,
    pass: RefCell<Pass>,
    bar: ProgressBar,
}

/// Sends `events` in this order; those that the file has no room for are left out.
///
/// # Errors
/// If the server cannot be reached, ends a connection or does not look up what it should. A wrong
/// answer is in the [`Pass`].
pub(super) fn send(
    title: &str,
    client: &Client,
    events: &[&Event],
    expected: &Rc<Expectation>,
    sent: Sent,
) -> Result<Pass> {
    let is_sent = |event: &Event| match event {
        Event::Sale(_) => true,
        Event::Refund(refund) => expected.is_sent(refund),
    };
    let events = events.iter().copied().filter(|event| is_sent(event));
    let queue: VecDeque<Event> = events.cloned().collect();
    let shared = Rc::new(Shared {
        client: client.clone(),
        expected: Rc::clone(expected),
        sent,
        bar: progress_bar(title, queue.len() as u64)?,
        queue: RefCell::new(queue),
        numbers: RefCell::default(),
        left: RefCell::default(),
        pass: RefCell::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(LocalSet::new().run_until(send_all(Rc::clone(&shared))))?;
    shared.bar.finish_and_clear();
    Ok(shared.pass.take())
}

async fn send_all(shared: Rc<Shared>) -> Result<()> {
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let connection = Connection::open(shared.client.address).await?;
        connections.spawn_local(use_up(connection, Rc::clone(&shared)));
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    Ok(())
}

async fn use_up(mut connection: Connection, shared: Rc<Shared>) -> Result<()> {
    loop {
        let Some(event) = shared.queue.borrow_mut().pop_front() else {
            return Ok(());
        };
        match event {
            Event::Sale(order) => shared.send_sale(&mut connection, &order).await?,
            Event::Refund(refund) => match shared.expected.way {
                Way::Refunds => shared.send_refund(&mut connection, refund).await?,
                Way::Updates => shared.send_update(&mut connection, refund).await?,
            },
        }
    }
}

impl Shared {
    async fn send_sale(&self, connection: &mut Connection, order: &Order) -> Result<()> {
        let reference = &order.reference;
        let digits = self.expected.digits;
        let request = request::sale(order, &self.client.key, digits)?;
        let (answer, was_put_off) = self.ask(connection, &request).await?;
        let fate = self.expected.fates.get(reference);
        let fate = fate.with_context(|| format!("order {reference} was not expected"))?;
        let sending = Sending {
            digits,
            sent: self.sent,
            was_put_off,
        };
        let mut pass = self.pass.borrow_mut();
        let number = pass.add_sale(reference, &answer, fate, sending);
        self.numbers.borrow_mut().insert(reference.clone(), number);
        self.bar.inc(1);
        Ok(())
    }

    async fn send_refund(&self, connection: &mut Connection, refund: Refund) -> Result<()> {
        let fate = self.refund_fate(&refund)?;
        let reference = &refund.reference;
        let is_answered = self.is_answered(reference);
        let number = self.number(connection, reference).await?;
        let request = request::refund(
            &refund,
            fate.sent_amount(refund.amount),
            number.unwrap_or(NOBODY),
            &self.client.key,
        );
        let (answer, _) = self.ask(connection, &request).await?;
        if answer.status == NOT_FOUND && self.is_early(&refund, is_answered) {
            self.send_later(refund);
            return Ok(());
        }
        let sale = self.expected.fates.get(reference);
        let sending = Sending {
            digits: self.expected.digits,
            sent: self.sent,
            was_put_off: false,
        };
        let mut pass = self.pass.borrow_mut();
        pass.add_refund(&refund, &answer, fate, sale, sending);
        self.bar.inc(1);
        Ok(())
    }

    /// Sends what a refund leaves of its sale.
    async fn send_update(&self, connection: &mut Connection, refund: Refund) -> Result<()> {
        let fate = self.refund_fate(&refund)?;
        let (reference, digits) = (&refund.reference, self.expected.digits);
        let left = self.left(reference);
        let mut left = left.lock().await;
        let is_answered = self.is_answered(reference);
        let number = self.number(connection, reference).await?;
        let rest = *left - fate.sent_amount(refund.amount);
        let (number, key) = (number.unwrap_or(NOBODY), &self.client.key);
        let request = request::update(rest, number, key, digits)?;
        let (answer, _) = self.ask(connection, &request).await?;
        if answer.status == NOT_FOUND && self.is_early(&refund, is_answered) {
            self.send_later(refund);
            return Ok(());
        }
        if answer.status == UPDATED {
            *left = rest;
        }
        let mut pass = self.pass.borrow_mut();
        pass.add_update(&refund, &answer, fate, rest, digits);
        self.bar.inc(1);
        Ok(())
    }

    /// What is left of a sale, for whoever has its turn.
    fn left(&self, reference: &str) -> Rc<Mutex<Decimal>> {
        let mut left = self.left.borrow_mut();
        let total = self.expected.due(reference).map(|due| due.total);
        let first = || Rc::new(Mutex::new(total.unwrap_or_default()));
        Rc::clone(left.entry(reference.to_owned()).or_insert_with(first))
    }

    /// Whether the answer to a sale is there.
    fn is_answered(&self, reference: &str) -> bool {
        self.numbers.borrow().contains_key(reference)
    }

    /// Whether a refund came before its sale, whose answer was there or not when it was sent.
    fn is_early(&self, refund: &Refund, is_answered: bool) -> bool {
        !is_answered && self.expected.fates.contains_key(&refund.reference)
    }

    fn send_later(&self, refund: Refund) {
        self.pass.borrow_mut().early += 1;
        self.queue.borrow_mut().push_back(Event::Refund(refund));
    }

    fn refund_fate(&self, refund: &Refund) -> Result<RefundFate> {
        let fate = self.expected.refund_fates.get(&refund.key).copied();
        fate.with_context(|| format!("refund {} was not expected", refund.key))
    }

    /// The number of the conversion of a sale, if it is recorded.
    async fn number(&self, connection: &mut Connection, reference: &str) -> Result<Option<i64>> {
        let known = self.numbers.borrow().get(reference).copied();
        if let Some(number) = known {
            return Ok(number);
        }
        let request = request::look_up(reference, &self.client.key);
        let (answer, _) = self.ask(connection, &request).await?;
        let (status, text) = (answer.status, answer.text());
        ensure!(
            status == 200,
            "order {reference} is looked up: {status} {text}"
        );
        let found: Found = serde_json::from_slice(&answer.body)
            .with_context(|| format!("order {reference} is looked up: {text}"))?;
        let number = found.data.first().map(|conversion| conversion.id);
        if number.is_some() {
            let mut numbers = self.numbers.borrow_mut();
            numbers.insert(reference.to_owned(), number);
        }
        Ok(number)
    }

    /// Sends a request until it is not put off any more; answers also whether it ever was.
    async fn ask(&self, connection: &mut Connection, request: &[u8]) -> Result<(Answer, bool)> {
        let started = Instant::now();
        let mut was_put_off = false;
        loop {
            let answer = connection.send(request).await?;
            if answer.status != UNAVAILABLE || started.elapsed() > PATIENCE {
                return Ok((answer, was_put_off));
            }
            was_put_off = true;
            self.pass.borrow_mut().put_off += 1;
        }
    }
}

fn progress_bar(title: &str, length: u64) -> Result<ProgressBar> {
    let template = "{msg:<46} {wide_bar} {human_pos}/{human_len} {per_sec}";
    let style = ProgressStyle::with_template(template)?;
    Ok(ProgressBar::new(length)
        .with_style(style)
        .with_message(title.to_owned()))
}

#[cfg(test)]
mod tests;
