//! What others publish about exchange comes out here, too.
//!
//! The figures are theirs, the words are not. `id` is that of the collection of examples, which is
//! looked up in `golden/golden.json` of `ACCRUAL_SHARED` where that is present.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;
use std::path::Path;

use accrual_money::{Currency, Decimal, ExchangeRate, Money, Rate, ReferenceRates};
use time::Date;
use time::macros::date;

/// An amount at a rate that the example gives.
const AT_A_RATE: [(&str, &str, &str, &str, &str); 5] = [
    // id, amount, so much is worth, so much, exchanged
    ("I01", "100.00 EUR", "1 EUR", "1.10 USD", "110.00 USD"),
    ("I02", "50.00 GBP", "50 GBP", "65 USD", "65.00 USD"),
    ("I03", "20.55 CAD", "1.37 CAD", "1 USD", "15.00 USD"),
    ("I04", "100.00 USD", "1 USD", "82.42135 INR", "8242.14 INR"),
    // The published one is of the Slovenian tolar, in which no amount is kept any more.
    ("I05", "500.00 CZK", "239.640 CZK", "1 EUR", "2.09 EUR"),
];

/// Of what was exchanged, 20 % are earned.
const EARNED: [(&str, &str, &str); 2] = [
    // id, exchanged, earned
    ("I01", "110.00 USD", "22.00 USD"),
    ("I02", "65.00 USD", "13.00 USD"),
];

/// What one euro was worth, as the European Central Bank published it.
const TABLE: &str = "\
Date,USD,JPY,BGN,GBP,RUB,
2026-10-30,1.1172,175.68,N/A,0.8338,N/A,
2026-01-02,1.1721,183.94,N/A,0.8719,N/A,
2025-12-31,1.175,184.09,1.9558,0.8726,N/A,
2022-03-02,1.1106,128.08,1.9558,0.83316,N/A,
2022-03-01,1.1162,128.15,1.9558,0.8329,117.201,
";

/// An amount through the euro, on a day.
const CROSSED: [(&str, &str, &str, Date, &str); 4] = [
    // id, amount, to, on, exchanged
    (
        "I08",
        "100.00 GBP",
        "USD",
        date!(2026 - 10 - 30),
        "133.99 USD",
    ),
    // A Sunday: the Friday's rate counts.
    (
        "I09",
        "100.00 GBP",
        "USD",
        date!(2026 - 11 - 01),
        "133.99 USD",
    ),
    (
        "I10",
        "10000 JPY",
        "USD",
        date!(2026 - 10 - 30),
        "63.59 USD",
    ),
    (
        "I11",
        "99.99 USD",
        "JPY",
        date!(2026 - 10 - 30),
        "15723 JPY",
    ),
];

/// A currency on a day for which there is no rate of it.
const WITHOUT_RATE: [(&str, &str, Date, &str); 2] = [
    // id, currency, on, refused with
    (
        "I14",
        "RUB",
        date!(2022 - 03 - 02),
        "there is no rate of RUB on 2022-03-02",
    ),
    (
        "I14",
        "BGN",
        date!(2026 - 01 - 02),
        "there is no rate of BGN on 2026-01-02",
    ),
];

#[test]
fn an_amount_is_multiplied_by_one_side_and_divided_by_the_other() {
    for (id, amount, from, to, exchanged) in AT_A_RATE {
        let (from, to) = (units(from), units(to));
        let rate = ExchangeRate::try_new(from, to, date!(2026 - 10 - 30), "the example").unwrap();
        assert_eq!(rate.convert(money(amount)), Ok(money(exchanged)), "{id}");
    }
}

#[test]
fn a_share_is_of_what_was_exchanged() {
    for (id, exchanged, earned) in EARNED {
        let share = money(exchanged).share(Rate::parse_percent("20").unwrap());
        assert_eq!(share.amount, money(earned), "{id}");
    }
}

#[test]
fn two_currencies_are_exchanged_through_the_euro_with_one_rounding() {
    let rates = ReferenceRates::parse_csv(TABLE, "ECB").unwrap();
    for (id, amount, to, on, exchanged) in CROSSED {
        let (amount, to) = (money(amount), Currency::parse(to).unwrap());
        let rate = rates.rate(amount.currency(), to, on).unwrap();
        assert_eq!(rate.convert(amount), Ok(money(exchanged)), "{id}");
    }
}

#[test]
fn an_unknown_rate_is_an_error_and_never_leaves_the_amount_unchanged() {
    let rates = ReferenceRates::parse_csv(TABLE, "ECB").unwrap();
    for (id, currency, on, refused_with) in WITHOUT_RATE {
        let currency = Currency::parse(currency).unwrap();
        let refused = rates.rate(currency, Currency::USD, on).unwrap_err();
        assert_eq!(refused.to_string(), refused_with, "{id}");
    }
    // The third currency of I14 has no amounts any more.
    let refused = Currency::parse("HRK").unwrap_err().to_string();
    assert_eq!(refused, "\"HRK\" is not an ISO 4217 currency in use");
}

#[test]
fn every_published_example_of_exchange_is_here() {
    let mut here: BTreeSet<&str> = AT_A_RATE.iter().map(|row| row.0).collect();
    here.extend(CROSSED.iter().map(|row| row.0));
    here.extend(WITHOUT_RATE.iter().map(|row| row.0));
    for id in published_ids("I. ") {
        assert!(here.contains(&*id), "{id} is not among the examples");
    }
}

/// The ids of a category's examples that are to be reproduced; none where there is no collection.
fn published_ids(category: &str) -> Vec<String> {
    let shared = std::env::var_os("ACCRUAL_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = workspace.join(shared).join("golden/golden.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED, nothing was compared: there is no file {}",
            path.display()
        );
        return Vec::new();
    };
    let collection: serde_json::Value = serde_json::from_str(&text).unwrap();
    let examples = collection["examples"].as_array().unwrap().iter();
    let ids: Vec<String> = examples
        .filter(|example| example["cat"].as_str().unwrap().starts_with(category))
        .filter(|example| example["status"] != "Q")
        .map(|example| example["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(!ids.is_empty(), "{category}has no examples");
    ids
}

fn money(text: &str) -> Money {
    let (amount, currency) = units(text);
    Money::try_from_major(amount, currency).unwrap()
}

fn units(text: &str) -> (Decimal, Currency) {
    let (amount, code) = text.split_once(' ').unwrap();
    (amount.parse().unwrap(), Currency::parse(code).unwrap())
}
