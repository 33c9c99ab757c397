//! What the most specific incentive pays for each line.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_commission::{
    Condition, Incentive, IncentiveNumber, Interval, Pay, Period, Scope, StepStart, Threshold,
    TierMode, Tiers,
};
use accrual_money::{Currency, Rate};
use time::{Date, Month, OffsetDateTime};

use super::{
    integers::{WHOLE, billionths, divided, minor, rounded},
    pricing::{Case, Paid},
};
use crate::{Error, Facts, Line};

/// A tier that pays for the other sales of its period too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Retroactive {
    pub(super) incentive: IncentiveNumber,
    pub(super) period: Period,
    pub(super) pay: Pay,
}

/// What one incentive pays for.
struct Part<'a> {
    incentive: &'a Incentive,
    /// How much of the base, and how many items.
    of: i128,
    items: i128,
}

/// How it is paid: shares, in billionths of minor units, and an amount besides.
struct Due {
    shares: i128,
    besides: i128,
    /// What is paid, if that is one pay for all of it.
    pay: Option<Pay>,
    is_over: bool,
    retroactive: Option<(Period, Pay)>,
}

pub(super) fn by_incentives(
    case: &Case<'_>,
    base: i128,
    currency: Currency,
) -> Result<Paid, Error> {
    let (facts, incentives) = (case.facts, &case.rules.incentives);
    // What is below zero is no line, but something that is taken off.
    let lines: Vec<&Line> = facts
        .lines
        .iter()
        .filter(|line| line.amount.minor() >= 0)
        .collect();
    let takers: Vec<Option<usize>> = if lines.is_empty() {
        vec![taker(incentives, facts, None)]
    } else {
        lines
            .iter()
            .map(|line| taker(incentives, facts, Some(*line)))
            .collect()
    };
    if takers.iter().all(|taker| *taker == takers[0]) {
        let Some(place) = takers[0] else {
            return Ok(Paid::nothing());
        };
        let items = match lines.as_slice() {
            [] => 1,
            lines => lines.iter().map(|line| i128::from(line.quantity)).sum(),
        };
        let part = Part {
            incentive: &incentives[place],
            of: base,
            items,
        };
        return alone(case, &part, place, (base, currency));
    }
    let of_lines = divided(base, &weights(&lines));
    let (mut shares, mut besides) = (0, 0);
    for (place, incentive) in incentives.iter().enumerate() {
        let own = || (0..takers.len()).filter(|line| takers[*line] == Some(place));
        if own().next().is_none() {
            continue;
        }
        let part = Part {
            incentive,
            of: own().map(|line| of_lines[line]).sum(),
            items: own().map(|line| i128::from(lines[line].quantity)).sum(),
        };
        let due = due(case, &part, base, currency)?;
        shares += due.shares;
        besides += due.besides;
    }
    Ok(Paid {
        amount: rounded(shares, WHOLE) + besides,
        ..Paid::nothing()
    })
}

/// One incentive takes it all.
fn alone(
    case: &Case<'_>,
    part: &Part<'_>,
    place: usize,
    (base, currency): (i128, Currency),
) -> Result<Paid, Error> {
    let due = due(case, part, base, currency)?;
    let number = IncentiveNumber::new(u32::try_from(place + 1).expect("few incentives"));
    Ok(Paid {
        amount: rounded(due.shares, WHOLE) + due.besides,
        rate: match due.pay {
            Some(Pay::Share(rate)) => Some(rate),
            Some(Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. }) | None => None,
        },
        incentive: (!due.is_over).then_some(number),
        retroactive: due.retroactive.map(|(period, pay)| Retroactive {
            incentive: number,
            period,
            pay,
        }),
    })
}

/// In which proportion lines share the base.
fn weights(lines: &[&Line]) -> Vec<i128> {
    let amounts: Vec<i128> = lines.iter().map(|line| minor(line.amount)).collect();
    if amounts.iter().all(|amount| *amount == 0) {
        return vec![1; amounts.len()];
    }
    amounts
}

