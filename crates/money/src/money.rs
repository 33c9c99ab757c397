//! Exact amounts in one currency.

use std::fmt;

use rust_decimal::Decimal;

use crate::rounding::{divide_half_away_from_zero, power_of_ten};
use crate::{Currency, MoneyError};

/// An exact amount in one currency; may be negative.
///
/// Units: kept in minor units (cents), read and written in minor or major units.
/// Invariant: never finer than the currency's minor unit, always within 64 bits of minor units.
/// There is no `Ord` and no `+`: amounts of two currencies have neither order nor sum.
/// Source: docs/DOMAIN.md, "Money".
///
/// ```
/// use accrual_money::{Currency, Decimal, Money, MoneyError};
///
/// let sale = Money::try_from_major(Decimal::new(29_7, 1), Currency::USD)?;
/// assert_eq!(sale.minor(), 2970);
/// assert_eq!(sale.to_string(), "29.70 USD");
///
/// let yen = Money::from_minor(500, Currency::JPY);
/// assert!(matches!(sale.checked_add(yen), Err(MoneyError::CurrencyMismatch { .. })));
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The amount of `minor` units (cents) of `currency`; every `i64` is one.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The amount of `amount` major units (dollars) of `currency`.
    ///
    /// Trailing zeros do not count: 29.700 USD is 29.70 USD.
    ///
    /// # Errors
    /// - [`MoneyError::FinerThanCurrency`] if `amount` has more digits than the currency; it is
    ///   not rounded, see [`Money::round_major`] for that.
    /// - [`MoneyError::OutOfRange`] if it does not fit in 64 bits of minor units.
    ///
    /// Source: docs/DOMAIN.md, "Money": what callers report is refused, never repaired.
    pub fn try_from_major(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let (numerator, divisor) = minor_units(amount, currency);
        if numerator % divisor != 0 {
            return Err(MoneyError::FinerThanCurrency { amount, currency });
        }
        Self::within_range(numerator / divisor, currency)
    }

    /// `exact` major units of `currency`, rounded once to its minor unit, half away from zero.
    ///
    /// For results that are computed; what callers report goes through [`Money::try_from_major`].
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn round_major(exact: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let (numerator, divisor) = minor_units(exact, currency);
        Self::within_range(divide_half_away_from_zero(numerator, divisor), currency)
    }

    /// The amount in minor units (cents).
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The amount in major units (dollars), with exactly the digits of its currency: `29.70`.
    #[must_use]
    pub fn major(self) -> Decimal {
        // Panics beyond a scale of 28 only, and no currency has more than 4 digits.
        Decimal::new(self.minor, self.currency.minor_digits())
    }

    /// The currency of the amount.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    pub(crate) fn within_range(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        match i64::try_from(minor) {
            Ok(minor) => Ok(Self { minor, currency }),
            Err(_) => Err(MoneyError::OutOfRange { minor, currency }),
        }
    }
}

/// `29.70 USD`, `-0.05 EUR`, `500 JPY`: major units with the digits of the currency.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.major(), self.currency)
    }
}

/// `major` in minor units of `currency`, as a numerator and a divisor.
///
/// A `Decimal` is below 10^29 and a currency has at most 4 digits: the numerator is below 10^33.
fn minor_units(major: Decimal, currency: Currency) -> (i128, i128) {
    let digits = currency.minor_digits();
    let scale = major.scale();
    let numerator = major.mantissa() * power_of_ten(digits.saturating_sub(scale));
    (numerator, power_of_ten(scale.saturating_sub(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(major: &str, currency: Currency, minor: i64, display: &str) {
        let money = Money::try_from_major(decimal(major), currency).unwrap();
        assert_eq!(money, Money::from_minor(minor, currency));
        assert_eq!(money.to_string(), display);
    }

    #[test]
    fn an_amount_shows_the_digits_of_its_currency() {
        check("29.7", Currency::USD, 2970, "29.70 USD");
        check("-0.05", Currency::EUR, -5, "-0.05 EUR");
        check("500", Currency::JPY, 500, "500 JPY");
        check("1.234", Currency::KWD, 1234, "1.234 KWD");
        check("-0", Currency::USD, 0, "0.00 USD");
    }

    #[test]
    fn trailing_zeros_are_not_finer_than_the_currency() {
        check(
            "29.7000000000000000000000000",
            Currency::USD,
            2970,
            "29.70 USD",
        );
        check("500.00", Currency::JPY, 500, "500 JPY");
    }

    #[test]
    fn more_digits_than_the_currency_has_are_refused() {
        for (text, currency) in [
            ("0.005", Currency::USD),
            ("0.5", Currency::JPY),
            ("0.0001", Currency::KWD),
        ] {
            let amount = decimal(text);
            let refused = Err(MoneyError::FinerThanCurrency { amount, currency });
            assert_eq!(Money::try_from_major(amount, currency), refused);
        }
    }

    #[test]
    fn the_largest_and_the_least_amount_are_exact() {
        check(
            "92233720368547758.07",
            Currency::USD,
            i64::MAX,
            "92233720368547758.07 USD",
        );
        check(
            "-9223372036854775808",
            Currency::JPY,
            i64::MIN,
            "-9223372036854775808 JPY",
        );
    }

    #[test]
    fn one_minor_unit_more_is_out_of_range() {
        let currency = Currency::USD;
        let minor = i128::from(i64::MAX) + 1;
        let refused = Err(MoneyError::OutOfRange { minor, currency });
        assert_eq!(
            Money::try_from_major(decimal("92233720368547758.08"), currency),
            refused
        );
        assert_eq!(
            Money::round_major(decimal("92233720368547758.075"), currency),
            refused
        );
        assert!(Money::round_major(Decimal::MAX, currency).is_err());
        assert!(Money::try_from_major(Decimal::MIN, currency).is_err());
    }

    #[test]
    fn a_computed_amount_is_rounded_half_away_from_zero() {
        for (exact, minor) in [
            ("0.005", 1),
            ("0.0049999", 0),
            ("2.675", 268),
            ("1.01", 101),
        ] {
            let rounded = |exact| Money::round_major(exact, Currency::USD).unwrap().minor();
            assert_eq!(rounded(decimal(exact)), minor, "{exact}");
            assert_eq!(rounded(-decimal(exact)), -minor, "-{exact}");
        }
    }
}
