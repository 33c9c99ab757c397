//! Why a commission is what it is.

use accrual_commission::{LinePart, Nothing, RateSource, Reason};
use accrual_money::{Money, Rate};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::part::PartView;
use crate::{
    native::view::{code, decimal, percent},
    wire::{Word, words},
};

/// Why a commission is what it is, before caps: enough to compute it again. Shares are summed
/// exactly and rounded once, to the nearest smallest unit of the currency; a half goes away from
/// zero.
#[derive(Object, Serialize)]
#[oai(rename = "Reason", skip_serializing_if_is_none)]
pub(super) struct ReasonView {
    /// Which kind of reason.
    kind: ReasonWord,
    /// The amount that was set, with `set_by_caller`.
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<String>,
    /// ISO 4217 code of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_currency: Option<String>,
    /// Who set the rate, with `rate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_set_by: Option<RateSourceWord>,
    /// The rate, with `rate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The share before rounding, with `rate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<String>,
    /// What each incentive pays, in the order of the terms, with `incentives`.
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<PartView>>,
    /// The lines that no incentive covers, with `incentives`.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncovered: Option<Vec<LinePartView>>,
    /// What the base had to be, with `below_minimum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_sale: Option<String>,
}

/// A line's part of the base: all lines' parts sum to it.
#[derive(Object, Serialize)]
#[oai(rename = "LinePart")]
pub(super) struct LinePartView {
    /// The line, counted from 1.
    line: u32,
    /// Its part.
    amount: String,
}

/// Which kind of reason.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "ReasonKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ReasonWord {
    /// The report of the sale set the commission.
    SetByCaller,
    /// A rate that goes before the incentives.
    Rate,
    /// One incentive or several.
    Incentives,
    /// Nothing: the program has no incentives.
    NoIncentives,
    /// Nothing: no incentive covers the sale.
    NoneCovers,
    /// Nothing: the base is below what a sale has to be.
    BelowMinimum,
}

words! {
    /// Who set a rate.
    RateSourceWord "RateSource" of RateSource {
        /// The report of the sale.
        Caller "caller" (RateSource::Caller),
        /// The enrollment has a rate of its own.
        Enrollment "enrollment" (RateSource::Enrollment),
    }
}

impl ReasonView {
    fn bare(kind: ReasonWord) -> Self {
        Self {
            kind,
            set: None,
            set_currency: None,
            rate_set_by: None,
            percent: None,
            exact: None,
            parts: None,
            uncovered: None,
            minimum_sale: None,
        }
    }

    pub(super) fn of(reason: &Reason) -> Self {
        match reason {
            Reason::SetByCaller { set, .. } => Self {
                set: Some(decimal(*set)),
                set_currency: Some(code(*set)),
                ..Self::bare(ReasonWord::SetByCaller)
            },
            Reason::Rate { of, rate, source } => Self {
                rate_set_by: Some(RateSourceWord::of(*source)),
                percent: Some(percent(*rate)),
                exact: Some(exact(*of, *rate)),
                ..Self::bare(ReasonWord::Rate)
            },
            Reason::Incentive(part) => Self {
                parts: Some(vec![PartView::of(part)]),
                ..Self::bare(ReasonWord::Incentives)
            },
            Reason::Lines { parts, uncovered } => Self {
                parts: Some(parts.iter().map(PartView::of).collect()),
                uncovered: Some(LinePartView::all(uncovered)),
                ..Self::bare(ReasonWord::Incentives)
            },
            Reason::Nothing { why, .. } => match why {
                Nothing::NoIncentives => Self::bare(ReasonWord::NoIncentives),
                Nothing::NoneCovers => Self::bare(ReasonWord::NoneCovers),
                Nothing::BelowMinimum { minimum, .. } => Self {
                    minimum_sale: Some(decimal(*minimum)),
                    ..Self::bare(ReasonWord::BelowMinimum)
                },
            },
        }
    }
}

impl LinePartView {
    pub(super) fn all(lines: &[LinePart]) -> Vec<Self> {
        let lines = lines.iter();
        lines
            .map(|part| Self {
                line: part.line,
                amount: decimal(part.amount),
            })
            .collect()
    }
}

/// A share before rounding.
pub(super) fn exact(of: Money, rate: Rate) -> String {
    of.share(rate).exact.to_string()
}
