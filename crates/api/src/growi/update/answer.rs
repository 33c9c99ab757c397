//! What an update is answered.

use accrual_commission::Status;
use accrual_engine::Recorded;
use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::super::{
    failure::Failure,
    sale::{lower_case, milliseconds},
};

/// One sale that was updated.
#[derive(Object, Serialize)]
#[oai(rename = "UpdatedAffiliateSaleResponse")]
pub(super) struct UpdatedEnvelope {
    /// The sale.
    data: UpdatedSale,
}

/// A sale that was updated.
#[derive(Object, Serialize)]
#[oai(rename = "UpdatedAffiliateSale")]
struct UpdatedSale {
    /// The sale's number.
    id: i64,
    /// Your own id of the order.
    external_id: String,
    /// Where it was made: `website`.
    platform: String,
    /// What has become of its commission.
    status: UpdatedStatus,
    /// When it took place: ISO 8601, UTC, with milliseconds.
    occurred_at: String,
    /// What the customer paid, in the smallest unit of the currency.
    total: i64,
    /// What the affiliate earns, in the smallest unit of the currency.
    commission: i64,
    /// ISO 4217 code in lower case.
    currency: String,
    /// Your own label of the sale.
    #[oai(nullable)]
    sub_id: Option<String>,
}

/// Growi's words for a status, as they stand in `PATCH` alone.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Serialize)]
#[oai(rename = "UpdatedAffiliateSaleStatus", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum UpdatedStatus {
    /// The commission is not paid yet.
    Unpaid,
    /// The commission was paid.
    Paid,
    /// The commission was paid elsewhere.
    PaidExternally,
    /// The sale was cancelled, or its commission declined.
    Cancelled,
    /// The sale was refunded.
    Refunded,
}

/// Whether Growi's clients see the sale as cancelled.
pub(super) fn is_cancelled(recorded: &Recorded) -> bool {
    let first = recorded.commissions.first();
    first.is_some_and(|first| status(first.status) == UpdatedStatus::Cancelled)
}

fn status(status: Status) -> UpdatedStatus {
    match status {
        Status::Pending { .. }
        | Status::AwaitingApproval { .. }
        | Status::Payable
        | Status::InPayout
        | Status::Disputed { .. } => UpdatedStatus::Unpaid,
        Status::Paid { externally: false } => UpdatedStatus::Paid,
        Status::Paid { externally: true } => UpdatedStatus::PaidExternally,
        Status::Declined | Status::Cancelled => UpdatedStatus::Cancelled,
        Status::Refunded => UpdatedStatus::Refunded,
    }
}

impl UpdatedEnvelope {
    pub(super) fn of(recorded: &Recorded) -> Result<Self, Failure> {
        let (conversion, facts) = (&recorded.conversion, recorded.conversion.current());
        let commission = recorded.commissions.first().ok_or_else(Failure::internal)?;
        let total = facts.amount().ok_or_else(Failure::internal)?;
        let data = UpdatedSale {
            id: conversion.id.number(),
            external_id: facts.reference.as_str().to_owned(),
            platform: facts.channel().platform().to_owned(),
            status: status(commission.status),
            occurred_at: milliseconds(conversion.occurred_at)?,
            total: total.minor(),
            commission: commission.amount.minor(),
            currency: lower_case(total.currency()),
            sub_id: facts.sub_id.as_ref().map(|text| text.as_str().to_owned()),
        };
        Ok(Self { data })
    }
}
