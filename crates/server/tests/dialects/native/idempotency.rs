//! `Idempotency-Key`, on every write that has no reference of its own.

use serde_json::{Value, json};

use super::BASE;
use crate::{client::Answer, harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_repeated_write_is_answered_again_and_done_once,
    a_key_is_not_used_for_something_else,
    a_refused_write_leaves_its_key_free,
    a_key_is_an_organizations_own,
    a_key_that_cannot_be_is_refused,
    many_at_once_make_one,
}

async fn send(shop: &Shop, method: &'static str, path: &str, key: &str, body: &Value) -> Answer {
    let request = shop.request(method, &format!("{BASE}{path}"));
    request
        .header("idempotency-key", key)
        .body(body.to_string())
        .send()
        .await
}

async fn a_repeated_write_is_answered_again_and_done_once(shop: Shop) {
    let writes = [
        (
            "POST",
            "/programs",
            json!({ "name": "Five", "currency": "USD" }),
            201,
        ),
        ("POST", "/affiliates", json!({ "name": "Ada" }), 201),
        (
            "POST",
            "/enrollments",
            json!({ "affiliate_id": 1, "program_id": 1 }),
            201,
        ),
        (
            "PATCH",
            "/programs/1",
            json!({ "incentives": [{ "percent": "5" }] }),
            200,
        ),
        ("PATCH", "/affiliates/1", json!({ "name": "Ada L." }), 200),
        ("PATCH", "/enrollments/1", json!({ "tag": "ada" }), 200),
        (
            "POST",
            "/promo_codes",
            json!({ "code": "ada", "enrollment_id": 1 }),
            201,
        ),
        ("PATCH", "/promo_codes/1", json!({ "active": false }), 200),
        ("POST", "/clicks", json!({ "tag": "ada" }), 201),
        (
            "POST",
            "/sign_ups",
            json!({ "referral_id": 1, "customer_id": "c-1" }),
            201,
        ),
        (
            "POST",
            "/conversions/1/refunds",
            json!({ "amount": "20" }),
            201,
        ),
        ("PATCH", "/conversions/1", json!({ "total": "50" }), 200),
        (
            "POST",
            "/conversions/1/status",
            json!({ "change": "pay" }),
            200,
        ),
    ];
    for (number, (method, path, body, status)) in writes.into_iter().enumerate() {
        if path == "/promo_codes" {
            shop.sell(json!({})).await;
        }
        let key = format!("key {number}");
        let first = send(&shop, method, path, &key, &body).await;
        assert_eq!(first.status, status, "{method} {path}: {first}");
        let again = send(&shop, method, path, &key, &body).await;
        assert_eq!(again.to_string(), first.to_string(), "{method} {path}");
    }
    for path in [
        "/programs",
        "/affiliates",
        "/enrollments",
        "/promo_codes",
        "/referrals",
    ] {
        let listed = shop.read(path).await.json();
        assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{path}");
    }
    assert_eq!(shop.read("/programs/1").await.json()["terms"]["version"], 2);
    let sold = shop.read("/conversions/1").await.json();
    assert_eq!(sold["refunded"], "20.00");
    assert_eq!(super::earned(&sold), ["1 1.50 USD paid"]);
}

async fn a_key_is_not_used_for_something_else(shop: Shop) {
    let ada = json!({ "name": "Ada" });
    send(&shop, "POST", "/affiliates", "key", &ada).await;
    let others = [
        ("POST", "/affiliates", json!({ "name": "Grace" })),
        (
            "POST",
            "/affiliates",
            json!({ "name": "Ada", "email": "a@example.com" }),
        ),
        ("PATCH", "/affiliates/1", ada.clone()),
        ("POST", "/clicks", json!({ "tag": "ada" })),
        (
            "POST",
            "/programs",
            json!({ "name": "Ada", "currency": "USD" }),
        ),
    ];
    for (method, path, body) in others {
        let refused = send(&shop, method, path, "key", &body).await;
        assert_eq!(refused.status, 409, "{method} {path}: {refused}");
        assert_eq!(
            refused.json()["type"],
            "urn:accrual:problem:idempotency-key-reused"
        );
    }
    assert_eq!(
        send(&shop, "POST", "/affiliates", "KEY", &ada).await.json()["id"],
        2
    );
}

async fn a_refused_write_leaves_its_key_free(shop: Shop) {
    let enrollment = json!({ "affiliate_id": 1, "program_id": 1, "tag": "ada" });
    assert_eq!(
        send(&shop, "POST", "/enrollments", "key", &enrollment)
            .await
            .status,
        404
    );
    assert_eq!(
        send(&shop, "POST", "/affiliates", "key", &json!({}))
            .await
            .status,
        422
    );
    let made = send(
        &shop,
        "POST",
        "/affiliates",
        "key",
        &json!({ "name": "Ada" }),
    )
    .await;
    assert_eq!(made.status, 201);
}

async fn a_key_is_an_organizations_own(shop: Shop) {
    let neighbour = shop.neighbour().await;
    send(
        &shop,
        "POST",
        "/affiliates",
        "key",
        &json!({ "name": "Ada" }),
    )
    .await;
    let made = send(
        &neighbour,
        "POST",
        "/affiliates",
        "key",
        &json!({ "name": "Grace" }),
    )
    .await;
    assert_eq!((made.status, &made.json()["name"]), (201, &json!("Grace")));
}

async fn a_key_that_cannot_be_is_refused(shop: Shop) {
    let ada = json!({ "name": "Ada" });
    let longest = "k".repeat(255);
    assert_eq!(
        send(&shop, "POST", "/affiliates", &longest, &ada)
            .await
            .status,
        201
    );
    let refused = send(&shop, "POST", "/affiliates", &"k".repeat(256), &ada).await;
    assert_eq!(refused.status, 422, "{refused}");
    assert_eq!(refused.json()["field"], "Idempotency-Key");
    let empty = send(&shop, "POST", "/affiliates", "", &ada).await;
    assert_eq!(empty.status, 422, "{empty}");
}

async fn many_at_once_make_one(shop: Shop) {
    let path = format!("{BASE}/affiliates");
    let sending: Vec<_> = (0..8)
        .map(|_| {
            let request = shop.request("POST", &path).header("idempotency-key", "key");
            tokio::spawn(request.body(json!({ "name": "Ada" }).to_string()).send())
        })
        .collect();
    for answer in sending {
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, &answer.json()["id"]), (201, &json!(1)));
    }
}
