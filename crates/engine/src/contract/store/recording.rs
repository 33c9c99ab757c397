//! A sale is recorded with all that follows from it.

use accrual_attribution::{Claim, Credit};
use accrual_commission::{
    Account, AccountKind, Earning, IncentiveNumber, Status, StatusKind, TermsVersion, Transfer,
};
use accrual_money::{Currency, Money};
use time::Duration;

use crate::contract::{Shared, fixture::*};
use crate::{
    Channel, Commission, Conversion, ConversionId, DayTally, EarnedBy, Facts, Head, Listed,
    Posting, Recorded, Replay, Sequence, Stage, Totals, TotalsKey,
};

/// One report is one conversion, one commission, one entry, one transfer and one more in the totals.
pub async fn a_reported_sale_is_credited_priced_recorded_journaled_posted_and_counted(
    store: Shared,
) {
    let shop = Shop::open(&store).await;
    let before = shop.head().await;

    let answer = shop.report(sale("order-1", 9_999)).await;

    let id = ConversionId::new(1);
    let sequence = Sequence::new(before.sequence + 1);
    let commission = Commission {
        conversion: id,
        position: 1,
        credit: Credit {
            enrollment: shop.enrollment,
            affiliate: shop.affiliate,
            program: shop.program,
        },
        earned_by: EarnedBy::Sale,
        incentive: Some(IncentiveNumber::new(1)),
        is_liftable: false,
        referral: None,
        terms_version: TermsVersion::new(1),
        earning: Earning {
            base: usd(9_999),
            full: usd(500),
            rate: Some(rate("5")),
        },
        amount: usd(500),
        paid_out: usd(0),
        status: Status::Payable,
        due_at: None,
    };
    let expected = Recorded {
        conversion: Conversion {
            id,
            facts: sale("order-1", 9_999),
            amended: None,
            occurred_at: NOW,
            day: NOW.date(),
            recorded_at: NOW,
            sequence,
            facts_sequence: sequence,
            version: sequence,
            refunded: usd(0),
            charged_back: usd(0),
        },
        commissions: vec![commission],
    };
    assert_eq!(answer.replay, Replay::No);
    assert_eq!(*recorded(&answer), expected);
    let kept = store.conversion(shop.org, id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&expected));

    let history = shop.history(id).await;
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].sequence, history[0].at), (sequence, NOW));
    let after = Head {
        sequence: before.sequence + 1,
        hash: history[0].seal(&before.hash),
        last_conversion: 1,
        ..before
    };
    assert_eq!(shop.head().await, after);

    let posting = Posting {
        sequence,
        position: 1,
        at: NOW,
        conversion: id,
        commission_position: 1,
        transfer: Transfer::try_new(Account::Expense, Account::Payable(shop.affiliate), usd(500))
            .unwrap(),
    };
    assert_eq!(shop.transfers().await, [posting]);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(500))]);

    let key = TotalsKey {
        day: NOW.date(),
        program: shop.program,
        currency: usd(0).currency(),
        stage: Stage {
            status: StatusKind::Payable,
            is_due: false,
        },
        channel: Channel::website(),
    };
    let totals = Totals {
        conversions: 1,
        amount: usd(9_999),
        commission: usd(500),
        sold: DayTally {
            conversions: 1,
            base: usd(9_999),
            earned: usd(500),
        },
        listed: in_dollars(1, usd(9_999), usd(500)),
        ..Totals::zero(Currency::USD)
    };
    assert_eq!(store.totals(shop.org).await.unwrap(), [(key, totals)]);
}

/// What was recorded under former terms stays as it was; what comes after follows the new ones.
pub async fn new_terms_are_a_version_and_earlier_conversions_keep_theirs(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = recorded(&shop.report(sale("order-1", 10_000)).await).clone();
    shop.change_terms(share("20")).await;
    let second = recorded(&shop.report(sale("order-2", 10_000)).await).clone();

    let earned = |recorded: &Recorded| {
        let commission = &recorded.commissions[0];
        (commission.terms_version.number(), commission.amount)
    };
    assert_eq!(earned(&first), (1, usd(500)));
    assert_eq!(earned(&second), (2, usd(2_000)));
    let kept = store.conversion(shop.org, first.conversion.id).await;
    assert_eq!(kept.unwrap(), Some(first));
    let versions = store.versions(shop.org, shop.program).await.unwrap();
    let expected =
        [("5", 1), ("20", 2)].map(|(percent, version)| version_of(share(percent), version));
    assert_eq!(versions, expected);
    let program = store.program(shop.org, shop.program).await.unwrap();
    assert_eq!(program.unwrap().terms, expected[1].terms);
}

