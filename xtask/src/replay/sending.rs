//! Sales, sent over several connections at once, and what is answered.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;
use tokio::task::{JoinSet, LocalSet};

use super::{
    expectation::{self, Expectation, Fate, Sums},
    order::Order,
};
use crate::http::{self, Answer, Client, Connection};

/// How many requests are under way at once.
const CONNECTIONS: usize = 16;

/// Unavailable at the moment: the same request can be sent again.
const UNAVAILABLE: u16 = 503;

/// How long a sale is sent again.
const PATIENCE: Duration = Duration::from_secs(90);

/// What was answered to a file's sales.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// By this pass.
    pub(super) recorded: Sums,
    /// Before this pass.
    pub(super) replayed: Sums,
    /// Answers 503: the sale was sent again.
    pub(super) put_off: u64,
    /// By the server's sentence.
    pub(super) refused: BTreeMap<String, u64>,
    /// Answers that are not what must come of the sale.
    pub(super) wrong: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Created {
    data: CreatedSale,
}

#[derive(Debug, Deserialize)]
struct CreatedSale {
    external_id: String,
    total: i64,
    commission: i64,
}

#[derive(Debug, Deserialize)]
struct Refused {
    error: String,
}

/// How an answered sale was sent.
#[derive(Clone, Copy, Debug)]
struct Sending {
    /// Of the currency's minor unit.
    digits: u32,
    /// Whether it was new to the server and an earlier attempt was answered 503, so that the
    /// attempt may have recorded it all the same.
    may_be_recorded: bool,
}

impl Pass {
    /// Sums up one answer, and compares it with what must come of the sale.
    ///
    /// A new sale that was put off and recorded all the same was recorded by this pass.
    fn add(&mut self, reference: &str, answer: &Answer, fate: &Fate, sent: Sending) {
        let as_it_must = match (answer.status, fate) {
            (201, _) => self.add_created(reference, answer, fate, sent),
            (422, Fate::Refused(refusal)) => {
                self.count_refused(answer) == Some(refusal.sentence().to_owned())
            }
            (422, Fate::Recorded(_)) => {
                self.count_refused(answer);
                false
            }
            _ => false,
        };
        if !as_it_must {
            let (status, text) = (answer.status, answer.text());
            self.wrong
                .push(format!("order {reference} was answered {status}: {text}"));
        }
    }

    fn count_refused(&mut self, answer: &Answer) -> Option<String> {
        let refused: Refused = serde_json::from_slice(&answer.body).ok()?;
        *self.refused.entry(refused.error.clone()).or_default() += 1;
        Some(refused.error)
    }

    fn add_created(
        &mut self,
        reference: &str,
        answer: &Answer,
        fate: &Fate,
        sent: Sending,
    ) -> bool {
        let Ok(Created { data }) = serde_json::from_slice::<Created>(&answer.body) else {
            return false;
        };
        let total = Decimal::new(data.total, sent.digits);
        let commission = Decimal::new(data.commission, sent.digits);
        let sums = if answer.is_replay && !sent.may_be_recorded {
            &mut self.replayed
        } else {
            &mut self.recorded
        };
        sums.add(total, commission);
        match fate {
            Fate::Refused(_) => false,
            Fate::Recorded(due) => {
                data.external_id == reference && (total, commission) == (due.total, due.commission)
            }
        }
    }
}

/// What the connections share; they take turns on one thread.
struct Shared {
    /// The reference and the whole request of each sale, in the order in which they are sent.
    requests: Vec<(String, Vec<u8>)>,
    next: Cell<usize>,
    fates: HashMap<String, Fate>,
    digits: u32,
    is_all_new: bool,
    pass: RefCell<Pass>,
    bar: ProgressBar,
}

