//! What a sale earns: whoever sent the customer, and those who recruited them.

use accrual_attribution::{Credit, Weighted};
use accrual_commission::{Case, Decision, History, Lift, Period, Tally, Terms, decide, levels};
use accrual_money::{Money, Rate};

use super::{
    customers::Customers,
    draft::Draft,
    report::Earned,
    share::{Divided, divided, part},
};
use crate::{
    Conversion, DayTally, EarnedBy, Enrollment, EnrollmentState, Error, Program, Span,
    capped::Capped, decided::known,
};

/// What a sale earns, and by what it was decided.
pub(super) struct Priced<'a> {
    pub(super) terms: &'a Terms,
    pub(super) history: History,
    pub(super) agreed_rate: Option<Rate>,
    pub(super) decision: Decision,
    pub(super) earned: Vec<Earned>,
    pub(super) lift: Option<Lift>,
}

/// Decides the commission by the terms of the first who is credited, divides it between all, and
/// adds what those earn who recruited them.
///
/// Where several share a sale, nobody's own rate counts.
pub(super) fn price<'a>(
    draft: &Draft<'a>,
    conversion: &Conversion,
    credits: &[Weighted],
    customers: &Customers,
) -> Result<Priced<'a>, Error> {
    let first = credits.first().ok_or(Error::Internal)?.credit;
    let program = draft.book.program(first.program);
    let program: &'a Program = program.ok_or(Error::ProgramNotFound(first.program))?;
    let terms = &program.terms;
    let sale = conversion.facts.sale().ok_or(Error::AmountMissing)?;
    let history = history(draft, conversion, first, terms, customers)?;
    let agreed_rate = match credits {
        [_] => draft
            .book
            .enrollment(first.enrollment)
            .and_then(|enrollment| enrollment.rate),
        _ => None,
    };
    let case = Case::new(&sale, terms, conversion.occurred_at).with_history(&history);
    let decision = decide(&known(case, credits, agreed_rate))?;
    let nothing = Money::zero(terms.currency());
    let Divided { mut earned, lift } =
        divided(&decision, credits, &terms.rules().caps, |seller| {
            let customer = customers.before(seller).and_then(|known| known.earned);
            let period = Capped::of(terms, seller, conversion.day)
                .map(|capped| capped.earned(draft.book, |_| Ok(nothing)));
            Ok((customer, period.transpose()?.flatten()))
        })?;
    if !terms.rules().levels.is_empty() {
        add_levels(draft, terms, &mut earned, |one| {
            one.state == EnrollmentState::Active
        })?;
    }
    Ok(Priced {
        terms,
        history,
        agreed_rate,
        decision,
        earned,
        lift,
    })
}

/// What was before, as far as the terms look at it.
fn history(
    draft: &Draft<'_>,
    conversion: &Conversion,
    credit: Credit,
    terms: &Terms,
    customers: &Customers,
) -> Result<History, Error> {
    let mut history = History::default();
    if terms.looks_at_customers()
        && let Some(referral) = customers.before(credit.enrollment)
    {
        history.payments = referral.payments;
        history.first_payment_at = referral.first_payment_at;
        // What was earned before the program's currency changed counts under no cap.
        let is_counted = |earned: &Money| earned.currency() == terms.currency();
        history.customer_earned = referral.earned.filter(is_counted);
    }
    let currency = terms.currency();
    let nothing = Money::zero(currency);
    for period in terms.periods().iter().copied() {
        let span = Span::of(credit.enrollment, currency, period, conversion.day);
        if let Some(tally) = draft.book.tallies.get(&span) {
            history.tallies.push(counted(period, tally));
        }
    }
    if let Some(capped) = Capped::of(terms, credit.enrollment, conversion.day)
        && let Some(earned) = capped.earned(draft.book, |_| Ok(nothing))?
    {
        let mut tallies = history.tallies.iter_mut();
        if let Some((_, tally)) = tallies.find(|(period, _)| *period == capped.period) {
            tally.earned = earned;
        }
    }
    Ok(history)
}

pub(super) fn counted(period: Period, tally: &DayTally) -> (Period, Tally) {
    let tally = Tally {
        conversions: u64::try_from(tally.conversions).unwrap_or(0),
        amount: tally.base,
        earned: tally.earned,
    };
    (period, tally)
}

/// Adds what those earn who recruited the sellers, as far up as there is somebody who can.
pub(super) fn add_levels(
    draft: &Draft<'_>,
    terms: &Terms,
    earnings: &mut Vec<Earned>,
    is_meant: impl Fn(&Enrollment) -> bool,
) -> Result<(), Error> {
    let mut above = Vec::new();
    for seller in earnings.iter() {
        let amounts = levels(
            &terms.rules().levels,
            seller.earning.base,
            seller.earning.full,
        );
        let mut recruiter = recruiter(draft, seller.credit);
        for (amount, level) in amounts.into_iter().zip(1..) {
            let Some(enrollment) = recruiter.and_then(|id| draft.book.enrollment(id)) else {
                break;
            };
            recruiter = enrollment.recruiter;
            // One who has left earns nothing; those above are not affected.
            if is_meant(enrollment) {
                above.push(Earned {
                    credit: enrollment.credit(),
                    by: EarnedBy::Level(level),
                    earning: part(seller.earning.base, amount),
                });
            }
        }
    }
    earnings.extend(above);
    Ok(())
}

fn recruiter(draft: &Draft<'_>, seller: Credit) -> Option<accrual_attribution::EnrollmentId> {
    draft.book.enrollment(seller.enrollment)?.recruiter
}
