//! A batch on PostgreSQL: one statement, each column of each table an array.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    Statement, Value,
    sqlx::{self, AssertSqlSafe},
};

use super::{
    KnownWords, head,
    rows::{self, Batch, Rows},
    table::{self, Kind, Table},
};
use crate::error::{at_commit, failed, refused};

/// Where an organization stands, and nobody else has a turn until the transaction ends.
pub(crate) const LOCK_HEAD: &str = "SELECT * FROM heads WHERE organization_id = $1 FOR UPDATE";

/// The conversions with these sources and references, one look into the index for each: OFFSET 0
/// keeps the planner from reading all of the organization's instead, here and below.
pub(crate) const BY_REFERENCES: &str = "SELECT c.* \
    FROM unnest($2::text[], $3::text[]) AS wanted (source, reference) CROSS JOIN LATERAL \
    (SELECT * FROM conversions WHERE organization_id = $1 \
     AND source = wanted.source AND reference = wanted.reference OFFSET 0) c";

/// The commissions of the conversions `c`, the report, and the entry that has changed its facts.
pub(crate) const WITH_COMMISSIONS: &str = "CROSS JOIN LATERAL \
    (SELECT command FROM journal \
     WHERE organization_id = c.organization_id AND sequence = c.sequence OFFSET 0) j \
    CROSS JOIN LATERAL \
    (SELECT * FROM commissions \
     WHERE organization_id = c.organization_id AND conversion_id = c.id OFFSET 0) m \
    LEFT JOIN LATERAL \
    (SELECT outcome FROM journal WHERE organization_id = c.organization_id \
     AND sequence = NULLIF(c.facts_sequence, c.sequence) OFFSET 0) a ON TRUE";

/// The numbers of the conversions that these enrollments have sold on these days.
pub(crate) const IN_SPANS: &str = "SELECT m.conversion_id FROM \
    unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) \
    AS wanted (enrollment, currency, first_day, last_day) CROSS JOIN LATERAL \
    (SELECT conversion_id FROM commissions WHERE organization_id = $1 AND liftable \
     AND enrollment_id = wanted.enrollment AND day >= wanted.first_day \
     AND day <= wanted.last_day AND currency = wanted.currency OFFSET 0) m";

/// The sums of these enrollments' days, in the order in which they are asked for. A sum of BIGINT
/// is NUMERIC.
pub(crate) const TALLIES: &str = "SELECT sums.* FROM \
    unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) \
    WITH ORDINALITY AS wanted (enrollment, currency, first_day, last_day, place) \
    CROSS JOIN LATERAL \
    (SELECT COALESCE(SUM(sold), 0)::bigint AS sold, \
       COALESCE(SUM(base_minor), 0)::bigint AS base_minor, \
       COALESCE(SUM(earned_minor), 0)::bigint AS earned_minor \
     FROM enrollment_totals WHERE organization_id = $1 AND enrollment_id = wanted.enrollment \
     AND currency = wanted.currency AND day >= wanted.first_day AND day <= wanted.last_day \
     AND stage NOT IN ('declined', 'cancelled', 'refunded')) sums \
    ORDER BY wanted.place";

/// What can be paid to these affiliates, in the order in which they are asked for.
pub(crate) const PAYABLE: &str = "SELECT sums.* FROM \
    unnest($2::bigint[], $3::text[]) WITH ORDINALITY AS wanted (affiliate, currency, place) \
    CROSS JOIN LATERAL \
    (SELECT COALESCE(SUM(CASE WHEN to_account = 'payable' THEN amount_minor \
         WHEN from_account = 'payable' THEN -amount_minor END), 0)::bigint AS minor \
     FROM transfers WHERE organization_id = $1 AND affiliate_id = wanted.affiliate \
     AND currency = wanted.currency) sums \
    ORDER BY wanted.place";

/// Moves the head on and writes `changes` to every table; if the head is not at `before` any more,
/// nothing at all. Answers whether it was.
///
/// Through sqlx itself: a batch is thousands of values, which sea-orm would copy twice.
pub(crate) async fn keep(
    connection: &DatabaseConnection,
    before: &Head,
    changes: &Changes,
    known: &KnownWords,
) -> Result<bool, StoreError> {
    let Batch { rows, words } = rows::of(changes, known)?;
    let sql = sql(&rows);
    let mut query = sqlx::query(AssertSqlSafe(&*sql))
        .bind(before.organization.number())
        .bind(before.sequence)
        .bind(before.hash.as_slice());
    for value in head::values(&changes.head) {
        query = match value {
            Value::BigInt(number) => query.bind(number),
            Value::Bool(flag) => query.bind(flag),
            Value::Bytes(bytes) => query.bind(bytes),
            other => return Err(refused(format!("{other:?} is no value of a head"))),
        };
    }
    for array in arrays(rows)? {
        query = match array {
            Array::Integers(numbers) => query.bind(numbers),
            Array::Texts(texts) => query.bind(texts),
            Array::Bytes(bytes) => query.bind(bytes),
            Array::Booleans(flags) => query.bind(flags),
        };
    }
    let result = query.execute(connection.get_postgres_connection_pool());
    let result = result.await.map_err(|error| {
        let error = DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)));
        at_commit(error)
    })?;
    let moved = result.rows_affected() == 1;
    if moved {
        known.add(before.organization, words);
    }
    Ok(moved)
}

