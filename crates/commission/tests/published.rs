//! What vendors have published of their arithmetic is what comes out here.
//!
//! Reads `golden/golden.json` in the folder `ACCRUAL_SHARED`, by default the folder `shared` next to
//! the workspace, and skips where there is none.

use std::error::Error;
use std::fs;
use std::path::Path;

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use serde_json::Value;

/// The amount of the sale goes by one of these names.
const AMOUNTS: [&str; 4] = ["total", "new_total", "sale", "order"];

/// Beside the amount, an example that can be tried today names only these.
const UNDERSTOOD: [&str; 4] = ["rate_pct", "override", "cur", "old_total"];

/// How many of the file's examples that is: a file that is read wrongly has none.
const TRIED_AT_LEAST: usize = 12;

#[test]
fn a_plain_share_or_override_is_what_was_published() -> Result<(), Box<dyn Error>> {
    let Some(examples) = examples()? else {
        return Ok(());
    };
    let mut tried = 0;
    for example in &examples {
        let Some((sale, terms)) = plain(&example["given"])? else {
            continue;
        };
        // Q marks what contradicts plain arithmetic: a vendor's own habit.
        let Some(published) = example["expect"]["commission"]
            .as_i64()
            .filter(|_| example["status"] != "Q")
        else {
            continue;
        };
        let decision = decide(&Case::new(&sale, &terms))?;
        let id = &example["id"];
        assert_eq!(decision.amount.minor(), published, "{id}: {decision:?}");
        tried += 1;
    }
    assert!(
        tried >= TRIED_AT_LEAST,
        "only {tried} examples were understood"
    );
    Ok(())
}

/// The examples, if the file is there.
fn examples() -> Result<Option<Vec<Value>>, Box<dyn Error>> {
    let shared = std::env::var_os("ACCRUAL_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = workspace.join(shared).join("golden/golden.json");
    if !file.is_file() {
        eprintln!(
            "SKIPPED, nothing was compared: there is no file {}",
            file.display()
        );
        return Ok(None);
    }
    let mut golden: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    match golden["examples"].take() {
        Value::Array(examples) => Ok(Some(examples)),
        other => Err(format!("the examples are no list: {other}").into()),
    }
}

/// The sale and terms of an example of one amount with one rate or override; `None` for others.
fn plain(given: &Value) -> Result<Option<(Sale, Terms)>, Box<dyn Error>> {
    let Some(fields) = given.as_object() else {
        return Ok(None);
    };
    let is_understood =
        |name: &String| AMOUNTS.contains(&name.as_str()) || UNDERSTOOD.contains(&name.as_str());
    let amount = AMOUNTS.iter().find_map(|name| fields.get(*name)?.as_i64());
    let (Some(amount), true) = (amount, fields.keys().all(is_understood)) else {
        return Ok(None);
    };
    let currency = Currency::parse(given["cur"].as_str().unwrap_or("USD"))?;
    let sale = Sale::new(Money::from_minor(amount, currency));
    let (sale, incentives) = match (given["override"].as_i64(), given["rate_pct"].as_str()) {
        (Some(set), None) => (
            sale.with_amount_override(Money::from_minor(set, currency)),
            Vec::new(),
        ),
        (None, Some(percent)) => {
            let rate = Rate::parse_percent(percent)?;
            (sale, vec![Incentive::new(Pay::Share(rate))])
        }
        _ => return Ok(None),
    };
    let terms = Terms::try_new(TermsVersion::new(1), currency, incentives)?;
    Ok(Some((sale, terms)))
}
