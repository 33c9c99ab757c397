//! What changes with a conversion: transfers, totals and counters.
//!
//! Each is a sum over conversions as they stand. So whatever happens to a conversion, each changes
//! by the difference between what it is with the conversion as it was and as it is; there is no
//! other way to change them.

use std::collections::{BTreeMap, BTreeSet};

use accrual_attribution::{EnrollmentId, ReferralId};
use accrual_commission::{Position, PositionError};
use accrual_money::{Currency, Money, MoneyError};
use time::OffsetDateTime;

use crate::{
    Commission, DayTally, Listed, Posting, Recorded, Referral, Sequence, Totals, TotalsKey,
};

/// Appends the transfers that lead from where the amounts were to where they are.
pub(super) fn transfers(
    postings: &mut Vec<Posting>,
    before: Option<&Recorded>,
    after: &Recorded,
    sequence: Sequence,
    at: OffsetDateTime,
) -> Result<(), PositionError> {
    for commission in &after.commissions {
        let was = before.and_then(|before| {
            let mut all = before.commissions.iter();
            all.find(|one| one.position == commission.position)
        });
        let currency = commission.amount.currency();
        let was = match was {
            Some(was) => position(was)?,
            None => Position::nothing(currency),
        };
        let is = position(commission)?;
        for transfer in Position::transfers(&was, &is, commission.credit.affiliate) {
            let position = postings.iter().filter(|one| one.sequence == sequence);
            let position = u16::try_from(position.count() + 1).unwrap_or(u16::MAX);
            postings.push(Posting {
                sequence,
                position,
                at,
                conversion: after.conversion.id,
                commission_position: commission.position,
                transfer,
            });
        }
    }
    Ok(())
}

fn position(commission: &Commission) -> Result<Position, PositionError> {
    Position::of(commission.status, commission.amount, commission.paid_out)
}

/// Adds to `totals` what changes of them; `home` is the organization's currency.
pub(super) fn totals(
    totals: &mut BTreeMap<(EnrollmentId, TotalsKey), Totals>,
    before: Option<&Recorded>,
    after: &Recorded,
    home: Currency,
) -> Result<(), MoneyError> {
    if let Some(before) = before {
        for (key, less) in counted(before, home)? {
            add(totals, key, less.checked_neg()?)?;
        }
    }
    for (key, more) in counted(after, home)? {
        add(totals, key, more)?;
    }
    totals.retain(|(_, key), change| *change != Totals::zero(key.currency));
    Ok(())
}

/// Sums, by what they are kept by.
type Counted = Vec<((EnrollmentId, TotalsKey), Totals)>;

/// What a conversion counts for: the sale by its first commission, the commissions each by its own
/// enrollment, program, stage and currency.
fn counted(recorded: &Recorded, home: Currency) -> Result<Counted, MoneyError> {
    let conversion = &recorded.conversion;
    let (remaining, whole) = (conversion.remaining()?, conversion.amount());
    let channel = conversion.current().channel();
    let key = |commission: &Commission, currency| {
        let key = TotalsKey {
            day: conversion.day,
            program: commission.credit.program,
            currency,
            stage: commission.stage(),
            channel: channel.clone(),
        };
        (commission.credit.enrollment, key)
    };
    let mut counted = Vec::with_capacity(recorded.commissions.len() + 1);
    for commission in &recorded.commissions {
        let mut one = Totals::zero(commission.amount.currency());
        one.commission = commission.amount;
        if commission.is_direct() {
            one.sold = DayTally {
                conversions: 1,
                base: commission.earning.base.part_of(remaining, whole)?,
                earned: commission.amount,
            };
        }
        counted.push((key(commission, one.amount.currency()), one));
    }
    let Some(first) = recorded.commissions.first() else {
        return Ok(counted);
    };
    let sale = Totals {
        conversions: 1,
        amount: whole,
        refunded: conversion.refunded,
        charged_back: conversion.charged_back,
        listed: Listed::of(conversion, first.amount, home)?,
        ..Totals::zero(whole.currency())
    };
    counted.push((key(first, whole.currency()), sale));
    Ok(counted)
}

fn add(
    totals: &mut BTreeMap<(EnrollmentId, TotalsKey), Totals>,
    key: (EnrollmentId, TotalsKey),
    more: Totals,
) -> Result<(), MoneyError> {
    let sum = match totals.get(&key) {
        Some(present) => present.checked_add(more)?,
        None => more,
    };
    totals.insert(key, sum);
    Ok(())
}

/// The referrals whose counters change.
pub(super) fn referrals(before: Option<&Recorded>, after: &Recorded) -> BTreeSet<ReferralId> {
    let all = before.into_iter().chain([after]);
    all.flat_map(|recorded| &recorded.commissions)
        .filter_map(|commission| commission.referral)
        .collect()
}

/// A referral with its counters as they are with `after` in place of `before`.
pub(super) fn referral(
    referral: &Referral,
    before: Option<&Recorded>,
    after: &Recorded,
) -> Result<Referral, MoneyError> {
    let mut changed = referral.clone();
    let (paid, earned) = bought(referral.id, before)?;
    changed.payments -= paid.min(changed.payments);
    changed.earned = minus(changed.earned, earned)?;
    let (paid, earned) = bought(referral.id, Some(after))?;
    changed.payments += paid;
    changed.earned = plus(changed.earned, earned)?;
    if changed.payments == 0 {
        changed.first_payment_at = None;
    }
    if paid > 0 {
        let occurred_at = after.conversion.occurred_at;
        let first = changed.first_payment_at.unwrap_or(occurred_at);
        changed.first_payment_at = Some(first.min(occurred_at));
    }
    Ok(changed)
}

/// How many payments a conversion counts for a referral, and what it has earned by it.
fn bought(id: ReferralId, recorded: Option<&Recorded>) -> Result<(u32, Option<Money>), MoneyError> {
    let all = recorded.into_iter().flat_map(|one| &one.commissions);
    let own = all.filter(|one| one.referral == Some(id) && one.is_direct() && one.is_alive());
    let (mut payments, mut earned) = (0, None);
    for commission in own {
        payments = 1;
        earned = plus(earned, Some(commission.amount))?;
    }
    Ok((payments, earned))
}

fn plus(sum: Option<Money>, more: Option<Money>) -> Result<Option<Money>, MoneyError> {
    match (sum, more) {
        (Some(sum), Some(more)) if sum.currency() == more.currency() => {
            sum.checked_add(more).map(Some)
        }
        // One currency is summed, that of the first payment: what was counted can be taken off again.
        (Some(sum), _) => Ok(Some(sum)),
        (None, more) => Ok(more),
    }
}

fn minus(sum: Option<Money>, less: Option<Money>) -> Result<Option<Money>, MoneyError> {
    match (sum, less) {
        (Some(sum), Some(less)) if sum.currency() == less.currency() => {
            sum.checked_sub(less).map(Some)
        }
        (sum, _) => Ok(sum),
    }
}
