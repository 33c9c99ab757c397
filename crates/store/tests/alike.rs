//! A database keeps and finds the same as the store in memory, which says plainly what every method
//! of the ports is to do: batch for batch, value for value.

#![allow(clippy::unwrap_used)]

#[path = "alike/dice.rs"]
mod dice;
#[path = "alike/everything.rs"]
mod everything;
#[path = "alike/lists.rs"]
mod lists;
#[path = "alike/pair.rs"]
mod pair;
#[path = "alike/story.rs"]
mod story;

use accrual_commission::Status;
use accrual_engine::{EarnedBy, Recorded};
use accrual_store::test_database;

use dice::Dice;
use pair::{Begin, Pair};

const BATCHES: u32 = 60;

/// A shop in which everything happens, in batches of several commands each.
async fn tell(begin: Begin, seed: u64) {
    for database in test_database::all().await {
        let pair = Pair::new(&database, begin).await;
        let mut dice = Dice::new(seed);
        for batch in story::set_up() {
            pair.run(story::time(0), &batch).await;
        }
        for number in 1..=BATCHES {
            let commands: Vec<_> = (0..dice.up_to(12))
                .map(|_| story::next(&mut dice, number))
                .collect();
            pair.run(story::time(number), &commands).await;
            everything::is_found_alike(&pair).await;
        }
        everything::is_reported_alike(&pair).await;
        lists::are_alike(&pair, &mut dice).await;
        has_happened(&everything::conversions(&pair).await);
    }
}

#[tokio::test]
async fn turns_that_begin_where_the_last_one_ended_keep_and_find_the_same() {
    tell(Begin::Remembered, 1).await;
}

#[tokio::test]
async fn turns_that_hold_the_row_keep_and_find_the_same() {
    tell(Begin::Locked, 2).await;
}

/// Whether the story was worth telling.
fn has_happened(all: &[Recorded]) {
    let commissions = || all.iter().flat_map(|recorded| &recorded.commissions);
    let some = |what: &str, is_so: bool| assert!(is_so, "no {what}");
    let has = |status: fn(&Status) -> bool| commissions().any(|one| status(&one.status));
    some(
        "amendment",
        all.iter().any(|one| one.conversion.amended.is_some()),
    );
    some(
        "refund",
        all.iter().any(|one| one.conversion.refunded.is_positive()),
    );
    some(
        "chargeback",
        all.iter()
            .any(|one| one.conversion.charged_back.is_positive()),
    );
    some(
        "shared sale",
        commissions().any(|one| one.position == 2 && one.is_direct()),
    );
    some(
        "level",
        commissions().any(|one| one.earned_by == EarnedBy::Level(2)),
    );
    some("customer", commissions().any(|one| one.referral.is_some()));
    some(
        "payment",
        commissions().any(|one| one.paid_out.is_positive()),
    );
    some(
        "held one",
        has(|status| matches!(status, Status::Pending { .. })),
    );
    some(
        "one that waits",
        has(|status| matches!(status, Status::AwaitingApproval { .. })),
    );
    some(
        "payable one",
        has(|status| matches!(status, Status::Payable)),
    );
    some(
        "refunded one",
        has(|status| matches!(status, Status::Refunded)),
    );
    some(
        "declined one",
        has(|status| matches!(status, Status::Declined)),
    );
    some(
        "disputed one",
        has(|status| matches!(status, Status::Disputed { .. })),
    );
}
