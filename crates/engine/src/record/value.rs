//! Values as the journal writes them.

use accrual_attribution::{
    AffiliateId, Code, Credit, Email, EnrollmentId, Identifier, ProgramId, Slug, Tag,
};
use accrual_commission::{BeforeDispute, Change, Country, Interval, SaleType, Status};
use accrual_money::{Currency, Decimal, ExchangeRate, Money, Rate};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, macros::format_description};

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

/// Defines the record of an enum without data.
macro_rules! mirror {
    ($record:ident of $domain:ident { $($variant:ident),* $(,)? }) => {
        #[derive(Clone, Copy, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $record {
            $($variant),*
        }

        impl $record {
            pub(super) fn of(value: $domain) -> Self {
                match value {
                    $($domain::$variant => Self::$variant),*
                }
            }

            pub(super) fn read(self) -> $domain {
                match self {
                    $(Self::$variant => $domain::$variant),*
                }
            }
        }
    };
}
pub(super) use mirror;

mirror!(SaleTypeRecord of SaleType { OneTime, Subscription });
mirror!(IntervalRecord of Interval { Monthly, Yearly });
mirror!(ChangeRecord of Change {
    Mature, Approve, Decline, StartPayout, AbandonPayout, Pay, PayExternally, Unpay, Cancel, Refund,
    Dispute, WinDispute, LoseDispute,
});

/// So much of one currency for so much of another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExchangeRecord {
    from: String,
    from_units: String,
    to: String,
    to_units: String,
    /// As YYYY-MM-DD.
    on: String,
    source: String,
}

impl ExchangeRecord {
    pub(super) fn of(rate: &ExchangeRate) -> Self {
        Self {
            from: rate.from().code().to_owned(),
            from_units: rate.from_units().to_string(),
            to: rate.to().code().to_owned(),
            to_units: rate.to_units().to_string(),
            on: rate.on().to_string(),
            source: rate.source().to_owned(),
        }
    }

    pub(super) fn read(&self) -> Result<ExchangeRate, RecordError> {
        let units = |text: &str| {
            Decimal::from_str_exact(text).map_err(|_| unreadable(text, "an exchange rate"))
        };
        let on = Date::parse(&self.on, format_description!("[year]-[month]-[day]"))
            .map_err(|_| unreadable(&self.on, "a day"))?;
        let from = (units(&self.from_units)?, currency(&self.from)?);
        let to = (units(&self.to_units)?, currency(&self.to)?);
        ExchangeRate::try_new(from, to, on, &self.source)
            .map_err(|error| unreadable(&error.to_string(), "an exchange rate"))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusRecord {
    Pending { until_us: i64 },
    AwaitingApproval { until_us: Option<i64> },
    Payable,
    InPayout,
    Paid { externally: bool },
    Declined,
    Cancelled,
    Refunded,
    Disputed { before: BeforeDisputeRecord },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BeforeDisputeRecord {
    Pending { until_us: i64 },
    AwaitingApproval { until_us: Option<i64> },
    Payable,
    Paid { externally: bool },
}

impl StatusRecord {
    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::Pending { until } => Self::Pending {
                until_us: micros(until),
            },
            Status::AwaitingApproval { until } => Self::AwaitingApproval {
                until_us: until.map(micros),
            },
            Status::Payable => Self::Payable,
            Status::InPayout => Self::InPayout,
            Status::Paid { externally } => Self::Paid { externally },
            Status::Declined => Self::Declined,
            Status::Cancelled => Self::Cancelled,
            Status::Refunded => Self::Refunded,
            Status::Disputed { before } => Self::Disputed {
                before: match before {
                    BeforeDispute::Pending { until } => BeforeDisputeRecord::Pending {
                        until_us: micros(until),
                    },
                    BeforeDispute::AwaitingApproval { until } => {
                        BeforeDisputeRecord::AwaitingApproval {
                            until_us: until.map(micros),
                        }
                    }
                    BeforeDispute::Payable => BeforeDisputeRecord::Payable,
                    BeforeDispute::Paid { externally } => BeforeDisputeRecord::Paid { externally },
                },
            },
        }
    }

    pub(super) fn read(&self) -> Result<Status, RecordError> {
        let optional = |micros: &Option<i64>| micros.map(at).transpose();
        Ok(match self {
            Self::Pending { until_us } => Status::Pending {
                until: at(*until_us)?,
            },
            Self::AwaitingApproval { until_us } => Status::AwaitingApproval {
                until: optional(until_us)?,
            },
            Self::Payable => Status::Payable,
            Self::InPayout => Status::InPayout,
            Self::Paid { externally } => Status::Paid {
                externally: *externally,
            },
            Self::Declined => Status::Declined,
            Self::Cancelled => Status::Cancelled,
            Self::Refunded => Status::Refunded,
            Self::Disputed { before } => Status::Disputed {
                before: match before {
                    BeforeDisputeRecord::Pending { until_us } => BeforeDispute::Pending {
                        until: at(*until_us)?,
                    },
                    BeforeDisputeRecord::AwaitingApproval { until_us } => {
                        BeforeDispute::AwaitingApproval {
                            until: optional(until_us)?,
                        }
                    }
                    BeforeDisputeRecord::Payable => BeforeDispute::Payable,
                    BeforeDisputeRecord::Paid { externally } => BeforeDispute::Paid {
                        externally: *externally,
                    },
                },
            },
        })
    }
}

pub(super) fn unreadable(value: &str, what: &'static str) -> RecordError {
    RecordError::Value {
        value: value.to_owned(),
        what,
    }
}

pub(super) fn identifier(text: &str) -> Result<Identifier, RecordError> {
    Identifier::parse(text).map_err(|_| unreadable(text, "an identifier"))
}

pub(super) fn email(text: &str) -> Result<Email, RecordError> {
    Email::parse(text).map_err(|_| unreadable(text, "an e-mail address"))
}

pub(super) fn tag(text: &str) -> Result<Tag, RecordError> {
    Tag::parse(text).map_err(|_| unreadable(text, "a tag"))
}

pub(super) fn slug(text: &str) -> Result<Slug, RecordError> {
    Slug::parse(text).map_err(|_| unreadable(text, "a link"))
}

pub(super) fn code(text: &str) -> Result<Code, RecordError> {
    Code::parse(text).map_err(|_| unreadable(text, "a promo code"))
}

pub(super) fn country(text: &str) -> Result<Country, RecordError> {
    Country::parse(text).map_err(|_| unreadable(text, "a country"))
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
