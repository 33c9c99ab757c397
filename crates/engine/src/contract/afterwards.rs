//! What becomes of sales after they were recorded: refunds, amendments, payment, disputes.

mod amendments;
mod changes;
mod standing;

use accrual_attribution::Claim;
use accrual_commission::{AccountKind, Approval, Change, Status, StatusKind, TransitionError};
use accrual_money::Money;
use time::Duration;

use super::{Shared, fixture::*};
use crate::{
    Amendment, Command, Commission, ConversionId, Error, Facts, Idempotency, IdempotencyKey,
    Outcome, Recorded, Refund, RefundKind, Replay, Submission, explain,
};

pub use amendments::*;
pub use changes::*;
pub use standing::*;

const FIRST: ConversionId = ConversionId::new(1);

fn refund(conversion: ConversionId, amount: Option<Money>, kind: RefundKind) -> Command {
    Command::Refund(Refund {
        conversion,
        kind,
        amount,
        at: None,
        note: None,
    })
}

fn refund_of(minor: i64) -> Command {
    refund(FIRST, Some(usd(minor)), RefundKind::Refund)
}

fn become_of(conversion: ConversionId, change: Change) -> Command {
    Command::ChangeStatus {
        conversion,
        position: None,
        change,
    }
}

impl Shop {
    async fn changed(&self, command: Command) -> Recorded {
        match self.run(command).await {
            Outcome::Conversion(recorded) => Recorded::clone(&recorded),
            other => panic!("not a conversion: {other:?}"),
        }
    }

    async fn commission(&self, command: Command) -> Commission {
        self.changed(command).await.commissions[0].clone()
    }
}

/// A commission falls with what is left of its sale, in its account and in the totals.
pub async fn a_partial_refund_leaves_the_commission_of_what_is_left(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;

    let after = shop.changed(refund_of(3_000)).await;

    assert_eq!(after.commissions[0].amount, usd(700));
    assert_eq!(after.commissions[0].status, Status::Payable);
    assert_eq!(after.conversion.refunded, usd(3_000));
    assert_eq!(shop.conversions().await, [after]);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(700))]);
    let totals = store.totals(shop.org).await.unwrap();
    let [(key, totals)] = totals.as_slice() else {
        panic!("{totals:?}");
    };
    assert_eq!(key.stage.status, StatusKind::Payable);
    assert_eq!((totals.conversions, totals.amount), (1, usd(10_000)));
    assert_eq!((totals.refunded, totals.commission), (usd(3_000), usd(700)));
}

/// Whatever the parts, nothing is left of what was refunded in full, and it says so.
pub async fn refunds_that_sum_to_the_whole_leave_nothing(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("2.9")).await;
    shop.report(sale("order-1", 9_999)).await;
    for part in [1, 3_333, 6_664] {
        shop.run(refund_of(part)).await;
    }
    let last = shop
        .commission(refund(FIRST, None, RefundKind::Refund))
        .await;
    assert_eq!((last.amount, last.status), (usd(0), Status::Refunded));
    assert_eq!(shop.balances().await, []);
    let again = shop.submit(refund(FIRST, None, RefundKind::Refund)).await;
    assert_eq!(again, Err(Error::NothingLeft(FIRST)));
    let tallies = store.tallies(shop.org, shop.enrollment).await.unwrap();
    assert!(tallies.iter().all(|(_, tally)| tally.conversions == 0));
}

/// More than is left, nothing, less than nothing and another currency are refused.
pub async fn a_refund_that_cannot_be_is_refused_and_changes_nothing(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 1_000)).await;
    let head = shop.head().await;
    let more = shop.submit(refund_of(1_001)).await;
    let (amount, left) = (usd(1_001), usd(1_000));
    assert_eq!(more, Err(Error::MoreThanLeft { amount, left }));
    for amount in [
        usd(0),
        usd(-1),
        Money::from_minor(1, accrual_money::Currency::JPY),
    ] {
        let refused = shop
            .submit(refund(FIRST, Some(amount), RefundKind::Refund))
            .await;
        assert!(refused.is_err(), "{amount}");
    }
    let nowhere = ConversionId::new(1_000);
    let unknown = shop.submit(refund(nowhere, None, RefundKind::Refund)).await;
    assert_eq!(unknown, Err(Error::ConversionNotFound(nowhere)));
    assert_eq!(shop.head().await, head);
}

/// What the bank takes is kept apart from what the merchant gives.
pub async fn a_chargeback_is_counted_apart_from_refunds(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.run(refund_of(1_000)).await;
    let after = shop
        .changed(refund(FIRST, None, RefundKind::Chargeback))
        .await;
    assert_eq!(after.conversion.refunded, usd(1_000));
    assert_eq!(after.conversion.charged_back, usd(9_000));
    assert_eq!(after.commissions[0].status, Status::Refunded);
}

