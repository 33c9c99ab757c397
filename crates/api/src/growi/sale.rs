//! A sale, as Growi shows it.

use accrual_commission::StatusKind;
use accrual_engine::{ListedSale, Outcome, Recorded, Replay, Stage};
use accrual_money::{Currency, Money};
use poem_openapi::{Enum, Object};
use serde::Serialize;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::failure::Failure;

/// One sale.
#[derive(Object, Serialize)]
#[oai(rename = "AffiliateSaleResponse")]
pub(super) struct SaleEnvelope {
    /// The sale.
    data: Sale,
}

/// A sale that an affiliate has sent.
#[derive(Object, Serialize)]
#[oai(rename = "AffiliateSale")]
pub(super) struct Sale {
    /// The sale's number.
    id: i64,
    /// Your own id of the order.
    external_id: String,
    /// Where it was made: `website`, if nothing else was said.
    platform: String,
    /// What has become of its commission.
    status: StatusWord,
    /// When it took place: ISO 8601, UTC, with milliseconds.
    occurred_at: String,
    /// What the customer paid, in the smallest unit of the currency.
    total: i64,
    /// What the affiliate earns, in the smallest unit of `commission_currency`, or of `currency` where
    /// that is absent.
    commission: i64,
    /// ISO 4217 code in lower case.
    currency: String,
    /// The same of the commission, where it is another: the sale was reported with an exchange rate.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_currency: Option<String>,
    /// Your own label of the sale.
    #[oai(nullable)]
    sub_id: Option<String>,
}

impl SaleEnvelope {
    pub(super) fn of(outcome: &Outcome) -> Result<Self, Failure> {
        match outcome {
            Outcome::Conversion(recorded) => Ok(Self {
                data: Sale::of(recorded)?,
            }),
            Outcome::Program(_)
            | Outcome::Affiliate(_)
            | Outcome::Enrollment(_)
            | Outcome::PromoCode(_)
            | Outcome::Referral(_)
            | Outcome::Shop(_)
            | Outcome::Matured(_) => {
                tracing::error!("a report came to something other than a conversion");
                Err(Failure::internal())
            }
        }
    }
}

impl Sale {
    /// As lists show it: there it is said whether a commission is due.
    pub(super) fn listed(sale: &ListedSale) -> Result<Self, Failure> {
        let status = match sale.stage {
            Stage { is_due: true, .. } => StatusWord::Due,
            Stage { status, .. } => self::status(status),
        };
        Ok(Self {
            id: sale.id.number(),
            external_id: sale.reference.as_str().to_owned(),
            platform: sale.channel.platform().to_owned(),
            status,
            occurred_at: milliseconds(sale.occurred_at)?,
            total: sale.amount.minor(),
            commission: sale.commission.minor(),
            currency: lower_case(sale.amount.currency()),
            commission_currency: other_currency(sale.commission, sale.amount),
            sub_id: sale.sub_id.as_ref().map(|text| text.as_str().to_owned()),
        })
    }

    fn of(recorded: &Recorded) -> Result<Self, Failure> {
        let (conversion, facts) = (&recorded.conversion, recorded.conversion.current());
        let commission = recorded.commissions.first().ok_or_else(Failure::internal)?;
        let total = facts.amount().ok_or_else(Failure::internal)?;
        Ok(Self {
            id: conversion.id.number(),
            external_id: facts.reference.as_str().to_owned(),
            platform: facts.channel().platform().to_owned(),
            status: status(commission.status.kind()),
            occurred_at: milliseconds(conversion.occurred_at)?,
            total: total.minor(),
            commission: commission.amount.minor(),
            currency: lower_case(total.currency()),
            commission_currency: other_currency(commission.amount, total),
            sub_id: facts.sub_id.as_ref().map(|text| text.as_str().to_owned()),
        })
    }
}

/// Growi's words for a status, as they stand in `POST` and `GET`.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "AffiliateSaleStatus", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    /// The commission is not paid yet.
    Unpaid,
    /// The commission can be paid, and there was a time to wait for: lists say so.
    Due,
    /// The commission was paid.
    Paid,
    /// The sale was cancelled, or its commission declined.
    Canceled,
    /// The sale was refunded.
    Refunded,
}

fn status(status: StatusKind) -> StatusWord {
    match status {
        StatusKind::Pending
        | StatusKind::AwaitingApproval
        | StatusKind::Payable
        | StatusKind::InPayout
        | StatusKind::Disputed => StatusWord::Unpaid,
        StatusKind::Paid => StatusWord::Paid,
        StatusKind::Declined | StatusKind::Cancelled => StatusWord::Canceled,
        StatusKind::Refunded => StatusWord::Refunded,
    }
}

/// The currency of a commission, where the sale is in another one.
fn other_currency(commission: Money, sale: Money) -> Option<String> {
    let currency = commission.currency();
    (currency != sale.currency()).then(|| lower_case(currency))
}

/// What the replay header says.
pub(super) fn replay_word(replay: &Replay) -> Option<String> {
    match replay {
        Replay::No => None,
        Replay::Same => Some("same".to_owned()),
        Replay::Differs(_) => Some("differs".to_owned()),
    }
}

pub(super) fn lower_case(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

pub(super) fn milliseconds(time: OffsetDateTime) -> Result<String, Failure> {
    const FORMAT: &[BorrowedFormatItem<'static>] =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    time.format(FORMAT).map_err(|_| Failure::internal())
}
