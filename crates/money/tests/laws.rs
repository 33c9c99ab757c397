//! Laws of exact amounts, for amounts up to the ends of the range.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).

use std::cmp::Ordering;
use std::num::NonZero;

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

fn any_currency() -> impl Strategy<Value = Currency> {
    select(Currency::all().collect::<Vec<_>>())
}

fn any_money() -> impl Strategy<Value = Money> {
    (any_minor(), any_currency()).prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

/// Two amounts in one currency.
fn any_pair() -> impl Strategy<Value = (Money, Money)> {
    (any_money(), any_minor())
        .prop_map(|(money, minor)| (money, Money::from_minor(minor, money.currency())))
}

fn any_rate() -> impl Strategy<Value = Rate> {
    let fine = (0..=1_000_000_000_i64).prop_map(|billionths| Decimal::new(billionths, 9));
    let usual = (0..=1000_i64).prop_map(|thousandths| Decimal::new(thousandths, 3));
    prop_oneof![fine, usual]
        .prop_map(|fraction| Rate::from_fraction(fraction).unwrap_or(Rate::WHOLE))
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let largest = Decimal::MAX.mantissa();
    let mantissa = prop_oneof![
        -largest..=largest,
        any_minor().prop_map(i128::from),
        select(vec![-largest, 0, largest]),
    ];
    (mantissa, 0..=28_u32)
        .prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
}

/// Weights of which at least one is above zero.
fn any_weights() -> impl Strategy<Value = Vec<u64>> {
    let above_zero = || prop_oneof![1..=100_u64, 1..=u64::MAX, Just(u64::MAX)];
    let some = || prop::collection::vec(prop_oneof![1 => Just(0), 3 => above_zero()], 0..4);
    (some(), above_zero(), some())
        .prop_map(|(before, one, after)| before.into_iter().chain([one]).chain(after).collect())
}

/// Whether `rounded` is within half a minor unit of `exact`, and beyond it if exactly half.
fn is_nearest_away_from_zero(exact: Decimal, rounded: Money) -> bool {
    let digits = rounded.currency().minor_digits();
    if exact.scale() <= digits {
        return exact == rounded.major();
    }
    let unit = 10_i128.pow(exact.scale() - digits);
    let difference = i128::from(rounded.minor()) * unit - exact.mantissa();
    let away = if exact.mantissa() < 0 {
        -difference
    } else {
        difference
    };
    -unit < 2 * away && 2 * away <= unit
}

proptest! {
    #![proptest_config(config())]

    /// Dividing neither loses nor makes up a minor unit.
    #[test]
    fn the_parts_sum_to_the_whole(money in any_money(), weights in any_weights()) {
        let parts = money.allocate(&weights)?;
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Money::sum(parts, money.currency())?, money);
    }

    /// A refund takes back from each what the sale gave to each.
    #[test]
    fn a_refund_is_divided_like_its_sale(money in any_money(), weights in any_weights()) {
        if let Ok(refund) = money.checked_neg() {
            let taken = refund.allocate(&weights)?;
            let given = money.allocate(&weights)?;
            let given: Result<Vec<_>, _> = given.into_iter().map(Money::checked_neg).collect();
            prop_assert_eq!(taken, given?);
        }
    }

    /// Nobody's part is a whole minor unit away from the exact proportion; nothing for no weight.
    #[test]
    fn every_part_is_its_proportion_rounded_up_or_down(
        money in any_money(),
        weights in any_weights(),
    ) {
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in money.allocate(&weights)?.into_iter().zip(weights) {
            let product = i128::from(money.minor()) * i128::from(weight);
            let beyond = i128::from(part.minor()) - product / total;
            let most = if product % total == 0 { 0 } else { product.signum() };
            prop_assert!(beyond == 0 || beyond == most, "{} for {}", part, weight);
        }
    }

    /// A split is the division by equal weights.
    #[test]
    fn a_split_gives_everybody_the_same_weight(money in any_money(), parts in 1..50_u32) {
        let split: Vec<Money> = money.split(NonZero::new(parts).unwrap()).collect();
        prop_assert_eq!(split, money.allocate(&vec![1; parts as usize])?);
    }

    /// A split of any size can be asked for; its parts differ by one minor unit at most.
    #[test]
    fn a_split_is_as_even_as_it_can_be(money in any_money(), parts in any::<NonZero<u32>>()) {
        let split = money.split(parts);
        prop_assert_eq!(split.len(), parts.get() as usize);
        let (each, left) =
            (money.minor() / i64::from(parts.get()), money.minor() % i64::from(parts.get()));
        for part in split.take(3) {
            let beyond = part.minor() - each;
            prop_assert!(beyond == 0 || beyond == left.signum());
        }
    }

    /// Nobody earns more than the sale, or with the other sign.
    #[test]
    fn a_share_never_exceeds_its_base(money in any_money(), rate in any_rate()) {
        let share = money.share(rate).amount;
        prop_assert_eq!(share.currency(), money.currency());
        prop_assert!(share.minor().unsigned_abs() <= money.minor().unsigned_abs());
        prop_assert!(share.is_zero() || share.is_negative() == money.is_negative());
    }

    /// Nothing of nothing, all of all.
    #[test]
    fn the_ends_of_the_rate_are_nothing_and_the_whole(money in any_money()) {
        prop_assert!(money.share(Rate::ZERO).amount.is_zero());
        prop_assert_eq!(money.share(Rate::WHOLE).amount, money);
        prop_assert_eq!(money.share(Rate::WHOLE).exact, money.major());
    }

    /// A share is the exact product, rounded once to the nearest minor unit.
    #[test]
    fn a_share_is_the_exact_product_rounded_once(money in any_money(), rate in any_rate()) {
        let share = money.share(rate);
        prop_assert_eq!(share.exact, money.major() * rate.fraction());
        prop_assert!(is_nearest_away_from_zero(share.exact, share.amount));
        prop_assert_eq!(Money::round_major(share.exact, money.currency())?, share.amount);
    }

    /// A larger sale never earns less.
    #[test]
    fn a_share_grows_with_its_base((one, other) in any_pair(), rate in any_rate()) {
        let (small, large) = (one.min(other)?, one.max(other)?);
        prop_assert!(small.share(rate).amount.minor() <= large.share(rate).amount.minor());
    }

    /// A higher rate never earns less.
    #[test]
    fn a_share_grows_with_its_rate(money in any_money(), one in any_rate(), other in any_rate()) {
        let low = money.share(one.min(other)).amount.minor().unsigned_abs();
        let high = money.share(one.max(other)).amount.minor().unsigned_abs();
        prop_assert!(low <= high);
    }

    /// A refund in full takes back the whole share.
    #[test]
    fn a_share_of_the_opposite_is_the_opposite(money in any_money(), rate in any_rate()) {
        if let Ok(refund) = money.checked_neg() {
            prop_assert_eq!(refund.share(rate).amount, money.share(rate).amount.checked_neg()?);
        }
    }

    /// What is added can be taken away again; what does not fit is an error.
    #[test]
    fn subtraction_undoes_addition((one, other) in any_pair()) {
        match one.checked_add(other) {
            Ok(sum) => {
                prop_assert_eq!(Some(sum.minor()), one.minor().checked_add(other.minor()));
                prop_assert_eq!(sum.checked_sub(other)?, one);
                prop_assert_eq!(other.checked_add(one)?, sum);
            }
            Err(error) => {
                let minor = i128::from(one.minor()) + i128::from(other.minor());
                prop_assert_eq!(one.minor().checked_add(other.minor()), None);
                prop_assert_eq!(error, MoneyError::OutOfRange { minor, currency: one.currency() });
            }
        }
        let difference = one.checked_sub(other).ok().map(Money::minor);
        prop_assert_eq!(difference, one.minor().checked_sub(other.minor()));
    }

    /// Multiples and opposites are exact, or an error.
    #[test]
    fn nothing_overflows_silently(money in any_money(), count in any_minor()) {
        let multiple = money.checked_mul_int(count).ok().map(Money::minor);
        prop_assert_eq!(multiple, money.minor().checked_mul(count));
        let opposite = money.checked_neg().ok().map(Money::minor);
        prop_assert_eq!(opposite, money.minor().checked_neg());
    }

    /// The order of the entries makes no difference to their sum.
    #[test]
    fn a_sum_does_not_depend_on_the_order(
        minors in prop::collection::vec(any_minor(), 0..12),
        currency in any_currency(),
    ) {
        let amounts = || minors.iter().map(|minor| Money::from_minor(*minor, currency));
        let forward = Money::sum(amounts(), currency);
        let exact: i128 = minors.iter().map(|minor| i128::from(*minor)).sum();
        prop_assert_eq!(&forward, &Money::sum(amounts().rev(), currency));
        prop_assert_eq!(forward.ok().map(Money::minor), i64::try_from(exact).ok());
    }

    /// Of two amounts one is the smaller and the other the larger.
    #[test]
    fn comparison_agrees_with_the_minor_units((one, other) in any_pair()) {
        prop_assert_eq!(one.compare(other)?, one.minor().cmp(&other.minor()));
        prop_assert_ne!(one.min(other)?.compare(one.max(other)?)?, Ordering::Greater);
    }

    /// Amounts of two currencies are never compared or added.
    #[test]
    fn two_currencies_are_an_error(one in any_money(), other in any_money()) {
        if one.currency() == other.currency() {
            return Ok(());
        }
        let mismatch =
            MoneyError::CurrencyMismatch { left: one.currency(), right: other.currency() };
        prop_assert_eq!(one.checked_add(other), Err(mismatch.clone()));
        prop_assert_eq!(one.checked_sub(other), Err(mismatch.clone()));
        prop_assert_eq!(one.compare(other), Err(mismatch));
    }

    /// Major units say the same as minor units, with the digits of the currency, also as text.
    #[test]
    fn major_and_minor_units_say_the_same(money in any_money()) {
        let (currency, major) = (money.currency(), money.major());
        prop_assert_eq!(major.scale(), currency.minor_digits());
        prop_assert_eq!(Money::try_from_major(major, currency)?, money);
        prop_assert_eq!(Money::try_from_major(major.normalize(), currency)?, money);

        let text = money.to_string();
        let (number, code) = text.split_once(' ').unwrap();
        let number: Decimal = number.parse().unwrap();
        prop_assert_eq!(Money::try_from_major(number, Currency::parse(code)?)?, money);
    }

    /// A reported amount is taken exactly or refused, and refused for the right reason.
    #[test]
    fn a_reported_amount_is_never_rounded(major in any_decimal(), currency in any_currency()) {
        let is_finer = major.normalize().scale() > currency.minor_digits();
        match Money::try_from_major(major, currency) {
            Ok(money) => prop_assert_eq!(money.major(), major),
            Err(MoneyError::FinerThanCurrency { .. }) => prop_assert!(is_finer),
            Err(MoneyError::OutOfRange { minor, .. }) => {
                prop_assert!(!is_finer && i64::try_from(minor).is_err());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    /// A computed amount is within half a minor unit of the exact one, or out of range.
    #[test]
    fn rounding_is_within_half_a_minor_unit(exact in any_decimal(), currency in any_currency()) {
        match Money::round_major(exact, currency) {
            Ok(money) => prop_assert!(is_nearest_away_from_zero(exact, money)),
            Err(MoneyError::OutOfRange { minor, .. }) => {
                prop_assert!(i64::try_from(minor).is_err());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    /// A rate is the same in percent, as a fraction and as text.
    #[test]
    fn a_rate_is_the_same_however_it_is_written(rate in any_rate()) {
        prop_assert_eq!(Rate::from_percent(rate.percent())?, rate);
        prop_assert_eq!(Rate::from_fraction(rate.fraction())?, rate);
        prop_assert_eq!(Rate::parse_percent(&rate.percent().to_string())?, rate);
        prop_assert_eq!(rate.fraction() * Decimal::ONE_HUNDRED, rate.percent());
    }

    /// Any number is taken exactly as a rate, or refused for the right reason.
    #[test]
    fn a_rate_is_never_rounded(percent in any_decimal()) {
        let is_in_range = Decimal::ZERO <= percent && percent <= Decimal::ONE_HUNDRED;
        match Rate::from_percent(percent) {
            Ok(rate) => prop_assert_eq!(rate.percent(), percent),
            Err(MoneyError::RateOutOfRange { .. }) => prop_assert!(!is_in_range),
            Err(MoneyError::RateTooFine { .. }) => {
                prop_assert!(is_in_range);
                prop_assert!(percent.normalize().scale() > Rate::PERCENT_DECIMAL_PLACES);
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    /// Any text is a rate or refused.
    #[test]
    fn any_text_is_a_rate_or_refused(text in "\\PC{0,40}|[-+0-9._e]{0,40}") {
        if let Ok(rate) = Rate::parse_percent(&text) {
            prop_assert_eq!(text.parse::<Decimal>().ok(), Some(rate.percent()));
        }
    }

    /// Any text is a currency's code or refused.
    #[test]
    fn any_text_is_a_currency_or_refused(text in "\\PC{0,6}|[A-Za-z]{3}") {
        let is_listed = Currency::all().any(|one| one.code().eq_ignore_ascii_case(&text));
        match Currency::parse(&text) {
            Ok(currency) => prop_assert!(currency.code().eq_ignore_ascii_case(&text)),
            Err(_) => prop_assert!(!is_listed),
        }
    }
}
