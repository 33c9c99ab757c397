//! A program's terms, as the journal and the store write them.

mod incentive;

use std::num::NonZeroU16;

use accrual_commission::{
    Approval, BaseAmount, BaseRule, Caps, Level, LevelBase, Period, PeriodCap, Terms, TermsVersion,
};
use serde::{Deserialize, Serialize};

use super::crediting::CreditingRecord;
use super::value::{MoneyRecord, currency, mirror, percent, rate};
use super::{RecordError, given, to_json};
use crate::{TermsChange, TermsDraft, Version};
use incentive::IncentiveRecord;

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
