//! How what is earned is divided between those who share a sale.

use accrual_attribution::{EnrollmentId, Weighted};
use accrual_commission::{Caps, Decision, Earning, Lift, Reason};
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

/// What is divided between those who share a sale.
pub(super) struct Divided {
    /// What each has of it, in the order of the credits.
    pub(super) earned: Vec<Earned>,
    /// What the first of them is paid for earlier sales.
    pub(super) lift: Option<Lift>,
}

/// Divides what was decided between those who are credited; where they are several, each has caps
/// of its own. `before` says what one of them has earned before.
pub(super) fn divided(
    decision: &Decision,
    credits: &[Weighted],
    caps: &Caps,
    before: impl Fn(EnrollmentId) -> Result<Before, Error>,
) -> Result<Divided, Error> {
    let mut earned = shared(decision.earning(), credits)?;
    let mut lift = decision.lift;
    // What a caller has set is under no cap.
    if credits.len() == 1 || matches!(decision.reason, Reason::SetByCaller { .. }) {
        return Ok(Divided { earned, lift });
    }
    let mut rooms = Vec::with_capacity(earned.len());
    for one in &mut earned {
        rooms.push(cut_to_caps(
            &mut one.earning,
            caps,
            before(one.credit.enrollment)?,
        )?);
    }
    if let (Some(lift), Some(room)) = (&mut lift, rooms.first()) {
        lift.room = *room;
    }
    Ok(Divided { earned, lift })
}

/// The parts of those who are credited: one has it all, several divide it by largest remainder.
fn shared(earning: Earning, credits: &[Weighted]) -> Result<Vec<Earned>, Error> {
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

/// What one of those who share has earned before under the caps of a customer and of a period.
pub(super) type Before = (Option<Money>, Option<Money>);

/// Cuts what one of those who share earns to what caps leave, and says what is left of the period's.
fn cut_to_caps(
    earning: &mut Earning,
    caps: &Caps,
    (customer, period): Before,
) -> Result<Option<Money>, Error> {
    let room = |cap: Option<Money>, earned: Option<Money>, full: Money| {
        let Some(cap) = cap.filter(|cap| cap.currency() == full.currency()) else {
            return Ok::<_, Error>(None);
        };
        let zero = Money::zero(cap.currency());
        let earned = earned.filter(|earned| earned.currency() == cap.currency());
        Ok(Some(cap.checked_sub(earned.unwrap_or(zero))?.max(zero)?))
    };
    let full = earning.full;
    let of_customer = room(caps.customer, customer, full)?;
    let of_period = room(caps.period.map(|cap| cap.amount), period, full)?;
    for room in [of_customer, of_period].into_iter().flatten() {
        earning.full = earning.full.min(room)?;
    }
    let left = of_period.map(|room| room.checked_sub(earning.full));
    Ok(left.transpose()?)
}
