//! What becomes of a commission.

use std::fmt;

use time::OffsetDateTime;

/// What has become of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Held; it becomes payable when its time comes.
    Pending {
        /// When (UTC; the first instant at which it is payable).
        until: OffsetDateTime,
    },
    /// It becomes payable when a person approves it.
    AwaitingApproval,
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
    Disputed,
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

/// What can happen to a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Its time has come.
    Mature,
    /// A person approves it.
    Approve,
    /// A person refuses it.
    Decline,
    /// It is put into a payout.
    StartPayout,
    /// Its payout came to nothing.
    AbandonPayout,
    /// It was paid, here.
    Pay,
    /// It was paid, elsewhere.
    PayExternally,
    /// The payment did not take place after all.
    Unpay,
    /// The sale was withdrawn.
    Cancel,
    /// The sale was refunded in full.
    Refund,
    /// The sale is disputed.
    Dispute,
    /// The dispute was settled for the merchant.
    WinDispute,
    /// The dispute was settled for the customer.
    LoseDispute,
}

/// Every change that is allowed: from which status, by what, to which. What is not here is not.
///
/// Source: the statuses of Growi (`PATCH /affiliate_sales/{id}`) and Affonso (2.6 of its pages).
pub const TRANSITIONS: &[(StatusKind, Change, StatusKind)] = {
    use Change as C;
    use StatusKind as S;
    &[
        (S::Pending, C::Mature, S::Payable),
        (S::Pending, C::Approve, S::Payable),
        (S::Pending, C::Decline, S::Declined),
        (S::Pending, C::PayExternally, S::Paid),
        (S::Pending, C::Cancel, S::Cancelled),
        (S::Pending, C::Refund, S::Refunded),
        (S::Pending, C::Dispute, S::Disputed),
        (S::AwaitingApproval, C::Approve, S::Payable),
        (S::AwaitingApproval, C::Decline, S::Declined),
        (S::AwaitingApproval, C::Cancel, S::Cancelled),
        (S::AwaitingApproval, C::Refund, S::Refunded),
        (S::AwaitingApproval, C::Dispute, S::Disputed),
        (S::Payable, C::StartPayout, S::InPayout),
        (S::Payable, C::Decline, S::Declined),
        (S::Payable, C::Pay, S::Paid),
        (S::Payable, C::PayExternally, S::Paid),
        (S::Payable, C::Cancel, S::Cancelled),
        (S::Payable, C::Refund, S::Refunded),
        (S::Payable, C::Dispute, S::Disputed),
        (S::InPayout, C::AbandonPayout, S::Payable),
        (S::InPayout, C::Pay, S::Paid),
        (S::InPayout, C::Refund, S::Refunded),
        (S::InPayout, C::Dispute, S::Disputed),
        (S::Paid, C::Unpay, S::Payable),
        (S::Disputed, C::WinDispute, S::Payable),
        (S::Disputed, C::LoseDispute, S::Refunded),
        (S::Disputed, C::Decline, S::Declined),
        (S::Disputed, C::Cancel, S::Cancelled),
        (S::Disputed, C::Refund, S::Refunded),
    ]
};

/// A change that is not among [`TRANSITIONS`], or comes before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// The table has no such change.
    #[error("a commission that is {from} cannot {change}")]
    NotAllowed {
        /// The status that it has.
        from: StatusKind,
        /// What was asked.
        change: Change,
    },
    /// It is held for longer.
    #[error("the commission is held until {until}")]
    NotYet {
        /// The first instant at which it is payable (UTC).
        until: OffsetDateTime,
    },
}

impl Status {
    /// The status of a new commission: held until `until` if that is after `now`, else payable.
    pub fn at_creation(until: Option<OffsetDateTime>, now: OffsetDateTime) -> Self {
        match until {
            Some(until) if until > now => Self::Pending { until },
            _ => Self::Payable,
        }
    }

    /// The status without its details.
    pub fn kind(self) -> StatusKind {
        match self {
            Self::Pending { .. } => StatusKind::Pending,
            Self::AwaitingApproval => StatusKind::AwaitingApproval,
            Self::Payable => StatusKind::Payable,
            Self::InPayout => StatusKind::InPayout,
            Self::Paid { .. } => StatusKind::Paid,
            Self::Declined => StatusKind::Declined,
            Self::Cancelled => StatusKind::Cancelled,
            Self::Refunded => StatusKind::Refunded,
            Self::Disputed => StatusKind::Disputed,
        }
    }

    /// The status after `change` at `now`.
    ///
    /// # Errors
    /// [`TransitionError::NotAllowed`] if [`TRANSITIONS`] has no such change,
    /// [`TransitionError::NotYet`] if it would mature before its time.
    pub fn after(self, change: Change, now: OffsetDateTime) -> Result<Self, TransitionError> {
        let from = self.kind();
        let to = TRANSITIONS
            .iter()
            .find(|(start, by, _)| *start == from && *by == change)
            .map(|(_, _, to)| *to)
            .ok_or(TransitionError::NotAllowed { from, change })?;
        match (self, change) {
            (Self::Pending { until }, Change::Mature) if until > now => {
                return Err(TransitionError::NotYet { until });
            }
            _ => {}
        }
        Ok(match to {
            StatusKind::Paid => Self::Paid {
                externally: change == Change::PayExternally,
            },
            StatusKind::AwaitingApproval => Self::AwaitingApproval,
            StatusKind::Payable => Self::Payable,
            StatusKind::InPayout => Self::InPayout,
            StatusKind::Declined => Self::Declined,
            StatusKind::Cancelled => Self::Cancelled,
            StatusKind::Refunded => Self::Refunded,
            StatusKind::Disputed => Self::Disputed,
            // The table never leads back here, there is no date for it: a test says so.
            StatusKind::Pending => self,
        })
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

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mature => "mature",
            Self::Approve => "be approved",
            Self::Decline => "be declined",
            Self::StartPayout => "be put into a payout",
            Self::AbandonPayout => "leave a payout",
            Self::Pay | Self::PayExternally => "be paid",
            Self::Unpay => "be unpaid",
            Self::Cancel => "be cancelled",
            Self::Refund => "be refunded",
            Self::Dispute => "be disputed",
            Self::WinDispute => "win its dispute",
            Self::LoseDispute => "lose its dispute",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_never_leads_to_pending() {
        assert!(
            TRANSITIONS
                .iter()
                .all(|(_, _, to)| *to != StatusKind::Pending)
        );
    }

    #[test]
    fn the_table_names_each_change_of_a_status_once() {
        for (index, (from, change, _)) in TRANSITIONS.iter().enumerate() {
            let same =
                |(other, by, _): &&(StatusKind, Change, StatusKind)| other == from && by == change;
            assert_eq!(
                TRANSITIONS[index..].iter().filter(same).count(),
                1,
                "{from} {change}"
            );
        }
    }

    #[test]
    fn a_held_commission_matures_when_its_time_has_come_and_not_before() {
        let until = OffsetDateTime::UNIX_EPOCH + time::Duration::days(30);
        let second = time::Duration::seconds(1);
        let held = Status::at_creation(Some(until), OffsetDateTime::UNIX_EPOCH);

        assert_eq!(
            held.after(Change::Mature, until - second),
            Err(TransitionError::NotYet { until })
        );
        assert_eq!(held.after(Change::Mature, until), Ok(Status::Payable));
    }

    #[test]
    fn what_is_cancelled_stays_so() {
        let now = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(
            Status::Cancelled
                .after(Change::Pay, now)
                .unwrap_err()
                .to_string(),
            "a commission that is cancelled cannot be paid"
        );
    }
}
