//! What a sale earns where it matters what was sold and earned before: payments, tiers, caps, shares
//! and levels.

use std::num::NonZeroU32;

use accrual_attribution::{Binding, Claim, Crediting, ReferralId, Sharing};
use accrual_commission::{
    Incentive, Level, LevelBase, Pay, Period, PeriodCap, Step, StepStart, Threshold, Tier,
    TierMode, Tiers,
};
use accrual_money::Currency;
use time::{Duration, macros::datetime};

use super::{Shared, fixture::*};
use crate::{
    Amendment, Command, ConversionId, EarnedBy, Enrolling, Facts, Refund, RefundKind, TermsDraft,
};

/// First payments and renewals are told apart; a payment that was taken back does not count.
pub async fn the_payments_of_a_customer_are_counted(store: Shared) {
    let renewal = Step {
        from: StepStart::Payment(NonZeroU32::new(2).unwrap()),
        pay: Pay::Share(rate("10")),
    };
    let incentive = Incentive {
        steps: vec![renewal],
        ..Incentive::new(Pay::Share(rate("20")))
    };
    let shop = Shop::open_with(
        &store,
        "The shop",
        TermsDraft::new(Currency::USD, vec![incentive]),
    )
    .await;
    let earned = async |number: u32, customer: &str| {
        let facts = bought(&format!("order-{number}"), customer, TAG, 10_000);
        recorded(&shop.report(facts).await).commissions[0].amount
    };
    assert_eq!(earned(1, "c1").await, usd(2_000));
    assert_eq!(earned(2, "c1").await, usd(1_000));
    assert_eq!(earned(3, "c2").await, usd(2_000));
    shop.run(Command::Refund(Refund {
        conversion: ConversionId::new(3),
        kind: RefundKind::Refund,
        amount: None,
        at: None,
        note: None,
    }))
    .await;
    assert_eq!(earned(4, "c2").await, usd(2_000));
}

pub(super) fn tiered(mode: TierMode, from: Threshold, base: Pay, pay: Pay) -> TermsDraft {
    let tiers = Tiers {
        period: Period::CalendarMonth,
        mode,
        tiers: vec![Tier { from, pay }],
    };
    let incentive = Incentive {
        tiers: Some(tiers),
        ..Incentive::new(base)
    };
    TermsDraft::new(Currency::USD, vec![incentive])
}

/// A tier is reached by what was sold before, in the same month and by the same affiliate.
pub async fn a_tier_counts_what_was_sold_before(store: Shared) {
    let from = Threshold::Amount(usd(10_000));
    let (base, above) = (Pay::Share(rate("10")), Pay::Share(rate("15")));
    let terms = tiered(TierMode::ReachedBefore, from, base, above);
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.join("tom").await;
    let earned = async |number: u32, by: &str| {
        let facts = bought(&format!("order-{number}"), "c", by, 6_000);
        recorded(&shop.report(facts).await).commissions[0].amount
    };
    assert_eq!(earned(1, TAG).await, usd(600));
    assert_eq!(earned(2, "tom").await, usd(600));
    assert_eq!(earned(3, TAG).await, usd(600));
    assert_eq!(earned(4, TAG).await, usd(900));
    let last_month = Facts {
        occurred_at: Some(NOW - Duration::days(20)),
        ..bought("order-5", "c", TAG, 6_000)
    };
    assert_eq!(
        recorded(&shop.report(last_month).await).commissions[0].amount,
        usd(600)
    );
}

