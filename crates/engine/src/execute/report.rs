//! A sale is reported: it is credited, priced and recorded, or known already.

use std::sync::Arc;

use accrual_attribution::{Attribution, Claim, Credit, Verdict};
use accrual_commission::{Rules, Status};
use accrual_money::Money;
use time::{Duration, OffsetDateTime};

use super::{credit::credit, customers, draft::Draft, lift, price};
use crate::{
    AmountField, Answer, Changes, Commission, Conversion, Decided, EarnedBy, Error, Facts, Outcome,
    PromoCode, Recorded, Replay, ShopPlatform, as_kept, record,
};

/// Records the sale, or answers what it came to the first time.
///
/// A reference that is known is answered before anything is resolved, so that a retry succeeds
/// after its affiliate has left.
pub(super) fn report(mut draft: Draft<'_>, facts: &Facts) -> Result<(Answer, Changes), Error> {
    let amount = checked_amount(facts)?;
    let known = (facts.source.clone(), facts.reference.clone());
    if let Some(first) = draft.book.by_reference(&known) {
        return Ok(replay(draft, facts, first.clone()));
    }
    checked_shop(&draft, facts)?;
    let attribution = credit(&draft, facts)?;
    let occurred_at = facts.occurred_at.unwrap_or(draft.at);
    let conversion = Conversion {
        id: draft.head().next_conversion(),
        facts: facts.clone(),
        amended: None,
        occurred_at,
        day: draft.book.head.zone.day(occurred_at),
        recorded_at: draft.at,
        sequence: draft.sequence(),
        facts_sequence: draft.sequence(),
        version: draft.sequence(),
        refunded: Money::zero(amount.currency()),
        charged_back: Money::zero(amount.currency()),
    };
    let redeemed = redeem(&mut draft, &attribution);
    let customers = customers::of_sale(&mut draft, &conversion, &attribution, redeemed);
    let priced = price::price(&draft, &conversion, &attribution.credits, &customers)?;

    let rules = priced.terms.rules();
    let due_at = held_until(rules, facts, occurred_at);
    let status = Status::at_creation(rules.approval, due_at, draft.at);
    // What is shared is no more than a part of what the incentive pays.
    let is_alone = attribution.credits.len() == 1;
    let incentive = priced.decision.incentive().filter(|_| is_alone);
    let commissions = priced.earned.iter().zip(1..);
    let commissions = commissions
        .map(|(earned, position)| Commission {
            conversion: conversion.id,
            position,
            credit: earned.credit,
            earned_by: earned.by,
            incentive: incentive.filter(|_| earned.by == EarnedBy::Sale),
            is_liftable: earned.by == EarnedBy::Sale
                && incentive.is_some_and(|incentive| priced.terms.may_lift(incentive)),
            referral: customers.referral_of(earned),
            terms_version: priced.decision.terms_version,
            earning: earned.earning,
            amount: earned.earning.full,
            paid_out: Money::zero(earned.earning.full.currency()),
            status,
            due_at,
        })
        .collect();
    let id = conversion.id;
    let recorded = draft.keep_new(Recorded {
        conversion,
        commissions,
    })?;
    let decided = Decided {
        attribution,
        history: priced.history,
        agreed_rate: priced.agreed_rate,
        terms_version: priced.decision.terms_version,
    };
    draft.record(Some(id), &record::Outcome::reported(&decided, &recorded));
    if let Some(lifted) = &priced.lift {
        lift::lift(&mut draft, &recorded, lifted)?;
    }
    let outcome = Outcome::Conversion(recorded);
    Ok(draft.answer(outcome))
}

/// The first outcome again; an attempt with other facts is kept in the journal.
fn replay(mut draft: Draft<'_>, facts: &Facts, first: Arc<Recorded>) -> (Answer, Changes) {
    let differences = first.conversion.facts.differences(facts);
    let replay = if differences.is_empty() {
        Replay::Same
    } else {
        draft.record(
            Some(first.conversion.id),
            &record::Outcome::repeated(&differences),
        );
        Replay::Differs(differences)
    };
    (
        Answer {
            outcome: Outcome::Conversion(first),
            replay,
        },
        draft.finish(),
    )
}

