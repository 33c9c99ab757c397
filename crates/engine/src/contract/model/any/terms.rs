//! Any terms.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_attribution::{
    Binding, Bonus, ClaimKind, Crediting, Precedence, Sharing, TouchRule, Window,
};
use accrual_commission::{
    Approval, BaseAmount, BaseRule, Caps, Incentive, Level, LevelBase, Pay, Period, PeriodCap,
    Rules, Scope, TierMode,
};
use accrual_money::Currency;
use proptest::{option::weighted, prelude::*, sample::select};

use super::{
    any_currency, any_few, any_money, any_rate,
    incentive::{any_general_incentive, any_incentive, any_period},
};
use crate::{TermsChange, TermsDraft};

pub(super) fn any_terms() -> BoxedStrategy<TermsDraft> {
    let terms = any_currency().prop_flat_map(|currency| {
        (any_rules(currency), any_crediting())
            .prop_map(|(rules, crediting)| TermsDraft { rules, crediting })
    });
    terms.boxed()
}

fn any_rules(currency: Currency) -> BoxedStrategy<Rules> {
    let special = prop::collection::vec(any_incentive(currency), 0..=2);
    let general = weighted(0.9, any_general_incentive(currency));
    let incentives = (special, general).prop_map(|(mut incentives, general)| {
        incentives.extend(general);
        incentives
    });
    let rest = (
        any_base(),
        weighted(0.15, any_money(currency)),
        any_caps(currency),
        any_levels(),
        any_hold(),
        any_approval(),
    );
    let is_raw = prop::bool::weighted(0.05);
    (incentives, rest, is_raw)
        .prop_map(move |(incentives, rest, is_raw)| {
            let (base, minimum_sale, caps, levels, hold_days, approval) = rest;
            let rules = Rules {
                base,
                incentives,
                minimum_sale,
                caps,
                levels,
                hold_days,
                approval,
                ..Rules::new(currency)
            };
            if is_raw { rules } else { compatible(rules) }
        })
        .boxed()
}

/// The same without what cannot be combined with tiers that lift earlier commissions.
fn compatible(mut rules: Rules) -> Rules {
    let mut period = None;
    for incentive in &mut rules.incentives {
        if let Some(tiers) = &mut incentive.tiers
            && tiers.mode == TierMode::Retroactive
        {
            // Beside a cap over rolling days there are no such tiers.
            let first = match tiers.period {
                Period::RollingDays(_) if rules.caps.period.is_some() => Period::CalendarMonth,
                period => period,
            };
            tiers.period = *period.get_or_insert(first);
            incentive.steps.clear();
            tiers
                .tiers
                .iter_mut()
                .for_each(|tier| per_sale(&mut tier.pay));
            per_sale(&mut incentive.pay);
        }
    }
    if let Some(period) = period {
        rules.caps.customer = None;
        if let Some(cap) = &mut rules.caps.period {
            cap.period = period;
        }
        rules.incentives.iter_mut().for_each(cover_whole_sales);
    }
    rules
}

fn per_sale(pay: &mut Pay) {
    if let Pay::PerItem(amount) = *pay {
        *pay = Pay::Fixed(amount);
    }
}

fn cover_whole_sales(incentive: &mut Incentive) {
    match incentive.scope {
        Scope::Products(_) | Scope::Prices(_) => incentive.scope = Scope::All,
        Scope::All | Scope::Type(_) | Scope::Monthly | Scope::Yearly => {}
    }
}

fn any_base() -> impl Strategy<Value = BaseRule> {
    let amount = prop_oneof![3 => Just(BaseAmount::Total), 1 => Just(BaseAmount::Subtotal)];
    let rarely = || prop::bool::weighted(0.3);
    (amount, rarely(), rarely(), rarely()).prop_map(|(amount, tax, shipping, discount)| BaseRule {
        amount,
        less_tax: tax,
        less_shipping: shipping,
        less_discount: discount,
    })
}

