//! What a changed sale earns: it is decided again.

use accrual_attribution::EnrollmentId;
use accrual_commission::{Case, History, Lift, Period, Tally, Terms, TierMode, decide};
use accrual_money::{Money, MoneyError};
use time::Date;

use super::super::{
    draft::Draft,
    price::{add_levels, counted},
    report::Earned,
    share::{Divided, divided},
};
use crate::{
    Commission, Conversion, DayKey, Decided, Error, Recorded, Span, Version, capped::Capped,
    decided::known,
};

/// What `after`, which was `before`, earns under the terms that it was decided under, as things
/// stood then; only caps look at what has been earned since, so that none is passed.
pub(super) fn decide_again(
    draft: &Draft<'_>,
    before: &Recorded,
    after: &Conversion,
    decided: &Decided,
) -> Result<(Vec<Earned>, Option<Lift>), Error> {
    let credits = &decided.attribution.credits;
    let first = credits.first().ok_or(Error::Internal)?.credit;
    let version = draft.book.version(first.program, decided.terms_version);
    let version = version.ok_or(Error::ProgramNotFound(first.program))?;
    let sale = after.current().sale().ok_or(Error::AmountMissing)?;
    let sums = AsOfNow {
        draft,
        before,
        version,
        day: after.day,
    };
    let history = sums.history(first.enrollment, &decided.history)?;
    let case = Case::new(&sale, &version.terms, after.occurred_at).with_history(&history);
    let decision = decide(&known(case, credits, decided.agreed_rate))?;
    let caps = &version.terms.rules().caps;
    let Divided { mut earned, lift } = divided(&decision, credits, caps, |seller| {
        let now = sums.history(seller, &History::default())?;
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

/// What is known by now of a sale on `day` that is decided again.
struct AsOfNow<'a> {
    draft: &'a Draft<'a>,
    /// The sale as it is in the sums.
    before: &'a Recorded,
    version: &'a Version,
    day: Date,
}

impl AsOfNow<'_> {
    /// What was known then, but with what was earned by now, apart from this sale; also with what
    /// was sold by now, where a tier lifts all that was sold.
    fn history(&self, enrollment: EnrollmentId, then: &History) -> Result<History, Error> {
        let mut history = then.clone();
        let currency = self.version.terms.currency();
        let mut customers = self.own(enrollment).filter_map(|one| one.referral);
        let earned = customers.find_map(|referral| self.draft.referral(referral)?.earned);
        if let Some(earned) = earned.filter(|earned| earned.currency() == currency) {
            history.customer_earned = Some(self.less_own(enrollment, earned)?);
        }
        for period in self.version.terms.periods().iter().copied() {
            let Some(tally) = self.tally(enrollment, period)? else {
                continue;
            };
            if is_lifted(&self.version.terms, period) {
                history.tallies.retain(|(of, _)| *of != period);
                history.tallies.push((period, tally));
                continue;
            }
            let known = history.tallies.iter_mut().find(|(of, _)| *of == period);
            match known {
                Some((_, then)) => then.earned = tally.earned,
                None => {
                    let mut nothing = Tally::nothing(currency);
                    nothing.earned = tally.earned;
                    history.tallies.push((period, nothing));
                }
            }
        }
        Ok(history)
    }

    /// What was sold and earned in the period by now, apart from this sale.
    fn tally(&self, enrollment: EnrollmentId, period: Period) -> Result<Option<Tally>, Error> {
        let (book, terms) = (self.draft.book, &self.version.terms);
        let span = Span::of(enrollment, terms.currency(), period, self.day);
        let Some(now) = book.tallies.get(&span) else {
            return Ok(None);
        };
        let (_, mut tally) = counted(period, now);
        let capped = Capped::of(terms, enrollment, self.day);
        if let Some(capped) = capped.filter(|capped| capped.period == period)
            && let Some(earned) = capped.earned(book, |span| self.own_in(span))?
        {
            tally.earned = earned;
        }
        if self.is_in(&span) {
            let conversion = &self.before.conversion;
            let (remaining, whole) = (conversion.remaining()?, conversion.amount());
            for one in self.counted_own(enrollment) {
                tally.conversions = tally.conversions.saturating_sub(1);
                let sold = one.earning.base.part_of(remaining, whole)?;
                tally.amount = tally.amount.checked_sub(sold)?;
            }
        }
        Ok(Some(tally))
    }

    /// Whether the sale is in the sum over these days.
    fn is_in(&self, span: &Span) -> bool {
        span.holds(&DayKey {
            enrollment: span.enrollment,
            currency: span.currency,
            day: self.before.conversion.day,
        })
    }

    /// What the sale has earned of the sum over these days.
    fn own_in(&self, span: &Span) -> Result<Money, MoneyError> {
        let mut own = Money::zero(span.currency);
        if self.is_in(span) {
            for one in self.counted_own(span.enrollment) {
                own = own.checked_add(one.amount)?;
            }
        }
        Ok(own)
    }

    fn own(&self, enrollment: EnrollmentId) -> impl Iterator<Item = &Commission> {
        let all = self.before.commissions.iter();
        all.filter(move |one| one.is_direct() && one.credit.enrollment == enrollment)
    }

    /// What is alive of it, and in the program's currency, is in the sums.
    fn counted_own(&self, enrollment: EnrollmentId) -> impl Iterator<Item = &Commission> {
        let currency = self.version.terms.currency();
        let own = self.own(enrollment);
        own.filter(move |one| one.is_alive() && one.amount.currency() == currency)
    }

    fn less_own(&self, enrollment: EnrollmentId, earned: Money) -> Result<Money, MoneyError> {
        let own = self.counted_own(enrollment).map(|one| one.amount);
        own.into_iter().try_fold(earned, Money::checked_sub)
    }
}

/// Whether a tier of this period lifts what was sold before in it.
fn is_lifted(terms: &Terms, period: Period) -> bool {
    let mut tiers = terms
        .incentives()
        .iter()
        .filter_map(|one| one.tiers.as_ref());
    tiers.any(|tiers| tiers.mode == TierMode::Retroactive && tiers.period == period)
}
