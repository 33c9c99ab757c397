//! What a command came to, as the journal writes it: for a sale, the decision behind it.

use accrual_attribution::{Attribution, Finding, Verdict};
use accrual_commission::{
    Base, BaseKind, Decision, IncentiveNumber, Nothing, RateSource, Reason, Scope, Status,
    TermsVersion, Tried, TriedOutcome,
};
use serde::{Deserialize, Serialize};

use super::value::{
    ClaimRecord, CreditRecord, MoneyRecord, SaleTypeRecord, StatusRecord, percent, rate,
};
use super::{RecordError, to_json};
use crate::{Commission, FactsField, Subject};

/// What a command came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// Something was made or changed.
    #[serde(rename = "set_up/1")]
    SetUp(SubjectRecord),
    /// A sale was recorded.
    #[serde(rename = "reported/1")]
    Reported(Box<ReportedRecord>),
    /// A known reference came again with other facts: the names of those that differ.
    #[serde(rename = "repeated/1")]
    Repeated(Vec<String>),
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
}

/// The decision behind a sale.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportedRecord {
    findings: Vec<FindingRecord>,
    amount: MoneyRecord,
    reason: ReasonRecord,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    tried: Vec<TriedRecord>,
    terms_version: u32,
    status: StatusRecord,
}

/// The decision behind a sale, in the domain's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Who is credited, and why.
    pub attribution: Attribution,
    /// What is earned, and why.
    pub decision: Decision,
    /// The status that the commission began with.
    pub status: Status,
}