fn any_caps(currency: Currency) -> impl Strategy<Value = Caps> {
    let of_period = (any_period(), any_money(currency));
    let of_period = of_period.prop_map(|(period, amount)| PeriodCap { period, amount });
    let caps = (
        weighted(0.2, any_money(currency)),
        weighted(0.2, any_money(currency)),
        weighted(0.3, of_period),
    );
    caps.prop_map(|(conversion, customer, period)| Caps {
        conversion,
        customer,
        period,
    })
}

fn any_levels() -> BoxedStrategy<Vec<Level>> {
    let of = select(vec![
        LevelBase::Direct,
        LevelBase::Sale,
        LevelBase::LevelBelow,
    ]);
    any_few(
        (any_rate(), of).prop_map(|(rate, of)| Level { rate, of }),
        2,
    )
}

fn any_hold() -> impl Strategy<Value = u16> + Clone {
    prop_oneof![2 => Just(0), 1 => select(vec![1, 7, 30_u16])]
}

fn any_approval() -> impl Strategy<Value = Approval> + Clone {
    prop_oneof![4 => Just(Approval::Automatic), 1 => Just(Approval::ByPerson)]
}

fn any_crediting() -> BoxedStrategy<Crediting> {
    let precedence = select(vec![
        Precedence::default(),
        Precedence::new(vec![ClaimKind::PromoCode, ClaimKind::Tag]),
        Precedence::new(vec![
            ClaimKind::Click,
            ClaimKind::Email,
            ClaimKind::Customer,
        ]),
    ]);
    let touch = select(vec![TouchRule::Last, TouchRule::First]);
    let window = select(vec![3_600, 86_400, 7 * 86_400_u32]);
    let window = window.prop_map(|seconds| Window::of_seconds(NonZeroU32::new(seconds).unwrap()));
    let days = select(vec![1, 7, 30_u16]);
    let binding = prop_oneof![
        2 => Just(Binding::None),
        2 => Just(Binding::ForLife),
        2 => days.prop_map(|days| Binding::For { days: NonZeroU16::new(days).unwrap() }),
    ];
    let bonus = || Bonus::try_from_billionths(400_000_000).unwrap();
    let sharing = prop_oneof![
        2 => Just(Sharing::One),
        1 => Just(Sharing::Equal),
        1 => Just(Sharing::FirstBonus(bonus())),
        1 => Just(Sharing::LastBonus(bonus())),
    ];
    let refuses = prop::bool::weighted(0.4);
    (
        precedence,
        touch,
        weighted(0.5, window),
        binding,
        sharing,
        refuses,
    )
        .prop_map(
            |(precedence, touch, window, binding, sharing, refuses)| Crediting {
                precedence,
                touch,
                window,
                binding,
                sharing,
                refuses_self_referral: refuses,
            },
        )
        .boxed()
}

/// Some of the terms, for a program in whatever currency.
pub(super) fn any_change() -> BoxedStrategy<TermsChange> {
    let whole = any_terms().prop_map(TermsChange::from);
    let hold = any_hold().prop_map(|days| TermsChange {
        hold_days: Some(days),
        ..TermsChange::default()
    });
    let crediting = any_crediting().prop_map(|crediting| TermsChange {
        crediting: Some(crediting),
        ..TermsChange::default()
    });
    let caps = any_caps(Currency::USD).prop_map(|caps| TermsChange {
        caps: Some(caps),
        ..TermsChange::default()
    });
    let levels = (any_levels(), any_approval()).prop_map(|(levels, approval)| TermsChange {
        levels: Some(levels),
        approval: Some(approval),
        ..TermsChange::default()
    });
    let incentive = any_incentive(Currency::USD).prop_map(|incentive| TermsChange {
        incentives: Some(vec![incentive]),
        ..TermsChange::default()
    });
    prop_oneof![2 => whole, 1 => hold, 1 => crediting, 1 => caps, 1 => levels, 1 => incentive]
        .boxed()
}
