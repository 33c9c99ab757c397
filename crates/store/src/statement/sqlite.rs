//! A batch on SQLite: each table by statements of a few fixed lengths, so that they stay prepared.

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use super::rows::{self, Rows, Table};
use crate::error::failed;

/// How many rows one statement adds: the longest that fits, then the next.
const LENGTHS: [usize; 4] = [64, 16, 4, 1];

/// The transaction has the lock already.
pub(crate) const LOCK_HEAD: &str = "SELECT organization_id, currency, sequence, hash, \
    setup_version, last_program, last_affiliate, last_enrollment, last_conversion \
    FROM heads WHERE organization_id = $1";

/// The conversions with these sources and references: pairs, as JSON. CROSS JOIN keeps the order.
pub(crate) const BY_REFERENCES: &str = "json_each($2) AS wanted CROSS JOIN conversions c \
     ON c.organization_id = $1 AND c.source = wanted.value ->> 0 \
     AND c.reference = wanted.value ->> 1";

const MOVE_HEAD: &str = "UPDATE heads SET sequence = $3, hash = $4, setup_version = $5, \
    last_program = $6, last_affiliate = $7, last_enrollment = $8, last_conversion = $9 \
    WHERE organization_id = $1 AND sequence = $2";

/// Adds `changes` to every table and moves the head on; answers whether it was at `before`.
pub(crate) async fn keep(
    transaction: &DatabaseTransaction,
    before: &Head,
    changes: &Changes,
) -> Result<bool, StoreError> {
    let head = &changes.head;
    for rows in rows::of(changes)? {
        insert(transaction, head.organization.number(), rows).await?;
    }
    let values: [Value; 9] = [
        head.organization.number().into(),
        before.sequence.into(),
        head.sequence.into(),
        head.hash.to_vec().into(),
        head.setup_version.into(),
        head.last_program.into(),
        head.last_affiliate.into(),
        head.last_enrollment.into(),
        head.last_conversion.into(),
    ];
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, MOVE_HEAD, values);
    let result = transaction.execute_raw(statement).await.map_err(failed)?;
    Ok(result.rows_affected() == 1)
}

async fn insert(
    transaction: &DatabaseTransaction,
    organization: i64,
    rows: Rows,
) -> Result<(), StoreError> {
    let width = rows.table.columns.len();
    let mut left = rows.cells.len() / width;
    let mut cells = rows.cells.into_iter();
    for length in LENGTHS {
        while left >= length {
            left -= length;
            let mut values = Vec::with_capacity(length * (width + 1));
            for _ in 0..length {
                values.push(organization.into());
                values.extend(cells.by_ref().take(width));
            }
            let sql = text(rows.table, length);
            let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            transaction.execute_raw(statement).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// `INSERT INTO name (…) VALUES (?, …), … ON CONFLICT …`.
fn text(table: &Table, length: usize) -> String {
    let Table {
        name,
        columns,
        on_conflict,
    } = table;
    let names = columns.iter().map(|(name, _)| *name);
    let names = names.collect::<Vec<_>>().join(", ");
    let row = format!("(?{})", ",?".repeat(columns.len()));
    let more = format!(",{row}").repeat(length - 1);
    format!("INSERT INTO {name} (organization_id, {names}) VALUES {row}{more} {on_conflict}")
}
