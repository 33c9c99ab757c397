//! The answer to an update of a sale's total, beside what it had to be.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::Pass;
use crate::{
    http::Answer,
    replay::{
        expectation::{RefundFate, commission},
        order::Refund,
    },
};

#[derive(Debug, Deserialize)]
struct Updated {
    data: UpdatedSale,
}

#[derive(Debug, Deserialize)]
struct UpdatedSale {
    external_id: String,
    status: String,
    total: i64,
    commission: i64,
}

impl Pass {
    /// Counts the answer to the update by which a refund leaves `rest` of its sale, in a currency
    /// with so many `digits`, and compares it with what must come of it.
    pub(in crate::replay::sending) fn add_update(
        &mut self,
        refund: &Refund,
        answer: &Answer,
        fate: RefundFate,
        rest: Decimal,
        digits: u32,
    ) {
        let as_it_must = match (answer.status, fate) {
            (200, RefundFate::Made(amount)) => {
                self.refunds.add(amount);
                let updated = serde_json::from_slice::<Updated>(&answer.body);
                updated.is_ok_and(|Updated { data }| {
                    data.external_id == refund.reference && data.follows(amount, rest, digits)
                })
            }
            (404, RefundFate::NotFound) => {
                self.refunds.not_found += 1;
                true
            }
            (422, RefundFate::Refused(refusal)) => {
                self.refunds.refuse(refusal);
                super::sentence(answer).as_deref() == Some(refusal.sentence())
            }
            _ => false,
        };
        if !as_it_must {
            self.add_wrong(&format!("update {}", refund.key), answer);
        }
    }
}

impl UpdatedSale {
    /// Whether it is what it must be once `amount` was given back and `rest` is left: a cancelled
    /// sale keeps the total that it had, and earns nothing.
    fn follows(&self, amount: Decimal, rest: Decimal, digits: u32) -> bool {
        let total = Decimal::new(self.total, digits);
        let earned = Decimal::new(self.commission, digits);
        if rest.is_zero() {
            return self.status == "cancelled" && total == amount && earned.is_zero();
        }
        self.status == "unpaid" && total == rest && earned == commission(rest, digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::expectation::Refusal;

    const PENNY: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
    const MADE: RefundFate = RefundFate::Made(Decimal::from_parts(30, 0, 0, false, 2));

    /// The answer to an update that leaves `rest` minor units once 0.30 was given back.
    fn pass(status: u16, body: &str, fate: RefundFate, rest: i64) -> Pass {
        let refund = Refund {
            key: "C1/1/1".to_owned(),
            document: "C1".to_owned(),
            reference: "1".to_owned(),
            amount: Decimal::new(30, 2),
        };
        let answer = Answer {
            status,
            is_replay: false,
            body: body.as_bytes().to_vec(),
        };
        let mut pass = Pass::default();
        pass.add_update(&refund, &answer, fate, Decimal::new(rest, 2), 2);
        pass
    }

    fn shown(status: &str, total: i64, commission: i64) -> String {
        format!(
            r#"{{"data":{{"external_id":"1","status":"{status}","total":{total},"commission":{commission}}}}}"#
        )
    }

    const TOO_FINE: RefundFate = RefundFate::Refused(Refusal::TooFine);
    const REFUSED: &str = r#"{"error":"Total must be an integer."}"#;

    #[test]
    fn right_answers_are_summed_up() {
        for (body, rest) in [
            (shown("unpaid", 970, 49), 970),
            (shown("cancelled", 30, 0), 0),
        ] {
            let pass = pass(200, &body, MADE, rest);
            assert_eq!(pass.refunds.made, 1);
            assert_eq!(pass.refunds.amount, Decimal::new(30, 2));
            assert!(pass.wrong.is_empty(), "{pass:?}");
        }
        let missed = pass(404, "{}", RefundFate::NotFound, 0);
        assert_eq!((missed.refunds.not_found, missed.wrong.len()), (1, 0));
        let refused = pass(422, REFUSED, TOO_FINE, 970);
        assert_eq!(refused.refunds.refused(Refusal::TooFine), 1);
        assert!(refused.wrong.is_empty(), "{refused:?}");
    }

    #[test]
    fn every_other_answer_is_wrong() {
        let right = shown("unpaid", 970, 49);
        for (status, body, fate, rest) in [
            (200, shown("unpaid", 971, 49), MADE, 970),
            (200, shown("unpaid", 970, 48), MADE, 970),
            (200, shown("cancelled", 970, 49), MADE, 970),
            (200, shown("unpaid", 30, 2), MADE, 0),
            (200, shown("cancelled", 31, 0), MADE, 0),
            (200, shown("cancelled", 30, 2), MADE, 0),
            (200, right.replace("\"1\"", "\"2\""), MADE, 970),
            (200, right.clone(), RefundFate::NotFound, 970),
            (200, right.clone(), RefundFate::Made(PENNY), 0),
            (201, right, MADE, 970),
            (200, "{}".to_owned(), MADE, 970),
            (404, "{}".to_owned(), MADE, 970),
            (422, REFUSED.to_owned(), MADE, 970),
            (422, "{}".to_owned(), TOO_FINE, 970),
        ] {
            let wrong = pass(status, &body, fate, rest).wrong;
            assert_eq!(wrong.len(), 1, "{status} {body} {fate:?}");
        }
    }
}
