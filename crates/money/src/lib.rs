//! Exact amounts of money: currencies, rates, rounding and allocation.
//!
//! [`Currency`] is the list of ISO 4217, [`Money`] an exact amount in one of them, [`Rate`] an
//! exact percentage. A product with a rate is rounded once, half away from zero; an amount that
//! is divided always adds up to the whole again. An [`ExchangeRate`] is what one currency is worth
//! in another on a day, and [`ReferenceRates`] are those of many days.
//!
//! What cannot happen here: a float, an amount finer than its currency, a sum across currencies,
//! an overflow that goes unnoticed, a panic on any input.
//!
//! ```
//! use accrual_money::{Currency, Decimal, Money, MoneyError, Rate};
//!
//! fn main() -> Result<(), MoneyError> {
//!     let usd = Currency::parse("usd")?;
//!     let sale = Money::try_from_major(Decimal::new(99_99, 2), usd)?;
//!
//!     // 2.9 % of 99.99 is 2.89971, rounded once.
//!     let commission = sale.share(Rate::parse_percent("2.9")?);
//!     assert_eq!(commission.exact.to_string(), "2.89971");
//!     assert_eq!(commission.amount.to_string(), "2.90 USD");
//!
//!     // Two affiliates in the ratio 3 : 1. Nothing is lost or made up.
//!     let parts = commission.amount.allocate(&[3, 1])?;
//!     assert_eq!(parts, [Money::from_minor(218, usd), Money::from_minor(72, usd)]);
//!     assert_eq!(Money::sum(parts, usd)?, commission.amount);
//!     Ok(())
//! }
//! ```

mod currency;
mod money;
mod rate;

mod allocation;
mod arithmetic;
mod exchange;
mod portion;
mod reference_rates;
mod rounding;
mod share;

mod error;

pub use currency::Currency;
pub use error::MoneyError;
pub use exchange::ExchangeRate;
pub use money::Money;
pub use rate::Rate;
pub use reference_rates::{NoRate, ReferenceRates};
/// The exact decimal number this crate speaks at its edges.
pub use rust_decimal::Decimal;
pub use share::Share;
