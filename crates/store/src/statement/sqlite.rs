//! A batch on SQLite: one text of several statements. Each statement that is sent by itself costs
//! two changes of threads, which take longer than what it does.

use std::{fmt::Write, sync::LazyLock};

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    Statement, Value,
    sqlx::{self, Sqlite, query::Query, sqlite::SqliteArguments},
};

use super::{
    head,
    rows::{self, Rows},
    table::{Present, Table},
};
use crate::error::{at_commit, failed};

/// How many rows one statement adds at most.
const ROWS: usize = 64;

/// How many texts stay prepared.
pub(crate) const PREPARED: usize = 2 * ROWS;

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

/// Where the head is not where it was, it is set to nothing, which its table refuses: nothing is
/// kept then.
static MOVE_HEAD: LazyLock<String> = LazyLock::new(|| {
    let moves = head::COLUMNS.map(|column| match column {
        "sequence" => "sequence = CASE WHEN sequence = ? AND hash = ? THEN ? END".to_owned(),
        column => format!("{column} = ?"),
    });
    let moves = moves.join(", ");
    format!("UPDATE heads SET {moves} WHERE organization_id = ?")
});

/// SQLITE_CONSTRAINT_NOTNULL; every other column is given a value by its type.
const NOT_NULL: &str = "1299";

/// Moves the head on and adds `changes` to every table, within a transaction; if the head is not
/// at `before` any more, nothing at all. Answers whether it was.
pub(crate) async fn keep(
    transaction: &DatabaseTransaction,
    before: &Head,
    changes: &Changes,
) -> Result<bool, StoreError> {
    let (sql, values) = write(before, changes)?;
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    match transaction.execute_raw(statement).await {
        Ok(_) => Ok(true),
        Err(error) if is_overtaken(&error) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// The same in a transaction of its own.
pub(crate) async fn keep_alone(
    writer: &DatabaseConnection,
    before: &Head,
    changes: &Changes,
) -> Result<bool, StoreError> {
    let (sql, values) = write(before, changes)?;
    let sql = format!("BEGIN IMMEDIATE; {sql}; COMMIT");
    let connection = writer.get_sqlite_connection_pool().acquire().await;
    let mut connection =
        connection.map_err(|error| failed(DbErr::Conn(RuntimeErr::SqlxError(error.into()))))?;
    let query = values
        .into_iter()
        .fold(sqlx::query(sqlx::AssertSqlSafe(sql)), bind);
    let Err(error) = query.execute(&mut *connection).await else {
        return Ok(true);
    };
    // Where it failed before it began or after it ended, there is nothing to roll back.
    if sqlx::query("ROLLBACK")
        .execute(&mut *connection)
        .await
        .is_err()
    {
        let _ = connection.close().await;
    }
    match DbErr::Exec(RuntimeErr::SqlxError(error.into())) {
        error if is_overtaken(&error) => Ok(false),
        error => Err(at_commit(error)),
    }
}

fn is_overtaken(error: &DbErr) -> bool {
    let DbErr::Exec(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    let error = error.as_database_error();
    error.is_some_and(|error| error.code().as_deref() == Some(NOT_NULL))
}

type SqliteQuery<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Only what [`rows`] and a head are made of.
fn bind(query: SqliteQuery<'_>, value: Value) -> SqliteQuery<'_> {
    match value {
        Value::BigInt(number) => query.bind(number),
        Value::Bool(flag) => query.bind(flag),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::String(text) => query.bind(text),
        _ => query.bind(None::<i64>),
    }
}

/// The statements and their values.
fn write(before: &Head, changes: &Changes) -> Result<(String, Vec<Value>), StoreError> {
    let organization = before.organization.number();
    let mut sql = MOVE_HEAD.clone();
    let mut values: Vec<Value> = vec![before.sequence.into(), before.hash.to_vec().into()];
    values.extend(head::values(&changes.head));
    values.push(organization.into());
    for rows in rows::of(changes)? {
        if !matches!(rows.table.present, Present::Refused) {
            add(&mut sql, rows.table);
            values.extend([organization.into(), json(&rows)]);
            continue;
        }
        let Rows { table, cells } = rows;
        let width = table.columns.len();
        let mut left = cells.len() / width;
        while left > 0 {
            let count = left.min(ROWS);
            insert(&mut sql, table, count);
            left -= count;
        }
        for (index, cell) in cells.into_iter().enumerate() {
            if index % width == 0 {
                values.push(organization.into());
            }
            values.push(cell);
        }
    }
    Ok((sql, values))
}

/// Appends `; INSERT OR FAIL INTO name (…) SELECT … FROM json_each(?) ON CONFLICT …`.
///
/// How many sums a batch changes, or what was there before, has little to do with how many sales it
/// has. With a list in one value the text does not depend on it, and stays prepared.
fn add(sql: &mut String, table: &Table) {
    begin(sql, table);
    sql.push_str(") SELECT ?");
    for index in 0..table.columns.len() {
        let _ = write!(sql, ",value->>{index}");
    }
    // Without WHERE, what follows could be the condition of a join.
    sql.push_str(" FROM json_each(?) WHERE TRUE ");
    sql.push_str(&table.on_conflict());
}

/// Rows as a list of lists.
fn json(rows: &Rows) -> Value {
    let width = rows.table.columns.len();
    let mut json = String::with_capacity(rows.cells.len() * 8);
    for (index, cell) in rows.cells.iter().enumerate() {
        json.push_str(match (index, index % width) {
            (0, _) => "[[",
            (_, 0) => "],[",
            _ => ",",
        });
        let _ = match cell {
            Value::BigInt(Some(number)) => write!(json, "{number}"),
            Value::Bool(Some(flag)) => write!(json, "{}", u8::from(*flag)),
            Value::String(Some(text)) => write!(json, "{}", serde_json::Value::from(text.as_str())),
            _ => write!(json, "null"),
        };
    }
    json.push_str(if json.is_empty() { "[]" } else { "]]" });
    json.into()
}

/// Appends `; INSERT OR FAIL INTO name (…) VALUES (?, ?, …), … ON CONFLICT …`.
fn insert(sql: &mut String, table: &Table, count: usize) {
    begin(sql, table);
    sql.push_str(") VALUES ");
    let row = format!("(?{})", ",?".repeat(table.columns.len()));
    for index in 0..count {
        if index > 0 {
            sql.push(',');
        }
        sql.push_str(&row);
    }
    sql.push(' ');
    sql.push_str(&table.on_conflict());
}

/// Whoever fails rolls back all: without FAIL, SQLite would keep aside, for each statement, the pages
/// that it changes, so as to undo that statement alone.
fn begin(sql: &mut String, table: &Table) {
    sql.push_str("; INSERT OR FAIL INTO ");
    sql.push_str(table.name);
    sql.push_str(" (organization_id");
    for (column, _) in table.columns {
        sql.push(',');
        sql.push_str(column);
    }
}
