//! What a batch adds to each table.

use accrual_attribution::AffiliateId;
use accrual_commission::{Account, Status};
use accrual_engine::{
    Actor, Changes, Commission, Conversion, ConversionId, Entry, Posting, StoreError, Text, Totals,
    TotalsKey, micros,
};
use accrual_money::Money;
use sea_orm::Value;

use crate::{entity::daily_total, error::refused, value};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    /// Never [`i64::MIN`], which stands for none.
    OptionalInteger,
    Text,
    /// Never empty, which stands for none.
    OptionalText,
    Bytes,
    Boolean,
}

/// A table that batches add to. Its first column is `organization_id`, which is not listed.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// What stands behind the rows that are inserted.
    pub(crate) on_conflict: &'static str,
}

/// Rows for one table, cell by cell in the order of its columns.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) table: &'static Table,
    pub(crate) cells: Vec<Value>,
}

use Kind::{Boolean, Bytes, Integer, OptionalInteger, OptionalText};

pub(crate) const JOURNAL: &Table = &Table {
    name: "journal",
    columns: &[
        ("sequence", Integer),
        ("at_us", Integer),
        ("key_id", OptionalInteger),
        ("request_id", Kind::Text),
        ("conversion_id", OptionalInteger),
        ("command", Kind::Text),
        ("outcome", Kind::Text),
        ("hash", Bytes),
    ],
    on_conflict: "",
};

pub(crate) const CONVERSIONS: &Table = &Table {
    name: "conversions",
    columns: &[
        ("id", Integer),
        ("source", Kind::Text),
        ("reference", Kind::Text),
        ("sequence", Integer),
        ("platform", OptionalText),
        ("sale_type", Kind::Text),
        ("total_minor", OptionalInteger),
        ("subtotal_minor", OptionalInteger),
        ("currency", Kind::Text),
        ("occurred_at_us", Integer),
        ("recorded_at_us", Integer),
        ("customer_email", OptionalText),
        ("customer_name", OptionalText),
        ("sub_id", OptionalText),
    ],
    on_conflict: "",
};

pub(crate) const COMMISSIONS: &Table = &Table {
    name: "commissions",
    columns: &[
        ("conversion_id", Integer),
        ("position", Integer),
        ("enrollment_id", Integer),
        ("affiliate_id", Integer),
        ("program_id", Integer),
        ("terms_version", Integer),
        ("amount_minor", Integer),
        ("currency", Kind::Text),
        ("status", Kind::Text),
        ("until_us", OptionalInteger),
        ("paid_externally", Boolean),
    ],
    on_conflict: "",
};

pub(crate) const TRANSFERS: &Table = &Table {
    name: "transfers",
    columns: &[
        ("sequence", Integer),
        ("position", Integer),
        ("at_us", Integer),
        ("conversion_id", Integer),
        ("commission_position", Integer),
        ("affiliate_id", Integer),
        ("from_account", Kind::Text),
        ("to_account", Kind::Text),
        ("amount_minor", Integer),
        ("currency", Kind::Text),
    ],
    on_conflict: "",
};

pub(crate) const DAILY_TOTALS: &Table = &Table {
    name: "daily_totals",
    columns: &[
        ("day", Kind::Text),
        ("program_id", Integer),
        ("currency", Kind::Text),
        ("status", Kind::Text),
        ("conversions", Integer),
        ("amount_minor", Integer),
        ("commission_minor", Integer),
    ],
    on_conflict: "ON CONFLICT (organization_id, day, program_id, currency, status) DO UPDATE SET \
        conversions = daily_totals.conversions + excluded.conversions, \
        amount_minor = daily_totals.amount_minor + excluded.amount_minor, \
        commission_minor = daily_totals.commission_minor + excluded.commission_minor",
};

/// The tables that a batch adds to, in the order of [`of`].
pub(crate) const TABLES: [&Table; 5] = [JOURNAL, CONVERSIONS, COMMISSIONS, TRANSFERS, DAILY_TOTALS];

