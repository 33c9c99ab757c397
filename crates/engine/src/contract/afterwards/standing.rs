//! What a caller can say of a sale's standing: its status, when it is due, which version was seen.

use accrual_commission::{AccountKind, Approval, Status, StatusKind};
use time::Duration;

use super::{
    FIRST,
    changes::{amend, changes, status},
};
use crate::contract::{Shared, fixture::*};
use crate::{Amendment, Answer, Command, Error, Outcome, SaleStatus, Sequence};

/// A commission remembers when its hold is over, and is held until then from now on.
pub async fn what_is_due_follows_the_date_that_was_said(store: Shared) {
    let mut terms = share("10");
    terms.rules.hold_days = 30;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let by_terms = NOW + Duration::days(30);
    let held = recorded(&shop.report(sale("order-1", 10_000)).await).commissions[0].clone();
    assert_eq!(held.due_at, Some(by_terms));

    let due = |due_at| Amendment {
        due_at: Some(due_at),
        ..changes()
    };
    let later = NOW + Duration::days(60);
    let held = shop.commission_after(due(Some(later))).await;
    assert_eq!(held.status, Status::Pending { until: later });
    assert_eq!(held.due_at, Some(later));
    assert_eq!(store.next_due(shop.org).await.unwrap(), Some(later));
    assert_eq!(shop.balances().await, [(AccountKind::Pending, usd(1_000))]);

    let past = NOW - Duration::days(1);
    let payable = shop.commission_after(due(Some(past))).await;
    assert_eq!(
        (payable.status, payable.due_at),
        (Status::Payable, Some(past))
    );
    assert_eq!(store.next_due(shop.org).await.unwrap(), None);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(1_000))]);

    let held = shop.commission_after(due(None)).await;
    assert_eq!(held.status, Status::Pending { until: by_terms });
    let earlier = Amendment {
        occurred_at: Some(NOW - Duration::days(10)),
        ..changes()
    };
    let until = NOW + Duration::days(20);
    let held = shop.commission_after(earlier).await;
    assert_eq!(held.status, Status::Pending { until });

    shop.amended(status(SaleStatus::Paid)).await;
    let paid = shop.commission_after(due(Some(later))).await;
    assert_eq!(paid.status, Status::Paid { externally: false });
}

/// What was held until a date that was said is due from then on, whether or not anybody looks.
pub async fn what_has_matured_is_due_since_then(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 10_000)).await;
    let later = NOW + Duration::days(7);
    let due = Amendment {
        due_at: Some(Some(later)),
        ..changes()
    };
    shop.amended(due).await;
    let shop = Shop {
        engine: engine_at(&store, later),
        ..shop
    };
    assert_eq!(shop.run(Command::Mature).await, Outcome::Matured(1));
    let due = shop.conversions().await[0].commissions[0].clone();
    assert_eq!((due.status, due.due_at), (Status::Payable, Some(later)));
}

/// A commission without a hold is payable at once, and due at no time.
pub async fn what_was_never_held_is_due_at_no_time(store: Shared) {
    let shop = Shop::open(&store).await;
    let payable = recorded(&shop.report(sale("order-1", 10_000)).await).commissions[0].clone();
    assert_eq!((payable.status, payable.due_at), (Status::Payable, None));
}

/// What is wanted is reached from wherever the commission is, as far as the table allows it.
pub async fn a_sale_becomes_what_is_wanted_step_by_step(store: Shared) {
    let mut terms = share("10");
    terms.rules.approval = Approval::ByPerson;
    terms.rules.hold_days = 30;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.report(sale("order-1", 10_000)).await;
    let steps = [
        (SaleStatus::Unpaid, StatusKind::AwaitingApproval, false),
        (SaleStatus::Paid, StatusKind::Paid, false),
        (SaleStatus::Paid, StatusKind::Paid, false),
        (SaleStatus::PaidExternally, StatusKind::Paid, true),
        (SaleStatus::PaidExternally, StatusKind::Paid, true),
        (SaleStatus::Unpaid, StatusKind::Payable, false),
        (SaleStatus::Paid, StatusKind::Paid, false),
        (SaleStatus::Cancelled, StatusKind::Cancelled, false),
    ];
    for (wanted, kind, externally) in steps {
        let after = shop.commission_after(status(wanted)).await;
        assert_eq!(after.status.kind(), kind, "{wanted:?}");
        let is_external = after.status == Status::Paid { externally: true };
        assert_eq!(is_external, externally, "{wanted:?}");
    }
    // It was paid, and is owed back.
    let balances = [
        (AccountKind::Payable, usd(-1_000)),
        (AccountKind::Paid, usd(1_000)),
    ];
    assert_eq!(shop.balances().await, balances);
}

