//! Why nothing could be decided.

use accrual_money::{Currency, Money, MoneyError};

/// Why nothing could be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// An amount of the sale is in another currency than the sale.
    #[error("{amount} is not in {currency}, the currency of the sale")]
    OtherCurrency {
        /// The amount.
        amount: Money,
        /// The sale's currency.
        currency: Currency,
    },
    /// The amount set by the caller is below zero.
    #[error("a commission cannot be below zero, and {amount} is")]
    NegativeOverride {
        /// The amount.
        amount: Money,
    },
    /// Tax, shipping or a discount is below zero.
    #[error("tax, shipping and discounts cannot be below zero, and {amount} is")]
    NegativeDeduction {
        /// The amount.
        amount: Money,
    },
    /// A line is below zero: nobody can say how the sale is divided among its lines.
    #[error("line {line} of the sale is below zero: {amount}")]
    NegativeLine {
        /// The line, counted from 1.
        line: u32,
        /// Its amount.
        amount: Money,
    },
    /// The terms need the program's currency, and what the sale is worth in it is not known.
    #[error("no exchange rate from {from} to {to}, the program's currency, is known")]
    NoExchangeRate {
        /// The sale's currency.
        from: Currency,
        /// The program's currency.
        to: Currency,
    },
    /// The exchange rate that came with the sale is for other currencies.
    #[error("a rate from {from} to {to} does not convert {sale} to {program}")]
    WrongExchangeRate {
        /// The currency that the rate converts.
        from: Currency,
        /// The currency that it converts to.
        to: Currency,
        /// The sale's currency.
        sale: Currency,
        /// The program's currency.
        program: Currency,
    },
    /// The amounts are beyond what can be computed exactly, or the history is in another currency
    /// than the program.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