/// What was paid stays paid; it is owed back, and kept from what is paid next.
pub async fn what_is_owed_back_is_kept_from_what_is_paid_next(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let paid = shop.commission(become_of(FIRST, Change::Pay)).await;
    assert_eq!(paid.paid_out, usd(1_000));
    assert_eq!(shop.balances().await, [(AccountKind::Paid, usd(1_000))]);

    let refunded = shop
        .commission(refund(FIRST, None, RefundKind::Refund))
        .await;
    assert_eq!((refunded.amount, refunded.paid_out), (usd(0), usd(1_000)));
    let owing = [
        (AccountKind::Payable, usd(-1_000)),
        (AccountKind::Paid, usd(1_000)),
    ];
    assert_eq!(shop.balances().await, owing);

    shop.report(sale("order-2", 30_000)).await;
    let next = shop
        .commission(become_of(ConversionId::new(2), Change::Pay))
        .await;
    assert_eq!((next.amount, next.paid_out), (usd(3_000), usd(2_000)));
    assert_eq!(shop.balances().await, [(AccountKind::Paid, usd(3_000))]);
    let told = explain(&*store, shop.org, ConversionId::new(2)).await;
    let told = told.unwrap().unwrap().chapters.pop().unwrap();
    assert!(
        told.words.iter().any(|words| words.contains("kept back")),
        "{told:?}"
    );
}

/// What a commission has become more by since it was paid can be paid too, once.
pub async fn a_paid_commission_that_became_more_is_paid_the_rest(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.run(become_of(FIRST, Change::Pay)).await;
    shop.run(amend_to(FIRST, usd(15_000))).await;
    let rest = [
        (AccountKind::Payable, usd(500)),
        (AccountKind::Paid, usd(1_000)),
    ];
    assert_eq!(shop.balances().await, rest);

    let paid = shop.commission(become_of(FIRST, Change::Pay)).await;

    assert_eq!((paid.amount, paid.paid_out), (usd(1_500), usd(1_500)));
    assert_eq!(shop.balances().await, [(AccountKind::Paid, usd(1_500))]);
    let (from, change) = (StatusKind::Paid, Change::Pay);
    let again = shop.submit(become_of(FIRST, change)).await;
    let refused = TransitionError::NotAllowed { from, change };
    assert_eq!(again, Err(Error::Status(refused)));
}

/// Whatever becomes of all commissions of a sale becomes of those that are not called off.
pub async fn what_becomes_of_all_leaves_what_was_called_off(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.join("tom").await;
    let shared = Facts {
        claims: [TAG, "tom"].map(|by| Claim::Tag(tag(by))).to_vec(),
        weights: vec![1, 1],
        ..sale("order-1", 10_000)
    };
    shop.report(shared).await;
    shop.run(Command::ChangeStatus {
        conversion: FIRST,
        position: Some(2),
        change: Change::Decline,
    })
    .await;
    let become_all = async |change| {
        let after = shop.changed(become_of(FIRST, change)).await;
        let statuses = after.commissions.iter().map(|one| one.status.kind());
        statuses.collect::<Vec<_>>()
    };
    let declined = StatusKind::Declined;
    assert_eq!(become_all(Change::Pay).await, [StatusKind::Paid, declined]);
    let cancelled = StatusKind::Cancelled;
    assert_eq!(become_all(Change::Cancel).await, [cancelled, declined]);

    // Where none is left, the first says why.
    let (from, change) = (cancelled, Change::Pay);
    let refused = TransitionError::NotAllowed { from, change };
    let paid = shop.submit(become_of(FIRST, change)).await;
    assert_eq!(paid, Err(Error::Status(refused)));
}

/// A sale that came to something else is decided again by the terms that it was decided under.
pub async fn an_amended_sale_is_decided_again_by_its_own_terms(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 9_999)).await;
    shop.change_terms(share("50")).await;
    let amendment = Amendment {
        total: Some(Some(usd(12_999))),
        ..Amendment::new(FIRST)
    };
    let after = shop.changed(Command::Amend(Box::new(amendment))).await;

    assert_eq!(after.commissions[0].amount, usd(650));
    assert_eq!(after.conversion.current().total, Some(usd(12_999)));
    assert_eq!(shop.conversions().await, std::slice::from_ref(&after));
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(650))]);

    let set = Amendment {
        amount_override: Some(Some(usd(750))),
        ..Amendment::new(FIRST)
    };
    let after = shop.changed(Command::Amend(Box::new(set))).await;
    assert_eq!(after.commissions[0].amount, usd(750));
    assert_eq!(after.conversion.current().total, Some(usd(12_999)));

    // A report that repeats the first one is a replay all the same.
    let again = shop.report(sale("order-1", 9_999)).await;
    assert_eq!(again.replay, Replay::Same);
    assert_eq!(*recorded(&again), after);
}

