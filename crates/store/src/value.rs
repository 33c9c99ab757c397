//! Values as columns hold them.

use accrual_commission::{AccountKind, SaleType, Status, StatusKind};
use accrual_engine::{StoreError, Text, from_micros};
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use crate::error::corrupt;

pub(crate) fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::parse(code).map_err(corrupt)
}

pub(crate) fn money(minor: i64, code: &str) -> Result<Money, StoreError> {
    Ok(Money::from_minor(minor, currency(code)?))
}

pub(crate) fn at(micros: i64) -> Result<OffsetDateTime, StoreError> {
    from_micros(micros).ok_or_else(|| corrupt(format!("{micros} is not a time")))
}

pub(crate) fn text(text: String) -> Result<Text, StoreError> {
    Text::parse(text).map_err(corrupt)
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

pub(crate) fn status_kind(kind: StatusKind) -> &'static str {
    match kind {
        StatusKind::Pending => "pending",
        StatusKind::AwaitingApproval => "awaiting_approval",
        StatusKind::Payable => "payable",
        StatusKind::InPayout => "in_payout",
        StatusKind::Paid => "paid",
        StatusKind::Declined => "declined",
        StatusKind::Cancelled => "cancelled",
        StatusKind::Refunded => "refunded",
        StatusKind::Disputed => "disputed",
    }
}

pub(crate) fn parse_status_kind(name: &str) -> Result<StatusKind, StoreError> {
    StatusKind::ALL
        .into_iter()
        .find(|kind| status_kind(*kind) == name)
        .ok_or_else(|| corrupt(format!("{name} is not a status")))
}

/// The status with this name, with its details from the columns next to it.
pub(crate) fn status(
    name: &str,
    until_us: Option<i64>,
    paid_externally: bool,
) -> Result<Status, StoreError> {
    Ok(match parse_status_kind(name)? {
        StatusKind::Pending => Status::Pending {
            until: at(until_us.ok_or_else(|| corrupt("a pending commission has no date"))?)?,
        },
        StatusKind::AwaitingApproval => Status::AwaitingApproval,
        StatusKind::Payable => Status::Payable,
        StatusKind::InPayout => Status::InPayout,
        StatusKind::Paid => Status::Paid {
            externally: paid_externally,
        },
        StatusKind::Declined => Status::Declined,
        StatusKind::Cancelled => Status::Cancelled,
        StatusKind::Refunded => Status::Refunded,
        StatusKind::Disputed => Status::Disputed,
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
