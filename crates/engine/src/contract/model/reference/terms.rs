//! Which rules can be terms, and what follows when some of them change.

use accrual_commission::{
    Incentive, Pay, Period, Rules, Scope, StepStart, TermsError, Threshold, TierMode, Tiers,
};
use accrual_money::Money;

use crate::{Error, TermsChange, TermsDraft};

/// Why the rules cannot be terms; which of several reasons is named is not foretold.
pub(super) fn check(rules: &Rules) -> Result<(), Error> {
    let are_terms = rules.levels.len() <= 3
        && amounts(rules).all(|amount| amount.currency() == rules.currency && amount.minor() >= 0)
        && rules
            .incentives
            .iter()
            .all(|one| ascends(one) && suits(one, rules));
    if are_terms {
        return Ok(());
    }
    Err(Error::Terms(TermsError::TooManyLevels { given: 0 }))
}

/// Every amount that the rules name.
fn amounts(rules: &Rules) -> impl Iterator<Item = Money> {
    let caps = &rules.caps;
    let of_period = caps.period.map(|cap| cap.amount);
    let limits = [
        rules.minimum_sale,
        caps.conversion,
        caps.customer,
        of_period,
    ];
    let paid = rules.incentives.iter().flat_map(pays);
    let paid = paid.filter_map(|pay| match pay {
        Pay::Share(_) => None,
        Pay::Fixed(amount) | Pay::PerItem(amount) => Some(amount),
        Pay::ShareAndFixed { fixed, .. } => Some(fixed),
    });
    let tiers = rules.incentives.iter().filter_map(|one| one.tiers.as_ref());
    let thresholds = tiers
        .flat_map(|tiers| &tiers.tiers)
        .filter_map(|tier| match tier.from {
            Threshold::Amount(amount) => Some(amount),
            Threshold::Count(_) => None,
        });
    limits.into_iter().flatten().chain(paid).chain(thresholds)
}

/// All that an incentive may pay.
fn pays(incentive: &Incentive) -> Vec<Pay> {
    let mut pays = vec![incentive.pay];
    pays.extend(incentive.steps.iter().map(|step| step.pay));
    if let Some(tiers) = &incentive.tiers {
        pays.extend(tiers.tiers.iter().map(|tier| tier.pay));
    }
    pays
}

fn ascends(incentive: &Incentive) -> bool {
    let payments = incentive.steps.iter().filter_map(|step| match step.from {
        StepStart::Payment(payment) => Some(payment.get()),
        StepStart::Month(_) => None,
    });
    let months = incentive.steps.iter().filter_map(|step| match step.from {
        StepStart::Month(month) => Some(month.get()),
        StepStart::Payment(_) => None,
    });
    let tiers = incentive.tiers.as_ref();
    payments.is_sorted_by(|a, b| a < b)
        && months.is_sorted_by(|a, b| a < b)
        && tiers.is_none_or(|tiers| {
            let mut pairs = tiers.tiers.windows(2);
            !tiers.tiers.is_empty() && pairs.all(|pair| is_below(pair[0].from, pair[1].from))
        })
}

fn is_below(one: Threshold, other: Threshold) -> bool {
    match (one, other) {
        (Threshold::Amount(one), Threshold::Amount(other)) => one.minor() < other.minor(),
        (Threshold::Count(one), Threshold::Count(other)) => one < other,
        (Threshold::Amount(_), Threshold::Count(_))
        | (Threshold::Count(_), Threshold::Amount(_)) => false,
    }
}

/// Whether its tiers go together with the rest.
fn suits(incentive: &Incentive, rules: &Rules) -> bool {
    let Some(tiers) = &incentive.tiers else {
        return true;
    };
    match tiers.mode {
        TierMode::ReachedBefore => true,
        TierMode::OwnSize => by_amount(tiers),
        TierMode::Marginal => {
            by_amount(tiers)
                && pays(incentive)
                    .iter()
                    .all(|pay| matches!(pay, Pay::Share(_)))
        }
        TierMode::Retroactive => {
            let per_item = pays(incentive)
                .iter()
                .any(|pay| matches!(pay, Pay::PerItem(_)));
            let by_line = rules.incentives.iter().any(|one| match one.scope {
                Scope::Products(_) | Scope::Prices(_) => true,
                Scope::All | Scope::Type(_) | Scope::Monthly | Scope::Yearly => false,
            });
            let other_cap = rules
                .caps
                .period
                .is_some_and(|cap| cap.period != tiers.period || is_rolling(cap.period));
            let stepped = !incentive.steps.is_empty();
            !(per_item || by_line || other_cap || stepped || rules.caps.customer.is_some())
        }
    }
}

fn is_rolling(period: Period) -> bool {
    match period {
        Period::RollingDays(_) => true,
        Period::CalendarMonth | Period::Ever => false,
    }
}

fn by_amount(tiers: &Tiers) -> bool {
    let mut all = tiers.tiers.iter();
    all.all(|tier| matches!(tier.from, Threshold::Amount(_)))
}

/// The terms after a change.
pub(super) fn changed(before: &TermsDraft, change: &TermsChange) -> TermsDraft {
    let rules = &before.rules;
    TermsDraft {
        rules: Rules {
            currency: change.currency.unwrap_or(rules.currency),
            base: change.base.unwrap_or(rules.base),
            incentives: change
                .incentives
                .as_ref()
                .unwrap_or(&rules.incentives)
                .clone(),
            minimum_sale: change.minimum_sale.unwrap_or(rules.minimum_sale),
            caps: change.caps.unwrap_or(rules.caps),
            levels: change.levels.as_ref().unwrap_or(&rules.levels).clone(),
            hold_days: change.hold_days.unwrap_or(rules.hold_days),
            approval: change.approval.unwrap_or(rules.approval),
        },
        crediting: change
            .crediting
            .as_ref()
            .unwrap_or(&before.crediting)
            .clone(),
    }
}

/// Whether the program must know which of its customers bought before.
pub(super) fn remembers(terms: &TermsDraft) -> bool {
    let incentives = &terms.rules.incentives;
    terms.crediting.binding != accrual_attribution::Binding::None
        || terms.rules.caps.customer.is_some()
        || incentives.iter().any(looks_at_customers)
}

fn looks_at_customers(incentive: &Incentive) -> bool {
    let length = incentive.length;
    !incentive.steps.is_empty() || length.months.is_some() || length.payments.is_some()
}
