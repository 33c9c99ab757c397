//! A sale came to something else after all: its commissions are decided again.

use accrual_attribution::EnrollmentId;
use accrual_commission::{Case, History, decide};
use accrual_money::Money;

use super::{
    draft::Draft,
    price::{add_levels, counted, part, shared},
    refund::{follow, found},
    report::{Earned, checked_amount},
};
use crate::{
    Amendment, Answer, Changes, Commission, Decided, Error, Facts, Outcome, Recorded,
    Span, Subject, Version, record,
};

/// Decides a conversion again under the terms that it was decided under, as things stood then;
/// only caps look at what has been earned since, so that none is passed.
pub(super) fn amend(
    mut draft: Draft<'_>,
    amendment: &Amendment,
) -> Result<(Answer, Changes), Error> {
    let id = amendment.conversion;
    let before = found(&draft, id)?.clone();
    let mut after = Recorded::clone(&before);
    let mut facts = after.conversion.current().clone();
    change(&mut facts, amendment);
    let amount = checked_amount(&facts)?;
    let was = before.conversion.amount();
    if amount.currency() != was.currency() {
        let field = crate::AmountField::Total;
        return Err(Error::MixedCurrencies { field, amount });
    }
    let facts = after.conversion.amended.insert(Box::new(facts));
    let earned = {
        let decided = draft.book.decided(id).ok_or(Error::Internal)?;
        decide_again(&draft, &before, facts, decided)
    };
    let remaining = after.conversion.remaining()?;
    let back = before
        .conversion
        .refunded
        .checked_add(before.conversion.charged_back)?;
    if remaining.is_negative() {
        return Err(Error::LessThanReturned { amount, back });
    }
    let earned = earned?;
    for commission in &mut after.commissions {
        if !commission.is_alive() {
            continue;
        }
        let same =
            |one: &&Earned| one.credit == commission.credit && one.by == commission.earned_by;
        // What is not decided any more, such as a level of nothing, earns nothing.
        commission.earning = match earned.iter().find(same) {
            Some(earned) => earned.earning,
            None => part(
                commission.earning.base,
                Money::zero(commission.amount.currency()),
            ),
        };
        follow(commission, remaining, amount, &draft)?;
    }
    after.conversion.facts_sequence = draft.sequence();
    after.conversion.version = draft.sequence();
    let after = draft.keep_revised(&before, after)?;
    draft.remember(Subject::Conversion(id));
    let outcome = record::Outcome::amended(&before, &after);
    draft.record(Some(id), &outcome);
    Ok(draft.answer(Outcome::Conversion(after)))
}

fn change(facts: &mut Facts, amendment: &Amendment) {
    fn set<T: Copy>(fact: &mut Option<T>, change: Option<Option<T>>) {
        if let Some(value) = change {
            *fact = value;
        }
    }
    set(&mut facts.total, amendment.total);
    set(&mut facts.subtotal, amendment.subtotal);
    set(&mut facts.tax, amendment.tax);
    set(&mut facts.shipping, amendment.shipping);
    set(&mut facts.discount, amendment.discount);
    set(&mut facts.amount_override, amendment.amount_override);
}

fn decide_again(
    draft: &Draft<'_>,
    before: &Recorded,
    facts: &Facts,
    decided: &Decided,
) -> Result<Vec<Earned>, Error> {
    let credits = &decided.attribution.credits;
    let first = credits.first().ok_or(Error::Internal)?.credit;
    let version = draft.book.version(first.program, decided.terms_version);
    let version = version.ok_or(Error::ProgramNotFound(first.program))?;
    let sale = facts.sale().ok_or(Error::AmountMissing)?;
    let history = caps_as_of_now(draft, before, version, first.enrollment, &decided.history)?;
    let occurred_at = before.conversion.occurred_at;
    let case = Case::new(&sale, &version.terms, occurred_at).with_history(&history);
    let case = match decided.agreed_rate {
        Some(rate) => case.with_agreed_rate(rate),
        None => case,
    };
    let decision = decide(&case)?;
    let earning = decision.earning();
    let mut earned = shared(earning, credits)?;
    if !version.terms.rules().levels.is_empty() {
        // Who earned by it when it was decided does so still, also after having left.
        add_levels(draft, &version.terms, &mut earned, |_| true)?;
    }
    Ok(earned)
}

/// What was known then, but with what was earned by now, apart from this conversion.
fn caps_as_of_now(
    draft: &Draft<'_>,
    before: &Recorded,
    version: &Version,
    enrollment: EnrollmentId,
    then: &History,
) -> Result<History, Error> {
    let mut history = then.clone();
    let currency = version.terms.currency();
    let own: Vec<&Commission> = before
        .commissions
        .iter()
        .filter(|one| one.is_direct() && one.credit.enrollment == enrollment)
        .collect();
    let less = |earned: Money| {
        own.iter()
            .filter(|one| one.is_alive() && one.amount.currency() == earned.currency())
            .try_fold(earned, |sum, one| sum.checked_sub(one.amount))
    };
    let mut customers = own.iter().filter_map(|one| one.referral);
    if let Some(referral) = customers.find_map(|id| draft.referral(id)) {
        history.customer_earned = Some(less(referral.earned_in(currency))?);
    }
    for period in version.terms.periods().iter().copied() {
        let span = Span::of(enrollment, currency, period, before.conversion.day);
        let Some(now) = draft.book.tallies.get(&span) else {
            continue;
        };
        let (_, mut tally) = counted(period, now);
        tally.earned = less(tally.earned)?;
        let known = history.tallies.iter_mut().find(|(of, _)| *of == period);
        match known {
            Some((_, then)) => then.earned = tally.earned,
            None => {
                let mut nothing = accrual_commission::Tally::nothing(currency);
                nothing.earned = tally.earned;
                history.tallies.push((period, nothing));
            }
        }
    }
    Ok(history)
}
