//! A caller changes a sale that was recorded: its facts, what it earns, what has become of that.

mod again;
mod due;
mod status;

use accrual_commission::Lift;

use super::{
    draft::Draft,
    lift::lift,
    refund::{follow, found},
    report::{Earned, checked_amount},
};
use crate::{
    Amendment, AmountField, Answer, Changes, ConversionId, Error, Outcome, Recorded, Redecision,
    Subject, capped::moves_under_cap, record,
};

/// Changes all that is named, or refuses: first the facts and what they earn, then the status, then
/// when it is due.
pub(super) fn amend(
    mut draft: Draft<'_>,
    amendment: &Amendment,
) -> Result<(Answer, Changes), Error> {
    let id = amendment.conversion;
    let before = found(&draft, id)?.clone();
    let decides = amendment.decides(before.conversion.current());
    check(&before, amendment, decides)?;
    let mut after = Recorded::clone(&before);
    change_facts(&draft, &mut after, amendment)?;
    let mut lifted = None;
    let is_decided =
        (decides || moves_under_cap(draft.book, &before, amendment)) && after.is_alive();
    if is_decided {
        lifted = earn_again(&draft, &before, &mut after)?;
    }
    if let Some(wanted) = amendment.status {
        status::become_all(&draft, &before, &mut after, wanted)?;
    }
    if amendment.is_about_due() {
        due::follow(&draft, &mut after)?;
    }
    after.conversion.facts_sequence = draft.sequence();
    after.conversion.version = draft.sequence();
    let after = draft.keep_revised(&before, after)?;
    draft.remember(Subject::Conversion(id));
    let outcome = record::Outcome::amended(&before, &after, is_decided);
    draft.record(Some(id), &outcome);
    // What has ended reaches no tier any more.
    if let Some(lifted) = lifted.filter(|_| after.is_alive()) {
        lift(&mut draft, &after, &lifted)?;
    }
    Ok(draft.answer(Outcome::Conversion(after)))
}

/// That the sale can be changed so, as it is.
fn check(before: &Recorded, amendment: &Amendment, decides: bool) -> Result<(), Error> {
    let id = before.conversion.id;
    let version = before.conversion.version;
    if let Some(expected) = amendment.expected_version.filter(|one| *one != version) {
        return Err(Error::VersionChanged {
            conversion: id,
            expected,
            version,
        });
    }
    // What was refunded has nothing to decide; by the sale's amount alone its facts can change.
    let needs_alive = decides && amendment.redecision == Redecision::AnyAmount;
    if before.is_called_off() || needs_alive && !before.is_alive() {
        return Err(Error::CalledOff(id));
    }
    let facts = before.conversion.current();
    if amendment.new_currency(facts).is_some() && is_settled(before) {
        return Err(Error::CurrencySettled(id));
    }
    Ok(())
}

/// Whether something of it was paid out or given back.
fn is_settled(recorded: &Recorded) -> bool {
    let conversion = &recorded.conversion;
    let mut commissions = recorded.commissions.iter();
    !conversion.refunded.is_zero()
        || !conversion.charged_back.is_zero()
        || commissions.any(|one| !one.paid_out.is_zero())
}

fn change_facts(
    draft: &Draft<'_>,
    after: &mut Recorded,
    amendment: &Amendment,
) -> Result<(), Error> {
    let conversion = &mut after.conversion;
    let before = conversion.current();
    let facts = amendment.applied_to(before);
    let amount = checked_amount(&facts)?;
    let currency = amendment
        .new_currency(before)
        .unwrap_or(conversion.refunded.currency());
    if amount.currency() != currency {
        let field = AmountField::Total;
        return Err(Error::MixedCurrencies { field, amount });
    }
    // Zero, if the currency is another one: else it would be settled.
    for back in [&mut conversion.refunded, &mut conversion.charged_back] {
        *back = accrual_money::Money::from_minor(back.minor(), currency);
    }
    if let Some(at) = amendment.occurred_at {
        conversion.occurred_at = at;
        conversion.day = draft.book.head.zone.day(at);
    }
    conversion.amended = Some(Box::new(facts));
    let back = conversion.refunded.checked_add(conversion.charged_back)?;
    if conversion.remaining()?.is_negative() {
        return Err(Error::LessThanReturned { amount, back });
    }
    Ok(())
}

/// Decides what the sale earns again. Answers what it lifts.
fn earn_again(
    draft: &Draft<'_>,
    before: &Recorded,
    after: &mut Recorded,
) -> Result<Option<Lift>, Error> {
    let id: ConversionId = after.conversion.id;
    let decided = draft.book.decided(id).ok_or(Error::Internal)?;
    let (again, lifted) = again::decide_again(draft, before, &after.conversion, decided)?;
    let (remaining, amount) = (after.conversion.remaining()?, after.conversion.amount());
    let mut again = again.into_iter();
    for commission in &mut after.commissions {
        // In the order in which they were decided first; who could not earn then is passed over.
        let is_same =
            |one: &Earned| one.credit == commission.credit && one.by == commission.earned_by;
        let earned = again.find(is_same).ok_or(Error::Internal)?;
        if commission.is_alive() {
            commission.earning = earned.earning;
            follow(commission, remaining, amount, draft.at)?;
            // In another currency nothing was paid yet.
            let currency = commission.amount.currency();
            let paid_out = commission.paid_out.minor();
            commission.paid_out = accrual_money::Money::from_minor(paid_out, currency);
        }
    }
    Ok(lifted)
}
