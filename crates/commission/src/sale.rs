//! The part of a conversion that decides what it earns.

use std::fmt;

use accrual_money::Money;

/// Whether a sale stands alone or renews.
///
/// Source: Growi, `sale_type` of `POST /affiliate_sales`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaleType {
    /// A purchase by itself.
    OneTime,
    /// A payment of a subscription.
    Subscription,
}

impl fmt::Display for SaleType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OneTime => "one-time",
            Self::Subscription => "subscription",
        })
    }
}

/// The part of a conversion that decides what it earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    total: Option<Money>,
    subtotal: Option<Money>,
    sale_type: SaleType,
    amount_override: Option<Money>,
}

impl Sale {
    /// A one-time sale with this total.
    pub const fn new(total: Money) -> Self {
        Self {
            total: Some(total),
            subtotal: None,
            sale_type: SaleType::OneTime,
            amount_override: None,
        }
    }

    /// A one-time sale of which only the subtotal (before shipping and tax) is known.
    pub const fn of_subtotal(subtotal: Money) -> Self {
        Self {
            total: None,
            subtotal: Some(subtotal),
            sale_type: SaleType::OneTime,
            amount_override: None,
        }
    }

    /// The same, with the subtotal (before shipping and tax) known too.
    pub const fn with_subtotal(self, subtotal: Money) -> Self {
        Self {
            subtotal: Some(subtotal),
            ..self
        }
    }

    /// The same, of this type.
    pub const fn with_type(self, sale_type: SaleType) -> Self {
        Self { sale_type, ..self }
    }

    /// The same, with the commission set by whoever reports the sale.
    pub const fn with_amount_override(self, amount: Money) -> Self {
        Self {
            amount_override: Some(amount),
            ..self
        }
    }

    /// What the customer paid in all, if known.
    pub const fn total(&self) -> Option<Money> {
        self.total
    }

    /// What the customer paid before shipping and tax, if known.
    pub const fn subtotal(&self) -> Option<Money> {
        self.subtotal
    }

    /// Its type.
    pub const fn sale_type(&self) -> SaleType {
        self.sale_type
    }

    /// The commission set by whoever reports the sale, if any.
    pub const fn amount_override(&self) -> Option<Money> {
        self.amount_override
    }
}