/// The place of the most specific incentive that covers a line, or the sale without lines.
fn taker(incentives: &[Incentive], facts: &Facts, line: Option<&Line>) -> Option<usize> {
    let mut best: Option<((u8, usize), usize)> = None;
    for (place, incentive) in incentives.iter().enumerate() {
        let Some(scope) = covers(&incentive.scope, facts, line) else {
            continue;
        };
        let mut conditions = incentive.conditions.iter();
        if !conditions.all(|condition| holds(condition, facts)) {
            continue;
        }
        let specificity = (scope, incentive.conditions.len());
        if best.is_none_or(|(most, _)| specificity > most) {
            best = Some((specificity, place));
        }
    }
    best.map(|(_, place)| place)
}

/// How specific the scope is, if it covers the line.
fn covers(scope: &Scope, facts: &Facts, line: Option<&Line>) -> Option<u8> {
    let is_every = |interval| facts.interval == Some(interval);
    let (covers, specificity) = match scope {
        Scope::All => (true, 0),
        Scope::Type(sale_type) => (*sale_type == facts.sale_type, 1),
        Scope::Monthly => (is_every(Interval::Monthly), 2),
        Scope::Yearly => (is_every(Interval::Yearly), 3),
        Scope::Products(names) => (
            line.is_some_and(|one| names.contains(one.product.as_str())),
            4,
        ),
        Scope::Prices(names) => {
            let price = line.and_then(|one| one.price.as_ref());
            (price.is_some_and(|price| names.contains(price.as_str())), 5)
        }
    };
    covers.then_some(specificity)
}

fn holds(condition: &Condition, facts: &Facts) -> bool {
    match condition {
        Condition::Country(countries) => facts
            .country
            .is_some_and(|country| countries.contains(&country)),
        Condition::Metadata { key, value } => {
            let has = facts.metadata.get(&**key);
            has.is_some_and(|has| match has {
                serde_json::Value::String(text) => **text == **value,
                serde_json::Value::Bool(truth) => truth.to_string() == **value,
                serde_json::Value::Number(number) => number.to_string() == **value,
                serde_json::Value::Null
                | serde_json::Value::Array(_)
                | serde_json::Value::Object(_) => false,
            })
        }
    }
}

/// What an incentive pays for a part of a sale with this base.
fn due(case: &Case<'_>, part: &Part<'_>, base: i128, currency: Currency) -> Result<Due, Error> {
    let incentive = part.incentive;
    let nothing = Due {
        shares: 0,
        besides: 0,
        pay: None,
        is_over: true,
        retroactive: None,
    };
    if is_over(case, incentive) {
        return Ok(nothing);
    }
    let mut steps = incentive
        .steps
        .iter()
        .filter(|step| is_reached(case, step.from));
    let mut pay = steps.next_back().map_or(incentive.pay, |step| step.pay);
    let mut retroactive = None;
    if let Some(tiers) = &incentive.tiers {
        let before = measured(case, tiers, base, currency)?;
        if tiers.mode == TierMode::Marginal {
            let own = rate(pay);
            return Ok(Due {
                is_over: false,
                ..marginal(tiers, before, part.of, own)
            });
        }
        if let Some(tier) = tiers
            .tiers
            .iter()
            .rfind(|tier| threshold(tier.from) <= before)
        {
            pay = tier.pay;
            let pays_earlier = tiers.mode == TierMode::Retroactive;
            retroactive = pays_earlier.then_some((tiers.period, pay));
        }
    }
    let (share, besides) = match pay {
        Pay::Share(rate) => (billionths(rate), 0),
        Pay::Fixed(amount) => (0, minor(amount)),
        Pay::PerItem(each) => (0, minor(each) * part.items),
        Pay::ShareAndFixed { share, fixed } => (billionths(share), minor(fixed)),
    };
    if !matches!(pay, Pay::Share(_)) {
        case.needs_exchange(currency)?;
    }
    Ok(Due {
        shares: part.of * share,
        besides,
        pay: Some(pay),
        is_over: false,
        retroactive,
    })
}

