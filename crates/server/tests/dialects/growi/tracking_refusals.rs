//! Every sentence by which an event is refused.

use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    what_is_missing_is_said,
    what_is_not_what_it_must_be_is_named,
    an_affiliate_who_is_not_there_is_not_found,
    an_affiliate_who_is_not_active_is_sent_nobody,
    a_key_for_reading_reports_no_event,
}

const EVENTS: &str = "/api/public/v1/tracking_events";
const NOT_FOUND: &str = r#"404 {"error":"Campaign affiliate not found."}"#;

async fn what_is_missing_is_said(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for name in [Value::Null, json!(""), json!(" ")] {
        let answer = shop.event(json!({ "event_name": name })).await;
        let said = r#"422 {"error":"event_name is required"}"#;
        assert_eq!(answer.to_string(), said);
    }
    for (changes, sentence) in [
        (json!({ "subtotal": null }), "subtotal is required"),
        (json!({ "currency": null }), "currency is required"),
        (json!({ "order_id": null }), "order_id is required"),
        (
            json!({ "campaign_affiliate_id": null }),
            "campaign_affiliate_id is required",
        ),
    ] {
        let answer = shop.payment(changes.clone()).await;
        assert_eq!(answer.status, 422, "{changes}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{changes}");
    }
}

async fn what_is_not_what_it_must_be_is_named(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let not_an_id = |name: &str| {
        format!("{name} must have at most 255 characters, none of them a control character.")
    };
    let integer = |name: &str| format!("{name} must be an integer.");
    let cases = [
        (
            json!({ "event_name": "sneezed" }),
            "event_name must be one of: cart_viewed, checkout_address_info_submitted, \
             checkout_completed, checkout_contact_info_submitted, \
             checkout_shipping_info_submitted, checkout_started, collection_viewed, page_viewed, \
             payment_info_submitted, product_added_to_cart, product_removed_from_cart, \
             product_viewed, search_submitted, payment_completed, app_installed, app_uninstalled."
                .to_owned(),
        ),
        (
            json!({ "event_name": 1 }),
            "event_name must be a string.".to_owned(),
        ),
        (
            json!({ "occurred_at": "yesterday" }),
            "occurred_at must be an ISO 8601 time or a Unix time in seconds.".to_owned(),
        ),
        (
            json!({ "conversion_platform": "android" }),
            "conversion_platform must be one of: shopify, tik_tok_shop, ios, stripe, whop."
                .to_owned(),
        ),
        (
            json!({ "order_type": "weekly" }),
            "order_type must be one of: one_time, subscription.".to_owned(),
        ),
        (
            json!({ "currency": "bitcoin" }),
            "currency must be an ISO 4217 code, such as usd.".to_owned(),
        ),
        (json!({ "subtotal": "40" }), integer("subtotal")),
        (json!({ "subtotal": 40.5 }), integer("subtotal")),
        (
            json!({ "subtotal": 0 }),
            "Subtotal must be greater than 0.".to_owned(),
        ),
        (json!({ "quantity": "two" }), integer("quantity")),
        (
            json!({ "quantity": 0 }),
            "quantity must be 1 or greater.".to_owned(),
        ),
        (
            json!({ "subscription_start_date": "now" }),
            integer("subscription_start_date"),
        ),
        (
            json!({ "subscription_end_date": 1.5 }),
            integer("subscription_end_date"),
        ),
        (
            json!({ "visitor_uid": "x".repeat(256) }),
            not_an_id("visitor_uid"),
        ),
        (
            json!({ "external_user_id": "a\nb" }),
            not_an_id("external_user_id"),
        ),
        (
            json!({ "order_id": "x".repeat(256) }),
            "order_id must have at most 255 characters, not 256.".to_owned(),
        ),
    ];
    for (changes, sentence) in cases {
        let answer = shop.payment(changes.clone()).await;
        assert_eq!(answer.status, 422, "{changes}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{changes}");
    }
}

async fn an_affiliate_who_is_not_there_is_not_found(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let neighbour = shop.neighbour().await;
    for name in [
        "page_viewed",
        "payment_completed",
        "app_installed",
        "cart_viewed",
    ] {
        for tag in ["winter", "x\u{7}"] {
            let event = json!({
                "event_name": name,
                "visitor_uid": "v",
                "external_user_id": "u",
                "campaign_affiliate_id": tag
            });
            let answer = shop.payment(event).await;
            assert_eq!(answer.to_string(), NOT_FOUND, "{name} {tag:?}");
        }
        let theirs = json!({ "event_name": name, "visitor_uid": "v" });
        assert_eq!(neighbour.payment(theirs).await.to_string(), NOT_FOUND);
    }
    // Nor is it known of whom the order is that renews, or the visitor.
    for changes in [
        json!({ "order_type": "subscription" }),
        json!({ "visitor_uid": "nobody" }),
        json!({ "external_user_id": "nobody" }),
    ] {
        let unnamed = crate::shop::with(json!({ "campaign_affiliate_id": null }), changes);
        assert_eq!(shop.payment(unnamed).await.to_string(), NOT_FOUND);
    }
}

async fn an_affiliate_who_is_not_active_is_sent_nobody(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.patch("/accrual/v1/enrollments/1", &json!({ "active": false }))
        .await;
    let visit = json!({
        "event_name": "page_viewed", "visitor_uid": "v", "campaign_affiliate_id": "summer2025"
    });
    let said = r#"422 {"error":"Campaign affiliate is not active."}"#;
    assert_eq!(shop.event(visit).await.to_string(), said);
    assert_eq!(shop.payment(json!({})).await.to_string(), NOT_FOUND);
}

async fn a_key_for_reading_reports_no_event(shop: Shop) {
    let request = shop.request("POST", EVENTS);
    let request = request.header("authorization", format!("Bearer {}", shop.read_only_key));
    let refused = request.body("{}").send().await;
    let said = r#"403 {"error":"This API key is read-only and cannot modify data."}"#;
    assert_eq!(refused.to_string(), said);
    let request = shop.request("POST", EVENTS).without("authorization");
    let refused = request.body("{}").send().await;
    assert_eq!(refused.to_string(), r#"401 {"error":"Not Authenticated"}"#);
}
