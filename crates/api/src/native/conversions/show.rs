//! A conversion, as it is shown.

mod commission;

use accrual_commission::Tax;
use accrual_engine::{Facts, Line, Recorded, Text};
use poem_openapi::Object;
use serde::Serialize;

use super::{amounts::ExchangeView, claims::ClaimView};
use crate::{
    native::{
        view::{code, decimal, iso, percent},
        word::{IntervalWord, SaleTypeWord},
    },
    wire::Word,
};
pub(in crate::native) use commission::CommissionView;

/// A sale that was reported, and what it earns whom.
#[derive(Object, Serialize)]
#[oai(rename = "Conversion")]
pub(super) struct ConversionView {
    /// Its number.
    id: i64,
    /// The space that the reference is unique in.
    source: String,
    /// Your own id of the sale.
    reference: String,
    /// ISO 4217 code of the sale's amounts.
    currency: String,
    /// What the customer paid.
    #[oai(nullable)]
    total: Option<String>,
    /// The same before shipping and tax.
    #[oai(nullable)]
    subtotal: Option<String>,
    /// The tax in it.
    #[oai(nullable)]
    tax: Option<String>,
    /// The percentage at which the price includes tax.
    #[oai(nullable)]
    tax_percent_included: Option<String>,
    /// What shipping cost.
    #[oai(nullable)]
    shipping: Option<String>,
    /// What was taken off the price.
    #[oai(nullable)]
    discount: Option<String>,
    /// What of it the customer was given back.
    refunded: String,
    /// What of it the customer's bank took back.
    charged_back: String,
    /// What the sale's currency is worth in the program's.
    #[oai(nullable)]
    exchange: Option<ExchangeView>,
    /// Whether it stands alone or renews.
    sale_type: SaleTypeWord,
    /// How often it is paid for.
    #[oai(nullable)]
    interval: Option<IntervalWord>,
    /// Where the customer is.
    #[oai(nullable)]
    country: Option<String>,
    /// When it took place.
    occurred_at: String,
    /// When its commission becomes payable, as far as the report said.
    #[oai(nullable)]
    due_at: Option<String>,
    /// When it was recorded.
    recorded_at: String,
    /// Who is said to have sent the customer.
    claims: Vec<ClaimView>,
    /// Whether all claims that lead to an enrollment had to lead to the same one.
    agreement: bool,
    /// The commission, if the report or a later change has set it.
    #[oai(nullable)]
    commission: Option<String>,
    /// ISO 4217 code of `commission`.
    #[oai(nullable)]
    commission_currency: Option<String>,
    /// The commission's share of the base, if the report has set it.
    #[oai(nullable)]
    commission_percent: Option<String>,
    /// Who bought.
    customer: CustomerView,
    /// Where it was made.
    #[oai(nullable)]
    platform: Option<String>,
    /// The store there: the platform's id of it.
    #[oai(nullable)]
    store: Option<String>,
    /// Your own label.
    #[oai(nullable)]
    sub_id: Option<String>,
    /// What was bought.
    lines: Vec<LineView>,
    /// Whatever else you wanted kept.
    metadata: serde_json::Value,
    /// What it earns whom.
    commissions: Vec<CommissionView>,
}

/// Who bought.
#[derive(Object, Serialize)]
#[oai(rename = "Customer")]
struct CustomerView {
    /// Your own id of the customer.
    #[oai(nullable)]
    id: Option<String>,
    /// The customer's e-mail address.
    #[oai(nullable)]
    email: Option<String>,
    /// The customer's name.
    #[oai(nullable)]
    name: Option<String>,
    /// Your id of the visit that the customer came by.
    #[oai(nullable)]
    visitor_id: Option<String>,
}

/// One line of a sale.
#[derive(Object, Serialize)]
#[oai(rename = "Line")]
struct LineView {
    /// Your own id of the product.
    product: String,
    /// Your own id of the price.
    #[oai(nullable)]
    price: Option<String>,
    /// How many were bought.
    quantity: u32,
    /// What they cost together.
    amount: String,
}

impl ConversionView {
    pub(super) fn of(recorded: &Recorded) -> Self {
        let (conversion, facts) = (&recorded.conversion, recorded.conversion.current());
        let (tax, tax_rate) = match facts.tax {
            Some(Tax::Amount(amount)) => (Some(amount), None),
            Some(Tax::IncludedAt(rate)) => (None, Some(rate)),
            None => (None, None),
        };
        let commissions = recorded.commissions.iter();
        Self {
            id: conversion.id.number(),
            source: facts.source.as_str().to_owned(),
            reference: facts.reference.as_str().to_owned(),
            currency: code(conversion.refunded),
            total: facts.total.map(decimal),
            subtotal: facts.subtotal.map(decimal),
            tax: tax.map(decimal),
            tax_percent_included: tax_rate.map(percent),
            shipping: facts.shipping.map(decimal),
            discount: facts.discount.map(decimal),
            refunded: decimal(conversion.refunded),
            charged_back: decimal(conversion.charged_back),
            exchange: facts.exchange.as_ref().map(ExchangeView::of),
            sale_type: SaleTypeWord::of(facts.sale_type),
            interval: facts.interval.map(IntervalWord::of),
            country: facts.country.map(|country| country.as_str().to_owned()),
            occurred_at: iso(conversion.occurred_at),
            due_at: facts.due_at.map(iso),
            recorded_at: iso(conversion.recorded_at),
            claims: ClaimView::all(&facts.claims, &facts.weights),
            agreement: facts.agreement,
            commission: facts.amount_override.map(decimal),
            commission_currency: facts.amount_override.map(code),
            commission_percent: facts.rate_override.map(percent),
            customer: CustomerView::of(facts),
            platform: facts.platform.as_ref().map(ToString::to_string),
            store: facts.shop.as_ref().map(ToString::to_string),
            sub_id: facts.sub_id.as_ref().map(owned),
            lines: facts.lines.iter().map(LineView::of).collect(),
            metadata: facts.metadata.clone().into(),
            commissions: commissions.map(CommissionView::of).collect(),
        }
    }
}

impl CustomerView {
    fn of(facts: &Facts) -> Self {
        let customer = &facts.customer;
        Self {
            id: customer.id.as_ref().map(owned),
            email: customer.email.as_ref().map(owned),
            name: customer.name.as_ref().map(owned),
            visitor_id: customer.visitor_id.as_ref().map(owned),
        }
    }
}

impl LineView {
    fn of(line: &Line) -> Self {
        Self {
            product: owned(&line.product),
            price: line.price.as_ref().map(owned),
            quantity: line.quantity,
            amount: decimal(line.amount),
        }
    }
}

fn owned(text: &Text) -> String {
    text.as_str().to_owned()
}