impl Reported {
    /// The whole decision in sentences, from claims to status.
    pub fn words(&self) -> Vec<String> {
        let Self {
            attribution,
            decision,
            status,
        } = self;
        let mut words: Vec<String> = attribution
            .findings
            .iter()
            .map(ToString::to_string)
            .collect();
        let unpaid = decision.tried.iter();
        let unpaid = unpaid.filter(|tried| tried.outcome != TriedOutcome::Pays);
        words.extend(unpaid.map(ToString::to_string));
        words.push(decision.reason.to_string());
        words.push(match status {
            Status::Pending { until } => format!(
                "The commission is {}, held until {} (UTC), by version {} of the terms.",
                decision.amount,
                until.date(),
                decision.terms_version
            ),
            _ => format!(
                "The commission is {} and {}, by version {} of the terms.",
                decision.amount,
                status.kind(),
                decision.terms_version
            ),
        });
        words
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FindingRecord {
    claim: ClaimRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<CreditRecord>,
    verdict: VerdictRecord,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VerdictRecord {
    Credited,
    Agrees,
    Outranked { by: ClaimRecord },
    Ended,
    FoundNobody,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReasonRecord {
    SetByCaller(MoneyRecord),
    Share {
        base: BaseRecord,
        percent: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        incentive: Option<u32>,
    },
    Fixed {
        amount: MoneyRecord,
        incentive: u32,
    },
    NoIncentives(BaseRecord),
    NoneCovers(BaseRecord),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BaseRecord {
    Total(MoneyRecord),
    Subtotal(MoneyRecord),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TriedRecord {
    incentive: u32,
    outcome: TriedOutcomeRecord,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TriedOutcomeRecord {
    Pays,
    DoesNotCover { only: Option<SaleTypeRecord> },
    Yields { to: u32 },
}

impl Outcome {
    /// The record of something made or changed.
    pub fn set_up(subject: Subject) -> Self {
        Self::SetUp(match subject {
            Subject::Program(id) => SubjectRecord::Program(id.number()),
            Subject::Affiliate(id) => SubjectRecord::Affiliate(id.number()),
            Subject::Enrollment(id) => SubjectRecord::Enrollment(id.number()),
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

    /// The record of a decision.
    pub fn reported(
        attribution: &Attribution,
        decision: &Decision,
        commission: &Commission,
    ) -> Self {
        Self::Reported(Box::new(ReportedRecord {
            findings: attribution.findings.iter().map(FindingRecord::of).collect(),
            amount: MoneyRecord::of(decision.amount),
            reason: ReasonRecord::of(&decision.reason),
            tried: decision.tried.iter().map(TriedRecord::of).collect(),
            terms_version: decision.terms_version.number(),
            status: StatusRecord::of(commission.status),
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

    /// The decision, if a sale was recorded.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub fn decision(&self) -> Result<Option<Reported>, RecordError> {
        match self {
            Self::Reported(reported) => reported.read().map(Some),
            Self::SetUp(_) | Self::Repeated(_) => Ok(None),
        }
    }
}

impl ReportedRecord {
    fn read(&self) -> Result<Reported, RecordError> {
        let findings: Vec<Finding> = self
            .findings
            .iter()
            .map(FindingRecord::read)
            .collect::<Result<_, _>>()?;
        let credit = findings
            .iter()
            .find(|finding| finding.verdict == Verdict::Credited)
            .and_then(|finding| finding.credit);
        let decision = Decision {
            amount: self.amount.read()?,
            reason: self.reason.read()?,
            tried: self.tried.iter().map(TriedRecord::read).collect(),
            terms_version: TermsVersion::new(self.terms_version),
        };
        let status = self.status.read()?;
        Ok(Reported {
            attribution: Attribution { credit, findings },
            decision,
            status,
        })
    }
}

impl FindingRecord {
    fn of(finding: &Finding) -> Self {
        let verdict = match &finding.verdict {
            Verdict::Credited => VerdictRecord::Credited,
            Verdict::Agrees => VerdictRecord::Agrees,
            Verdict::Outranked { by } => VerdictRecord::Outranked {
                by: ClaimRecord::of(by),
            },
            Verdict::Ended => VerdictRecord::Ended,
            Verdict::FoundNobody => VerdictRecord::FoundNobody,
        };
        let credit = finding.credit.map(CreditRecord::of);
        Self {
            claim: ClaimRecord::of(&finding.claim),
            credit,
            verdict,
        }
    }

    fn read(&self) -> Result<Finding, RecordError> {
        let verdict = match &self.verdict {
            VerdictRecord::Credited => Verdict::Credited,
            VerdictRecord::Agrees => Verdict::Agrees,
            VerdictRecord::Outranked { by } => Verdict::Outranked { by: by.read()? },
            VerdictRecord::Ended => Verdict::Ended,
            VerdictRecord::FoundNobody => Verdict::FoundNobody,
        };
        let credit = self.credit.as_ref().map(CreditRecord::read);
        Ok(Finding {
            claim: self.claim.read()?,
            credit,
            verdict,
        })
    }
}

impl ReasonRecord {
    fn of(reason: &Reason) -> Self {
        match *reason {
            Reason::SetByCaller(amount) => Self::SetByCaller(MoneyRecord::of(amount)),
            Reason::Share { base, rate, source } => Self::Share {
                base: BaseRecord::of(base),
                percent: percent(rate),
                incentive: match source {
                    RateSource::Enrollment => None,
                    RateSource::Incentive(number) => Some(number.number()),
                },
            },
            Reason::Fixed { amount, incentive } => Self::Fixed {
                amount: MoneyRecord::of(amount),
                incentive: incentive.number(),
            },
            Reason::Nothing {
                base,
                why: Nothing::NoIncentives,
            } => Self::NoIncentives(BaseRecord::of(base)),
            Reason::Nothing {
                base,
                why: Nothing::NoneCovers,
            } => Self::NoneCovers(BaseRecord::of(base)),
        }
    }

    fn read(&self) -> Result<Reason, RecordError> {
        Ok(match self {
            Self::SetByCaller(amount) => Reason::SetByCaller(amount.read()?),
            Self::Share {
                base,
                percent,
                incentive,
            } => Reason::Share {
                base: base.read()?,
                rate: rate(percent)?,
                source: match incentive {
                    None => RateSource::Enrollment,
                    Some(number) => RateSource::Incentive(IncentiveNumber::new(*number)),
                },
            },
            Self::Fixed { amount, incentive } => Reason::Fixed {
                amount: amount.read()?,
                incentive: IncentiveNumber::new(*incentive),
            },
            Self::NoIncentives(base) => Reason::Nothing {
                base: base.read()?,
                why: Nothing::NoIncentives,
            },
            Self::NoneCovers(base) => Reason::Nothing {
                base: base.read()?,
                why: Nothing::NoneCovers,
            },
        })
    }
}

impl BaseRecord {
    fn of(base: Base) -> Self {
        match base.kind {
            BaseKind::Total => Self::Total(MoneyRecord::of(base.amount)),
            BaseKind::Subtotal => Self::Subtotal(MoneyRecord::of(base.amount)),
        }
    }

    fn read(&self) -> Result<Base, RecordError> {
        Ok(match self {
            Self::Total(amount) => Base {
                amount: amount.read()?,
                kind: BaseKind::Total,
            },
            Self::Subtotal(amount) => Base {
                amount: amount.read()?,
                kind: BaseKind::Subtotal,
            },
        })
    }
}

impl TriedRecord {
    fn of(tried: &Tried) -> Self {
        let outcome = match tried.outcome {
            TriedOutcome::Pays => TriedOutcomeRecord::Pays,
            TriedOutcome::DoesNotCover { scope: Scope::All } => {
                TriedOutcomeRecord::DoesNotCover { only: None }
            }
            TriedOutcome::DoesNotCover {
                scope: Scope::Type(sale_type),
            } => TriedOutcomeRecord::DoesNotCover {
                only: Some(SaleTypeRecord::of(sale_type)),
            },
            TriedOutcome::Yields { to } => TriedOutcomeRecord::Yields { to: to.number() },
        };
        Self {
            incentive: tried.incentive.number(),
            outcome,
        }
    }

    fn read(&self) -> Tried {
        let outcome = match self.outcome {
            TriedOutcomeRecord::Pays => TriedOutcome::Pays,
            TriedOutcomeRecord::DoesNotCover { only: None } => {
                TriedOutcome::DoesNotCover { scope: Scope::All }
            }
            TriedOutcomeRecord::DoesNotCover {
                only: Some(sale_type),
            } => TriedOutcome::DoesNotCover {
                scope: Scope::Type(sale_type.read()),
            },
            TriedOutcomeRecord::Yields { to } => TriedOutcome::Yields {
                to: IncentiveNumber::new(to),
            },
        };
        Tried {
            incentive: IncentiveNumber::new(self.incentive),
            outcome,
        }
    }
}
