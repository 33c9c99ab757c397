//! A sale as it was reported, as the journal writes it.

use accrual_commission::Tax;
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::attribution::ClaimRecord;
use super::shop::shop_key;
use super::value::{
    ExchangeRecord, IntervalRecord, MoneyRecord, SaleTypeRecord, at, country, optional, percent,
    rate, text, unreadable,
};
use crate::{Customer, Facts, Line, Platform, Reference, Source, Text, micros};

/// A sale as it was reported; what is absent was not said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportRecord {
    source: String,
    reference: String,
    claims: Vec<ClaimRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    weights: Vec<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    agreement: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_percent_included: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<ExchangeRecord>,
    sale_type: SaleTypeRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<IntervalRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurred_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    lines: Vec<LineRecord>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty", default)]
    metadata: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LineRecord {
    product: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<String>,
    quantity: u32,
    amount: MoneyRecord,
}

impl ReportRecord {
    pub(super) fn of(facts: &Facts) -> Self {
        let owned = |text: &Text| text.as_str().to_owned();
        let customer = &facts.customer;
        let (tax, tax_rate) = match facts.tax {
            Some(Tax::Amount(amount)) => (Some(amount), None),
            Some(Tax::IncludedAt(rate)) => (None, Some(rate)),
            None => (None, None),
        };
        Self {
            source: facts.source.as_str().to_owned(),
            reference: facts.reference.as_str().to_owned(),
            claims: facts.claims.iter().map(ClaimRecord::of).collect(),
            weights: facts.weights.clone(),
            agreement: facts.agreement,
            total: facts.total.map(MoneyRecord::of),
            subtotal: facts.subtotal.map(MoneyRecord::of),
            tax: tax.map(MoneyRecord::of),
            tax_percent_included: tax_rate.map(percent),
            shipping: facts.shipping.map(MoneyRecord::of),
            discount: facts.discount.map(MoneyRecord::of),
            exchange: facts.exchange.as_ref().map(ExchangeRecord::of),
            sale_type: SaleTypeRecord::of(facts.sale_type),
            interval: facts.interval.map(IntervalRecord::of),
            country: facts.country.map(|country| country.as_str().to_owned()),
            occurred_at_us: facts.occurred_at.map(micros),
            due_at_us: facts.due_at.map(micros),
            commission: facts.amount_override.map(MoneyRecord::of),
            commission_percent: facts.rate_override.map(percent),
            platform: facts.platform.as_ref().map(ToString::to_string),
            store: facts.shop.as_ref().map(ToString::to_string),
            customer_id: customer.id.as_ref().map(owned),
            customer_email: customer.email.as_ref().map(owned),
            customer_name: customer.name.as_ref().map(owned),
            visitor_id: customer.visitor_id.as_ref().map(owned),
            sub_id: facts.sub_id.as_ref().map(owned),
            lines: facts.lines.iter().map(LineRecord::of).collect(),
            metadata: facts.metadata.clone(),
        }
    }

    pub(super) fn read(&self) -> Result<Facts, RecordError> {
        let texts = |value: &Option<String>| optional(value.as_ref(), |value| text(value));
        let amounts = |value: &Option<MoneyRecord>| optional(value.as_ref(), MoneyRecord::read);
        let times = |value: &Option<i64>| optional(value.as_ref(), |micros| at(*micros));
        let tax = match (&self.tax, &self.tax_percent_included) {
            (Some(amount), _) => Some(Tax::Amount(amount.read()?)),
            (None, Some(percent)) => Some(Tax::IncludedAt(rate(percent)?)),
            (None, None) => None,
        };
        Ok(Facts {
            source: Source::parse(self.source.as_str())
                .map_err(|_| unreadable(&self.source, "a source"))?,
            reference: Reference::parse(self.reference.as_str())
                .map_err(|_| unreadable(&self.reference, "a reference"))?,
            claims: self
                .claims
                .iter()
                .map(ClaimRecord::read)
                .collect::<Result<_, _>>()?,
            weights: self.weights.clone(),
            agreement: self.agreement,
            total: amounts(&self.total)?,
            subtotal: amounts(&self.subtotal)?,
            tax,
            shipping: amounts(&self.shipping)?,
            discount: amounts(&self.discount)?,
            exchange: optional(self.exchange.as_ref(), ExchangeRecord::read)?,
            sale_type: self.sale_type.read(),
            interval: self.interval.map(IntervalRecord::read),
            country: optional(self.country.as_ref(), |code| country(code))?,
            occurred_at: times(&self.occurred_at_us)?,
            due_at: times(&self.due_at_us)?,
            amount_override: amounts(&self.commission)?,
            rate_override: optional(self.commission_percent.as_ref(), |percent| rate(percent))?,
            platform: optional(self.platform.as_ref(), |platform| {
                Platform::parse(platform.as_str()).map_err(|_| unreadable(platform, "a platform"))
            })?,
            shop: optional(self.store.as_ref(), |key| shop_key(key))?,
            customer: Customer {
                id: texts(&self.customer_id)?,
                email: texts(&self.customer_email)?,
                name: texts(&self.customer_name)?,
                visitor_id: texts(&self.visitor_id)?,
            },
            sub_id: texts(&self.sub_id)?,
            lines: self
                .lines
                .iter()
                .map(LineRecord::read)
                .collect::<Result<_, _>>()?,
            metadata: self.metadata.clone(),
        })
    }
}

impl LineRecord {
    fn of(line: &Line) -> Self {
        let (product, quantity) = (line.product.as_str().to_owned(), line.quantity);
        Self {
            product,
            price: line.price.as_ref().map(|price| price.as_str().to_owned()),
            quantity,
            amount: MoneyRecord::of(line.amount),
        }
    }

    fn read(&self) -> Result<Line, RecordError> {
        let (product, quantity) = (text(&self.product)?, self.quantity);
        Ok(Line {
            product,
            price: optional(self.price.as_ref(), |price| text(price))?,
            quantity,
            amount: self.amount.read()?,
        })
    }
}
