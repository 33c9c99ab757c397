//! What a batch writes to each table.

mod ledger;
mod people;
mod sales;
pub(crate) mod totals;

use std::collections::{BTreeMap, HashSet};

use accrual_engine::{Changes, Recorded, StoreError, Text};
use accrual_money::Currency;
use sea_orm::Value;

use sales::Searched;

use super::{
    KnownWords,
    table::{self, Table},
};

pub(crate) use sales::WordsKey;

/// Rows for one table, cell by cell in the order of its columns.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) table: &'static Table,
    pub(crate) cells: Vec<Value>,
}

/// What keeps changes.
pub(crate) struct Batch {
    pub(crate) rows: Vec<Rows>,
    /// Words that are known once this is kept.
    pub(crate) words: Vec<WordsKey>,
}

/// The rows that keep `changes`, but for what `session::set_up` keeps: first those of
/// [`table::OF_SALES`], each once and in that order; then those of other tables that there are.
/// Words that are `known` are kept already.
///
/// # Errors
/// [`StoreError::Refused`] if one of them has no place in its table.
pub(crate) fn of(changes: &Changes, known: &KnownWords) -> Result<Batch, StoreError> {
    let Recordings { new, revised } = Recordings::of(changes);
    let currency = changes.head.currency;
    let (new_words, revised_words) = (words(&new), words(&revised));
    let recorded: HashSet<_> = new.iter().map(|one| one.conversion.sequence).collect();
    let entries = changes.entries.iter();
    let entries = entries.map(|entry| ledger::journal(entry, recorded.contains(&entry.sequence)));
    let mut all = vec![
        rows(table::JOURNAL, entries)?,
        rows(table::CONVERSIONS, conversions(&new, &new_words, currency))?,
        rows(table::COMMISSIONS, commissions(&new))?,
        rows(
            table::TRANSFERS,
            changes.postings.iter().map(ledger::transfer),
        )?,
    ];
    all.extend(totals::of(&changes.totals)?);
    let amended = revised.iter().zip(&revised_words);
    let amended = amended.filter(|(one, _)| one.conversion.amended.is_some());
    let searched = new_words.iter().chain(amended.map(|(_, words)| words));
    let searched: BTreeMap<_, _> = searched.flatten().map(|one| (one.key, one)).collect();
    let mut searched: Vec<_> = searched.into_values().collect();
    known.retain_unknown(changes.head.organization, &mut searched, |one| one.key);
    let words = searched.iter().map(|one| one.key).collect();
    let searched = searched.into_iter().map(|one| {
        let address = optional(one.address.as_deref());
        Ok([text(&one.key_text()), text(&one.words), address])
    });
    all.push(rows(table::SEARCHED, searched)?);
    if !revised.is_empty() {
        let conversions = conversions(&revised, &revised_words, currency);
        all.push(rows(table::REVISED_CONVERSIONS, conversions)?);
        all.push(rows(table::REVISED_COMMISSIONS, commissions(&revised))?);
    }
    if !changes.promo_codes.is_empty() {
        let newest = newest(changes.promo_codes.iter().map(|one| (one.id, &**one)));
        let newest = newest.values().map(|one| people::promo_code(one));
        all.push(rows(table::PROMO_CODES, newest)?);
    }
    if !changes.referrals.is_empty() {
        let newest = newest(changes.referrals.iter().map(|one| (one.id, &**one)));
        let newest = newest.values().map(|one| people::referral(one));
        all.push(rows(table::REFERRALS, newest)?);
    }
    if !changes.remembered.is_empty() {
        let remembered = changes.remembered.iter().map(people::remembered);
        all.push(rows(table::IDEMPOTENCY_KEYS, remembered)?);
    }
    Ok(Batch { rows: all, words })
}

/// Conversions as the batch leaves them, each in one place: a row is written once.
struct Recordings<'a> {
    new: Vec<&'a Recorded>,
    revised: Vec<&'a Recorded>,
}

impl<'a> Recordings<'a> {
    fn of(changes: &'a Changes) -> Self {
        let new = changes.recorded.iter().map(|one| &**one);
        if changes.revised.is_empty() {
            let (new, revised) = (new.collect(), Vec::new());
            return Self { new, revised };
        }
        let by_id = |one: &'a Recorded| (one.conversion.id, one);
        let mut revised = newest(changes.revised.iter().map(|one| by_id(one)));
        let new = new.map(|one| revised.remove(&one.conversion.id).unwrap_or(one));
        Self {
            new: new.collect(),
            revised: revised.into_values().collect(),
        }
    }
}

/// The last of each.
fn newest<K: Ord, V>(all: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    all.collect()
}

/// What is searched of each.
fn words(recorded: &[&Recorded]) -> Vec<Option<Searched>> {
    recorded.iter().map(|one| Searched::of(one)).collect()
}

fn conversions(
    recorded: &[&Recorded],
    words: &[Option<Searched>],
    home: Currency,
) -> impl Iterator<Item = Result<[Value; sales::CONVERSION], StoreError>> {
    let recorded = recorded.iter().zip(words);
    recorded.map(move |(one, words)| sales::conversion(one, words.as_ref(), home))
}

fn commissions(
    recorded: &[&Recorded],
) -> impl Iterator<Item = Result<[Value; sales::COMMISSION], StoreError>> {
    recorded.iter().flat_map(|recorded| {
        let day = recorded.conversion.day;
        let all = recorded.commissions.iter();
        all.map(move |commission| sales::commission(commission, day))
    })
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

fn optional(text: Option<&str>) -> Value {
    Value::String(text.map(str::to_owned))
}

fn optional_text(text: Option<&Text>) -> Value {
    optional(text.map(Text::as_str))
}
