//! How a commission gets from one status to another.

use std::fmt;

use time::OffsetDateTime;

use super::{BeforeDispute, Status, StatusKind};
use crate::Approval;

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
/// Where a change of a status has several rows, it depends on the commission: who is approved is
/// still held or not, who wins a dispute is what it was before.
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
        (S::AwaitingApproval, C::Approve, S::Pending),
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
        (S::Paid, C::Pay, S::Paid),
        (S::Paid, C::Unpay, S::Payable),
        (S::Paid, C::Decline, S::Declined),
        (S::Paid, C::Cancel, S::Cancelled),
        (S::Paid, C::Refund, S::Refunded),
        (S::Paid, C::Dispute, S::Disputed),
        (S::Disputed, C::WinDispute, S::Pending),
        (S::Disputed, C::WinDispute, S::AwaitingApproval),
        (S::Disputed, C::WinDispute, S::Payable),
        (S::Disputed, C::WinDispute, S::Paid),
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
    /// The status after `change` at `now`.
    ///
    /// # Errors
    /// [`TransitionError::NotAllowed`] if [`TRANSITIONS`] has no such change,
    /// [`TransitionError::NotYet`] if it would mature before its time.
    pub fn after(self, change: Change, now: OffsetDateTime) -> Result<Self, TransitionError> {
        let from = self.kind();
        let not_allowed = TransitionError::NotAllowed { from, change };
        if !TRANSITIONS
            .iter()
            .any(|(start, by, _)| *start == from && *by == change)
        {
            return Err(not_allowed);
        }
        match change {
            Change::Mature => match self {
                Self::Pending { until } if until > now => Err(TransitionError::NotYet { until }),
                _ => Ok(Self::Payable),
            },
            Change::Approve => Ok(match self {
                Self::AwaitingApproval { until } => {
                    Self::at_creation(Approval::Automatic, until, now)
                }
                _ => Self::Payable,
            }),
            Change::Decline => Ok(Self::Declined),
            Change::StartPayout => Ok(Self::InPayout),
            Change::AbandonPayout | Change::Unpay => Ok(Self::Payable),
            Change::Pay => Ok(Self::Paid { externally: false }),
            Change::PayExternally => Ok(Self::Paid { externally: true }),
            Change::Cancel => Ok(Self::Cancelled),
            Change::Refund | Change::LoseDispute => Ok(Self::Refunded),
            Change::Dispute => {
                let before = self.before_dispute().ok_or(not_allowed)?;
                Ok(Self::Disputed { before })
            }
            Change::WinDispute => match self {
                Self::Disputed { before } => Ok(before.into()),
                _ => Err(not_allowed),
            },
        }
    }

    /// What is kept of it while the sale is disputed; `None` if that cannot be.
    fn before_dispute(self) -> Option<BeforeDispute> {
        match self {
            Self::Pending { until } => Some(BeforeDispute::Pending { until }),
            Self::AwaitingApproval { until } => Some(BeforeDispute::AwaitingApproval { until }),
            // The payout goes on without it.
            Self::Payable | Self::InPayout => Some(BeforeDispute::Payable),
            Self::Paid { externally } => Some(BeforeDispute::Paid { externally }),
            Self::Declined | Self::Cancelled | Self::Refunded | Self::Disputed { .. } => None,
        }
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

    const EARLY: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const UNTIL: OffsetDateTime = EARLY.saturating_add(time::Duration::days(30));

    #[test]
    fn the_table_names_nothing_twice() {
        for (index, row) in TRANSITIONS.iter().enumerate() {
            assert!(!TRANSITIONS[index + 1..].contains(row), "{row:?}");
        }
    }

    #[test]
    fn a_held_commission_matures_when_its_time_has_come_and_not_before() {
        let second = time::Duration::seconds(1);
        let held = Status::Pending { until: UNTIL };

        assert_eq!(
            held.after(Change::Mature, UNTIL - second),
            Err(TransitionError::NotYet { until: UNTIL })
        );
        assert_eq!(held.after(Change::Mature, UNTIL), Ok(Status::Payable));
    }

    #[test]
    fn what_is_approved_is_held_until_its_time_has_come() {
        let until = Some(UNTIL);
        let waiting = Status::AwaitingApproval { until };
        let held = Status::Pending { until: UNTIL };
        assert_eq!(waiting.after(Change::Approve, EARLY), Ok(held));
        assert_eq!(waiting.after(Change::Approve, UNTIL), Ok(Status::Payable));
        let unheld = Status::AwaitingApproval { until: None };
        assert_eq!(unheld.after(Change::Approve, EARLY), Ok(Status::Payable));
    }

    #[test]
    fn who_wins_a_dispute_is_what_it_was_before() {
        for (before, restored) in [
            (
                Status::Pending { until: UNTIL },
                Status::Pending { until: UNTIL },
            ),
            (Status::Payable, Status::Payable),
            (Status::InPayout, Status::Payable),
            (
                Status::Paid { externally: true },
                Status::Paid { externally: true },
            ),
        ] {
            let disputed = before.after(Change::Dispute, EARLY).unwrap();
            assert_eq!(disputed.after(Change::WinDispute, UNTIL), Ok(restored));
        }
    }

    #[test]
    fn a_hold_that_ends_elsewhere_is_followed_until_it_was_paid() {
        let later = Some(UNTIL + time::Duration::days(1));
        let held = Status::Pending { until: UNTIL };
        let held_longer = held.held_until(later, UNTIL);
        assert_eq!(held_longer, Status::Payable.held_until(later, UNTIL));
        assert_eq!(held_longer.held_until(Some(UNTIL), UNTIL), Status::Payable);
        assert_eq!(held.held_until(None, EARLY), Status::Payable);
        let disputed = Status::Payable.after(Change::Dispute, EARLY).unwrap();
        let won = disputed.held_until(Some(UNTIL), EARLY);
        assert_eq!(won.after(Change::WinDispute, EARLY), Ok(held));
        for stays in [
            Status::InPayout,
            Status::Paid { externally: true },
            Status::Cancelled,
        ] {
            assert_eq!(stays.held_until(Some(UNTIL), EARLY), stays);
        }
    }

    #[test]
    fn what_is_cancelled_stays_so() {
        assert_eq!(
            Status::Cancelled
                .after(Change::Pay, EARLY)
                .unwrap_err()
                .to_string(),
            "a commission that is cancelled cannot be paid"
        );
    }
}
