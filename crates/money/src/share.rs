//! What a rate makes of an amount.

use rust_decimal::Decimal;

use crate::rounding::divide_half_away_from_zero;
use crate::{Money, Rate};

/// A rate's part of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    /// The exact product, in major units, without trailing zeros.
    pub exact: Decimal,
    /// The product rounded once to the minor unit, half away from zero.
    pub amount: Money,
}

impl Money {
    /// The part of this amount that `rate` makes: exact, and rounded once.
    ///
    /// Cannot fail: a share is never larger than its base, and never finer than a [`Decimal`].
    /// Source: docs/DOMAIN.md, "Money": rounding is half away from zero, once, at the end.
    ///
    /// ```
    /// use accrual_money::{Currency, Money, Rate};
    ///
    /// let share = Money::from_minor(-150, Currency::USD).share(Rate::parse_percent("1")?);
    /// assert_eq!(share.exact.to_string(), "-0.015");
    /// assert_eq!(share.amount.to_string(), "-0.02 USD");
    /// # Ok::<(), accrual_money::MoneyError>(())
    /// ```
    #[must_use]
    pub fn share(self, rate: Rate) -> Share {
        // Below 2^63 * 10^9 < 2^93: within the 96 bits of a `Decimal`, at a scale of at most 13.
        let product = i128::from(self.minor()) * i128::from(rate.billionths());
        let scale = self.currency().minor_digits() + Rate::FRACTION_DECIMAL_PLACES;
        let whole = i128::from(Rate::WHOLE.billionths());
        #[expect(
            clippy::expect_used,
            reason = "a rate is at most the whole, the base fits in 64 bits"
        )]
        let minor = i64::try_from(divide_half_away_from_zero(product, whole))
            .expect("a share is never larger than its base");
        Share {
            exact: Decimal::from_i128_with_scale(product, scale).normalize(),
            amount: Money::from_minor(minor, self.currency()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[track_caller]
    fn check_share(minor: i64, percent: &str, exact: &str, rounded: i64) {
        let rate = Rate::parse_percent(percent).unwrap();
        let share = Money::from_minor(minor, Currency::USD).share(rate);
        assert_eq!(
            (share.exact.to_string(), share.amount.minor()),
            (exact.to_owned(), rounded)
        );
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        check_share(9999, "2.9", "2.89971", 290);
        check_share(150, "1", "0.015", 2);
        check_share(-150, "1", "-0.015", -2);
        check_share(149, "1", "0.0149", 1);
        check_share(0, "50", "0", 0);
    }

    #[test]
    fn a_share_of_the_largest_amounts_is_exact() {
        check_share(i64::MAX, "100", "92233720368547758.07", i64::MAX);
        check_share(i64::MIN, "100", "-92233720368547758.08", i64::MIN);
        check_share(
            i64::MAX,
            "99.9999999",
            "92233720276314037.70145224193",
            9_223_372_027_631_403_770,
        );
    }
}
