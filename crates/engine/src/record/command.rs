//! What was asked, as the journal writes it.

use accrual_attribution::Standing;
use accrual_commission::{Incentive, Pay, Scope};
use serde::{Deserialize, Serialize};

use super::value::{ClaimRecord, MoneyRecord, SaleTypeRecord, at, optional, percent, text};
use super::{RecordError, to_json};
use crate::{Customer, Facts, Line, Reference, Source, TermsChange, Text, micros};

/// What was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// [`crate::Command::CreateProgram`].
    #[serde(rename = "create_program/1")]
    CreateProgram(Box<ProgramRecord>),
    /// [`crate::Command::ChangeProgram`].
    #[serde(rename = "change_program/1")]
    ChangeProgram(Box<ProgramRecord>),
    /// [`crate::Command::CreateAffiliate`].
    #[serde(rename = "create_affiliate/1")]
    CreateAffiliate(AffiliateRecord),
    /// [`crate::Command::ChangeAffiliate`].
    #[serde(rename = "change_affiliate/1")]
    ChangeAffiliate(AffiliateRecord),
    /// [`crate::Command::Enroll`].
    #[serde(rename = "enroll/1")]
    Enroll(EnrollmentRecord),
    /// [`crate::Command::ChangeEnrollment`].
    #[serde(rename = "change_enrollment/1")]
    ChangeEnrollment(EnrollmentRecord),
    /// [`crate::Command::Report`].
    #[serde(rename = "report/1")]
    Report(Box<ReportRecord>),
}

/// A program's settings; what is absent was not named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgramRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<TermsRecord>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TermsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incentives: Option<Vec<IncentiveRecord>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IncentiveRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_type: Option<SaleTypeRecord>,
}

/// An affiliate's settings; what is absent was not named, an e-mail of `null` was taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AffiliateRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    email: Option<Option<String>>,
}

/// An enrollment's settings; what is absent was not named, a rate of `null` was taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrollmentRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    percent: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
}

/// Tells `null` from absent.
mod given {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        value: &Option<Option<String>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// A sale as it was reported; what is absent was not said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportRecord {
    source: String,
    reference: String,
    claims: Vec<ClaimRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<MoneyRecord>,
    sale_type: SaleTypeRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurred_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    lines: Vec<LineRecord>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty", default)]
    metadata: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LineRecord {
    product: String,
    quantity: u32,
    amount: MoneyRecord,
}

impl Command {
    /// The record of a command.
    pub fn of(command: &crate::Command) -> Self {
        use crate::Command as C;
        let owned = |text: &Text| text.as_str().to_owned();
        match command {
            C::CreateProgram { name, terms } => Self::CreateProgram(Box::new(ProgramRecord {
                program: None,
                name: Some(owned(name)),
                terms: Some(TermsRecord::of(&terms.clone().into())),
            })),
            C::ChangeProgram {
                program,
                name,
                terms,
            } => Self::ChangeProgram(Box::new(ProgramRecord {
                program: Some(program.number()),
                name: name.as_ref().map(owned),
                terms: terms.as_ref().map(TermsRecord::of),
            })),
            C::CreateAffiliate { name, email } => Self::CreateAffiliate(AffiliateRecord {
                affiliate: None,
                name: Some(owned(name)),
                email: email.as_ref().map(|email| Some(owned(email))),
            }),
            C::ChangeAffiliate {
                affiliate,
                name,
                email,
            } => Self::ChangeAffiliate(AffiliateRecord {
                affiliate: Some(affiliate.number()),
                name: name.as_ref().map(owned),
                email: email.as_ref().map(|email| email.as_ref().map(owned)),
            }),
            C::Enroll {
                affiliate,
                program,
                tag,
                rate,
            } => Self::Enroll(EnrollmentRecord {
                enrollment: None,
                affiliate: Some(affiliate.number()),
                program: Some(program.number()),
                tag: Some(tag.as_str().to_owned()),
                percent: rate.map(|rate| Some(percent(rate))),
                active: None,
            }),
            C::ChangeEnrollment {
                enrollment,
                tag,
                rate,
                standing,
            } => Self::ChangeEnrollment(EnrollmentRecord {
                enrollment: Some(enrollment.number()),
                affiliate: None,
                program: None,
                tag: tag.as_ref().map(|tag| tag.as_str().to_owned()),
                percent: rate.map(|rate| rate.map(percent)),
                active: standing.map(|standing| match standing {
                    Standing::Active => true,
                    Standing::Ended => false,
                }),
            }),
            C::Report(facts) => Self::Report(Box::new(ReportRecord::of(facts))),
        }
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

    /// The sale that was reported, if that was the command.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub fn facts(&self) -> Result<Option<Facts>, RecordError> {
        match self {
            Self::Report(report) => report.read().map(Some),
            Self::CreateProgram(_)
            | Self::ChangeProgram(_)
            | Self::CreateAffiliate(_)
            | Self::ChangeAffiliate(_)
            | Self::Enroll(_)
            | Self::ChangeEnrollment(_) => Ok(None),
        }
    }
}

impl TermsRecord {
    fn of(terms: &TermsChange) -> Self {
        let incentives = terms.incentives.as_ref();
        Self {
            currency: terms.currency.map(|currency| currency.code().to_owned()),
            hold_days: terms.hold_days,
            incentives: incentives.map(|all| all.iter().map(IncentiveRecord::of).collect()),
        }
    }
}

impl IncentiveRecord {
    fn of(incentive: &Incentive) -> Self {
        let (percent, fixed) = match incentive.pay() {
            Pay::Share(rate) => (Some(percent(rate)), None),
            Pay::Fixed(amount) => (None, Some(MoneyRecord::of(amount))),
        };
        let sale_type = match incentive.scope() {
            Scope::All => None,
            Scope::Type(sale_type) => Some(SaleTypeRecord::of(sale_type)),
        };
        Self {
            percent,
            fixed,
            sale_type,
        }
    }
}

impl ReportRecord {
    fn of(facts: &Facts) -> Self {
        let owned = |text: &Text| text.as_str().to_owned();
        let customer = &facts.customer;
        Self {
            source: facts.source.as_str().to_owned(),
            reference: facts.reference.as_str().to_owned(),
            claims: facts.claims.iter().map(ClaimRecord::of).collect(),
            total: facts.total.map(MoneyRecord::of),
            subtotal: facts.subtotal.map(MoneyRecord::of),
            sale_type: SaleTypeRecord::of(facts.sale_type),
            occurred_at_us: facts.occurred_at.map(micros),
            due_at_us: facts.due_at.map(micros),
            commission: facts.amount_override.map(MoneyRecord::of),
            platform: facts.platform.as_ref().map(owned),
            customer_id: customer.id.as_ref().map(owned),
            customer_email: customer.email.as_ref().map(owned),
            customer_name: customer.name.as_ref().map(owned),
            visitor_id: customer.visitor_id.as_ref().map(owned),
            sub_id: facts.sub_id.as_ref().map(owned),
            lines: facts.lines.iter().map(LineRecord::of).collect(),
            metadata: facts.metadata.clone(),
        }
    }

