//! An incentive, as it is shown.

use std::collections::BTreeMap;

use accrual_commission::{
    Condition, Incentive, Pay, Scope, Step, StepStart, Threshold, Tier, Tiers,
};
use poem_openapi::Object;
use serde::Serialize;

use crate::{
    native::{
        view::{decimal, percent},
        word::{PeriodWord, ScopeWord, TierModeWord},
    },
    wire::Word,
};

/// One rule; what is absent is not so.
#[derive(Object, Serialize)]
#[oai(rename = "Incentive", skip_serializing_if_is_none)]
pub(super) struct IncentiveView {
    /// A share of what it covers, in percent, such as `"7.5"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The same amount for every sale, in the program's currency, such as `"10.00"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    /// The same amount for every item.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_item: Option<String>,
    /// What it covers.
    applies_to: ScopeWord,
    /// The products that it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<Vec<String>>,
    /// The prices that it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    prices: Option<Vec<String>>,
    /// The countries that a sale must be from.
    #[serde(skip_serializing_if = "Option::is_none")]
    countries: Option<Vec<String>>,
    /// What a sale's metadata must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<BTreeMap<String, String>>,
    /// What it pays later in a customer's life, earliest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepView>>,
    /// What it pays those who sell much.
    #[serde(skip_serializing_if = "Option::is_none")]
    tiers: Option<TiersView>,
    /// For how many months from a customer's first payment it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_months: Option<u16>,
    /// For how many payments of a customer it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_payments: Option<u32>,
}

/// From a point of a customer's life on, this is paid.
#[derive(Object, Serialize)]
#[oai(rename = "Step", skip_serializing_if_is_none)]
struct StepView {
    /// From the customer's payment with this number on.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_payment: Option<u32>,
    /// From this many months after the customer's first payment on.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_month: Option<u16>,
    /// A share, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The same amount for every sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    /// The same amount for every item.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_item: Option<String>,
}

/// What an incentive pays from certain sales on.
#[derive(Object, Serialize)]
#[oai(rename = "Tiers", skip_serializing_if_is_none)]
struct TiersView {
    /// Over which time sales count.
    period: PeriodWord,
    /// How many days in a row, with `rolling_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    /// What is measured, and what the tier that is reached pays for.
    mode: TierModeWord,
    /// The tiers, lowest first.
    tiers: Vec<TierView>,
}

/// From a threshold on, this is paid.
#[derive(Object, Serialize)]
#[oai(rename = "Tier", skip_serializing_if_is_none)]
struct TierView {
    /// Sales whose bases sum to this or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_amount: Option<String>,
    /// So many sales or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_count: Option<u64>,
    /// A share, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The same amount for every sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    /// The same amount for every item.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_item: Option<String>,
}

/// `percent`, `fixed` and `per_item`.
type PayView = (Option<String>, Option<String>, Option<String>);

fn pay(pay: Pay) -> PayView {
    match pay {
        Pay::Share(rate) => (Some(percent(rate)), None, None),
        Pay::Fixed(amount) => (None, Some(decimal(amount)), None),
        Pay::PerItem(amount) => (None, None, Some(decimal(amount))),
        Pay::ShareAndFixed { share, fixed } => (Some(percent(share)), Some(decimal(fixed)), None),
    }
}

impl IncentiveView {
    pub(super) fn of(incentive: &Incentive) -> Self {
        let (percent, fixed, per_item) = pay(incentive.pay);
        let owned = |names: &std::collections::BTreeSet<Box<str>>| {
            Some(names.iter().map(ToString::to_string).collect())
        };
        let (products, prices) = match &incentive.scope {
            Scope::All | Scope::Type(_) | Scope::Monthly | Scope::Yearly => (None, None),
            Scope::Products(names) => (owned(names), None),
            Scope::Prices(names) => (None, owned(names)),
        };
        let (countries, metadata) = conditions(&incentive.conditions);
        let steps: Vec<StepView> = incentive.steps.iter().map(StepView::of).collect();
        Self {
            percent,
            fixed,
            per_item,
            applies_to: ScopeWord::of(incentive.scope.kind()),
            products,
            prices,
            countries,
            metadata,
            steps: Some(steps).filter(|steps| !steps.is_empty()),
            tiers: incentive.tiers.as_ref().map(TiersView::of),
            max_months: incentive.length.months.map(Into::into),
            max_payments: incentive.length.payments.map(Into::into),
        }
    }
}

fn conditions(conditions: &[Condition]) -> (Option<Vec<String>>, Option<BTreeMap<String, String>>) {
    let (mut countries, mut metadata) = (None::<Vec<String>>, BTreeMap::new());
    for condition in conditions {
        match condition {
            Condition::Country(names) => {
                let names: Vec<String> = names.iter().map(ToString::to_string).collect();
                countries = Some(match countries {
                    None => names,
                    // All conditions must hold.
                    Some(before) => before
                        .into_iter()
                        .filter(|one| names.contains(one))
                        .collect(),
                });
            }
            Condition::Metadata { key, value } => {
                metadata.insert(key.to_string(), value.to_string());
            }
        }
    }
    (
        countries,
        Some(metadata).filter(|wanted| !wanted.is_empty()),
    )
}

impl StepView {
    fn of(step: &Step) -> Self {
        let (percent, fixed, per_item) = pay(step.pay);
        let (from_payment, from_month) = match step.from {
            StepStart::Payment(number) => (Some(number.get()), None),
            StepStart::Month(months) => (None, Some(months.get())),
        };
        Self {
            from_payment,
            from_month,
            percent,
            fixed,
            per_item,
        }
    }
}

impl TiersView {
    fn of(tiers: &Tiers) -> Self {
        let (period, days) = PeriodWord::and_days(tiers.period);
        Self {
            period,
            days,
            mode: TierModeWord::of(tiers.mode),
            tiers: tiers.tiers.iter().map(TierView::of).collect(),
        }
    }
}

impl TierView {
    fn of(tier: &Tier) -> Self {
        let (percent, fixed, per_item) = pay(tier.pay);
        let (from_amount, from_count) = match tier.from {
            Threshold::Amount(amount) => (Some(decimal(amount)), None),
            Threshold::Count(count) => (None, Some(count)),
        };
        Self {
            from_amount,
            from_count,
            percent,
            fixed,
            per_item,
        }
    }
}
