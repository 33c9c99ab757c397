//! What one currency is worth in another.

use std::fmt;

use rust_decimal::Decimal;
use time::Date;

use crate::{Currency, Money, MoneyError};

/// So much of one currency is worth so much of another, on a day, by a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRate {
    from: (Decimal, Currency),
    to: (Decimal, Currency),
    on: Date,
    source: Box<str>,
}

impl ExchangeRate {
    /// `from` is worth `to`: 0.8338 GBP is worth 1.1172 USD.
    ///
    /// # Errors
    /// [`MoneyError`] unless both are above zero and of two currencies.
    pub fn try_new(
        from: (Decimal, Currency),
        to: (Decimal, Currency),
        on: Date,
        source: &str,
    ) -> Result<Self, MoneyError> {
        let text = |units: Decimal| MoneyError::NotANumber {
            text: units.to_string(),
        };
        if let Some(units) = [from.0, to.0]
            .into_iter()
            .find(|units| *units <= Decimal::ZERO)
        {
            return Err(text(units));
        }
        Ok(Self {
            from,
            to,
            on,
            source: source.into(),
        })
    }

    /// The currency that is converted.
    pub fn from(&self) -> Currency {
        self.from.1
    }

    /// The currency that it is converted to.
    pub fn to(&self) -> Currency {
        self.to.1
    }

    /// How much of the first currency, in major units.
    pub fn from_units(&self) -> Decimal {
        self.from.0
    }

    /// How much of the second that is worth, in major units.
    pub fn to_units(&self) -> Decimal {
        self.to.0
    }

    /// The day of the rate.
    pub fn on(&self) -> Date {
        self.on
    }

    /// Who says so.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What `amount` is worth, rounded once, half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if it is not in the first currency,
    /// [`MoneyError::OutOfRange`] if the result is.
    pub fn convert(&self, amount: Money) -> Result<Money, MoneyError> {
        if amount.currency() != self.from() {
            return Err(MoneyError::CurrencyMismatch {
                left: self.from(),
                right: amount.currency(),
            });
        }
        let out_of_range = MoneyError::OutOfRange {
            minor: i128::MAX,
            currency: self.to(),
        };
        let exact = (amount.major().checked_mul(self.to.0))
            .and_then(|product| product.checked_div(self.from.0))
            .ok_or(out_of_range)?;
        Money::round_major(exact, self.to())
    }
}

impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((from_units, from), (to_units, to)) = (self.from, self.to);
        let (on, source) = (self.on, &self.source);
        write!(
            f,
            "{from_units} {from} = {to_units} {to} on {on} ({source})"
        )
    }
}
