//! The one rule for rounding: half away from zero.

/// `numerator / divisor`, rounded half away from zero.
///
/// Units: those of the numerator. `divisor` is a power of ten up to 10^28 and `numerator` within
/// 10^33, so nothing here can overflow.
/// Source: docs/DOMAIN.md, "Money": rounding.
pub(crate) fn divide_half_away_from_zero(numerator: i128, divisor: i128) -> i128 {
    let half = divisor / 2;
    if numerator < 0 {
        (numerator - half) / divisor
    } else {
        (numerator + half) / divisor
    }
}

/// Ten to the power of `exponent`, which is at most 28: the scale of a `Decimal`.
pub(crate) fn power_of_ten(exponent: u32) -> i128 {
    10_i128.pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_goes_away_from_zero_and_less_than_a_half_towards_it() {
        for (tenths, whole) in [(0, 0), (4, 0), (5, 1), (14, 1), (15, 2), (25, 3), (26, 3)] {
            assert_eq!(
                divide_half_away_from_zero(tenths, 10),
                whole,
                "{tenths} tenths"
            );
            assert_eq!(
                divide_half_away_from_zero(-tenths, 10),
                -whole,
                "-{tenths} tenths"
            );
        }
    }

    #[test]
    fn nothing_is_rounded_where_nothing_is_divided() {
        assert_eq!(divide_half_away_from_zero(7, power_of_ten(0)), 7);
        assert_eq!(divide_half_away_from_zero(-7, power_of_ten(0)), -7);
    }
}
