//! What becomes of commissions: approved, declined, disputed, paid, cancelled, matured.

use accrual_commission::{Change, Status, StatusKind, TransitionError};
use accrual_money::Money;

use super::{draft::Draft, refund::found};
use crate::{
    Answer, Changes, Commission, Conversion, ConversionId, Error, Outcome, Recorded, Subject,
    record,
};

pub(super) fn change_status(
    mut draft: Draft<'_>,
    id: ConversionId,
    position: Option<u16>,
    change: Change,
) -> Result<(Answer, Changes), Error> {
    let before = found(&draft, id)?.clone();
    let mut after = Recorded::clone(&before);
    let is_meant = |one: &Commission| position.is_none_or(|position| one.position == position);
    // Of all of them, those that are called off already stay so; if none is left, the first says why.
    let is_any_alive = after.commissions.iter().any(Commission::is_alive);
    let is_meant =
        |one: &Commission| is_meant(one) && (position.is_some() || one.is_alive() || !is_any_alive);
    if !after.commissions.iter().any(is_meant) {
        return Err(Error::CommissionNotFound {
            conversion: id,
            position: position.unwrap_or(0),
        });
    }
    let mut owed = Owed::default();
    for commission in after.commissions.iter_mut().filter(|one| is_meant(one)) {
        apply(commission, change, &draft, &mut owed)?;
    }
    if !after.commissions.iter().any(Commission::is_alive) {
        give_back(&mut after.conversion, change)?;
    }
    after.conversion.version = draft.sequence();
    let after = draft.keep_revised(&before, after)?;
    draft.remember(Subject::Conversion(id));
    let outcome = record::Outcome::revised(&before, &after);
    draft.record(Some(id), &outcome);
    Ok(draft.answer(Outcome::Conversion(after)))
}

/// Whoever says that a sale was refunded, or its dispute lost, says that all of it went back.
fn give_back(conversion: &mut Conversion, change: Change) -> Result<(), Error> {
    let left = conversion.remaining()?;
    match change {
        Change::Refund => conversion.refunded = conversion.refunded.checked_add(left)?,
        Change::LoseDispute => {
            conversion.charged_back = conversion.charged_back.checked_add(left)?;
        }
        Change::Mature
        | Change::Approve
        | Change::Decline
        | Change::StartPayout
        | Change::AbandonPayout
        | Change::Pay
        | Change::PayExternally
        | Change::Unpay
        | Change::Cancel
        | Change::Dispute
        | Change::WinDispute => {}
    }
    Ok(())
}

/// What each affiliate of this conversion could be paid by now, while several are paid at once.
#[derive(Default)]
struct Owed(Vec<(accrual_attribution::AffiliateId, Money)>);

impl Owed {
    fn payable(&self, commission: &Commission, draft: &Draft<'_>) -> Money {
        let affiliate = commission.credit.affiliate;
        let changed = self.0.iter().rev().find(|(of, _)| *of == affiliate);
        let currency = commission.amount.currency();
        let kept = || draft.book.payable.get(&(affiliate, currency)).copied();
        changed
            .map(|(_, amount)| *amount)
            .or_else(kept)
            .unwrap_or(Money::zero(currency))
    }
}

fn apply(
    commission: &mut Commission,
    change: Change,
    draft: &Draft<'_>,
    owed: &mut Owed,
) -> Result<(), Error> {
    let zero = Money::zero(commission.amount.currency());
    let before = commission.status;
    commission.status = before.after(change, draft.at)?;
    match commission.status.kind() {
        StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded => {
            commission.amount = zero;
        }
        StatusKind::Paid => match change {
            // What the affiliate owes back is kept back from what is paid out here.
            Change::Pay => {
                let payable = owed.payable(commission, draft);
                let rest = commission.amount.checked_sub(commission.paid_out)?;
                let paid = rest.min(payable)?.max(zero)?;
                if before.kind() == StatusKind::Paid && !paid.is_positive() {
                    let from = StatusKind::Paid;
                    return Err(TransitionError::NotAllowed { from, change }.into());
                }
                commission.paid_out = commission.paid_out.checked_add(paid)?;
                let affiliate = commission.credit.affiliate;
                owed.0.push((affiliate, payable.checked_sub(paid)?));
            }
            // Elsewhere it was paid in full.
            Change::PayExternally => commission.paid_out = commission.amount,
            Change::Mature
            | Change::Approve
            | Change::Decline
            | Change::StartPayout
            | Change::AbandonPayout
            | Change::Unpay
            | Change::Cancel
            | Change::Refund
            | Change::Dispute
            | Change::WinDispute
            | Change::LoseDispute => {}
        },
        StatusKind::Payable if matches!(before, Status::Paid { .. }) => commission.paid_out = zero,
        StatusKind::Pending
        | StatusKind::AwaitingApproval
        | StatusKind::Payable
        | StatusKind::InPayout
        | StatusKind::Disputed => {}
    }
    Ok(())
}

/// Every held commission that was read becomes payable if its time has come.
pub(super) fn mature(mut draft: Draft<'_>) -> Result<(Answer, Changes), Error> {
    let due = draft.book.due.iter().flatten();
    let mut matured = 0;
    for before in due.filter_map(|id| draft.book.conversion(*id)) {
        let mut after = Recorded::clone(before);
        let mut is_changed = false;
        for commission in &mut after.commissions {
            if let Status::Pending { until } = commission.status
                && until <= draft.at
            {
                commission.status = commission.status.after(Change::Mature, draft.at)?;
                is_changed = true;
            }
        }
        if !is_changed {
            continue;
        }
        matured += 1;
        after.conversion.version = draft.sequence();
        let after = draft.keep_revised(before, after)?;
        let outcome = record::Outcome::revised(before, &after);
        draft.record(Some(after.conversion.id), &outcome);
    }
    Ok(draft.answer(Outcome::Matured(matured)))
}
