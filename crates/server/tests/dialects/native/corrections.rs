//! What was wrong of a sale beside its amounts: currency, times, customer, label, status.

use serde_json::{Value, json};

use super::{earned, picked};
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    another_currency_keeps_the_figures_that_are_not_given_anew,
    a_currency_is_settled_once_something_was_given_back,
    a_sale_moves_to_another_day,
    a_commission_is_held_until_another_time,
    a_customer_and_a_label_are_set_and_cleared,
    a_status_is_reached_however_it_gets_there,
    all_that_is_named_changes_or_nothing,
    what_cannot_be_is_refused_by_name,
}

impl Shop {
    /// Changes conversion 1, which must succeed.
    async fn correct(&self, change: Value) -> Value {
        let changed = self.change("/conversions/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{change}: {changed}");
        changed.json()
    }
}

async fn another_currency_keeps_the_figures_that_are_not_given_anew(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({ "shipping": "5" })).await;
    let euros = shop.correct(json!({ "currency": "eur" })).await;
    let names = ["currency", "total", "shipping"];
    assert_eq!(
        picked(&euros, &names),
        json!({ "currency": "EUR", "total": "100.00", "shipping": "5.00" })
    );
    assert_eq!(earned(&euros), ["1 10.00 EUR payable"]);
    let yen = shop.correct(json!({ "currency": "JPY", "total": "80" }));
    let yen = yen.await;
    assert_eq!(
        picked(&yen, &names),
        json!({ "currency": "JPY", "total": "80", "shipping": "500" })
    );
    assert_eq!(earned(&yen), ["1 8 JPY payable"]);
}

async fn a_currency_is_settled_once_something_was_given_back(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    shop.make(
        "/accrual/v1/conversions/1/refunds",
        json!({ "amount": "1" }),
    )
    .await;
    let refused = shop
        .change("/conversions/1", json!({ "currency": "EUR" }))
        .await;
    assert_eq!(refused.status, 409, "{refused}");
    let kind = &refused.json()["type"];
    assert_eq!(kind, "urn:accrual:problem:currency-settled");
    shop.correct(json!({ "currency": "USD", "total": "90" }))
        .await;
}

async fn a_sale_moves_to_another_day(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let moved = shop.correct(json!({ "occurred_at": "2026-01-02T03:04:05+01:00" }));
    assert_eq!(moved.await["occurred_at"], "2026-01-02T02:04:05Z");
    let totals = shop.read("/totals").await.json();
    let days: Vec<_> = totals["data"].as_array().unwrap().iter().collect();
    assert_eq!(days.len(), 1, "{totals}");
    assert_eq!(days[0]["day"], "2026-01-02");
}

async fn a_commission_is_held_until_another_time(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let held = shop.correct(json!({ "due_at": "2026-03-01T00:00:00Z" }));
    let held = held.await;
    assert_eq!(held["due_at"], "2026-03-01T00:00:00Z");
    assert_eq!(earned(&held), ["1 10.00 USD pending"]);
    let by_terms = shop.correct(json!({ "due_at": null })).await;
    assert_eq!(by_terms["due_at"], Value::Null);
    assert_eq!(earned(&by_terms), ["1 10.00 USD payable"]);
}

async fn a_customer_and_a_label_are_set_and_cleared(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({ "customer": { "id": "c-1", "name": "A" }, "sub_id": "spring" }))
        .await;
    let set = json!({
        "customer_email": "a@example.com", "customer_name": "B", "sub_id": "summer"
    });
    let changed = shop.correct(set).await;
    let customer = json!({
        "id": "c-1", "email": "a@example.com", "name": "B", "visitor_id": null
    });
    assert_eq!(changed["customer"], customer);
    assert_eq!(changed["sub_id"], "summer");
    let cleared = json!({ "customer_email": null, "customer_name": null, "sub_id": null });
    let changed = shop.correct(cleared).await;
    let customer = json!({ "id": "c-1", "email": null, "name": null, "visitor_id": null });
    assert_eq!(changed["customer"], customer);
    assert_eq!(changed["sub_id"], Value::Null);
    assert_eq!(earned(&changed), ["1 10.00 USD payable"]);
}

async fn a_status_is_reached_however_it_gets_there(shop: Shop) {
    let shop = shop.with_rules(json!({ "approval": "by_person" })).await;
    shop.sell(json!({})).await;
    for (status, shown) in [
        ("paid", "10.00 USD paid"),
        ("paid_externally", "10.00 USD paid"),
        ("unpaid", "10.00 USD payable"),
        ("unpaid", "10.00 USD payable"),
        ("cancelled", "0.00 USD cancelled"),
    ] {
        let changed = shop.correct(json!({ "status": status })).await;
        assert_eq!(earned(&changed), [format!("1 {shown}")], "{status}");
    }
    let frozen = shop
        .change("/conversions/1", json!({ "total": "50" }))
        .await;
    assert_eq!(frozen.status, 409, "{frozen}");
    assert_eq!(frozen.json()["type"], "urn:accrual:problem:called-off");
}

async fn all_that_is_named_changes_or_nothing(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let both = shop.correct(json!({ "total": "50", "status": "paid" }));
    assert_eq!(earned(&both.await), ["1 5.00 USD paid"]);
    let before = shop.read("/conversions/1").await.json();
    let refused = shop
        .change(
            "/conversions/1",
            json!({ "sub_id": "x", "currency": "EUR" }),
        )
        .await;
    assert_eq!(refused.status, 409, "{refused}");
    assert_eq!(shop.read("/conversions/1").await.json(), before);
    // What cannot be taken away is absent if it is `null`.
    let nothing = json!({ "currency": null, "occurred_at": null, "status": null });
    assert_eq!(shop.correct(nothing).await, before);
}

async fn what_cannot_be_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let time = "must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".";
    let (occurred_at, due_at) = (format!("occurred_at {time}"), format!("due_at {time}"));
    let cases = vec![
        (
            json!({ "occurred_at": "x" }),
            "occurred_at",
            occurred_at.as_str(),
        ),
        (json!({ "due_at": 1 }), "due_at", due_at.as_str()),
        (
            json!({ "status": "refunded" }),
            "status",
            "status must be unpaid, paid, paid_externally or cancelled.",
        ),
        (
            json!({ "customer_name": 1 }),
            "customer_name",
            "customer_name must be a string.",
        ),
    ];
    shop.refuses("PATCH", "/conversions/1", cases).await;
    let unknown = shop
        .change("/conversions/1", json!({ "currency": "XXQ" }))
        .await;
    assert_eq!(unknown.status, 422, "{unknown}");
    assert_eq!(unknown.json()["field"], "currency");
}
