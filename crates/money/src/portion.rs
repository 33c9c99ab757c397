//! Parts of an amount that no rate alone describes, each rounded once.

use rust_decimal::Decimal;

use crate::rounding::divide_half_away_from_zero;
use crate::{Currency, Money, MoneyError, Rate, Share};

impl Money {
    /// What of this amount belongs to `part` of `whole`: this × `part` ÷ `whole`, rounded once.
    ///
    /// `part` and `whole` may be in another currency than this amount: only their proportion
    /// counts. Exact over the whole range, half away from zero.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if `part` and `whole` have two currencies.
    /// - [`MoneyError::NoWhole`] if `whole` is nothing.
    /// - [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units; never if
    ///   `part` is within `whole`.
    ///
    /// ```
    /// use accrual_money::{Currency, Money};
    ///
    /// let [commission, left, sale] = [999, 70, 100].map(|m| Money::from_minor(m, Currency::USD));
    /// assert_eq!(commission.part_of(left, sale)?.to_string(), "6.99 USD");
    /// # Ok::<(), accrual_money::MoneyError>(())
    /// ```
    pub fn part_of(self, part: Self, whole: Self) -> Result<Self, MoneyError> {
        self.share_of_part(Rate::WHOLE, part, whole)
    }

    /// The share of what of this amount belongs to `part` of `whole`:
    /// this × `rate` × `part` ÷ `whole`, rounded once, half away from zero.
    ///
    /// # Errors
    /// As for [`Money::part_of`].
    pub fn share_of_part(self, rate: Rate, part: Self, whole: Self) -> Result<Self, MoneyError> {
        if part.currency() != whole.currency() {
            return Err(MoneyError::CurrencyMismatch {
                left: part.currency(),
                right: whole.currency(),
            });
        }
        if whole.is_zero() {
            return Err(MoneyError::NoWhole { part });
        }
        // Below 2^63 * 10^9 < 2^93 both.
        let product = i128::from(self.minor()) * i128::from(rate.billionths());
        let divisor = i128::from(whole.minor()) * i128::from(Rate::WHOLE.billionths());
        let is_negative = (product < 0) ^ part.is_negative() ^ (divisor < 0);
        let size = multiply_and_divide(
            product.unsigned_abs(),
            part.minor().unsigned_abs(),
            divisor.unsigned_abs(),
        );
        let size = i128::try_from(size).unwrap_or(i128::MAX);
        Self::within_range(if is_negative { -size } else { size }, self.currency())
    }

    /// All of these shares together: the exact products summed, and the sum rounded once.
    ///
    /// In `currency`, which is also that of an empty sum.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if an amount is in another currency.
    /// - [`MoneyError::OutOfRange`] if the sum does not fit in 64 bits of minor units.
    ///
    /// ```
    /// use accrual_money::{Currency, Money, Rate};
    ///
    /// let one = (Money::from_minor(5, Currency::USD), Rate::parse_percent("5")?);
    /// let two = Money::sum_of_shares([one, one], Currency::USD)?;
    /// assert_eq!((two.exact.to_string(), two.amount.minor()), ("0.005".to_owned(), 1));
    /// # Ok::<(), accrual_money::MoneyError>(())
    /// ```
    pub fn sum_of_shares(
        shares: impl IntoIterator<Item = (Self, Rate)>,
        currency: Currency,
    ) -> Result<Share, MoneyError> {
        let sum = exact_sum(shares, currency)?;
        let amount = Self::within_range(rounded(sum), currency)?;
        let scale = currency.minor_digits() + Rate::FRACTION_DECIMAL_PLACES;
        // The rounded sum fits in 64 bits: the exact one is within the 96 bits of a `Decimal`.
        let exact = Decimal::from_i128_with_scale(sum, scale).normalize();
        Ok(Share { exact, amount })
    }

    /// The amount of [`Money::sum_of_shares`], without its exact sum: cheaper.
    ///
    /// # Errors
    /// As for [`Money::sum_of_shares`].
    pub fn rounded_sum_of_shares(
        shares: impl IntoIterator<Item = (Self, Rate)>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        Self::within_range(rounded(exact_sum(shares, currency)?), currency)
    }

    /// What this amount is without the `rate` that it includes: this ÷ (1 + `rate`), rounded once.
    ///
    /// A price of 117.50 that includes 17.5 % is 100.00 without: it is divided, not reduced by
    /// 17.5 % of itself. Cannot fail: the result is never larger than the amount.
    /// Source: docs/DOMAIN.md, "What a share is taken of": a price that includes tax.
    #[must_use]
    pub fn without_included(self, rate: Rate) -> Self {
        let whole = i128::from(Rate::WHOLE.billionths());
        let minor = i128::from(self.minor());
        let net = divide_half_away_from_zero(minor * whole, whole + i128::from(rate.billionths()));
        #[expect(
            clippy::expect_used,
            reason = "the divisor is no smaller than the factor"
        )]
        let minor = i64::try_from(net).expect("no larger than the amount");
        Self::from_minor(minor, self.currency())
    }
}

/// In billionths of minor units. 2^34 of the largest products would fit: no iterator yields more.
fn exact_sum(
    shares: impl IntoIterator<Item = (Money, Rate)>,
    currency: Currency,
) -> Result<i128, MoneyError> {
    let mut sum = 0;
    for (amount, rate) in shares {
        if amount.currency() != currency {
            return Err(MoneyError::CurrencyMismatch {
                left: currency,
                right: amount.currency(),
            });
        }
        sum += i128::from(amount.minor()) * i128::from(rate.billionths());
    }
    Ok(sum)
}

