//! A program's terms, as the journal and the store write them.

use std::collections::BTreeSet;
use std::num::{NonZeroU16, NonZeroU32};

use accrual_commission::{
    Approval, BaseAmount, BaseRule, Caps, Condition, Incentive, Length, Level, LevelBase, Pay,
    Period, PeriodCap, Scope, Step, StepStart, Terms, TermsVersion, Threshold, Tier, TierMode,
    Tiers,
};
use accrual_money::Money;
use serde::{Deserialize, Serialize};

use super::crediting::CreditingRecord;
use super::value::{MoneyRecord, SaleTypeRecord, country, currency, mirror, percent, rate};
use super::{RecordError, given, to_json};
use crate::{TermsChange, TermsDraft, Version};

/// Terms, or what changes of them; what is absent was not named.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TermsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<BaseRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incentives: Option<Vec<IncentiveRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    minimum_sale: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caps: Option<CapsRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<LevelRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<ApprovalRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crediting: Option<CreditingRecord>,
}

mirror!(ApprovalRecord of Approval { Automatic, ByPerson });
mirror!(BaseAmountRecord of BaseAmount { Total, Subtotal });
mirror!(LevelBaseRecord of LevelBase { Sale, Direct, LevelBelow });
mirror!(TierModeRecord of TierMode { ReachedBefore, OwnSize, Marginal, Retroactive });