/// What is held is pending, and so is its amount: by the terms, or by the date in the report.
pub async fn a_held_commission_is_pending_and_so_is_its_amount(store: Shared) {
    let mut terms = share("5");
    terms.rules.hold_days = 30;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let due_at = NOW + Duration::days(7);
    let by_terms = recorded(&shop.report(sale("order-1", 10_000)).await).clone();
    let by_report = Facts {
        due_at: Some(due_at),
        ..sale("order-2", 2_000)
    };
    let by_report = recorded(&shop.report(by_report).await).clone();
    let long_ago = Facts {
        occurred_at: Some(NOW - Duration::days(30)),
        ..sale("order-3", 1_000)
    };
    let long_ago = recorded(&shop.report(long_ago).await).clone();

    let until = NOW + Duration::days(30);
    let expected = [
        Status::Pending { until },
        Status::Pending { until: due_at },
        Status::Payable,
    ];
    for (recorded, status) in [by_terms, by_report, long_ago].iter().zip(expected) {
        assert_eq!(recorded.commissions[0].status, status);
        let kept = store.conversion(shop.org, recorded.conversion.id).await;
        assert_eq!(kept.unwrap().as_ref(), Some(recorded));
    }
    let (pending, payable) = (AccountKind::Pending, AccountKind::Payable);
    assert_eq!(
        shop.balances().await,
        [(pending, usd(600)), (payable, usd(50))]
    );
    let moved: Vec<_> = shop
        .transfers()
        .await
        .iter()
        .map(|posting| (posting.transfer.to(), posting.transfer.amount()))
        .collect();
    let (pending, payable) = (
        Account::Pending(shop.affiliate),
        Account::Payable(shop.affiliate),
    );
    assert_eq!(
        moved,
        [(pending, usd(500)), (pending, usd(100)), (payable, usd(50))]
    );
}

/// A commission of zero is recorded and counted, and moves nothing.
pub async fn a_commission_of_zero_moves_nothing(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("0")).await;
    let answer = shop.report(sale("order-1", 9_999)).await;

    assert_eq!(recorded(&answer).commissions[0].amount, usd(0));
    assert_eq!(shop.transfers().await, []);
    assert_eq!(shop.balances().await, []);
    let totals = store.totals(shop.org).await.unwrap();
    let expected = Totals {
        conversions: 1,
        amount: usd(9_999),
        sold: DayTally {
            conversions: 1,
            base: usd(9_999),
            earned: usd(0),
        },
        listed: in_dollars(1, usd(9_999), usd(0)),
        ..Totals::zero(Currency::USD)
    };
    assert_eq!(totals[0].1, expected);
}

/// The totals are what the conversions add up to, by day, program, currency and status.
pub async fn totals_are_kept_by_day_program_currency_and_status(store: Shared) {
    let shop = Shop::open(&store).await;
    let mut held = share("10");
    held.rules.hold_days = 1;
    let other = shop.create_program(held).await;
    shop.enroll(shop.affiliate, other, "autumn").await;
    let yesterday = NOW - Duration::days(1);
    let yen = |minor| Money::from_minor(minor, Currency::JPY);
    let reports = [
        sale("order-1", 1_000),
        sale("order-2", 2_000),
        Facts {
            total: Some(yen(500)),
            ..sale("order-3", 1)
        },
        Facts {
            occurred_at: Some(yesterday),
            ..sale("order-4", 4_000)
        },
        Facts {
            claims: vec![Claim::Tag(tag("autumn"))],
            ..sale("order-5", 8_000)
        },
    ];
    for facts in reports {
        shop.report(facts).await;
    }

    let (payable, pending) = (StatusKind::Payable, StatusKind::Pending);
    let expected = [
        (yesterday, shop.program, payable, 1, usd(4_000), usd(200)),
        (NOW, shop.program, payable, 1, yen(500), yen(25)),
        (NOW, shop.program, payable, 2, usd(3_000), usd(150)),
        (NOW, other, pending, 1, usd(8_000), usd(800)),
    ]
    .map(|(at, program, status, conversions, amount, commission)| {
        let key = TotalsKey {
            day: at.date(),
            program,
            currency: amount.currency(),
            stage: Stage {
                status,
                is_due: false,
            },
            channel: Channel::website(),
        };
        let totals = Totals {
            conversions,
            amount,
            commission,
            sold: DayTally {
                conversions,
                base: amount,
                earned: commission,
            },
            listed: in_dollars(conversions, amount, commission),
            ..Totals::zero(amount.currency())
        };
        (key, totals)
    });
    assert_eq!(store.totals(shop.org).await.unwrap(), expected);
    let (payable, pending) = (AccountKind::Payable, AccountKind::Pending);
    assert_eq!(
        shop.balances().await,
        [(pending, usd(800)), (payable, yen(25)), (payable, usd(350))]
    );
}

/// What sales are listed with where the organization counts in dollars and no rate is known.
fn in_dollars(conversions: i64, amount: Money, commission: Money) -> Listed {
    if amount.currency() == Currency::USD {
        return Listed {
            amount: amount.minor(),
            commission: commission.minor(),
            ..Listed::default()
        };
    }
    Listed {
        unconverted: conversions,
        ..Listed::default()
    }
}
