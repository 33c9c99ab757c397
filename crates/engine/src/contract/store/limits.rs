//! The longest texts, the largest amounts, the earliest and latest days.

use accrual_attribution::Claim;
use accrual_commission::{AccountKind, SaleType};
use accrual_money::Currency;
use serde_json::json;
use time::{Duration, macros::datetime};

use crate::contract::{Shared, fixture::*};
use crate::{
    Command, Customer, Error, Facts, Line, Outcome, Sequence, StoreError, TermsDraft, Text,
};

/// Nothing that was reported is cut, changed or reordered.
pub async fn every_fact_comes_back_as_it_was_reported(store: Shared) {
    let shop = Shop::open(&store).await;
    let membership = Claim::Membership {
        affiliate: shop.affiliate,
        program: shop.program,
    };
    let facts = Facts {
        source: source(&"s".repeat(64)),
        reference: reference(&"é".repeat(255)),
        claims: vec![Claim::Tag(tag("nobody")), membership, Claim::Tag(tag(TAG))],
        weights: vec![1, 2, 3],
        agreement: false,
        total: Some(usd(5_900)),
        subtotal: Some(usd(5_400)),
        tax: Some(accrual_commission::Tax::IncludedAt(rate("19"))),
        shipping: Some(usd(499)),
        discount: Some(usd(1)),
        exchange: None,
        sale_type: SaleType::Subscription,
        interval: Some(accrual_commission::Interval::Yearly),
        country: Some(accrual_commission::Country::parse("de").unwrap()),
        occurred_at: Some(datetime!(2024-02-29 23:59:59.999999 UTC)),
        due_at: Some(datetime!(2025-12-31 0:00:00.000001 UTC)),
        amount_override: Some(usd(750)),
        rate_override: Some(rate("12.3456789")),
        platform: Some(platform("web'); DROP TABLE \"conversion\"; --")),
        shop: None,
        customer: Customer {
            id: Some(text("日本語 🦀 \u{202e}")),
            email: Some(text("o'hara+test@example.com")),
            name: Some(text("\\ % _ ? $1 :name \r\n\t \u{7f}")),
            visitor_id: Some(text(" with spaces ")),
        },
        sub_id: Some(text(&"x".repeat(Text::MAX_CHARS))),
        lines: vec![
            line("b", 2, 4_000),
            line("a", u32::MAX, -100),
            line("b", 1, 0),
        ],
        metadata: json!({
            "z": null, "a": [1, -2.5, true, "\u{0}", {"deep": {"er": []}}], "": "",
            "large": u64::MAX, "least": i64::MIN,
        })
        .as_object()
        .unwrap()
        .clone(),
    };
    let answer = shop.report(facts.clone()).await;

    let recorded = recorded(&answer);
    assert_eq!(recorded.conversion.facts, facts);
    let org = shop.org;
    let kept = store.conversion(org, recorded.conversion.id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(recorded));
    let found = store
        .conversion_by_reference(org, &facts.source, &facts.reference)
        .await;
    assert_eq!(found.unwrap().as_ref(), Some(recorded));
    let again = shop.report(facts).await;
    assert_eq!(again.replay, crate::Replay::Same);
}

/// A total and a subtotal are both kept, whichever there is.
pub async fn what_was_not_said_stays_unsaid(store: Shared) {
    let shop = Shop::open(&store).await;
    let facts = Facts {
        total: None,
        subtotal: Some(usd(1_000)),
        ..sale("order-1", 1)
    };
    let answer = shop.report(facts.clone()).await;

    let id = recorded(&answer).conversion.id;
    let kept = store.conversion(shop.org, id).await.unwrap().unwrap();
    assert_eq!(kept.conversion.facts, facts);
    assert_eq!(kept.conversion.occurred_at, NOW);
}

/// The first and the last day that there is are days like any other.
pub async fn the_first_and_the_last_day_come_back_exactly(store: Shared) {
    let mut terms = share("5");
    terms.rules.hold_days = u16::MAX;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let days = [
        datetime!(0001-01-01 0:00 UTC),
        datetime!(1969-12-31 23:59:59.999999 UTC),
        datetime!(9999-12-31 23:59:59.999999 UTC),
    ];
    for (number, day) in days.into_iter().enumerate() {
        let facts = Facts {
            occurred_at: Some(day),
            ..sale(&format!("order-{number}"), 1_000)
        };
        let answer = shop.report(facts).await;
        let recorded = recorded(&answer);
        assert_eq!(recorded.conversion.occurred_at, day);
        let kept = store.conversion(shop.org, recorded.conversion.id).await;
        assert_eq!(kept.unwrap().as_ref(), Some(recorded));
    }
    let totals = store.totals(shop.org).await.unwrap();
    let kept: Vec<_> = totals.iter().map(|(key, _)| key.day).collect();
    assert_eq!(kept, days.map(|day| day.date()));
}

