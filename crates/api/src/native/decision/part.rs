//! What one incentive pays for what it covers.

use accrual_commission::{
    Over, Part, PartPay, Pay, Piece, StepReached, StepStart, Threshold, TierReached, TiersMeasured,
};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::reason::{LinePartView, exact};
use crate::{
    native::{
        view::{decimal, percent},
        word::{PeriodWord, TierModeWord},
    },
    wire::Word,
};

/// What one incentive pays for what it covers.
#[derive(Object, Serialize)]
#[oai(rename = "ReasonPart", skip_serializing_if_is_none)]
pub(super) struct PartView {
    /// Which incentive: its place in the terms, counted from 1.
    incentive: u32,
    /// What it covers of the base.
    of: String,
    /// How many items that is; 1 if the sale lists none.
    items: u64,
    /// The lines that it covers; empty if that is all of the sale.
    lines: Vec<LinePartView>,
    /// The step of the customer's life that has been reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<StepView>,
    /// What came of its tiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    tiers: Option<TiersView>,
    /// The share that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// That share before rounding.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<String>,
    /// The amount that it pays, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    /// The amount that it pays for each item.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_item: Option<String>,
    /// What it pays piece by piece, lowest tier first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<PieceView>>,
    /// Why it pays nothing any more for this customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_over: Option<OverWord>,
}

/// The step that has been reached.
#[derive(Object, Serialize)]
#[oai(rename = "StepReached", skip_serializing_if_is_none)]
struct StepView {
    /// Its place in the incentive, counted from 1.
    number: u32,
    /// From which payment on it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_payment: Option<u32>,
    /// From how many months after the first payment on it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_month: Option<u16>,
}

/// What came of an incentive's tiers.
#[derive(Object, Serialize)]
#[oai(rename = "TiersMeasured", skip_serializing_if_is_none)]
struct TiersView {
    /// What is measured.
    mode: TierModeWord,
    /// Over which time.
    period: PeriodWord,
    /// How many days in a row, with `rolling_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    /// How much that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured_amount: Option<String>,
    /// How many sales that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured_count: Option<u64>,
    /// The highest tier that this reaches, counted from 1; with `marginal` the one that the sale
    /// begins in.
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<u32>,
}

/// The piece of a sale that lies in one tier.
#[derive(Object, Serialize)]
#[oai(rename = "Piece", skip_serializing_if_is_none)]
struct PieceView {
    /// How much lies in it.
    of: String,
    /// What it pays.
    percent: String,
    /// That share before rounding.
    exact: String,
    /// The tier, counted from 1; absent below the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<u32>,
}

/// Why an incentive pays nothing any more for a customer.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Over", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum OverWord {
    /// It is for fewer payments.
    MaxPayments,
    /// It is for fewer months.
    MaxMonths,
}

impl PartView {
    pub(super) fn of(part: &Part) -> Self {
        let mut view = Self {
            incentive: part.incentive.number(),
            of: decimal(part.of),
            items: part.items,
            lines: LinePartView::all(&part.lines),
            step: part.step.as_ref().map(StepView::of),
            tiers: part.tiers.as_ref().map(TiersView::of),
            percent: None,
            exact: None,
            fixed: None,
            per_item: None,
            pieces: None,
            is_over: None,
        };
        match &part.pay {
            PartPay::Whole(pay) => view.pay(*pay, part),
            PartPay::Pieces(pieces) => {
                view.pieces = Some(pieces.iter().map(PieceView::of).collect());
            }
            PartPay::Over(Over::Payments { .. }) => view.is_over = Some(OverWord::MaxPayments),
            PartPay::Over(Over::Months { .. }) => view.is_over = Some(OverWord::MaxMonths),
        }
        view
    }

    fn pay(&mut self, pay: Pay, part: &Part) {
        match pay {
            Pay::Share(rate) => {
                self.percent = Some(percent(rate));
                self.exact = Some(exact(part.of, rate));
            }
            Pay::Fixed(amount) => self.fixed = Some(decimal(amount)),
            Pay::PerItem(amount) => self.per_item = Some(decimal(amount)),
            Pay::ShareAndFixed { share, fixed } => {
                self.percent = Some(percent(share));
                self.exact = Some(exact(part.of, share));
                self.fixed = Some(decimal(fixed));
            }
        }
    }
}

impl StepView {
    fn of(step: &StepReached) -> Self {
        let (from_payment, from_month) = match step.from {
            StepStart::Payment(number) => (Some(number.get()), None),
            StepStart::Month(months) => (None, Some(months.get())),
        };
        Self {
            number: step.number,
            from_payment,
            from_month,
        }
    }
}

impl TiersView {
    fn of(tiers: &TiersMeasured) -> Self {
        let (period, days) = PeriodWord::and_days(tiers.period);
        let (measured_amount, measured_count) = match tiers.measured {
            Threshold::Amount(amount) => (Some(decimal(amount)), None),
            Threshold::Count(count) => (None, Some(count)),
        };
        let number = |tier: TierReached| tier.number;
        Self {
            mode: TierModeWord::of(tiers.mode),
            period,
            days,
            measured_amount,
            measured_count,
            reached: tiers.reached.map(number),
        }
    }
}

impl PieceView {
    fn of(piece: &Piece) -> Self {
        Self {
            of: decimal(piece.of),
            percent: percent(piece.rate),
            exact: exact(piece.of, piece.rate),
            tier: piece.tier.map(|tier| tier.number),
        }
    }
}
