//! A batch on SQLite: one text of several statements. Each statement that is sent by itself costs
//! two changes of threads, which take longer than what it does.

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    Statement, Value,
    sqlx::{self, Sqlite, query::Query, sqlite::SqliteArguments},
};

use super::rows::{self, Rows, Table};
use crate::error::{at_commit, failed};

/// How many rows one statement adds at most.
const ROWS: usize = 64;

/// How many texts stay prepared.
pub(crate) const PREPARED: usize = 2 * ROWS;

/// The conversions with these sources and references: pairs, as JSON. CROSS JOIN keeps the order.
pub(crate) const BY_REFERENCES: &str = "json_each($2) AS wanted CROSS JOIN conversions c \
     ON c.organization_id = $1 AND c.source = wanted.value ->> 0 \
     AND c.reference = wanted.value ->> 1";

/// Where the head is not where it was, it is set to nothing, which its table refuses: nothing is
/// kept then.
const MOVE_HEAD: &str = "UPDATE heads SET sequence = CASE WHEN sequence = ? AND hash = ? THEN ? END, \
    hash = ?, setup_version = ?, last_program = ?, last_affiliate = ?, last_enrollment = ?, \
    last_conversion = ? WHERE organization_id = ?";

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
    let head = &changes.head;
    let mut sql = MOVE_HEAD.to_owned();
    let mut values: Vec<Value> = vec![
        before.sequence.into(),
        before.hash.to_vec().into(),
        head.sequence.into(),
        head.hash.to_vec().into(),
        head.setup_version.into(),
        head.last_program.into(),
        head.last_affiliate.into(),
        head.last_enrollment.into(),
        head.last_conversion.into(),
        head.organization.number().into(),
    ];
    for Rows { table, cells } in rows::of(changes)? {
        let width = table.columns.len();
        let mut left = cells.len() / width;
        while left > 0 {
            let count = left.min(ROWS);
            insert(&mut sql, table, count);
            left -= count;
        }
        for (index, cell) in cells.into_iter().enumerate() {
            if index % width == 0 {
                values.push(head.organization.number().into());
            }
            values.push(cell);
        }
    }
    Ok((sql, values))
}

/// Appends `; INSERT INTO name (…) VALUES (?, ?, …), … ON CONFLICT …`.
fn insert(sql: &mut String, table: &Table, count: usize) {
    let Table {
        name,
        columns,
        on_conflict,
    } = table;
    sql.push_str("; INSERT INTO ");
    sql.push_str(name);
    sql.push_str(" (organization_id");
    for (column, _) in *columns {
        sql.push(',');
        sql.push_str(column);
    }
    sql.push_str(") VALUES ");
    let row = format!("(?{})", ",?".repeat(columns.len()));
    for index in 0..count {
        if index > 0 {
            sql.push(',');
        }
        sql.push_str(&row);
    }
    sql.push(' ');
    sql.push_str(on_conflict);
}
