//! What holds for any sales and whatever becomes of them, tried in memory.

use std::{collections::BTreeMap, sync::Arc};

use accrual_attribution::Claim;
use accrual_commission::{
    AccountKind, Approval, Change, Incentive, Pay, Period, PeriodCap, Rules, Threshold, Tier,
    TierMode, Tiers,
};
use accrual_money::{Currency, Money};
use proptest::{collection::vec, prelude::*, sample::select};
use time::Duration;

use super::{Shared, fixture::*};
use crate::{Amendment, Command, ConversionId, MemoryStore, Refund, RefundKind, TermsDraft};

const FIRST: ConversionId = ConversionId::new(1);

/// What is tried on the way, whether it can be or not; none of it calls the sale off.
const CHANGES: [Change; 9] = [
    Change::Approve,
    Change::Mature,
    Change::StartPayout,
    Change::AbandonPayout,
    Change::Pay,
    Change::PayExternally,
    Change::Unpay,
    Change::Dispute,
    Change::WinDispute,
];

/// One part of the sale is given back, after some changes were tried.
#[derive(Clone, Debug)]
struct Part {
    changes: Vec<Change>,
    weight: u64,
    kind: RefundKind,
}

fn any_part() -> impl Strategy<Value = Part> {
    let changes = vec(select(CHANGES.to_vec()), 0..4);
    let kind = select(vec![RefundKind::Refund, RefundKind::Chargeback]);
    (changes, 0..1_000_u64, kind).prop_map(|(changes, weight, kind)| Part {
        changes,
        weight,
        kind,
    })
}

/// Which sale, what its total is from now on, and how many days ago it took place.
fn any_move() -> impl Strategy<Value = (prop::sample::Index, Option<i64>, i64)> {
    let total = proptest::option::of(1..=20_000_i64);
    (any::<prop::sample::Index>(), total, 0..20_i64)
}

fn any_terms() -> impl Strategy<Value = TermsDraft> {
    let hold = select(vec![0, 30]);
    let approval = select(vec![Approval::Automatic, Approval::ByPerson]);
    (1..=1_000_i64, hold, approval).prop_map(|(per_mille, hold_days, approval)| {
        let draft = share(&format!("{}.{}", per_mille / 10, per_mille % 10));
        TermsDraft {
            rules: Rules {
                hold_days,
                approval,
                ..draft.rules
            },
            ..draft
        }
    })
}

