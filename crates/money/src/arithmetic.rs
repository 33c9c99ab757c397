//! Sums, differences, multiples and comparisons of amounts, each with its typed error.

use std::cmp::Ordering;

use crate::{Currency, Money, MoneyError};

impl Money {
    /// This amount and `other` together.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if the two have different currencies.
    /// - [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::within_range(
            i128::from(self.minor()) + i128::from(other.minor()),
            self.currency(),
        )
    }

    /// This amount less `other`.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if the two have different currencies.
    /// - [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::within_range(
            i128::from(self.minor()) - i128::from(other.minor()),
            self.currency(),
        )
    }

    /// This amount with the other sign.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] for the one amount without an opposite, `i64::MIN` minor units.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        Self::within_range(-i128::from(self.minor()), self.currency())
    }

    /// This amount `count` times, as for a number of items.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn checked_mul_int(self, count: i64) -> Result<Self, MoneyError> {
        Self::within_range(
            i128::from(self.minor()) * i128::from(count),
            self.currency(),
        )
    }

    /// How this amount compares with `other`.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if the two have different currencies.
    pub fn compare(&self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor().cmp(&other.minor()))
    }

    /// The smaller of the two amounts, as for a cap.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if the two have different currencies.
    pub fn min(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.compare(other)?.is_le() {
            self
        } else {
            other
        })
    }

    /// The larger of the two amounts.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if the two have different currencies.
    pub fn max(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.compare(other)?.is_ge() {
            self
        } else {
            other
        })
    }

    /// All of `amounts` together, in `currency`, which is also that of an empty sum.
    ///
    /// Only the result has to fit: the order of the amounts makes no difference.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyMismatch`] if an amount is in another currency.
    /// - [`MoneyError::OutOfRange`] if the result does not fit in 64 bits of minor units.
    pub fn sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let mut total: i128 = 0;
        for amount in amounts {
            Self::zero(currency).same_currency(amount)?;
            // 2^64 of the largest amounts would fit: no iterator yields as many.
            total += i128::from(amount.minor());
        }
        Self::within_range(total, currency)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency() == other.currency() {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch {
            left: self.currency(),
            right: other.currency(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: Money = Money::from_minor(i64::MIN, Currency::USD);
    const LARGEST: Money = Money::from_minor(i64::MAX, Currency::USD);
    const CENT: Money = Money::from_minor(1, Currency::USD);

    #[track_caller]
    fn check_out_of_range(result: Result<Money, MoneyError>, minor: i128) {
        assert_eq!(
            result,
            Err(MoneyError::OutOfRange {
                minor,
                currency: Currency::USD
            })
        );
    }

    #[test]
    fn what_does_not_fit_is_an_error_that_shows_the_exact_result() {
        check_out_of_range(LARGEST.checked_add(CENT), 9_223_372_036_854_775_808);
        check_out_of_range(LEAST.checked_sub(CENT), -9_223_372_036_854_775_809);
        check_out_of_range(LEAST.checked_neg(), 9_223_372_036_854_775_808);
        check_out_of_range(LARGEST.checked_mul_int(2), 18_446_744_073_709_551_614);
        check_out_of_range(
            Money::sum([LARGEST, CENT], Currency::USD),
            9_223_372_036_854_775_808,
        );
    }

    #[test]
    fn a_sum_may_go_beyond_the_range_on_its_way() {
        let amounts = [LARGEST, LARGEST, LEAST, LEAST, CENT];
        assert_eq!(
            Money::sum(amounts, Currency::USD),
            Ok(Money::from_minor(-1, Currency::USD))
        );
    }

    #[test]
    fn an_empty_sum_is_nothing() {
        assert_eq!(
            Money::sum([], Currency::KWD),
            Ok(Money::zero(Currency::KWD))
        );
    }

    #[test]
    fn two_currencies_never_meet() {
        let yen = Money::zero(Currency::JPY);
        let mismatch = MoneyError::CurrencyMismatch {
            left: Currency::USD,
            right: Currency::JPY,
        };
        assert_eq!(CENT.checked_add(yen), Err(mismatch.clone()));
        assert_eq!(CENT.checked_sub(yen), Err(mismatch.clone()));
        assert_eq!(CENT.compare(yen), Err(mismatch.clone()));
        assert_eq!(CENT.min(yen), Err(mismatch.clone()));
        assert_eq!(CENT.max(yen), Err(mismatch.clone()));
        assert_eq!(Money::sum([CENT, yen], Currency::USD), Err(mismatch));
    }

    #[test]
    fn a_cap_is_the_smaller_amount() {
        assert_eq!(LARGEST.min(CENT), Ok(CENT));
        assert_eq!(CENT.max(LEAST), Ok(CENT));
    }
}