/// The sale's amount, above zero, with every other amount in its currency and not below zero.
pub(super) fn checked_amount(facts: &Facts) -> Result<Money, Error> {
    use AmountField as F;
    use accrual_commission::Tax;
    let sale = facts.amount().ok_or(Error::AmountMissing)?;
    for (field, amount) in [(F::Total, facts.total), (F::Subtotal, facts.subtotal)] {
        if let Some(amount) = amount.filter(|amount| !amount.is_positive()) {
            return Err(Error::AmountNotPositive { field, amount });
        }
    }
    let tax = match facts.tax {
        Some(Tax::Amount(tax)) => Some(tax),
        Some(Tax::IncludedAt(_)) | None => None,
    };
    let parts = [
        (F::Tax, tax),
        (F::Shipping, facts.shipping),
        (F::Discount, facts.discount),
    ];
    for (field, amount) in parts {
        if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
            return Err(Error::AmountNegative { field, amount });
        }
    }
    let named = [
        (F::Subtotal, facts.subtotal),
        (F::Commission, facts.amount_override),
    ];
    let lines = facts.lines.iter().map(|line| (F::Line, Some(line.amount)));
    for (field, amount) in named.into_iter().chain(parts).chain(lines) {
        // A commission may be set in the currency that the sale is exchanged into.
        let exchanged = facts.exchange.as_ref().map(|rate| rate.to());
        let may_be_exchanged = field == F::Commission;
        if let Some(amount) = amount.filter(|amount| amount.currency() != sale.currency())
            && !(may_be_exchanged && exchanged == Some(amount.currency()))
        {
            return Err(Error::MixedCurrencies { field, amount });
        }
    }
    if !facts.weights.is_empty() && facts.weights.len() != facts.claims.len() {
        return Err(Error::WeightsDoNotFit {
            claims: facts.claims.len(),
            weights: facts.weights.len(),
        });
    }
    Ok(sale)
}

/// That the store in which the sale was made, if one is named, is registered.
fn checked_shop(draft: &Draft<'_>, facts: &Facts) -> Result<(), Error> {
    let Some(key) = &facts.shop else {
        return Ok(());
    };
    let platform = ShopPlatform::of(facts.platform.as_ref());
    match platform.and_then(|platform| draft.book.by_shop_key(platform, key)) {
        Some(_) => Ok(()),
        None => Err(Error::ShopNotFound(facts.channel())),
    }
}

/// Counts the redemption of every promo code of the report that could be redeemed. Answers whether
/// there was one.
fn redeem(draft: &mut Draft<'_>, attribution: &Attribution) -> bool {
    let mut redeemed = false;
    for finding in &attribution.findings {
        let Claim::PromoCode(code) = &finding.claim else {
            continue;
        };
        let is_refused = match finding.verdict {
            Verdict::Unredeemable(_)
            | Verdict::SelfReferral(_)
            | Verdict::Unapproved
            | Verdict::Ended
            | Verdict::FoundNobody
            | Verdict::NotClaimed => true,
            Verdict::Credited
            | Verdict::SharesCredit { .. }
            | Verdict::Agrees
            | Verdict::Disagrees
            | Verdict::Outranked { .. }
            | Verdict::Outdone { .. }
            | Verdict::NoWeight
            | Verdict::OtherProgram { .. }
            | Verdict::NotYet
            | Verdict::WindowClosed { .. }
            | Verdict::Unbound
            | Verdict::BindingOver { .. } => false,
        };
        if let Some(promo_code) = draft.book.by_code(code).filter(|_| !is_refused) {
            redeemed = true;
            let promo_code = PromoCode {
                redeemed: promo_code.redeemed + 1,
                ..PromoCode::clone(promo_code)
            };
            draft.changes.promo_codes.push(Arc::new(promo_code));
        }
    }
    redeemed
}

/// When the hold of a sale's commissions is over: by the terms, unless the caller says so; `None`
/// without one.
pub(super) fn held_until(
    rules: &Rules,
    facts: &Facts,
    occurred_at: OffsetDateTime,
) -> Option<OffsetDateTime> {
    facts.due_at.or_else(|| end_of_hold(rules, occurred_at))
}

/// When the terms' hold ends; `None` without one. Beyond the last day that there is, it never does.
fn end_of_hold(rules: &Rules, occurred_at: OffsetDateTime) -> Option<OffsetDateTime> {
    match rules.hold_days {
        0 => None,
        days => Some(as_kept(
            occurred_at.saturating_add(Duration::days(days.into())),
        )),
    }
}

/// Who earned what, before it has a status.
pub(super) struct Earned {
    pub(super) credit: Credit,
    pub(super) by: EarnedBy,
    pub(super) earning: accrual_commission::Earning,
}