/// The same, within a transaction that has more to do.
pub(crate) async fn keep_within(
    transaction: &DatabaseTransaction,
    before: &Head,
    changes: &Changes,
) -> Result<bool, StoreError> {
    let Batch { rows, .. } = rows::of(changes, &KnownWords::default())?;
    let sql = sql(&rows);
    let mut values: Vec<Value> = vec![
        before.organization.number().into(),
        before.sequence.into(),
        before.hash.to_vec().into(),
    ];
    values.extend(head::values(&changes.head));
    values.extend(arrays(rows)?.into_iter().map(Value::from));
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let result = transaction.execute_raw(statement).await.map_err(failed)?;
    Ok(result.rows_affected() == 1)
}

/// The statement that keeps such rows.
fn sql(rows: &[Rows]) -> Cow<'static, str> {
    match rows.get(table::OF_SALES.len()..) {
        None | Some([]) => Cow::Borrowed(KEEP.as_str()),
        Some(_) => Cow::Owned(writing(rows.iter().map(|rows| rows.table))),
    }
}

/// What keeps new sales.
static KEEP: LazyLock<String> = LazyLock::new(|| writing(table::OF_SALES));

/// `WITH moved AS (UPDATE heads …), journal_rows AS (INSERT … FROM moved …), … SELECT … FROM moved`.
///
/// The inserts read the row that the update returns: they wait for its lock, and without it there
/// is nothing to insert.
fn writing(tables: impl IntoIterator<Item = &'static Table>) -> String {
    let moves = head::COLUMNS.iter().zip(4..);
    let moves = moves.map(|(column, parameter)| format!("{column} = ${parameter}"));
    let moves = moves.collect::<Vec<_>>().join(", ");
    let mut next = 4 + head::COLUMNS.len();
    let inserts = tables.into_iter().enumerate().map(|(index, table)| {
        let insert = insert(table, next);
        next += table.columns.len();
        format!("rows_{index} AS ({insert})")
    });
    let inserts = inserts.collect::<Vec<_>>().join(", ");
    format!(
        "WITH moved AS (UPDATE heads SET {moves} \
         WHERE organization_id = $1 AND sequence = $2 AND hash = $3 RETURNING organization_id), \
         {inserts} SELECT organization_id FROM moved"
    )
}

/// The insert of a table whose first array is parameter number `first`.
fn insert(table: &Table, first: usize) -> String {
    let Table { name, columns, .. } = table;
    let names = columns.iter().map(|(name, _)| *name);
    let names = names.collect::<Vec<_>>().join(", ");
    let cells = columns
        .iter()
        .zip(first..)
        .map(|((_, kind), parameter)| match kind {
            Kind::Integer => format!("unnest(${parameter}::bigint[])"),
            Kind::OptionalInteger => {
                format!("NULLIF(unnest(${parameter}::bigint[]), {})", i64::MIN)
            }
            Kind::Text => format!("unnest(${parameter}::text[])"),
            Kind::OptionalText => format!("NULLIF(unnest(${parameter}::text[]), '')"),
            Kind::Bytes => format!("unnest(${parameter}::bytea[])"),
            Kind::Boolean => format!("unnest(${parameter}::boolean[])"),
        });
    let cells = cells.collect::<Vec<_>>().join(", ");
    // In FROM, each array would be written to a store of its own first, which takes thrice as long.
    format!(
        "INSERT INTO {name} (organization_id, {names}) \
         SELECT moved.organization_id, {cells} FROM moved {}",
        table.on_conflict()
    )
}

/// A column of rows, without NULL: the statement makes it of [`i64::MIN`] and of empty texts.
enum Array {
    Integers(Vec<i64>),
    Texts(Vec<String>),
    Bytes(Vec<Vec<u8>>),
    Booleans(Vec<bool>),
}

impl Array {
    fn of(kind: Kind, height: usize) -> Self {
        match kind {
            Kind::Integer | Kind::OptionalInteger => Self::Integers(Vec::with_capacity(height)),
            Kind::Text | Kind::OptionalText => Self::Texts(Vec::with_capacity(height)),
            Kind::Bytes => Self::Bytes(Vec::with_capacity(height)),
            Kind::Boolean => Self::Booleans(Vec::with_capacity(height)),
        }
    }

    /// Adds a cell, which must be of the column's kind: the cells behind one that is left out would
    /// go to other rows.
    fn push(&mut self, cell: Value) -> Result<(), StoreError> {
        match (self, cell) {
            (Self::Integers(all), Value::BigInt(one)) => all.push(one.unwrap_or(i64::MIN)),
            (Self::Texts(all), Value::String(one)) => all.push(one.unwrap_or_default()),
            (Self::Bytes(all), Value::Bytes(one)) => all.push(one.unwrap_or_default()),
            (Self::Booleans(all), Value::Bool(one)) => all.push(one.unwrap_or_default()),
            (_, cell) => return Err(refused(format!("{cell:?} is not of its column's kind"))),
        }
        Ok(())
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        match array {
            Array::Integers(all) => all.into(),
            Array::Texts(all) => all.into(),
            Array::Bytes(all) => all.into(),
            Array::Booleans(all) => all.into(),
        }
    }
}

/// The columns of all `rows`.
fn arrays(rows: Vec<Rows>) -> Result<Vec<Array>, StoreError> {
    let all: Vec<_> = rows.into_iter().map(columns).collect::<Result<_, _>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// The columns of `rows`.
fn columns(rows: Rows) -> Result<Vec<Array>, StoreError> {
    let columns = rows.table.columns;
    let height = rows.cells.len() / columns.len();
    let mut arrays: Vec<_> = columns
        .iter()
        .map(|(_, kind)| Array::of(*kind, height))
        .collect();
    for (index, cell) in rows.cells.into_iter().enumerate() {
        arrays[index % columns.len()].push(cell)?;
    }
    Ok(arrays)
}
