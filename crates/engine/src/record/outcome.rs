//! What a command came to, as the journal writes it: for a sale, what was known when it was decided.

use accrual_commission::{History, Period, Tally, TermsVersion};
use accrual_money::Money;
use serde::{Deserialize, Serialize};

use super::attribution::AttributionRecord;
use super::report::ReportRecord;
use super::value::{CreditRecord, MoneyRecord, StatusRecord, at, percent, rate};
use super::{RecordError, to_json};
use crate::{Commission, Decided, EarnedBy, Facts, FactsField, Recorded, Subject, micros};

/// What a command came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// Something was made or changed.
    #[serde(rename = "set_up/1")]
    SetUp(SubjectRecord),
    /// A sale was recorded.
    #[serde(rename = "reported/2")]
    Reported(Box<ReportedRecord>),
    /// A known reference came again with other facts: the names of those that differ.
    #[serde(rename = "repeated/1")]
    Repeated(Vec<String>),
    /// Something has become of a sale.
    #[serde(rename = "revised/1")]
    Revised(Box<RevisedRecord>),
}

/// What was made or changed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectRecord {
    /// A program's number.
    Program(i64),
    /// An affiliate's number.
    Affiliate(i64),
    /// An enrollment's number.
    Enrollment(i64),
    /// A promo code's number.
    PromoCode(i64),
    /// A referral's number.
    Referral(i64),
    /// A store's number.
    Shop(i64),
    /// A conversion's number.
    Conversion(i64),
}

/// What was known when a sale was decided, and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportedRecord {
    #[serde(flatten)]
    attribution: AttributionRecord,
    terms_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreed_percent: Option<String>,
    #[serde(skip_serializing_if = "HistoryRecord::is_nothing", default)]
    history: HistoryRecord,
    pub(super) commissions: Vec<CommissionRecord>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct HistoryRecord {
    payments: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_payment_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_earned: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    tallies: Vec<TallyRecord>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TallyRecord {
    period: super::terms::PeriodRecord,
    conversions: u64,
    amount: MoneyRecord,
    earned: MoneyRecord,
}

/// A commission as it is; nothing is written of what it usually is not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CommissionRecord {
    #[serde(flatten)]
    pub(super) credit: CreditRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<u8>,
    pub(super) amount: MoneyRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paid_out: Option<MoneyRecord>,
    pub(super) status: StatusRecord,
}

/// What has become of a sale: its commissions before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RevisedRecord {
    pub(super) refunded: MoneyRecord,
    pub(super) charged_back: MoneyRecord,
    pub(super) before: Vec<CommissionRecord>,
    pub(super) after: Vec<CommissionRecord>,
    /// The facts as they are from then on, if they have changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) facts: Option<Box<ReportRecord>>,
    /// Whether what it earns was not decided again, although its facts have changed.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) stands: bool,
}

impl Outcome {
    /// The record of something made or changed.
    pub fn set_up(subject: Subject) -> Self {
        Self::SetUp(match subject {
            Subject::Program(id) => SubjectRecord::Program(id.number()),
            Subject::Affiliate(id) => SubjectRecord::Affiliate(id.number()),
            Subject::Enrollment(id) => SubjectRecord::Enrollment(id.number()),
            Subject::PromoCode(id) => SubjectRecord::PromoCode(id.number()),
            Subject::Referral(id) => SubjectRecord::Referral(id.number()),
            Subject::Shop(id) => SubjectRecord::Shop(id.number()),
            Subject::Conversion(id) => SubjectRecord::Conversion(id.number()),
        })
    }

    /// The record of a known reference that came again with other facts.
    pub fn repeated(differences: &[FactsField]) -> Self {
        Self::Repeated(
            differences
                .iter()
                .map(|field| field.name().to_owned())
                .collect(),
        )
    }

    /// The record of a sale that was decided.
    pub(crate) fn reported(decided: &Decided, recorded: &Recorded) -> Self {
        Self::Reported(Box::new(ReportedRecord {
            attribution: AttributionRecord::of(&decided.attribution),
            terms_version: decided.terms_version.number(),
            agreed_percent: decided.agreed_rate.map(percent),
            history: HistoryRecord::of(&decided.history),
            commissions: commissions(recorded),
        }))
    }

    /// The record of what has become of a sale.
    pub(crate) fn revised(before: &Recorded, after: &Recorded) -> Self {
        Self::Revised(Box::new(RevisedRecord::of(before, after)))
    }

