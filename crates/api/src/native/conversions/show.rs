//! A conversion, as it is shown.

use accrual_attribution::Claim;
use accrual_commission::Status;
use accrual_engine::{Commission, Facts, Line, Recorded, Text};
use poem_openapi::Object;
use serde::Serialize;

use crate::native::view::{SaleTypeWord, StatusWord, decimal, iso};

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
    /// ISO 4217 code of all amounts.
    currency: String,
    /// What the customer paid.
    #[oai(nullable)]
    total: Option<String>,
    /// The same before shipping and tax.
    #[oai(nullable)]
    subtotal: Option<String>,
    /// Whether it stands alone or renews.
    sale_type: SaleTypeWord,
    /// When it took place.
    occurred_at: String,
    /// When it was recorded.
    recorded_at: String,
    /// Who is said to have sent the customer.
    claims: Vec<ClaimView>,
    /// Who bought.
    customer: CustomerView,
    /// Where it was made.
    #[oai(nullable)]
    platform: Option<String>,
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

/// A claim: `tag`, or `affiliate_id` and `program_id`.
#[derive(Object, Serialize)]
#[oai(rename = "Claim", skip_serializing_if_is_none)]
pub(in crate::native) struct ClaimView {
    /// A tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    /// An affiliate's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate_id: Option<i64>,
    /// A program's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    program_id: Option<i64>,
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
    /// How many were bought.
    quantity: u32,
    /// What they cost together.
    amount: String,
}

/// What one enrollment earns from a conversion.
#[derive(Object, Serialize)]
#[oai(rename = "Commission")]
struct CommissionView {
    /// Its place among the conversion's commissions, counted from 1.
    position: u16,
    /// The enrollment's number.
    enrollment_id: i64,
    /// The affiliate's number.
    affiliate_id: i64,
    /// The program's number.
    program_id: i64,
    /// The version of the program's terms that it was decided under.
    terms_version: u32,
    /// How much, in the sale's currency.
    amount: String,
    /// What has become of it.
    status: StatusWord,
    /// When a pending one becomes payable.
    #[oai(nullable)]
    payable_at: Option<String>,
}

impl ConversionView {
    pub(super) fn of(recorded: &Recorded) -> Self {
        let (conversion, facts) = (&recorded.conversion, &recorded.conversion.facts);
        Self {
            id: conversion.id.number(),
            source: facts.source.as_str().to_owned(),
            reference: facts.reference.as_str().to_owned(),
            currency: facts
                .currency()
                .map_or("", |currency| currency.code())
                .to_owned(),
            total: facts.total.map(decimal),
            subtotal: facts.subtotal.map(decimal),
            sale_type: SaleTypeWord::of(facts.sale_type),
            occurred_at: iso(conversion.occurred_at),
            recorded_at: iso(conversion.recorded_at),
            claims: facts.claims.iter().map(ClaimView::of).collect(),
            customer: CustomerView::of(facts),
            platform: facts.platform.as_ref().map(owned),
            sub_id: facts.sub_id.as_ref().map(owned),
            lines: facts.lines.iter().map(LineView::of).collect(),
            metadata: facts.metadata.clone().into(),
            commissions: recorded
                .commissions
                .iter()
                .map(CommissionView::of)
                .collect(),
        }
    }
}

impl ClaimView {
    pub(in crate::native) fn of(claim: &Claim) -> Self {
        match claim {
            Claim::Tag(tag) => Self {
                tag: Some(tag.as_str().to_owned()),
                affiliate_id: None,
                program_id: None,
            },
            Claim::Membership { affiliate, program } => Self {
                tag: None,
                affiliate_id: Some(affiliate.number()),
                program_id: Some(program.number()),
            },
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
        let (product, quantity) = (owned(&line.product), line.quantity);
        Self {
            product,
            quantity,
            amount: decimal(line.amount),
        }
    }
}

impl CommissionView {
    fn of(commission: &Commission) -> Self {
        let credit = &commission.credit;
        let payable_at = match commission.status {
            Status::Pending { until } => Some(iso(until)),
            Status::AwaitingApproval
            | Status::Payable
            | Status::InPayout
            | Status::Paid { .. }
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded
            | Status::Disputed => None,
        };
        Self {
            position: commission.position,
            enrollment_id: credit.enrollment.number(),
            affiliate_id: credit.affiliate.number(),
            program_id: credit.program.number(),
            terms_version: commission.terms_version.number(),
            amount: decimal(commission.amount),
            status: StatusWord::of(commission.status.kind()),
            payable_at,
        }
    }
}

fn owned(text: &Text) -> String {
    text.as_str().to_owned()
}
