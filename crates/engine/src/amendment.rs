//! What a caller changes of a sale that was recorded.

use accrual_commission::Tax;
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use crate::{ConversionId, Facts, Sequence, Text};

/// What is changed of a sale, all of it or nothing; what is `None` stays, `Some(None)` takes away.
///
/// Source: Growi, `PATCH /affiliate_sales/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Which conversion.
    pub conversion: ConversionId,
    /// The version that the caller has seen; the conversion is not changed if it has another.
    pub expected_version: Option<Sequence>,
    /// What the customer paid in all.
    pub total: Option<Option<Money>>,
    /// What the customer paid before shipping and tax.
    pub subtotal: Option<Option<Money>>,
    /// The tax in it.
    pub tax: Option<Option<Tax>>,
    /// What shipping cost.
    pub shipping: Option<Option<Money>>,
    /// What was taken off the price.
    pub discount: Option<Option<Money>>,
    /// The sale's currency: amounts that are not given anew keep their minor units.
    pub currency: Option<Currency>,
    /// The commission, set by the caller; `Some(None)` is by the terms again.
    pub amount_override: Option<Option<Money>>,
    /// When it took place (UTC, to the microsecond).
    pub occurred_at: Option<OffsetDateTime>,
    /// When its commission becomes payable (UTC, to the microsecond); `Some(None)` is by the terms.
    pub due_at: Option<Option<OffsetDateTime>>,
    /// The customer's e-mail address.
    pub customer_email: Option<Option<Text>>,
    /// The customer's name.
    pub customer_name: Option<Option<Text>>,
    /// The caller's label for where the visitor came from.
    pub sub_id: Option<Option<Text>>,
    /// What its commissions are from now on.
    pub status: Option<SaleStatus>,
    /// When what it earns is decided again.
    pub redecision: Redecision,
}

/// What a caller wants a sale's commissions to be, whatever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaleStatus {
    /// Not paid, or not after all.
    Unpaid,
    /// Paid, less what the affiliate owes back; what is held or waits for a person matures first.
    Paid,
    /// Paid elsewhere, in full.
    PaidExternally,
    /// Withdrawn.
    Cancelled,
}

/// When an amendment decides again what a sale earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Redecision {
    /// Where it names any amount or the commission. A commission that was set before stays.
    AnyAmount,
    /// Where it names the commission, or the amount that counts as the sale's: the total, or the
    /// subtotal of a sale without one. By that amount a commission that was set before gives way.
    SaleAmount,
}

impl Amendment {
    /// No change yet.
    pub fn new(conversion: ConversionId) -> Self {
        Self {
            conversion,
            expected_version: None,
            total: None,
            subtotal: None,
            tax: None,
            shipping: None,
            discount: None,
            currency: None,
            amount_override: None,
            occurred_at: None,
            due_at: None,
            customer_email: None,
            customer_name: None,
            sub_id: None,
            status: None,
            redecision: Redecision::AnyAmount,
        }
    }

    /// `facts` with what it changes of them.
    pub(crate) fn applied_to(&self, facts: &Facts) -> Facts {
        let mut changed = facts.clone();
        if let Some(currency) = self.new_currency(facts) {
            changed.relabel(currency);
        }
        if self.redecision == Redecision::SaleAmount && self.names_sale_amount(facts) {
            changed.amount_override = None;
        }
        set(&mut changed.total, &self.total);
        set(&mut changed.subtotal, &self.subtotal);
        set(&mut changed.tax, &self.tax);
        set(&mut changed.shipping, &self.shipping);
        set(&mut changed.discount, &self.discount);
        set(&mut changed.amount_override, &self.amount_override);
        changed.occurred_at = self.occurred_at.or(changed.occurred_at);
        set(&mut changed.due_at, &self.due_at);
        set(&mut changed.customer.email, &self.customer_email);
        set(&mut changed.customer.name, &self.customer_name);
        set(&mut changed.sub_id, &self.sub_id);
        changed
    }

    /// Whether what a sale with these facts earns is decided again.
    pub(crate) fn decides(&self, facts: &Facts) -> bool {
        if self.amount_override.is_some() || self.new_currency(facts).is_some() {
            return true;
        }
        match self.redecision {
            Redecision::SaleAmount => self.names_sale_amount(facts),
            Redecision::AnyAmount => {
                let amounts = [self.total, self.subtotal, self.shipping, self.discount];
                self.tax.is_some() || amounts.iter().any(Option::is_some)
            }
        }
    }

    /// The currency of a sale with these facts from now on, if it changes.
    pub(crate) fn new_currency(&self, facts: &Facts) -> Option<Currency> {
        self.currency.filter(|to| facts.currency() != Some(*to))
    }

    /// Whether it can change when the commissions become payable.
    pub(crate) fn is_about_due(&self) -> bool {
        self.due_at.is_some() || self.occurred_at.is_some()
    }

    fn names_sale_amount(&self, facts: &Facts) -> bool {
        let total = self.total.unwrap_or(facts.total);
        self.total.is_some() || self.subtotal.is_some() && total.is_none()
    }
}

fn set<T: Clone>(fact: &mut Option<T>, change: &Option<Option<T>>) {
    if let Some(value) = change {
        fact.clone_from(value);
    }
}
