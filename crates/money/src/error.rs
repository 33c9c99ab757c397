//! What can be wrong with an amount, a currency, a rate or a division.

use rust_decimal::Decimal;

use crate::{Currency, Money};

/// Why an amount, a currency, a rate or a division was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text is not the code of a currency in use, in the sense of [`Currency`].
    #[error("{code:?} is not an ISO 4217 currency in use")]
    UnknownCurrency {
        /// The text as it was given.
        code: String,
    },
    /// The code is listed, but for gold, funds' units, tests and the like: it has no minor unit.
    #[error("{code} has no minor unit, so no amount can be kept in it")]
    CurrencyWithoutMinorUnit {
        /// The code in upper case.
        code: &'static str,
    },
    /// The amount has more digits than its currency.
    #[error("{amount} is finer than the minor unit of {currency}")]
    FinerThanCurrency {
        /// The amount as it was given, in major units.
        amount: Decimal,
        /// The currency it was given in.
        currency: Currency,
    },
    /// The amount, or the result of an operation, does not fit in 64 bits of minor units.
    #[error("{minor} minor units of {currency} are beyond the largest amount")]
    OutOfRange {
        /// The exact result, in minor units; the largest number there is if it is beyond that.
        minor: i128,
        /// The currency of the result.
        currency: Currency,
    },
    /// Two amounts that must have one currency have two.
    #[error("{left} and {right} are two currencies")]
    CurrencyMismatch {
        /// The currency of the amount the operation was called on.
        left: Currency,
        /// The currency of the other amount.
        right: Currency,
    },
    /// The rate is below 0 % or above 100 %.
    #[error("the rate {rate} is not within 0 to {limit}")]
    RateOutOfRange {
        /// The rate as it was given.
        rate: Decimal,
        /// The largest rate, in the unit it was given in: 100 for a percentage, 1 for a fraction.
        limit: u32,
    },
    /// The rate has more decimal places than [`Rate`](crate::Rate) holds.
    #[error("the rate {rate} has more than {decimal_places} decimal places")]
    RateTooFine {
        /// The rate as it was given.
        rate: Decimal,
        /// How many decimal places it may have, in the unit it was given in.
        decimal_places: u32,
    },
    /// The text is not a plain decimal number of at most 28 digits.
    #[error("{text:?} is not a decimal number")]
    NotANumber {
        /// The text as it was given.
        text: String,
    },
    /// An amount cannot be divided among nobody: there are no weights, or all are zero.
    #[error("none of {weights} weights is above zero")]
    NoWeights {
        /// How many weights were given.
        weights: usize,
    },
    /// A part of nothing is no proportion.
    #[error("{part} is no part of nothing")]
    NoWhole {
        /// The part.
        part: Money,
    },
    /// A side of an exchange rate is not above zero, or has more digits than are kept.
    #[error("an exchange rate cannot be of {units} {currency}")]
    ExchangeUnits {
        /// The side as it was given, in major units.
        units: Decimal,
        /// Its currency.
        currency: Currency,
    },
    /// Both sides of an exchange rate have one currency.
    #[error("{currency} is not exchanged for itself")]
    ExchangeWithinCurrency {
        /// The currency.
        currency: Currency,
    },
    /// The source of an exchange rate is not a short text without control characters.
    #[error("{text:?} does not name the source of an exchange rate")]
    ExchangeSource {
        /// The text as it was given.
        text: String,
    },
    /// A line is not one of a table of reference rates.
    #[error("line {line} is not one of a table of reference rates: {text:?}")]
    NotReferenceRates {
        /// The number of the line, from 1 on; 0 if there are none.
        line: usize,
        /// What cannot be read: the line, or a part of it.
        text: String,
    },
}
