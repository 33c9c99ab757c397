//! What an update takes.

use accrual_engine::{Amendment, Conversion, Redecision, SaleStatus};
use accrual_money::{Currency, Money};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::Deserialize;

use super::super::{
    create::{amount, filled, instant, text},
    failure::Failure,
};
use crate::wire::{Given, Integer, Text, Time};

/// What is changed of a sale: what is absent stays as it is.
#[derive(Deserialize, Object)]
#[oai(rename = "UpdateAffiliateSale")]
pub(super) struct UpdateSale {
    /// What the customer paid, in the smallest unit of the currency: above 0. Without `commission`
    /// the commission is computed again, by the campaign's rules as they were.
    #[serde(default)]
    total: MaybeUndefined<Given<Integer>>,
    /// The same before shipping and tax: above 0. The commission is computed again only if the sale
    /// never had a total.
    #[serde(default)]
    subtotal: MaybeUndefined<Given<Integer>>,
    /// ISO 4217 code, in any case, such as `usd`. Amounts that are not given anew keep their
    /// figures. Refused once something was paid out or refunded.
    #[serde(default)]
    currency: MaybeUndefined<Given<Text>>,
    /// When the sale took place: ISO 8601, or seconds since 1970.
    #[serde(default)]
    occurred_at: MaybeUndefined<Given<Time>>,
    /// When the commission becomes due: ISO 8601, or seconds since 1970; `null` is by the
    /// campaign's payout delay.
    #[serde(default)]
    #[oai(nullable)]
    due_at: MaybeUndefined<Given<Time>>,
    /// The customer's e-mail address; `null` clears it.
    #[serde(default)]
    #[oai(nullable)]
    customer_email: MaybeUndefined<Given<Text>>,
    /// The customer's name; `null` clears it.
    #[serde(default)]
    #[oai(nullable)]
    customer_name: MaybeUndefined<Given<Text>>,
    /// The commission, in the smallest unit of the currency, 0 or more; `null` is by the campaign's
    /// rules again.
    #[serde(default)]
    #[oai(nullable)]
    commission: MaybeUndefined<Given<Integer>>,
    /// `unpaid`, `paid`, `paid_externally` or `cancelled` (also `canceled`), after which the sale
    /// cannot be updated any more.
    #[serde(default)]
    status: MaybeUndefined<Given<Text>>,
    /// A label of your own, shown with the sale; `null` clears it.
    #[serde(default)]
    #[oai(nullable)]
    sub_id: MaybeUndefined<Given<Text>>,
}

impl UpdateSale {
    /// The change that it asks for. Amounts are in the currency that it names, else in the sale's.
    pub(super) fn amendment(&self, conversion: &Conversion) -> Result<Amendment, Failure> {
        let currency = needed(&self.currency, currency, NO_CURRENCY)?;
        let paid_in = currency.unwrap_or(conversion.refunded.currency());
        let total = |given: Option<&Given<Integer>>| amount("Total", given, paid_in);
        let subtotal = |given: Option<&Given<Integer>>| amount("Subtotal", given, paid_in);
        let commission = |given: Option<&Given<Integer>>| amount("Commission", given, paid_in);
        Ok(Amendment {
            total: anew(needed(&self.total, total, "Total must be an integer.")?),
            subtotal: anew(needed(
                &self.subtotal,
                subtotal,
                "Subtotal must be an integer.",
            )?),
            currency,
            amount_override: change(&self.commission, commission)?,
            occurred_at: needed(
                &self.occurred_at,
                |given| instant("occurred_at", given),
                "occurred_at must be an ISO 8601 time or a Unix time in seconds.",
            )?,
            due_at: change(&self.due_at, |given| instant("due_at", given))?,
            customer_email: change(&self.customer_email, |given| text("Customer email", given))?,
            customer_name: change(&self.customer_name, |given| text("Customer name", given))?,
            sub_id: change(&self.sub_id, |given| text("Sub ID", given))?,
            status: needed(&self.status, status, NO_STATUS)?,
            redecision: Redecision::SaleAmount,
            ..Amendment::new(conversion.id)
        })
    }
}

const NO_CURRENCY: &str = "Currency must be an ISO 4217 code, such as usd.";
const NO_STATUS: &str = "Status must be one of: unpaid, paid, paid_externally, cancelled.";

/// What is absent stays, `null` and what says nothing is taken away.
fn change<T, R>(
    given: &MaybeUndefined<T>,
    read: impl FnOnce(Option<&T>) -> Result<Option<R>, Failure>,
) -> Result<Option<Option<R>>, Failure> {
    match given {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(given) => read(Some(given)).map(Some),
    }
}

/// What cannot be taken away is refused with `otherwise` if it is `null` or says nothing.
fn needed<T, R>(
    given: &MaybeUndefined<T>,
    read: impl FnOnce(Option<&T>) -> Result<Option<R>, Failure>,
    otherwise: &str,
) -> Result<Option<R>, Failure> {
    match change(given, read)? {
        None => Ok(None),
        Some(Some(value)) => Ok(Some(value)),
        Some(None) => Err(Failure::invalid(otherwise)),
    }
}

fn anew(amount: Option<Money>) -> Option<Option<Money>> {
    amount.map(Some)
}

fn currency(given: Option<&Given<Text>>) -> Result<Option<Currency>, Failure> {
    let code = filled("Currency", given)?;
    let currency = code.map(|code| Currency::parse(&code)).transpose();
    currency.map_err(|_| Failure::invalid(NO_CURRENCY))
}

/// Growi spells `cancelled` in two ways.
fn status(given: Option<&Given<Text>>) -> Result<Option<SaleStatus>, Failure> {
    match filled("Status", given)?.as_deref() {
        None => Ok(None),
        Some("unpaid") => Ok(Some(SaleStatus::Unpaid)),
        Some("paid") => Ok(Some(SaleStatus::Paid)),
        Some("paid_externally") => Ok(Some(SaleStatus::PaidExternally)),
        Some("cancelled" | "canceled") => Ok(Some(SaleStatus::Cancelled)),
        Some(_) => Err(Failure::invalid(NO_STATUS)),
    }
}
