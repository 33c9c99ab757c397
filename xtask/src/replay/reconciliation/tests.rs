//! Every kind of difference is found.

use super::*;
use crate::replay::{
    head::Head,
    order::{Event, Order, Orders, Refund},
    table::table,
    way::Way,
};

fn sale(reference: &str, total: &str, customer: Option<&str>) -> Event {
    Event::Sale(Order {
        reference: reference.to_owned(),
        occurred_at: "2010-12-01T08:26:00".to_owned(),
        customer: customer.map(str::to_owned),
        currency: "GBP".to_owned(),
        total: total.parse().unwrap(),
    })
}

fn refund(key: &str, reference: &str, amount: &str) -> Event {
    Event::Refund(Refund {
        key: key.to_owned(),
        document: "C1".to_owned(),
        reference: reference.to_owned(),
        amount: amount.parse().unwrap(),
    })
}

fn orders() -> Orders {
    Orders {
        rows: 4,
        events: vec![
            sale("1", "1234567.90", None),
            sale("2", "0.30", Some("7")),
            sale("3", "0", None),
            refund("a", "1", "1000"),
            refund("b", "2", "0.4"),
            refund("c", "3", "1"),
            refund("d", "1", "0.001"),
        ],
        cancellations: 1,
        ..Orders::default()
    }
}

/// As if the server had done everything right.
fn account(expected: &Expectation) -> Account {
    let mut kept = Kept::default();
    for (reference, fate) in &expected.fates {
        if let Fate::Recorded(due) = fate {
            kept.sales.push(Sale::due(reference, due, expected));
        }
    }
    for (tag, moved) in &expected.by_tag {
        kept.balances.insert(tag.clone(), moved.balance());
    }
    kept.moved = expected.by_tag.clone();
    kept.days = expected.by_day.clone();
    kept.listed = expected.listed.clone();
    let mut pass = Pass {
        recorded: expected.reported,
        refunds: expected.refunds.clone(),
        ..Pass::default()
    };
    let sentence = Refusal::NotPositive.sentence().to_owned();
    pass.refused.insert(sentence, 1);
    Account {
        title: "test",
        sent: Sent::First,
        pass,
        kept,
    }
}

/// What is found once `spoil` has done something wrong.
fn found(spoil: impl FnOnce(&mut Account)) -> String {
    let expected = Expectation::of(&orders(), 2, Way::Refunds).unwrap();
    let mut account = account(&expected);
    spoil(&mut account);
    account.differences(&expected).join("\n")
}

fn check(spoil: impl FnOnce(&mut Account), word: &str) {
    let found = found(spoil);
    assert!(found.contains(word), "{word} is not in:\n{found}");
}

const PENNY: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

#[test]
fn nothing_is_found_where_all_is_right() {
    assert_eq!(found(|_| ()), "");
    let again = |account: &mut Account| {
        account.sent = Sent::Again;
        account.pass.recorded = Sums::default();
        account.pass.replayed = Expectation::of(&orders(), 2, Way::Refunds)
            .unwrap()
            .recorded;
    };
    assert_eq!(found(again), "");
}

#[test]
fn every_wrong_answer_is_found() {
    check(|a| a.sent = Sent::Again, "recorded: 2, but by the file 0");
    check(|a| a.pass.recorded.count -= 1, "answers, count: 1");
    check(|a| a.pass.recorded.total += PENNY, "answers, total");
    let commission = "answers, commission";
    check(|a| a.pass.recorded.commission -= PENNY, commission);
    let known = "answers, commission of what was known";
    check(|a| a.pass.replayed.commission += PENNY, known);
    check(|a| a.pass.refused.clear(), "refused, zero or less: 0");
    check(|a| a.pass.refunds.made -= 1, "refunds, count: 1");
    check(|a| a.pass.refunds.amount -= PENNY, "refunds, amount");
    check(|a| a.pass.refunds.not_found = 0, "refunds not found: 0");
    let too_fine = "refunds refused, finer than the minor unit: 0";
    check(|a| a.pass.refunds.refused.clear(), too_fine);
    check(|a| a.pass.wrong.push("odd".to_owned()), "test: odd");
}

