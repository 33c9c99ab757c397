//! Which rules can be terms.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_money::{Currency, Money};

use super::error::NotWithRetroactive;
use crate::{
    Condition, Incentive, IncentiveNumber, Pay, Period, PeriodCap, Rules, Scope, ScopeKind,
    StepStart, Terms, TermsError, Threshold, TierMode, Tiers,
};

pub(super) fn check(rules: &Rules) -> Result<(), TermsError> {
    let (incentives, levels) = (rules.incentives.len(), rules.levels.len());
    if incentives > Terms::MAX_INCENTIVES {
        return Err(TermsError::TooManyIncentives { given: incentives });
    }
    if levels > Terms::MAX_LEVELS {
        return Err(TermsError::TooManyLevels { given: levels });
    }
    for (number, incentive) in (1..).map(IncentiveNumber::new).zip(&rules.incentives) {
        check_incentive(number, incentive, rules)?;
    }
    if let Some(Period::RollingDays(days)) = rules.caps.period.map(|cap| cap.period)
        && days.get() > PeriodCap::MAX_ROLLING_DAYS
    {
        return Err(TermsError::CapTooLong { days: days.get() });
    }
    let of_period = rules.caps.period.map(|cap| cap.amount);
    [
        rules.minimum_sale,
        rules.caps.conversion,
        rules.caps.customer,
        of_period,
    ]
    .into_iter()
    .flatten()
    .try_for_each(|amount| check_amount(amount, rules.currency))
}

fn check_incentive(
    number: IncentiveNumber,
    incentive: &Incentive,
    rules: &Rules,
) -> Result<(), TermsError> {
    check_pay(incentive.pay, rules.currency)?;
    check_names(number, incentive)?;
    check_steps(number, incentive, rules.currency)?;
    match &incentive.tiers {
        None => Ok(()),
        Some(tiers) => {
            check_tiers(number, tiers, rules.currency)?;
            check_mode(number, incentive, tiers)?;
            match tiers.mode {
                TierMode::Retroactive => check_retroactive(number, incentive, tiers, rules),
                TierMode::ReachedBefore | TierMode::OwnSize | TierMode::Marginal => Ok(()),
            }
        }
    }
}

fn check_amount(amount: Money, currency: Currency) -> Result<(), TermsError> {
    if amount.currency() != currency {
        return Err(TermsError::OtherCurrency { amount, currency });
    }
    if amount.is_negative() {
        return Err(TermsError::NegativeAmount { amount });
    }
    Ok(())
}

fn check_pay(pay: Pay, currency: Currency) -> Result<(), TermsError> {
    match pay {
        Pay::Share(_) => Ok(()),
        Pay::Fixed(amount) | Pay::PerItem(amount) | Pay::ShareAndFixed { fixed: amount, .. } => {
            check_amount(amount, currency)
        }
    }
}

fn check_names(number: IncentiveNumber, incentive: &Incentive) -> Result<(), TermsError> {
    let given = incentive.conditions.len();
    if given > Incentive::MAX_CONDITIONS {
        return Err(TermsError::TooManyConditions {
            incentive: number,
            given,
        });
    }
    let of_scope = match &incentive.scope {
        Scope::All | Scope::Type(_) | Scope::Monthly | Scope::Yearly => None,
        Scope::Products(names) | Scope::Prices(names) => Some(names.len()),
    };
    let of_conditions = incentive
        .conditions
        .iter()
        .filter_map(|condition| match condition {
            Condition::Country(countries) => Some(countries.len()),
            Condition::Metadata { .. } => None,
        });
    for given in of_scope.into_iter().chain(of_conditions) {
        if given == 0 {
            return Err(TermsError::NoNames { incentive: number });
        }
        if given > Incentive::MAX_NAMES {
            return Err(TermsError::TooManyNames {
                incentive: number,
                given,
            });
        }
    }
    Ok(())
}

/// Payments and months each go up; which of the two comes first nobody can know.
fn check_steps(
    number: IncentiveNumber,
    incentive: &Incentive,
    currency: Currency,
) -> Result<(), TermsError> {
    let given = incentive.steps.len();
    if given > Incentive::MAX_STEPS {
        return Err(TermsError::TooManySteps {
            incentive: number,
            given,
        });
    }
    let (mut last_payment, mut last_month) = (None::<NonZeroU32>, None::<NonZeroU16>);
    for (step, place) in incentive.steps.iter().zip(1..) {
        check_pay(step.pay, currency)?;
        let is_later = match step.from {
            StepStart::Payment(payment) => Some(payment) > last_payment.replace(payment),
            StepStart::Month(month) => Some(month) > last_month.replace(month),
        };
        if !is_later {
            return Err(TermsError::StepsNotAscending {
                incentive: number,
                step: place,
            });
        }
    }
    Ok(())
}