    fn read(&self) -> Result<Facts, RecordError> {
        let texts = |value: &Option<String>| optional(value.as_ref(), |value| text(value));
        let amounts = |value: &Option<MoneyRecord>| optional(value.as_ref(), MoneyRecord::read);
        let times = |value: &Option<i64>| optional(value.as_ref(), |micros| at(*micros));
        let unreadable = |value: &str, what| RecordError::Value {
            value: value.to_owned(),
            what,
        };
        Ok(Facts {
            source: Source::parse(self.source.as_str())
                .map_err(|_| unreadable(&self.source, "a source"))?,
            reference: Reference::parse(self.reference.as_str())
                .map_err(|_| unreadable(&self.reference, "a reference"))?,
            claims: self
                .claims
                .iter()
                .map(ClaimRecord::read)
                .collect::<Result<_, _>>()?,
            total: amounts(&self.total)?,
            subtotal: amounts(&self.subtotal)?,
            sale_type: self.sale_type.read(),
            occurred_at: times(&self.occurred_at_us)?,
            due_at: times(&self.due_at_us)?,
            amount_override: amounts(&self.commission)?,
            platform: texts(&self.platform)?,
            customer: Customer {
                id: texts(&self.customer_id)?,
                email: texts(&self.customer_email)?,
                name: texts(&self.customer_name)?,
                visitor_id: texts(&self.visitor_id)?,
            },
            sub_id: texts(&self.sub_id)?,
            lines: self
                .lines
                .iter()
                .map(LineRecord::read)
                .collect::<Result<_, _>>()?,
            metadata: self.metadata.clone(),
        })
    }
}

impl LineRecord {
    fn of(line: &Line) -> Self {
        let (product, quantity) = (line.product.as_str().to_owned(), line.quantity);
        Self {
            product,
            quantity,
            amount: MoneyRecord::of(line.amount),
        }
    }

    fn read(&self) -> Result<Line, RecordError> {
        let (product, quantity) = (text(&self.product)?, self.quantity);
        Ok(Line {
            product,
            quantity,
            amount: self.amount.read()?,
        })
    }
}
