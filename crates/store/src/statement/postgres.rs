//! A batch on PostgreSQL: one statement, each column of each table an array.

use std::sync::LazyLock;

use accrual_engine::{Changes, Head, StoreError};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value, sea_query::ArrayType};

use super::rows::{self, Kind, Rows, Table};

/// Where an organization stands, and nobody else has a turn until the transaction ends.
pub(crate) const LOCK_HEAD: &str = "SELECT organization_id, currency, sequence, hash, \
    setup_version, last_program, last_affiliate, last_enrollment, last_conversion \
    FROM heads WHERE organization_id = $1 FOR UPDATE";

/// The conversions with these sources and references, one look into the index for each: OFFSET 0
/// keeps the planner from reading the table instead.
pub(crate) const BY_REFERENCES: &str = "unnest($2::text[], $3::text[]) AS wanted (source, reference) CROSS JOIN LATERAL \
     (SELECT organization_id, id, sequence, occurred_at_us, recorded_at_us FROM conversions \
      WHERE organization_id = $1 AND source = wanted.source AND reference = wanted.reference \
      OFFSET 0) c";

/// Moves the head on and adds `changes` to every table; if the head is not at `before` any more,
/// nothing at all. Answers whether it was.
pub(crate) async fn keep(
    connection: &impl ConnectionTrait,
    before: &Head,
    changes: &Changes,
    meaning: fn(DbErr) -> StoreError,
) -> Result<bool, StoreError> {
    let head = &changes.head;
    let mut values: Vec<Value> = vec![
        head.organization.number().into(),
        before.sequence.into(),
        head.sequence.into(),
        head.hash.to_vec().into(),
        head.setup_version.into(),
        head.last_program.into(),
        head.last_affiliate.into(),
        head.last_enrollment.into(),
        head.last_conversion.into(),
        before.hash.to_vec().into(),
    ];
    for rows in rows::of(changes)? {
        values.extend(arrays(rows));
    }
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, KEEP.as_str(), values);
    let result = connection.execute_raw(statement).await.map_err(meaning)?;
    Ok(result.rows_affected() == 1)
}

/// `WITH moved AS (UPDATE heads …), journal_rows AS (INSERT … FROM moved …), … SELECT … FROM moved`.
///
/// The inserts read the row that the update returns: they wait for its lock, and without it there
/// is nothing to insert.
static KEEP: LazyLock<String> = LazyLock::new(|| {
    let mut next = 11;
    let inserts = rows::TABLES.map(|table| {
        let insert = insert(table, next);
        next += table.columns.len();
        insert
    });
    format!(
        "WITH moved AS (UPDATE heads SET sequence = $3, hash = $4, setup_version = $5, \
         last_program = $6, last_affiliate = $7, last_enrollment = $8, last_conversion = $9 \
         WHERE organization_id = $1 AND sequence = $2 AND hash = $10 RETURNING organization_id), {} \
         SELECT organization_id FROM moved",
        inserts.join(", ")
    )
});

/// The insert of a table whose first array is parameter number `first`.
fn insert(table: &Table, first: usize) -> String {
    let Table {
        name,
        columns,
        on_conflict,
    } = table;
    let names = columns.iter().map(|(name, _)| *name);
    let names = names.collect::<Vec<_>>().join(", ");
    let cells = columns.iter().map(|(name, kind)| match kind {
        Kind::OptionalInteger => format!("NULLIF(added.{name}, {})", i64::MIN),
        Kind::OptionalText => format!("NULLIF(added.{name}, '')"),
        Kind::Integer | Kind::Text | Kind::Bytes | Kind::Boolean => format!("added.{name}"),
    });
    let cells = cells.collect::<Vec<_>>().join(", ");
    let arrays = columns.iter().enumerate().map(|(index, (_, kind))| {
        let element = match kind {
            Kind::Integer | Kind::OptionalInteger => "bigint",
            Kind::Text | Kind::OptionalText => "text",
            Kind::Bytes => "bytea",
            Kind::Boolean => "boolean",
        };
        format!("${}::{element}[]", first + index)
    });
    let arrays = arrays.collect::<Vec<_>>().join(", ");
    format!(
        "{name}_rows AS (INSERT INTO {name} (organization_id, {names}) \
         SELECT moved.organization_id, {cells} \
         FROM moved CROSS JOIN unnest({arrays}) AS added ({names}) {on_conflict})"
    )
}

/// The columns of `rows`, each as an array without NULL: sea-orm panics at one.
fn arrays(rows: Rows) -> impl Iterator<Item = Value> {
    let columns = rows.table.columns;
    let height = rows.cells.len() / columns.len();
    let mut arrays: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(height)).collect();
    for (index, cell) in rows.cells.into_iter().enumerate() {
        let cell = match cell {
            Value::BigInt(None) => Value::BigInt(Some(i64::MIN)),
            Value::String(None) => Value::String(Some(String::new())),
            cell => cell,
        };
        arrays[index % columns.len()].push(cell);
    }
    columns.iter().zip(arrays).map(|((_, kind), array)| {
        let element = match kind {
            Kind::Integer | Kind::OptionalInteger => ArrayType::BigInt,
            Kind::Text | Kind::OptionalText => ArrayType::String,
            Kind::Bytes => ArrayType::Bytes,
            Kind::Boolean => ArrayType::Bool,
        };
        Value::Array(element, Some(Box::new(array)))
    })
}
