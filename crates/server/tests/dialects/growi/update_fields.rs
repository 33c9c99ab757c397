//! Every field of an update, and what is absent, null or a value.

use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    the_total_alone_decides_again_and_the_subtotal_does_not,
    a_commission_is_set_and_by_the_rules_again,
    what_is_absent_stays_and_null_clears,
    times_are_iso_or_seconds,
    a_commission_is_due_when_it_is_said_to_be,
    a_currency_is_changed_until_something_was_paid,
    a_sale_moves_to_its_new_day,
    an_empty_update_changes_nothing,
}

async fn sold(shop: Shop, changes: Value) -> Shop {
    let shop = shop.with_an_affiliate().await;
    let sale = shop.sale(changes).await;
    assert_eq!(sale.status, 201, "{sale}");
    shop
}

/// The sale after an update that must succeed.
async fn updated(shop: &Shop, changes: Value) -> Value {
    let answer = shop.update(changes.clone()).await;
    assert_eq!(answer.status, 200, "{changes}: {answer}");
    answer.json()["data"].clone()
}

async fn kept(shop: &Shop) -> Value {
    shop.get("/accrual/v1/conversions/1").await.json()
}

async fn the_total_alone_decides_again_and_the_subtotal_does_not(shop: Shop) {
    let shop = sold(shop, json!({ "total": 10000 })).await;
    shop.patch(
        "/accrual/v1/programs/1",
        &json!({ "incentives": [{ "percent": "50" }] }),
    )
    .await;
    let sale = updated(&shop, json!({ "subtotal": 8000 })).await;
    assert_eq!(
        (&sale["total"], &sale["commission"]),
        (&json!(10000), &json!(500))
    );
    // By the rules that the sale was decided under.
    let sale = updated(&shop, json!({ "total": 20000 })).await;
    assert_eq!(
        (&sale["total"], &sale["commission"]),
        (&json!(20000), &json!(1000))
    );

    let without_total = json!({ "order_id": "2", "total": null, "subtotal": 1000 });
    shop.sale(without_total).await;
    let path = "/api/public/v1/affiliate_sales/2";
    let sale = shop.patch(path, &json!({ "subtotal": 3000 })).await.json();
    assert_eq!(sale["data"]["total"], 3000);
    assert_eq!(sale["data"]["commission"], 1500);
}

async fn a_commission_is_set_and_by_the_rules_again(shop: Shop) {
    let shop = sold(shop, json!({ "total": 10000 })).await;
    let commission = async |changes: Value| updated(&shop, changes).await["commission"].clone();
    assert_eq!(commission(json!({ "commission": 0 })).await, 0);
    assert_eq!(commission(json!({ "commission": 123 })).await, 123);
    assert_eq!(commission(json!({ "subtotal": 9000 })).await, 123);
    assert_eq!(commission(json!({ "total": 20000 })).await, 1000);
    assert_eq!(
        commission(json!({ "total": 30000, "commission": 7 })).await,
        7
    );
    assert_eq!(commission(json!({ "commission": null })).await, 1500);
}

async fn what_is_absent_stays_and_null_clears(shop: Shop) {
    let shop = sold(
        shop,
        json!({
            "customer_email": "jsmith@example.com",
            "customer_name": "J. Smith",
            "sub_id": "mail"
        }),
    )
    .await;
    let sale = updated(&shop, json!({ "customer_email": null, "sub_id": "post" })).await;
    assert_eq!(sale["sub_id"], "post");
    let now = kept(&shop).await;
    assert_eq!(now["customer"]["email"], json!(null));
    assert_eq!(now["customer"]["name"], "J. Smith");
    let sale = updated(&shop, json!({ "customer_name": null, "sub_id": null })).await;
    assert_eq!(sale["sub_id"], json!(null));
    assert_eq!(kept(&shop).await["customer"]["name"], json!(null));
    updated(
        &shop,
        json!({ "customer_email": "new@example.com", "unknown": 1 }),
    )
    .await;
    let now = kept(&shop).await;
    assert_eq!(now["customer"]["email"], "new@example.com");
    assert_eq!(now["total"], "99.99");
}

async fn times_are_iso_or_seconds(shop: Shop) {
    let shop = sold(shop, json!({})).await;
    for time in [
        json!("2025-10-01T08:30:00Z"),
        json!("2025-10-01T10:30:00+02:00"),
        json!(1_759_307_400),
        json!("1759307400"),
    ] {
        updated(&shop, json!({ "occurred_at": "2025-01-01T00:00:00Z" })).await;
        let sale = updated(&shop, json!({ "occurred_at": time, "due_at": time })).await;
        assert_eq!(sale["occurred_at"], "2025-10-01T08:30:00.000Z", "{time}");
        let now = kept(&shop).await;
        assert_eq!(now["due_at"], "2025-10-01T08:30:00Z", "{time}");
    }
}

async fn a_commission_is_due_when_it_is_said_to_be(shop: Shop) {
    let shop = sold(shop, json!({})).await;
    let standing = async |changes: Value| {
        let sale = updated(&shop, changes).await;
        assert_eq!(sale["status"], "unpaid");
        let now = kept(&shop).await;
        let commission = &now["commissions"][0];
        json!([commission["status"], commission["due_at"]])
    };
    let later = "2026-02-28T00:00:00Z";
    assert_eq!(
        standing(json!({ "due_at": later })).await,
        json!(["pending", later])
    );
    let past = "2026-01-01T00:00:00Z";
    assert_eq!(
        standing(json!({ "due_at": past })).await,
        json!(["payable", past])
    );
    assert_eq!(
        standing(json!({ "due_at": null })).await,
        json!(["payable", null])
    );
}

async fn a_currency_is_changed_until_something_was_paid(shop: Shop) {
    let shop = sold(shop, json!({ "total": 10000 })).await;
    let sale = updated(&shop, json!({ "currency": "EUR" })).await;
    assert_eq!(sale["currency"], "eur");
    assert_eq!(
        (&sale["total"], &sale["commission"]),
        (&json!(10000), &json!(500))
    );
    let sale = updated(&shop, json!({ "currency": "jpy", "total": 2000 })).await;
    assert_eq!(
        (&sale["total"], &sale["commission"]),
        (&json!(2000), &json!(100))
    );
    updated(&shop, json!({ "status": "paid" })).await;
    let refused = shop.update(json!({ "currency": "usd" })).await;
    let said = r#"422 {"error":"Currency cannot be changed once the sale has been paid out or refunded."}"#;
    assert_eq!(refused.to_string(), said);
    updated(&shop, json!({ "currency": "jpy" })).await;
}

async fn a_sale_moves_to_its_new_day(shop: Shop) {
    let shop = sold(shop, json!({ "total": 10000 })).await;
    updated(&shop, json!({ "occurred_at": "2025-08-15T12:00:00Z" })).await;
    let path = "/accrual/v1/totals";
    let totals = shop.get(path).await.json();
    let totals = totals["data"].as_array().unwrap();
    let counted = totals.iter().filter(|one| one["conversions"] != 0);
    let days: Vec<_> = counted
        .map(|one| json!([one["day"], one["amount"], one["commission"]]))
        .collect();
    assert_eq!(days, [json!(["2025-08-15", "100.00", "5.00"])]);
}

async fn an_empty_update_changes_nothing(shop: Shop) {
    let shop = sold(shop, json!({})).await;
    let before = kept(&shop).await;
    updated(&shop, json!({})).await;
    assert_eq!(kept(&shop).await, before);
    let history = shop.get("/accrual/v1/conversions/1/history").await.json();
    assert_eq!(history["data"][1]["changes"], json!([]));
}
