//! What a file's sales must come to, computed here and not by the code that is tried.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use anyhow::{Context, Result, bail};
use rust_decimal::{Decimal, RoundingStrategy};

use super::order::{Order, Orders};

/// What every sale earns, in percent of its total.
pub(super) const PERCENT: u32 = 5;

/// The customers who are known are spread over so many affiliates; one more has the others.
const AFFILIATES: u64 = 50;

/// How many sales, and what they came to, in major units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) count: u64,
    pub(super) total: Decimal,
    pub(super) commission: Decimal,
}

impl Sums {
    pub(super) fn add(&mut self, total: Decimal, commission: Decimal) {
        self.count += 1;
        self.total += total;
        self.commission += commission;
    }
}

/// Why a sale must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// Its total is finer than the currency's minor unit.
    TooFine,
    /// Its total is zero or less.
    NotPositive,
}

impl Refusal {
    /// In the order in which they are checked and printed.
    pub(super) const ALL: [Self; 2] = [Self::NotPositive, Self::TooFine];

    /// What the server must say.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::TooFine => "Total must be an integer.",
            Self::NotPositive => "Total must be greater than 0.",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFine => "finer than the minor unit",
            Self::NotPositive => "zero or less",
        })
    }
}

/// A sale that must be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) tag: String,
    pub(super) total: Decimal,
    pub(super) commission: Decimal,
}

/// What must come of one sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Recorded(Due),
    Refused(Refusal),
}

/// What must come of a file.
#[derive(Debug, Default)]
pub(super) struct Expectation {
    /// Of the currency's minor unit.
    pub(super) digits: u32,
    /// By reference.
    pub(super) fates: HashMap<String, Fate>,
    pub(super) recorded: Sums,
    pub(super) refused: BTreeMap<Refusal, u64>,
    pub(super) by_tag: BTreeMap<String, Sums>,
    pub(super) by_day: BTreeMap<String, Sums>,
}

impl Expectation {
    /// Of `orders`, in a currency with so many `digits`.
    ///
    /// # Errors
    /// If two sales have one reference.
    pub(super) fn of(orders: &Orders, digits: u32) -> Result<Self> {
        let mut expectation = Self {
            digits,
            ..Self::default()
        };
        for tag in tags() {
            expectation.by_tag.insert(tag, Sums::default());
        }
        for order in &orders.sales {
            expectation.add(order)?;
        }
        Ok(expectation)
    }

    fn add(&mut self, order: &Order) -> Result<()> {
        let fate = fate(order, self.digits);
        match &fate {
            Fate::Refused(refusal) => *self.refused.entry(*refusal).or_default() += 1,
            Fate::Recorded(due) => {
                let day = self.by_day.entry(order.day().to_owned()).or_default();
                let tag = self.by_tag.entry(due.tag.clone()).or_default();
                for sums in [&mut self.recorded, day, tag] {
                    sums.add(due.total, due.commission);
                }
            }
        }
        if self.fates.insert(order.reference.clone(), fate).is_some() {
            bail!("order {} is there twice", order.reference);
        }
        Ok(())
    }

    /// How many must be refused for `refusal`.
    pub(super) fn refused(&self, refusal: Refusal) -> u64 {
        self.refused.get(&refusal).copied().unwrap_or(0)
    }
}

/// Whether a number is whole is seen when it is read, so before it is judged.
fn fate(order: &Order, digits: u32) -> Fate {
    if order.total.normalize().scale() > digits {
        return Fate::Refused(Refusal::TooFine);
    }
    if order.total <= Decimal::ZERO {
        return Fate::Refused(Refusal::NotPositive);
    }
    Fate::Recorded(Due {
        tag: tag(order.customer.as_deref()),
        total: order.total,
        commission: commission(order.total, digits),
    })
}

/// Half a minor unit goes away from zero.
fn commission(total: Decimal, digits: u32) -> Decimal {
    let exact = total * Decimal::from(PERCENT) / Decimal::ONE_HUNDRED;
    exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// Of whom all sales of `customer` are.
pub(super) fn tag(customer: Option<&str>) -> String {
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
pub(super) fn tags() -> Vec<String> {
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
pub(super) fn minor_units(total: Decimal, digits: u32) -> Result<String> {
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

    fn order(reference: &str, total: &str) -> Order {
        Order {
            reference: reference.to_owned(),
            occurred_at: "2010-12-01T08:26:00".to_owned(),
            customer: Some("17850".to_owned()),
            currency: "GBP".to_owned(),
            total: amount(total),
        }
    }

    #[test]
    fn half_a_penny_goes_away_from_zero() {
        assert_eq!(commission(amount("0.10"), 2), amount("0.01"));
        assert_eq!(commission(amount("0.09"), 2), amount("0.00"));
        assert_eq!(commission(amount("99.99"), 2), amount("5.00"));
    }

    #[test]
    fn sums_are_of_what_is_recorded() {
        let totals = ["10.00", "0.30", "0.00", "-1.00", "2.001", "-2.001"];
        let sales = totals.iter().zip(1..);
        let orders = Orders {
            sales: sales.map(|(t, n)| order(&n.to_string(), t)).collect(),
            ..Orders::default()
        };
        let expectation = Expectation::of(&orders, 2).unwrap();
        assert_eq!(expectation.recorded.count, 2);
        assert_eq!(expectation.recorded.total, amount("10.30"));
        assert_eq!(expectation.recorded.commission, amount("0.52"));
        assert_eq!(expectation.refused(Refusal::NotPositive), 2);
        assert_eq!(expectation.refused(Refusal::TooFine), 2);
        assert_eq!(expectation.by_day["2010-12-01"], expectation.recorded);
    }

    #[test]
    fn a_reference_is_there_once() {
        let orders = Orders {
            sales: vec![order("1", "1"), order("1", "1")],
            ..Orders::default()
        };
        assert!(Expectation::of(&orders, 2).is_err());
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
