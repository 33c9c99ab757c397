//! What one decision costs, beside one multiplication and rounding of decimals.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use accrual_commission::{Case, Incentive, Pay, Sale, Terms, TermsVersion, decide};
use accrual_money::{Currency, Money, Rate};
use anyhow::Result;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    report::{Judged, Row, Target, number},
    rounds::median,
};

/// Calls between two looks at the clock.
const CALLS: u32 = 10_000;

/// What is measured in turns, so that both meet the same moments of the machine.
const TURNS: u32 = 20;

/// Measures both for about `length`.
///
/// # Errors
/// If the terms are refused.
pub(super) fn measure(length: Duration) -> Result<Vec<Row>> {
    let sale = Sale::new(Money::from_minor(9999, Currency::USD));
    let rate = Rate::parse_percent("5")?;
    let incentives = vec![Incentive::new(Pay::Share(rate))];
    let terms = Terms::try_new(TermsVersion::new(1), Currency::USD, incentives)?;
    let case = Case::new(&sale, &terms);
    let (total, fraction) = (Decimal::new(9999, 2), Decimal::new(5, 2));

    let turn = length / TURNS / 2;
    let (mut floors, mut decisions) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        floors.push(nanoseconds(turn, || {
            (black_box(total) * black_box(fraction))
                .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
        }));
        decisions.push(nanoseconds(turn, || decide(black_box(&case))));
    }
    let (floor, decision) = (median(floors), median(decisions));
    Ok(rows(floor, decision))
}

fn rows(floor: f64, decision: f64) -> Vec<Row> {
    let case = "`decide`, plain terms".to_owned();
    let measured = format!("{} ns", number(decision));
    vec![
        Row {
            case: case.clone(),
            measured: measured.clone(),
            floor: format!("a decimal multiplied and rounded: {} ns", number(floor)),
            judged: Judged::ratio(decision / floor, Target::AtMost(15.0)),
        },
        Row {
            case: format!("{case}, on one core"),
            measured,
            floor: String::new(),
            judged: Judged {
                value: 1e9 / decision,
                unit: "/s",
                target: Target::AtLeast(1e6),
            },
        },
    ]
}

/// How long one call of `work` takes.
fn nanoseconds<T>(length: Duration, work: impl Fn() -> T) -> f64 {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed() < length {
        for _ in 0..CALLS {
            black_box(work());
        }
        calls += CALLS;
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_takes_longer_than_a_multiplication() {
        let rows = measure(Duration::from_millis(40)).unwrap();
        assert!(rows[0].judged.value > 1.0, "{rows:?}");
    }
}