fn in_memory<T>(law: impl AsyncFnOnce(Shared) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(law(Arc::new(MemoryStore::new())))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Nothing is left but what was paid, and all of that is owed back.
    #[test]
    fn however_a_sale_is_given_back_nothing_is_left(
        terms in any_terms(),
        total in 1..=1_000_000_i64,
        parts in vec(any_part(), 1..6),
    ) {
        let weights: Vec<u64> = parts.iter().map(|part| part.weight).collect();
        let even: Vec<u64> = parts.iter().map(|_| 1).collect();
        let amounts = usd(total).allocate(&weights).or_else(|_| usd(total).allocate(&even));
        let amounts = amounts.unwrap();
        in_memory(async |store| {
            let shop = Shop::open_with(&store, "The shop", terms).await;
            shop.report(sale("order-1", total)).await;
            for (part, amount) in parts.iter().zip(amounts) {
                for change in &part.changes {
                    let _ = shop.submit(Command::ChangeStatus {
                        conversion: FIRST,
                        position: None,
                        change: *change,
                    }).await;
                }
                if amount.is_positive() {
                    shop.run(Command::Refund(Refund {
                        conversion: FIRST,
                        kind: part.kind,
                        amount: Some(amount),
                        at: None,
                        note: None,
                    })).await;
                }
            }
            let after = &shop.conversions().await[0];
            let commission = &after.commissions[0];
            prop_assert_eq!(commission.amount, usd(0));
            let paid = commission.paid_out;
            let owed = [(AccountKind::Payable, usd(-paid.minor())), (AccountKind::Paid, paid)];
            let owed = owed.into_iter().filter(|(_, amount)| !amount.is_zero());
            prop_assert_eq!(shop.balances().await, owed.collect::<Vec<_>>());
            Ok(())
        })?;
    }

    /// Sales of different sellers come to the same, whichever is reported first.
    #[test]
    fn sales_that_do_not_concern_each_other_commute(
        totals in vec((1..=500_000_i64, 0..4_usize), 1..12),
        turns in vec(any::<prop::sample::Index>(), 12),
    ) {
        // Each seller's own sales stay in their order: with tiers and caps that one matters.
        let mut waiting: BTreeMap<usize, Vec<(usize, i64)>> = BTreeMap::new();
        for (number, (total, seller)) in totals.iter().enumerate() {
            waiting.entry(*seller).or_default().push((number, *total));
        }
        let given: Vec<_> = totals.iter().enumerate().map(|(n, (t, s))| (n, *t, *s)).collect();
        let mut mixed = Vec::new();
        let mut turns = turns.iter().cycle();
        while !waiting.is_empty() {
            let sellers: Vec<usize> = waiting.keys().copied().collect();
            let seller = *turns.next().unwrap().get(&sellers);
            let own = waiting.get_mut(&seller).unwrap();
            let (number, total) = own.remove(0);
            mixed.push((number, total, seller));
            if own.is_empty() {
                waiting.remove(&seller);
            }
        }
        prop_assert_eq!(in_memory(async |store| earned(&store, &given).await),
            in_memory(async |store| earned(&store, &mixed).await));
    }

    /// No days in a row earn more than their cap, whichever of their sales are reported first, and
    /// wherever they are moved or how far they grow.
    #[test]
    fn a_cap_over_rolling_days_is_never_passed(
        days in 1..=8_u16,
        cap in 1..=3_000_i64,
        sales in vec((1..=20_000_i64, 0..20_i64), 1..20),
        moves in vec(any_move(), 0..10),
    ) {
        let mut terms = share("10");
        terms.rules.caps.period = Some(PeriodCap {
            period: Period::RollingDays(days.try_into().unwrap()),
            amount: usd(cap),
        });
        let earned = in_memory(async |store| {
            let shop = Shop::open_with(&store, "The shop", terms).await;
            for (number, (total, day)) in sales.iter().enumerate() {
                let mut facts = sale(&format!("order-{number}"), *total);
                facts.occurred_at = Some(NOW - Duration::days(*day));
                shop.report(facts).await;
            }
            for (which, total, day) in &moves {
                let moved = shop.conversions().await[which.index(sales.len())].conversion.id;
                shop.run(Command::Amend(Box::new(Amendment {
                    total: total.map(|total| Some(usd(total))),
                    occurred_at: Some(NOW - Duration::days(*day)),
                    ..Amendment::new(moved)
                }))).await;
            }
            let all = shop.conversions().await;
            let earned = all.iter().map(|one| (one.conversion.day, one.commissions[0].amount.minor()));
            earned.collect::<Vec<_>>()
        });
        for (first, _) in &earned {
            let in_a_row = earned.iter().filter(|(day, _)| {
                (0..i64::from(days)).contains(&(*day - *first).whole_days())
            });
            prop_assert!(in_a_row.map(|(_, minor)| minor).sum::<i64>() <= cap);
        }
    }
}

/// What each sale earns in the end, in a shop of four sellers with tiers and a cap.
async fn earned(store: &Shared, sales: &[(usize, i64, usize)]) -> BTreeMap<String, Money> {
    let mut incentive = Incentive::new(Pay::Share(rate("10")));
    incentive.tiers = Some(Tiers {
        period: Period::CalendarMonth,
        mode: TierMode::Retroactive,
        tiers: vec![Tier {
            from: Threshold::Count(3),
            pay: Pay::Share(rate("15")),
        }],
    });
    let mut terms = TermsDraft::new(Currency::USD, vec![incentive]);
    terms.rules.caps.conversion = Some(usd(40_000));
    let shop = Shop::open_with(store, "The shop", terms).await;
    for seller in 0..4 {
        let affiliate = shop.create_affiliate("A seller").await;
        let tag = format!("seller-{seller}");
        shop.enroll(affiliate, shop.program, &tag).await;
    }
    for (number, total, seller) in sales {
        let mut facts = sale(&format!("order-{number}"), *total);
        facts.claims = vec![Claim::Tag(tag(&format!("seller-{seller}")))];
        shop.report(facts).await;
    }
    let all = shop.conversions().await;
    all.iter()
        .map(|one| {
            let reference = one.conversion.facts.reference.to_string();
            (reference, one.commissions[0].amount)
        })
        .collect()
}