#[test]
fn every_difference_of_what_is_kept_is_found() {
    check(|a| drop(a.kept.sales.pop()), "is not kept");
    let other = "is kept, not";
    check(|a| a.kept.sales[0].total += PENNY, other);
    check(|a| a.kept.sales[0].refunded += PENNY, other);
    check(|a| a.kept.sales[0].commission += PENNY, other);
    check(|a| a.kept.sales[0].is_undone ^= true, other);
    check(|a| a.kept.sales[0].tag = None, other);
    let of = |reference: &'static str| {
        move |a: &mut Account| a.kept.sales[0].reference = reference.to_owned()
    };
    check(of("3"), "it is zero or less");
    check(of("4"), "it was never sent");
    check(|a| a.kept.sales.extend_from_within(..1), "is kept twice");
    let balances = |a: &mut Account| drop(a.kept.balances.pop_last());
    check(balances, "balance of replay-unknown: 0");
    let moved = |a: &mut Account| drop(a.kept.moved.pop_last());
    check(moved, "transfers to replay-unknown: 0");
    check(moved, "transfers back from replay-unknown: 0");
    let day = "2010-12-01";
    check(|a| drop(a.kept.days.pop_last()), "2010-12-01, count: 0");
    let of_day = |a: &mut Account| *a.kept.days.get_mut(day).unwrap() = Sums::default();
    check(of_day, "totals of 2010-12-01, undone: 0");
    check(of_day, "totals of 2010-12-01, refunded: 0");
    let other = ("2010-12-02".to_owned(), Sums::default());
    check(|a| a.kept.days.extend([other]), "no sale was then");
}

#[test]
fn every_difference_of_the_list_is_found() {
    check(|a| a.kept.listed.row_count += 1, "list, row_count: 3");
    check(|a| a.kept.listed.rows_read += 1, "list, rows: 3");
    check(|a| a.kept.listed.sums.orders += 1, "total_orders: 3");
    check(|a| a.kept.listed.sums.gmv += PENNY, "list, total_gmv");
    let commission = "list, total_commission";
    check(|a| a.kept.listed.sums.commission += PENNY, commission);
    let paid = "list, paid_commission";
    check(|a| a.kept.listed.sums.paid += PENNY, paid);
    let unpaid = "list, unpaid_commission";
    check(|a| a.kept.listed.sums.unpaid += PENNY, unpaid);
    check(|a| a.kept.listed.sums.vat += PENNY, "list, total_vat");
    let refunded = "list, total_refunded_amount";
    check(|a| a.kept.listed.sums.refunded += PENNY, refunded);
    let row = |a: &mut Account| a.kept.listed.rows.get_mut("1").unwrap().total += PENNY;
    check(row, "list, order 1: Row");
    let rows = |a: &mut Account| drop(a.kept.listed.rows.pop_first());
    check(rows, "list, order 1 is not listed");
}

#[test]
fn a_change_by_sending_again_is_found() {
    let expected = Expectation::of(&orders(), 2, Way::Refunds).unwrap();
    let mut account = account(&expected);
    let before = account.kept.clone();
    assert_eq!(account.changes_since(&before), Vec::<String>::new());
    account.kept.texts.push(String::new());
    account.kept.balances.clear();
    account.kept.moved.clear();
    account.kept.days.clear();
    account.kept.listed.rows.clear();
    account.kept.head = Some(Head {
        sequence: 1,
        hash: String::new(),
    });
    assert_eq!(account.changes_since(&before).len(), 6);
}

#[test]
fn the_table_has_a_column_for_each_account() {
    let expected = Expectation::of(&orders(), 2, Way::Refunds).unwrap();
    let text = table(&orders(), &expected, "GBP", &[account(&expected)]);
    let sums = |label: &str| {
        let line = text.lines().find(|line| line.contains(label)).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        words[words.len() - 2..].join(" ")
    };
    assert_eq!(sums("51 balances"), "61,678.40 61,678.40");
    assert_eq!(sums("transfers, taken back"), "50.02 50.02");
    assert_eq!(sums("their sum"), "1,000.30 1,000.30");
    assert_eq!(sums("conversions, amount"), "1,234,568.20 1,234,568.20");
    assert_eq!(sums("daily totals, nothing is left"), "1 1");
    assert!(text.contains("clipped"), "{text}");
}