/// What was earned before in the period is lifted, each by an entry of its own.
pub async fn a_retroactive_tier_lifts_what_was_earned_before(store: Shared) {
    let (base, above) = (Pay::Fixed(usd(25_000)), Pay::Fixed(usd(27_500)));
    let terms = tiered(TierMode::Retroactive, Threshold::Count(3), base, above);
    let shop = Shop::open_with(&store, "The shop", terms).await;
    for number in 1..=2 {
        shop.report(sale(&format!("order-{number}"), 10_000)).await;
    }
    let before = shop.head().await.sequence;
    shop.report(sale("order-3", 10_000)).await;
    let all = shop.conversions().await;
    let amounts: Vec<_> = all.iter().map(|one| one.commissions[0].amount).collect();
    assert_eq!(amounts, [usd(27_500); 3]);
    assert_eq!(shop.head().await.sequence, before + 3);
    assert_eq!(shop.transfers().await.len(), 5);
    let history = shop.history(all[0].conversion.id).await;
    assert_eq!(history.len(), 2);
}

/// What is lifted counts for the customer who bought it, not for the one whose sale lifts it.
pub async fn a_lift_counts_for_the_customers_of_what_it_lifts(store: Shared) {
    let (base, above) = (Pay::Share(rate("10")), Pay::Share(rate("15")));
    let mut terms = tiered(TierMode::Retroactive, Threshold::Count(2), base, above);
    terms.crediting.binding = Binding::ForLife;
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.report(bought("order-1", "c1", TAG, 10_000)).await;
    shop.report(bought("order-2", "c2", TAG, 20_000)).await;
    let customers = store.referrals(shop.org, ReferralId::new(0), 10).await;
    let customers = customers.unwrap().into_iter();
    let earned: Vec<_> = customers.map(|one| (one.payments, one.earned)).collect();
    assert_eq!(earned, [(1, Some(usd(1_500))), (1, Some(usd(3_000)))]);
}

/// A shared sale that lifts leaves to the lift what the seller's cap leaves after all it has earned.
pub async fn a_lift_by_a_shared_sale_keeps_the_cap(store: Shared) {
    let (base, above) = (Pay::Share(rate("10")), Pay::Share(rate("15")));
    let mut terms = tiered(TierMode::Retroactive, Threshold::Count(2), base, above);
    terms.rules.caps.period = Some(PeriodCap {
        period: Period::CalendarMonth,
        amount: usd(1_200),
    });
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.join("tom").await;
    shop.report(sale("order-1", 10_000)).await;
    shop.report(shared_with_tom("order-2", 1_000)).await;
    let all = shop.conversions().await;
    let amounts = all.iter().flat_map(|one| &one.commissions);
    let amounts: Vec<_> = amounts.map(|one| one.amount).collect();
    // 12.00 less 0.75 of the second sale: without the cap it would be 15.00.
    assert_eq!(amounts, [1_125, 75, 75].map(usd));
}

/// A sale that is reported after later ones, or moved before them, earns what is left in the fullest
/// stretch of days that it is in.
pub async fn a_sale_that_is_reported_late_keeps_the_cap_of_later_days(store: Shared) {
    let mut terms = share("10");
    terms.rules.caps.period = Some(PeriodCap {
        period: Period::RollingDays(7.try_into().unwrap()),
        amount: usd(2_000),
    });
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let on = |day: i64| Some(datetime!(2025-06-01 12:00 UTC) + Duration::days(day - 1));
    let report = async |number: u32, day, total| {
        let mut facts = sale(&format!("order-{number}"), total);
        facts.occurred_at = on(day);
        recorded(&shop.report(facts).await).commissions[0].amount
    };
    assert_eq!(report(1, 10, 15_000).await, usd(1_500));
    assert_eq!(report(2, 12, 10_000).await, usd(500));
    assert_eq!(report(3, 8, 10_000).await, usd(0));
    assert_eq!(report(4, 5, 10_000).await, usd(500));
    shop.run(Command::Amend(Box::new(Amendment {
        occurred_at: on(3),
        ..Amendment::new(ConversionId::new(4))
    })))
    .await;
    assert_eq!(
        shop.conversions().await[3].commissions[0].amount,
        usd(1_000)
    );
}

