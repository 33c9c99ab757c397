//! Clicks, sign-ups and referrals.

use expect_test::expect;
use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_click_makes_a_referral,
    a_click_without_an_id_is_given_one,
    a_sign_up_makes_a_lead_of_a_click,
    a_sign_up_needs_no_click,
    referrals_are_read_and_listed,
    what_is_not_a_click_is_refused_by_name,
    what_is_not_a_sign_up_is_refused_by_name,
    what_is_not_known_is_not_found,
    an_enrollment_that_has_ended_sends_nobody,
}

async fn a_click_makes_a_referral(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let click = json!({
        "link": "https://example.org/?ref=ada", "click_id": "v-1", "kind": "soft_click",
        "occurred_at": "2026-01-30T08:00:00Z"
    });
    let made = shop.write("/clicks", click).await;
    expect![[r#"
        201 {
          "affiliate_id": 1,
          "bound_at": null,
          "click_id": "v-1",
          "created_at": "2026-01-31T12:00:00.123456Z",
          "currency": null,
          "customer_email": null,
          "customer_id": null,
          "customer_name": null,
          "earned": null,
          "enrollment_id": 1,
          "external_user_id": null,
          "first_payment_at": null,
          "id": 1,
          "payments": 0,
          "program_id": 1,
          "touch": {
            "first_at": "2026-01-30T08:00:00Z",
            "kind": "soft_click",
            "last_at": "2026-01-30T08:00:00Z"
          }
        }
    "#]]
    .assert_eq(&made.pretty());
    // The same visitor by another enrollment is another referral, by the same one it is not.
    for (by, id) in [
        (json!({ "enrollment_id": 2 }), 2),
        (json!({ "tag": "ADA" }), 1),
        (json!({ "enrollment_id": 1 }), 1),
    ] {
        let click = crate::shop::with(by, json!({ "click_id": "v-1" }));
        assert_eq!(shop.make("/accrual/v1/clicks", click).await["id"], id);
    }
    let referral = shop.read("/referrals/1").await.json();
    assert_eq!(
        referral["touch"],
        json!({
            "kind": "click", "first_at": "2026-01-30T08:00:00Z",
            "last_at": "2026-01-31T12:00:00.123456Z"
        })
    );
}

async fn a_click_without_an_id_is_given_one(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let click = shop
        .make("/accrual/v1/clicks", json!({ "tag": "ada" }))
        .await;
    let id = click["click_id"].as_str().unwrap();
    let sold = shop.claim("1", json!([{ "click_id": id }])).await;
    // The sale was before the click.
    assert_eq!(sold.status, 422, "{sold}");
    let sale = json!({
        "reference": "1", "currency": "USD", "total": "1", "claims": [{ "click_id": id }]
    });
    assert_eq!(shop.write("/conversions", sale).await.status, 201);
}

async fn a_sign_up_makes_a_lead_of_a_click(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    for tag in ["ada", "grace"] {
        let click = json!({ "tag": tag, "click_id": "v-1" });
        shop.make("/accrual/v1/clicks", click).await;
    }
    let sign_up = json!({
        "click_id": "v-1", "external_user_id": "u-1", "customer_email": "KIM@example.com",
        "customer_name": "Kim", "occurred_at": "2026-01-31T13:00:00Z"
    });
    let lead = shop.make("/accrual/v1/sign_ups", sign_up).await;
    assert_eq!(
        super::picked(
            &lead,
            &[
                "id",
                "external_user_id",
                "customer_email",
                "customer_name",
                "bound_at"
            ]
        ),
        json!({
            "id": 2, "external_user_id": "u-1", "customer_email": "kim@example.com",
            "customer_name": "Kim", "bound_at": "2026-01-31T13:00:00Z"
        })
    );
    // What is known stays, what is not is learned.
    let again = json!({ "referral_id": 2, "external_user_id": "u-2", "customer_id": "c-1" });
    let again = shop.make("/accrual/v1/sign_ups", again).await;
    assert_eq!(
        super::picked(&again, &["external_user_id", "customer_id", "bound_at"]),
        json!({
            "external_user_id": "u-1", "customer_id": "c-1", "bound_at": "2026-01-31T13:00:00Z"
        })
    );
}

async fn a_sign_up_needs_no_click(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let ways = [
        (json!({ "enrollment_id": 1 }), 1),
        (json!({ "tag": "grace" }), 2),
        (json!({ "link": "/r/ada" }), 1),
    ];
    for (by, enrollment) in ways {
        let sign_up = crate::shop::with(by, json!({ "customer_id": "c-1" }));
        let lead = shop.make("/accrual/v1/sign_ups", sign_up).await;
        assert_eq!(lead["enrollment_id"], enrollment);
        assert_eq!(lead["touch"], json!(null));
    }
    let listed = shop.read("/referrals").await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
}

async fn referrals_are_read_and_listed(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let mut made = Vec::new();
    for visitor in ["a", "b", "c"] {
        let click = json!({ "tag": "ada", "click_id": visitor });
        made.push(shop.make("/accrual/v1/clicks", click).await);
    }
    let first = shop.read("/referrals?limit=2").await.json();
    assert_eq!(first, json!({ "data": made[..2], "next_cursor": "2" }));
    let second = shop.read("/referrals?limit=2&cursor=2").await.json();
    assert_eq!(second, json!({ "data": made[2..], "next_cursor": null }));
    assert_eq!(shop.read("/referrals/3").await.json(), made[2]);
}

async fn what_is_not_a_click_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let by = "enrollment_id or tag or link is required, and one of them only.";
    let cases = vec![
        (json!({}), "enrollment_id", by),
        (json!({ "tag": "ada", "link": "ada" }), "enrollment_id", by),
        (
            json!({ "tag": "ada", "click_id": 5 }),
            "click_id",
            "click_id must be a string.",
        ),
        (
            json!({ "tag": "ada", "kind": "view" }),
            "kind",
            "kind must be click, soft_click or impression.",
        ),
        (
            json!({ "tag": "ada", "occurred_at": 5 }),
            "occurred_at",
            "occurred_at must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".",
        ),
    ];
    shop.refuses("POST", "/clicks", cases).await;
}

async fn what_is_not_a_sign_up_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let by = "referral_id or click_id, enrollment_id, tag or link is required, and one of them \
              only.";
    let person = |by: Value| crate::shop::with(json!({ "customer_id": "c-1" }), by);
    let cases = vec![
        (person(json!({})), "referral_id", by),
        (
            person(json!({ "tag": "ada", "referral_id": 1 })),
            "referral_id",
            by,
        ),
        (
            json!({ "tag": "ada" }),
            "external_user_id",
            "Whoever signs up needs an id or an e-mail address.",
        ),
        (
            json!({ "tag": "ada", "customer_email": "kim" }),
            "customer_email",
            "customer_email is not an e-mail address: \"kim\" is not an e-mail address.",
        ),
        (
            json!({ "tag": "ada", "customer_id": "c-1", "customer_name": "" }),
            "customer_name",
            "customer_name must not be empty.",
        ),
    ];
    shop.refuses("POST", "/sign_ups", cases).await;
    assert_eq!(shop.read("/referrals").await.json()["data"], json!([]));
}