#[derive(Clone, Debug, Serialize, Deserialize)]
struct BaseRecord {
    of: BaseAmountRecord,
    less_tax: bool,
    less_shipping: bool,
    less_discount: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct CapsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    conversion: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<(PeriodRecord, MoneyRecord)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LevelRecord {
    percent: String,
    of: LevelBaseRecord,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PeriodRecord {
    CalendarMonth,
    RollingDays(NonZeroU16),
    Ever,
}

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
struct IncentiveRecord {
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

impl TermsRecord {
    pub(super) fn of(change: &TermsChange) -> Self {
        let base = |base: &BaseRule| BaseRecord {
            of: BaseAmountRecord::of(base.amount),
            less_tax: base.less_tax,
            less_shipping: base.less_shipping,
            less_discount: base.less_discount,
        };
        let level = |level: &Level| LevelRecord {
            percent: percent(level.rate),
            of: LevelBaseRecord::of(level.of),
        };
        let incentives = change.incentives.as_ref();
        let levels = change.levels.as_ref();
        Self {
            currency: change.currency.map(|currency| currency.code().to_owned()),
            base: change.base.as_ref().map(base),
            incentives: incentives.map(|all| all.iter().map(IncentiveRecord::of).collect()),
            minimum_sale: change.minimum_sale.map(|least| least.map(MoneyRecord::of)),
            caps: change.caps.as_ref().map(CapsRecord::of),
            levels: levels.map(|levels| levels.iter().map(level).collect()),
            hold_days: change.hold_days,
            approval: change.approval.map(ApprovalRecord::of),
            crediting: change.crediting.as_ref().map(CreditingRecord::of),
        }
    }

    pub(super) fn read(&self) -> Result<TermsChange, RecordError> {
        let base = |base: &BaseRecord| BaseRule {
            amount: base.of.read(),
            less_tax: base.less_tax,
            less_shipping: base.less_shipping,
            less_discount: base.less_discount,
        };
        let level = |level: &LevelRecord| {
            Ok(Level {
                rate: rate(&level.percent)?,
                of: level.of.read(),
            })
        };
        let all = |incentives: &Vec<IncentiveRecord>| {
            incentives.iter().map(IncentiveRecord::read).collect()
        };
        let least = |least: &Option<MoneyRecord>| least.as_ref().map(MoneyRecord::read).transpose();
        let levels = self.levels.as_ref();
        Ok(TermsChange {
            currency: self.currency.as_deref().map(currency).transpose()?,
            base: self.base.as_ref().map(base),
            incentives: self.incentives.as_ref().map(all).transpose()?,
            minimum_sale: self.minimum_sale.as_ref().map(least).transpose()?,
            caps: self.caps.as_ref().map(CapsRecord::read).transpose()?,
            levels: levels
                .map(|levels| levels.iter().map(level).collect::<Result<_, RecordError>>())
                .transpose()?,
            hold_days: self.hold_days,
            approval: self.approval.map(ApprovalRecord::read),
            crediting: self
                .crediting
                .as_ref()
                .map(CreditingRecord::read)
                .transpose()?,
        })
    }

    /// The terms that it names, all of them.
    pub(super) fn read_draft(&self) -> Result<TermsDraft, RecordError> {
        let change = self.read()?;
        let code = change.currency.ok_or_else(missing)?;
        let mut draft = TermsDraft::new(code, change.incentives.ok_or_else(missing)?);
        let rules = &mut draft.rules;
        rules.base = change.base.ok_or_else(missing)?;
        rules.minimum_sale = change.minimum_sale.flatten();
        rules.caps = change.caps.ok_or_else(missing)?;
        rules.levels = change.levels.ok_or_else(missing)?;
        rules.hold_days = change.hold_days.ok_or_else(missing)?;
        rules.approval = change.approval.ok_or_else(missing)?;
        draft.crediting = change.crediting.ok_or_else(missing)?;
        Ok(draft)
    }
}

fn missing() -> RecordError {
    RecordError::Value {
        value: "a part".to_owned(),
        what: "the whole of a program's terms",
    }
}

impl Version {
    /// Its JSON, without its number.
    pub fn to_json(&self) -> String {
        let draft = TermsDraft {
            rules: self.terms.rules().clone(),
            crediting: self.crediting.clone(),
        };
        to_json(&TermsRecord::of(&draft.into()))
    }

    /// The version with this number that `json` holds.
    ///
    /// # Errors
    /// [`RecordError`] if it holds none.
    pub fn parse(number: TermsVersion, json: &str) -> Result<Self, RecordError> {
        let draft = serde_json::from_str::<TermsRecord>(json)?.read_draft()?;
        let terms = Terms::try_new(number, draft.rules).map_err(|error| RecordError::Value {
            value: error.to_string(),
            what: "a program's terms",
        })?;
        Ok(Self {
            terms,
            crediting: draft.crediting,
        })
    }
}

impl CapsRecord {
    fn of(caps: &Caps) -> Self {
        let cap = |cap: &PeriodCap| (PeriodRecord::of(cap.period), MoneyRecord::of(cap.amount));
        Self {
            conversion: caps.conversion.map(MoneyRecord::of),
            customer: caps.customer.map(MoneyRecord::of),
            period: caps.period.as_ref().map(cap),
        }
    }

    fn read(&self) -> Result<Caps, RecordError> {
        let amount =
            |amount: &Option<MoneyRecord>| amount.as_ref().map(MoneyRecord::read).transpose();
        let cap = |(period, amount): &(PeriodRecord, MoneyRecord)| {
            let (period, amount) = (period.read(), amount.read()?);
            Ok::<_, RecordError>(PeriodCap { period, amount })
        };
        Ok(Caps {
            conversion: amount(&self.conversion)?,
            customer: amount(&self.customer)?,
            period: self.period.as_ref().map(cap).transpose()?,
        })
    }
}

impl PeriodRecord {
    pub(super) fn of(period: Period) -> Self {
        match period {
            Period::CalendarMonth => Self::CalendarMonth,
            Period::RollingDays(days) => Self::RollingDays(days),
            Period::Ever => Self::Ever,
        }
    }

    pub(super) fn read(&self) -> Period {
        match *self {
            Self::CalendarMonth => Period::CalendarMonth,
            Self::RollingDays(days) => Period::RollingDays(days),
            Self::Ever => Period::Ever,
        }
    }
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
    fn of(incentive: &Incentive) -> Self {
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

    fn read(&self) -> Result<Incentive, RecordError> {
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
