//! Small files, and what they must come to.

use super::*;
use crate::replay::order::Event;

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn sale(reference: &str, total: &str) -> Event {
    Event::Sale(Order {
        reference: reference.to_owned(),
        occurred_at: "2010-12-01T08:26:00".to_owned(),
        customer: Some("17850".to_owned()),
        currency: "GBP".to_owned(),
        total: amount(total),
    })
}

fn refund(key: &str, reference: &str, given_back: &str) -> Event {
    Event::Refund(Refund {
        key: key.to_owned(),
        document: "C1".to_owned(),
        reference: reference.to_owned(),
        amount: amount(given_back),
    })
}

fn expectation(events: Vec<Event>) -> Result<Expectation> {
    told(Way::Refunds, events)
}

fn told(way: Way, events: Vec<Event>) -> Result<Expectation> {
    let orders = Orders {
        events,
        ..Orders::default()
    };
    Expectation::of(&orders, 2, way)
}

#[test]
fn sums_are_of_what_is_recorded() {
    let totals = ["10.00", "0.30", "0.00", "-1.00", "2.001", "-2.001"];
    let sales = totals.iter().zip(1..);
    let sales = sales.map(|(total, number)| sale(&number.to_string(), total));
    let expectation = expectation(sales.collect()).unwrap();
    assert_eq!(expectation.recorded.count, 2);
    assert_eq!(expectation.recorded.total, amount("10.30"));
    assert_eq!(expectation.recorded.commission, amount("0.52"));
    assert_eq!(expectation.refused(Refusal::NotPositive), 2);
    assert_eq!(expectation.refused(Refusal::TooFine), 2);
    assert_eq!(expectation.by_day["2010-12-01"], expectation.recorded);
    assert_eq!(expectation.reported, expectation.recorded);
}

#[test]
fn a_commission_is_that_of_what_is_left() {
    let expectation = expectation(vec![
        sale("1", "10.10"),
        sale("2", "3.00"),
        refund("a", "1", "0.1"),
        refund("b", "2", "1.00"),
        refund("c", "1", "0.90"),
        refund("d", "2", "2.00"),
    ])
    .unwrap();
    // 5 % of 10.10 is 0.505, of the 9.10 that are left 0.455.
    assert_eq!(expectation.reported.commission, amount("0.66"));
    assert_eq!(expectation.recorded.commission, amount("0.46"));
    assert_eq!(expectation.recorded.refunded, amount("4.00"));
    assert_eq!(expectation.recorded.undone, 1);
    assert_eq!(expectation.by_day["2010-12-01"], expectation.recorded);
    assert_eq!(
        expectation.moved(),
        Moved {
            earned: amount("0.66"),
            taken_back: amount("0.20"),
        }
    );
    let refunds = &expectation.refunds;
    assert_eq!((refunds.made, refunds.amount), (4, amount("4.00")));
    assert_eq!((expectation.clipped, expectation.not_sent), (0, 0));
}

#[test]
fn an_update_leaves_the_rest_as_the_total_and_moves_the_same() {
    let events = vec![
        sale("1", "10.10"),
        sale("2", "3.00"),
        refund("a", "1", "1.00"),
        refund("b", "2", "3.00"),
        refund("c", "1", "-0.50"),
    ];
    let refunds = told(Way::Refunds, events.clone()).unwrap();
    let updates = told(Way::Updates, events).unwrap();
    assert_eq!(updates.recorded.total, amount("9.10"));
    assert_eq!(updates.recorded.refunded, Decimal::ZERO);
    assert_eq!(updates.recorded.undone, 1);
    assert_eq!(updates.recorded.commission, refunds.recorded.commission);
    assert_eq!(updates.by_tag, refunds.by_tag);
    assert_eq!(updates.listed.sums.gmv, amount("9.10"));
    assert_eq!(updates.listed.rows["2"].status, "canceled");
    // What lowers nothing can be refused as a refund, and is no update.
    assert_eq!(refunds.refunds.refused(Refusal::NotPositive), 1);
    assert_eq!(updates.refunds.refused(Refusal::NotPositive), 0);
    assert_eq!((updates.refunds.made, updates.not_sent), (2, 1));
}

#[test]
fn what_exceeds_a_sale_is_cut_off_in_the_order_of_the_file() {
    let expectation = expectation(vec![
        refund("a", "1", "7.00"),
        sale("1", "10.00"),
        refund("b", "1", "4.00"),
        refund("c", "1", "0.01"),
    ])
    .unwrap();
    let fate = |key: &str| expectation.refund_fates[key];
    assert_eq!(fate("a"), RefundFate::Made(amount("7.00")));
    assert_eq!(fate("b"), RefundFate::Made(amount("3.00")));
    assert_eq!(fate("c"), RefundFate::NotSent);
    assert_eq!((expectation.clipped, expectation.not_sent), (1, 1));
    assert_eq!(expectation.recorded.commission, amount("0.00"));
    assert_eq!(expectation.refunds.sent(), 2);
}

#[test]
fn what_cannot_be_given_back_is_counted_apart() {
    let expectation = expectation(vec![
        sale("1", "10.00"),
        sale("2", "-1.00"),
        refund("a", "1", "1.001"),
        refund("b", "1", "0.00"),
        refund("c", "2", "0.50"),
        refund("d", "3", "0.001"),
    ])
    .unwrap();
    let refunds = &expectation.refunds;
    assert_eq!((refunds.made, refunds.not_found), (0, 2));
    assert_eq!(refunds.refused(Refusal::TooFine), 1);
    assert_eq!(refunds.refused(Refusal::NotPositive), 1);
    assert_eq!(expectation.recorded, expectation.reported);
}

#[test]
fn a_reference_and_a_key_are_there_once() {
    assert!(expectation(vec![sale("1", "1"), sale("1", "1")]).is_err());
    let twice = vec![sale("1", "1"), refund("a", "1", "1"), refund("a", "1", "1")];
    assert!(expectation(twice).is_err());
}
