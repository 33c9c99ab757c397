//! Exact rates in percent.

use std::fmt;

use rust_decimal::Decimal;

use crate::MoneyError;
use crate::rounding::power_of_ten;

/// An exact rate from 0 % to 100 %, both included.
///
/// Units: read and written in percent (2.9) or as a fraction (0.029); kept in billionths.
/// Invariant: at most [`Rate::PERCENT_DECIMAL_PLACES`] decimal places of a percent, so that the
/// exact product with any amount of 64 bits fits in a [`Decimal`] of 28 digits.
/// Source: docs/DOMAIN.md, "Money": a rate is exact.
///
/// ```
/// use accrual_money::Rate;
///
/// let rate = Rate::parse_percent("2.90")?;
/// assert_eq!(rate.to_string(), "2.9 %");
/// assert_eq!(rate.fraction().to_string(), "0.029");
/// # Ok::<(), accrual_money::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    billionths: u32,
}

impl Rate {
    /// 0 %.
    pub const ZERO: Self = Self { billionths: 0 };
    /// 100 %: all of it.
    pub const WHOLE: Self = Self {
        billionths: 1_000_000_000,
    };
    /// How many decimal places a rate in percent may have, trailing zeros not counted.
    pub const PERCENT_DECIMAL_PLACES: u32 = 7;
    /// How many decimal places a rate as a fraction may have, trailing zeros not counted.
    pub(crate) const FRACTION_DECIMAL_PLACES: u32 = Self::PERCENT_DECIMAL_PLACES + 2;

    /// The rate of `percent`: 2.9 is 2.9 %.
    ///
    /// # Errors
    /// - [`MoneyError::RateOutOfRange`] below 0 or above 100.
    /// - [`MoneyError::RateTooFine`] with more than [`Rate::PERCENT_DECIMAL_PLACES`].
    pub fn from_percent(percent: Decimal) -> Result<Self, MoneyError> {
        Self::try_new(percent, 100, Self::PERCENT_DECIMAL_PLACES)
    }

    /// The rate of `fraction`: 0.029 is 2.9 %.
    ///
    /// # Errors
    /// - [`MoneyError::RateOutOfRange`] below 0 or above 1.
    /// - [`MoneyError::RateTooFine`] with more than nine decimal places.
    pub fn from_fraction(fraction: Decimal) -> Result<Self, MoneyError> {
        Self::try_new(fraction, 1, Self::FRACTION_DECIMAL_PLACES)
    }

    /// Reads a percentage as digits with at most one point, without a percent sign: `2.9`.
    ///
    /// # Errors
    /// - [`MoneyError::NotANumber`] if `text` is anything else, or longer than 28 digits.
    /// - [`MoneyError::RateOutOfRange`] and [`MoneyError::RateTooFine`] as for
    ///   [`Rate::from_percent`].
    pub fn parse_percent(text: &str) -> Result<Self, MoneyError> {
        let not_a_number = || MoneyError::NotANumber {
            text: text.to_owned(),
        };
        // `Decimal` would also take digits grouped by underscores.
        if text.contains('_') {
            return Err(not_a_number());
        }
        Self::from_percent(Decimal::from_str_exact(text).map_err(|_| not_a_number())?)
    }

    /// The rate in billionths: 2.9 % is 29 000 000.
    pub(crate) const fn billionths(self) -> u32 {
        self.billionths
    }

    /// The rate in percent, without trailing zeros: `2.9`.
    #[must_use]
    pub fn percent(self) -> Decimal {
        Decimal::new(i64::from(self.billionths), Self::PERCENT_DECIMAL_PLACES).normalize()
    }

    /// The rate as a fraction, without trailing zeros: `0.029`.
    #[must_use]
    pub fn fraction(self) -> Decimal {
        Decimal::new(i64::from(self.billionths), Self::FRACTION_DECIMAL_PLACES).normalize()
    }

    fn try_new(rate: Decimal, limit: u32, decimal_places: u32) -> Result<Self, MoneyError> {
        let out_of_range = MoneyError::RateOutOfRange { rate, limit };
        if rate < Decimal::ZERO || rate > Decimal::from(limit) {
            return Err(out_of_range);
        }
        let scale = rate.scale();
        let numerator = rate.mantissa() * power_of_ten(decimal_places.saturating_sub(scale));
        let divisor = power_of_ten(scale.saturating_sub(decimal_places));
        if numerator % divisor != 0 {
            return Err(MoneyError::RateTooFine {
                rate,
                decimal_places,
            });
        }
        match u32::try_from(numerator / divisor) {
            Ok(billionths) => Ok(Self { billionths }),
            Err(_) => Err(out_of_range),
        }
    }
}

/// `2.9 %`, without trailing zeros.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_percentage_and_its_fraction_are_the_same_rate() {
        let rate = Rate::from_percent(decimal("2.9")).unwrap();
        assert_eq!(Rate::from_fraction(decimal("0.029")), Ok(rate));
        assert_eq!(Rate::parse_percent("2.9000"), Ok(rate));
        assert_eq!(rate.to_string(), "2.9 %");
    }

    #[test]
    fn a_rate_goes_from_nothing_to_the_whole() {
        assert_eq!(Rate::parse_percent("0"), Ok(Rate::ZERO));
        assert_eq!(Rate::parse_percent("-0"), Ok(Rate::ZERO));
        assert_eq!(Rate::parse_percent("100"), Ok(Rate::WHOLE));
        assert_eq!(Rate::from_fraction(Decimal::ONE), Ok(Rate::WHOLE));
        assert_eq!(Rate::WHOLE.to_string(), "100 %");
    }

    #[test]
    fn a_rate_beyond_that_is_refused() {
        for rate in [
            decimal("-0.1"),
            decimal("100.0000001"),
            Decimal::MAX,
            Decimal::MIN,
        ] {
            let refused = Err(MoneyError::RateOutOfRange { rate, limit: 100 });
            assert_eq!(Rate::from_percent(rate), refused);
        }
        let rate = decimal("1.01");
        let refused = Err(MoneyError::RateOutOfRange { rate, limit: 1 });
        assert_eq!(Rate::from_fraction(rate), refused);
    }

    #[test]
    fn a_rate_is_never_rounded() {
        assert_eq!(
            Rate::parse_percent("0.0000001").unwrap().fraction(),
            decimal("0.000000001")
        );
        let rate = decimal("33.33333333");
        let refused = Err(MoneyError::RateTooFine {
            rate,
            decimal_places: 7,
        });
        assert_eq!(Rate::from_percent(rate), refused);
    }

    #[test]
    fn a_rate_is_written_in_plain_digits() {
        for text in [
            "", ".", "-", "2,9", "1_0", "2.9 %", " 2.9", "1e1", "2.9.0", "NaN", "٣",
        ] {
            let refused = Err(MoneyError::NotANumber {
                text: text.to_owned(),
            });
            assert_eq!(Rate::parse_percent(text), refused, "{text:?}");
        }
    }
}