/// What one change raises and pays is paid in full, less what is owed.
pub async fn what_is_raised_and_paid_at_once_is_paid_in_full(store: Shared) {
    let mut terms = share("10");
    terms.rules.hold_days = 30;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.report(sale("order-1", 10_000)).await;
    let paid = shop
        .commission_after(Amendment {
            total: Some(Some(usd(15_000))),
            ..status(SaleStatus::Paid)
        })
        .await;
    assert_eq!((paid.amount, paid.paid_out), (usd(1_500), usd(1_500)));
    assert_eq!(shop.balances().await, [(AccountKind::Paid, usd(1_500))]);
}

/// After it was paid a change books the difference, which is said, and paid by saying so again.
pub async fn a_change_of_a_paid_sale_books_an_adjustment(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.amended(status(SaleStatus::Paid)).await;
    let total = |minor| Amendment {
        total: Some(Some(usd(minor))),
        ..changes()
    };
    let more = shop.commission_after(total(12_000)).await;
    assert_eq!(more.status, Status::Paid { externally: false });
    let adjusted = [
        (AccountKind::Payable, usd(200)),
        (AccountKind::Paid, usd(1_000)),
    ];
    assert_eq!(shop.balances().await, adjusted);
    let told = shop.told().await;
    let said = "An adjustment of 2.00 USD is booked, since the commission was paid before.";
    assert_eq!(told.last().map(String::as_str), Some(said), "{told:?}");

    let paid = shop.commission_after(status(SaleStatus::Paid)).await;
    assert_eq!(paid.paid_out, usd(1_200));
    shop.amended(total(7_000)).await;
    let adjusted = [
        (AccountKind::Payable, usd(-500)),
        (AccountKind::Paid, usd(1_200)),
    ];
    assert_eq!(shop.balances().await, adjusted);
    let said = "An adjustment of -5.00 USD is booked, since the commission was paid before.";
    assert!(shop.told().await.iter().any(|words| words == said));
}

/// Whoever names the version that was seen changes that version or nothing; of two who have seen
/// the same one, one does.
pub async fn a_change_of_a_version_is_made_once(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let first = recorded(&shop.report(sale("order-1", 10_000)).await)
        .conversion
        .version;
    let change = |total| Amendment {
        expected_version: Some(first),
        total: Some(Some(usd(total))),
        ..changes()
    };
    let both = [amend(change(20_000)), amend(change(30_000))];
    let answers = shop.submit_together(both).await;
    let version = recorded(answers[0].as_ref().unwrap()).conversion.version;
    let refused = Error::VersionChanged {
        conversion: FIRST,
        expected: first,
        version,
    };
    assert_eq!(answers[1], Err(refused));
    let next = Amendment {
        expected_version: Some(version),
        ..change(40_000)
    };
    assert_eq!(shop.commission_after(next).await.amount, usd(4_000));
    let never = Amendment {
        expected_version: Some(Sequence::new(999)),
        ..changes()
    };
    let refused = shop.refused(never).await;
    assert!(matches!(refused, Error::VersionChanged { .. }));
}

/// Two changes at once are made one after the other, by however many engines.
pub async fn two_changes_at_once_are_both_made(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let other = engine(&store);
    let total = amend(Amendment {
        total: Some(Some(usd(20_000))),
        ..changes()
    });
    let name = amend(Amendment {
        customer_name: Some(Some(text("Zoe"))),
        ..changes()
    });
    let (one, two) = tokio::join!(shop.submit(total), other.submit(shop.org, submission(name)));
    let made: Vec<Answer> = vec![one.unwrap(), two.unwrap()];
    assert_eq!(made.len(), 2);
    let after = &shop.conversions().await[0];
    assert_eq!(after.conversion.current().total, Some(usd(20_000)));
    assert_eq!(after.conversion.current().customer.name, Some(text("Zoe")));
    assert_eq!(after.commissions[0].amount, usd(2_000));
}