/// The largest amount is kept to the last minor unit.
pub async fn the_largest_amount_comes_back_exactly(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("100")).await;
    let answer = shop.report(sale("order-1", i64::MAX)).await;

    let id = recorded(&answer).conversion.id;
    let kept = store.conversion(shop.org, id).await.unwrap().unwrap();
    assert_eq!(kept, *recorded(&answer));
    assert_eq!(kept.commissions[0].amount, usd(i64::MAX));
    assert_eq!(
        shop.balances().await,
        [(AccountKind::Payable, usd(i64::MAX))]
    );
    let totals = store.totals(shop.org).await.unwrap();
    assert_eq!(totals[0].1.commission, usd(i64::MAX));
}

/// A total that cannot be kept is refused: alone or in a batch, nothing else is harmed.
pub async fn a_total_out_of_range_is_refused_and_harms_nothing(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("0")).await;
    shop.report(sale("order-1", i64::MAX - 1)).await;
    let head = shop.head().await;

    let alone = shop.try_report(sale("order-2", 2)).await;
    is_refused(&alone);
    assert_eq!(shop.head().await, head);

    let reports = [sale("order-3", 2), sale("order-4", 1), sale("order-5", 1)];
    let answers = shop.submit_together(reports.map(report)).await;
    is_refused(&answers[0]);
    assert_eq!(
        recorded(answers[1].as_ref().unwrap())
            .conversion
            .id
            .number(),
        2
    );
    is_refused(&answers[2]);
    assert_eq!(
        store.totals(shop.org).await.unwrap()[0].1.amount,
        usd(i64::MAX)
    );
    assert_eq!(shop.conversions().await.len(), 2);
}

/// What an organization has sold on all days together can be said, or else a sale is refused.
pub async fn a_sum_of_all_days_out_of_range_is_refused(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", i64::MAX)).await;
    let next_day = Facts {
        occurred_at: Some(NOW + Duration::days(1)),
        ..sale("order-2", 1)
    };
    assert_eq!(shop.try_report(next_day).await, Err(Error::OutOfRange));
    assert_eq!(shop.conversions().await.len(), 1);
}

/// A balance that no amount can say is refused where it is read; the transfers remain.
pub async fn a_balance_out_of_range_is_refused_where_it_is_read(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("100")).await;
    shop.report(sale("order-1", i64::MAX)).await;
    // What had to be waited for is in totals of its own.
    let due = Facts {
        due_at: Some(NOW - Duration::days(1)),
        ..sale("order-2", 1)
    };
    shop.report(due).await;

    let balances = store.balances(shop.org, shop.affiliate, None).await;
    assert!(
        matches!(balances, Err(StoreError::OutOfRange { .. })),
        "not refused: {balances:?}"
    );
    let start = (Sequence::new(0), 0);
    let transfers = store
        .transfers(shop.org, shop.affiliate, None, start, 10)
        .await;
    assert_eq!(transfers.unwrap().len(), 2);
}

/// The most incentives that terms have, each with the finest rate.
pub async fn the_longest_terms_come_back_in_their_order(store: Shared) {
    use accrual_commission::{Incentive, Pay, Scope, Terms};
    let shop = Shop::open(&store).await;
    let incentive = |number: usize| {
        let percent = format!("{number}.0000001");
        match number % 3 {
            0 => Incentive::new(Pay::Share(rate(&percent))),
            1 => Incentive::new(Pay::Fixed(usd(i64::MAX))),
            _ => Incentive::new(Pay::Fixed(usd(0))).with_scope(Scope::Type(SaleType::Subscription)),
        }
    };
    let incentives = (0..Terms::MAX_INCENTIVES).map(incentive).collect();
    let mut terms = TermsDraft::new(Currency::USD, incentives);
    terms.rules.hold_days = u16::MAX;
    let name = Text::parse("é".repeat(Text::MAX_CHARS)).unwrap();
    let command = Command::CreateProgram {
        name,
        terms: terms.clone(),
        is_ambassador: true,
    };
    let Outcome::Program(made) = shop.run(command).await else {
        panic!("not a program");
    };

    assert_eq!(made.terms, version_of(terms, 1).terms);
    let kept = store.program(shop.org, made.id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&*made));
}

fn line(product: &str, quantity: u32, minor: i64) -> Line {
    Line {
        price: Some(text("yearly")),
        product: text(product),
        quantity,
        amount: usd(minor),
    }
}

/// A batch knows that its own sum is out of range; of what was kept before only the store knows.
fn is_refused(answer: &Result<crate::Answer, Error>) {
    assert!(
        matches!(answer, Err(Error::OutOfRange)),
        "not refused: {answer:?}"
    );
}
