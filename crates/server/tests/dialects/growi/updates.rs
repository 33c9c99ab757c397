//! What an update is answered, and what becomes of the sale.

use expect_test::expect;
use serde_json::{Value, json};

use super::SALES;
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    the_documented_example_with_a_total_is_answered_as_documented,
    the_documented_example_with_a_status_is_answered_as_documented,
    the_documented_example_with_several_fields_is_answered_as_documented,
    a_status_is_answered_in_the_words_of_this_page,
    a_paid_sale_can_be_corrected_and_says_so,
    a_sale_with_a_payout_delay_is_paid_on_request,
    two_updates_at_once_are_both_made,
    an_update_of_another_version_changes_nothing,
    the_report_of_an_updated_sale_is_a_replay,
}

async fn the_documented_example_with_a_total_is_answered_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let answer = shop.update(json!({ "total": 12999 })).await;
    assert_eq!(answer.header("content-type"), "application/json");
    expect![[r#"200 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"unpaid","occurred_at":"2025-09-30T12:00:00.000Z","total":12999,"commission":650,"currency":"usd","sub_id":null}}"#]].assert_eq(&answer.to_string());
}

async fn the_documented_example_with_a_status_is_answered_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let answer = shop.update(json!({ "status": "paid" })).await;
    expect![[r#"200 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"paid","occurred_at":"2025-09-30T12:00:00.000Z","total":9999,"commission":500,"currency":"usd","sub_id":null}}"#]].assert_eq(&answer.to_string());
    assert_eq!(balance(&shop).await, ["0.00", "0.00", "5.00"]);
}

async fn the_documented_example_with_several_fields_is_answered_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let answer = shop
        .update(json!({
            "total": 15000,
            "commission": 750,
            "customer_email": "updated@example.com"
        }))
        .await;
    expect![[r#"200 {"data":{"id":1,"external_id":"ORD-12345","platform":"website","status":"unpaid","occurred_at":"2025-09-30T12:00:00.000Z","total":15000,"commission":750,"currency":"usd","sub_id":null}}"#]].assert_eq(&answer.to_string());
    let kept = shop.get("/accrual/v1/conversions/1").await.json();
    assert_eq!(kept["customer"]["email"], "updated@example.com");
}

/// What is pending, payable and paid.
async fn balance(shop: &Shop) -> Vec<String> {
    let balance = shop.get("/accrual/v1/affiliates/1/balance").await.json();
    let accounts = ["pending", "payable", "paid"];
    let own = accounts.map(|account| balance["balances"][0][account].clone());
    own.iter()
        .map(|amount| amount.as_str().unwrap().to_owned())
        .collect()
}

async fn a_status_is_answered_in_the_words_of_this_page(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let steps = [
        ("paid", "paid"),
        ("paid", "paid"),
        ("paid_externally", "paid_externally"),
        ("unpaid", "unpaid"),
        ("paid_externally", "paid_externally"),
        ("cancelled", "cancelled"),
    ];
    for (status, said) in steps {
        let answer = shop.update(json!({ "status": status })).await;
        assert_eq!(answer.status, 200, "{status}: {answer}");
        assert_eq!(answer.json()["data"]["status"], said, "{status}");
    }
    // POST has other words.
    let repeated = shop.sale(json!({})).await.json();
    assert_eq!(repeated["data"]["status"], "canceled");

    shop.sale(json!({ "order_id": "second" })).await;
    let path = format!("{SALES}/2");
    let spelled = shop.patch(&path, &json!({ "status": "canceled" })).await;
    assert_eq!(spelled.json()["data"]["status"], "cancelled");

    shop.sale(json!({ "order_id": "third" })).await;
    shop.make("/accrual/v1/conversions/3/refunds", json!({}))
        .await;
    let refunded = shop
        .patch(&format!("{SALES}/3"), &json!({ "customer_name": "Zoe" }))
        .await;
    assert_eq!(refunded.json()["data"]["status"], "refunded");
}

async fn a_paid_sale_can_be_corrected_and_says_so(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({ "total": 10000 })).await;
    shop.update(json!({ "status": "paid" })).await;
    let more = shop.update(json!({ "total": 12000 })).await.json();
    assert_eq!(more["data"]["status"], "paid");
    assert_eq!(more["data"]["commission"], 600);
    assert_eq!(balance(&shop).await, ["0.00", "1.00", "5.00"]);
    let decision = shop.get("/accrual/v1/conversions/1/decision").await.json();
    let last = decision["chapters"].as_array().unwrap().last().unwrap();
    let expected = json!([
        "The sale came to 120.00 USD after all: it was decided again, by the same terms.",
        "What enrollment 1 (affiliate 1 in program 1) earns rises from 5.00 USD to 6.00 USD.",
        "An adjustment of 1.00 USD is booked, since the commission was paid before."
    ]);
    assert_eq!(last["words"], expected);
}

async fn a_sale_with_a_payout_delay_is_paid_on_request(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({ "due_at": "2026-03-01T00:00:00Z" })).await;
    assert_eq!(balance(&shop).await, ["5.00", "0.00", "0.00"]);
    let paid = shop.update(json!({ "status": "paid" })).await.json();
    assert_eq!(paid["data"]["status"], "paid");
    assert_eq!(balance(&shop).await, ["0.00", "0.00", "5.00"]);
}

async fn two_updates_at_once_are_both_made(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let fields: Vec<(&str, Value)> = vec![
        ("total", json!(20000)),
        ("customer_name", json!("Zoe")),
        ("customer_email", json!("zoe@example.com")),
        ("sub_id", json!("mail")),
        ("occurred_at", json!("2025-10-01T00:00:00Z")),
        ("subtotal", json!(18000)),
    ];
    let sending: Vec<_> = fields
        .iter()
        .map(|(field, value)| {
            let request = shop.request("PATCH", &format!("{SALES}/1"));
            tokio::spawn(request.body(json!({ *field: value }).to_string()).send())
        })
        .collect();
    for answer in sending {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 200, "{answer}");
    }
    let kept = shop.get("/accrual/v1/conversions/1").await.json();
    assert_eq!(kept["total"], "200.00");
    assert_eq!(kept["subtotal"], "180.00");
    assert_eq!(kept["customer"]["name"], "Zoe");
    assert_eq!(kept["customer"]["email"], "zoe@example.com");
    assert_eq!(kept["sub_id"], "mail");
    assert_eq!(kept["occurred_at"], "2025-10-01T00:00:00Z");
    assert_eq!(kept["commissions"][0]["amount"], "10.00");
    let history = shop.get("/accrual/v1/conversions/1/history").await.json();
    assert_eq!(history["data"].as_array().unwrap().len(), 7);
}

