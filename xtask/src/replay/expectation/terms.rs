//! What every sale earns, and whom.

use anyhow::{Context, Result};
use rust_decimal::{Decimal, RoundingStrategy};

/// What every sale earns, in percent of what is left of its total.
pub(in crate::replay) const PERCENT: u32 = 5;

/// The customers who are known are spread over so many affiliates; one more has the others.
const AFFILIATES: u64 = 50;

/// Half a minor unit goes away from zero.
pub(in crate::replay) fn commission(left: Decimal, digits: u32) -> Decimal {
    let exact = left * Decimal::from(PERCENT) / Decimal::ONE_HUNDRED;
    exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// Of whom all sales of `customer` are.
pub(in crate::replay) fn tag(customer: Option<&str>) -> String {
    match customer {
        None => "replay-unknown".to_owned(),
        Some(customer) => {
            let mixed = customer.bytes().fold(0_u64, |mixed, byte| {
                mixed.wrapping_mul(31).wrapping_add(byte.into())
            });
            numbered(mixed % AFFILIATES)
        }
    }
}

/// The tags that sales may have.
pub(in crate::replay) fn tags() -> Vec<String> {
    let mut tags: Vec<String> = (0..AFFILIATES).map(numbered).collect();
    tags.push(tag(None));
    tags
}

fn numbered(number: u64) -> String {
    format!("replay-{number:02}")
}

/// What a request says: the total in minor units, exact also where that is not a whole number.
///
/// # Errors
/// If it is too large for a decimal.
pub(in crate::replay) fn minor_units(total: Decimal, digits: u32) -> Result<String> {
    let minor = total
        .checked_mul(Decimal::from(10_u64.pow(digits)))
        .context("the amount is too large")?;
    Ok(minor.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn half_a_penny_goes_away_from_zero() {
        assert_eq!(commission(amount("0.10"), 2), amount("0.01"));
        assert_eq!(commission(amount("0.09"), 2), amount("0.00"));
        assert_eq!(commission(amount("99.99"), 2), amount("5.00"));
    }

    #[test]
    fn minor_units_are_exact() {
        let text = |total| minor_units(amount(total), 2).unwrap();
        assert_eq!(text("12.30"), "1230");
        assert_eq!(text("2042.761"), "204276.1");
        assert_eq!(text("-0.5"), "-50");
        assert_eq!(text("0.00"), "0");
    }

    #[test]
    fn a_customer_has_one_tag_of_fifty_one() {
        assert_eq!(tags().len(), 51);
        assert!(tags().contains(&tag(Some("17850"))));
        assert!(tags().contains(&tag(None)));
    }
}
