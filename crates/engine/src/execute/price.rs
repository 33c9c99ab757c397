//! What a sale earns: whoever sent the customer, and those who recruited them.

use accrual_attribution::{Credit, Weighted};
use accrual_commission::{Case, Decision, Earning, History, Period, Tally, Terms, decide, levels};
use accrual_money::{Money, Rate};

use super::{customers::Customers, draft::Draft, report::Earned};
use crate::{Conversion, DayTally, EarnedBy, Enrollment, Error, Program, Span};

/// What a sale earns, and by what it was decided.
pub(super) struct Priced<'a> {
    pub(super) terms: &'a Terms,
    pub(super) history: History,
    pub(super) agreed_rate: Option<Rate>,
    pub(super) decision: Decision,
    pub(super) earnings: Vec<Earned>,
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
    let history = history(draft, conversion, first, terms, customers);
    let agreed_rate = match credits {
        [_] => draft
            .book
            .enrollment(first.enrollment)
            .and_then(|enrollment| enrollment.rate),
        _ => None,
    };
    let case = Case::new(&sale, terms, conversion.occurred_at).with_history(&history);
    let case = match agreed_rate {
        Some(rate) => case.with_agreed_rate(rate),
        None => case,
    };
    let decision = decide(&case)?;
    let mut earnings = shared(decision.earning(), credits)?;
    if !terms.rules().levels.is_empty() {
        // One who has left earns nothing; those above are not affected.
        add_levels(draft, terms, &mut earnings, |above| above.is_active)?;
    }
    Ok(Priced {
        terms,
        history,
        agreed_rate,
        decision,
        earnings,
    })
}

/// What was before, as far as the terms look at it.
fn history(
    draft: &Draft<'_>,
    conversion: &Conversion,
    credit: Credit,
    terms: &Terms,
    customers: &Customers,
) -> History {
    let mut history = History::default();
    if terms.looks_at_customers()
        && let Some(referral) = customers.before(credit.enrollment)
    {
        history.payments = referral.payments;
        history.first_payment_at = referral.first_payment_at;
        let earned = referral.earned_in(terms.currency());
        history.customer_earned = Some(earned).filter(|earned| !earned.is_zero());
    }
    let currency = terms.currency();
    for period in terms.periods().iter().copied() {
        let span = Span::of(credit.enrollment, currency, period, conversion.day);
        if let Some(tally) = draft.book.tallies.get(&span) {
            history.tallies.push(counted(period, tally));
        }
    }
    history
}

pub(super) fn counted(period: Period, tally: &DayTally) -> (Period, Tally) {
    let tally = Tally {
        conversions: u64::try_from(tally.conversions).unwrap_or(0),
        amount: tally.base,
        earned: tally.earned,
    };
    (period, tally)
}

/// A commission that is a part of another amount: of what is left it earns its proportion.
pub(super) fn part(base: Money, full: Money) -> Earning {
    Earning {
        base,
        full,
        rate: None,
    }
}

/// The parts of those who are credited: one has it all, several divide it by largest remainder.
pub(super) fn shared(earning: Earning, credits: &[Weighted]) -> Result<Vec<Earned>, Error> {
    let earned = |credit, earning| Earned {
        credit,
        by: EarnedBy::Sale,
        earning,
    };
    if let [only] = credits {
        return Ok(vec![earned(only.credit, earning)]);
    }
    let weights: Vec<u64> = credits.iter().map(|one| one.weight).collect();
    let bases = earning.base.allocate(&weights)?;
    let parts = earning.full.allocate(&weights)?;
    let parts = bases.into_iter().zip(parts);
    Ok(credits
        .iter()
        .zip(parts)
        .map(|(one, (base, full))| earned(one.credit, part(base, full)))
        .collect())
}

/// Adds what those earn who recruited the sellers, as far up as there is somebody who can.
pub(super) fn add_levels(
    draft: &Draft<'_>,
    terms: &Terms,
    earnings: &mut Vec<Earned>,
    can_earn: impl Fn(&Enrollment) -> bool,
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
            if can_earn(enrollment) && amount.is_positive() {
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
