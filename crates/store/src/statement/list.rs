//! Conditions on any number of values, in statements that stay the same however many there are.

use accrual_attribution::{AffiliateId, ProgramId};
use sea_orm::{
    DbBackend, Value,
    sea_query::{ArrayType, Expr, SimpleExpr},
};

/// `column` is one of these numbers.
pub(crate) fn any_number(
    backend: DbBackend,
    column: &str,
    numbers: impl IntoIterator<Item = i64>,
) -> SimpleExpr {
    let numbers: Vec<i64> = numbers.into_iter().collect();
    match backend {
        DbBackend::Sqlite => in_json(column, json(&numbers)),
        _ => any(column, array_of_numbers(numbers)),
    }
}

/// `column` is one of these texts.
pub(crate) fn any_text<'a>(
    backend: DbBackend,
    column: &str,
    texts: impl IntoIterator<Item = &'a str>,
) -> SimpleExpr {
    let texts: Vec<&str> = texts.into_iter().collect();
    match backend {
        DbBackend::Sqlite => in_json(column, json(&texts)),
        _ => any(column, array_of_texts(texts)),
    }
}

/// `affiliate_id` and `program_id` are one of these pairs.
pub(crate) fn any_membership<'a>(
    backend: DbBackend,
    memberships: impl IntoIterator<Item = &'a (AffiliateId, ProgramId)>,
) -> SimpleExpr {
    let pairs = memberships
        .into_iter()
        .map(|(affiliate, program)| (affiliate.number(), program.number()));
    match backend {
        DbBackend::Sqlite => Expr::cust_with_values(
            "(affiliate_id, program_id) IN \
             (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            [json(&pairs.collect::<Vec<_>>())],
        ),
        _ => {
            let (affiliates, programs): (Vec<_>, Vec<_>) = pairs.unzip();
            Expr::cust_with_values(
                "(affiliate_id, program_id) IN \
                 (SELECT affiliate, program FROM unnest($1, $2) AS wanted (affiliate, program))",
                [array_of_numbers(affiliates), array_of_numbers(programs)],
            )
        }
    }
}

/// The values of `BY_REFERENCES` behind the organization.
pub(crate) fn pairs_of_texts(backend: DbBackend, pairs: Vec<(&str, &str)>) -> Vec<Value> {
    match backend {
        DbBackend::Sqlite => vec![json(&pairs)],
        _ => {
            let (first, second): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            vec![array_of_texts(first), array_of_texts(second)]
        }
    }
}

fn in_json(column: &str, list: Value) -> SimpleExpr {
    let sql = format!("{column} IN (SELECT value FROM json_each(?))");
    Expr::cust_with_values(sql, [list])
}

fn any(column: &str, list: Value) -> SimpleExpr {
    Expr::cust_with_values(format!("{column} = ANY($1)"), [list])
}

fn json(list: &impl serde::Serialize) -> Value {
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
