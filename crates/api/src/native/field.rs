//! Fields of requests, read or refused by name.

use accrual_attribution::{AffiliateId, ProgramId, Tag};
use accrual_commission::SaleType;
use accrual_engine::Text as EngineText;
use accrual_money::{Currency, Money, Rate};
use time::OffsetDateTime;

use super::problem::Problem;
use crate::wire::{Amount, Given, Integer, Text, Time, Unreadable};

/// A field that must be there.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::invalid(name, "is required"))
}

pub(super) fn string(name: &str, given: &Given<Text>) -> Result<String, Problem> {
    let text = given
        .text()
        .map_err(|Unreadable| Problem::invalid(name, "must be a string"))?;
    Ok(text.into_owned())
}

pub(super) fn text(name: &str, given: &Given<Text>) -> Result<EngineText, Problem> {
    EngineText::parse(string(name, given)?).map_err(|error| Problem::invalid(name, error))
}

pub(super) fn optional_text(
    name: &str,
    given: Option<&Given<Text>>,
) -> Result<Option<EngineText>, Problem> {
    given.map(|given| text(name, given)).transpose()
}

pub(super) fn tag(name: &str, given: &Given<Text>) -> Result<Tag, Problem> {
    Tag::parse(&string(name, given)?)
        .map_err(|error| Problem::invalid(name, format!("is not a tag: {error}")))
}

pub(super) fn currency(name: &str, given: &Given<Text>) -> Result<Currency, Problem> {
    Currency::parse(&string(name, given)?)
        .map_err(|_| Problem::invalid(name, "must be an ISO 4217 code, such as USD"))
}

pub(super) fn money(
    name: &str,
    given: &Given<Amount>,
    currency: Currency,
) -> Result<Money, Problem> {
    let amount = given.decimal().map_err(|Unreadable| {
        Problem::invalid(
            name,
            "must be a decimal number in major units, such as \"29.70\"",
        )
    })?;
    Money::try_from_major(amount, currency)
        .map_err(|error| Problem::invalid(name, format!("cannot be kept exactly: {error}")))
}

pub(super) fn percent(name: &str, given: &Given<Amount>) -> Result<Rate, Problem> {
    let percent = given.decimal().map_err(|Unreadable| {
        Problem::invalid(name, "must be a decimal number of percent, such as \"7.5\"")
    })?;
    Rate::from_percent(percent)
        .map_err(|error| Problem::invalid(name, format!("is not a rate: {error}")))
}

pub(super) fn integer(name: &str, given: &Given<Integer>) -> Result<i64, Problem> {
    given
        .integer()
        .map_err(|Unreadable| Problem::invalid(name, "must be an integer"))
}

pub(super) fn affiliate(name: &str, given: &Given<Integer>) -> Result<AffiliateId, Problem> {
    integer(name, given).map(AffiliateId::new)
}

pub(super) fn program(name: &str, given: &Given<Integer>) -> Result<ProgramId, Problem> {
    integer(name, given).map(ProgramId::new)
}

pub(super) fn instant(
    name: &str,
    given: Option<&Given<Time>>,
) -> Result<Option<OffsetDateTime>, Problem> {
    given.map(Given::iso).transpose().map_err(|Unreadable| {
        Problem::invalid(
            name,
            "must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\"",
        )
    })
}

pub(super) fn sale_type(name: &str, given: &Given<Text>) -> Result<SaleType, Problem> {
    match string(name, given)?.as_str() {
        "one_time" => Ok(SaleType::OneTime),
        "subscription" => Ok(SaleType::Subscription),
        _ => Err(Problem::invalid(name, "must be one_time or subscription")),
    }
}
