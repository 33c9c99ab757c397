//! Laws of parts of amounts, for amounts up to the ends of the range.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_money::{Currency, Decimal, Money, MoneyError, Rate};
use proptest::prelude::*;
use proptest::sample::select;

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

fn any_rate() -> impl Strategy<Value = Rate> {
    (0..=1_000_000_000_i64)
        .prop_map(|billionths| Rate::from_fraction(Decimal::new(billionths, 9)).unwrap())
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn billionths(rate: Rate) -> i128 {
    let billionths = rate.fraction() * Decimal::from(1_000_000_000);
    billionths.normalize().to_string().parse().unwrap()
}

proptest! {
    #![proptest_config(config())]

    /// What belongs to a part is its exact proportion, off by at most a half of the smallest unit.
    #[test]
    fn a_part_is_the_exact_proportion_rounded_once(
        amount in any_minor(),
        part in any_minor(),
        whole in any_minor(),
    ) {
        let product = i128::from(amount) * i128::from(part);
        let divisor = i128::from(whole);
        match usd(amount).part_of(usd(part), usd(whole)) {
            Ok(found) => {
                let off = i128::from(found.minor()) * divisor - product;
                prop_assert!(2 * off.abs() <= divisor.abs());
                // A half goes away from zero.
                if 2 * off.abs() == divisor.abs() {
                    prop_assert!((i128::from(found.minor()) * divisor).abs() > product.abs());
                }
            }
            Err(MoneyError::NoWhole { .. }) => prop_assert_eq!(whole, 0),
            Err(error) => {
                prop_assert!(matches!(error, MoneyError::OutOfRange { .. }), "{}", error);
                prop_assert!((product / divisor).abs() >= i128::from(i64::MAX));
            }
        }
    }

    /// A share of a part is rounded once, not once for the share and once for the part.
    #[test]
    fn a_share_of_a_part_is_rounded_once(
        amount in 0..1_000_000_000_000_i64,
        (part, whole) in (0..=1_000_000_i64, 0..1_000_000_i64),
        rate in any_rate(),
    ) {
        let whole = whole.max(part).max(1);
        let found = usd(amount).share_of_part(rate, usd(part), usd(whole))?;
        let product = i128::from(amount) * billionths(rate) * i128::from(part);
        let divisor = i128::from(whole) * 1_000_000_000;
        let off = i128::from(found.minor()) * divisor - product;
        prop_assert!(2 * off.abs() <= divisor);
        prop_assert!(found.minor() <= amount);
        prop_assert_eq!(usd(amount).share_of_part(rate, usd(whole), usd(whole))?, usd(amount).share(rate).amount);
    }

    /// Shares are summed exactly: one is what it is by itself, and many are off by a half at most.
    #[test]
    fn shares_are_summed_exactly_and_rounded_once(
        shares in prop::collection::vec((any_minor(), any_rate()), 0..6),
    ) {
        let given = shares.iter().map(|(minor, rate)| (usd(*minor), *rate));
        let exact: i128 =
            shares.iter().map(|(minor, rate)| i128::from(*minor) * billionths(*rate)).sum();
        let rounded = Money::rounded_sum_of_shares(given.clone(), Currency::USD);
        match Money::sum_of_shares(given, Currency::USD) {
            Ok(sum) => {
                prop_assert_eq!(rounded, Ok(sum.amount));
                let off = i128::from(sum.amount.minor()) * 1_000_000_000 - exact;
                prop_assert!(2 * off.abs() <= 1_000_000_000);
                prop_assert_eq!(sum.exact, Decimal::from_i128_with_scale(exact, 11));
                if let [(minor, rate)] = shares.as_slice() {
                    prop_assert_eq!(sum, usd(*minor).share(*rate));
                }
            }
            Err(error) => {
                prop_assert_eq!(rounded, Err(error));
                prop_assert!(exact.abs() / 1_000_000_000 >= i128::from(i64::MAX));
            }
        }
    }

    /// Two currencies are in no proportion, and have no sum.
    #[test]
    fn parts_of_two_currencies_are_an_error(minor in any_minor(), rate in any_rate()) {
        let yen = Money::from_minor(minor, Currency::JPY);
        let mismatch = MoneyError::CurrencyMismatch { left: Currency::JPY, right: Currency::USD };
        prop_assert_eq!(usd(1).part_of(yen, usd(1)), Err(mismatch));
        let mismatch = MoneyError::CurrencyMismatch { left: Currency::USD, right: Currency::JPY };
        prop_assert_eq!(Money::sum_of_shares([(yen, rate)], Currency::USD), Err(mismatch));
    }
}
