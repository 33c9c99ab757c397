//! What one decision costs, beside one multiplication and rounding of decimals.

use std::{error::Error, hint::black_box};

use accrual_commission::{Case, Incentive, Pay, Sale, Terms, TermsVersion, decide};
use accrual_money::{Currency, Money, Rate};
use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::{Decimal, RoundingStrategy};

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
#[expect(
    clippy::expect_used,
    reason = "one incentive is few enough, a share has no currency"
)]
fn plain(criterion: &mut Criterion) {
    let terms = plain_terms().expect("terms with one share");
    let sale = Sale::new(Money::from_minor(9999, Currency::USD));
    let case = Case::new(&sale, &terms);
    let mut group = criterion.benchmark_group("decide");
    group.bench_function("plain", |bencher| {
        bencher.iter(|| decide(black_box(&case)));
    });
    group.finish();
}

fn plain_terms() -> Result<Terms, Box<dyn Error>> {
    let incentives = vec![Incentive::new(Pay::Share(Rate::parse_percent("5")?))];
    Ok(Terms::try_new(
        TermsVersion::new(1),
        Currency::USD,
        incentives,
    )?)
}

criterion_group!(benches, floor, plain);
criterion_main!(benches);
