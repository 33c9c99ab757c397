//! What one decision costs, beside one multiplication and rounding of decimals.
#![allow(
    clippy::expect_used,
    reason = "the terms and sales of a benchmark are right, or it has nothing to measure"
)]

use std::collections::BTreeSet;
use std::hint::black_box;

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::{Decimal, RoundingStrategy};
use time::OffsetDateTime;

/// 5 % of 99.99, with nothing around it.
fn floor(criterion: &mut Criterion) {
    let (total, fraction) = (Decimal::new(9999, 2), Decimal::new(5, 2));
    let mut group = criterion.benchmark_group("floor");
    group.bench_function("multiply_and_round", |bencher| {
        bencher.iter(|| {
            (black_box(total) * black_box(fraction))
                .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
        });
    });
    group.finish();
}

/// The same as a commission, with its reason.
fn plain(criterion: &mut Criterion) {
    let terms = terms(Rules {
        incentives: vec![Incentive::new(Pay::Share(percent(5)))],
        ..Rules::new(Currency::USD)
    });
    let sale = Sale::new(usd(9999));
    let case = Case::new(&sale, &terms, OffsetDateTime::UNIX_EPOCH);
    let mut group = criterion.benchmark_group("decide");
    group.bench_function("plain", |bencher| {
        bencher.iter(|| decide(black_box(&case)));
    });
    group.finish();
}

/// A sale of four lines under twenty incentives with products, conditions, tiers, steps and caps.
fn rich(criterion: &mut Criterion) {
    let terms = terms(Rules {
        base: BaseRule {
            less_tax: true,
            less_shipping: true,
            ..BaseRule::default()
        },
        incentives: (0..20).map(rich_incentive).collect(),
        minimum_sale: Some(usd(1_000)),
        caps: Caps {
            conversion: Some(usd(2_000)),
            customer: Some(usd(100_000)),
            period: Some(PeriodCap {
                period: Period::CalendarMonth,
                amount: usd(500_000),
            }),
        },
        ..Rules::new(Currency::USD)
    });
    let lines = (0..4).map(|line| Line {
        product: product(line * 45 + 3),
        price: None,
        quantity: 2,
        amount: usd(4_999),
    });
    let sale = Sale::new(usd(22_596))
        .with_tax(Tax::Amount(usd(1_600)))
        .with_shipping(usd(1_000))
        .with_type(SaleType::Subscription)
        .with_interval(Interval::Monthly)
        .with_country(Country::parse("DE").expect("a country"))
        .with_metadata(vec![("plan".into(), "pro".into())])
        .with_lines(lines.collect());
    let history = rich_history();
    let case = Case::new(&sale, &terms, OffsetDateTime::UNIX_EPOCH).with_history(&history);
    let mut group = criterion.benchmark_group("decide");
    group.bench_function("rich", |bencher| {
        bencher.iter(|| decide(black_box(&case)));
    });
    group.finish();
}

/// Twenty products each, in three of four incentives; the others by type and interval.
fn rich_incentive(place: u64) -> Incentive {
    let scope = match place % 4 {
        0 => Scope::All,
        1..=2 => Scope::Products((0..20).map(|name| product(place * 10 + name)).collect()),
        _ => Scope::Monthly,
    };
    let conditions = match place % 3 {
        0 => Vec::new(),
        1 => vec![Condition::Country(countries())],
        _ => vec![Condition::Metadata {
            key: "plan".into(),
            value: "pro".into(),
        }],
    };
    let tier = |amount, percentage| Tier {
        from: Threshold::Amount(usd(amount)),
        pay: Pay::Share(percent(percentage)),
    };
    Incentive {
        scope,
        conditions,
        steps: vec![Step {
            from: StepStart::Payment(const { std::num::NonZero::new(2).expect("above zero") }),
            pay: Pay::Share(percent(7)),
        }],
        tiers: Some(Tiers {
            period: Period::CalendarMonth,
            mode: if place.is_multiple_of(2) {
                TierMode::ReachedBefore
            } else {
                TierMode::Marginal
            },
            tiers: vec![tier(50_000, 8), tier(100_000, 9), tier(200_000, 10)],
        }),
        length: Length {
            months: std::num::NonZero::new(24),
            payments: None,
        },
        ..Incentive::new(Pay::Share(percent(5)))
    }
}

fn rich_history() -> History {
    let tally = Tally {
        conversions: 12,
        amount: usd(95_000),
        earned: usd(6_100),
    };
    History {
        payments: 3,
        first_payment_at: Some(OffsetDateTime::UNIX_EPOCH - time::Duration::days(90)),
        customer_earned: Some(usd(1_200)),
        tallies: vec![(Period::CalendarMonth, tally)],
    }
}

fn terms(rules: Rules) -> Terms {
    Terms::try_new(TermsVersion::new(1), rules).expect("terms")
}

fn product(number: u64) -> Box<str> {
    format!("product-{number:04}").into()
}

fn countries() -> BTreeSet<Country> {
    let codes = ["AT", "CH", "DE", "FR", "GB", "NL", "US"];
    codes
        .into_iter()
        .map(|code| Country::parse(code).expect("a country"))
        .collect()
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn percent(percent: i64) -> Rate {
    Rate::from_percent(Decimal::from(percent)).expect("a rate")
}

criterion_group!(benches, floor, plain, rich);
criterion_main!(benches);