    /// The record of a sale whose facts have changed, and perhaps what it earns by that.
    pub(crate) fn amended(before: &Recorded, after: &Recorded, is_decided: bool) -> Self {
        let facts = ReportRecord::of(after.conversion.current());
        Self::Revised(Box::new(RevisedRecord {
            facts: Some(Box::new(facts)),
            stands: !is_decided,
            ..RevisedRecord::of(before, after)
        }))
    }

    /// Its JSON.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// The record that `json` holds.
    ///
    /// # Errors
    /// [`RecordError::Json`] if it is none.
    pub fn parse(json: &str) -> Result<Self, RecordError> {
        Ok(serde_json::from_str(json)?)
    }

    /// What was known when a sale was decided, if one was recorded.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub fn decided(&self) -> Result<Option<Decided>, RecordError> {
        match self {
            Self::Reported(reported) => reported.read().map(Some),
            Self::SetUp(_) | Self::Repeated(_) | Self::Revised(_) => Ok(None),
        }
    }

    /// The facts as they are from then on, if they have changed.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in them is not one of the domain's.
    pub fn facts(&self) -> Result<Option<Facts>, RecordError> {
        match self {
            Self::Revised(revised) => {
                let facts = revised.facts.as_ref();
                facts.map(|facts| facts.read()).transpose()
            }
            Self::SetUp(_) | Self::Repeated(_) | Self::Reported(_) => Ok(None),
        }
    }
}

fn commissions(recorded: &Recorded) -> Vec<CommissionRecord> {
    let all = recorded.commissions.iter();
    all.map(CommissionRecord::of).collect()
}

impl ReportedRecord {
    fn read(&self) -> Result<Decided, RecordError> {
        let agreed = self.agreed_percent.as_deref();
        Ok(Decided {
            attribution: self.attribution.read()?,
            history: self.history.read()?,
            agreed_rate: agreed.map(rate).transpose()?,
            terms_version: TermsVersion::new(self.terms_version),
        })
    }
}

impl HistoryRecord {
    fn of(history: &History) -> Self {
        let tally = |(period, tally): &(Period, Tally)| TallyRecord {
            period: super::terms::PeriodRecord::of(*period),
            conversions: tally.conversions,
            amount: MoneyRecord::of(tally.amount),
            earned: MoneyRecord::of(tally.earned),
        };
        Self {
            payments: history.payments,
            first_payment_us: history.first_payment_at.map(micros),
            customer_earned: history.customer_earned.map(MoneyRecord::of),
            tallies: history.tallies.iter().map(tally).collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.payments == 0
            && self.first_payment_us.is_none()
            && self.customer_earned.is_none()
            && self.tallies.is_empty()
    }

    fn read(&self) -> Result<History, RecordError> {
        let tally = |tally: &TallyRecord| {
            let counted = Tally {
                conversions: tally.conversions,
                amount: tally.amount.read()?,
                earned: tally.earned.read()?,
            };
            Ok::<_, RecordError>((tally.period.read(), counted))
        };
        let earned = self.customer_earned.as_ref();
        Ok(History {
            payments: self.payments,
            first_payment_at: self.first_payment_us.map(at).transpose()?,
            customer_earned: earned.map(MoneyRecord::read).transpose()?,
            tallies: self.tallies.iter().map(tally).collect::<Result<_, _>>()?,
        })
    }
}

impl CommissionRecord {
    fn of(commission: &Commission) -> Self {
        let paid_out = Some(commission.paid_out).filter(|paid| !paid.is_zero());
        Self {
            credit: CreditRecord::of(commission.credit),
            level: match commission.earned_by {
                EarnedBy::Sale => None,
                EarnedBy::Level(level) => Some(level),
            },
            amount: MoneyRecord::of(commission.amount),
            paid_out: paid_out.map(MoneyRecord::of),
            status: StatusRecord::of(commission.status),
        }
    }

    /// What of it was paid: zero or more.
    pub(super) fn paid_out(&self) -> Result<Money, RecordError> {
        match &self.paid_out {
            Some(paid) => paid.read(),
            None => Ok(Money::zero(self.amount.read()?.currency())),
        }
    }
}

impl RevisedRecord {
    fn of(before: &Recorded, after: &Recorded) -> Self {
        Self {
            refunded: MoneyRecord::of(after.conversion.refunded),
            charged_back: MoneyRecord::of(after.conversion.charged_back),
            before: commissions(before),
            after: commissions(after),
            facts: None,
            stands: false,
        }
    }
}
