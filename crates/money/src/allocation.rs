//! Dividing an amount so that the parts always add up to it.

use std::cmp::Reverse;
use std::num::NonZero;

use crate::{Money, MoneyError};

impl Money {
    /// Divides the amount in proportion to `weights`, by largest remainder (Hamilton's method).
    ///
    /// Every part gets its proportion rounded towards zero; the minor units that are left go one
    /// each to the largest remainders, the first of equal ones first. A weight of zero gets
    /// nothing. What is negative is divided as if it were positive: the parts of `-a` are the
    /// opposites of the parts of `a`.
    ///
    /// `weights` have no unit: only their proportion counts. The parts come in the order of the
    /// weights, one for each, and their sum is exactly the amount.
    ///
    /// # Errors
    /// [`MoneyError::NoWeights`] if there are no weights or all are zero.
    ///
    /// Source: docs/DOMAIN.md, "Money": dividing.
    ///
    /// ```
    /// use accrual_money::{Currency, Money};
    ///
    /// let refund = Money::from_minor(-5, Currency::USD);
    /// let parts = refund.allocate(&[7, 0, 3])?;
    /// assert_eq!(parts, [-4, 0, -1].map(|minor| Money::from_minor(minor, Currency::USD)));
    /// # Ok::<(), accrual_money::MoneyError>(())
    /// ```
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        // A slice has fewer than 2^61 weights: the sum of 64-bit weights fits in 128 bits.
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        if total == 0 {
            return Err(MoneyError::NoWeights {
                weights: weights.len(),
            });
        }
        // The product is at least -2^63 * (2^64 - 1): it fits in 128 bits.
        let whole = i128::from(self.minor());
        let products = weights.iter().map(|weight| whole * i128::from(*weight));
        let (mut parts, remainders): (Vec<i128>, Vec<i128>) = products
            .map(|product| (product / total, (product % total).abs()))
            .unzip();

        // Each remainder is below `total`, so there are more remainders above zero than units
        // left: a part without a remainder, such as that of a zero weight, never gets one.
        let left = (whole - parts.iter().sum::<i128>()).abs();
        let mut largest_first: Vec<usize> = (0..parts.len()).collect();
        largest_first.sort_by_key(|index| Reverse(remainders[*index]));
        for (_, index) in (0..left).zip(largest_first) {
            parts[index] += whole.signum();
        }
        // Each part lies between nothing and the whole: none is out of range.
        parts
            .into_iter()
            .map(|part| Self::within_range(part, self.currency()))
            .collect()
    }

    /// Divides the amount into `parts` that are equal but for one minor unit, larger ones first.
    ///
    /// The same as [`Money::allocate`] with equal weights, without keeping the parts in memory.
    /// Their sum is exactly the amount.
    ///
    /// ```
    /// use accrual_money::{Currency, Money};
    /// use std::num::NonZero;
    ///
    /// let three = const { NonZero::new(3).unwrap() };
    /// let parts = Money::from_minor(100, Currency::USD).split(three);
    /// assert!(parts.map(Money::minor).eq([34, 33, 33]));
    /// ```
    pub fn split(self, parts: NonZero<u32>) -> impl ExactSizeIterator<Item = Self> {
        let count = i64::from(parts.get());
        let each = self.minor() / count;
        let left = (self.minor() % count).unsigned_abs();
        (0..parts.get()).map(move |index| {
            // Nothing is left when `count` is one: one more than `each` is within the whole.
            let extra = if u64::from(index) < left {
                self.minor().signum()
            } else {
                0
            };
            Self::from_minor(each + extra, self.currency())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[track_caller]
    fn check(minor: i64, weights: &[u64], expected: &[i64]) {
        let parts = Money::from_minor(minor, Currency::USD)
            .allocate(weights)
            .unwrap();
        let parts: Vec<i64> = parts.into_iter().map(Money::minor).collect();
        assert_eq!(parts, expected, "{minor} by {weights:?}");
    }

    // Source: the tests of brick/money (MIT), FloorToLargestRemainder.
    #[test]
    fn the_largest_remainder_gets_what_is_left() {
        check(100, &[2, 3, 1], &[33, 50, 17]);
        check(10_000, &[30, 20, 40], &[3333, 2222, 4445]);
        check(3, &[75, 25], &[2, 1]);
    }

    // Source: the tests of moneyphp/money (MIT).
    #[test]
    fn what_is_left_may_go_to_the_last() {
        check(101, &[3, 7], &[30, 71]);
    }

    #[test]
    fn the_only_weight_gets_it_all() {
        check(9999, &[100], &[9999]);
    }

    #[test]
    fn a_zero_weight_gets_nothing() {
        check(
            10_000,
            &[30, 20, 40, 0, 0, 40],
            &[2308, 1538, 3077, 0, 0, 3077],
        );
        check(1, &[0, 1, 0], &[0, 1, 0]);
    }

    #[test]
    fn among_equals_the_first_get_what_is_left() {
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(101, &[1, 1, 1], &[34, 34, 33]);
        check(2, &[1, 1, 1], &[1, 1, 0]);
        check(2, &[1, 1, 1, 1], &[1, 1, 0, 0]);
        check(1, &[1, 1], &[1, 0]);
        // Remainders of one half each.
        check(5, &[7, 3], &[4, 1]);
        check(5, &[3, 7], &[2, 3]);
    }

    // moneyphp/money floors and gets -3 and -2 for the second; a refund must take back what the
    // sale gave.
    #[test]
    fn a_negative_amount_is_divided_like_its_opposite() {
        check(-10_000, &[30, 20, 40, 40], &[-2308, -1538, -3077, -3077]);
        check(-5, &[7, 3], &[-4, -1]);
    }

    #[test]
    fn nothing_is_divided_into_nothing() {
        check(0, &[1, 2], &[0, 0]);
    }

    #[test]
    fn the_largest_amounts_and_weights_are_divided_exactly() {
        check(i64::MIN, &[u64::MAX], &[i64::MIN]);
        check(
            i64::MIN,
            &[u64::MAX, u64::MAX],
            &[i64::MIN / 2, i64::MIN / 2],
        );
        check(
            i64::MAX,
            &[u64::MAX, u64::MAX, 0],
            &[i64::MAX / 2 + 1, i64::MAX / 2, 0],
        );
    }

    #[test]
    fn nobody_to_divide_among_is_an_error() {
        let amount = Money::from_minor(100, Currency::USD);
        assert_eq!(
            amount.allocate(&[]),
            Err(MoneyError::NoWeights { weights: 0 })
        );
        assert_eq!(
            amount.allocate(&[0, 0]),
            Err(MoneyError::NoWeights { weights: 2 })
        );
    }

    #[test]
    fn a_split_in_one_is_the_whole() {
        let least = Money::from_minor(i64::MIN, Currency::USD);
        let parts: Vec<_> = least.split(NonZero::<u32>::MIN).collect();
        assert_eq!(parts, [least]);
    }
}
