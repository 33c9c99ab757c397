//! Every sentence by which an update is refused.

use serde_json::json;

use super::SALES;
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_sale_that_is_not_there_is_said_in_the_documented_words,
    a_sale_of_another_api_is_said_in_the_documented_words,
    a_sale_of_another_platform_is_said_in_the_documented_words,
    a_cancelled_sale_is_said_in_the_documented_words,
    what_is_not_what_it_must_be_is_named,
    a_status_that_cannot_be_reached_is_said,
    a_refunded_total_is_not_undercut,
    a_key_for_reading_changes_nothing,
}

const NOT_FOUND: &str = r#"404 {"error":"Sale not found"}"#;
const ELSEWHERE: &str =
    r#"422 {"error":"Only sales created via the public API (website platform) can be updated."}"#;
const CANCELLED: &str = r#"422 {"error":"Cancelled sales cannot be updated."}"#;

async fn a_sale_that_is_not_there_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    neighbour.sale(json!({})).await;
    for body in [json!({ "total": 1 }), json!({}), json!({ "total": "x" })] {
        assert_eq!(shop.update(body).await.to_string(), NOT_FOUND);
    }
    for id in ["0", "-1", "9223372036854775807"] {
        let answer = shop.patch(&format!("{SALES}/{id}"), &json!({})).await;
        assert_eq!(answer.to_string(), NOT_FOUND, "{id}");
    }
    let unread = shop.patch(&format!("{SALES}/first"), &json!({})).await;
    assert_eq!(
        unread.to_string(),
        r#"400 {"error":"ID must be an integer."}"#
    );
}

async fn a_sale_of_another_api_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let sale = json!({
        "reference": "1", "currency": "USD", "total": "100", "tag": "summer2025"
    });
    shop.make("/accrual/v1/conversions", sale).await;
    let answer = shop.update(json!({ "total": 1 })).await;
    assert_eq!(answer.to_string(), ELSEWHERE);
}

/// Whatever space of references our own API was told.
async fn a_sale_of_another_platform_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let store = json!({ "platform": "shopify", "id": "5", "name": "Berlin" });
    shop.make("/accrual/v1/stores", store).await;
    let sale = json!({
        "source": "growi/website", "reference": "1", "currency": "USD", "total": "100",
        "tag": "summer2025", "platform": "shopify", "store": "5"
    });
    shop.make("/accrual/v1/conversions", sale).await;
    let answer = shop.update(json!({ "total": 1 })).await;
    assert_eq!(answer.to_string(), ELSEWHERE);
}

async fn a_cancelled_sale_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    shop.update(json!({ "status": "cancelled" })).await;
    for body in [
        json!({ "total": 1 }),
        json!({ "status": "unpaid" }),
        json!({ "status": "cancelled" }),
        json!({ "customer_name": "Zoe" }),
        json!({ "total": "x" }),
        json!({}),
    ] {
        assert_eq!(shop.update(body).await.to_string(), CANCELLED);
    }
    let history = shop.get("/accrual/v1/conversions/1/history").await.json();
    assert_eq!(history["data"].as_array().unwrap().len(), 2);
}

async fn what_is_not_what_it_must_be_is_named(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let time = |field: &str| format!("{field} must be an ISO 8601 time or a Unix time in seconds.");
    let status = "Status must be one of: unpaid, paid, paid_externally, cancelled.";
    let currency = "Currency must be an ISO 4217 code, such as usd.";
    let mut cases = vec![
        (
            json!({ "total": 0 }),
            "Total must be greater than 0.".to_owned(),
        ),
        (
            json!({ "subtotal": -1 }),
            "Subtotal must be greater than 0.".to_owned(),
        ),
        (
            json!({ "commission": -1 }),
            "Commission must be 0 or greater.".to_owned(),
        ),
        (
            json!({ "commission": "5" }),
            "Commission must be an integer.".to_owned(),
        ),
        (json!({ "due_at": "soon" }), time("due_at")),
        (
            json!({ "customer_email": 1 }),
            "Customer email must be a string.".to_owned(),
        ),
        (
            json!({ "customer_name": [] }),
            "Customer name must be a string.".to_owned(),
        ),
        (
            json!({ "sub_id": {} }),
            "Sub ID must be a string.".to_owned(),
        ),
        (
            json!({ "currency": 1 }),
            "Currency must be a string.".to_owned(),
        ),
        (
            json!({ "status": 1 }),
            "Status must be a string.".to_owned(),
        ),
    ];
    for value in [json!(null), json!("99"), json!(99.5), json!(true)] {
        let integer = |name: &str| format!("{name} must be an integer.");
        cases.push((json!({ "total": value }), integer("Total")));
        cases.push((json!({ "subtotal": value }), integer("Subtotal")));
    }
    for value in [json!(null), json!(""), json!("yesterday"), json!(1.5)] {
        cases.push((json!({ "occurred_at": value }), time("occurred_at")));
    }
    for value in [json!(null), json!(" "), json!("bitcoin")] {
        cases.push((json!({ "currency": value }), currency.to_owned()));
    }
    for value in [
        json!(null),
        json!(""),
        json!("refunded"),
        json!("due"),
        json!("Paid"),
    ] {
        cases.push((json!({ "status": value }), status.to_owned()));
    }
    for (body, sentence) in cases {
        let answer = shop.update(body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{body}");
    }
    let history = shop.get("/accrual/v1/conversions/1/history").await.json();
    assert_eq!(history["data"].as_array().unwrap().len(), 1);
}

async fn a_status_that_cannot_be_reached_is_said(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let dispute = json!({ "change": "dispute" });
    shop.post("/accrual/v1/conversions/1/status", &dispute)
        .await;
    let refused = shop.update(json!({ "status": "paid", "total": 1 })).await;
    let said = r#"422 {"error":"Sale cannot be updated from its current status."}"#;
    assert_eq!(refused.to_string(), said);
    let kept = shop.get("/accrual/v1/conversions/1").await.json();
    assert_eq!(kept["total"], "99.99");
}

async fn a_refunded_total_is_not_undercut(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let refund = json!({ "amount": "50" });
    shop.make("/accrual/v1/conversions/1/refunds", refund).await;
    let refused = shop.update(json!({ "total": 4999 })).await;
    let said = r#"422 {"error":"Total must not be less than what was refunded."}"#;
    assert_eq!(refused.to_string(), said);
}

async fn a_key_for_reading_changes_nothing(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let request = shop.request("PATCH", &format!("{SALES}/1"));
    let request = request.header("authorization", format!("Bearer {}", shop.read_only_key));
    let refused = request.body(r#"{"total":1}"#).send().await;
    let said = r#"403 {"error":"This API key is read-only and cannot modify data."}"#;
    assert_eq!(refused.to_string(), said);
    let request = shop.request("PATCH", &format!("{SALES}/1"));
    let refused = request.without("authorization").body("{}").send().await;
    assert_eq!(refused.to_string(), r#"401 {"error":"Not Authenticated"}"#);
}
