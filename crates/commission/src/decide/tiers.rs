//! What tiers make of what an incentive pays.

use accrual_money::{Money, MoneyError, Rate};

use super::{Case, DecideError, caps};
use crate::{
    Lift, Part, PartPay, Pay, Piece, Reason, Tally, Threshold, Tier, TierMode, TierReached, Tiers,
    TiersMeasured,
};

/// Puts into `part` what the tiers of its incentive make of `pay`, which it pays below them.
pub(super) fn measure(
    case: &Case<'_>,
    tiers: &Tiers,
    part: &mut Part,
    pay: Pay,
    base: Money,
) -> Result<(), DecideError> {
    let measured = measured(case, tiers, base)?;
    let reached = highest(&tiers.tiers, measured);
    part.tiers = Some(TiersMeasured {
        mode: tiers.mode,
        period: tiers.period,
        measured,
        reached: reached.map(|(tier, _)| tier),
    });
    part.pay = match (tiers.mode, measured) {
        (TierMode::Marginal, Threshold::Amount(before)) => {
            pieces(&tiers.tiers, before, part.of, share_of(pay))?
        }
        (TierMode::Marginal, Threshold::Count(_))
        | (TierMode::ReachedBefore | TierMode::OwnSize | TierMode::Retroactive, _) => {
            PartPay::Whole(reached.map_or(pay, |(_, pay)| pay))
        }
    };
    Ok(())
}

/// That this sale is the first to reach a tier to which the sales before it are lifted.
///
/// `own` is what it earns itself, after caps.
pub(super) fn lift(
    case: &Case<'_>,
    reason: &Reason,
    own: Money,
) -> Result<Option<Lift>, DecideError> {
    // Terms with such tiers have no incentives for products: one of them takes the whole sale.
    let Reason::Incentive(part) = reason else {
        return Ok(None);
    };
    let (Some(found), PartPay::Whole(pay)) = (part.tiers, &part.pay) else {
        return Ok(None);
    };
    let (TierMode::Retroactive, Some(reached)) = (found.mode, found.reached) else {
        return Ok(None);
    };
    let before = case.tally(found.period);
    // Also where the tier was reached before: by a sale that something else decided, perhaps.
    if before.conversions == 0 {
        return Ok(None);
    }
    Ok(Some(Lift {
        incentive: part.incentive,
        tier: reached.number,
        period: found.period,
        pay: *pay,
        conversion_cap: case.terms.rules().caps.conversion,
        room: caps::room_for_lifts(case, own)?,
    }))
}

/// How much is measured: of the kind that the thresholds are.
fn measured(case: &Case<'_>, tiers: &Tiers, base: Money) -> Result<Threshold, DecideError> {
    let is_count = matches!(
        tiers.tiers.first(),
        Some(Tier {
            from: Threshold::Count(_),
            ..
        })
    );
    let before = match tiers.mode {
        TierMode::OwnSize => Tally::nothing(case.terms.currency()),
        TierMode::ReachedBefore | TierMode::Marginal | TierMode::Retroactive => {
            case.tally(tiers.period)
        }
    };
    let counts_this = match tiers.mode {
        TierMode::OwnSize | TierMode::Retroactive => true,
        TierMode::ReachedBefore | TierMode::Marginal => false,
    };
    if is_count {
        let own = u64::from(counts_this);
        return Ok(Threshold::Count(before.conversions.saturating_add(own)));
    }
    case.needs_program_currency(base.currency())?;
    let own = if counts_this {
        base
    } else {
        Money::zero(base.currency())
    };
    Ok(Threshold::Amount(before.amount.checked_add(own)?))
}

/// The highest tier that `measured` reaches, and what it pays.
fn highest(tiers: &[Tier], measured: Threshold) -> Option<(TierReached, Pay)> {
    let reached = tiers.partition_point(|tier| is_reached(tier.from, measured));
    let tier = tiers.get(reached.checked_sub(1)?)?;
    Some((numbered(reached, tier), tier.pay))
}

/// All thresholds of an incentive and what is measured are of one kind and currency.
fn is_reached(from: Threshold, measured: Threshold) -> bool {
    match (from, measured) {
        (Threshold::Amount(from), Threshold::Amount(measured)) => from.minor() <= measured.minor(),
        (Threshold::Count(from), Threshold::Count(measured)) => from <= measured,
        (Threshold::Amount(_), Threshold::Count(_))
        | (Threshold::Count(_), Threshold::Amount(_)) => false,
    }
}

fn numbered(number: usize, tier: &Tier) -> TierReached {
    TierReached {
        // An incentive has at most 50 tiers.
        number: u32::try_from(number).unwrap_or(u32::MAX),
        from: tier.from,
    }
}

/// `of`, which comes after `before` has been sold, cut at the thresholds.
fn pieces(tiers: &[Tier], before: Money, of: Money, own: Rate) -> Result<PartPay, DecideError> {
    let after = before.checked_add(of)?;
    let mut from = before;
    let mut pieces = Vec::new();
    let mut current = (None, own);
    for (tier, number) in tiers.iter().zip(1..) {
        let Threshold::Amount(threshold) = tier.from else {
            continue;
        };
        if threshold.minor() > from.minor() {
            if threshold.minor() >= after.minor() {
                break;
            }
            pieces.push(piece(from, threshold, current)?);
            from = threshold;
        }
        current = (Some(numbered(number, tier)), share_of(tier.pay));
    }
    if pieces.is_empty() {
        return Ok(PartPay::Whole(Pay::Share(current.1)));
    }
    pieces.push(piece(from, after, current)?);
    Ok(PartPay::Pieces(pieces))
}

fn piece(
    from: Money,
    to: Money,
    (tier, rate): (Option<TierReached>, Rate),
) -> Result<Piece, MoneyError> {
    Ok(Piece {
        of: to.checked_sub(from)?,
        rate,
        tier,
    })
}

/// Terms pay tiers piece by piece only if all that the incentive pays are shares.
fn share_of(pay: Pay) -> Rate {
    match pay {
        Pay::Share(rate) | Pay::ShareAndFixed { share: rate, .. } => rate,
        Pay::Fixed(_) | Pay::PerItem(_) => Rate::ZERO,
    }
}
