//! Refunds and chargebacks.

use serde_json::{Value, json};

use super::{earned, picked};
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_commission_follows_what_is_left_of_the_sale,
    a_refund_of_everything_that_is_left_ends_the_commission,
    what_was_paid_is_owed_back_and_kept_back_from_what_comes_next,
    what_is_not_a_refund_is_refused_by_name,
    a_refund_of_an_unknown_conversion_is_not_found,
}

async fn refund(shop: &Shop, body: Value) -> Value {
    shop.make("/accrual/v1/conversions/1/refunds", body).await
}

async fn change(shop: &Shop, id: u32, change: &str) {
    let path = format!("/conversions/{id}/status");
    let changed = shop.write(&path, json!({ "change": change })).await;
    assert_eq!(changed.status, 200, "{changed}");
}

async fn balance(shop: &Shop) -> Value {
    shop.read("/affiliates/1/balance").await.json()["balances"][0].clone()
}

async fn a_commission_follows_what_is_left_of_the_sale(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let first = refund(
        &shop,
        json!({ "amount": "33.33", "note": "one came broken" }),
    )
    .await;
    assert_eq!(
        picked(&first, &["total", "refunded", "charged_back"]),
        json!({ "total": "100.00", "refunded": "33.33", "charged_back": "0.00" })
    );
    assert_eq!(earned(&first), ["1 6.67 USD payable"]);
    let second = json!({
        "amount": "33.33", "kind": "chargeback", "occurred_at": "2026-01-31T00:00:00Z"
    });
    let second = refund(&shop, second).await;
    assert_eq!(
        picked(&second, &["refunded", "charged_back"]),
        json!({ "refunded": "33.33", "charged_back": "33.33" })
    );
    assert_eq!(earned(&second), ["1 3.33 USD payable"]);
    assert_eq!(balance(&shop).await["payable"], "3.33");
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(decision["chapters"].as_array().unwrap().len(), 3);
    // What was decided stays.
    assert_eq!(decision["amount"], "10.00");
    let totals = shop.read("/totals").await.json();
    assert_eq!(
        picked(
            &totals["data"][0],
            &["amount", "refunded", "charged_back", "commission"]
        ),
        json!({
            "amount": "100.00", "refunded": "33.33", "charged_back": "33.33", "commission": "3.33"
        })
    );
}

async fn a_refund_of_everything_that_is_left_ends_the_commission(shop: Shop) {
    let shop = shop.with_rules(json!({ "hold_days": 30 })).await;
    shop.sell(json!({})).await;
    refund(&shop, json!({ "amount": "40" })).await;
    let rest = refund(&shop, json!({})).await;
    assert_eq!(rest["refunded"], "100.00");
    assert_eq!(earned(&rest), ["1 0.00 USD refunded"]);
    assert_eq!(balance(&shop).await["pending"], "0.00");
    let nothing = shop.write("/conversions/1/refunds", json!({})).await;
    assert_eq!(nothing.status, 409, "{nothing}");
    assert_eq!(nothing.json()["type"], "urn:accrual:problem:nothing-left");
}

async fn what_was_paid_is_owed_back_and_kept_back_from_what_comes_next(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    change(&shop, 1, "pay").await;
    let paid = refund(&shop, json!({ "amount": "70" })).await;
    assert_eq!(
        picked(&paid["commissions"][0], &["amount", "paid_out", "status"]),
        json!({ "amount": "3.00", "paid_out": "10.00", "status": "paid" })
    );
    assert_eq!(
        balance(&shop).await,
        json!({
            "currency": "USD", "pending": "0.00", "payable": "0.00", "paid": "10.00",
            "owed_back": "7.00"
        })
    );
    shop.sell(json!({ "reference": "2", "total": "50" })).await;
    assert_eq!(balance(&shop).await["owed_back"], "2.00");
    shop.sell(json!({ "reference": "3", "total": "50" })).await;
    assert_eq!(balance(&shop).await["payable"], "3.00");
    change(&shop, 3, "pay").await;
    let third = shop.read("/conversions/3").await.json();
    assert_eq!(
        picked(&third["commissions"][0], &["amount", "paid_out"]),
        json!({ "amount": "5.00", "paid_out": "3.00" })
    );
    assert_eq!(
        picked(&balance(&shop).await, &["payable", "paid", "owed_back"]),
        json!({ "payable": "0.00", "paid": "13.00", "owed_back": "0.00" })
    );
}

async fn what_is_not_a_refund_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let cases = vec![
        (
            json!({ "amount": "x" }),
            "amount",
            "amount must be a decimal number in major units, such as \"29.70\".",
        ),
        (
            json!({ "amount": "0" }),
            "amount",
            "Amount must be above zero, not 0.00 USD.",
        ),
        (
            json!({ "amount": "100.01" }),
            "amount",
            "100.01 USD cannot be given back: 100.00 USD is left of the sale.",
        ),
        (
            json!({ "kind": "gift" }),
            "kind",
            "kind must be refund or chargeback.",
        ),
        (
            json!({ "occurred_at": "now" }),
            "occurred_at",
            "occurred_at must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".",
        ),
        (json!({ "note": "" }), "note", "note must not be empty."),
    ];
    shop.refuses("POST", "/conversions/1/refunds", cases).await;
    assert_eq!(shop.read("/conversions/1").await.json()["refunded"], "0.00");
}

async fn a_refund_of_an_unknown_conversion_is_not_found(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let missing = shop.write("/conversions/1/refunds", json!({})).await;
    assert_eq!(missing.status, 404, "{missing}");
    assert_eq!(missing.json()["detail"], "There is no conversion 1.");
}
