//! Who is credited by clicks and customers, as the program says.

use serde_json::{Value, json};

use super::earned;
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_click_counts_as_long_as_its_window_is_open,
    the_last_click_counts_or_the_first,
    those_who_sent_a_customer_can_share_the_credit,
    a_customer_can_belong_to_an_enrollment_for_a_time,
    an_affiliate_that_buys_for_itself_can_be_refused,
}

async fn click(shop: &Shop, tag: &str, visitor: &str, at: &str) -> Value {
    let click = json!({ "tag": tag, "click_id": visitor, "occurred_at": at });
    shop.make("/accrual/v1/clicks", click).await
}

/// Reports a sale at a time that claims a click.
async fn sale(shop: &Shop, reference: &str, visitor: &str, at: &str) -> crate::client::Answer {
    let sale = json!({
        "reference": reference, "currency": "USD", "total": "100", "occurred_at": at,
        "claims": [{ "click_id": visitor }]
    });
    shop.write("/conversions", sale).await
}

async fn a_click_counts_as_long_as_its_window_is_open(shop: Shop) {
    let rules = json!({ "crediting": { "window_days": 30 } });
    let shop = shop.with_rules(rules).await;
    click(&shop, "ada", "v-1", "2025-06-01T12:00:00Z").await;
    let open = sale(&shop, "1", "v-1", "2025-07-01T11:59:59.999999Z").await;
    assert_eq!(open.status, 201, "{open}");
    let closed = sale(&shop, "2", "v-1", "2025-07-01T12:00:00Z").await;
    assert_eq!(closed.status, 422, "{closed}");
    let words = closed.json()["findings"][0].as_str().unwrap().to_owned();
    assert!(
        words.contains("its click of 2025-06-01 12:00:00 UTC was 30 days or more before the sale"),
        "{words}"
    );
    // Another click of the same visitor opens it again.
    let again = click(&shop, "ada", "v-1", "2025-06-20T00:00:00Z").await;
    assert_eq!(
        again["touch"],
        json!({
            "kind": "click", "first_at": "2025-06-01T12:00:00Z", "last_at": "2025-06-20T00:00:00Z"
        })
    );
    let open = sale(&shop, "3", "v-1", "2025-07-01T12:00:00Z").await;
    assert_eq!(open.status, 201, "{open}");
}

async fn the_last_click_counts_or_the_first(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    click(&shop, "ada", "v-1", "2026-01-01T00:00:00Z").await;
    click(&shop, "grace", "v-1", "2026-01-02T00:00:00Z").await;
    let last = sale(&shop, "1", "v-1", "2026-01-03T00:00:00Z").await.json();
    assert_eq!(earned(&last), ["2 10.00 USD payable"]);
    shop.change("/programs/1", json!({ "crediting": { "touch": "first" } }))
        .await;
    let first = sale(&shop, "2", "v-1", "2026-01-03T00:00:00Z").await.json();
    assert_eq!(earned(&first), ["1 10.00 USD payable"]);
    let decision = shop.read("/conversions/2/decision").await.json();
    let verdicts: Vec<_> = decision["findings"].as_array().unwrap().iter().collect();
    assert_eq!(verdicts[0]["verdict"], "credited");
    assert_eq!(verdicts[1]["verdict"], "outdone");
}

async fn those_who_sent_a_customer_can_share_the_credit(shop: Shop) {
    let rules = json!({ "crediting": { "sharing": "first_bonus", "bonus_percent": "50" } });
    let shop = shop.with_rules(rules).await;
    click(&shop, "ada", "v-1", "2026-01-01T00:00:00Z").await;
    click(&shop, "grace", "v-1", "2026-01-02T00:00:00Z").await;
    let shared = sale(&shop, "1", "v-1", "2026-01-03T00:00:00Z").await.json();
    assert_eq!(
        earned(&shared),
        ["1 7.50 USD payable", "2 2.50 USD payable"]
    );
    shop.change(
        "/programs/1",
        json!({ "crediting": { "sharing": "equal" } }),
    )
    .await;
    let shared = sale(&shop, "2", "v-1", "2026-01-03T00:00:00Z").await.json();
    assert_eq!(
        earned(&shared),
        ["1 5.00 USD payable", "2 5.00 USD payable"]
    );
}

async fn a_customer_can_belong_to_an_enrollment_for_a_time(shop: Shop) {
    let rules = json!({ "crediting": { "binding": "for_days", "binding_days": 90 } });
    let shop = shop.with_rules(rules).await;
    let buy = async |reference: &str, at: &str, tag: Value| {
        let sale = json!({
            "reference": reference, "currency": "USD", "total": "100", "occurred_at": at,
            "tag": tag, "customer": { "id": "c-1" }
        });
        shop.write("/conversions", sale).await
    };
    let first = buy("1", "2025-01-01T00:00:00Z", json!("ada")).await.json();
    assert_eq!(first["commissions"][0]["referral_id"], 1);
    let referral = shop.read("/referrals/1").await.json();
    assert_eq!(
        super::picked(
            &referral,
            &[
                "bound_at",
                "payments",
                "first_payment_at",
                "earned",
                "currency",
                "customer_id"
            ]
        ),
        json!({
            "bound_at": "2025-01-01T00:00:00Z", "payments": 1,
            "first_payment_at": "2025-01-01T00:00:00Z", "earned": "10.00", "currency": "USD",
            "customer_id": "c-1"
        })
    );
    // The customer goes before a tag.
    let second = buy("2", "2025-02-01T00:00:00Z", json!("grace"))
        .await
        .json();
    assert_eq!(earned(&second), ["1 10.00 USD payable"]);
    let third = buy("3", "2025-03-01T00:00:00Z", json!(null)).await.json();
    assert_eq!(earned(&third), ["1 10.00 USD payable"]);
    let over = buy("4", "2025-04-01T00:00:00Z", json!(null)).await;
    assert_eq!(over.status, 422, "{over}");
    let fourth = buy("4", "2025-04-01T00:00:00Z", json!("grace"))
        .await
        .json();
    assert_eq!(earned(&fourth), ["2 10.00 USD payable"]);
}

async fn an_affiliate_that_buys_for_itself_can_be_refused(shop: Shop) {
    let rules = json!({ "crediting": { "refuse_self_referral": true } });
    let shop = shop.with_rules(rules).await;
    let ada = json!({ "email": "Ada@example.com", "customer_id": "c-ada" });
    shop.change("/affiliates/1", ada).await;
    let buyers = [
        (json!({ "email": "ada@EXAMPLE.com" }), 422),
        (json!({ "id": "c-ada" }), 422),
        (json!({ "id": "C-ADA", "email": "kim@example.com" }), 201),
    ];
    for (number, (customer, status)) in buyers.into_iter().enumerate() {
        let sale = json!({
            "reference": format!("order-{number}"), "currency": "USD", "total": "100",
            "tag": "ada", "customer": customer
        });
        let answer = shop.write("/conversions", sale).await;
        assert_eq!(answer.status, status, "{answer}");
    }
    let sale = json!({
        "reference": "two", "currency": "USD", "total": "100", "customer": { "id": "c-ada" },
        "claims": [{ "tag": "ada" }, { "tag": "grace" }]
    });
    let sold = shop.write("/conversions", sale).await.json();
    let path = format!("/conversions/{}/decision", sold["id"]);
    let decision = shop.read(&path).await.json();
    let refused = decision["findings"].as_array().unwrap().iter();
    let refused: Vec<_> = refused
        .filter(|one| one["verdict"] == "self_referral")
        .map(|one| one["same_by"].clone())
        .collect();
    assert_eq!(refused, [json!("customer_id")]);
}
