//! What the incentives of the terms pay.

use accrual_money::Money;
use time::{Month, OffsetDateTime, UtcOffset};

use super::coverage::{Coverage, number};
use super::{Case, DecideError, Found, nothing, tiers};
use crate::{
    Incentive, LinePart, Nothing, Over, Part, PartPay, Pay, Reason, StepReached, StepStart, Tried,
    TriedOutcome,
};

/// What the most specific incentives pay of `base`.
pub(super) fn by_incentives(case: &Case<'_>, base: Money) -> Result<Found, DecideError> {
    if case.terms.incentives().is_empty() {
        return Ok(nothing(Nothing::NoIncentives, base.currency()).into());
    }
    let coverage = Coverage::of(case.sale, case.terms);
    let mut found = match coverage.one_for_all() {
        Some(None) => nothing(Nothing::NoneCovers, base.currency()).into(),
        Some(Some(rank)) => whole(case, case.terms.index().place(rank), base)?,
        None => by_line(case, &coverage, base)?,
    };
    found.tried = coverage.tried();
    mark_over(&found.reason, &mut found.tried);
    Ok(found)
}

/// One incentive takes all of the sale.
fn whole(case: &Case<'_>, place: usize, base: Money) -> Result<Found, DecideError> {
    let incentive = &case.terms.incentives()[place];
    let items = match case.sale.lines() {
        [] => 1,
        lines => lines.iter().map(|line| u64::from(line.quantity)).sum(),
    };
    let part = part(case, place, (base, items, Vec::new()), base)?;
    let lift = tiers::lift(case, incentive, &part)?;
    Ok(Found {
        lift,
        ..Reason::Incentive(part).into()
    })
}

/// Each line goes to the incentive that covers it.
fn by_line(case: &Case<'_>, coverage: &Coverage<'_>, base: Money) -> Result<Found, DecideError> {
    let lines = coverage.lines(base)?;
    let parts = lines.taken.into_iter().map(|(place, lines)| {
        let amounts = lines.iter().map(|line| line.amount);
        let of = Money::sum(amounts, base.currency())?;
        let items = lines.iter().map(|line| quantity(case, line)).sum();
        part(case, place, (of, items, lines), base)
    });
    let parts = parts.collect::<Result<_, DecideError>>()?;
    let uncovered = lines.uncovered;
    Ok(Reason::Lines { parts, uncovered }.into())
}

fn quantity(case: &Case<'_>, part: &LinePart) -> u64 {
    let place = usize::try_from(part.line).unwrap_or_default();
    let line = case.sale.lines().get(place.wrapping_sub(1));
    line.map_or(0, |line| line.quantity.into())
}

/// What the incentive at `place` pays for what it covers of a sale with this `base`.
fn part(
    case: &Case<'_>,
    place: usize,
    (of, items, lines): (Money, u64, Vec<LinePart>),
    base: Money,
) -> Result<Part, DecideError> {
    let incentive = &case.terms.incentives()[place];
    let mut part = Part {
        incentive: number(place),
        of,
        items,
        lines,
        step: None,
        tiers: None,
        pay: PartPay::Whole(incentive.pay),
    };
    if let Some(over) = over(case, incentive) {
        part.pay = PartPay::Over(over);
        return Ok(part);
    }
    let mut pay = incentive.pay;
    let reached = (1..).zip(&incentive.steps);
    if let Some((number, step)) = reached
        .filter(|(_, step)| is_reached(case, step.from))
        .last()
    {
        let from = step.from;
        part.step = Some(StepReached { number, from });
        pay = step.pay;
    }
    part.pay = PartPay::Whole(pay);
    if let Some(tiers) = &incentive.tiers {
        tiers::measure(case, tiers, &mut part, pay, base)?;
    }
    match part.pay {
        PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. }) => {
            case.needs_program_currency(base.currency())?;
        }
        PartPay::Whole(Pay::Share(_)) | PartPay::Pieces(_) | PartPay::Over(_) => {}
    }
    Ok(part)
}

fn over(case: &Case<'_>, incentive: &Incentive) -> Option<Over> {
    let payment = u64::from(case.payments()) + 1;
    if let Some(length) = incentive.length.payments
        && payment > u64::from(length.get())
    {
        return Some(Over::Payments { length, payment });
    }
    let (length, since) = (incentive.length.months?, case.first_payment_at()?);
    let is_over = is_months_later(since, length.get(), case.occurred_at);
    is_over.then_some(Over::Months { length, since })
}

fn is_reached(case: &Case<'_>, from: StepStart) -> bool {
    match from {
        StepStart::Payment(payment) => case.payments() >= payment.get() - 1,
        StepStart::Month(months) => case
            .first_payment_at()
            .is_some_and(|first| is_months_later(first, months.get(), case.occurred_at)),
    }
}

/// Whether `at` is at least `months` calendar months (UTC) after `start`.
///
/// Where a month has no such day its last one counts: a month after January 31 is February 28.
/// Beyond the last day that there is, it never is.
fn is_months_later(start: OffsetDateTime, months: u16, at: OffsetDateTime) -> bool {
    let start = start.to_offset(UtcOffset::UTC);
    let months = i32::from(start.month() as u8) - 1 + i32::from(months);
    let year = start.year() + months.div_euclid(12);
    let month = Month::January.nth_next(u8::try_from(months.rem_euclid(12)).unwrap_or_default());
    let day = start.day().min(month.length(year));
    time::Date::from_calendar_date(year, month, day)
        .is_ok_and(|date| at >= start.replace_date(date))
}

fn mark_over(reason: &Reason, tried: &mut [Tried]) {
    let parts = match reason {
        Reason::Incentive(part) => std::slice::from_ref(part),
        Reason::Lines { parts, .. } => parts,
        Reason::SetByCaller { .. } | Reason::Rate { .. } | Reason::Nothing { .. } => &[],
    };
    for part in parts {
        if let PartPay::Over(_) = part.pay
            && let Some(tried) = tried.iter_mut().find(|one| one.incentive == part.incentive)
        {
            tried.outcome = TriedOutcome::IsOver;
        }
    }
}