async fn an_update_of_another_version_changes_nothing(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let first = shop.update(json!({ "total": 10000 })).await;
    let seen = first.header("etag").to_owned();
    assert!(seen.starts_with('"') && seen.ends_with('"'), "{seen}");
    let update = async |if_match: String, total: i64| {
        let request = shop.request("PATCH", &format!("{SALES}/1"));
        let request = request.header("if-match", if_match);
        request
            .body(json!({ "total": total }).to_string())
            .send()
            .await
    };
    let second = update(seen.clone(), 20000).await;
    assert_eq!(second.status, 200, "{second}");
    assert_ne!(second.header("etag"), seen);
    for stale in [
        seen.clone(),
        "\"0\"".to_owned(),
        format!("W/{}", second.header("etag")),
    ] {
        let refused = update(stale, 30000).await;
        expect![[r#"412 {"error":"Sale has been updated since: it no longer has the version of If-Match."}"#]].assert_eq(&refused.to_string());
    }
    let kept = shop.get("/accrual/v1/conversions/1").await;
    assert_eq!(kept.json()["total"], "200.00");
    assert_eq!(kept.header("etag"), second.header("etag"));
    let any = format!("{seen}, {}", second.header("etag"));
    assert_eq!(update(any, 40000).await.status, 200);
    assert_eq!(update("*".to_owned(), 50000).await.status, 200);
}

async fn the_report_of_an_updated_sale_is_a_replay(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    shop.update(json!({ "total": 20000, "occurred_at": 1_759_276_800 }))
        .await;
    let again = shop.sale(json!({})).await;
    assert_eq!(again.header("x-accrual-replay"), "same");
    assert_eq!(again.json()["data"]["total"], 20000);
}
