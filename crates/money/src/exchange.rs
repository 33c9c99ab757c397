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
/// let exchanged = rate.convert(Money::from_minor(100_00, Currency::GBP))?;
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
struct Side {
    units: Decimal,
    currency: Currency,
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
        let is_named = (1..=Self::SOURCE_CHARS).contains(&source.chars().count());
        if !is_named || source.chars().any(char::is_control) {
            return Err(MoneyError::ExchangeSource {
                text: source.to_owned(),
            });
        }
        Ok(Self {
            from,
            to,
            on,
            source: source.into(),
        })
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
    fn try_new((units, currency): (Decimal, Currency)) -> Result<Self, MoneyError> {
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
