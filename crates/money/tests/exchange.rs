//! Laws of exchange, for amounts and rates up to the ends of their ranges.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_money::{Currency, Decimal, ExchangeRate, Money, MoneyError};
use proptest::prelude::*;
use proptest::sample::select;
use time::macros::date;

fn config() -> ProptestConfig {
    let cases = std::env::var("ACCRUAL_PROPTEST_CASES").map_or(10_000, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("ACCRUAL_PROPTEST_CASES is no number: {text}"))
    });
    // What is found is kept as a named example in the crate, not in a file of seeds.
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn any_minor() -> impl Strategy<Value = i64> {
    let ends = vec![i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    prop_oneof![1 => select(ends), 3 => any::<i64>(), 4 => -1_000_000..=1_000_000_i64]
}

fn any_units() -> impl Strategy<Value = Decimal> {
    let fine = (1..1_000_000_000_000_000_i64, 0..=9_u32);
    let usual = (1..1_000_000_i64, 0..=4_u32);
    prop_oneof![fine, usual].prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

/// The sides of a rate between two currencies.
fn any_sides() -> impl Strategy<Value = [(Decimal, Currency); 2]> {
    let currencies: Vec<Currency> = Currency::all().collect();
    let other = 1..currencies.len();
    (0..currencies.len(), other, any_units(), any_units()).prop_map(
        move |(from, other, from_units, to_units)| {
            let to = (from + other) % currencies.len();
            [(from_units, currencies[from]), (to_units, currencies[to])]
        },
    )
}

fn rate([from, to]: [(Decimal, Currency); 2]) -> ExchangeRate {
    ExchangeRate::try_new(from, to, date!(2026 - 10 - 30), "ECB").unwrap()
}

/// By what minor units are multiplied and divided, as lists of factors.
fn factors([from, to]: [(Decimal, Currency); 2]) -> [[u128; 2]; 2] {
    let side = |(units, currency): (Decimal, Currency), other: Decimal| {
        let places = currency.minor_digits() + other.scale();
        [units.mantissa().unsigned_abs(), 10_u128.pow(places)]
    };
    [side(to, from.0), side(from, to.0)]
}

/// The product of whole numbers of any size: its decimal digits, the last one first.
fn product(factors: &[u128]) -> Vec<u8> {
    let mut digits = vec![1];
    for factor in factors {
        let factor: Vec<u8> = factor.to_string().bytes().rev().map(|b| b - b'0').collect();
        let mut sums = vec![0_u32; digits.len() + factor.len()];
        for (i, digit) in digits.iter().enumerate() {
            for (j, other) in factor.iter().enumerate() {
                sums[i + j] += u32::from(*digit) * u32::from(*other);
            }
        }
        let mut carry = 0;
        digits = Vec::with_capacity(sums.len());
        for sum in sums {
            digits.push(u8::try_from((sum + carry) % 10).unwrap());
            carry = (sum + carry) / 10;
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
    }
    digits
}

fn is_at_most(left: &[u8], right: &[u8]) -> bool {
    let key = |digits: &[u8]| {
        (
            digits.len(),
            digits.iter().rev().copied().collect::<Vec<_>>(),
        )
    };
    key(left) <= key(right)
}

proptest! {
    #![proptest_config(config())]

    /// What comes out is the exact quotient, rounded once, half away from zero.
    #[test]
    fn an_exchange_is_the_exact_quotient_rounded_once(minor in any_minor(), sides in any_sides()) {
        let rate = rate(sides);
        let [[units, tens], [divisor_units, divisor_tens]] = factors(sides);
        let doubled = product(&[2, u128::from(minor.unsigned_abs()), units, tens]);
        // Rounded is r if (2r - 1) · divisor <= 2 · minor · multiplier < (2r + 1) · divisor.
        let at = |odd: u128| product(&[odd, divisor_units, divisor_tens]);
        match rate.convert(Money::from_minor(minor, rate.from())) {
            Ok(exchanged) => {
                let rounded = u128::from(exchanged.minor().unsigned_abs());
                prop_assert!(rounded == 0 || is_at_most(&at(2 * rounded - 1), &doubled));
                prop_assert!(!is_at_most(&at(2 * rounded + 1), &doubled));
                prop_assert!(exchanged.is_zero() || exchanged.is_negative() == (minor < 0));
                prop_assert_eq!(exchanged.currency(), rate.to());
            }
            Err(MoneyError::OutOfRange { currency, .. }) => {
                let largest = i64::MAX.unsigned_abs() + u64::from(minor < 0);
                prop_assert!(is_at_most(&at(2 * u128::from(largest) + 1), &doubled));
                prop_assert_eq!(currency, rate.to());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    /// A refund is exchanged like its sale.
    #[test]
    fn the_opposite_is_exchanged_for_the_opposite(minor in any_minor(), sides in any_sides()) {
        let rate = rate(sides);
        let amount = Money::from_minor(minor, rate.from());
        if let (Ok(exchanged), Ok(opposite)) = (rate.convert(amount), amount.checked_neg())
            && let Ok(expected) = exchanged.checked_neg()
        {
            prop_assert_eq!(rate.convert(opposite)?, expected);
        }
    }

    /// Who exchanges more never gets less.
    #[test]
    fn more_is_never_exchanged_for_less(
        minors in (any_minor(), any_minor()),
        sides in any_sides(),
    ) {
        let rate = rate(sides);
        let (less, more) = (minors.0.min(minors.1), minors.0.max(minors.1));
        let exchanged = |minor| rate.convert(Money::from_minor(minor, rate.from()));
        if let (Ok(for_less), Ok(for_more)) = (exchanged(less), exchanged(more)) {
            prop_assert!(for_less.minor() <= for_more.minor());
        }
    }

    /// There and back again is off by no more than two roundings: half a unit of what comes back,
    /// and what half a unit of the other currency is worth.
    #[test]
    fn there_and_back_is_off_by_what_was_rounded(
        minor in -1_000_000_000_000..=1_000_000_000_000_i64,
        sides in any_sides(),
    ) {
        let [from, to] = sides;
        let (there, back) = (rate(sides), rate([to, from]));
        let [[units, tens], [divisor_units, divisor_tens]] = factors(sides);
        let amount = Money::from_minor(minor, there.from());
        if let Ok(returned) = there.convert(amount).and_then(|exchanged| back.convert(exchanged)) {
            let off = u128::from(returned.minor().abs_diff(minor));
            // 2 · off · multiplier <= multiplier + divisor, both below 2^94.
            let doubled = product(&[2, off, units, tens]);
            let bound = units * tens + divisor_units * divisor_tens;
            prop_assert!(is_at_most(&doubled, &product(&[bound])), "{} for {}", returned, amount);
        }
    }

    /// Only the currency of a rate is exchanged at it.
    #[test]
    fn another_currency_is_not_exchanged(minor in any_minor(), sides in any_sides()) {
        let rate = rate(sides);
        let mismatch = MoneyError::CurrencyMismatch { left: rate.to(), right: rate.from() };
        prop_assert_eq!(rate.convert(Money::from_minor(minor, rate.to())), Err(mismatch));
    }
}
