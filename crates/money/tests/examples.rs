//! The worked examples of the page for people, docs/DOMAIN.md, are what comes out here.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::num::NonZero;
use std::path::Path;

use accrual_money::{Currency, Decimal, ExchangeRate, Money, MoneyError, Rate};
use time::macros::date;

#[test]
fn the_roundings_of_the_page_hold() {
    for [amount, rate, exactly, rounded] in table_of_the_page("## Rounding, by example") {
        let rate = Rate::parse_percent(rate.strip_suffix(" %").unwrap()).unwrap();
        let share = read_money(&amount).unwrap().share(rate);
        let found = (share.exact.to_string(), share.amount.to_string());
        assert_eq!(found, (exactly, rounded), "{rate} of {amount}");
    }
}

#[test]
fn the_divisions_of_the_page_hold() {
    for [amount, weights, parts] in table_of_the_page("## Dividing, by example") {
        let money = read_money(&amount).unwrap();
        let weights: Vec<u64> = weights
            .split(" : ")
            .map(|one| one.parse().unwrap())
            .collect();
        let divided = money.allocate(&weights).unwrap();
        assert_eq!(words(&divided), parts, "{amount} by {weights:?}");
        if weights.iter().all(|weight| *weight == 1) {
            let equal = NonZero::new(u32::try_from(weights.len()).unwrap()).unwrap();
            assert_eq!(words(&money.split(equal).collect::<Vec<_>>()), parts);
        }
    }
}

#[test]
fn the_exchanges_of_the_page_hold() {
    for [amount, from, to, exchanged] in table_of_the_page("## Exchange, by example") {
        let (from, to) = (read_units(&from).unwrap(), read_units(&to).unwrap());
        let rate = ExchangeRate::try_new(from, to, date!(2026 - 10 - 30), "the page").unwrap();
        let found = rate.convert(read_money(&amount).unwrap());
        assert_eq!(found.unwrap().to_string(), exchanged, "{amount} at {rate}");
    }
}

#[test]
fn what_the_page_refuses_is_refused() {
    for [reported, refusal] in table_of_the_page("## Not an amount") {
        let refused = read_money(&reported).map_err(|error| error.to_string());
        assert_eq!(refused, Err(refusal), "{reported}");
    }
}

fn words(parts: &[Money]) -> String {
    let majors: Vec<_> = parts.iter().map(|part| part.major().to_string()).collect();
    majors.join(" + ")
}

fn read_money(text: &str) -> Result<Money, MoneyError> {
    let (amount, currency) = read_units(text)?;
    Money::try_from_major(amount, currency)
}

fn read_units(text: &str) -> Result<(Decimal, Currency), MoneyError> {
    let (amount, code) = text.split_once(' ').unwrap();
    Ok((amount.parse().unwrap(), Currency::parse(code)?))
}

/// The rows of the first table under a heading of the page; there is at least one.
fn table_of_the_page<const COLUMNS: usize>(heading: &str) -> Vec<[String; COLUMNS]> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/DOMAIN.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap();
    let lines = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = lines
        // The names of the columns, and the line below them.
        .skip(2)
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            let cells: Vec<_> = cells.map(|cell| cell.trim().to_owned()).collect();
            cells.try_into().unwrap()
        })
        .collect();
    assert!(!rows.is_empty(), "{heading} has no table");
    rows
}
