//! Right answers are summed up, and every other one is found.

use super::*;
use crate::replay::expectation::Refusal;

/// 0.40 of 10.00 is given back in the end.
fn due() -> Fate {
    Fate::Recorded(Due {
        tag: "replay-00".to_owned(),
        total: Decimal::new(1000, 2),
        refunded: Decimal::new(40, 2),
    })
}

fn sending(sent: Sent) -> Sending {
    Sending {
        digits: 2,
        sent,
        was_put_off: false,
    }
}

fn answer(status: u16, is_replay: bool, body: &str) -> Answer {
    Answer {
        status,
        is_replay,
        body: body.as_bytes().to_vec(),
    }
}

fn sale(answer: &Answer, fate: &Fate, sending: Sending) -> Pass {
    let mut pass = Pass::default();
    pass.add_sale("1", answer, fate, sending);
    pass
}

fn refund(answer: &Answer, fate: RefundFate, sending: Sending) -> Pass {
    let refund = Refund {
        key: "C1/1/1".to_owned(),
        document: "C1".to_owned(),
        reference: "1".to_owned(),
        amount: Decimal::new(30, 2),
    };
    let mut pass = Pass::default();
    pass.add_refund(&refund, answer, fate, Some(&due()), sending);
    pass
}

const NEW: &str = r#"{"data":{"id":7,"external_id":"1","total":1000,"commission":50}}"#;
const KNOWN: &str = r#"{"data":{"id":7,"external_id":"1","total":1000,"commission":48}}"#;
const REFUSED: &str = r#"{"error":"Total must be an integer."}"#;

/// As a conversion is shown.
fn shown(refunded: &str, commission: &str) -> String {
    format!(
        r#"{{"id":7,"reference":"1","total":"10.00","refunded":"{refunded}","commissions":[
            {{"affiliate_id":1,"program_id":1,"amount":"{commission}","status":"payable"}}]}}"#
    )
}

const MADE: RefundFate = RefundFate::Made(Decimal::from_parts(30, 0, 0, false, 2));

#[test]
fn right_answers_to_sales_are_summed_up() {
    let new = sale(&answer(201, false, NEW), &due(), sending(Sent::First));
    assert_eq!((new.recorded.count, new.replayed.count), (1, 0));
    assert_eq!(new.recorded.commission, Decimal::new(50, 2));
    let again = sale(&answer(201, true, KNOWN), &due(), sending(Sent::Again));
    assert_eq!((again.recorded.count, again.replayed.count), (0, 1));
    assert_eq!(again.replayed.commission, Decimal::new(48, 2));
    let too_fine = Fate::Refused(Refusal::TooFine);
    let refused = sale(
        &answer(422, false, REFUSED),
        &too_fine,
        sending(Sent::First),
    );
    assert_eq!(refused.refused["Total must be an integer."], 1);
    for pass in [new, again, refused] {
        assert!(pass.wrong.is_empty(), "{pass:?}");
    }
}

#[test]
fn the_number_of_the_conversion_is_that_of_the_answer() {
    let mut pass = Pass::default();
    let mut add = |answer: Answer| pass.add_sale("1", &answer, &due(), sending(Sent::First));
    assert_eq!(add(answer(201, false, NEW)), Some(7));
    assert_eq!(add(answer(422, false, REFUSED)), None);
}

#[test]
fn what_was_put_off_and_recorded_all_the_same_was_recorded_by_this_pass() {
    let put_off = Sending {
        was_put_off: true,
        ..sending(Sent::First)
    };
    // The second as after a refund that came in between.
    for body in [NEW, KNOWN] {
        let pass = sale(&answer(201, true, body), &due(), put_off);
        assert_eq!((pass.recorded.count, pass.replayed.count), (1, 0));
        assert_eq!(pass.recorded.commission, Decimal::new(50, 2));
        assert!(pass.wrong.is_empty(), "{pass:?}");
    }
}

#[test]
fn every_other_answer_to_a_sale_is_wrong() {
    let not_positive = || Fate::Refused(Refusal::NotPositive);
    let too_fine = || Fate::Refused(Refusal::TooFine);
    for (status, body, fate) in [
        (201, NEW.replace(":50}", ":51}"), due()),
        (201, KNOWN.to_owned(), due()),
        (201, NEW.replace("1000", "1001"), due()),
        (201, NEW.replace("\"1\"", "\"2\""), due()),
        (201, NEW.to_owned(), not_positive()),
        (201, "{}".to_owned(), due()),
        (422, REFUSED.to_owned(), due()),
        (422, REFUSED.to_owned(), not_positive()),
        (503, REFUSED.to_owned(), too_fine()),
    ] {
        let wrong = sale(&answer(status, false, &body), &fate, sending(Sent::First)).wrong;
        assert_eq!(wrong.len(), 1, "{status} {body} {fate:?}");
    }
    // Once everything is there, a sale is as it is in the end.
    for body in [NEW, &NEW.replace(":50}", ":49}")] {
        let wrong = sale(&answer(201, true, body), &due(), sending(Sent::Again)).wrong;
        assert_eq!(wrong.len(), 1, "{body}");
    }
}

#[test]
fn right_answers_to_refunds_are_summed_up() {
    // Alone, or after others.
    for (refunded, commission) in [("0.30", "0.49"), ("0.40", "0.48")] {
        let body = shown(refunded, commission);
        let pass = refund(&answer(201, false, &body), MADE, sending(Sent::First));
        assert_eq!(pass.refunds.made, 1);
        assert_eq!(pass.refunds.amount, Decimal::new(30, 2));
        assert!(pass.wrong.is_empty(), "{pass:?}");
    }
    let nowhere = RefundFate::NotFound;
    let pass = refund(&answer(404, false, "{}"), nowhere, sending(Sent::First));
    assert_eq!((pass.refunds.not_found, pass.wrong.len()), (1, 0));
    let body = r#"{"status":422,"field":"amount"}"#;
    let too_fine = RefundFate::Refused(Refusal::TooFine);
    let pass = refund(&answer(422, false, body), too_fine, sending(Sent::First));
    let refused = pass.refunds.refused(Refusal::TooFine);
    assert_eq!((refused, pass.wrong.len()), (1, 0));
}

#[test]
fn every_other_answer_to_a_refund_is_wrong() {
    let too_fine = RefundFate::Refused(Refusal::TooFine);
    for (status, body, fate) in [
        (201, shown("0.30", "0.50"), MADE),
        (201, shown("0.20", "0.49"), MADE),
        (201, shown("0.50", "0.48"), MADE),
        (201, shown("0.30", "0.49").replace("10.00", "9.00"), MADE),
        (201, shown("0.30", "0.49").replace("\"1\"", "\"2\""), MADE),
        (201, shown("0.30", "0.49"), RefundFate::NotFound),
        (201, shown("0.30", "0.49"), too_fine),
        (201, "{}".to_owned(), MADE),
        (200, shown("0.30", "0.49"), MADE),
        (404, "{}".to_owned(), MADE),
        (409, "{}".to_owned(), MADE),
        (422, "{}".to_owned(), too_fine),
        (503, "{}".to_owned(), MADE),
    ] {
        let wrong = refund(&answer(status, false, &body), fate, sending(Sent::First)).wrong;
        assert_eq!(wrong.len(), 1, "{status} {body} {fate:?}");
    }
    let body = shown("0.30", "0.49");
    let wrong = refund(&answer(201, false, &body), MADE, sending(Sent::Again)).wrong;
    assert_eq!(wrong.len(), 1);
}
