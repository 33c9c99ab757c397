//! Values as columns hold them.

mod status;

use accrual_attribution::{AffiliateId, Credit, EnrollmentId, ProgramId, TouchKind};
use accrual_commission::{AccountKind, SaleType};
use accrual_engine::{
    Channel, EarnedBy, EnrollmentState, StoreError, Text, Zone, from_micros, micros,
};
use accrual_money::{Currency, Money, Rate};
use time::{
    Date, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description,
};

use crate::error::{corrupt, refused};

pub(crate) use status::{StatusColumns, parse_stage, stage};

/// `2025-12-31`: sorts as days do.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

pub(crate) fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::parse(code).map_err(corrupt)
}

pub(crate) fn money(minor: i64, code: &str) -> Result<Money, StoreError> {
    Ok(Money::from_minor(minor, currency(code)?))
}

pub(crate) fn at(micros: i64) -> Result<OffsetDateTime, StoreError> {
    from_micros(micros).ok_or_else(|| corrupt(format!("{micros} is not a time")))
}

/// The first microsecond that is not before `time`: whatever is kept is before both or neither.
pub(crate) fn micros_from(time: OffsetDateTime) -> i64 {
    let micros = micros(time);
    let is_whole = from_micros(micros) == Some(time);
    micros + i64::from(!is_whole)
}

pub(crate) fn day(day: Date) -> Result<String, StoreError> {
    day.format(DAY).map_err(refused)
}

pub(crate) fn parse_day(day: &str) -> Result<Date, StoreError> {
    Date::parse(day, DAY).map_err(corrupt)
}

pub(crate) fn zone(name: &str) -> Result<Zone, StoreError> {
    Zone::parse(name).map_err(corrupt)
}

pub(crate) fn percent(rate: Rate) -> String {
    rate.percent().to_string()
}

pub(crate) fn rate(percent: &str) -> Result<Rate, StoreError> {
    Rate::parse_percent(percent).map_err(corrupt)
}

pub(crate) fn enrollment_state(state: EnrollmentState) -> &'static str {
    match state {
        EnrollmentState::Applied => "applied",
        EnrollmentState::Active => "active",
        EnrollmentState::Ended => "ended",
    }
}

pub(crate) fn parse_enrollment_state(text: &str) -> Result<EnrollmentState, StoreError> {
    let mut states = EnrollmentState::ALL.into_iter();
    states
        .find(|state| enrollment_state(*state) == text)
        .ok_or_else(|| corrupt(format!("{text} is no state of an enrollment")))
}

pub(crate) fn credit(enrollment: i64, affiliate: i64, program: i64) -> Credit {
    Credit {
        enrollment: EnrollmentId::new(enrollment),
        affiliate: AffiliateId::new(affiliate),
        program: ProgramId::new(program),
    }
}

pub(crate) fn level(earned_by: EarnedBy) -> i64 {
    match earned_by {
        EarnedBy::Sale => 0,
        EarnedBy::Level(level) => level.into(),
    }
}

pub(crate) fn earned_by(level: i64) -> Result<EarnedBy, StoreError> {
    Ok(match level {
        0 => EarnedBy::Sale,
        level => EarnedBy::Level(small(level)?),
    })
}

pub(crate) fn text(text: String) -> Result<Text, StoreError> {
    Text::parse(text).map_err(corrupt)
}

pub(crate) fn channel(text: &str) -> Result<Channel, StoreError> {
    Channel::parse(text).map_err(corrupt)
}

pub(crate) fn small<T: TryFrom<i64>>(number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| corrupt(format!("{number} is out of range")))
}

pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(corrupt)
}

pub(crate) fn sale_type(sale_type: SaleType) -> &'static str {
    match sale_type {
        SaleType::OneTime => "one_time",
        SaleType::Subscription => "subscription",
    }
}

pub(crate) fn touch_kind(kind: TouchKind) -> &'static str {
    match kind {
        TouchKind::Impression => "impression",
        TouchKind::SoftClick => "soft_click",
        TouchKind::Click => "click",
    }
}

pub(crate) fn parse_touch_kind(name: &str) -> Result<TouchKind, StoreError> {
    Ok(match name {
        "impression" => TouchKind::Impression,
        "soft_click" => TouchKind::SoftClick,
        "click" => TouchKind::Click,
        _ => return Err(corrupt(format!("{name} is not a kind of touch"))),
    })
}

pub(crate) fn account_kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Expense => "expense",
        AccountKind::Pending => "pending",
        AccountKind::Payable => "payable",
        AccountKind::Paid => "paid",
    }
}

pub(crate) fn parse_account_kind(name: &str) -> Result<AccountKind, StoreError> {
    Ok(match name {
        "expense" => AccountKind::Expense,
        "pending" => AccountKind::Pending,
        "payable" => AccountKind::Payable,
        "paid" => AccountKind::Paid,
        _ => return Err(corrupt(format!("{name} is not an account"))),
    })
}
