//! A commission, as it is shown.

use accrual_attribution::ReferralId;
use accrual_commission::{BeforeDispute, Status};
use accrual_engine::{Commission, EarnedBy};
use poem_openapi::{Enum, Object};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    native::{
        view::{code, decimal, iso},
        word::StatusWord,
    },
    wire::Word,
};

/// What one enrollment earns from a conversion.
#[derive(Object, Serialize)]
#[oai(rename = "Commission")]
pub(in crate::native) struct CommissionView {
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
    /// For what it is earned.
    earned_by: EarnedByWord,
    /// How far above the seller, with `level`: 1 is whoever recruited the seller.
    #[oai(nullable)]
    level: Option<u8>,
    /// The referral that it counts for, where the program remembers customers.
    #[oai(nullable)]
    referral_id: Option<i64>,
    /// ISO 4217 code of its amounts: the program's if the report brought an exchange rate, else the
    /// sale's.
    currency: String,
    /// The base of the sale; where the commission is split, its part of the base.
    base: String,
    /// How much it is now, of what is left of the sale.
    amount: String,
    /// What of it was paid to the affiliate; more than `amount` if something is owed back.
    paid_out: String,
    /// What has become of it.
    status: StatusWord,
    /// What it was before its sale was disputed, and is again if the dispute is won.
    #[oai(nullable)]
    status_before_dispute: Option<StatusWord>,
    /// When its hold is over: a pending one is payable then.
    #[oai(nullable)]
    payable_at: Option<String>,
    /// When its hold was or will be over, where the report or the terms said so: one that is payable
    /// since then is due.
    #[oai(nullable)]
    due_at: Option<String>,
    /// Whether a paid one was paid outside of here.
    paid_externally: bool,
}

/// For what a commission is earned.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "EarnedBy", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum EarnedByWord {
    /// Sending the customer.
    Sale,
    /// Having recruited whoever did.
    Level,
}

impl CommissionView {
    pub(in crate::native) fn of(commission: &Commission) -> Self {
        let credit = &commission.credit;
        let (earned_by, level) = match commission.earned_by {
            EarnedBy::Sale => (EarnedByWord::Sale, None),
            EarnedBy::Level(level) => (EarnedByWord::Level, Some(level)),
        };
        let before = match commission.status {
            Status::Disputed { before } => Some(Status::from(before)),
            Status::Pending { .. }
            | Status::AwaitingApproval { .. }
            | Status::Payable
            | Status::InPayout
            | Status::Paid { .. }
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded => None,
        };
        Self {
            position: commission.position,
            enrollment_id: credit.enrollment.number(),
            affiliate_id: credit.affiliate.number(),
            program_id: credit.program.number(),
            terms_version: commission.terms_version.number(),
            earned_by,
            level,
            referral_id: commission.referral.map(ReferralId::number),
            currency: code(commission.amount),
            base: decimal(commission.earning.base),
            amount: decimal(commission.amount),
            paid_out: decimal(commission.paid_out),
            status: StatusWord::of(commission.status.kind()),
            status_before_dispute: before.map(|status| StatusWord::of(status.kind())),
            payable_at: held_until(commission.status).map(iso),
            due_at: commission.due_at.map(iso),
            paid_externally: is_paid_externally(commission.status),
        }
    }
}

fn held_until(status: Status) -> Option<OffsetDateTime> {
    match status {
        Status::Pending { until } => Some(until),
        Status::AwaitingApproval { until } => until,
        Status::Disputed { before } => match before {
            BeforeDispute::Pending { until } => Some(until),
            BeforeDispute::AwaitingApproval { until } => until,
            BeforeDispute::Payable | BeforeDispute::Paid { .. } => None,
        },
        Status::Payable
        | Status::InPayout
        | Status::Paid { .. }
        | Status::Declined
        | Status::Cancelled
        | Status::Refunded => None,
    }
}

fn is_paid_externally(status: Status) -> bool {
    match status {
        Status::Paid { externally } => externally,
        Status::Pending { .. }
        | Status::AwaitingApproval { .. }
        | Status::Payable
        | Status::InPayout
        | Status::Declined
        | Status::Cancelled
        | Status::Refunded
        | Status::Disputed { .. } => false,
    }
}
