//! The currencies are those of ISO 4217, with as many digits as it gives them.
//!
//! Reads the published lists from the folder `data/iso4217` of `ACCRUAL_SHARED`, by default the
//! folder `shared` next to the workspace, and skips where there is none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use accrual_money::{Currency, MoneyError};

/// What a list says of each code: its minor digits, or that it has no minor unit.
type List = BTreeMap<String, Option<u32>>;

#[test]
fn every_listed_currency_is_known_with_its_minor_digits() -> Result<(), Box<dyn std::error::Error>>
{
    let Some(folder) = lists() else { return Ok(()) };
    for (code, minor_digits) in both(&folder)? {
        let parsed = Currency::parse(&code);
        match minor_digits {
            Some(digits) => assert_eq!(parsed.map(Currency::minor_digits), Ok(digits), "{code}"),
            None => assert!(
                matches!(parsed, Err(MoneyError::CurrencyWithoutMinorUnit { .. })),
                "{code}: {parsed:?}"
            ),
        }
    }
    Ok(())
}

#[test]
fn every_known_currency_is_listed() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = lists() else { return Ok(()) };
    let listed = both(&folder)?;
    for currency in Currency::all() {
        assert!(listed.contains_key(currency.code()), "{currency}");
    }
    Ok(())
}

/// The folder with the lists, if it is there.
fn lists() -> Option<PathBuf> {
    let shared = std::env::var_os("ACCRUAL_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join(shared).join("data/iso4217");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED, nothing was compared: there is no folder {}",
        folder.display()
    );
    None
}

/// What the older list (XML) says, and where the newer one (CSV) says anything, what that says.
fn both(folder: &Path) -> Result<List, Box<dyn std::error::Error>> {
    let older = in_xml(&fs::read_to_string(folder.join("table_a1.xml"))?);
    let newer = in_csv(&folder.join("codes-all.csv"))?;
    assert!(
        older.len() > 150 && newer.len() > 150,
        "{} and {}",
        older.len(),
        newer.len()
    );
    let mut listed = older;
    listed.extend(newer);
    Ok(listed)
}

/// The codes of list A.1 as the maintenance agency publishes it.
///
/// The file is flat and regular: one `<CcyNtry>` a line of the printed list.
fn in_xml(text: &str) -> List {
    let between = |entry: &str, tag: &str| {
        let (_, rest) = entry.split_once(&format!("<{tag}>"))?;
        rest.split_once("</").map(|(value, _)| value.to_owned())
    };
    text.split("<CcyNtry>")
        .filter_map(|entry| Some((between(entry, "Ccy")?, between(entry, "CcyMnrUnts")?)))
        .map(|(code, digits)| (code, digits.parse().ok()))
        .collect()
}

/// The codes of the table of all codes that have no date of withdrawal.
fn in_csv(path: &Path) -> Result<List, csv::Error> {
    let mut listed = List::new();
    for row in csv::Reader::from_path(path)?.deserialize() {
        let row: BTreeMap<String, String> = row?;
        let is_in_use = row["WithdrawalDate"].is_empty() && !row["AlphabeticCode"].is_empty();
        if is_in_use {
            listed.insert(row["AlphabeticCode"].clone(), row["MinorUnit"].parse().ok());
        }
    }
    Ok(listed)
}
