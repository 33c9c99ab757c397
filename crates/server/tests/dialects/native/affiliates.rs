//! Affiliates.

use expect_test::expect;
use serde_json::json;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    an_affiliate_is_made_and_read,
    an_affiliate_is_changed_in_what_is_named_only,
    what_is_not_an_affiliate_is_refused_by_name,
    an_unknown_affiliate_is_not_found,
}

async fn an_affiliate_is_made_and_read(shop: Shop) {
    let ada = json!({ "name": "Ada ✓", "email": "ada@example.com" });
    let made = shop.write("/affiliates", ada).await;
    expect![[r#"201 {"id":1,"name":"Ada ✓","email":"ada@example.com","customer_id":null,"created_at":"2026-01-31T12:00:00.123456Z"}"#]].assert_eq(&made.to_string());
    let read = shop.read("/affiliates/1").await;
    assert_eq!((read.status, read.body), (200, made.body));
    let anonymous = shop
        .write("/affiliates", json!({ "name": "Grace" }))
        .await
        .json();
    assert_eq!(anonymous["email"], json!(null));
    assert_eq!(anonymous["id"], 2);
}

async fn an_affiliate_is_changed_in_what_is_named_only(shop: Shop) {
    let ada = json!({ "name": "Ada", "email": "ada@example.com" });
    shop.write("/affiliates", ada).await;
    let steps = [
        (json!({}), json!(["Ada", "ada@example.com"])),
        (
            json!({ "name": "Ada L." }),
            json!(["Ada L.", "ada@example.com"]),
        ),
        (json!({ "email": null }), json!(["Ada L.", null])),
        (
            json!({ "email": "a@example.com", "name": "A" }),
            json!(["A", "a@example.com"]),
        ),
    ];
    for (change, expected) in steps {
        let changed = shop.change("/affiliates/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{changed}");
        let changed = changed.json();
        assert_eq!(
            json!([changed["name"], changed["email"]]),
            expected,
            "{change}"
        );
        assert_eq!(shop.read("/affiliates/1").await.json(), changed);
    }
}

async fn what_is_not_an_affiliate_is_refused_by_name(shop: Shop) {
    let cases = vec![
        (json!({}), "name", "name is required."),
        (json!({ "name": "" }), "name", "name must not be empty."),
        (json!({ "name": ["a"] }), "name", "name must be a string."),
        (
            json!({ "name": "a\u{0}" }),
            "name",
            "name must not contain control characters.",
        ),
        (
            json!({ "name": "a", "email": "" }),
            "email",
            "email must not be empty.",
        ),
        (
            json!({ "name": "a", "email": 1 }),
            "email",
            "email must be a string.",
        ),
    ];
    shop.refuses("POST", "/affiliates", cases).await;
    shop.write("/affiliates", json!({ "name": "Ada" })).await;
    let cases = vec![
        (json!({ "name": "" }), "name", "name must not be empty."),
        (json!({ "email": "" }), "email", "email must not be empty."),
    ];
    shop.refuses("PATCH", "/affiliates/1", cases).await;
}

async fn an_unknown_affiliate_is_not_found(shop: Shop) {
    let missing = [
        shop.read("/affiliates/1").await,
        shop.read("/affiliates/1/balance").await,
        shop.read("/affiliates/1/transfers").await,
        shop.change("/affiliates/1", json!({ "name": "x" })).await,
    ];
    for answer in missing {
        assert_eq!(answer.status, 404, "{answer}");
        assert_eq!(answer.json()["detail"], "There is no affiliate 1.");
    }
}
