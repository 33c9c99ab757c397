//! A batch on SQLite: row by row, through SQLite's own interface, on a connection of its own.
//!
//! Sent through a pool, each statement costs two changes of threads, which take longer than what it
//! does; and one statement of many rows is prepared anew for each number of rows. Here a batch is
//! handed over once, and each table has one statement, which stays prepared.

mod keeper;

use std::fmt::Write;

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use super::{
    KnownWords, head,
    rows::{self, Rows, WordsKey},
    table::Table,
};
use crate::error::failed;

pub(crate) use keeper::Keeper;

/// The conversions with these sources and references: pairs, as JSON. CROSS JOIN keeps the order.
pub(crate) const BY_REFERENCES: &str = "SELECT c.* \
    FROM json_each($2) AS wanted CROSS JOIN conversions c \
    ON c.organization_id = $1 AND c.source = wanted.value ->> 0 \
    AND c.reference = wanted.value ->> 1";

/// The commissions of the conversions `c`, the report, and the entry that has changed its facts.
pub(crate) const WITH_COMMISSIONS: &str = "CROSS JOIN journal j \
    ON j.organization_id = c.organization_id AND j.sequence = c.sequence \
    CROSS JOIN commissions m \
    ON m.organization_id = c.organization_id AND m.conversion_id = c.id \
    LEFT JOIN journal a ON a.organization_id = c.organization_id \
    AND a.sequence = NULLIF(c.facts_sequence, c.sequence)";

/// The numbers of the conversions that these enrollments have sold on these days: each an
/// enrollment, a currency, the first and the last day, as JSON.
pub(crate) const IN_SPANS: &str = "SELECT m.conversion_id \
    FROM json_each($2) AS wanted CROSS JOIN commissions m \
    ON m.organization_id = $1 AND m.liftable AND m.enrollment_id = wanted.value ->> 0 \
    AND m.day >= wanted.value ->> 2 AND m.day <= wanted.value ->> 3 \
    AND m.currency = wanted.value ->> 1";

/// The sums of these enrollments' days, in the order in which they are asked for.
pub(crate) const TALLIES: &str = "SELECT COALESCE(SUM(t.sold), 0) AS sold, \
      COALESCE(SUM(t.base_minor), 0) AS base_minor, \
      COALESCE(SUM(t.earned_minor), 0) AS earned_minor \
    FROM json_each($2) AS wanted LEFT JOIN enrollment_totals t \
    ON t.organization_id = $1 AND t.enrollment_id = wanted.value ->> 0 \
    AND t.currency = wanted.value ->> 1 AND t.day >= wanted.value ->> 2 \
    AND t.day <= wanted.value ->> 3 \
    AND t.stage NOT IN ('declined', 'cancelled', 'refunded') GROUP BY wanted.key ORDER BY wanted.key";

/// What can be paid to these affiliates, in the order in which they are asked for: each an
/// affiliate and a currency, as JSON.
pub(crate) const PAYABLE: &str = "SELECT COALESCE(SUM(CASE \
      WHEN t.to_account = 'payable' THEN t.amount_minor \
      WHEN t.from_account = 'payable' THEN -t.amount_minor END), 0) AS minor \
    FROM json_each($2) AS wanted LEFT JOIN transfers t \
    ON t.organization_id = $1 AND t.affiliate_id = wanted.value ->> 0 \
    AND t.currency = wanted.value ->> 1 GROUP BY wanted.key ORDER BY wanted.key";

/// What a batch writes: where the head goes, and rows of tables.
struct Batch {
    organization: i64,
    head: Vec<Value>,
    rows: Vec<Rows>,
    words: Vec<WordsKey>,
}

impl Batch {
    fn of(before: &Head, changes: &Changes, known: &KnownWords) -> Result<Self, StoreError> {
        let organization = before.organization.number();
        let mut head = head::values(&changes.head).to_vec();
        head.extend([
            organization.into(),
            before.sequence.into(),
            before.hash.to_vec().into(),
        ]);
        let rows::Batch { rows, words } = rows::of(changes, known)?;
        Ok(Self {
            organization,
            head,
            rows,
            words,
        })
    }
}

/// Moves the head on and adds `changes` to every table, within a transaction that has more to do; if
/// the head is not at `before` any more, nothing at all. Answers whether it was.
pub(crate) async fn keep(
    transaction: &DatabaseTransaction,
    before: &Head,
    changes: &Changes,
) -> Result<bool, StoreError> {
    let Batch {
        organization,
        head,
        rows,
        ..
    } = Batch::of(before, changes, &KnownWords::default())?;
    let run = async |sql, values| {
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        transaction.execute_raw(statement).await.map_err(failed)
    };
    if run(move_head(), head).await?.rows_affected() == 0 {
        return Ok(false);
    }
    for Rows { table, cells } in rows {
        let insert = insert(table);
        for row in cells.chunks(table.columns.len()) {
            let row = row.iter().cloned();
            let row: Vec<Value> = std::iter::once(organization.into()).chain(row).collect();
            run(insert.clone(), row).await?;
        }
    }
    Ok(true)
}

/// Where the head is not where it was, nothing is moved.
fn move_head() -> String {
    let moves = head::COLUMNS.map(|column| format!("{column} = ?"));
    format!(
        "UPDATE heads SET {} WHERE organization_id = ? AND sequence = ? AND hash = ?",
        moves.join(", ")
    )
}

/// `INSERT OR FAIL INTO name (…) VALUES (?, …) ON CONFLICT …`.
///
/// Whoever fails rolls back all: without FAIL, SQLite would keep aside, for each statement, the pages
/// that it changes, so as to undo that statement alone.
fn insert(table: &Table) -> String {
    let mut sql = format!("INSERT OR FAIL INTO {} (organization_id", table.name);
    for (column, _) in table.columns {
        // Writing to memory cannot fail.
        let _ = write!(sql, ",{column}");
    }
    let others = ",?".repeat(table.columns.len());
    let _ = write!(sql, ") VALUES (?{others}) {}", table.on_conflict());
    sql
}
