//! The table: the file's own sums, then those of each pass.

use rust_decimal::Decimal;

use super::{
    expectation::{Expectation, Refusal, Sums},
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
    let mut rows = rows_of_sales(orders, expected, currency);
    rows.extend(rows_of_refunds(expected, currency));
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

fn rows_of_sales<'a>(orders: &Orders, expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let none = |_: &Account| String::new();
    let answers = |what: &str| format!("answers: {what}, {currency}");
    let (reported, recorded) = (expected.reported, expected.recorded);
    let mut rows = vec![
        row("", "the file", |account| account.title.to_owned()),
        row("rows read", whole(orders.rows), none),
        row("  cancellations", whole(orders.cancellations), none),
        row(
            "  returned items of no known sale, not sent",
            whole(orders.unmatched_items),
            none,
        ),
        row("  adjustments, not sent", whole(orders.adjustments), none),
        row(
            "sales sent",
            whole(orders.sales().count() as u64),
            |account| {
                let refused: u64 = account.pass.refused.values().sum();
                whole(account.answered().0 + refused)
            },
        ),
        row("recorded", whole(recorded.count), |account| {
            whole(account.pass.recorded.count)
        }),
        row("replayed", "", |account| whole(account.pass.replayed.count)),
    ];
    for refusal in Refusal::ALL {
        let file = whole(expected.refused(refusal));
        let count = move |account: &Account| whole(account.refused(refusal));
        rows.push(row(format!("refused: {refusal}"), file, count));
    }
    rows.extend([
        row(answers("totals"), amount(reported.total), |account| {
            amount(account.answered().1)
        }),
        row(
            answers("commission of new sales"),
            amount(reported.commission),
            |account| amount(account.pass.recorded.commission),
        ),
        row(
            answers("commission of known sales"),
            amount(recorded.commission),
            |account| amount(account.pass.replayed.commission),
        ),
    ]);
    rows
}

fn rows_of_refunds<'a>(expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let due = &expected.refunds;
    let none = |_: &Account| String::new();
    let mut rows = vec![
        row("refunds sent", whole(due.sent()), |account| {
            whole(account.pass.refunds.sent())
        }),
        row(
            "  of more than is left, clipped",
            whole(expected.clipped),
            none,
        ),
        row(
            "  that would change nothing, not sent",
            whole(expected.not_sent),
            none,
        ),
        row("made, now or before", whole(due.made), |account| {
            whole(account.pass.refunds.made)
        }),
        row(
            "not found: no sale is recorded",
            whole(due.not_found),
            |account| whole(account.pass.refunds.not_found),
        ),
    ];
    for refusal in Refusal::ALL {
        let file = whole(due.refused(refusal));
        let count = move |account: &Account| whole(account.pass.refunds.refused(refusal));
        rows.push(row(format!("refused: {refusal}"), file, count));
    }
    rows.extend([
        row(
            format!("their sum, {currency}"),
            amount(due.amount),
            |account| amount(account.pass.refunds.amount),
        ),
        row(
            "before their sale: answered 404, sent again",
            "",
            |account| whole(account.pass.early),
        ),
        row("answered 503, sent again", "", |account| {
            whole(account.pass.put_off)
        }),
    ]);
    rows
}

fn rows_of_the_kept<'a>(expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let moved = expected.moved();
    let kept = |what: &str| format!("kept: {what}, {currency}");
    let mut rows = rows_of_sums(expected.recorded, "conversions", currency, |account| {
        account.kept.sums()
    });
    let balances = format!("{} balances", expected.by_tag.len());
    rows.extend([
        row(kept(&balances), amount(moved.balance()), |account| {
            amount(account.kept.sum_of_balances())
        }),
        row(kept("transfers, earned"), amount(moved.earned), |account| {
            amount(account.kept.sum_of_transfers().earned)
        }),
        row(
            kept("transfers, taken back"),
            amount(moved.taken_back),
            |account| amount(account.kept.sum_of_transfers().taken_back),
        ),
        row(
            "kept: days with totals",
            whole(expected.by_day.len() as u64),
            |account| whole(account.kept.days.len() as u64),
        ),
    ]);
    rows.extend(rows_of_sums(
        expected.recorded,
        "daily totals",
        currency,
        |account| account.kept.sums_of_days(),
    ));
    rows.extend(rows_of_the_list(expected, currency));
    rows.extend([
        row("journal entries", "", |account| {
            let head = account.kept.head.as_ref();
            head.map_or_else(String::new, |head| whole(head.sequence))
        }),
        row("  sealed by", "", |account| {
            let head = account.kept.head.as_ref();
            let hash = head.and_then(|head| head.hash.get(..12));
            hash.unwrap_or_default().to_owned()
        }),
    ]);
    rows
}

fn rows_of_the_list<'a>(expected: &Expectation, currency: &str) -> Vec<Row<'a>> {
    let due = expected.listed.sums;
    let listed = |what: &str| format!("listed: {what}, {currency}");
    vec![
        row(
            "listed: rows",
            whole(expected.listed.rows_read),
            |account| whole(account.kept.listed.rows_read),
        ),
        row("listed: total_orders", whole(due.orders), |account| {
            whole(account.kept.listed.sums.orders)
        }),
        row(listed("total_gmv"), amount(due.gmv), |account| {
            amount(account.kept.listed.sums.gmv)
        }),
        row(
            listed("total_commission"),
            amount(due.commission),
            |account| amount(account.kept.listed.sums.commission),
        ),
        row(
            listed("total_refunded_amount"),
            amount(due.refunded),
            |account| amount(account.kept.listed.sums.refunded),
        ),
    ]
}

/// The sums that an account has of something beside what they are `due` to be.
fn rows_of_sums<'a>(
    due: Sums,
    title: &str,
    currency: &str,
    sums: impl Fn(&Account) -> Sums + Copy + 'a,
) -> Vec<Row<'a>> {
    let kept = |what: &str| format!("kept: {title}, {what}, {currency}");
    vec![
        row(
            format!("kept: {title}, sales"),
            whole(due.count),
            move |account| whole(sums(account).count),
        ),
        row(
            format!("kept: {title}, nothing is left"),
            whole(due.undone),
            move |account| whole(sums(account).undone),
        ),
        row(kept("amount"), amount(due.total), move |account| {
            amount(sums(account).total)
        }),
        row(kept("refunded"), amount(due.refunded), move |account| {
            amount(sums(account).refunded)
        }),
        row(kept("commission"), amount(due.commission), move |account| {
            amount(sums(account).commission)
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