/// Whether it pays nothing any more for this customer.
fn is_over(case: &Case<'_>, incentive: &Incentive) -> bool {
    let paid_before = |most: NonZeroU32| case.known.payments >= most.get();
    let for_months = |months: NonZeroU16| has_paid_for(case, months);
    incentive.length.payments.is_some_and(paid_before)
        || incentive.length.months.is_some_and(for_months)
}

fn is_reached(case: &Case<'_>, from: StepStart) -> bool {
    match from {
        StepStart::Payment(payment) => case.known.payments + 1 >= payment.get(),
        StepStart::Month(months) => has_paid_for(case, months),
    }
}

/// Whether the customer's first payment was so many calendar months before the sale.
fn has_paid_for(case: &Case<'_>, months: NonZeroU16) -> bool {
    let Some(first) = case.known.first_payment_at else {
        return false;
    };
    case.occurred_at >= months_later(first, months.get())
}

fn months_later(start: OffsetDateTime, months: u16) -> OffsetDateTime {
    let (mut year, mut month) = (start.year(), start.month());
    for _ in 0..months {
        month = month.next();
        year += i32::from(month == Month::January);
    }
    let mut day = start.day();
    loop {
        match Date::from_calendar_date(year, month, day) {
            Ok(date) => return start.replace_date(date),
            Err(_) => day -= 1,
        }
    }
}

/// What tiers measure: before the sale, or with it.
fn measured(case: &Case<'_>, tiers: &Tiers, base: i128, currency: Currency) -> Result<i128, Error> {
    let (count, amount) = case.known.sold(tiers.period);
    let before = match tiers.tiers[0].from {
        Threshold::Amount(_) => {
            case.needs_exchange(currency)?;
            amount
        }
        Threshold::Count(_) => count.into(),
    };
    let own = own_of(tiers, base);
    Ok(match tiers.mode {
        TierMode::ReachedBefore | TierMode::Marginal => before,
        TierMode::OwnSize => own,
        TierMode::Retroactive => before + own,
    })
}

/// What this sale adds to what tiers measure.
fn own_of(tiers: &Tiers, base: i128) -> i128 {
    match tiers.tiers[0].from {
        Threshold::Amount(_) => base,
        Threshold::Count(_) => 1,
    }
}

fn threshold(from: Threshold) -> i128 {
    match from {
        Threshold::Amount(amount) => minor(amount),
        Threshold::Count(count) => count.into(),
    }
}

fn rate(pay: Pay) -> Rate {
    match pay {
        Pay::Share(rate) => rate,
        Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. } => {
            panic!("such tiers pay shares only")
        }
    }
}

/// Each tier pays for what lies in it, of what is sold after `before` has been.
fn marginal(tiers: &Tiers, before: i128, of: i128, own: Rate) -> Due {
    let after = before + of;
    let mut bands = vec![(i128::MIN, own)];
    bands.extend(
        tiers
            .tiers
            .iter()
            .map(|tier| (threshold(tier.from), rate(tier.pay))),
    );
    let ends = bands
        .iter()
        .skip(1)
        .map(|(from, _)| *from)
        .chain([i128::MAX]);
    let (mut shares, mut rates) = (0, Vec::new());
    for ((from, rate), end) in bands.iter().zip(ends) {
        let within = after.min(end).saturating_sub(before.max(*from));
        if within > 0 {
            shares += within * billionths(*rate);
            rates.push(*rate);
        }
    }
    if of == 0 {
        let here = bands.iter().rfind(|(from, _)| *from <= before);
        rates.extend(here.map(|(_, rate)| *rate));
    }
    let pay = match rates.as_slice() {
        [only] => Some(Pay::Share(*only)),
        _ => None,
    };
    Due {
        shares,
        besides: 0,
        pay,
        is_over: false,
        retroactive: None,
    }
}
