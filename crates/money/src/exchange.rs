//! Exchange of one currency for another, at a rate of a day.

use std::fmt;

use rust_decimal::Decimal;
use time::Date;

use crate::rounding::power_of_ten;
use crate::{Currency, Money, MoneyError};

/// So much of one currency is worth so much of another, on a day, by a source.
///
/// Both sides are kept as they were published, so that no inverse is ever rounded: what is
/// exchanged is multiplied by the one and divided by the other, and rounded once.
///
/// Units: major units of either currency.
/// Invariant: two different currencies; each side above zero, with at most
/// [`ExchangeRate::DIGITS`] digits of which at most [`ExchangeRate::DECIMAL_PLACES`] are decimal
/// places.
/// Source: docs/DOMAIN.md, "Exchange".
///
/// ```
/// use accrual_money::{Currency, Decimal, ExchangeRate, Money};
/// use time::macros::date;
///
/// let pounds = (Decimal::new(8338, 4), Currency::GBP);
/// let dollars = (Decimal::new(11172, 4), Currency::USD);
/// let rate = ExchangeRate::try_new(pounds, dollars, date!(2026-10-30), "ECB")?;
/// assert_eq!(rate.to_string(), "0.8338 GBP = 1.1172 USD on 2026-10-30 (ECB)");
///
/// // 100 × 1.1172 ÷ 0.8338 is 133.98896…
/// let exchanged = rate.convert(Money::from_minor(10_000, Currency::GBP))?;
/// assert_eq!(exchanged.to_string(), "133.99 USD");
/// # Ok::<(), accrual_money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRate {
    from: Side,
    to: Side,
    on: Date,
    source: Box<str>,
}

/// So many major units of a currency; without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    units: Decimal,
    pub(crate) currency: Currency,
}

impl ExchangeRate {
    /// How many digits a side may have, zeros at either end not counted.
    pub const DIGITS: u32 = 15;
    /// How many decimal places a side may have, trailing zeros not counted.
    pub const DECIMAL_PLACES: u32 = 9;
    /// How many characters the source may have.
    pub const SOURCE_CHARS: usize = 200;

    /// The rate by which `from` is worth `to`, each in major units, as published for the day `on`.
    ///
    /// # Errors
    /// - [`MoneyError::ExchangeUnits`] if a side is zero, negative or has too many digits.
    /// - [`MoneyError::ExchangeWithinCurrency`] if both sides have one currency.
    /// - [`MoneyError::ExchangeSource`] if `source` is empty, longer than
    ///   [`ExchangeRate::SOURCE_CHARS`] or has control characters.
    pub fn try_new(
        from: (Decimal, Currency),
        to: (Decimal, Currency),
        on: Date,
        source: &str,
    ) -> Result<Self, MoneyError> {
        let (from, to) = (Side::try_new(from)?, Side::try_new(to)?);
        if from.currency == to.currency {
            return Err(MoneyError::ExchangeWithinCurrency {
                currency: from.currency,
            });
        }
        let source = checked_source(source)?;
        Ok(Self::between(from, to, on, source))
    }

    /// The rate by which `from` is worth `to`, which is of another currency.
    pub(crate) fn between(from: Side, to: Side, on: Date, source: &str) -> Self {
        Self {
            from,
            to,
            on,
            source: source.into(),
        }
    }

    /// The currency that it exchanges.
    pub const fn from(&self) -> Currency {
        self.from.currency
    }

    /// The currency that it exchanges it for.
    pub const fn to(&self) -> Currency {
        self.to.currency
    }

    /// How much of [`ExchangeRate::from`], in major units, is worth [`ExchangeRate::to_units`].
    pub const fn from_units(&self) -> Decimal {
        self.from.units
    }

    /// How much of [`ExchangeRate::to`], in major units, is worth [`ExchangeRate::from_units`].
    pub const fn to_units(&self) -> Decimal {
        self.to.units
    }

    /// The day that the rate was published for.
    pub const fn on(&self) -> Date {
        self.on
    }

    /// Who published it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What `amount` is worth in the other currency: exact, rounded once, half away from zero.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if `amount` is not in [`ExchangeRate::from`].
    /// - [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn convert(&self, amount: Money) -> Result<Money, MoneyError> {
        if amount.currency() != self.from() {
            return Err(MoneyError::CurrencyMismatch {
                left: amount.currency(),
                right: self.from(),
            });
        }
        let (multiplier, divisor) = (self.to.weight(self.from), self.from.weight(self.to));
        let magnitude = rounded_quotient(amount.minor().unsigned_abs(), multiplier, divisor);
        let minor = if amount.is_negative() {
            -magnitude
        } else {
            magnitude
        };
        Money::within_range(minor, self.to())
    }
}

impl Side {
    /// One euro.
    pub(crate) const EURO: Self = Self {
        units: Decimal::ONE,
        currency: Currency::EUR,
    };