/// A sale is not worth less than was given back of it.
pub async fn a_sale_is_not_amended_below_what_was_given_back(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 1_000)).await;
    shop.run(refund_of(600)).await;
    let amendment = Amendment {
        total: Some(Some(usd(599))),
        ..Amendment::new(FIRST)
    };
    let refused = shop.submit(Command::Amend(Box::new(amendment))).await;
    let (amount, back) = (usd(599), usd(600));
    assert_eq!(refused, Err(Error::LessThanReturned { amount, back }));
}

/// While a sale is disputed its commission is pending; won, it is where it was.
pub async fn a_dispute_that_is_won_leaves_no_trace_in_the_balances(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let held = Facts {
        due_at: Some(NOW + Duration::days(30)),
        ..sale("order-1", 10_000)
    };
    let before = recorded(&shop.report(held).await).commissions[0].clone();
    let disputed = shop.commission(become_of(FIRST, Change::Dispute)).await;
    assert_eq!(disputed.status.kind(), StatusKind::Disputed);
    assert_eq!(shop.balances().await, [(AccountKind::Pending, usd(1_000))]);
    let won = shop.commission(become_of(FIRST, Change::WinDispute)).await;
    assert_eq!(won.status, before.status);

    shop.run(become_of(FIRST, Change::Dispute)).await;
    let lost = shop.commission(become_of(FIRST, Change::LoseDispute)).await;
    assert_eq!((lost.amount, lost.status), (usd(0), Status::Refunded));
    assert_eq!(shop.balances().await, []);
}

/// What a person has to approve is payable only then.
pub async fn a_commission_waits_for_a_person_where_the_terms_say_so(store: Shared) {
    let mut terms = share("10");
    terms.rules.approval = Approval::ByPerson;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let waiting = shop.report(sale("order-1", 10_000)).await;
    let waiting = recorded(&waiting).commissions[0].status;
    assert_eq!(waiting, Status::AwaitingApproval { until: None });
    let paid = shop.submit(become_of(FIRST, Change::Pay)).await;
    assert!(matches!(
        paid,
        Err(Error::Status(TransitionError::NotAllowed { .. }))
    ));
    let approved = shop.commission(become_of(FIRST, Change::Approve)).await;
    assert_eq!(approved.status, Status::Payable);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(1_000))]);
}

/// What is held becomes payable when its time has come, once, each by an entry of its own.
pub async fn what_is_due_matures_once(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let due = [-1, 0, 1].map(|days| NOW + Duration::days(days));
    // Of those whose time is over when they are reported nothing is held.
    for (number, due_at) in due.into_iter().enumerate() {
        let facts = Facts {
            due_at: Some(due_at),
            ..sale(&format!("order-{number}"), 10_000)
        };
        shop.report(facts).await;
    }
    assert_eq!(store.next_due(shop.org).await.unwrap(), Some(due[2]));
    assert_eq!(shop.run(Command::Mature).await, Outcome::Matured(0));

    let later = Shop {
        engine: engine_at(&store, NOW + Duration::days(1)),
        ..shop
    };
    let before = later.head().await.sequence;
    assert_eq!(later.run(Command::Mature).await, Outcome::Matured(1));
    assert_eq!(later.run(Command::Mature).await, Outcome::Matured(0));
    assert_eq!(later.head().await.sequence, before + 1);
    assert_eq!(store.next_due(later.org).await.unwrap(), None);
    assert_eq!(later.balances().await, [(AccountKind::Payable, usd(3_000))]);
}

/// A refund under an idempotency key is one refund, however often it is asked for.
pub async fn a_repeated_refund_is_one_refund(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let keyed = || Submission {
        idempotency: Some(Idempotency {
            key: IdempotencyKey::parse("refund-1").unwrap(),
            fingerprint: [7; 32],
        }),
        ..submission(refund_of(3_000))
    };
    let first = shop.engine.submit(shop.org, keyed()).await.unwrap();
    let again = shop.engine.submit(shop.org, keyed()).await.unwrap();
    assert_eq!((first.replay, again.replay), (Replay::No, Replay::Same));
    shop.run(refund_of(1_000)).await;
    assert_eq!(shop.conversions().await[0].conversion.refunded, usd(4_000));
}
