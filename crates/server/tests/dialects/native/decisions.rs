//! Why: in words, and as data.

use expect_test::expect;
use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_share_is_explained_with_every_candidate_and_incentive,
    a_rate_of_the_enrollments_own_is_explained,
    a_fixed_amount_is_explained,
    a_commission_that_was_given_is_explained,
    nothing_earned_is_explained,
    a_decision_stays_when_everything_else_changes,
}

/// The decision of a sale with these fields, under these rules.
async fn decided(shop: &Shop, incentives: Value, changes: Value) -> Value {
    shop.change("/programs/1", json!({ "incentives": incentives }))
        .await;
    let reported = shop.report(changes).await;
    assert_eq!(reported.status, 201, "{reported}");
    let answer = shop
        .read(&format!("/conversions/{}/decision", reported.json()["id"]))
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()
}

async fn a_share_is_explained_with_every_candidate_and_incentive(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.make("/accrual/v1/affiliates", json!({ "name": "Grace" }))
        .await;
    let enrollment = json!({ "affiliate_id": 2, "program_id": 1, "tag": "winter" });
    shop.make("/accrual/v1/enrollments", enrollment).await;
    let incentives = json!([
        { "percent": "5" },
        { "percent": "2.9", "applies_to": "one_time" },
        { "percent": "20", "applies_to": "subscription" },
        { "fixed": "1", "applies_to": "one_time" }
    ]);
    let claims = json!({ "tag": "winter", "affiliate_id": 1, "program_id": 1 });
    let decision = decided(&shop, incentives, claims).await;
    expect![[r#"
        {
          "amount": "2.90",
          "base": {
            "amount": "99.99",
            "currency": "USD",
            "of": "total",
            "reported": "99.99",
            "steps": []
          },
          "chapters": [
            {
              "at": "2026-01-31T12:00:00.123456Z",
              "sequence": 7,
              "words": [
                "Affiliate 1 in program 1 is enrollment 1 (affiliate 1 in program 1): it is credited.",
                "The tag winter belongs to enrollment 2 (affiliate 2 in program 1): not credited, affiliate 1 in program 1 goes before it.",
                "The base is the total: 99.99 USD.",
                "Incentive 1 does not pay: incentive 2 goes before it.",
                "Incentive 3 does not pay: it covers subscription sales only.",
                "Incentive 4 does not pay: incentive 2 goes before it.",
                "Incentive 2 pays 2.9 % of the base: 2.9 % of 99.99 USD is 2.89971 USD, rounded half away from zero to 2.90 USD.",
                "The commission is 2.90 USD, by version 2 of the terms.",
                "It is payable."
              ]
            }
          ],
          "commissions": [
            {
              "affiliate_id": 1,
              "amount": "2.90",
              "base": "99.99",
              "currency": "USD",
              "due_at": null,
              "earned_by": "sale",
              "enrollment_id": 1,
              "level": null,
              "paid_externally": false,
              "paid_out": "0.00",
              "payable_at": null,
              "position": 1,
              "program_id": 1,
              "referral_id": null,
              "status": "payable",
              "status_before_dispute": null,
              "terms_version": 2
            }
          ],
          "conversion_id": 1,
          "currency": "USD",
          "cuts": [],
          "decided_at": "2026-01-31T12:00:00.123456Z",
          "findings": [
            {
              "claim": {
                "affiliate_id": 1,
                "program_id": 1
              },
              "enrollment_id": 1,
              "verdict": "credited",
              "words": "Affiliate 1 in program 1 is enrollment 1 (affiliate 1 in program 1): it is credited."
            },
            {
              "claim": {
                "tag": "winter"
              },
              "enrollment_id": 2,
              "verdict": "outranked",
              "words": "The tag winter belongs to enrollment 2 (affiliate 2 in program 1): not credited, affiliate 1 in program 1 goes before it."
            }
          ],
          "incentives": [
            {
              "incentive": 1,
              "outcome": "yields",
              "words": "Incentive 1 does not pay: incentive 2 goes before it.",
              "yields_to": 2
            },
            {
              "incentive": 2,
              "outcome": "pays",
              "words": "Incentive 2 pays."
            },
            {
              "covers": "subscription",
              "incentive": 3,
              "outcome": "does_not_cover",
              "words": "Incentive 3 does not pay: it covers subscription sales only."
            },
            {
              "incentive": 4,
              "outcome": "yields",
              "words": "Incentive 4 does not pay: incentive 2 goes before it.",
              "yields_to": 2
            }
          ],
          "lift": null,
          "reason": {
            "kind": "incentives",
            "parts": [
              {
                "exact": "2.89971",
                "incentive": 2,
                "items": 1,
                "lines": [],
                "of": "99.99",
                "percent": "2.9"
              }
            ]
          },
          "sequence": 7,
          "terms_version": 2,
          "words": [
            "Affiliate 1 in program 1 is enrollment 1 (affiliate 1 in program 1): it is credited.",
            "The tag winter belongs to enrollment 2 (affiliate 2 in program 1): not credited, affiliate 1 in program 1 goes before it.",
            "The base is the total: 99.99 USD.",
            "Incentive 1 does not pay: incentive 2 goes before it.",
            "Incentive 3 does not pay: it covers subscription sales only.",
            "Incentive 4 does not pay: incentive 2 goes before it.",
            "Incentive 2 pays 2.9 % of the base: 2.9 % of 99.99 USD is 2.89971 USD, rounded half away from zero to 2.90 USD.",
            "The commission is 2.90 USD, by version 2 of the terms.",
            "It is payable."
          ]
        }
    "#]].assert_eq(&format!("{decision:#}\n"));
}

async fn a_rate_of_the_enrollments_own_is_explained(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.change("/enrollments/1", json!({ "percent": "12.5" }))
        .await;
    let subtotal = json!({ "total": null, "subtotal": "80" });
    let decision = decided(&shop, json!([{ "percent": "5" }]), subtotal).await;
    expect![[r#"
        [
          "The tag summer2025 belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
          "The base is the subtotal: 80.00 USD.",
          "The enrollment has a rate of its own, 12.5 % of the base: 12.5 % of 80.00 USD is 10.00 USD.",
          "The commission is 10.00 USD, by version 2 of the terms.",
          "It is payable."
        ]
        {
          "exact": "10",
          "kind": "rate",
          "percent": "12.5",
          "rate_set_by": "enrollment"
        }
    "#]].assert_eq(&format!(
        "{:#}\n{:#}\n",
        decision["words"], decision["reason"]
    ));
    assert_eq!(decision["incentives"], json!([]));
}

async fn a_fixed_amount_is_explained(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let decision = decided(&shop, json!([{ "fixed": "10" }]), json!({})).await;
    expect![[r#"
        [
          "The tag summer2025 belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
          "The base is the total: 99.99 USD.",
          "Incentive 1 pays 10.00 USD for the sale, whatever its size.",
          "The commission is 10.00 USD, by version 2 of the terms.",
          "It is payable."
        ]
        {
          "kind": "incentives",
          "parts": [
            {
              "fixed": "10.00",
              "incentive": 1,
              "items": 1,
              "lines": [],
              "of": "99.99"
            }
          ]
        }
    "#]]
    .assert_eq(&format!(
        "{:#}\n{:#}\n",
        decision["words"], decision["reason"]
    ));
}

async fn a_commission_that_was_given_is_explained(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let decision = decided(
        &shop,
        json!([{ "percent": "5" }]),
        json!({ "commission": "0" }),
    )
    .await;
    expect![[r#"
        [
          "The tag summer2025 belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
          "The base is the total: 99.99 USD.",
          "The report of the sale sets the commission: 0.00 USD.",
          "The commission is 0.00 USD, by version 2 of the terms.",
          "It is payable."
        ]
        {
          "kind": "set_by_caller",
          "set": "0.00",
          "set_currency": "USD"
        }
    "#]]
    .assert_eq(&format!(
        "{:#}\n{:#}\n",
        decision["words"], decision["reason"]
    ));
    assert_eq!(decision["amount"], "0.00");
}

async fn nothing_earned_is_explained(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let none = decided(&shop, json!([]), json!({})).await;
    let covers = json!([{ "percent": "5", "applies_to": "subscription" }]);
    let uncovered = decided(&shop, covers, json!({ "reference": "2" })).await;
    for (decision, kind) in [(&none, "no_incentives"), (&uncovered, "none_covers")] {
        assert_eq!(
            (&decision["amount"], &decision["reason"]["kind"]),
            (&json!("0.00"), &json!(kind))
        );
    }
    expect![[r#"
        [
          "The tag summer2025 belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
          "The base is the total: 99.99 USD.",
          "Nothing is earned: the program has no incentives.",
          "The commission is 0.00 USD, by version 2 of the terms.",
          "It is payable."
        ]
        [
          "The tag summer2025 belongs to enrollment 1 (affiliate 1 in program 1): it is credited.",
          "The base is the total: 99.99 USD.",
          "Incentive 1 does not pay: it covers subscription sales only.",
          "Nothing is earned: no incentive covers the sale.",
          "The commission is 0.00 USD, by version 3 of the terms.",
          "It is payable."
        ]
    "#]]
    .assert_eq(&format!("{:#}\n{:#}\n", none["words"], uncovered["words"]));
}

async fn a_decision_stays_when_everything_else_changes(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let before = decided(&shop, json!([{ "percent": "5" }]), json!({})).await;
    shop.change("/programs/1", json!({ "incentives": [] }))
        .await;
    shop.change(
        "/enrollments/1",
        json!({ "active": false, "percent": "50" }),
    )
    .await;
    shop.report(json!({ "total": "1" })).await;
    let mut after = shop.read("/conversions/1/decision").await.json();
    // What was tried besides is told, and is no part of the decision.
    let chapters = after["chapters"].as_array_mut().unwrap();
    expect![[r#"
        [
          "It was reported again with other facts (total): nothing has changed."
        ]
    "#]]
    .assert_eq(&format!("{:#}\n", chapters.remove(1)["words"]));
    assert_eq!(after, before);
}
