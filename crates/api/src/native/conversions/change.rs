//! What a conversion came to after all, as it is given.

use accrual_commission::Tax;
use accrual_engine::{Amendment, Conversion, SaleStatus};
use accrual_money::Money;
use poem_openapi::{Object, types::MaybeUndefined};
use serde::Deserialize;

use super::amounts;
use crate::{
    native::{field, problem::Problem},
    wire::{Amount, Given, OneOf, Text, Time, words},
};

words! {
    /// What a conversion's commissions can be made, whatever they are.
    SaleStatusWord "SaleStatus" of SaleStatus {
        /// Not paid, or not after all.
        Unpaid "unpaid" (SaleStatus::Unpaid),
        /// Paid, less what the affiliate owes back.
        Paid "paid" (SaleStatus::Paid),
        /// Paid elsewhere, in full.
        PaidExternally "paid_externally" (SaleStatus::PaidExternally),
        /// The sale was withdrawn.
        Cancelled "cancelled" (SaleStatus::Cancelled),
    }
}

/// What a sale was after all; what is absent stays, `null` takes it away where that means something.
/// Amounts are in `currency`, if it is there, else in the sale's.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeConversion {
    /// ISO 4217 code of the sale's amounts: those that are not given anew keep their minor units.
    /// Refused (409) once something was paid out or refunded.
    #[oai(nullable)]
    currency: Option<Given<Text>>,
    /// What the customer paid: above zero.
    #[serde(default)]
    #[oai(nullable)]
    total: MaybeUndefined<Given<Amount>>,
    /// The same before shipping and tax: above zero.
    #[serde(default)]
    #[oai(nullable)]
    subtotal: MaybeUndefined<Given<Amount>>,
    /// The tax in it, in place of any percentage; `null` takes away either.
    #[serde(default)]
    #[oai(nullable)]
    tax: MaybeUndefined<Given<Amount>>,
    /// The percentage at which the price includes tax, in place of any amount; `null` takes away
    /// either.
    #[serde(default)]
    #[oai(nullable)]
    tax_percent_included: MaybeUndefined<Given<Amount>>,
    /// What shipping cost: zero or more.
    #[serde(default)]
    #[oai(nullable)]
    shipping: MaybeUndefined<Given<Amount>>,
    /// What was taken off the price: zero or more.
    #[serde(default)]
    #[oai(nullable)]
    discount: MaybeUndefined<Given<Amount>>,
    /// The commission, zero or more; `null` is by the program's terms again.
    #[serde(default)]
    #[oai(nullable)]
    commission: MaybeUndefined<Given<Amount>>,
    /// When the sale took place: it counts on that day from now on.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// When the commission becomes payable; `null` is by the program's terms again.
    #[serde(default)]
    #[oai(nullable)]
    due_at: MaybeUndefined<Given<Time>>,
    /// The customer's e-mail address: up to 1,000 characters. Who is credited stays.
    #[serde(default)]
    #[oai(nullable)]
    customer_email: MaybeUndefined<Given<Text>>,
    /// The customer's name: up to 1,000 characters.
    #[serde(default)]
    #[oai(nullable)]
    customer_name: MaybeUndefined<Given<Text>>,
    /// A label of your own: up to 1,000 characters.
    #[serde(default)]
    #[oai(nullable)]
    sub_id: MaybeUndefined<Given<Text>>,
    /// What its commissions are from now on: `unpaid`; `paid`, for which what is held or waits for a
    /// person matures first; `paid_externally`; `cancelled`, after which the sale cannot be changed
    /// any more. Refused (409) where they cannot become that.
    #[oai(nullable)]
    status: Option<Given<OneOf<SaleStatusWord>>>,
}

impl ChangeConversion {
    pub(super) fn amendment(&self, conversion: &Conversion) -> Result<Amendment, Problem> {
        let currency = field::optional("currency", self.currency.as_ref(), field::currency)?;
        let paid_in = currency.unwrap_or(conversion.refunded.currency());
        let money = |name: &str, given: &MaybeUndefined<Given<Amount>>| {
            field::change(name, given, |name, given| {
                field::money(name, given, paid_in)
            })
        };
        let due_at = field::change("due_at", &self.due_at, |name, given| {
            field::instant(name, Some(given))
        })?;
        Ok(Amendment {
            currency,
            total: money("total", &self.total)?,
            subtotal: money("subtotal", &self.subtotal)?,
            tax: self.tax(money)?,
            shipping: money("shipping", &self.shipping)?,
            discount: money("discount", &self.discount)?,
            amount_override: money("commission", &self.commission)?,
            occurred_at: field::instant("occurred_at", self.occurred_at.as_ref())?,
            due_at: due_at.map(Option::flatten),
            customer_email: field::change("customer_email", &self.customer_email, field::text)?,
            customer_name: field::change("customer_name", &self.customer_name, field::text)?,
            sub_id: field::change("sub_id", &self.sub_id, field::text)?,
            status: field::optional("status", self.status.as_ref(), field::word)?,
            ..Amendment::new(conversion.id)
        })
    }

    /// The two ways to say it are one fact.
    fn tax(
        &self,
        money: impl Fn(&str, &MaybeUndefined<Given<Amount>>) -> Result<Option<Option<Money>>, Problem>,
    ) -> Result<Option<Option<Tax>>, Problem> {
        let amount = money("tax", &self.tax)?;
        let included = &self.tax_percent_included;
        let percent = field::change(amounts::INCLUDED, included, field::percent)?;
        match (amount, percent) {
            (Some(Some(_)), Some(Some(_))) => Err(amounts::two_taxes()),
            (Some(Some(amount)), _) => Ok(Some(Some(Tax::Amount(amount)))),
            (_, Some(Some(percent))) => Ok(Some(Some(Tax::IncludedAt(percent)))),
            (Some(None), _) | (_, Some(None)) => Ok(Some(None)),
            (None, None) => Ok(None),
        }
    }
}
