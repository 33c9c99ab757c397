//! A reference is recorded once, however often, by however many and with whatever it is reported.

use std::{collections::BTreeSet, sync::Arc};

use accrual_attribution::Claim;
use accrual_commission::AccountKind;
use tokio::task::JoinSet;

use crate::contract::{Shared, fixture::*};
use crate::{
    Answer, Customer, Engine, Error, Facts, FactsField, Head, OrgId, Replay, Source, record,
};

/// How many report at once.
const TASKS: u16 = 64;

/// A repetition is answered as the first report was, and nothing is written.
pub async fn a_repeated_report_answers_the_first_outcome_and_changes_nothing(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = shop.report(sale("order-1", 9_999)).await;
    let head = shop.head().await;

    let again = shop.report(sale("order-1", 9_999)).await;

    assert_eq!(again.replay, Replay::Same);
    assert_eq!(again.outcome, first.outcome);
    assert_eq!(shop.head().await, head);
    assert_eq!(shop.conversions().await.len(), 1);
}

/// Other facts under a known reference are named and journaled; what was recorded stays.
pub async fn a_repeated_reference_with_other_facts_is_named_and_only_journaled(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = shop.report(sale("order-1", 9_999)).await;
    let (head, totals) = (shop.head().await, store.totals(shop.org).await.unwrap());
    let other = Facts {
        platform: Some(platform("app")),
        customer: Customer {
            email: Some(text("jane@example.com")),
            ..Customer::default()
        },
        ..sale("order-1", 5_000)
    };

    let again = shop.report(other.clone()).await;

    let differing = [
        FactsField::Total,
        FactsField::Platform,
        FactsField::Customer,
    ];
    assert_eq!(again.replay, Replay::Differs(differing.to_vec()));
    assert_eq!(again.outcome, first.outcome);
    let id = recorded(&first).conversion.id;
    let history = shop.history(id).await;
    assert_eq!(history.len(), 2);
    let asked = record::Command::parse(&history[1].command).unwrap();
    assert_eq!(asked.facts().unwrap(), Some(other));
    let expected = Head {
        sequence: head.sequence + 1,
        hash: history[1].seal(&head.hash),
        ..head
    };
    assert_eq!(shop.head().await, expected);
    assert_eq!(shop.conversions().await, [recorded(&first).clone()]);
    assert_eq!(shop.transfers().await.len(), 1);
    assert_eq!(store.totals(shop.org).await.unwrap(), totals);
}

/// The second report of a reference is a repetition even if both are run together.
pub async fn a_reference_repeated_within_a_batch_is_recorded_once(store: Shared) {
    let shop = Shop::open(&store).await;
    let reports = [
        sale("order-1", 9_999),
        sale("order-1", 9_999),
        sale("order-1", 1),
    ];
    let answers = shop.submit_together(reports.map(report)).await;

    let replays: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.unwrap().replay)
        .collect();
    let differs = Replay::Differs(vec![FactsField::Total]);
    assert_eq!(replays, [Replay::No, Replay::Same, differs]);
    assert_eq!(shop.conversions().await.len(), 1);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(500))]);
}

/// Of many that report one sale at once, one is first and all get its answer.
pub async fn a_reference_reported_by_many_at_once_is_recorded_once(store: Shared) {
    let shop = Shop::open(&store).await;
    let answers = report_at_once(&[&shop.engine], shop.org, |_| "order-1".to_owned()).await;
    is_recorded_once(&shop, &answers).await;
}

/// The same through two engines over one store, as when two processes serve one database.
pub async fn a_reference_reported_through_two_engines_is_recorded_once(store: Shared) {
    let shop = Shop::open(&store).await;
    let engines = [&shop.engine, &engine(&store)];
    let answers = report_at_once(&engines, shop.org, |_| "order-1".to_owned()).await;
    is_recorded_once(&shop, &answers).await;
}

/// Different sales through two engines are all recorded, with numbers that leave no gap.
pub async fn references_reported_through_two_engines_get_dense_numbers(store: Shared) {
    let shop = Shop::open(&store).await;
    let engines = [&shop.engine, &engine(&store)];
    let answers = report_at_once(&engines, shop.org, |task| format!("order-{task}")).await;

    assert!(answers.iter().all(|answer| answer.replay == Replay::No));
    let numbers: BTreeSet<_> = answers
        .iter()
        .map(|answer| recorded(answer).conversion.id.number())
        .collect();
    assert!(numbers.into_iter().eq(1..=i64::from(TASKS)));
    let sequences: Vec<_> = shop
        .journal()
        .await
        .iter()
        .map(|entry| entry.sequence.number())
        .collect();
    assert!(sequences.into_iter().eq(1..=shop.head().await.sequence));
    // 5 % of 100.00 each.
    let expected = usd(500).checked_mul_int(TASKS.into()).unwrap();
    assert_eq!(shop.balances().await, [(AccountKind::Payable, expected)]);
}

