//! The same order again.

use serde_json::json;

use super::{SALES, order};
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    the_same_order_is_answered_as_it_was_the_first_time,
    other_facts_change_nothing_and_are_said_in_a_header,
    a_retry_succeeds_after_its_affiliate_has_left,
    a_retry_needs_what_is_required,
    a_retry_keeps_the_terms_of_the_first_time,
    many_at_once_make_one_sale,
    an_order_id_is_exact,
    order_ids_are_an_organizations_own,
}

async fn the_same_order_is_answered_as_it_was_the_first_time(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.sale(json!({})).await;
    let again = shop.sale(json!({})).await;
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!((first.status, first.header("x-accrual-replay")), (201, ""));
    assert_eq!(
        (again.status, again.header("x-accrual-replay")),
        (201, "same")
    );
    // Said in other ways, it is the same.
    let same = json!({
        "currency": "USD",
        "campaign_affiliate_id": "summer2025",
        "occurred_at": 1_759_233_600,
        "sale_type": "one_time",
        "platform": "website",
        "sub_id": null
    });
    let again = shop.sale(same).await;
    assert_eq!(again.header("x-accrual-replay"), "same");
}

async fn other_facts_change_nothing_and_are_said_in_a_header(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.sale(json!({})).await;
    let others = [
        json!({ "total": 1 }),
        json!({ "currency": "eur" }),
        json!({ "subtotal": 5 }),
        json!({ "commission": 0 }),
        json!({ "campaign_affiliate_id": "nobody" }),
        json!({ "occurred_at": "2025-10-01T12:00:00Z" }),
        json!({ "due_at": "2027-01-01T00:00:00Z" }),
        json!({ "customer_email": "someone@example.com" }),
        json!({ "sale_type": "subscription" }),
        json!({ "sub_id": "x" }),
    ];
    for changes in others {
        let again = shop.sale(changes.clone()).await;
        assert_eq!(again.to_string(), first.to_string(), "{changes}");
        assert_eq!(again.header("x-accrual-replay"), "differs", "{changes}");
    }
    let balance = shop.get("/accrual/v1/affiliates/1/balance").await.json();
    assert_eq!(
        balance["balances"],
        json!([{
            "currency": "USD", "pending": "0.00", "payable": "5.00", "paid": "0.00", "owed_back": "0.00"
        }])
    );
}

async fn a_retry_succeeds_after_its_affiliate_has_left(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.sale(json!({})).await;
    let left = json!({ "active": false, "tag": "another" });
    shop.patch("/accrual/v1/enrollments/1", &left).await;
    let again = shop.sale(json!({})).await;
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(again.header("x-accrual-replay"), "same");
}

async fn a_retry_needs_what_is_required(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({})).await;
    let again = shop.sale(json!({ "total": null })).await;
    let said = r#"422 {"error":"Total or subtotal is required."}"#;
    assert_eq!(again.to_string(), said);
}

async fn a_retry_keeps_the_terms_of_the_first_time(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.sale(json!({})).await;
    let doubled = json!({ "incentives": [{ "percent": "10" }] });
    shop.patch("/accrual/v1/programs/1", &doubled).await;
    assert_eq!(shop.sale(json!({})).await.to_string(), first.to_string());
    let next = shop.sale(json!({ "order_id": "next" })).await.json();
    assert_eq!(next["data"]["commission"], 1000);
}

async fn many_at_once_make_one_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let sending: Vec<_> = (0..16)
        .map(|_| {
            let request = shop
                .request("POST", SALES)
                .body(order(json!({})).to_string());
            tokio::spawn(request.send())
        })
        .collect();
    let mut first_times = 0;
    let mut bodies = Vec::new();
    for answer in sending {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 201, "{answer}");
        first_times += usize::from(answer.header("x-accrual-replay").is_empty());
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!((first_times, bodies.len()), (1, 1));
    let kept = shop.get("/accrual/v1/conversions").await.json();
    assert_eq!(kept["data"].as_array().unwrap().len(), 1);
}

async fn an_order_id_is_exact(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let ids = ["ORD-1", "ord-1", " ORD-1", "ORD-1 ", "ORD–1", "0", "00"];
    for (index, order_id) in ids.into_iter().enumerate() {
        let sale = shop.sale(json!({ "order_id": order_id })).await.json();
        assert_eq!(sale["data"]["id"], index + 1, "{order_id:?}");
    }
}

async fn order_ids_are_an_organizations_own(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    shop.sale(json!({ "total": 100 })).await;
    let sale = neighbour.sale(json!({ "total": 200 })).await;
    assert_eq!(sale.header("x-accrual-replay"), "");
    assert_eq!(sale.json()["data"]["total"], 200);
}
