//! What the incentives of the terms pay.

use accrual_money::Money;
use time::{Month, OffsetDateTime, UtcOffset};

use super::coverage::{Coverage, number};
use super::{Case, DecideError, nothing, tiers};
use crate::{
    Incentive, LinePart, Nothing, Over, Part, PartPay, Pay, Reason, StepReached, StepStart,
};

/// What the most specific incentives pay of `base`.
#[inline]
pub(super) fn by_incentives(
    case: &Case<'_>,
    coverage: &Coverage<'_>,
    base: Money,
) -> Result<Reason, DecideError> {
    let why = match coverage.one_for_all() {
        Some(Some(rank)) => return whole(case, case.terms.index().place(rank), base),
        None => return by_line(case, coverage, base),
        Some(None) if case.terms.incentives().is_empty() => Nothing::NoIncentives,
        Some(None) => Nothing::NoneCovers,
    };
    Ok(nothing(why, base.currency()))
}

/// One incentive takes all of the sale.
#[inline]
fn whole(case: &Case<'_>, place: usize, base: Money) -> Result<Reason, DecideError> {
    let items = match case.sale.lines() {
        [] => 1,
        lines => lines.iter().map(|line| u64::from(line.quantity)).sum(),
    };
    let mut part = Part {
        incentive: number(place),
        of: base,
        items,
        lines: Vec::new(),
        step: None,
        tiers: None,
        pay: PartPay::Whole(case.terms.incentives()[place].pay),
    };
    find_pay(case, place, base, &mut part)?;
    Ok(Reason::Incentive(part))
}

/// Each line goes to the incentive that covers it.
fn by_line(case: &Case<'_>, coverage: &Coverage<'_>, base: Money) -> Result<Reason, DecideError> {
    let lines = coverage.lines(base)?;
    let mut parts = Vec::with_capacity(lines.taken.len());
    for (place, lines) in lines.taken {
        let amounts = lines.iter().map(|line| line.amount);
        let mut part = Part {
            incentive: number(place),
            of: Money::sum(amounts, base.currency())?,
            items: lines.iter().map(|line| quantity(case, line)).sum(),
            lines,
            step: None,
            tiers: None,
            pay: PartPay::Whole(case.terms.incentives()[place].pay),
        };
        find_pay(case, place, base, &mut part)?;
        parts.push(part);
    }
    let uncovered = lines.uncovered;
    Ok(Reason::Lines { parts, uncovered })
}

fn quantity(case: &Case<'_>, part: &LinePart) -> u64 {
    let place = usize::try_from(part.line).unwrap_or_default();
    let line = case.sale.lines().get(place.wrapping_sub(1));
    line.map_or(0, |line| line.quantity.into())
}

/// Puts into `part` how the incentive at `place` pays for it, of a sale with this `base`.
#[inline]
fn find_pay(
    case: &Case<'_>,
    place: usize,
    base: Money,
    part: &mut Part,
) -> Result<(), DecideError> {
    let incentive = &case.terms.incentives()[place];
    if let Some(over) = over(case, incentive) {
        part.pay = PartPay::Over(over);
        return Ok(());
    }
    let mut pay = incentive.pay;
    let reached = (1..).zip(&incentive.steps);
    if let Some((number, step)) = reached
        .filter(|(_, step)| is_reached(case, step.from))
        .last()
    {
        let from = step.from;
        part.step = Some(StepReached { number, from });
        part.pay = PartPay::Whole(step.pay);
        pay = step.pay;
    }
    if let Some(tiers) = &incentive.tiers {
        tiers::measure(case, tiers, part, pay, base)?;
    }
    match part.pay {
        PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. }) => {
            case.needs_program_currency(base.currency())
        }
        PartPay::Whole(Pay::Share(_)) | PartPay::Pieces(_) | PartPay::Over(_) => Ok(()),
    }
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
