//! Promo codes: made and changed.

use std::sync::Arc;

use accrual_attribution::{Code, EnrollmentId, PromoCodeId};

use super::draft::Draft;
use crate::{AmountField, Answer, Changes, Error, Outcome, PromoCode, PromoLimits, Subject};

pub(super) fn create(
    mut draft: Draft<'_>,
    code: &Code,
    enrollment: EnrollmentId,
    limits: &PromoLimits,
) -> Result<(Answer, Changes), Error> {
    if let Some(holder) = draft.book.by_code(code) {
        let (code, holder) = (code.clone(), holder.id);
        return Err(Error::CodeTaken { code, holder });
    }
    if draft.book.enrollment(enrollment).is_none() {
        return Err(Error::EnrollmentNotFound(enrollment));
    }
    check(limits)?;
    let promo_code = PromoCode {
        id: draft.head().next_promo_code(),
        code: code.clone(),
        enrollment,
        is_active: true,
        limits: limits.clone(),
        redeemed: 0,
        created_at: draft.at,
    };
    Ok(put(draft, promo_code))
}

pub(super) fn change(
    draft: Draft<'_>,
    id: PromoCodeId,
    is_active: Option<bool>,
    limits: Option<&PromoLimits>,
) -> Result<(Answer, Changes), Error> {
    let before = draft.book.promo_code(id);
    let mut promo_code = PromoCode::clone(before.ok_or(Error::PromoCodeNotFound(id))?);
    promo_code.is_active = is_active.unwrap_or(promo_code.is_active);
    if let Some(limits) = limits {
        check(limits)?;
        promo_code.limits = limits.clone();
    }
    Ok(put(draft, promo_code))
}

fn check(limits: &PromoLimits) -> Result<(), Error> {
    match limits.minimum.filter(|amount| amount.is_negative()) {
        Some(amount) => Err(Error::AmountNegative {
            field: AmountField::Minimum,
            amount,
        }),
        None => Ok(()),
    }
}

fn put(mut draft: Draft<'_>, promo_code: PromoCode) -> (Answer, Changes) {
    draft.head().remembers_customers |= promo_code.limits.first_order_only;
    let promo_code = Arc::new(promo_code);
    draft.changes.promo_codes.push(promo_code.clone());
    let subject = Subject::PromoCode(promo_code.id);
    draft.ended(subject, Outcome::PromoCode(promo_code))
}
