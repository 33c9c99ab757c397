//! What a caller wants the commissions to be, step by step through the table of transitions.

use accrual_commission::{Change, Status};

use super::super::{
    change_status::{apply, payable},
    draft::Draft,
};
use crate::{Commission, Error, Recorded, SaleStatus};

/// Makes every commission that is not called off yet what is wanted; if all are, the first says why
/// not.
pub(super) fn become_all(
    draft: &Draft<'_>,
    before: &Recorded,
    after: &mut Recorded,
    wanted: SaleStatus,
) -> Result<(), Error> {
    let is_any_alive = after.is_alive();
    for index in 0..after.commissions.len() {
        if is_any_alive && !after.commissions[index].is_alive() {
            continue;
        }
        if wanted == SaleStatus::Paid {
            pay_the_rest(draft, before, after, index)?;
        }
        while let Some(change) = next(&after.commissions[index], wanted) {
            apply(draft, before, after, index, change)?;
        }
    }
    Ok(())
}

/// Pays what a commission that was paid has come to since, as far as there is something to be had.
fn pay_the_rest(
    draft: &Draft<'_>,
    before: &Recorded,
    after: &mut Recorded,
    index: usize,
) -> Result<(), Error> {
    let commission = &after.commissions[index];
    if commission.status != (Status::Paid { externally: false }) {
        return Ok(());
    }
    let rest = commission.amount.checked_sub(commission.paid_out)?;
    let payable = payable(draft, before, after, commission)?;
    if rest.min(payable)?.is_positive() {
        apply(draft, before, after, index, Change::Pay)?;
    }
    Ok(())
}

/// The next change on the way to what is wanted; `None` if it is that. The table refuses what cannot
/// be, and each change that it allows leads nearer.
fn next(commission: &Commission, wanted: SaleStatus) -> Option<Change> {
    use SaleStatus as W;
    use Status as S;
    match (wanted, commission.status) {
        (
            W::Unpaid,
            S::Pending { .. }
            | S::AwaitingApproval { .. }
            | S::Payable
            | S::InPayout
            | S::Disputed { .. },
        )
        | (W::Paid, S::Paid { externally: false })
        | (W::Cancelled, S::Cancelled) => None,
        (W::Unpaid, _) | (W::Paid, S::Paid { externally: true }) => Some(Change::Unpay),
        (W::Paid, S::Pending { .. } | S::AwaitingApproval { .. })
        | (W::PaidExternally, S::AwaitingApproval { .. }) => Some(Change::Approve),
        (W::Paid, _) => Some(Change::Pay),
        (W::PaidExternally, S::Paid { externally }) => {
            let rest = commission.amount.compare(commission.paid_out);
            let is_more = rest.is_ok_and(std::cmp::Ordering::is_gt);
            (!externally || is_more).then_some(Change::Unpay)
        }
        (W::PaidExternally, _) => Some(Change::PayExternally),
        (W::Cancelled, _) => Some(Change::Cancel),
    }
}
