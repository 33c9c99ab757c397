//! What must come of one sale, and of one refund.

use std::fmt;

use rust_decimal::Decimal;

use super::{commission, tag};
use crate::replay::order::Order;

/// Why a sale or a refund must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::replay) enum Refusal {
    /// Its amount is finer than the currency's minor unit.
    TooFine,
    /// Its amount is zero or less.
    NotPositive,
}

impl Refusal {
    /// In the order in which they are printed.
    pub(in crate::replay) const ALL: [Self; 2] = [Self::NotPositive, Self::TooFine];

    /// Why `amount` must be refused, if it must.
    ///
    /// Whether a number is whole is seen when it is read, so before it is judged.
    fn of(amount: Decimal, digits: u32) -> Option<Self> {
        if amount.normalize().scale() > digits {
            return Some(Self::TooFine);
        }
        (amount <= Decimal::ZERO).then_some(Self::NotPositive)
    }

    /// What the server must say of a sale.
    pub(in crate::replay) fn sentence(self) -> &'static str {
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
pub(in crate::replay) struct Due {
    pub(in crate::replay) tag: String,
    pub(in crate::replay) total: Decimal,
    /// In the end.
    pub(in crate::replay) refunded: Decimal,
}

impl Due {
    /// Of what is left when so much was given back.
    pub(in crate::replay) fn commission(&self, refunded: Decimal, digits: u32) -> Decimal {
        commission(self.total - refunded, digits)
    }

    /// Gives `amount` back, as far as so much is left.
    pub(super) fn give_back(&mut self, amount: Decimal, digits: u32) -> RefundFate {
        if let Some(refusal) = Refusal::of(amount, digits) {
            return RefundFate::Refused(refusal);
        }
        let amount = amount.min(self.total - self.refunded);
        if amount.is_zero() {
            return RefundFate::NotSent;
        }
        self.refunded += amount;
        RefundFate::Made(amount)
    }
}

/// What must come of one sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::replay) enum Fate {
    Recorded(Due),
    Refused(Refusal),
}

impl Fate {
    /// Before anything is given back.
    pub(super) fn of(order: &Order, digits: u32) -> Self {
        match Refusal::of(order.total, digits) {
            Some(refusal) => Self::Refused(refusal),
            None => Self::Recorded(Due {
                tag: tag(order.customer.as_deref()),
                total: order.total,
                refunded: Decimal::ZERO,
            }),
        }
    }
}

/// What must come of one refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::replay) enum RefundFate {
    /// So much is sent, in major units, and given back.
    Made(Decimal),
    /// Nothing is left of its sale, or an update has nothing to lower: it is not sent.
    NotSent,
    /// Its sale is not in the file, or is refused.
    NotFound,
    Refused(Refusal),
}

impl RefundFate {
    /// How much is sent where the file has `amount`.
    pub(in crate::replay) fn sent_amount(self, amount: Decimal) -> Decimal {
        match self {
            Self::Made(sent) => sent,
            Self::NotSent | Self::NotFound | Self::Refused(_) => amount,
        }
    }

    /// Whether that is less.
    pub(super) fn is_clipped(self, amount: Decimal) -> bool {
        self.sent_amount(amount) < amount
    }
}