fn rounded(billionths: i128) -> i128 {
    const WHOLE: i64 = Rate::WHOLE.billionths() as i64;
    // Most sums are below 2^62: a division of 64 bits is several times cheaper than one of 128.
    if let Ok(small) = i64::try_from(billionths)
        && small.unsigned_abs() < 1 << 62
    {
        return i128::from((small + small.signum() * (WHOLE / 2)) / WHOLE);
    }
    divide_half_away_from_zero(billionths, i128::from(Rate::WHOLE.billionths()))
}

/// `amount` × `factor` ÷ `divisor`, rounded half up; at most `u128::MAX`.
///
/// `amount` and `divisor` are below 2^94 and `divisor` is above zero.
fn multiply_and_divide(amount: u128, factor: u64, divisor: u128) -> u128 {
    if let Some(product) = amount.checked_mul(factor.into()) {
        let (quotient, remainder) = (product / divisor, product % divisor);
        return quotient + u128::from(remainder >= divisor - remainder);
    }
    // The product has up to 158 bits: it is built up from the highest bit of the factor on, and
    // the divisor taken out of it at each step, so that the remainder stays below the divisor.
    let (each_quotient, each_remainder) = (amount / divisor, amount % divisor);
    let (mut quotient, mut remainder) = (0_u128, 0_u128);
    for bit in (0..u64::BITS).rev() {
        quotient = quotient.saturating_mul(2);
        remainder *= 2;
        if factor >> bit & 1 == 1 {
            quotient = quotient.saturating_add(each_quotient);
            remainder += each_remainder;
        }
        // Below three times the divisor: taken out at most twice.
        quotient = quotient.saturating_add(remainder / divisor);
        remainder %= divisor;
    }
    quotient.saturating_add(u128::from(remainder >= divisor - remainder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    #[track_caller]
    fn check_part(amount: i64, part: i64, whole: i64, expected: i64) {
        assert_eq!(
            usd(amount).part_of(usd(part), usd(whole)),
            Ok(usd(expected)),
            "{amount} × {part} ÷ {whole}"
        );
    }

    #[test]
    fn a_part_is_rounded_half_away_from_zero() {
        check_part(100, 1, 3, 33);
        check_part(100, 2, 3, 67);
        check_part(5, 1, 2, 3);
        check_part(-5, 1, 2, -3);
        check_part(5, -1, 2, -3);
        check_part(5, -1, -2, 3);
        check_part(0, 1, 2, 0);
        check_part(5, 0, 2, 0);
    }

    #[test]
    fn a_part_of_the_largest_amounts_is_exact() {
        check_part(i64::MAX, i64::MAX, i64::MAX, i64::MAX);
        check_part(i64::MIN, i64::MIN, i64::MIN, i64::MIN);
        check_part(i64::MAX, i64::MAX - 1, i64::MAX, i64::MAX - 1);
        check_part(i64::MAX, 1, i64::MAX, 1);
        check_part(i64::MAX, i64::MAX / 2, i64::MAX, i64::MAX / 2);
        check_part(
            i64::MAX - 2,
            i64::MAX / 3,
            i64::MAX - 1,
            3_074_457_345_618_258_602,
        );
        assert!(usd(i64::MAX).part_of(usd(2), usd(1)).is_err());
        assert!(usd(i64::MAX).part_of(usd(i64::MIN), usd(1)).is_err());
    }

    #[test]
    fn the_long_way_round_is_the_short_one() {
        for (amount, factor, divisor) in [
            (1_u128 << 93, 3_u64, 7_u128),
            ((1 << 93) - 5, u64::MAX, (1 << 93) - 1),
            (
                12_345_678_901_234_567_890_123,
                987_654_321_987_654_321,
                1 << 70,
            ),
        ] {
            // Two factors that are multiplied one after the other, the second by hand.
            let by_halves = amount / divisor * u128::from(factor)
                + multiply_and_divide(amount % divisor, factor, divisor);
            assert_eq!(multiply_and_divide(amount, factor, divisor), by_halves);
        }
    }

    #[test]
    fn a_part_of_nothing_is_an_error() {
        let part = usd(5);
        assert_eq!(
            usd(1).part_of(part, usd(0)),
            Err(MoneyError::NoWhole { part })
        );
    }

    #[test]
    fn shares_are_summed_before_they_are_rounded() {
        let rate = Rate::parse_percent("10").unwrap();
        let sum = Money::sum_of_shares([(usd(4), rate), (usd(4), rate)], Currency::USD).unwrap();
        assert_eq!(
            (sum.exact.to_string(), sum.amount),
            ("0.008".to_owned(), usd(1))
        );
    }

    #[test]
    fn a_price_that_includes_tax_is_divided() {
        let rate = Rate::parse_percent("17.5").unwrap();
        assert_eq!(usd(28_700).without_included(rate), usd(24_426));
        assert_eq!(usd(-28_700).without_included(rate), usd(-24_426));
        assert_eq!(usd(i64::MIN).without_included(Rate::ZERO), usd(i64::MIN));
        assert_eq!(usd(2).without_included(Rate::WHOLE), usd(1));
    }
}
