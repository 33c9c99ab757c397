//! What a commission is computed from, step by step.

use std::fmt;

use accrual_money::{ExchangeRate, Money, Rate};

/// What of a sale shares are taken of, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseFigures {
    /// Which amount of the sale it begins with.
    pub kind: BaseKind,
    /// That amount, as reported.
    pub reported: Money,
    /// What was made of it, in order; empty if it is the base as it stands.
    pub steps: Vec<BaseStep>,
}

/// Which amount of a sale the base begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaseKind {
    /// The total.
    Total,
    /// The subtotal.
    Subtotal,
}

/// One step from what was reported to the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseStep {
    /// What is done.
    pub change: BaseChange,
    /// What it leaves.
    pub left: Money,
}

/// What is done to an amount on its way to the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseChange {
    /// Shipping is taken off.
    LessShipping(Money),
    /// A discount is taken off.
    LessDiscount(Money),
    /// Tax is taken off.
    LessTax(Money),
    /// The tax that the price includes is taken out: ÷ (1 + rate), rounded once.
    WithoutTax(Rate),
    /// What is below zero is made zero.
    NotBelowZero,
    /// It is converted into the program's currency, rounded once.
    Exchanged(ExchangeRate),
}

impl BaseFigures {
    /// The base: zero or more, in the program's currency if an exchange rate is known, else in the
    /// sale's.
    pub fn amount(&self) -> Money {
        self.steps.last().map_or(self.reported, |step| step.left)
    }

    /// A sentence for each figure, from what was reported to the base.
    pub(crate) fn words(&self) -> Vec<String> {
        let Self { kind, reported, .. } = self;
        let first = match self.steps.as_slice() {
            [] => format!("The base is {kind}: {reported}."),
            [_, ..] => format!("The base begins with {kind}: {reported}."),
        };
        let mut before = *reported;
        let steps = self.steps.iter().map(|step| {
            let words = step.words(before);
            before = step.left;
            words
        });
        [first].into_iter().chain(steps).collect()
    }
}

impl BaseStep {
    fn words(&self, before: Money) -> String {
        let left = self.left;
        match &self.change {
            BaseChange::LessShipping(amount) => {
                format!("Less shipping: {before} - {amount} = {left}.")
            }
            BaseChange::LessDiscount(amount) => {
                format!("Less the discount: {before} - {amount} = {left}.")
            }
            BaseChange::LessTax(amount) => format!("Less tax: {before} - {amount} = {left}."),
            BaseChange::WithoutTax(rate) => {
                let divisor = (accrual_money::Decimal::ONE + rate.fraction()).normalize();
                format!(
                    "Without the tax of {rate} that it includes: {before} ÷ {divisor} = {left}, \
                     to the nearest minor unit."
                )
            }
            BaseChange::NotBelowZero => {
                format!("It is never below zero: {left} instead of {before}.")
            }
            BaseChange::Exchanged(rate) => {
                format!("Converted at {rate}: {before} is {left}, to the nearest minor unit.")
            }
        }
    }
}

impl fmt::Display for BaseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Total => "the total",
            Self::Subtotal => "the subtotal",
        })
    }
}
