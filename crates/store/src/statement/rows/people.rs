//! Rows of promo codes, referrals and idempotency keys.

use accrual_attribution::Identifier;
use accrual_engine::{PromoCode, Referral, Remembered, StoreError, micros};
use accrual_money::{Currency, Money};
use sea_orm::Value;

use super::{optional, optional_text, text};
use crate::{entity::idempotency_key, value};

pub(super) fn promo_code(promo_code: &PromoCode) -> Result<[Value; 7], StoreError> {
    Ok([
        promo_code.id.number().into(),
        text(promo_code.code.as_str()),
        promo_code.enrollment.number().into(),
        promo_code.is_active.into(),
        text(&promo_code.limits.to_json()),
        i64::from(promo_code.redeemed).into(),
        micros(promo_code.created_at).into(),
    ])
}

pub(super) fn referral(referral: &Referral) -> Result<[Value; 18], StoreError> {
    let (credit, person) = (referral.credit, &referral.person);
    let id = |id: &Option<Identifier>| optional(id.as_ref().map(Identifier::as_str));
    let touch = referral.touch;
    let currency = referral.earned.map(Money::currency);
    Ok([
        referral.id.number().into(),
        credit.enrollment.number().into(),
        credit.affiliate.number().into(),
        credit.program.number().into(),
        id(&person.click),
        id(&person.external_user),
        id(&person.customer),
        optional(person.email.as_ref().map(|email| email.as_str())),
        optional_text(person.name.as_ref()),
        optional(touch.map(|touch| value::touch_kind(touch.kind))),
        touch.map(|touch| micros(touch.first_at)).into(),
        touch.map(|touch| micros(touch.last_at)).into(),
        referral.bound_at.map(micros).into(),
        i64::from(referral.payments).into(),
        referral.first_payment_at.map(micros).into(),
        referral.earned.map(Money::minor).into(),
        optional(currency.map(Currency::code)),
        micros(referral.created_at).into(),
    ])
}

pub(super) fn remembered(remembered: &Remembered) -> Result<[Value; 4], StoreError> {
    let (kind, id) = idempotency_key::subject(remembered.about);
    Ok([
        text(remembered.key.as_str()),
        remembered.fingerprint.to_vec().into(),
        text(kind),
        id.into(),
    ])
}
