//! What caps cut off.

use accrual_money::Money;

use super::{Case, DecideError};
use crate::{Cap, Caps, Cut, Lift, Period, Tally};

/// The commission after caps, and each cut.
pub(super) fn cut(case: &Case<'_>, full: Money) -> Result<(Money, Vec<Cut>), DecideError> {
    let Caps {
        conversion,
        customer,
        period,
    } = case.terms.rules().caps;
    if conversion.is_none() && customer.is_none() && period.is_none() {
        return Ok((full, Vec::new()));
    }
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
    let (mut amount, mut cuts) = (full, Vec::new());
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
    Ok((amount, cuts))
}

/// Gives a lift the caps that it has to keep, after this sale's own commission.
pub(super) fn limit(case: &Case<'_>, lift: &mut Lift, own: Money) -> Result<(), DecideError> {
    let caps = case.terms.rules().caps;
    lift.conversion_cap = caps.conversion;
    lift.room = match caps.period {
        Some(cap) => {
            let earned = case.tally(cap.period).earned;
            Some(room(cap.amount, earned.checked_add(own)?)?)
        }
        None => None,
    };
    Ok(())
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
