//! Arithmetic on integers: minor units, and rates in billionths.

use accrual_money::{Currency, Decimal, ExchangeRate, Money, Rate};

/// The whole, in the unit of rates.
pub(super) const WHOLE: i128 = 1_000_000_000;

/// `numerator ÷ denominator`, a half going away from zero.
pub(super) fn rounded(numerator: i128, denominator: i128) -> i128 {
    let (top, bottom) = (numerator.abs(), denominator.abs());
    let size = top / bottom + i128::from(2 * (top % bottom) >= bottom);
    size * numerator.signum() * denominator.signum()
}

pub(super) fn billionths(rate: Rate) -> i128 {
    scaled(rate.fraction(), 9)
}

/// `number` in units of ten to the power of minus `places`, which it is a whole number of.
fn scaled(number: Decimal, places: u32) -> i128 {
    number.mantissa() * 10_i128.pow(places - number.scale())
}

pub(super) fn share(of: i128, rate: Rate) -> i128 {
    rounded(of * billionths(rate), WHOLE)
}

/// What `amount` minor units are in the other currency.
pub(super) fn exchanged(amount: i128, rate: &ExchangeRate) -> i128 {
    let from = scaled(rate.from_units(), 9) * 10_i128.pow(rate.from().minor_digits());
    let to = scaled(rate.to_units(), 9) * 10_i128.pow(rate.to().minor_digits());
    rounded(amount * to, from)
}

/// Divides by largest remainder; of equal remainders the first comes first.
pub(super) fn divided(whole: i128, weights: &[i128]) -> Vec<i128> {
    let all: i128 = weights.iter().sum();
    let mut parts: Vec<i128> = weights.iter().map(|weight| whole * weight / all).collect();
    let mut missing = whole - parts.iter().sum::<i128>();
    let mut waiting: Vec<usize> = (0..weights.len()).collect();
    while missing > 0 {
        let most = waiting.iter().copied().max_by_key(|index| {
            let lost = whole * weights[*index] % all;
            (lost, std::cmp::Reverse(*index))
        });
        let most = most.expect("fewer are missing than there are parts");
        waiting.retain(|index| *index != most);
        parts[most] += 1;
        missing -= 1;
    }
    parts
}

pub(super) fn minor(amount: Money) -> i128 {
    amount.minor().into()
}

pub(super) fn money(minor: i128, currency: Currency) -> Money {
    Money::from_minor(i64::try_from(minor).expect("a moderate amount"), currency)
}
