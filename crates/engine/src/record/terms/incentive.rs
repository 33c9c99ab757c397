//! One rule of a program's terms, as the journal and the store write it.

use std::collections::BTreeSet;
use std::num::{NonZeroU16, NonZeroU32};

use accrual_commission::{
    Condition, Incentive, Length, Pay, Scope, Step, StepStart, Threshold, Tier, TierMode, Tiers,
};
use accrual_money::Money;
use serde::{Deserialize, Serialize};

use super::PeriodRecord;
use crate::record::value::{MoneyRecord, SaleTypeRecord, country, mirror, percent, rate};
use crate::record::{RecordError, to_json};

mirror!(TierModeRecord of TierMode { ReachedBefore, OwnSize, Marginal, Retroactive });

/// What is paid; nothing else than what is named.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct PayRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_item: Option<MoneyRecord>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScopeRecord {
    Type(SaleTypeRecord),
    Monthly,
    Yearly,
    Products(BTreeSet<Box<str>>),
    Prices(BTreeSet<Box<str>>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ConditionRecord {
    Country(Vec<String>),
    Metadata { key: Box<str>, value: Box<str> },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StartRecord {
    Payment(NonZeroU32),
    Month(NonZeroU16),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ThresholdRecord {
    Amount(MoneyRecord),
    Count(u64),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TiersRecord {
    period: PeriodRecord,
    mode: TierModeRecord,
    tiers: Vec<(ThresholdRecord, PayRecord)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IncentiveRecord {
    #[serde(flatten)]
    pay: PayRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<ScopeRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    conditions: Vec<ConditionRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    steps: Vec<(StartRecord, PayRecord)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tiers: Option<TiersRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    months: Option<NonZeroU16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<NonZeroU32>,
}

impl PayRecord {
    fn of(pay: Pay) -> Self {
        let nothing = Self {
            percent: None,
            fixed: None,
            per_item: None,
        };
        match pay {
            Pay::Share(rate) => Self {
                percent: Some(percent(rate)),
                ..nothing
            },
            Pay::Fixed(amount) => Self {
                fixed: Some(MoneyRecord::of(amount)),
                ..nothing
            },
            Pay::PerItem(amount) => Self {
                per_item: Some(MoneyRecord::of(amount)),
                ..nothing
            },
            Pay::ShareAndFixed { share, fixed } => Self {
                percent: Some(percent(share)),
                fixed: Some(MoneyRecord::of(fixed)),
                ..nothing
            },
        }
    }

    fn read(&self) -> Result<Pay, RecordError> {
        Ok(match (&self.percent, &self.fixed, &self.per_item) {
            (Some(share), None, None) => Pay::Share(rate(share)?),
            (None, Some(fixed), None) => Pay::Fixed(fixed.read()?),
            (None, None, Some(per_item)) => Pay::PerItem(per_item.read()?),
            (Some(share), Some(fixed), None) => Pay::ShareAndFixed {
                share: rate(share)?,
                fixed: fixed.read()?,
            },
            _ => {
                return Err(RecordError::Value {
                    value: to_json(self),
                    what: "what an incentive pays",
                });
            }
        })
    }
}

impl IncentiveRecord {
    pub(super) fn of(incentive: &Incentive) -> Self {
        let step = |step: &Step| {
            let from = match step.from {
                StepStart::Payment(number) => StartRecord::Payment(number),
                StepStart::Month(number) => StartRecord::Month(number),
            };
            (from, PayRecord::of(step.pay))
        };
        Self {
            pay: PayRecord::of(incentive.pay),
            scope: scope(&incentive.scope),
            conditions: incentive.conditions.iter().map(condition).collect(),
            steps: incentive.steps.iter().map(step).collect(),
            tiers: incentive.tiers.as_ref().map(TiersRecord::of),
            months: incentive.length.months,
            payments: incentive.length.payments,
        }
    }

    pub(super) fn read(&self) -> Result<Incentive, RecordError> {
        let step = |(from, pay): &(StartRecord, PayRecord)| {
            let from = match from {
                StartRecord::Payment(number) => StepStart::Payment(*number),
                StartRecord::Month(number) => StepStart::Month(*number),
            };
            let pay = pay.read()?;
            Ok::<_, RecordError>(Step { from, pay })
        };
        let conditions = self.conditions.iter().map(read_condition);
        Ok(Incentive {
            scope: self.scope.as_ref().map_or(Scope::All, read_scope),
            conditions: conditions.collect::<Result<_, _>>()?,
            steps: self.steps.iter().map(step).collect::<Result<_, _>>()?,
            tiers: self.tiers.as_ref().map(TiersRecord::read).transpose()?,
            length: Length {
                months: self.months,
                payments: self.payments,
            },
            ..Incentive::new(self.pay.read()?)
        })
    }
}

fn scope(scope: &Scope) -> Option<ScopeRecord> {
    Some(match scope {
        Scope::All => return None,
        Scope::Type(sale_type) => ScopeRecord::Type(SaleTypeRecord::of(*sale_type)),
        Scope::Monthly => ScopeRecord::Monthly,
        Scope::Yearly => ScopeRecord::Yearly,
        Scope::Products(products) => ScopeRecord::Products(products.clone()),
        Scope::Prices(prices) => ScopeRecord::Prices(prices.clone()),
    })
}

fn read_scope(scope: &ScopeRecord) -> Scope {
    match scope {
        ScopeRecord::Type(sale_type) => Scope::Type(sale_type.read()),
        ScopeRecord::Monthly => Scope::Monthly,
        ScopeRecord::Yearly => Scope::Yearly,
        ScopeRecord::Products(products) => Scope::Products(products.clone()),
        ScopeRecord::Prices(prices) => Scope::Prices(prices.clone()),
    }
}

fn condition(condition: &Condition) -> ConditionRecord {
    match condition {
        Condition::Country(countries) => {
            let codes = countries.iter().map(|country| country.as_str().to_owned());
            ConditionRecord::Country(codes.collect())
        }
        Condition::Metadata { key, value } => ConditionRecord::Metadata {
            key: key.clone(),
            value: value.clone(),
        },
    }
}

fn read_condition(condition: &ConditionRecord) -> Result<Condition, RecordError> {
    Ok(match condition {
        ConditionRecord::Country(codes) => {
            let countries = codes.iter().map(|code| country(code));
            Condition::Country(countries.collect::<Result<_, _>>()?)
        }
        ConditionRecord::Metadata { key, value } => Condition::Metadata {
            key: key.clone(),
            value: value.clone(),
        },
    })
}

impl TiersRecord {
    fn of(tiers: &Tiers) -> Self {
        let tier = |tier: &Tier| {
            let from = match tier.from {
                Threshold::Amount(amount) => ThresholdRecord::Amount(MoneyRecord::of(amount)),
                Threshold::Count(count) => ThresholdRecord::Count(count),
            };
            (from, PayRecord::of(tier.pay))
        };
        Self {
            period: PeriodRecord::of(tiers.period),
            mode: TierModeRecord::of(tiers.mode),
            tiers: tiers.tiers.iter().map(tier).collect(),
        }
    }

    fn read(&self) -> Result<Tiers, RecordError> {
        let amount = |amount: &MoneyRecord| -> Result<Money, RecordError> { amount.read() };
        let tier = |(from, pay): &(ThresholdRecord, PayRecord)| {
            let from = match from {
                ThresholdRecord::Amount(from) => Threshold::Amount(amount(from)?),
                ThresholdRecord::Count(from) => Threshold::Count(*from),
            };
            let pay = pay.read()?;
            Ok::<_, RecordError>(Tier { from, pay })
        };
        Ok(Tiers {
            period: self.period.read(),
            mode: self.mode.read(),
            tiers: self.tiers.iter().map(tier).collect::<Result<_, _>>()?,
        })
    }
}
