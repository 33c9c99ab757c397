//! A sale came to something else after all: its commissions are decided again.

use accrual_attribution::EnrollmentId;
use accrual_commission::{Case, History, Lift, Period, Terms, TierMode, decide};
use accrual_money::Money;

use super::{
    draft::Draft,
    lift::lift,
    price::{add_levels, counted},
    refund::{follow, found},
    report::{Earned, checked_amount},
    share::{Divided, divided},
};
use crate::{
    Amendment, Answer, Changes, Commission, Decided, Error, Facts, Outcome, Recorded, Span,
    Subject, Version, decided::known, record,
};

/// Decides a conversion again under the terms that it was decided under, as things stood then;
/// only caps look at what has been earned since, so that none is passed.
pub(super) fn amend(
    mut draft: Draft<'_>,
    amendment: &Amendment,
) -> Result<(Answer, Changes), Error> {
    let id = amendment.conversion;
    let before = found(&draft, id)?.clone();
    if !before.commissions.iter().any(Commission::is_alive) {
        return Err(Error::CalledOff(id));
    }
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
    let decided = draft.book.decided(id).ok_or(Error::Internal)?;
    let again = decide_again(&draft, &before, facts, decided);
    let remaining = after.conversion.remaining()?;
    let back = before
        .conversion
        .refunded
        .checked_add(before.conversion.charged_back)?;
    if remaining.is_negative() {
        return Err(Error::LessThanReturned { amount, back });
    }
    let (again, lifted) = again?;
    let mut again = again.into_iter();
    for commission in &mut after.commissions {
        // In the order in which they were decided first; who could not earn then is passed over.
        let is_same =
            |one: &Earned| one.credit == commission.credit && one.by == commission.earned_by;
        let earned = again.find(is_same).ok_or(Error::Internal)?;
        if commission.is_alive() {
            commission.earning = earned.earning;
            follow(commission, remaining, amount, draft.at)?;
        }
    }
    after.conversion.facts_sequence = draft.sequence();
    after.conversion.version = draft.sequence();
    let after = draft.keep_revised(&before, after)?;
    draft.remember(Subject::Conversion(id));
    let outcome = record::Outcome::amended(&before, &after);
    draft.record(Some(id), &outcome);
    if let Some(lifted) = &lifted {
        lift(&mut draft, &after, lifted)?;
    }
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
) -> Result<(Vec<Earned>, Option<Lift>), Error> {
    let credits = &decided.attribution.credits;
    let first = credits.first().ok_or(Error::Internal)?.credit;
    let version = draft.book.version(first.program, decided.terms_version);
    let version = version.ok_or(Error::ProgramNotFound(first.program))?;
    let sale = facts.sale().ok_or(Error::AmountMissing)?;
    let history = as_of_now(draft, before, version, first.enrollment, &decided.history)?;
    let occurred_at = before.conversion.occurred_at;
    let case = Case::new(&sale, &version.terms, occurred_at).with_history(&history);
    let decision = decide(&known(case, credits, decided.agreed_rate))?;
    let caps = &version.terms.rules().caps;
    let Divided { mut earned, lift } = divided(&decision, credits, caps, |seller| {
        let now = as_of_now(draft, before, version, seller, &History::default())?;
        let period = caps.period.and_then(|cap| {
            let mut tallies = now.tallies.iter();
            tallies.find(|(of, _)| *of == cap.period)
        });
        Ok((now.customer_earned, period.map(|(_, tally)| tally.earned)))
    })?;
    if !version.terms.rules().levels.is_empty() {
        add_levels(draft, &version.terms, &mut earned, |_| true)?;
    }
    Ok((earned, lift))
}

/// What was known then, but with what was earned by now, apart from this conversion; also with what
/// was sold by now, where a tier lifts all that was sold.
fn as_of_now(
    draft: &Draft<'_>,
    before: &Recorded,
    version: &Version,
    enrollment: EnrollmentId,
    then: &History,
) -> Result<History, Error> {
    let mut history = then.clone();
    let currency = version.terms.currency();
    let own = before.commissions.iter();
    let own: Vec<&Commission> = own
        .filter(|one| one.is_direct() && one.credit.enrollment == enrollment)
        .collect();
    let mut customers = own.iter().filter_map(|one| draft.referral(one.referral?));
    let earned = customers.find_map(|referral| referral.earned);
    // What is alive of it, and in the program's currency, is in the sums.
    let counted_own = |one: &&&Commission| one.is_alive() && one.amount.currency() == currency;
    let less = |earned: Money| {
        let own = own.iter().filter(counted_own);
        own.map(|one| one.amount)
            .try_fold(earned, Money::checked_sub)
    };
    if let Some(earned) = earned.filter(|earned| earned.currency() == currency) {
        history.customer_earned = Some(less(earned)?);
    }
    for period in version.terms.periods().iter().copied() {
        let span = Span::of(enrollment, currency, period, before.conversion.day);
        let Some(now) = draft.book.tallies.get(&span) else {
            continue;
        };
        let (_, mut tally) = counted(period, now);
        tally.earned = less(tally.earned)?;
        if is_lifted(&version.terms, period) {
            let (remaining, whole) = (before.conversion.remaining()?, before.conversion.amount());
            for one in own.iter().filter(counted_own) {
                tally.conversions = tally.conversions.saturating_sub(1);
                let sold = one.earning.base.part_of(remaining, whole)?;
                tally.amount = tally.amount.checked_sub(sold)?;
            }
            history.tallies.retain(|(of, _)| *of != period);
            history.tallies.push((period, tally));
            continue;
        }
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

/// Whether a tier of this period lifts what was sold before in it.
fn is_lifted(terms: &Terms, period: Period) -> bool {
    let mut tiers = terms
        .incentives()
        .iter()
        .filter_map(|one| one.tiers.as_ref());
    tiers.any(|tiers| tiers.mode == TierMode::Retroactive && tiers.period == period)
}
