//! What others publish about crediting comes out here, too.
//!
//! The figures are theirs, the words are not. `id` is that of the collection of examples, which is
//! looked up in `golden/golden.json` of `ACCRUAL_SHARED` where that is present.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;
use std::path::Path;

use accrual_attribution::Code;
use story::Story;

#[path = "stories/story.rs"]
mod story;

/// A line reads: id; what happened before; the sale; the rules; who is credited.
const CREDITED: &str = "
| K01 | A clicks on day 1; B clicks on day 2 | day 3 | last touch | B |
| K02 | A clicks on day 0; B clicks on day 10 | day 20 | first touch; 30 days | A |
| K03 | A clicks on day 0; B clicks on day 20 | day 45 | last touch; 30 days | B |
| K03 | A clicks on day 0; B clicks on day 20 | day 49 23:59:59 | last touch; 30 days | B |
| K03 | A clicks on day 0; B clicks on day 20 | day 50 | last touch; 30 days | nobody |
| K04 | A clicks on day 0 | day 25 | 30 days | A |
| K04 | A clicks on day 0 | day 32 | 30 days | nobody |
| K06 | A clicks on day 1; A clicks on day 10; A clicks on day 20 | day 49 23:59:59 | 30 days | A |
| K06 | A clicks on day 1; A clicks on day 10; A clicks on day 20 | day 50 | 30 days | nobody |
| K07 | Sarah clicks on day 1; Mike clicks on day 5 | day 7 | last touch; 30 days | Mike |
| K08 | | day 7; link of A; promo code of B | | B |
| K08 | A clicks on day 1 | day 7; promo code of B | promo code first | B |
| K12 | A clicks on day 1; B soft-clicks on day 2; C is seen on day 3 | day 4 | | A |
| K12 | B soft-clicks on day 2; C is seen on day 3 | day 4 | | B |
| K12 | A clicks on day 1; B soft-clicks on day 2 | day 4; promo code of D | promo code first | D |
| K13 | | day 7; click of A; promo code of B | | A |
| K13 | | day 7; click of A; promo code of B | promo code first | B |
| K15 | A clicks on day 0 | day 75 | 60 days | nobody |
| K15 | A clicks on day 0 | day 75 | 90 days | A |
| K16 | the customer is P's since day 0 | day 7; promo code of B; link of A | | P |
| K17 | A clicks on day 0 | day 14 | customers belong to nobody; 90 days | A |
| K17 | A clicks on day 0 | day 42 | customers belong to nobody; 90 days | A |
| K18 | A clicks on day 0 | day 3 | 7 days | A |
| K18 | A clicks on day 0 | day 3 | 24 hours | nobody |
";

/// A line reads: id; what happened before; the rules; what is shared; each one's share.
///
/// Units: cents.
const SHARED: &str = "
| G02 | A clicks on day 1; B clicks on day 2; C clicks on day 3 | shared equally | 3600 | 1200 1200 1200 |
| G03 | A clicks on day 1; B clicks on day 2; C clicks on day 3 | first bonus 10 % | 3600 | 1440 1080 1080 |
| G04 | A clicks on day 1; B clicks on day 2; C clicks on day 3 | last bonus 20 % | 3600 | 960 960 1680 |
";

/// Two spellings of one promo code.
const ONE_CODE: [(&str, &str, &str); 1] = [("K11", "sarah10", "SARAH10")];

/// What the crate cannot say, and why; of those that are also above, a part of what they say.
const NOT_HERE: [(&str, &str); 4] = [
    ("K15", "two windows at once: the shorter one is the window"),
    (
        "K16",
        "a product that belongs to an affiliate: no claim names a product",
    ),
    (
        "K17",
        "a touch that ends with the first sale: terms that pay one payment say the same",
    ),
    (
        "K19",
        "events before the sale: whoever keeps them counts them",
    ),
];

#[test]
fn who_is_credited_elsewhere_is_credited_here() {
    for [id, before, sale, rules, expected] in rows(CREDITED) {
        let credited = Story::read(before, sale, rules).credited();
        assert_eq!(credited, expected, "{id}: {before} | {sale} | {rules}");
    }
}

#[test]
fn shares_are_what_they_are_elsewhere() {
    for [id, before, rules, amount, shares] in rows(SHARED) {
        let credits = Story::read(before, "day 4", rules).attribution().credits;
        let of: u64 = credits.iter().map(|one| one.weight).sum();
        let amount: u64 = amount.parse().unwrap();
        let found: Vec<String> = credits
            .iter()
            .map(|one| amount * one.weight)
            .inspect(|product| assert_eq!(product % of, 0, "{id} needs no rounding"))
            .map(|product| (product / of).to_string())
            .collect();
        assert_eq!(found.join(" "), shares, "{id}");
    }
}

#[test]
fn the_case_of_a_promo_code_does_not_count() {
    for (id, one, other) in ONE_CODE {
        assert_eq!(Code::parse(one), Code::parse(other), "{id}");
    }
}

#[test]
fn every_published_example_of_crediting_is_here_or_is_said_not_to_be() {
    let mut here: BTreeSet<&str> = rows::<5>(CREDITED).map(|row| row[0]).collect();
    here.extend(rows::<5>(SHARED).map(|row| row[0]));
    here.extend(ONE_CODE.iter().map(|row| row.0));
    here.extend(NOT_HERE.iter().map(|row| row.0));
    for id in published_ids(["K. ", "G. "]) {
        assert!(here.contains(&*id), "{id} is not among the examples");
    }
}

fn rows<const COLUMNS: usize>(table: &str) -> impl Iterator<Item = [&str; COLUMNS]> {
    table.lines().filter(|line| !line.is_empty()).map(|line| {
        let line = line.strip_prefix('|').unwrap().strip_suffix('|').unwrap();
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        cells.try_into().unwrap()
    })
}

/// The ids of the categories' examples that are to be reproduced; none without the collection.
fn published_ids(categories: [&str; 2]) -> Vec<String> {
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
    let text_of = |example: &serde_json::Value, field| example[field].as_str().unwrap().to_owned();
    let ids: Vec<String> = examples
        .filter(|example| {
            let category = text_of(example, "cat");
            categories.iter().any(|wanted| category.starts_with(wanted))
        })
        .filter(|example| example["status"] != "Q")
        .map(|example| text_of(example, "id"))
        .collect();
    assert!(!ids.is_empty(), "{categories:?} have no examples");
    ids
}