/// References are compared exactly, and within their source only.
pub async fn a_reference_is_exact_and_belongs_to_its_source(store: Shared) {
    let shop = Shop::open(&store).await;
    let references = ["a", "A", "a ", " a", "é", "e\u{301}", "a'", "a%", "a_"];
    for reference in references {
        let answer = shop.report(sale(reference, 1_000)).await;
        assert_eq!(answer.replay, Replay::No, "{reference:?}");
    }
    let elsewhere = Facts {
        source: source("Shop"),
        ..sale("a", 1_000)
    };
    assert_eq!(shop.report(elsewhere).await.replay, Replay::No);

    assert_eq!(shop.conversions().await.len(), references.len() + 1);
    for (text, number) in references.iter().zip(1..) {
        let (source, reference) = (source("shop"), reference(text));
        let found = store
            .conversion_by_reference(shop.org, &source, &reference)
            .await;
        assert_eq!(found.unwrap().unwrap().conversion.id.number(), number);
    }
    let nowhere: Source = source("SHOP");
    let found = store
        .conversion_by_reference(shop.org, &nowhere, &reference("a"))
        .await;
    assert_eq!(found.unwrap(), None);
}

/// What was accepted is done, whether or not anybody waits for it.
pub async fn a_caller_that_goes_away_cancels_nothing(store: Shared) {
    let shop = Shop::open(&store).await;
    let mut abandoned = Box::pin(shop.try_report(sale("order-1", 9_999)));
    poll_once(&mut abandoned).await;
    drop(abandoned);

    shop.engine.shut_down().await;

    assert_eq!(shop.conversions().await.len(), 1);
}

/// A retry of a sale succeeds after its affiliate has left; a new sale does not.
pub async fn a_retry_succeeds_after_its_enrollment_has_ended(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = shop.report(sale("order-1", 9_999)).await;
    let ended = shop.change_enrollment(None, Some(false)).await;
    ended.unwrap();

    let refused = shop.try_report(sale("order-2", 9_999)).await;
    let again = shop.report(sale("order-1", 9_999)).await;

    let Err(Error::NobodyCredited { findings }) = refused else {
        panic!("credited: {refused:?}");
    };
    assert_eq!(findings[0].claim, Claim::Tag(tag(TAG)));
    assert_eq!(findings[0].verdict, accrual_attribution::Verdict::Ended);
    assert_eq!((again.replay, again.outcome), (Replay::Same, first.outcome));
}

/// Two organizations may use the same references: each has its own conversion.
pub async fn organizations_do_not_share_references(store: Shared) {
    let one = Shop::open(&store).await;
    let other = Shop::open_with(&store, "Another shop", share("10")).await;
    let first = one.report(sale("order-1", 10_000)).await;
    let second = other.report(sale("order-1", 10_000)).await;

    assert_eq!(
        (first.replay, second.replay.clone()),
        (Replay::No, Replay::No)
    );
    assert_eq!(one.balances().await, [(AccountKind::Payable, usd(500))]);
    assert_eq!(other.balances().await, [(AccountKind::Payable, usd(1_000))]);
    assert_eq!(other.conversions().await, [recorded(&second).clone()]);
}

/// [`TASKS`] tasks, each of which reports one sale of 100.00 through one of the engines.
async fn report_at_once(
    engines: &[&Arc<Engine>],
    org: OrgId,
    reference: impl Fn(u16) -> String,
) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for (task, engine) in (0..TASKS).zip(engines.iter().cycle()) {
        let engine = Arc::clone(engine);
        let submission = submission(report(sale(&reference(task), 10_000)));
        tasks.spawn(async move { engine.submit(org, submission).await.unwrap() });
    }
    tasks.join_all().await
}

async fn is_recorded_once(shop: &Shop, answers: &[Answer]) {
    let first: Vec<_> = answers
        .iter()
        .filter(|answer| answer.replay == Replay::No)
        .collect();
    let again = answers
        .iter()
        .filter(|answer| answer.replay == Replay::Same);
    assert_eq!((first.len(), again.count()), (1, usize::from(TASKS) - 1));
    assert!(
        answers
            .iter()
            .all(|answer| answer.outcome == first[0].outcome)
    );
    assert_eq!(shop.conversions().await, [recorded(first[0]).clone()]);
    assert_eq!(shop.head().await.last_conversion, 1);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(500))]);
}
