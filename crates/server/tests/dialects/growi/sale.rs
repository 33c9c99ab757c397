//! What a sale is answered.

use expect_test::expect;
use serde_json::json;

use super::{SALES, order};
use crate::{
    harness::on_both_databases,
    shop::{Shop, lacking},
};

on_both_databases! {
    the_documented_example_by_tag_is_answered_as_documented,
    the_documented_example_by_ids_is_answered_as_documented,
    every_field_is_taken_at_once,
    a_sale_without_a_time_took_place_now,
    the_numbers_of_sales_are_dense,
    a_sale_is_found_in_our_own_api,
}

async fn the_documented_example_by_tag_is_answered_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let answer = shop.sale(json!({})).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-accrual-replay"), "");
    expect![[r#"201 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"unpaid","occurred_at":"2025-09-30T12:00:00.000Z","total":9999,"commission":500,"currency":"usd","sub_id":null}}"#]].assert_eq(&answer.to_string());
}

async fn the_documented_example_by_ids_is_answered_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let body = json!({
        "order_id": "ORD-67890",
        "total": 4999,
        "currency": "usd",
        "growi_user_id": 1,
        "growi_campaign_id": 1,
        "occurred_at": "2025-09-30T14:30:00Z"
    });
    expect![[r#"201 {"data":{"id":1,"external_id":"ORD-67890","platform":"website","status":"unpaid","occurred_at":"2025-09-30T14:30:00.000Z","total":4999,"commission":250,"currency":"usd","sub_id":null}}"#]].assert_eq(&shop.post(SALES, &body).await.to_string());
}

async fn every_field_is_taken_at_once(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let answer = shop
        .sale(json!({
            "subtotal": 9000,
            "growi_user_id": 1,
            "growi_campaign_id": 1,
            "due_at": "2025-10-30T12:00:00Z",
            "customer_email": "jsmith@example.com",
            "customer_name": "J. Smith",
            "visitor_uid": "visitor-1",
            "sale_type": "subscription",
            "commission": 123,
            "platform": "website",
            "sub_id": "newsletter"
        }))
        .await;
    expect![[r#"201 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"unpaid","occurred_at":"2025-09-30T12:00:00.000Z","total":9999,"commission":123,"currency":"usd","sub_id":"newsletter"}}"#]].assert_eq(&answer.to_string());
}

async fn a_sale_without_a_time_took_place_now(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let body = lacking(order(json!({})), "occurred_at");
    expect![[r#"201 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"unpaid","occurred_at":"2026-01-31T12:00:00.123Z","total":9999,"commission":500,"currency":"usd","sub_id":null}}"#]].assert_eq(&shop.post(SALES, &body).await.to_string());
}

async fn the_numbers_of_sales_are_dense(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (order_id, id) in [("a", 1), ("b", 2), ("b", 2), ("c", 3)] {
        let answer = shop.sale(json!({ "order_id": order_id })).await;
        assert_eq!(answer.json()["data"]["id"], id, "{order_id}");
        let refused = shop.sale(json!({ "order_id": "d", "total": 0 })).await;
        assert_eq!(refused.status, 422);
    }
}

async fn a_sale_is_found_in_our_own_api(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({ "customer_name": "Zoë", "sub_id": "mail" }))
        .await;
    let path = "/accrual/v1/conversions?source=growi/website&reference=ORD-12345";
    expect![[r#"
        200 {
          "data": [
            {
              "agreement": false,
              "charged_back": "0.00",
              "claims": [
                {
                  "tag": "summer2025"
                }
              ],
              "commission": null,
              "commission_currency": null,
              "commission_percent": null,
              "commissions": [
                {
                  "affiliate_id": 1,
                  "amount": "5.00",
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
                  "terms_version": 1
                }
              ],
              "country": null,
              "currency": "USD",
              "customer": {
                "email": null,
                "id": null,
                "name": "Zoë",
                "visitor_id": null
              },
              "discount": null,
              "due_at": null,
              "exchange": null,
              "id": 1,
              "interval": null,
              "lines": [],
              "metadata": {},
              "occurred_at": "2025-09-30T12:00:00Z",
              "platform": "website",
              "recorded_at": "2026-01-31T12:00:00.123456Z",
              "reference": "ORD-12345",
              "refunded": "0.00",
              "sale_type": "one_time",
              "shipping": null,
              "source": "growi/website",
              "store": null,
              "sub_id": "mail",
              "subtotal": null,
              "tax": null,
              "tax_percent_included": null,
              "total": "99.99"
            }
          ],
          "next_cursor": null
        }
    "#]]
    .assert_eq(&shop.get(path).await.pretty());
}