    pub(crate) fn try_new((units, currency): (Decimal, Currency)) -> Result<Self, MoneyError> {
        let exact = units.normalize();
        let (mantissa, scale) = (exact.mantissa(), exact.scale());
        let is_within = mantissa > 0
            && mantissa < power_of_ten(ExchangeRate::DIGITS)
            && scale <= ExchangeRate::DECIMAL_PLACES;
        if !is_within {
            return Err(MoneyError::ExchangeUnits { units, currency });
        }
        Ok(Self {
            units: exact,
            currency,
        })
    }

    /// By how much minor units are multiplied, or divided, for this side: its digits, and the
    /// powers of ten that make up for the point in them, the one in `other`'s and the minor units.
    ///
    /// Below 10^15 · 10^9 · 10^4 = 10^28 < 2^94.
    fn weight(self, other: Self) -> u128 {
        let places = other.units.scale() + self.currency.minor_digits();
        self.units.mantissa().unsigned_abs() * 10_u128.pow(places)
    }
}

/// `source` as it is, if it can be one.
pub(crate) fn checked_source(source: &str) -> Result<&str, MoneyError> {
    let is_short = (1..=ExchangeRate::SOURCE_CHARS).contains(&source.chars().count());
    if is_short && !source.chars().any(char::is_control) {
        return Ok(source);
    }
    Err(MoneyError::ExchangeSource {
        text: source.to_owned(),
    })
}

/// `minor` · `multiplier` ÷ `divisor`, rounded half up; the largest number if it is beyond that.
///
/// The product has up to 158 bits: `minor` is taken in two halves, as in long division. Both others
/// are below 2^94, so that no intermediate result is beyond 2^127.
fn rounded_quotient(minor: u64, multiplier: u128, divisor: u128) -> i128 {
    let (high, low) = (u128::from(minor >> 32), u128::from(minor & 0xffff_ffff));
    let high = high * multiplier;
    let low = ((high % divisor) << 32) + low * multiplier;
    let half_up = u128::from(low % divisor * 2 >= divisor);
    (high / divisor)
        .checked_mul(1 << 32)
        .and_then(|high| high.checked_add(low / divisor + half_up))
        .and_then(|quotient| i128::try_from(quotient).ok())
        .unwrap_or(i128::MAX)
}

/// `0.8338 GBP = 1.1172 USD on 2026-10-30 (ECB)`.
impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            to,
            on,
            source,
        } = self;
        write!(
            f,
            "{} {} = {} {} on {on} ({source})",
            from.units, from.currency, to.units, to.currency
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn one_for(units: &str) -> Result<ExchangeRate, MoneyError> {
        let dollars = (units.parse().unwrap(), Currency::USD);
        let euro = (Decimal::ONE, Currency::EUR);
        ExchangeRate::try_new(euro, dollars, date!(2026 - 10 - 30), "ECB")
    }

    #[test]
    fn a_side_is_above_zero_and_has_no_more_digits_than_are_kept() {
        for units in ["0.000000001", "999999999999999", "999999.999999999", "1.10"] {
            assert!(one_for(units).is_ok(), "{units}");
        }
        for text in [
            "0",
            "-1.1",
            "0.0000000001",
            "1000000000000000",
            "1000000.123456789",
        ] {
            let (units, currency) = (text.parse().unwrap(), Currency::USD);
            let refused = Err(MoneyError::ExchangeUnits { units, currency });
            assert_eq!(one_for(text), refused, "{text}");
        }
    }

    #[test]
    fn a_currency_is_not_exchanged_for_itself() {
        let one = (Decimal::ONE, Currency::USD);
        let refused = ExchangeRate::try_new(one, one, date!(2026 - 10 - 30), "ECB");
        let currency = Currency::USD;
        assert_eq!(
            refused,
            Err(MoneyError::ExchangeWithinCurrency { currency })
        );
    }

    #[test]
    fn a_source_is_a_short_text() {
        assert_eq!(checked_source(&"é".repeat(200)), Ok(&*"é".repeat(200)));
        for text in ["", "a\nb", &"x".repeat(201)] {
            let text = text.to_owned();
            let refused = Err(MoneyError::ExchangeSource { text: text.clone() });
            assert_eq!(checked_source(&text), refused);
        }
    }

    #[test]
    fn the_widest_product_is_divided_exactly() {
        let most = 10_u128.pow(28) - 1;
        assert_eq!(rounded_quotient(u64::MAX, most, most), i128::from(u64::MAX));
        assert_eq!(rounded_quotient(u64::MAX, most, 1), i128::MAX);
        assert_eq!(rounded_quotient(u64::MAX, 1, most), 0);
        assert_eq!(rounded_quotient(1, 1, 2), 1);
        assert_eq!(rounded_quotient(1 << 40, 3, 1 << 41), 2);
    }
}
