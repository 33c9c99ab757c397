//! What caps cut off.

use accrual_money::Money;

use super::{Case, DecideError};
use crate::{Cap, Caps, Cut, Period, Tally};

/// The commission after caps; each cut goes into `cuts`. What the caller set is not cut.
#[inline]
pub(super) fn cut(case: &Case<'_>, full: Money, cuts: &mut Vec<Cut>) -> Result<Money, DecideError> {
    let is_set = case.sale.amount_override().is_some();
    if is_set || case.terms.rules().caps == Caps::default() {
        return Ok(full);
    }
    cut_by(caps(case), case, full, cuts)
}

/// Those that cut the whole of the sale's commission.
fn caps(case: &Case<'_>) -> Caps {
    let caps = case.terms.rules().caps;
    if case.is_shared {
        return Caps {
            conversion: caps.conversion,
            ..Caps::default()
        };
    }
    caps
}

fn cut_by(
    caps: Caps,
    case: &Case<'_>,
    full: Money,
    cuts: &mut Vec<Cut>,
) -> Result<Money, DecideError> {
    let Caps {
        conversion,
        customer,
        period,
    } = caps;
    case.needs_program_currency(full.currency())?;
    let zero = Money::zero(full.currency());
    let of_customer = case.history.and_then(|history| history.customer_earned);
    let caps = [
        conversion.map(|limit| (Cap::Conversion, limit, zero)),
        customer.map(|limit| (Cap::Customer, limit, of_customer.unwrap_or(zero))),
        period.map(|cap| {
            let earned = case.tally(cap.period).earned;
            (Cap::Period(cap.period), cap.amount, earned)
        }),
    ];
    let mut amount = full;
    for (cap, limit, earned) in caps.into_iter().flatten() {
        let before = amount;
        amount = before.min(room(limit, earned)?)?;
        if amount != before {
            cuts.push(Cut {
                cap,
                limit,
                earned,
                before,
                after: amount,
            });
        }
    }
    Ok(amount)
}

/// What the period's cap leaves for lifts, after what this sale itself earns; `None` without one.
pub(super) fn room_for_lifts(case: &Case<'_>, own: Money) -> Result<Option<Money>, DecideError> {
    let Some(cap) = caps(case).period else {
        return Ok(None);
    };
    let earned = case.tally(cap.period).earned;
    room(cap.amount, earned.checked_add(own)?).map(Some)
}

/// What is left under a limit, zero or more.
fn room(limit: Money, earned: Money) -> Result<Money, DecideError> {
    let left = limit.checked_sub(earned)?;
    Ok(left.max(Money::zero(limit.currency()))?)
}

impl Case<'_> {
    /// What the enrollment sold and earned before, in the program's currency.
    pub(super) fn tally(&self, period: Period) -> Tally {
        let currency = self.terms.currency();
        self.history.map_or(Tally::nothing(currency), |history| {
            history.tally(period, currency)
        })
    }
}
