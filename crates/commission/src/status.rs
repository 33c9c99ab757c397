//! What becomes of a commission.

mod transition;

use std::fmt;

use time::OffsetDateTime;

pub use transition::{Change, TRANSITIONS, TransitionError};

use crate::Approval;

/// What has become of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Held; it becomes payable when its time comes.
    Pending {
        /// When (UTC; the first instant at which it is payable).
        until: OffsetDateTime,
    },
    /// It becomes payable when a person approves it, and its hold is over.
    AwaitingApproval {
        /// When its hold is over (UTC; the first instant at which it can be payable), if it has one.
        until: Option<OffsetDateTime>,
    },
    /// It can be paid.
    Payable,
    /// It is in a payout that is under way.
    InPayout,
    /// It was paid.
    Paid {
        /// Whether that was done outside of here.
        externally: bool,
    },
    /// It was refused.
    Declined,
    /// The sale was withdrawn.
    Cancelled,
    /// The sale was refunded in full.
    Refunded,
    /// The sale is disputed: nothing is paid until that is settled.
    Disputed {
        /// What it was before, and is again if the dispute is won.
        before: BeforeDispute,
    },
}

/// What a commission was before its sale was disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeforeDispute {
    /// It was held.
    Pending {
        /// Until when (UTC).
        until: OffsetDateTime,
    },
    /// It waited for a person.
    AwaitingApproval {
        /// When its hold is over (UTC), if it has one.
        until: Option<OffsetDateTime>,
    },
    /// It could be paid; also if it was in a payout, which goes on without it.
    Payable,
    /// It was paid.
    Paid {
        /// Whether that was done outside of here.
        externally: bool,
    },
}

/// A status without its details: what [`TRANSITIONS`] speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKind {
    /// [`Status::Pending`].
    Pending,
    /// [`Status::AwaitingApproval`].
    AwaitingApproval,
    /// [`Status::Payable`].
    Payable,
    /// [`Status::InPayout`].
    InPayout,
    /// [`Status::Paid`].
    Paid,
    /// [`Status::Declined`].
    Declined,
    /// [`Status::Cancelled`].
    Cancelled,
    /// [`Status::Refunded`].
    Refunded,
    /// [`Status::Disputed`].
    Disputed,
}

impl Status {
    /// The status of a new commission.
    ///
    /// One that a person has to approve waits for that; any other is held until `until` if that is
    /// after `now`, else payable.
    pub fn at_creation(
        approval: Approval,
        until: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Self {
        match (approval, until) {
            (Approval::ByPerson, until) => Self::AwaitingApproval { until },
            (Approval::Automatic, Some(until)) if until > now => Self::Pending { until },
            (Approval::Automatic, Some(_) | None) => Self::Payable,
        }
    }

    /// The same with a hold that ends at `until`, or with none: one that could be paid is held again
    /// if that is after `now`, one that was held can be paid if it is not.
    ///
    /// Nothing becomes of what is in a payout, was paid or was called off.
    ///
    /// Source: Growi, `due_at` of `PATCH /affiliate_sales/{id}`.
    pub fn held_until(self, until: Option<OffsetDateTime>, now: OffsetDateTime) -> Self {
        match self {
            Self::Pending { .. } | Self::Payable => {
                Self::at_creation(Approval::Automatic, until, now)
            }
            Self::AwaitingApproval { .. } => Self::AwaitingApproval { until },
            Self::Disputed { before } => Self::Disputed {
                before: before.held_until(until, now),
            },
            Self::InPayout
            | Self::Paid { .. }
            | Self::Declined
            | Self::Cancelled
            | Self::Refunded => self,
        }
    }

    /// The status without its details.
    pub fn kind(self) -> StatusKind {
        match self {
            Self::Pending { .. } => StatusKind::Pending,
            Self::AwaitingApproval { .. } => StatusKind::AwaitingApproval,
            Self::Payable => StatusKind::Payable,
            Self::InPayout => StatusKind::InPayout,
            Self::Paid { .. } => StatusKind::Paid,
            Self::Declined => StatusKind::Declined,
            Self::Cancelled => StatusKind::Cancelled,
            Self::Refunded => StatusKind::Refunded,
            Self::Disputed { .. } => StatusKind::Disputed,
        }
    }
}

impl BeforeDispute {
    fn held_until(self, until: Option<OffsetDateTime>, now: OffsetDateTime) -> Self {
        match (self, until) {
            (Self::Pending { .. } | Self::Payable, Some(until)) if until > now => {
                Self::Pending { until }
            }
            (Self::Pending { .. } | Self::Payable, Some(_) | None) => Self::Payable,
            (Self::AwaitingApproval { .. }, until) => Self::AwaitingApproval { until },
            (Self::Paid { externally }, _) => Self::Paid { externally },
        }
    }
}

impl From<BeforeDispute> for Status {
    /// What a commission is again when its dispute is won.
    fn from(before: BeforeDispute) -> Self {
        match before {
            BeforeDispute::Pending { until } => Self::Pending { until },
            BeforeDispute::AwaitingApproval { until } => Self::AwaitingApproval { until },
            BeforeDispute::Payable => Self::Payable,
            BeforeDispute::Paid { externally } => Self::Paid { externally },
        }
    }
}

impl StatusKind {
    /// Every status.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::AwaitingApproval,
        Self::Payable,
        Self::InPayout,
        Self::Paid,
        Self::Declined,
        Self::Cancelled,
        Self::Refunded,
        Self::Disputed,
    ];
}

impl fmt::Display for StatusKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pending => "pending",
            Self::AwaitingApproval => "awaiting approval",
            Self::Payable => "payable",
            Self::InPayout => "in a payout",
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
        })
    }
}
