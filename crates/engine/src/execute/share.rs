//! How what is earned is divided between those who share a sale.

use accrual_attribution::{EnrollmentId, Weighted};
use accrual_commission::{Caps, Earning, History, Lift};
use accrual_money::Money;

use super::report::Earned;
use crate::{EarnedBy, Error};

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

/// The same history without what was earned under caps: where several share, each has caps of its
/// own.
pub(super) fn without_caps(history: &mut History) {
    history.customer_earned = None;
    for (_, tally) in &mut history.tallies {
        tally.earned = Money::zero(tally.earned.currency());
    }
}

/// What one of those who share has earned before under the caps of a customer and of a period.
pub(super) type Before = (Option<Money>, Option<Money>);

/// Cuts each part to what is left under the caps of whoever it is for; to a lift, which is of the
/// first one's earlier sales, the same cap leaves what this part does not take.
pub(super) fn cut_to_caps(
    earned: &mut [Earned],
    lift: &mut Option<Lift>,
    caps: &Caps,
    before: impl Fn(EnrollmentId) -> Result<Before, Error>,
) -> Result<(), Error> {
    let mut lift = lift.as_mut();
    for one in earned {
        let (customer, period) = before(one.credit.enrollment)?;
        let period_cap = caps.period.map(|cap| cap.amount);
        for (cap, earned) in [(caps.customer, customer), (period_cap, period)] {
            let full = one.earning.full;
            let Some(cap) = cap.filter(|cap| cap.currency() == full.currency()) else {
                continue;
            };
            one.earning.full = full.min(room(cap, earned)?)?;
        }
        let full = one.earning.full;
        let period_cap = period_cap.filter(|cap| cap.currency() == full.currency());
        if let (Some(lift), Some(cap)) = (lift.take(), period_cap) {
            lift.room = Some(room(cap.checked_sub(full)?, period)?);
        }
    }
    Ok(())
}

/// What is left under a cap, zero or more.
fn room(cap: Money, earned: Option<Money>) -> Result<Money, Error> {
    let zero = Money::zero(cap.currency());
    let earned = earned.filter(|earned| earned.currency() == cap.currency());
    Ok(cap.checked_sub(earned.unwrap_or(zero))?.max(zero)?)
}
