//! What has become of a commission: its name in one column, its details in those next to it.

use accrual_commission::{BeforeDispute, Status, StatusKind};
use accrual_engine::{Stage, StoreError, micros};

use super::at;
use crate::error::corrupt;

/// A status as columns hold it; the details of one that is disputed are those it had before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatusColumns<'a> {
    pub(crate) status: &'a str,
    pub(crate) until_us: Option<i64>,
    pub(crate) paid_externally: bool,
    /// What it was before it was disputed.
    pub(crate) before_dispute: Option<&'a str>,
}

impl StatusColumns<'_> {
    pub(crate) fn of(status: Status) -> Self {
        let (until, paid_externally) = match status {
            Status::Pending { until } => (Some(until), false),
            Status::AwaitingApproval { until } => (until, false),
            Status::Paid { externally } => (None, externally),
            Status::Disputed { before } => {
                let before = Self::of(before.into());
                return Self {
                    status: status_kind(StatusKind::Disputed),
                    before_dispute: Some(before.status),
                    ..before
                };
            }
            Status::Payable
            | Status::InPayout
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded => (None, false),
        };
        Self {
            status: status_kind(status.kind()),
            until_us: until.map(micros),
            paid_externally,
            before_dispute: None,
        }
    }

    pub(crate) fn read(&self) -> Result<Status, StoreError> {
        let until = self.until_us.map(at).transpose()?;
        Ok(match parse_status_kind(self.status)? {
            StatusKind::Pending => Status::Pending {
                until: until.ok_or_else(|| corrupt("a pending commission has no date"))?,
            },
            StatusKind::AwaitingApproval => Status::AwaitingApproval { until },
            StatusKind::Payable => Status::Payable,
            StatusKind::InPayout => Status::InPayout,
            StatusKind::Paid => Status::Paid {
                externally: self.paid_externally,
            },
            StatusKind::Declined => Status::Declined,
            StatusKind::Cancelled => Status::Cancelled,
            StatusKind::Refunded => Status::Refunded,
            StatusKind::Disputed => Status::Disputed {
                before: self.before_dispute()?,
            },
        })
    }

    fn before_dispute(&self) -> Result<BeforeDispute, StoreError> {
        let name = self.before_dispute;
        let name = name.ok_or_else(|| corrupt("it is not known what a commission was before"))?;
        let before = Self {
            status: name,
            before_dispute: None,
            ..*self
        };
        Ok(match before.read()? {
            Status::Pending { until } => BeforeDispute::Pending { until },
            Status::AwaitingApproval { until } => BeforeDispute::AwaitingApproval { until },
            Status::Payable => BeforeDispute::Payable,
            Status::Paid { externally } => BeforeDispute::Paid { externally },
            Status::InPayout
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded
            | Status::Disputed { .. } => {
                return Err(corrupt(format!("what is {name} cannot be disputed")));
            }
        })
    }
}

pub(crate) fn status_kind(kind: StatusKind) -> &'static str {
    match kind {
        StatusKind::Pending => "pending",
        StatusKind::AwaitingApproval => "awaiting_approval",
        StatusKind::Payable => "payable",
        StatusKind::InPayout => "in_payout",
        StatusKind::Paid => "paid",
        StatusKind::Declined => "declined",
        StatusKind::Cancelled => "cancelled",
        StatusKind::Refunded => "refunded",
        StatusKind::Disputed => "disputed",
    }
}

pub(crate) fn parse_status_kind(name: &str) -> Result<StatusKind, StoreError> {
    StatusKind::ALL
        .into_iter()
        .find(|kind| status_kind(*kind) == name)
        .ok_or_else(|| corrupt(format!("{name} is not a status")))
}

/// Payable, where there was a time to wait for, as columns hold it.
const DUE: &str = "due";

pub(crate) fn stage(stage: Stage) -> &'static str {
    if stage.is_due {
        return DUE;
    }
    status_kind(stage.status)
}

pub(crate) fn parse_stage(name: &str) -> Result<Stage, StoreError> {
    let is_due = name == DUE;
    let status = if is_due {
        StatusKind::Payable
    } else {
        parse_status_kind(name)?
    };
    Ok(Stage { status, is_due })
}
