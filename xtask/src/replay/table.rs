//! The table: the file's own sums, then those of each pass.

use rust_decimal::Decimal;

use super::{
    expectation::{Expectation, Refusal},
    order::Orders,
    reconciliation::Account,
};

/// A row: its label, what the file says, and what an account says.
struct Row<'a> {
    label: String,
    file: String,
    account: Box<dyn Fn(&Account) -> String + 'a>,
}

/// The file's own sums beside those of `accounts`, a column each.
pub(super) fn table(
    orders: &Orders,
    expected: &Expectation,
    currency: &str,
    accounts: &[Account],
) -> String {
    let mut rows = rows_of_answers(orders, expected, currency);
    rows.extend(rows_of_the_kept(expected, currency));
    let cells: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| {
            let mut cells: Vec<String> = vec![row.label, row.file];
            cells.extend(accounts.iter().map(row.account));
            cells
        })
        .collect();
    aligned(&cells)
}

fn row<'a>(
    label: impl Into<String>,
    file: impl Into<String>,
    account: impl Fn(&Account) -> String + 'a,
) -> Row<'a> {
    Row {
        label: label.into(),
        file: file.into(),
        account: Box::new(account),
    }
}

fn rows_of_answers<'a>(orders: &Orders, expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let none = |_: &Account| String::new();
    let due = expected.recorded;
    let mut rows = vec![
        row("", "the file", |account| account.title.to_owned()),
        row("rows read", whole(orders.rows), none),
        row(
            "  cancellations, not sent",
            whole(orders.cancellations),
            none,
        ),
        row("  adjustments, not sent", whole(orders.adjustments), none),
        row("sales sent", whole(orders.sales.len() as u64), |account| {
            let refused: u64 = account.pass.refused.values().sum();
            whole(account.answered().count + refused)
        }),
        row("recorded", whole(due.count), |account| {
            whole(account.pass.recorded.count)
        }),
        row("replayed", "", |account| whole(account.pass.replayed.count)),
    ];
    rows.push(row("answered 503, sent again", "", |account| {
        whole(account.pass.put_off)
    }));
    for refusal in Refusal::ALL {
        let file = whole(expected.refused(refusal));
        let count = move |account: &Account| whole(account.refused(refusal));
        rows.push(row(format!("refused: {refusal}"), file, count));
    }
    rows.extend([
        row(
            format!("answers: totals, {currency}"),
            amount(due.total),
            |account| amount(account.answered().total),
        ),
        row(
            format!("answers: commission, {currency}"),
            amount(due.commission),
            |account| amount(account.answered().commission),
        ),
    ]);
    rows
}

fn rows_of_the_kept<'a>(expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let due = expected.recorded;
    let (total, commission) = (amount(due.total), amount(due.commission));
    let balances = format!("kept: {} balances, {currency}", expected.by_tag.len());
    let conversions = |what: &str| format!("kept: their {what}, {currency}");
    let daily = |what: &str| format!("kept: daily {what}, {currency}");
    vec![
        row("kept: conversions", whole(due.count), |account| {
            whole(account.kept.sums().count)
        }),
        row(conversions("totals"), &*total, |account| {
            amount(account.kept.sums().total)
        }),
        row(conversions("commission"), &*commission, |account| {
            amount(account.kept.sums().commission)
        }),
        row(balances, &*commission, |account| {
            amount(account.kept.sum_of_balances())
        }),
        row(
            "kept: days with totals",
            whole(expected.by_day.len() as u64),
            |account| whole(account.kept.days.len() as u64),
        ),
        row("kept: daily counts", whole(due.count), |account| {
            whole(account.kept.sums_of_days().count)
        }),
        row(daily("totals"), &*total, |account| {
            amount(account.kept.sums_of_days().total)
        }),
        row(daily("commission"), &*commission, |account| {
            amount(account.kept.sums_of_days().commission)
        }),
        row("journal entries", "", |account| {
            let head = account.kept.head.as_ref();
            head.map_or_else(String::new, |head| whole(head.sequence))
        }),
        row("  sealed by", "", |account| {
            let hash = account
                .kept
                .head
                .as_ref()
                .and_then(|head| head.hash.get(..12));
            hash.unwrap_or_default().to_owned()
        }),
    ]
}

/// The first column to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(move |row| row.get(column))
            .map(String::len)
    };
    let widths: Vec<usize> = (0..columns)
        .map(|column| width(column).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate();
        let line: String = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            })
            .collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// `25,900`.
fn whole(number: u64) -> String {
    grouped(&number.to_string())
}

/// `10,652,941.21`.
fn amount(number: Decimal) -> String {
    let text = number.to_string();
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
        None => grouped(&text),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!(whole(7), "7");
        assert_eq!(whole(25_900), "25,900");
        assert_eq!(amount(Decimal::new(-123_456, 2)), "-1,234.56");
        assert_eq!(amount(Decimal::new(-12_345, 2)), "-123.45");
    }
}