async fn what_is_not_known_is_not_found(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let sign_up = |by: Value| crate::shop::with(json!({ "customer_id": "c-1" }), by);
    let missing = [
        (shop.read("/referrals/1").await, "There is no referral 1."),
        (
            shop.write("/clicks", json!({ "tag": "nobody" })).await,
            "No enrollment is known by the tag nobody.",
        ),
        (
            shop.write("/clicks", json!({ "link": "/r/nobody" })).await,
            "No enrollment is known by the link nobody.",
        ),
        (
            shop.write("/clicks", json!({ "enrollment_id": 9 })).await,
            "There is no enrollment 9.",
        ),
        (
            shop.write("/sign_ups", sign_up(json!({ "referral_id": 1 })))
                .await,
            "There is no referral 1.",
        ),
        (
            shop.write("/sign_ups", sign_up(json!({ "click_id": "v-9" })))
                .await,
            "No click is known by v-9.",
        ),
    ];
    for (answer, detail) in missing {
        assert_eq!(answer.status, 404, "{answer}");
        assert_eq!(answer.json()["detail"], detail);
    }
}

async fn an_enrollment_that_has_ended_sends_nobody(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.change("/enrollments/1", json!({ "active": false }))
        .await;
    for path in ["/clicks", "/sign_ups"] {
        let mut body = json!({ "tag": "ada" });
        if path == "/sign_ups" {
            body["customer_id"] = json!("c-1");
        }
        let ended = shop.write(path, body).await;
        assert_eq!(ended.status, 409, "{ended}");
        assert_eq!(ended.json()["type"], "urn:accrual:problem:enrollment-ended");
    }
}
