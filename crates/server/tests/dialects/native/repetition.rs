//! The same reference again.

use expect_test::expect;
use serde_json::json;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    the_same_facts_are_answered_as_before,
    other_facts_are_refused_and_those_that_differ_are_named,
    a_reference_belongs_to_its_source,
    a_sale_of_which_no_platform_is_said_was_made_on_a_website,
    a_retry_succeeds_after_its_affiliate_has_left,
}

async fn the_same_facts_are_answered_as_before(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop
        .report(json!({ "metadata": { "a": 1, "b": 2.50 } }))
        .await;
    assert_eq!(first.status, 201);
    let same = [
        json!({ "metadata": { "b": 2.50, "a": 1 } }),
        json!({ "metadata": { "a": 1, "b": 2.50 }, "total": "99.990", "tag": "summer2025", "currency": "usd" }),
        json!({ "metadata": { "a": 1, "b": 2.50 }, "occurred_at": "2026-01-30T09:00:00+01:00", "lines": [] }),
        json!({ "metadata": { "a": 1, "b": 2.50 }, "source": "api", "sale_type": "one_time", "sub_id": null }),
    ];
    for changes in same {
        let again = shop.report(changes.clone()).await;
        assert_eq!(again.status, 200, "{changes}: {again}");
        assert_eq!(again.body, first.body);
    }
}

async fn other_facts_are_refused_and_those_that_differ_are_named(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.report(json!({})).await;
    let others =
        json!({ "total": "100", "customer": { "email": "a@example.com" }, "metadata": { "a": 1 } });
    let refused = shop.report(others).await;
    assert_eq!(refused.header("content-type"), "application/problem+json");
    expect![[r#"
        409 {
          "detail": "The reference is known with other facts; what differs: total, customer, metadata. Nothing was changed.",
          "differing_fields": [
            "total",
            "customer",
            "metadata"
          ],
          "status": 409,
          "title": "The reference is known with other facts",
          "type": "urn:accrual:problem:reference-reused"
        }
    "#]].assert_eq(&refused.pretty());
    let cases = [
        (json!({ "tag": "other" }), "claims"),
        (json!({ "affiliate_id": 1, "program_id": 1 }), "claims"),
        (json!({ "subtotal": "1" }), "subtotal"),
        (json!({ "currency": "EUR" }), "total"),
        (json!({ "sale_type": "subscription" }), "sale_type"),
        (
            json!({ "occurred_at": "2026-01-30T08:00:01Z" }),
            "occurred_at",
        ),
        (json!({ "due_at": "2026-01-30T08:00:01Z" }), "due_at"),
        (json!({ "commission": "5" }), "commission"),
        (json!({ "platform": "ios" }), "platform"),
        (json!({ "sub_id": "x" }), "sub_id"),
        (
            json!({ "lines": [{ "product": "a", "quantity": 1, "amount": "1" }] }),
            "lines",
        ),
    ];
    for (changes, field) in cases {
        let refused = shop.report(changes).await;
        assert_eq!(refused.status, 409, "{refused}");
        assert_eq!(refused.json()["differing_fields"], json!([field]));
    }
    // Nothing was changed.
    assert_eq!(shop.report(json!({})).await.status, 200);
    assert_eq!(
        shop.read("/affiliates/1/balance").await.json()["balances"][0]["payable"],
        "5.00"
    );
}

async fn a_reference_belongs_to_its_source(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (id, source) in [
        (1, "api"),
        (2, "shop-a"),
        (3, "Shop-A"),
        (4, "growi/website"),
    ] {
        let reported = shop.report(json!({ "source": source, "total": id })).await;
        assert_eq!(reported.status, 201, "{reported}");
        assert_eq!(reported.json()["id"], id);
    }
}

async fn a_sale_of_which_no_platform_is_said_was_made_on_a_website(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.report(json!({})).await;
    let again = shop.report(json!({ "platform": "website" })).await;
    assert_eq!((again.status, again.body), (200, first.body));
}

async fn a_retry_succeeds_after_its_affiliate_has_left(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.report(json!({})).await;
    shop.change("/enrollments/1", json!({ "active": false, "tag": "x" }))
        .await;
    let again = shop.report(json!({})).await;
    assert_eq!((again.status, again.body), (200, first.body));
}