/// What a refund takes off under a cap can be earned again.
pub async fn a_cap_is_free_again_after_a_refund(store: Shared) {
    let mut terms = share("10");
    terms.rules.caps.customer = Some(usd(1_500));
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let earned = async |number: u32| {
        let facts = bought(&format!("order-{number}"), "c1", TAG, 10_000);
        recorded(&shop.report(facts).await).commissions[0].amount
    };
    assert_eq!(earned(1).await, usd(1_000));
    assert_eq!(earned(2).await, usd(500));
    assert_eq!(earned(3).await, usd(0));
    shop.run(Command::Refund(Refund {
        conversion: ConversionId::new(1),
        kind: RefundKind::Refund,
        amount: Some(usd(4_000)),
        at: None,
        note: None,
    }))
    .await;
    assert_eq!(earned(4).await, usd(400));
}

/// A sale of two affiliates in equal parts.
fn shared_with_tom(reference: &str, total_minor: i64) -> Facts {
    Facts {
        claims: [TAG, "tom"].map(|by| Claim::Tag(tag(by))).to_vec(),
        weights: vec![1, 1],
        ..sale(reference, total_minor)
    }
}

/// Of those who share a sale each is cut by what it has earned itself, also when the sale is amended.
pub async fn those_who_share_a_sale_have_caps_of_their_own(store: Shared) {
    let mut terms = share("20");
    terms.rules.caps.period = Some(PeriodCap {
        period: Period::Ever,
        amount: usd(1_200),
    });
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.join("tom").await;
    shop.report(sale("order-1", 5_000)).await;
    let shared = shop.report(shared_with_tom("order-2", 5_000)).await;
    let shared = recorded(&shared).clone();
    // The first has earned 10.00 before: 2.00 are left of its cap, and all of the other's.
    let amounts = shared.commissions.iter().map(|one| one.amount);
    assert_eq!(amounts.collect::<Vec<_>>(), [200, 500].map(usd));

    let amendment = Amendment {
        total: Some(Some(usd(6_000))),
        ..Amendment::new(shared.conversion.id)
    };
    shop.run(Command::Amend(Box::new(amendment))).await;
    let amended = &shop.conversions().await[1];
    let amounts = amended.commissions.iter().map(|one| one.amount);
    assert_eq!(amounts.collect::<Vec<_>>(), [200, 600].map(usd));
}

/// A shared sale divides its commission, and whoever recruited a seller earns besides.
pub async fn a_sale_is_shared_and_those_above_earn_too(store: Shared) {
    let mut terms = share("30");
    terms.rules.levels = vec![Level {
        rate: rate("10"),
        of: LevelBase::Direct,
    }];
    terms.crediting = Crediting {
        sharing: Sharing::Equal,
        ..terms.crediting
    };
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let tom = shop.create_affiliate("Tom").await;
    let enrolling = Enrolling {
        affiliate: tom,
        program: shop.program,
        tag: tag("tom"),
        slug: None,
        recruiter: Some(shop.enrollment),
        rate: None,
    };
    shop.run(Command::Enroll(enrolling)).await;
    shop.join("una").await;
    for (days_ago, by) in [(3, TAG), (2, "tom"), (1, "una")] {
        shop.click("v1", by, days_ago).await;
    }
    let by_click = Facts {
        claims: vec![Claim::Click(identifier("v1"))],
        ..sale("order-1", 12_000)
    };
    let answer = shop.report(by_click).await;
    let earned = recorded(&answer).commissions.iter();
    let earned: Vec<_> = earned
        .map(|one| (one.credit.enrollment.number(), one.earned_by, one.amount))
        .collect();
    let sale = EarnedBy::Sale;
    let expected = [
        (1, sale, usd(1_200)),
        (2, sale, usd(1_200)),
        (3, sale, usd(1_200)),
        (1, EarnedBy::Level(1), usd(120)),
    ];
    assert_eq!(earned, expected);
    let kept = store.conversion(shop.org, ConversionId::new(1)).await;
    assert_eq!(kept.unwrap().as_ref(), Some(recorded(&answer)));
}
