//! Every kind of difference is found.

use super::*;
use crate::replay::{
    head::Head,
    kept::Sale,
    order::{Order, Orders},
    table::table,
};
use rust_decimal::Decimal;

fn sale(reference: &str, total: &str, customer: Option<&str>) -> Order {
    Order {
        reference: reference.to_owned(),
        occurred_at: "2010-12-01T08:26:00".to_owned(),
        customer: customer.map(str::to_owned),
        currency: "GBP".to_owned(),
        total: total.parse().unwrap(),
    }
}

fn orders() -> Orders {
    Orders {
        rows: 3,
        sales: vec![
            sale("1", "1234567.90", None),
            sale("2", "0.30", Some("7")),
            sale("3", "0", None),
        ],
        ..Orders::default()
    }
}

/// As if the server had done everything right.
fn account(expected: &Expectation) -> Account {
    let mut kept = Kept::default();
    for (reference, fate) in &expected.fates {
        if let Fate::Recorded(due) = fate {
            kept.sales.push(Sale {
                reference: reference.clone(),
                tag: Some(due.tag.clone()),
                total: due.total,
                commission: due.commission,
            });
        }
    }
    for (tag, sums) in &expected.by_tag {
        kept.balances.insert(tag.clone(), sums.commission);
    }
    kept.days = expected.by_day.clone();
    let mut pass = Pass {
        recorded: expected.recorded,
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
    let expected = Expectation::of(&orders(), 2).unwrap();
    let mut account = account(&expected);
    spoil(&mut account);
    account.differences(&expected).join("\n")
}

#[test]
fn nothing_is_found_where_all_is_right() {
    assert_eq!(found(|_| ()), "");
}

#[test]
fn every_difference_is_found() {
    let penny = Decimal::new(1, 2);
    let check = |spoil: &dyn Fn(&mut Account), word: &str| {
        let found = found(spoil);
        assert!(found.contains(word), "{word} is not in:\n{found}");
    };
    check(&|a| a.sent = Sent::Again, "recorded: 2, but by the file 0");
    check(&|a| a.pass.recorded.count -= 1, "answers, count: 1");
    check(&|a| a.pass.recorded.total += penny, "answers, total");
    check(
        &|a| a.pass.recorded.commission -= penny,
        "answers, commission",
    );
    check(&|a| a.pass.refused.clear(), "refused, zero or less: 0");
    check(&|a| a.pass.wrong.push("odd".to_owned()), "test: odd");
    check(&|a| drop(a.kept.sales.pop()), "is not kept");
    check(&|a| a.kept.sales[0].total += penny, "is kept, not");
    check(&|a| a.kept.sales[0].commission += penny, "is kept, not");
    check(&|a| a.kept.sales[0].tag = None, "is kept, not");
    check(
        &|a| a.kept.sales[0].reference = "3".to_owned(),
        "it is zero or less",
    );
    check(
        &|a| a.kept.sales[0].reference = "4".to_owned(),
        "it was never sent",
    );
    check(&|a| a.kept.sales.extend_from_within(..1), "is kept twice");
    check(
        &|a| drop(a.kept.balances.pop_last()),
        "balance of replay-unknown: 0",
    );
    check(
        &|a| drop(a.kept.days.pop_last()),
        "totals of 2010-12-01, count: 0",
    );
    let other = "2010-12-02".to_owned();
    let day = |a: &mut Account| a.kept.days.extend([(other.clone(), Sums::default())]);
    check(&day, "no sale was then");
}

#[test]
fn a_change_by_sending_again_is_found() {
    let expected = Expectation::of(&orders(), 2).unwrap();
    let mut account = account(&expected);
    let before = account.kept.clone();
    assert_eq!(account.changes_since(&before), Vec::<String>::new());
    account.kept.texts.push(String::new());
    account.kept.balances.clear();
    account.kept.days.clear();
    account.kept.head = Some(Head {
        sequence: 1,
        hash: String::new(),
    });
    assert_eq!(account.changes_since(&before).len(), 4);
}

#[test]
fn the_table_has_a_column_for_each_account() {
    let expected = Expectation::of(&orders(), 2).unwrap();
    let text = table(&orders(), &expected, "GBP", &[account(&expected)]);
    let balances = text.lines().find(|line| line.contains("51 balances"));
    let words: Vec<&str> = balances.unwrap().split_whitespace().collect();
    let sums = ["kept:", "51", "balances,", "GBP", "61,728.42", "61,728.42"];
    assert_eq!(words, sums);
    assert!(text.contains("1,234,568.20"), "{text}");
}
