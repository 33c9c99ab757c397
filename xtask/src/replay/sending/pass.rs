//! What was answered, beside what had to be.

mod update;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{
    http::Answer,
    replay::{
        expectation::{Due, Fate, RefundFate, Refunds, Sums},
        order::Refund,
        reconciliation::Sent,
    },
    shown::Conversion,
};

/// What was answered to what a file has.
#[derive(Debug, Default)]
pub(in crate::replay) struct Pass {
    /// Sales recorded by this pass, as they were then: nothing was given back yet.
    pub(in crate::replay) recorded: Sums,
    /// Sales recorded before this pass, as they are now; what was given back is not shown.
    pub(in crate::replay) replayed: Sums,
    /// Answers 503: the request was sent again.
    pub(in crate::replay) put_off: u64,
    /// Sales, by the server's sentence.
    pub(in crate::replay) refused: BTreeMap<String, u64>,
    /// Made by this pass or before it.
    pub(in crate::replay) refunds: Refunds,
    /// Refunds that came before their sales: answered 404, and sent again.
    pub(in crate::replay) early: u64,
    /// Answers that are not what must come of the sale or the refund.
    pub(in crate::replay) wrong: Vec<String>,
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

#[derive(Debug, Deserialize)]
struct Refused {
    error: String,
}

/// Problem details.
#[derive(Debug, Deserialize)]
struct Problem {
    field: Option<String>,
}

/// How what was answered was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sending {
    /// Of the currency's minor unit.
    pub(super) digits: u32,
    pub(super) sent: Sent,
    /// Whether an earlier attempt was answered 503, and so may have recorded it all the same.
    pub(super) was_put_off: bool,
}

impl Pass {
    /// Sums up the answer to a sale, and compares it with what must come of the sale; answers the
    /// conversion's number.
    ///
    /// A new sale that was put off and recorded all the same was recorded by this pass.
    pub(super) fn add_sale(
        &mut self,
        reference: &str,
        answer: &Answer,
        fate: &Fate,
        sending: Sending,
    ) -> Option<i64> {
        let mut number = None;
        let as_it_must = match (answer.status, fate) {
            (201, _) => {
                let created = serde_json::from_slice::<Created>(&answer.body).ok();
                created.is_some_and(|Created { data }| {
                    number = Some(data.id);
                    let is_right = self.add_created(&data, answer.is_replay, fate, sending);
                    is_right && data.external_id == reference
                })
            }
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
            self.add_wrong(&format!("order {reference}"), answer);
        }
        number
    }

    fn count_refused(&mut self, answer: &Answer) -> Option<String> {
        let sentence = sentence(answer)?;
        *self.refused.entry(sentence.clone()).or_default() += 1;
        Some(sentence)
    }

    fn add_created(
        &mut self,
        sale: &CreatedSale,
        is_replay: bool,
        fate: &Fate,
        sending: Sending,
    ) -> bool {
        let digits = sending.digits;
        let total = Decimal::new(sale.total, digits);
        let commission = Decimal::new(sale.commission, digits);
        let is_known = is_replay && !(sending.was_put_off && sending.sent == Sent::First);
        let sums = if is_known {
            &mut self.replayed
        } else {
            &mut self.recorded
        };
        let Fate::Recorded(due) = fate else {
            sums.add(total, Decimal::ZERO, commission);
            return false;
        };
        let first = due.commission(Decimal::ZERO, digits);
        let last = due.commission(due.refunded, digits);
        let may_be = match (is_replay, sending.sent) {
            (false, _) => first..=first,
            (true, Sent::Again) => last..=last,
            // Some of its refunds may be there, and others not.
            (true, Sent::First | Sent::Perhaps) => last..=first,
        };
        // One that was put off may be shown after a refund: it was recorded before.
        let counted = if is_known { commission } else { first };
        sums.add(total, Decimal::ZERO, counted);
        total == due.total && may_be.contains(&commission)
    }

    /// Counts the answer to a refund, and compares it with what must come of the refund.
    pub(super) fn add_refund(
        &mut self,
        refund: &Refund,
        answer: &Answer,
        fate: RefundFate,
        sale: Option<&Fate>,
        sending: Sending,
    ) {
        let as_it_must = match (answer.status, fate) {
            (201, RefundFate::Made(amount)) => {
                self.refunds.add(amount);
                let shown = serde_json::from_slice::<Conversion>(&answer.body);
                shown.is_ok_and(|shown| {
                    shown.reference == refund.reference && follows(&shown, amount, sale, sending)
                })
            }
            (404, RefundFate::NotFound) => {
                self.refunds.not_found += 1;
                true
            }
            (422, RefundFate::Refused(refusal)) => {
                self.refunds.refuse(refusal);
                let problem = serde_json::from_slice::<Problem>(&answer.body);
                problem.is_ok_and(|problem| problem.field.as_deref() == Some("amount"))
            }
            _ => false,
        };
        if !as_it_must {
            self.add_wrong(&format!("refund {}", refund.key), answer);
        }
    }

    fn add_wrong(&mut self, what: &str, answer: &Answer) {
        let (status, text) = (answer.status, answer.text());
        let wrong = format!("{what} was answered {status}: {text}");
        self.wrong.push(wrong);
    }
}

/// What an answer in Growi's words says is wrong.
fn sentence(answer: &Answer) -> Option<String> {
    let refused: Refused = serde_json::from_slice(&answer.body).ok()?;
    Some(refused.error)
}

/// Whether a conversion is as it can be once `amount` was given back: others may have been, too.
fn follows(shown: &Conversion, amount: Decimal, sale: Option<&Fate>, sending: Sending) -> bool {
    let Some(Fate::Recorded(due)) = sale else {
        return false;
    };
    let Due {
        total, refunded, ..
    } = due;
    let may_be = match sending.sent {
        Sent::Again => *refunded..=*refunded,
        Sent::First | Sent::Perhaps => amount..=*refunded,
    };
    shown.total == Some(*total)
        && may_be.contains(&shown.refunded)
        && shown.commission() == due.commission(shown.refunded, sending.digits)
}

#[cfg(test)]
mod tests;
