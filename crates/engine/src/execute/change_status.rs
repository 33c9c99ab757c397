//! What becomes of commissions: approved, declined, disputed, paid, cancelled, matured.

use accrual_commission::{Change, Position, Status, StatusKind, TransitionError};
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
    for index in 0..after.commissions.len() {
        if is_meant(&after.commissions[index]) {
            apply(&draft, &before, &mut after, index, change)?;
        }
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

/// What can be paid to whoever earns `commission` by now: what could be before this command, and
/// what it has made of it by making `after` of `before`.
pub(super) fn payable(
    draft: &Draft<'_>,
    before: &Recorded,
    after: &Recorded,
    commission: &Commission,
) -> Result<Money, Error> {
    let (affiliate, currency) = (commission.credit.affiliate, commission.amount.currency());
    let zero = Money::zero(currency);
    let own = |recorded: &Recorded| {
        let all = recorded.commissions.iter();
        let mut own = all
            .filter(|one| one.credit.affiliate == affiliate && one.amount.currency() == currency);
        own.try_fold(zero, |sum, one| {
            let position = Position::of(one.status, one.amount, one.paid_out)?;
            Ok::<_, Error>(sum.checked_add(position.payable())?)
        })
    };
    let kept = draft.book.payable.get(&(affiliate, currency)).copied();
    let moved = own(after)?.checked_sub(own(before)?)?;
    Ok(kept.unwrap_or(zero).checked_add(moved)?)
}

/// Lets `change` happen to the commission at `index` of `after`, which was `original`.
pub(super) fn apply(
    draft: &Draft<'_>,
    original: &Recorded,
    after: &mut Recorded,
    index: usize,
    change: Change,
) -> Result<(), Error> {
    let commission = &mut after.commissions[index];
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
                let payable = payable(draft, original, after, &after.commissions[index])?;
                let commission = &mut after.commissions[index];
                let rest = commission.amount.checked_sub(commission.paid_out)?;
                let paid = rest.min(payable)?.max(zero)?;
                if before.kind() == StatusKind::Paid && !paid.is_positive() {
                    let from = StatusKind::Paid;
                    return Err(TransitionError::NotAllowed { from, change }.into());
                }
                commission.paid_out = commission.paid_out.checked_add(paid)?;
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
