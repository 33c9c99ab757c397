//! Rows of the journal and of transfers.

use accrual_attribution::AffiliateId;
use accrual_commission::Account;
use accrual_engine::{Actor, ConversionId, Entry, Posting, StoreError, micros};
use sea_orm::Value;

use super::text;
use crate::{error::refused, value};

/// `records` tells whether it is the one that records its conversion.
pub(super) fn journal(entry: &Entry, records: bool) -> Result<[Value; 9], StoreError> {
    let key = match entry.actor {
        Actor::Operator => None,
        Actor::Key(key) => Some(key.number()),
    };
    Ok([
        entry.sequence.number().into(),
        micros(entry.at).into(),
        key.into(),
        text(entry.request_id.as_str()),
        entry.conversion.map(ConversionId::number).into(),
        (entry.conversion.is_some() && !records).into(),
        text(&entry.command),
        text(&entry.outcome),
        entry.hash.to_vec().into(),
    ])
}

pub(super) fn transfer(posting: &Posting) -> Result<[Value; 10], StoreError> {
    let (from, to) = (posting.transfer.from(), posting.transfer.to());
    let amount = posting.transfer.amount();
    Ok([
        posting.sequence.number().into(),
        i64::from(posting.position).into(),
        micros(posting.at).into(),
        posting.conversion.number().into(),
        i64::from(posting.commission_position).into(),
        owner(from, to)?.number().into(),
        text(value::account_kind(from.kind())),
        text(value::account_kind(to.kind())),
        amount.minor().into(),
        text(amount.currency().code()),
    ])
}

/// The one affiliate between whose accounts, or from or to whose account, something is moved.
fn owner(from: Account, to: Account) -> Result<AffiliateId, StoreError> {
    let owner = |account| match account {
        Account::Expense => None,
        Account::Pending(owner) | Account::Payable(owner) | Account::Paid(owner) => Some(owner),
    };
    match (owner(from), owner(to)) {
        (Some(one), None) | (None, Some(one)) => Ok(one),
        (Some(one), Some(other)) if one == other => Ok(one),
        _ => Err(refused("a transfer is not of one affiliate")),
    }
}
