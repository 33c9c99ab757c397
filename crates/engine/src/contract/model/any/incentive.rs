//! Any incentive.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_commission::{
    Condition, Country, Incentive, Length, Pay, Period, SaleType, Scope, Step, StepStart,
    Threshold, Tier, TierMode, Tiers,
};
use accrual_money::{Currency, Money};
use proptest::{prelude::*, sample::select};

use super::{any_few, any_minor, any_rate};

/// An incentive that can be one of a program's terms.
pub(super) fn any_incentive(currency: Currency) -> BoxedStrategy<Incentive> {
    let parts = (
        any_pay(currency),
        any_scope(),
        any_few(any_condition(), 1),
        any_kind(currency),
        any_length(),
    );
    let incentive = parts.prop_map(|(pay, scope, conditions, kind, length)| {
        let (steps, tiers) = kind;
        let shares_only = tiers
            .as_ref()
            .is_some_and(|one| one.mode == TierMode::Marginal);
        let incentive = Incentive {
            scope,
            conditions,
            steps,
            tiers,
            length,
            ..Incentive::new(pay)
        };
        if shares_only {
            in_shares(incentive)
        } else {
            incentive
        }
    });
    incentive.boxed()
}

/// One that covers every sale.
pub(super) fn any_general_incentive(currency: Currency) -> BoxedStrategy<Incentive> {
    let general = |incentive| Incentive {
        scope: Scope::All,
        conditions: Vec::new(),
        ..incentive
    };
    any_incentive(currency).prop_map(general).boxed()
}

pub(super) fn any_period() -> impl Strategy<Value = Period> + Clone {
    prop_oneof![
        Just(Period::CalendarMonth),
        Just(Period::Ever),
        (1..=8_u16).prop_map(|days| Period::RollingDays(NonZeroU16::new(days).unwrap())),
    ]
}

fn any_pay(currency: Currency) -> BoxedStrategy<Pay> {
    let amount = any_minor().prop_map(move |minor| Money::from_minor(minor / 4, currency));
    prop_oneof![
        6 => any_rate().prop_map(Pay::Share),
        2 => amount.clone().prop_map(Pay::Fixed),
        1 => amount.clone().prop_map(Pay::PerItem),
        1 => (any_rate(), amount).prop_map(|(share, fixed)| Pay::ShareAndFixed { share, fixed }),
    ]
    .boxed()
}

fn any_scope() -> impl Strategy<Value = Scope> {
    let names = |names: Vec<&'static str>| names.into_iter().map(Box::from).collect();
    let products = select(vec![vec!["hat"], vec!["hat", "mug"]]);
    prop_oneof![
        6 => Just(Scope::All),
        1 => Just(Scope::Type(SaleType::Subscription)),
        1 => Just(Scope::Monthly),
        1 => Just(Scope::Yearly),
        2 => products.prop_map(move |products| Scope::Products(names(products))),
        1 => Just(Scope::Prices([Box::from("gold")].into())),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let metadata = |value: &str| Condition::Metadata {
        key: "plan".into(),
        value: value.into(),
    };
    prop_oneof![
        Just(Condition::Country([Country::parse("DE").unwrap()].into())),
        Just(metadata("pro")),
        Just(metadata("2")),
    ]
}

/// Steps or tiers, or neither.
fn any_kind(currency: Currency) -> BoxedStrategy<(Vec<Step>, Option<Tiers>)> {
    prop_oneof![
        3 => Just((Vec::new(), None)),
        1 => any_steps(currency).prop_map(|steps| (steps, None)),
        3 => any_tiers(currency).prop_map(|tiers| (Vec::new(), Some(tiers))),
        1 => (any_steps(currency), any_tiers(currency)).prop_map(|(steps, tiers)| (steps, Some(tiers))),
    ]
    .boxed()
}

fn any_steps(currency: Currency) -> BoxedStrategy<Vec<Step>> {
    let payment = |number| StepStart::Payment(NonZeroU32::new(number).unwrap());
    let month = |number| StepStart::Month(NonZeroU16::new(number).unwrap());
    let starts = select(vec![
        vec![payment(2)],
        vec![payment(2), payment(3)],
        vec![month(1)],
        vec![payment(3), month(1)],
    ]);
    (starts, any_pay(currency), any_pay(currency))
        .prop_map(|(starts, one, other)| {
            let pays = [one, other].into_iter();
            starts
                .into_iter()
                .zip(pays)
                .map(|(from, pay)| Step { from, pay })
                .collect()
        })
        .boxed()
}

fn any_tiers(currency: Currency) -> BoxedStrategy<Tiers> {
    let mode = select(vec![
        TierMode::ReachedBefore,
        TierMode::OwnSize,
        TierMode::Marginal,
        TierMode::Retroactive,
    ]);
    let tiers = prop::collection::vec((any_minor(), 1..=2_u64, any_pay(currency)), 1..=3);
    (any_period(), mode, any::<bool>(), tiers)
        .prop_map(move |(period, mode, by_count, tiers)| {
            let by_count =
                by_count && [TierMode::ReachedBefore, TierMode::Retroactive].contains(&mode);
            let (mut minor, mut count) = (0, 0);
            let tier = |(more, times, pay)| {
                minor += more;
                count += times;
                let amount = Threshold::Amount(Money::from_minor(minor, currency));
                let from = if by_count {
                    Threshold::Count(count)
                } else {
                    amount
                };
                Tier { from, pay }
            };
            Tiers {
                period,
                mode,
                tiers: tiers.into_iter().map(tier).collect(),
            }
        })
        .boxed()
}

fn any_length() -> impl Strategy<Value = Length> {
    let months = (1..=2_u16).prop_map(|months| NonZeroU16::new(months).unwrap());
    let payments = (1..=3_u32).prop_map(|payments| NonZeroU32::new(payments).unwrap());
    let length = (
        prop::option::weighted(0.15, months),
        prop::option::weighted(0.15, payments),
    );
    length.prop_map(|(months, payments)| Length { months, payments })
}

/// The same, paying nothing but shares.
fn in_shares(mut incentive: Incentive) -> Incentive {
    let share = |pay: &mut Pay| match *pay {
        Pay::Share(_) => {}
        Pay::Fixed(_) | Pay::PerItem(_) => *pay = Pay::Share(accrual_money::Rate::ZERO),
        Pay::ShareAndFixed { share, .. } => *pay = Pay::Share(share),
    };
    share(&mut incentive.pay);
    incentive
        .steps
        .iter_mut()
        .for_each(|step| share(&mut step.pay));
    if let Some(tiers) = &mut incentive.tiers {
        tiers.tiers.iter_mut().for_each(|tier| share(&mut tier.pay));
    }
    incentive
}
