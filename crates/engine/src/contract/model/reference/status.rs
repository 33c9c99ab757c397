//! What becomes of commissions.

use accrual_commission::{BeforeDispute, Change, Status, TransitionError};
use time::OffsetDateTime;

use super::{Done, Reference, done};
use crate::{ConversionId, Error, Subject};

impl Reference {
    pub(super) fn change_status(
        &mut self,
        id: ConversionId,
        position: Option<u16>,
        change: Change,
        now: OffsetDateTime,
    ) -> Done {
        let place = self.sale_place(id)?;
        let count = self.sales[place].earners.len();
        let alive: Vec<usize> = (0..count)
            .filter(|one| self.sales[place].earners[*one].is_alive())
            .collect();
        let meant: Vec<usize> = match position {
            // What is called off already stays so, unless all is.
            None if alive.is_empty() => (0..count).collect(),
            None => alive,
            Some(position) if (1..=count).contains(&position.into()) => {
                vec![usize::from(position) - 1]
            }
            Some(position) => {
                return Err(Error::CommissionNotFound {
                    conversion: id,
                    position,
                });
            }
        };
        let before = self.sales[place].clone();
        for earner in meant {
            if let Err(error) = self.change_one(place, earner, change, now) {
                self.sales[place] = before;
                return Err(Error::Status(error));
            }
        }
        let entry = self.enter();
        let sold = &mut self.sales[place];
        sold.entries.2 = entry;
        // Whoever says so of the last that was alive says that all of it went back.
        let left = sold.left();
        let is_over = !sold.earners.iter().any(super::Earner::is_alive);
        match change {
            Change::Refund if is_over => sold.refunded += left,
            Change::LoseDispute if is_over => sold.charged_back += left,
            _ => {}
        }
        Ok(done(Subject::Conversion(id)))
    }

    pub(super) fn change_one(
        &mut self,
        place: usize,
        earner: usize,
        change: Change,
        now: OffsetDateTime,
    ) -> Result<(), TransitionError> {
        let sold = &self.sales[place];
        let one = &sold.earners[earner];
        let after = after(one.status, change, now)?;
        let (amount, paid_out) = (sold.amount(one), one.paid_out);
        let paid_out = match change {
            // What is owed back is kept: no more is paid than there is to be had.
            Change::Pay => {
                let there = self.payable(one.credit.affiliate, one.currency());
                let more = (amount - paid_out).min(there).max(0);
                if let (Status::Paid { .. }, 0) = (one.status, more) {
                    let from = one.status.kind();
                    return Err(TransitionError::NotAllowed { from, change });
                }
                paid_out + more
            }
            Change::PayExternally => amount,
            Change::Unpay => 0,
            Change::Mature
            | Change::Approve
            | Change::Decline
            | Change::StartPayout
            | Change::AbandonPayout
            | Change::Cancel
            | Change::Refund
            | Change::Dispute
            | Change::WinDispute
            | Change::LoseDispute => paid_out,
        };
        let one = &mut self.sales[place].earners[earner];
        (one.status, one.paid_out) = (after, paid_out);
        Ok(())
    }

    /// Lets become payable whose time has come. Answers how many sales that was of.
    pub(super) fn mature(&mut self, now: OffsetDateTime) -> u32 {
        let mut due: Vec<(OffsetDateTime, usize)> = Vec::new();
        for (place, sold) in self.sales.iter().enumerate() {
            due.extend(
                sold.due_at()
                    .filter(|until| *until <= now)
                    .map(|until| (until, place)),
            );
        }
        due.sort();
        for (_, place) in &due {
            let entry = self.enter();
            let sold = &mut self.sales[*place];
            sold.entries.2 = entry;
            for earner in &mut sold.earners {
                if let Status::Pending { until } = earner.status
                    && until <= now
                {
                    earner.status = Status::Payable;
                }
            }
        }
        u32::try_from(due.len()).expect("few sales")
    }
}

/// The status after a change, if it is allowed.
fn after(before: Status, change: Change, now: OffsetDateTime) -> Result<Status, TransitionError> {
    use BeforeDispute as B;
    use Change as C;
    use Status as S;
    let refused = Err(TransitionError::NotAllowed {
        from: before.kind(),
        change,
    });
    Ok(match (before, change) {
        (S::Declined | S::Cancelled | S::Refunded, _) => return refused,
        (_, C::Refund) => S::Refunded,
        (S::InPayout, C::Decline | C::Cancel) => return refused,
        (_, C::Decline) => S::Declined,
        (_, C::Cancel) => S::Cancelled,

        (S::Pending { until }, C::Mature) if now < until => {
            return Err(TransitionError::NotYet { until });
        }
        (S::Pending { .. }, C::Mature | C::Approve) => S::Payable,
        (S::AwaitingApproval { until: Some(until) }, C::Approve) if now < until => {
            S::Pending { until }
        }
        (S::AwaitingApproval { .. }, C::Approve) => S::Payable,

        (S::Payable, C::StartPayout) => S::InPayout,
        (S::InPayout, C::AbandonPayout) => S::Payable,
        (S::Payable | S::InPayout | S::Paid { .. }, C::Pay) => S::Paid { externally: false },
        (S::Pending { .. } | S::Payable, C::PayExternally) => S::Paid { externally: true },
        (S::Paid { .. }, C::Unpay) => S::Payable,

        (S::Pending { until }, C::Dispute) => S::Disputed {
            before: B::Pending { until },
        },
        (S::AwaitingApproval { until }, C::Dispute) => S::Disputed {
            before: B::AwaitingApproval { until },
        },
        (S::Payable | S::InPayout, C::Dispute) => S::Disputed { before: B::Payable },
        (S::Paid { externally }, C::Dispute) => S::Disputed {
            before: B::Paid { externally },
        },
        (S::Disputed { .. }, C::LoseDispute) => S::Refunded,
        (S::Disputed { before }, C::WinDispute) => match before {
            B::Pending { until } => S::Pending { until },
            B::AwaitingApproval { until } => S::AwaitingApproval { until },
            B::Payable => S::Payable,
            B::Paid { externally } => S::Paid { externally },
        },
        (
            S::Pending { .. }
            | S::AwaitingApproval { .. }
            | S::Payable
            | S::InPayout
            | S::Paid { .. }
            | S::Disputed { .. },
            _,
        ) => return refused,
    })
}
