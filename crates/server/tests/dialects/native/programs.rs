//! Programs and the versions of their terms.

use expect_test::expect;
use serde_json::{Value, json};

use super::picked;
use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    a_program_is_made_and_read,
    a_program_needs_a_name_and_a_currency_only,
    what_is_not_a_program_is_refused_by_name,
    a_change_of_the_rules_makes_a_version_and_any_other_does_not,
    a_program_is_one_of_ambassadors_if_it_says_so,
    conversions_keep_the_version_that_they_were_decided_under,
    a_change_of_the_currency_needs_amounts_in_it,
    an_unknown_program_is_not_found,
}

/// What every program says.
const BASIC: [&str; 4] = ["version", "currency", "hold_days", "incentives"];

fn program(changes: Value) -> Value {
    with(json!({ "name": "Summer", "currency": "USD" }), changes)
}

async fn a_program_is_made_and_read(shop: Shop) {
    let made = shop
        .write(
            "/programs",
            program(json!({
                "hold_days": 30,
                "incentives": [
                    { "percent": "2.9" },
                    { "percent": 12.5, "applies_to": "subscription" },
                    { "fixed": "10", "applies_to": "one_time" },
                    { "percent": "0.0000001", "applies_to": "all" }
                ]
            })),
        )
        .await;
    expect![[r#"
        201 {
          "ambassador": false,
          "created_at": "2026-01-31T12:00:00.123456Z",
          "id": 1,
          "name": "Summer",
          "terms": {
            "approval": "automatic",
            "base": {
              "amount": "total",
              "less_discount": false,
              "less_shipping": false,
              "less_tax": false
            },
            "caps": {
              "per_conversion": null,
              "per_customer": null,
              "per_period": null
            },
            "crediting": {
              "binding": "none",
              "binding_days": null,
              "bonus_percent": null,
              "precedence": [
                "membership",
                "referral",
                "external_user",
                "click",
                "customer",
                "email",
                "affiliate",
                "promo_code",
                "link",
                "tag"
              ],
              "refuse_self_referral": false,
              "sharing": "one",
              "touch": "last",
              "window_days": null,
              "window_seconds": null
            },
            "currency": "USD",
            "hold_days": 30,
            "incentives": [
              {
                "applies_to": "all",
                "percent": "2.9"
              },
              {
                "applies_to": "subscription",
                "percent": "12.5"
              },
              {
                "applies_to": "one_time",
                "fixed": "10.00"
              },
              {
                "applies_to": "all",
                "percent": "0.0000001"
              }
            ],
            "levels": [],
            "minimum_sale": null,
            "version": 1
          }
        }
    "#]]
    .assert_eq(&made.pretty());
    let read = shop.read("/programs/1").await;
    assert_eq!((read.status, read.json()), (200, made.json()));
    let listed = shop.read("/programs").await.json();
    assert_eq!(
        listed,
        json!({ "data": [made.json()], "next_cursor": null })
    );
}

async fn a_program_needs_a_name_and_a_currency_only(shop: Shop) {
    let made = shop
        .write("/programs", program(json!({ "currency": "eur" })))
        .await
        .json();
    assert_eq!(
        picked(&made["terms"], &BASIC),
        json!({
            "version": 1, "currency": "EUR", "hold_days": 0, "incentives": []
        })
    );
}

async fn what_is_not_a_program_is_refused_by_name(shop: Shop) {
    let pays = |incentive: Value| program(json!({ "incentives": [{ "percent": "1" }, incentive] }));
    let percent = "incentives[1].percent";
    let cases = vec![
        (
            program(json!({ "name": null })),
            "name",
            "name is required.",
        ),
        (
            program(json!({ "name": " " })),
            "name",
            "name must not be empty.",
        ),
        (
            program(json!({ "name": 5 })),
            "name",
            "name must be a string.",
        ),
        (
            program(json!({ "name": "x".repeat(1001) })),
            "name",
            "name must have at most 1000 characters, not 1001.",
        ),
        (
            program(json!({ "currency": null })),
            "currency",
            "currency is required.",
        ),
        (
            program(json!({ "currency": "ZZZ" })),
            "currency",
            "currency must be an ISO 4217 code, such as USD.",
        ),
        (
            program(json!({ "hold_days": -1 })),
            "hold_days",
            "hold_days must be from 0 to 65,535.",
        ),
        (
            program(json!({ "hold_days": 65536 })),
            "hold_days",
            "hold_days must be from 0 to 65,535.",
        ),
        (
            program(json!({ "hold_days": 1.5 })),
            "hold_days",
            "hold_days must be an integer.",
        ),
        (
            pays(json!({})),
            "incentives[1]",
            "incentives[1] needs percent, fixed or per_item.",
        ),
        (
            pays(json!({ "percent": "1", "per_item": "1" })),
            "incentives[1].per_item",
            "incentives[1].per_item goes without percent and fixed.",
        ),
        (
            pays(json!({ "percent": "1", "applies_to": "some" })),
            "incentives[1].applies_to",
            "incentives[1].applies_to must be all, one_time, subscription, monthly, yearly, products or \
             prices.",
        ),
        (
            pays(json!({ "percent": "5 %" })),
            percent,
            "incentives[1].percent must be a decimal number of percent, such as \"7.5\".",
        ),
        (
            pays(json!({ "percent": "100.1" })),
            percent,
            "incentives[1].percent is not a rate: the rate 100.1 is not within 0 to 100.",
        ),
        (
            pays(json!({ "percent": "-1" })),
            percent,
            "incentives[1].percent is not a rate: the rate -1 is not within 0 to 100.",
        ),
        (
            pays(json!({ "percent": "0.00000001" })),
            percent,
            "incentives[1].percent is not a rate: the rate 0.00000001 has more than 7 decimal places.",
        ),
        (
            pays(json!({ "fixed": "10.001" })),
            "incentives[1].fixed",
            "incentives[1].fixed cannot be kept exactly: 10.001 is finer than the minor unit of USD.",
        ),
        (
            pays(json!({ "fixed": "ten" })),
            "incentives[1].fixed",
            "incentives[1].fixed must be a decimal number in major units, such as \"29.70\".",
        ),
    ];
    shop.refuses("POST", "/programs", cases).await;
    for (incentives, detail) in [
        (json!([{ "fixed": "-1" }]), "-1.00 USD is below zero."),
        (
            json!(vec![json!({ "percent": "1" }); 101]),
            "Terms have at most 100 incentives, not 101.",
        ),
    ] {
        let refused = shop
            .write("/programs", program(json!({ "incentives": incentives })))
            .await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["type"], "urn:accrual:problem:invalid-terms");
        assert_eq!(refused.json()["detail"], detail);
    }
    assert_eq!(shop.read("/programs").await.json()["data"], json!([]));
}

async fn a_change_of_the_rules_makes_a_version_and_any_other_does_not(shop: Shop) {
    shop.write(
        "/programs",
        program(json!({ "incentives": [{ "percent": "5" }] })),
    )
    .await;
    let steps = [
        (json!({}), 1),
        (json!({ "name": "Autumn" }), 1),
        (json!({ "hold_days": 14 }), 2),
        (
            json!({ "incentives": [{ "percent": "6" }], "name": "Winter" }),
            3,
        ),
        (json!({ "incentives": [] }), 4),
    ];
    for (change, version) in steps {
        let changed = shop.change("/programs/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{change}: {changed}");
        assert_eq!(changed.json()["terms"]["version"], version, "{change}");
        assert_eq!(shop.read("/programs/1").await.json(), changed.json());
    }
    assert_eq!(shop.read("/programs/1").await.json()["name"], "Winter");
    let versions = shop.read("/programs/1/terms").await.json();
    let versions = versions["data"].as_array().unwrap().iter();
    let versions: Vec<_> = versions.map(|terms| picked(terms, &BASIC)).collect();
    assert_eq!(
        json!(versions),
        json!([

            { "version": 1, "currency": "USD", "hold_days": 0, "incentives": [{ "percent": "5", "applies_to": "all" }] },
            { "version": 2, "currency": "USD", "hold_days": 14, "incentives": [{ "percent": "5", "applies_to": "all" }] },
            { "version": 3, "currency": "USD", "hold_days": 14, "incentives": [{ "percent": "6", "applies_to": "all" }] },
            { "version": 4, "currency": "USD", "hold_days": 14, "incentives": [] },
        ])
    );
}

async fn a_program_is_one_of_ambassadors_if_it_says_so(shop: Shop) {
    let made = shop
        .write("/programs", program(json!({ "ambassador": true })))
        .await;
    assert_eq!(made.json()["ambassador"], true);
    for (change, is_one) in [
        (json!({ "name": "Autumn" }), true),
        (json!({ "ambassador": false }), false),
    ] {
        let changed = shop.change("/programs/1", change).await.json();
        assert_eq!(changed["ambassador"], is_one);
        assert_eq!(changed["terms"]["version"], 1);
    }
    let refused = (
        json!({ "ambassador": "maybe" }),
        "ambassador",
        "ambassador must be true or false.",
    );
    shop.refuses("PATCH", "/programs/1", vec![refused]).await;
}

async fn conversions_keep_the_version_that_they_were_decided_under(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let earned = |answer: Value| {
        let commission = &answer["commissions"][0];
        (
            commission["terms_version"].clone(),
            commission["amount"].clone(),
        )
    };
    shop.report(json!({})).await;
    shop.change(
        "/programs/1",
        json!({ "incentives": [{ "percent": "10" }] }),
    )
    .await;
    let next = shop.report(json!({ "reference": "order-2" })).await.json();
    assert_eq!(earned(next), (json!(2), json!("10.00")));
    let first = shop.read("/conversions/1").await.json();
    assert_eq!(earned(first), (json!(1), json!("5.00")));
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(decision["terms_version"], 1);
}

async fn a_change_of_the_currency_needs_amounts_in_it(shop: Shop) {
    shop.write(
        "/programs",
        program(json!({ "incentives": [{ "fixed": "10" }] })),
    )
    .await;
    let refused = shop
        .change("/programs/1", json!({ "currency": "JPY" }))
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["type"], "urn:accrual:problem:invalid-terms");
    let both = json!({ "currency": "JPY", "incentives": [{ "fixed": "1000" }] });
    let changed = shop.change("/programs/1", both).await.json();
    assert_eq!(changed["terms"]["currency"], "JPY");
    assert_eq!(changed["terms"]["incentives"][0]["fixed"], "1000");
}

async fn an_unknown_program_is_not_found(shop: Shop) {
    let missing = [
        shop.read("/programs/1").await,
        shop.read("/programs/1/terms").await,
        shop.change("/programs/1", json!({ "name": "x" })).await,
    ];
    for answer in missing {
        assert_eq!(answer.status, 404, "{answer}");
        assert_eq!(answer.json()["detail"], "There is no program 1.");
    }
}
