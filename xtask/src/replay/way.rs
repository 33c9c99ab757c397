//! The two ways in which clients say what was given back of a sale.

use rust_decimal::Decimal;

use super::expectation::{Due, RefundFate, Refusal};

/// How what was given back is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// As refunds, through our own API: the sale keeps its total, and is refunded in the end.
    #[default]
    Refunds,
    /// As Growi's clients do: the total is updated to what is left, and a sale of which nothing is
    /// left is cancelled.
    Updates,
}

impl Way {
    /// What must be kept of a sale: its total, and what was given back of it.
    ///
    /// A cancelled sale is in no sum, so it is kept as one of nothing.
    pub(super) fn kept(self, due: &Due) -> (Decimal, Decimal) {
        match self {
            Self::Refunds => (due.total, due.refunded),
            Self::Updates => (due.total - due.refunded, Decimal::ZERO),
        }
    }

    /// What must come of a refund that comes to `fate` as a refund.
    pub(super) fn fate(self, fate: RefundFate) -> RefundFate {
        match (self, fate) {
            // No total is lowered by it, so there is nothing to update.
            (Self::Updates, RefundFate::Refused(Refusal::NotPositive)) => RefundFate::NotSent,
            (Self::Updates | Self::Refunds, fate) => fate,
        }
    }

    /// Growi's word in a list for a sale of which nothing is left.
    pub(super) fn undone_word(self) -> &'static str {
        match self {
            Self::Refunds => "refunded",
            Self::Updates => super::listed::CANCELED,
        }
    }
}
