//! The same sentences from the API and on the command line.

use std::process::Command;

use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_conversion_is_explained_chapter_by_chapter,
    the_command_line_tells_the_same,
    the_command_line_says_what_it_does_not_find,
}

async fn with_a_story(shop: Shop) -> (Shop, Value) {
    let rules = json!({ "base": { "less_tax": true }, "caps": { "per_conversion": "9" } });
    let shop = shop.with_rules(rules).await;
    let sale = json!({
        "reference": "1", "currency": "USD", "total": "119", "tax_percent_included": "19",
        "claims": [{ "tag": "ada" }, { "promo_code": "nobody" }]
    });
    for (path, body) in [
        ("/conversions", sale),
        (
            "/conversions/1/refunds",
            json!({ "amount": "59.50", "note": "a half" }),
        ),
        ("/conversions/1/status", json!({ "change": "decline" })),
    ] {
        let done = shop.write(path, body).await;
        assert!(done.status < 300, "{done}");
    }
    let decision = shop.read("/conversions/1/decision").await.json();
    (shop, decision)
}

/// The sentences of all chapters.
fn sentences(decision: &Value) -> Vec<String> {
    let chapters = decision["chapters"].as_array().unwrap().iter();
    let words = chapters.flat_map(|chapter| chapter["words"].as_array().unwrap());
    words
        .map(|words| words.as_str().unwrap().to_owned())
        .collect()
}

async fn a_conversion_is_explained_chapter_by_chapter(shop: Shop) {
    let (_, decision) = with_a_story(shop).await;
    expect_test::expect![[r#"
        [
          {
            "at": "2026-01-31T12:00:00.123456Z",
            "sequence": 6,
            "words": [
              "The tag ada belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
              "The promo code nobody: no enrollment is known by it.",
              "The base begins with the total: 119.00 USD.",
              "Without the tax of 19 % that it includes: 119.00 USD ÷ 1.19 = 100.00 USD, to the nearest minor unit.",
              "Incentive 1 pays 10 % of the base: 10 % of 100.00 USD is 10.00 USD.",
              "A conversion earns at most 9.00 USD: 10.00 USD is cut to 9.00 USD.",
              "The commission is 9.00 USD, by version 1 of the terms.",
              "It is payable."
            ]
          },
          {
            "at": "2026-01-31T12:00:00.123456Z",
            "sequence": 7,
            "words": [
              "The customer was given back 59.50 USD (a half).",
              "What enrollment 1 (affiliate 1 in program 1) earns falls from 9.00 USD to 4.50 USD."
            ]
          },
          {
            "at": "2026-01-31T12:00:00.123456Z",
            "sequence": 8,
            "words": [
              "The commission was declined.",
              "What enrollment 1 (affiliate 1 in program 1) earns falls from 4.50 USD to 0.00 USD.",
              "The commission of enrollment 1 (affiliate 1 in program 1) is declined now."
            ]
          }
        ]
    "#]].assert_eq(&format!("{:#}\n", decision["chapters"]));
    assert_eq!(decision["words"], decision["chapters"][0]["words"]);
}

fn explain(shop: &Shop, arguments: &[&str]) -> (bool, String) {
    let url = shop.server.database_url.as_deref().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_accrual"))
        .arg("explain")
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

async fn the_command_line_tells_the_same(shop: Shop) {
    let (shop, decision) = with_a_story(shop).await;
    let organization = shop.organization.to_string();
    for flag in ["--org", "--organization"] {
        let (succeeded, told) = explain(&shop, &["1", flag, &organization]);
        assert!(succeeded, "{told}");
        let lines = told.lines().filter_map(|line| line.strip_prefix("  - "));
        let lines: Vec<_> = lines.map(str::to_owned).collect();
        assert_eq!(lines, sentences(&decision));
        let headings = told
            .lines()
            .filter(|line| line.starts_with("2026-01-31 12:00:00 UTC"));
        assert_eq!(headings.count(), 3, "{told}");
    }
}

async fn the_command_line_says_what_it_does_not_find(shop: Shop) {
    let organization = shop.organization.to_string();
    let (succeeded, told) = explain(&shop, &["1", "--org", &organization]);
    assert!(!succeeded);
    assert_eq!(told, "accrual: There is no conversion 1.\n");
}
