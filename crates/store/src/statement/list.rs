//! Conditions on any number of values, in statements that stay the same however many there are.

use sea_orm::{
    DbBackend, Value,
    sea_query::{ArrayType, Expr, SimpleExpr},
};
use serde::Serialize;

/// `column` is one of these numbers.
pub(crate) fn any_number(
    backend: DbBackend,
    column: &str,
    numbers: impl IntoIterator<Item = i64>,
) -> SimpleExpr {
    any(backend, column, self::numbers(backend, numbers))
}

/// `column` is one of these texts.
pub(crate) fn any_text<'a>(
    backend: DbBackend,
    column: &str,
    texts: impl IntoIterator<Item = &'a str>,
) -> SimpleExpr {
    any(backend, column, self::texts(backend, texts))
}

fn any(backend: DbBackend, column: &str, list: Value) -> SimpleExpr {
    match backend {
        DbBackend::Sqlite => {
            let sql = format!("{column} IN (SELECT value FROM json_each(?))");
            Expr::cust_with_values(sql, [list])
        }
        _ => Expr::cust_with_values(format!("{column} = ANY($1)"), [list]),
    }
}

/// The two `columns`, such as `affiliate_id, program_id`, are one of these pairs.
pub(crate) fn any_pair(
    backend: DbBackend,
    columns: &str,
    pairs: impl Iterator<Item = (i64, i64)>,
) -> SimpleExpr {
    match backend {
        DbBackend::Sqlite => {
            let wanted = "SELECT value ->> 0, value ->> 1 FROM json_each(?)";
            let pairs: Vec<_> = pairs.collect();
            Expr::cust_with_values(format!("({columns}) IN ({wanted})"), [json(&pairs)])
        }
        _ => {
            let wanted = "SELECT one, other FROM unnest($1, $2) AS wanted (one, other)";
            let (one, other): (Vec<_>, Vec<_>) = pairs.unzip();
            let lists = [array_of_numbers(one), array_of_numbers(other)];
            Expr::cust_with_values(format!("({columns}) IN ({wanted})"), lists)
        }
    }
}

/// A list of numbers, in one value.
pub(crate) fn numbers(backend: DbBackend, numbers: impl IntoIterator<Item = i64>) -> Value {
    let numbers: Vec<i64> = numbers.into_iter().collect();
    match backend {
        DbBackend::Sqlite => json(&numbers),
        _ => array_of_numbers(numbers),
    }
}

/// A list of texts, in one value.
pub(crate) fn texts<'a>(backend: DbBackend, texts: impl IntoIterator<Item = &'a str>) -> Value {
    let texts: Vec<&str> = texts.into_iter().collect();
    match backend {
        DbBackend::Sqlite => json(&texts),
        _ => array_of_texts(texts),
    }
}

/// One value of a row that is asked for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Cell<'a> {
    Number(i64),
    Text(&'a str),
}

/// Rows that are asked for, at least one: on PostgreSQL each column is an array, on SQLite all are
/// one text of JSON.
pub(crate) fn rows<'a, const N: usize>(
    backend: DbBackend,
    rows: impl IntoIterator<Item = [Cell<'a>; N]>,
) -> Vec<Value> {
    let rows = rows.into_iter();
    match backend {
        DbBackend::Sqlite => {
            let rows: Vec<Vec<Cell<'_>>> = rows.map(Vec::from).collect();
            vec![json(&rows)]
        }
        _ => {
            let mut columns: [Vec<Value>; N] = std::array::from_fn(|_| Vec::new());
            for row in rows {
                for (column, cell) in columns.iter_mut().zip(row) {
                    column.push(match cell {
                        Cell::Number(number) => number.into(),
                        Cell::Text(text) => text.into(),
                    });
                }
            }
            columns.into_iter().map(array).collect()
        }
    }
}

fn json(list: &impl Serialize) -> Value {
    // Numbers and texts in arrays: always JSON.
    serde_json::to_string(list).unwrap_or_default().into()
}

fn array_of_numbers(numbers: Vec<i64>) -> Value {
    let numbers = numbers.into_iter().map(Value::from).collect();
    Value::Array(ArrayType::BigInt, Some(Box::new(numbers)))
}

fn array_of_texts(texts: Vec<&str>) -> Value {
    let texts = texts.into_iter().map(Value::from).collect();
    Value::Array(ArrayType::String, Some(Box::new(texts)))
}

/// A column, which has the type of its first value.
fn array(column: Vec<Value>) -> Value {
    let element = match column.first() {
        Some(Value::BigInt(_)) => ArrayType::BigInt,
        _ => ArrayType::String,
    };
    Value::Array(element, Some(Box::new(column)))
}
