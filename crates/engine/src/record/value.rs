//! Values as the journal writes them.

use accrual_attribution::{AffiliateId, Claim, Credit, EnrollmentId, ProgramId, Tag};
use accrual_commission::{SaleType, Status};
use accrual_money::{Currency, Money, Rate};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::RecordError;
use crate::{Text, from_micros, micros};

/// `{"minor": 9999, "currency": "USD"}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MoneyRecord {
    minor: i64,
    currency: String,
}

impl MoneyRecord {
    pub(super) fn of(money: Money) -> Self {
        Self {
            minor: money.minor(),
            currency: money.currency().code().to_owned(),
        }
    }

    pub(super) fn read(&self) -> Result<Money, RecordError> {
        Ok(Money::from_minor(self.minor, currency(&self.currency)?))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimRecord {
    Tag(String),
    Membership { affiliate: i64, program: i64 },
}

impl ClaimRecord {
    pub(super) fn of(claim: &Claim) -> Self {
        match claim {
            Claim::Tag(tag) => Self::Tag(tag.as_str().to_owned()),
            Claim::Membership { affiliate, program } => Self::Membership {
                affiliate: affiliate.number(),
                program: program.number(),
            },
        }
    }

    pub(super) fn read(&self) -> Result<Claim, RecordError> {
        Ok(match self {
            Self::Tag(tag) => Claim::Tag(Tag::parse(tag).map_err(|_| RecordError::Value {
                value: tag.clone(),
                what: "a tag",
            })?),
            Self::Membership { affiliate, program } => Claim::Membership {
                affiliate: AffiliateId::new(*affiliate),
                program: ProgramId::new(*program),
            },
        })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CreditRecord {
    enrollment: i64,
    affiliate: i64,
    program: i64,
}

impl CreditRecord {
    pub(super) fn of(credit: Credit) -> Self {
        Self {
            enrollment: credit.enrollment.number(),
            affiliate: credit.affiliate.number(),
            program: credit.program.number(),
        }
    }

    pub(super) fn read(&self) -> Credit {
        Credit {
            enrollment: EnrollmentId::new(self.enrollment),
            affiliate: AffiliateId::new(self.affiliate),
            program: ProgramId::new(self.program),
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SaleTypeRecord {
    OneTime,
    Subscription,
}

impl SaleTypeRecord {
    pub(super) fn of(sale_type: SaleType) -> Self {
        match sale_type {
            SaleType::OneTime => Self::OneTime,
            SaleType::Subscription => Self::Subscription,
        }
    }

    pub(super) fn read(self) -> SaleType {
        match self {
            Self::OneTime => SaleType::OneTime,
            Self::Subscription => SaleType::Subscription,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusRecord {
    Pending { until_us: i64 },
    AwaitingApproval,
    Payable,
    InPayout,
    Paid { externally: bool },
    Declined,
    Cancelled,
    Refunded,
    Disputed,
}

impl StatusRecord {
    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::Pending { until } => Self::Pending {
                until_us: micros(until),
            },
            Status::AwaitingApproval => Self::AwaitingApproval,
            Status::Payable => Self::Payable,
            Status::InPayout => Self::InPayout,
            Status::Paid { externally } => Self::Paid { externally },
            Status::Declined => Self::Declined,
            Status::Cancelled => Self::Cancelled,
            Status::Refunded => Self::Refunded,
            Status::Disputed => Self::Disputed,
        }
    }

    pub(super) fn read(&self) -> Result<Status, RecordError> {
        Ok(match self {
            Self::Pending { until_us } => Status::Pending {
                until: at(*until_us)?,
            },
            Self::AwaitingApproval => Status::AwaitingApproval,
            Self::Payable => Status::Payable,
            Self::InPayout => Status::InPayout,
            Self::Paid { externally } => Status::Paid {
                externally: *externally,
            },
            Self::Declined => Status::Declined,
            Self::Cancelled => Status::Cancelled,
            Self::Refunded => Status::Refunded,
            Self::Disputed => Status::Disputed,
        })
    }
}

pub(super) fn currency(code: &str) -> Result<Currency, RecordError> {
    Currency::parse(code).map_err(|_| RecordError::Value {
        value: code.to_owned(),
        what: "a currency",
    })
}

pub(super) fn percent(rate: Rate) -> String {
    rate.percent().to_string()
}

pub(super) fn rate(percent: &str) -> Result<Rate, RecordError> {
    Rate::parse_percent(percent).map_err(|_| RecordError::Value {
        value: percent.to_owned(),
        what: "a percentage",
    })
}

pub(super) fn at(micros: i64) -> Result<OffsetDateTime, RecordError> {
    from_micros(micros).ok_or_else(|| RecordError::Value {
        value: micros.to_string(),
        what: "a time",
    })
}

pub(super) fn text(text: &str) -> Result<Text, RecordError> {
    Text::parse(text).map_err(|_| RecordError::Value {
        value: text.to_owned(),
        what: "a text",
    })
}

pub(super) fn optional<T, R>(
    value: Option<&T>,
    read: impl FnOnce(&T) -> Result<R, RecordError>,
) -> Result<Option<R>, RecordError> {
    value.map(read).transpose()
}