/// The rows that keep `changes`, by table.
///
/// # Errors
/// [`StoreError::Refused`] if one of them has no place in its table.
pub(crate) fn of(changes: &Changes) -> Result<[Rows; 5], StoreError> {
    let recorded = || changes.recorded.iter();
    let commissions = || recorded().flat_map(|recorded| &recorded.commissions);
    Ok([
        rows(JOURNAL, changes.entries.iter().map(journal))?,
        rows(
            CONVERSIONS,
            recorded().map(|recorded| conversion(&recorded.conversion)),
        )?,
        rows(COMMISSIONS, commissions().map(commission))?,
        rows(TRANSFERS, changes.postings.iter().map(transfer))?,
        rows(DAILY_TOTALS, changes.totals.iter().map(totals))?,
    ])
}

fn rows<const N: usize>(
    table: &'static Table,
    rows: impl Iterator<Item = Result<[Value; N], StoreError>>,
) -> Result<Rows, StoreError> {
    debug_assert_eq!(table.columns.len(), N);
    let mut cells = Vec::with_capacity(rows.size_hint().0 * N);
    for row in rows {
        cells.extend(row?);
    }
    Ok(Rows { table, cells })
}

fn text(text: &str) -> Value {
    Value::String(Some(text.to_owned()))
}

fn optional(text: Option<&Text>) -> Value {
    Value::String(text.map(|text| text.as_str().to_owned()))
}

fn journal(entry: &Entry) -> Result<[Value; 8], StoreError> {
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
        text(&entry.command),
        text(&entry.outcome),
        entry.hash.to_vec().into(),
    ])
}

fn conversion(conversion: &Conversion) -> Result<[Value; 14], StoreError> {
    let facts = &conversion.facts;
    let currency = facts
        .currency()
        .ok_or_else(|| refused("a conversion has no amount"))?;
    Ok([
        conversion.id.number().into(),
        text(facts.source.as_str()),
        text(facts.reference.as_str()),
        conversion.sequence.number().into(),
        optional(facts.platform.as_ref()),
        text(value::sale_type(facts.sale_type)),
        facts.total.map(Money::minor).into(),
        facts.subtotal.map(Money::minor).into(),
        text(currency.code()),
        micros(conversion.occurred_at).into(),
        micros(conversion.recorded_at).into(),
        optional(facts.customer.email.as_ref()),
        optional(facts.customer.name.as_ref()),
        optional(facts.sub_id.as_ref()),
    ])
}

fn commission(commission: &Commission) -> Result<[Value; 11], StoreError> {
    let (until, paid_externally) = match commission.status {
        Status::Pending { until } => (Some(micros(until)), false),
        Status::Paid { externally } => (None, externally),
        Status::AwaitingApproval
        | Status::Payable
        | Status::InPayout
        | Status::Declined
        | Status::Cancelled
        | Status::Refunded
        | Status::Disputed => (None, false),
    };
    Ok([
        commission.conversion.number().into(),
        i64::from(commission.position).into(),
        commission.credit.enrollment.number().into(),
        commission.credit.affiliate.number().into(),
        commission.credit.program.number().into(),
        i64::from(commission.terms_version.number()).into(),
        commission.amount.minor().into(),
        text(commission.amount.currency().code()),
        text(value::status_kind(commission.status.kind())),
        until.into(),
        paid_externally.into(),
    ])
}

fn transfer(posting: &Posting) -> Result<[Value; 10], StoreError> {
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

fn totals((key, totals): (&TotalsKey, &Totals)) -> Result<[Value; 7], StoreError> {
    Ok([
        text(&daily_total::day(key.day)?),
        key.program.number().into(),
        text(key.currency.code()),
        text(value::status_kind(key.status)),
        totals.conversions.into(),
        totals.amount.minor().into(),
        totals.commission.minor().into(),
    ])
}
