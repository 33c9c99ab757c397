//! Fields of requests, read or refused by name.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_attribution::{
    AffiliateId, AttributionError, Code, Email, EnrollmentId, Identifier, ProgramId, ReferralId,
    Slug, Tag,
};
use accrual_commission::Country;
use accrual_engine::{Platform, ShopKey, Text as EngineText};
use accrual_money::{Currency, Decimal, Money, Rate};
use poem_openapi::types::MaybeUndefined;
use time::OffsetDateTime;

use super::problem::Problem;
use crate::wire::{Amount, Flag, Given, Integer, OneOf, Text, Time, Unreadable, Word};

/// A field that must be there.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::invalid(name, "is required"))
}

/// A field that may be absent.
pub(super) fn optional<T, R>(
    name: &str,
    given: Option<&T>,
    read: impl FnOnce(&str, &T) -> Result<R, Problem>,
) -> Result<Option<R>, Problem> {
    given.map(|given| read(name, given)).transpose()
}

/// A field of a change: what is absent stays, `null` takes away.
pub(super) fn change<T, R>(
    name: &str,
    given: &MaybeUndefined<T>,
    read: impl FnOnce(&str, &T) -> Result<R, Problem>,
) -> Result<Option<Option<R>>, Problem> {
    match given {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(given) => Ok(Some(Some(read(name, given)?))),
    }
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

pub(super) fn platform(name: &str, given: &Given<Text>) -> Result<Platform, Problem> {
    Platform::parse(string(name, given)?).map_err(|error| Problem::invalid(name, error))
}

pub(super) fn shop_key(name: &str, given: &Given<Text>) -> Result<ShopKey, Problem> {
    ShopKey::parse(string(name, given)?).map_err(|error| Problem::invalid(name, error))
}

pub(super) fn optional_text(
    name: &str,
    given: Option<&Given<Text>>,
) -> Result<Option<EngineText>, Problem> {
    optional(name, given, text)
}

/// One of a few words.
pub(super) fn word<W: Word>(name: &str, given: &Given<OneOf<W>>) -> Result<W::Meaning, Problem> {
    given.word().map_err(|Unreadable| {
        let words: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
        let what = match words.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("must be {} or {last}", others.join(", "))
            }
            Some(_) | None => format!("must be {}", words.join(", ")),
        };
        Problem::invalid(name, what)
    })
}

pub(super) fn flag(name: &str, given: &Given<Flag>) -> Result<bool, Problem> {
    given
        .flag()
        .map_err(|Unreadable| Problem::invalid(name, "must be true or false"))
}

pub(super) fn tag(name: &str, given: &Given<Text>) -> Result<Tag, Problem> {
    named(name, given, "a tag", Tag::parse)
}

pub(super) fn link(name: &str, given: &Given<Text>) -> Result<Slug, Problem> {
    named(name, given, "a link", Slug::parse)
}

pub(super) fn code(name: &str, given: &Given<Text>) -> Result<Code, Problem> {
    named(name, given, "a promo code", Code::parse)
}

pub(super) fn identifier(name: &str, given: &Given<Text>) -> Result<Identifier, Problem> {
    named(name, given, "an id", Identifier::parse)
}

pub(super) fn email(name: &str, given: &Given<Text>) -> Result<Email, Problem> {
    named(name, given, "an e-mail address", Email::parse)
}

fn named<T>(
    name: &str,
    given: &Given<Text>,
    what: &str,
    parse: impl FnOnce(&str) -> Result<T, AttributionError>,
) -> Result<T, Problem> {
    parse(&string(name, given)?)
        .map_err(|error| Problem::invalid(name, format!("is not {what}: {error}")))
}

pub(super) fn currency(name: &str, given: &Given<Text>) -> Result<Currency, Problem> {
    Currency::parse(&string(name, given)?)
        .map_err(|_| Problem::invalid(name, "must be an ISO 4217 code, such as USD"))
}

pub(super) fn country(name: &str, given: &Given<Text>) -> Result<Country, Problem> {
    Country::parse(&string(name, given)?)
        .map_err(|_| Problem::invalid(name, "must be an ISO 3166-1 code of two letters"))
}

pub(super) fn decimal(name: &str, given: &Given<Amount>) -> Result<Decimal, Problem> {
    given
        .decimal()
        .map_err(|Unreadable| Problem::invalid(name, "must be a decimal number"))
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

/// From 1 to 65,535, such as days or months.
pub(super) fn small_count(name: &str, given: &Given<Integer>) -> Result<NonZeroU16, Problem> {
    let number = u16::try_from(integer(name, given)?).ok();
    number
        .and_then(NonZeroU16::new)
        .ok_or_else(|| Problem::invalid(name, "must be from 1 to 65,535"))
}

/// From 1 to 4,294,967,295.
pub(super) fn count(name: &str, given: &Given<Integer>) -> Result<NonZeroU32, Problem> {
    let number = u32::try_from(integer(name, given)?).ok();
    number
        .and_then(NonZeroU32::new)
        .ok_or_else(|| Problem::invalid(name, "must be from 1 to 4,294,967,295"))
}

pub(super) fn affiliate(name: &str, given: &Given<Integer>) -> Result<AffiliateId, Problem> {
    integer(name, given).map(AffiliateId::new)
}

pub(super) fn program(name: &str, given: &Given<Integer>) -> Result<ProgramId, Problem> {
    integer(name, given).map(ProgramId::new)
}

pub(super) fn enrollment(name: &str, given: &Given<Integer>) -> Result<EnrollmentId, Problem> {
    integer(name, given).map(EnrollmentId::new)
}

pub(super) fn referral(name: &str, given: &Given<Integer>) -> Result<ReferralId, Problem> {
    integer(name, given).map(ReferralId::new)
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

/// At most so many of something, each read under its own name.
pub(super) fn list<T, R>(
    name: &str,
    given: &[T],
    most: usize,
    read: impl Fn(&str, &T) -> Result<R, Problem>,
) -> Result<Vec<R>, Problem> {
    if given.len() > most {
        return Err(Problem::invalid(name, format!("must be at most {most}")));
    }
    let items = given.iter().enumerate();
    items
        .map(|(index, item)| read(&format!("{name}[{index}]"), item))
        .collect()
}