/// Sends `orders` in this order; `is_all_new` if the server knows none of them.
///
/// # Errors
/// If the server cannot be reached or ends a connection. A wrong answer is in the [`Pass`].
pub(super) fn send(
    title: &str,
    client: &Client,
    orders: &[&Order],
    expectation: &Expectation,
    is_all_new: bool,
) -> Result<Pass> {
    let requests = orders
        .iter()
        .map(|order| {
            Ok((
                order.reference.clone(),
                request(order, client, expectation)?,
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    let shared = Rc::new(Shared {
        bar: progress_bar(title, requests.len() as u64)?,
        requests,
        next: Cell::new(0),
        fates: expectation.fates.clone(),
        digits: expectation.digits,
        is_all_new,
        pass: RefCell::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let all = send_all(client.address, Rc::clone(&shared));
    runtime.block_on(LocalSet::new().run_until(all))?;
    shared.bar.finish_and_clear();
    Ok(shared.pass.take())
}

/// A sale as Growi's clients report it.
fn request(order: &Order, client: &Client, expectation: &Expectation) -> Result<Vec<u8>> {
    let text = expectation::minor_units(order.total, expectation.digits)?;
    // By its text: a float would not be the same number.
    let total: Box<serde_json::value::RawValue> = serde_json::from_str(&text)?;
    let rest = json!({
        "order_id": order.reference,
        "currency": order.currency,
        "campaign_affiliate_id": expectation::tag(order.customer.as_deref()),
        "occurred_at": order.occurred_at,
    });
    let rest = rest.to_string();
    let rest = rest.strip_prefix('{').context("not an object")?;
    let body = format!("{{\"total\":{total},{rest}");
    Ok(http::sale_request(&client.key, &body))
}

async fn send_all(address: SocketAddr, shared: Rc<Shared>) -> Result<()> {
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let connection = Connection::open(address).await?;
        connections.spawn_local(use_up(connection, Rc::clone(&shared)));
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    Ok(())
}

async fn use_up(mut connection: Connection, shared: Rc<Shared>) -> Result<()> {
    loop {
        let number = shared.next.replace(shared.next.get() + 1);
        let Some((reference, request)) = shared.requests.get(number) else {
            return Ok(());
        };
        let started = Instant::now();
        let mut was_put_off = false;
        let answer = loop {
            let answer = connection.send(request).await?;
            if answer.status != UNAVAILABLE || started.elapsed() > PATIENCE {
                break answer;
            }
            was_put_off = true;
            shared.pass.borrow_mut().put_off += 1;
        };
        let sent = Sending {
            digits: shared.digits,
            may_be_recorded: was_put_off && shared.is_all_new,
        };
        let fate = shared
            .fates
            .get(reference)
            .with_context(|| format!("order {reference} was not expected"))?;
        shared.pass.borrow_mut().add(reference, &answer, fate, sent);
        shared.bar.inc(1);
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
mod tests {
    use super::*;
    use crate::replay::expectation::{Due, Refusal};

    fn due() -> Fate {
        Fate::Recorded(Due {
            tag: "replay-00".to_owned(),
            total: Decimal::new(1000, 2),
            commission: Decimal::new(50, 2),
        })
    }

    fn pass(status: u16, is_replay: bool, body: &str, fate: &Fate) -> Pass {
        let body = body.as_bytes().to_vec();
        let answer = Answer {
            status,
            is_replay,
            body,
        };
        let mut pass = Pass::default();
        pass.add("1", &answer, fate, sent(false));
        pass
    }

    fn sent(may_be_recorded: bool) -> Sending {
        Sending {
            digits: 2,
            may_be_recorded,
        }
    }

    const RIGHT: &str = r#"{"data":{"id":1,"external_id":"1","total":1000,"commission":50}}"#;

    #[test]
    fn the_right_answers_are_summed_up() {
        let new = pass(201, false, RIGHT, &due());
        assert_eq!((new.recorded.count, new.replayed.count), (1, 0));
        assert_eq!(new.recorded.commission, Decimal::new(50, 2));
        let again = pass(201, true, RIGHT, &due());
        assert_eq!((again.recorded.count, again.replayed.count), (0, 1));
        let body = r#"{"error":"Total must be an integer."}"#;
        let refused = pass(422, false, body, &Fate::Refused(Refusal::TooFine));
        assert_eq!(refused.refused["Total must be an integer."], 1);
        for pass in [new, again, refused] {
            assert!(pass.wrong.is_empty(), "{pass:?}");
        }
    }

    #[test]
    fn what_was_put_off_and_recorded_all_the_same_was_recorded_by_this_pass() {
        let answer = Answer {
            status: 201,
            is_replay: true,
            body: RIGHT.as_bytes().to_vec(),
        };
        let mut pass = Pass::default();
        pass.add("1", &answer, &due(), sent(true));
        assert_eq!((pass.recorded.count, pass.replayed.count), (1, 0));
        assert!(pass.wrong.is_empty());
    }

    #[test]
    fn every_other_answer_is_wrong() {
        let refused = r#"{"error":"Total must be an integer."}"#;
        for (status, body, fate) in [
            (201, RIGHT.replace(":50}", ":51}"), due()),
            (201, RIGHT.replace("1000", "1001"), due()),
            (201, RIGHT.replace("\"1\"", "\"2\""), due()),
            (201, RIGHT.to_owned(), Fate::Refused(Refusal::NotPositive)),
            (201, "{}".to_owned(), due()),
            (422, refused.to_owned(), due()),
            (422, refused.to_owned(), Fate::Refused(Refusal::NotPositive)),
            (503, refused.to_owned(), Fate::Refused(Refusal::TooFine)),
        ] {
            let wrong = pass(status, false, &body, &fate).wrong;
            assert_eq!(wrong.len(), 1, "{status} {body} {fate:?}");
        }
    }
}
