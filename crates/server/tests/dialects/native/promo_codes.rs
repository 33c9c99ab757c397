//! Promo codes.

use expect_test::expect;
use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_promo_code_is_made_read_and_listed,
    a_promo_code_is_changed_in_what_is_named_only,
    redemptions_are_counted_and_limited,
    what_limits_a_code_is_said_where_it_is_not_redeemed,
    a_code_belongs_to_one_enrollment,
    what_is_not_a_promo_code_is_refused_by_name,
    what_does_not_exist_is_not_found,
}

async fn a_promo_code_is_made_read_and_listed(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let code = json!({
        "code": " Ada10 ", "enrollment_id": 1,
        "limits": {
            "expires_at": "2026-03-01", "max_redemptions": 5, "first_order_only": true,
            "minimum_sale": "20", "currency": "usd", "products": ["mug"], "customer_ids": ["c-1"]
        }
    });
    let made = shop.write("/promo_codes", code).await;
    expect![[r#"
        201 {
          "active": true,
          "code": "ada10",
          "created_at": "2026-01-31T12:00:00.123456Z",
          "enrollment_id": 1,
          "id": 1,
          "limits": {
            "currency": "USD",
            "customer_ids": [
              "c-1"
            ],
            "expires_at": "2026-03-01T00:00:00Z",
            "first_order_only": true,
            "max_redemptions": 5,
            "minimum_sale": "20.00",
            "products": [
              "mug"
            ]
          },
          "redeemed": 0
        }
    "#]]
    .assert_eq(&made.pretty());
    let read = shop.read("/promo_codes/1").await;
    assert_eq!((read.status, read.body), (200, made.body.clone()));
    let plain = json!({ "code": "ADA", "enrollment_id": 1, "limits": null });
    let plain = shop.write("/promo_codes", plain).await.json();
    assert_eq!(
        plain["limits"],
        json!({
            "expires_at": null, "max_redemptions": null, "first_order_only": false,
            "minimum_sale": null, "currency": null, "products": [], "customer_ids": []
        })
    );
    let listed = shop.read("/promo_codes").await.json();
    assert_eq!(
        listed,
        json!({ "data": [made.json(), plain], "next_cursor": null })
    );
}

async fn a_promo_code_is_changed_in_what_is_named_only(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let code = json!({ "code": "ada", "enrollment_id": 1, "limits": { "max_redemptions": 3 } });
    shop.write("/promo_codes", code).await;
    let steps = [
        (json!({}), json!([true, 3, false])),
        (json!({ "active": false }), json!([false, 3, false])),
        (
            json!({ "limits": { "first_order_only": true } }),
            json!([false, null, true]),
        ),
        (json!({ "active": true }), json!([true, null, true])),
        (json!({ "limits": null }), json!([true, null, false])),
    ];
    for (change, expected) in steps {
        let changed = shop.change("/promo_codes/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{changed}");
        let changed = changed.json();
        let limits = &changed["limits"];
        let found = json!([
            changed["active"],
            limits["max_redemptions"],
            limits["first_order_only"]
        ]);
        assert_eq!(found, expected, "{change}");
        assert_eq!(shop.read("/promo_codes/1").await.json(), changed);
    }
}

async fn redemptions_are_counted_and_limited(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let code = json!({ "code": "ada", "enrollment_id": 1, "limits": { "max_redemptions": 2 } });
    shop.write("/promo_codes", code).await;
    let claims = json!([{ "promo_code": "ADA" }]);
    for (reference, status) in [("1", 201), ("1", 200), ("2", 201), ("3", 422)] {
        let answer = shop.claim(reference, claims.clone()).await;
        assert_eq!(answer.status, status, "{answer}");
    }
    assert_eq!(shop.read("/promo_codes/1").await.json()["redeemed"], 2);
}

async fn what_limits_a_code_is_said_where_it_is_not_redeemed(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.write("/promo_codes", json!({ "code": "ada", "enrollment_id": 1 }))
        .await;
    let cases = [
        (json!({ "active": false }), "not_active"),
        (
            json!({ "active": true, "limits": { "expires_at": "2026-01-30T08:00:00Z" } }),
            "expired",
        ),
        (
            json!({ "limits": { "minimum_sale": "100.01", "currency": "USD" } }),
            "below_minimum",
        ),
        (
            json!({ "limits": { "minimum_sale": "1", "currency": "EUR" } }),
            "below_minimum",
        ),
        (
            json!({ "limits": { "products": ["mug"] } }),
            "other_products",
        ),
        (
            json!({ "limits": { "customer_ids": ["c-1"] } }),
            "other_customer",
        ),
    ];
    for (number, (limits, why)) in cases.into_iter().enumerate() {
        shop.change("/promo_codes/1", limits).await;
        let claims = json!([{ "promo_code": "ada" }, { "tag": "grace" }]);
        let sold = shop.claim(&format!("order-{number}"), claims).await.json();
        let path = format!("/conversions/{}/decision", sold["id"]);
        let decision = shop.read(&path).await.json();
        let refused = decision["findings"].as_array().unwrap().iter();
        let refused: Vec<Value> = refused
            .filter(|one| one["verdict"] == "unredeemable")
            .map(|one| one["unredeemable"].clone())
            .collect();
        assert_eq!(refused, [json!(why)]);
        assert_eq!(sold["commissions"][0]["enrollment_id"], 2);
    }
}

async fn a_code_belongs_to_one_enrollment(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.write("/promo_codes", json!({ "code": "ada", "enrollment_id": 1 }))
        .await;
    let taken = shop
        .write("/promo_codes", json!({ "code": "ADA", "enrollment_id": 2 }))
        .await;
    expect![[r#"409 {"type":"urn:accrual:problem:code-taken","title":"The code is taken","status":409,"detail":"The code ada belongs to promo code 1."}"#]].assert_eq(&taken.to_string());
}

async fn what_is_not_a_promo_code_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let limited = |limits: Value| json!({ "code": "ada", "enrollment_id": 1, "limits": limits });
    let cases = vec![
        (json!({ "enrollment_id": 1 }), "code", "code is required."),
        (
            json!({ "code": " ", "enrollment_id": 1 }),
            "code",
            "code is not a promo code: a promo code needs at least one character.",
        ),
        (
            json!({ "code": "ada" }),
            "enrollment_id",
            "enrollment_id is required.",
        ),
        (
            limited(json!({ "expires_at": "soon" })),
            "limits.expires_at",
            "limits.expires_at must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".",
        ),
        (
            limited(json!({ "max_redemptions": 0 })),
            "limits.max_redemptions",
            "limits.max_redemptions must be from 1 to 4,294,967,295.",
        ),
        (
            limited(json!({ "first_order_only": 1 })),
            "limits.first_order_only",
            "limits.first_order_only must be true or false.",
        ),
        (
            limited(json!({ "minimum_sale": "1" })),
            "limits.currency",
            "limits.currency is required.",
        ),
        (
            limited(json!({ "currency": "USD" })),
            "limits.currency",
            "limits.currency needs minimum_sale.",
        ),
        (
            limited(json!({ "minimum_sale": "-1", "currency": "USD" })),
            "limits.minimum_sale",
            "Minimum must be zero or more, not -1.00 USD.",
        ),
        (
            limited(json!({ "products": ["a", 1] })),
            "limits.products[1]",
            "limits.products[1] must be a string.",
        ),
        (
            limited(json!({ "customer_ids": vec!["c"; 1001] })),
            "limits.customer_ids",
            "limits.customer_ids must be at most 1000.",
        ),
    ];
    shop.refuses("POST", "/promo_codes", cases).await;
    shop.write("/promo_codes", json!({ "code": "ada", "enrollment_id": 1 }))
        .await;
    let cases = vec![
        (
            json!({ "active": "yes" }),
            "active",
            "active must be true or false.",
        ),
        (
            json!({ "limits": { "max_redemptions": -1 } }),
            "limits.max_redemptions",
            "limits.max_redemptions must be from 1 to 4,294,967,295.",
        ),
    ];
    shop.refuses("PATCH", "/promo_codes/1", cases).await;
}

async fn what_does_not_exist_is_not_found(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let missing = [
        (
            shop.read("/promo_codes/1").await,
            "There is no promo code 1.",
        ),
        (
            shop.change("/promo_codes/1", json!({})).await,
            "There is no promo code 1.",
        ),
        (
            shop.write("/promo_codes", json!({ "code": "a", "enrollment_id": 9 }))
                .await,
            "There is no enrollment 9.",
        ),
    ];
    for (answer, detail) in missing {
        assert_eq!(answer.status, 404, "{answer}");
        assert_eq!(answer.json()["detail"], detail);
    }
}
