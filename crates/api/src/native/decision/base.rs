//! The base, step by step.

use accrual_commission::{BaseChange, BaseFigures, BaseKind, BaseStep};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use crate::{
    native::{
        conversions::amounts::ExchangeView,
        view::{code, decimal, percent},
    },
    wire::{Word, words},
};

/// What of a sale shares are taken of, and how it came about.
#[derive(Object, Serialize)]
#[oai(rename = "Base")]
pub(super) struct BaseView {
    /// Which amount of the sale it begins with.
    of: BaseWord,
    /// That amount, as reported.
    reported: String,
    /// What was made of it, in order; empty if it is the base as it stands.
    steps: Vec<StepView>,
    /// The base.
    amount: String,
    /// ISO 4217 code of it: the program's currency if the report brought an exchange rate, else the
    /// sale's.
    currency: String,
}

words! {
    /// Which amount of a sale.
    BaseWord "BaseKind" of BaseKind {
        /// The total.
        Total "total" (BaseKind::Total),
        /// The subtotal.
        Subtotal "subtotal" (BaseKind::Subtotal),
    }
}

/// One step from what was reported to the base.
#[derive(Object, Serialize)]
#[oai(rename = "BaseStep", skip_serializing_if_is_none)]
struct StepView {
    /// What is done.
    change: ChangeWord,
    /// What is taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    /// The tax that the price includes, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The rate of the exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<ExchangeView>,
    /// What it leaves.
    left: String,
}

/// What is done to an amount on its way to the base.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "BaseChange", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ChangeWord {
    /// Shipping is taken off.
    LessShipping,
    /// A discount is taken off.
    LessDiscount,
    /// Tax is taken off.
    LessTax,
    /// The tax that the price includes is taken out: ÷ (1 + rate), rounded once.
    WithoutTax,
    /// What is below zero is made zero.
    NotBelowZero,
    /// It is converted into the program's currency, rounded once.
    Exchanged,
}

impl BaseView {
    pub(super) fn of(base: &BaseFigures) -> Self {
        Self {
            of: BaseWord::of(base.kind),
            reported: decimal(base.reported),
            steps: base.steps.iter().map(StepView::of).collect(),
            amount: decimal(base.amount()),
            currency: code(base.amount()),
        }
    }
}

impl StepView {
    fn of(step: &BaseStep) -> Self {
        let bare = |change| Self {
            change,
            amount: None,
            percent: None,
            exchange: None,
            left: decimal(step.left),
        };
        let less = |change, amount| Self {
            amount: Some(decimal(amount)),
            ..bare(change)
        };
        match &step.change {
            BaseChange::LessShipping(amount) => less(ChangeWord::LessShipping, *amount),
            BaseChange::LessDiscount(amount) => less(ChangeWord::LessDiscount, *amount),
            BaseChange::LessTax(amount) => less(ChangeWord::LessTax, *amount),
            BaseChange::WithoutTax(rate) => Self {
                percent: Some(percent(*rate)),
                ..bare(ChangeWord::WithoutTax)
            },
            BaseChange::NotBelowZero => bare(ChangeWord::NotBelowZero),
            BaseChange::Exchanged(rate) => Self {
                exchange: Some(ExchangeView::of(rate)),
                ..bare(ChangeWord::Exchanged)
            },
        }
    }
}