fn check_tiers(
    number: IncentiveNumber,
    tiers: &Tiers,
    currency: Currency,
) -> Result<(), TermsError> {
    let (incentive, given) = (number, tiers.tiers.len());
    if given == 0 {
        return Err(TermsError::NoTiers { incentive });
    }
    if given > Tiers::MAX_TIERS {
        return Err(TermsError::TooManyTiers { incentive, given });
    }
    for tier in &tiers.tiers {
        check_pay(tier.pay, currency)?;
        match tier.from {
            Threshold::Amount(amount) => check_amount(amount, currency)?,
            Threshold::Count(_) => {}
        }
    }
    for (pair, tier) in tiers.tiers.windows(2).zip(2..) {
        let is_above = match (pair[0].from, pair[1].from) {
            (Threshold::Amount(lower), Threshold::Amount(upper)) => lower.minor() < upper.minor(),
            (Threshold::Count(lower), Threshold::Count(upper)) => lower < upper,
            (Threshold::Amount(_), Threshold::Count(_))
            | (Threshold::Count(_), Threshold::Amount(_)) => {
                return Err(TermsError::MixedThresholds { incentive });
            }
        };
        if !is_above {
            return Err(TermsError::TiersNotAscending { incentive, tier });
        }
    }
    Ok(())
}

fn check_mode(
    number: IncentiveNumber,
    incentive: &Incentive,
    tiers: &Tiers,
) -> Result<(), TermsError> {
    let counts = tiers
        .tiers
        .iter()
        .any(|tier| matches!(tier.from, Threshold::Count(_)));
    match tiers.mode {
        TierMode::ReachedBefore | TierMode::Retroactive => Ok(()),
        TierMode::OwnSize | TierMode::Marginal if counts => {
            Err(TermsError::TiersNeedAmounts { incentive: number })
        }
        TierMode::OwnSize => Ok(()),
        TierMode::Marginal => {
            if pays(incentive, tiers).all(|pay| matches!(pay, Pay::Share(_))) {
                Ok(())
            } else {
                Err(TermsError::MarginalNeedsShares { incentive: number })
            }
        }
    }
}

fn check_retroactive(
    number: IncentiveNumber,
    incentive: &Incentive,
    tiers: &Tiers,
    rules: &Rules,
) -> Result<(), TermsError> {
    let is_by_line = |other: &Incentive| match other.scope.kind() {
        ScopeKind::Products | ScopeKind::Prices => true,
        ScopeKind::All | ScopeKind::Type(_) | ScopeKind::Monthly | ScopeKind::Yearly => false,
    };
    let of_other_period = |cap: PeriodCap| cap.period != tiers.period;
    let is_rolling = |cap: PeriodCap| matches!(cap.period, Period::RollingDays(_));
    let with = if pays(incentive, tiers).any(|pay| matches!(pay, Pay::PerItem(_))) {
        NotWithRetroactive::PerItem
    } else if !incentive.steps.is_empty() {
        NotWithRetroactive::Steps
    } else if rules.caps.customer.is_some() {
        NotWithRetroactive::CustomerCap
    } else if rules.caps.period.is_some_and(of_other_period) {
        NotWithRetroactive::OtherPeriodCap
    } else if rules.caps.period.is_some_and(is_rolling) {
        NotWithRetroactive::RollingCap
    } else if rules.incentives.iter().any(is_by_line) {
        NotWithRetroactive::Lines
    } else {
        return Ok(());
    };
    Err(TermsError::Retroactive {
        incentive: number,
        with,
    })
}

/// Everything that it may pay.
fn pays(incentive: &Incentive, tiers: &Tiers) -> impl Iterator<Item = Pay> {
    let steps = incentive.steps.iter().map(|step| step.pay);
    let tiers = tiers.tiers.iter().map(|tier| tier.pay);
    [incentive.pay].into_iter().chain(steps).chain(tiers)
}
