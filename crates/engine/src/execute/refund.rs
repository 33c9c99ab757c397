//! Money goes back to the customer: commissions follow.

use accrual_commission::{Change, Status};
use accrual_money::Money;
use time::OffsetDateTime;

use super::draft::Draft;
use crate::{
    AmountField, Answer, Changes, Commission, ConversionId, Error, Outcome, Recorded, Refund,
    RefundKind, Subject, record,
};

pub(super) fn refund(mut draft: Draft<'_>, refund: &Refund) -> Result<(Answer, Changes), Error> {
    let before = found(&draft, refund.conversion)?.clone();
    let left = before.conversion.remaining()?;
    let amount = refund.amount.unwrap_or(left);
    if amount.currency() != left.currency() {
        let field = AmountField::Refund;
        return Err(Error::MixedCurrencies { field, amount });
    }
    if refund.amount.is_some() && !amount.is_positive() {
        let field = AmountField::Refund;
        return Err(Error::AmountNotPositive { field, amount });
    }
    if !left.is_positive() {
        return Err(Error::NothingLeft(refund.conversion));
    }
    if amount.compare(left)?.is_gt() {
        return Err(Error::MoreThanLeft { amount, left });
    }
    let mut after = Recorded::clone(&before);
    let conversion = &mut after.conversion;
    let back = match refund.kind {
        RefundKind::Refund => &mut conversion.refunded,
        RefundKind::Chargeback => &mut conversion.charged_back,
    };
    *back = back.checked_add(amount)?;
    for commission in &mut after.commissions {
        follow(
            commission,
            conversion.remaining()?,
            conversion.amount(),
            draft.at,
        )?;
    }
    conversion.version = draft.sequence();
    let after = draft.keep_revised(&before, after)?;
    draft.remember(Subject::Conversion(refund.conversion));
    let outcome = record::Outcome::revised(&before, &after);
    draft.record(Some(refund.conversion), &outcome);
    Ok(draft.answer(Outcome::Conversion(after)))
}

/// The conversion with this number.
pub(super) fn found<'a>(
    draft: &Draft<'a>,
    id: ConversionId,
) -> Result<&'a std::sync::Arc<Recorded>, Error> {
    draft
        .book
        .conversion(id)
        .ok_or(Error::ConversionNotFound(id))
}

/// A commission earns what is left of the sale; of nothing left it is refunded.
pub(super) fn follow(
    commission: &mut Commission,
    remaining: Money,
    whole: Money,
    at: OffsetDateTime,
) -> Result<(), Error> {
    if !commission.is_alive() {
        return Ok(());
    }
    commission.amount = commission.earning.of_remaining(remaining, whole)?;
    if remaining.is_zero() {
        let change = match commission.status {
            Status::Disputed { .. } => Change::LoseDispute,
            Status::Pending { .. }
            | Status::AwaitingApproval { .. }
            | Status::Payable
            | Status::InPayout
            | Status::Paid { .. }
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded => Change::Refund,
        };
        commission.status = commission.status.after(change, at)?;
    }
    Ok(())
}
