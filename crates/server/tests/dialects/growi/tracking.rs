//! `POST /tracking_events`: what is kept of each event, as docs/DIALECTS.md settles it.

use serde_json::{Value, json};

use crate::{
    client::Answer,
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    a_payment_is_a_sale,
    a_repeated_payment_is_one_sale,
    a_payment_and_a_reported_sale_of_one_order_are_one,
    the_same_order_on_another_platform_is_another_sale,
    each_payment_of_a_subscription_is_a_sale,
    a_renewal_of_a_reported_subscription_needs_no_affiliate,
    a_payment_without_an_order_is_known_by_its_own_id,
    a_click_leads_a_payment_to_its_affiliate,
    a_repeated_click_is_one_referral,
    an_installation_leads_a_payment_to_its_affiliate,
    other_events_are_taken_and_leave_no_trace,
}

const EVENTS: &str = "/api/public/v1/tracking_events";
const SUCCESS: &str = r#"201 {"success":true}"#;

impl Shop {
    pub(super) async fn event(&self, event: Value) -> Answer {
        self.post(EVENTS, &event).await
    }

    /// Somebody has paid 40.00 USD for an order that `SUMMER2025` has sent.
    pub(super) async fn payment(&self, changes: Value) -> Answer {
        let event = json!({
            "event_name": "payment_completed",
            "occurred_at": "2025-11-07T05:31:56Z",
            "subtotal": 4000,
            "currency": "usd",
            "order_id": "ORD-1",
            "campaign_affiliate_id": "SUMMER2025"
        });
        self.event(with(event, changes)).await
    }

    /// Every sale: its reference, what was paid and what it earns.
    async fn sales(&self) -> Value {
        let list = self.get(&format!("{}?per_page=100", super::SALES)).await;
        let mut sales: Vec<Value> = list.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|sale| json!([sale["external_id"], sale["total"], sale["commission"]]))
            .collect();
        sales.sort_by_key(Value::to_string);
        sales.into()
    }
}

async fn a_payment_is_a_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let event = json!({
        "visitor_uid": "visitor-1",
        "event_data": { "anything": ["at", "all"] },
        "order_type": "one_time",
        "payment_id": "pi_1",
        "external_user_id": "user-1",
        "quantity": 2,
        "product_id": "plan-1"
    });
    let answer = shop.payment(event).await;
    assert_eq!(answer.to_string(), SUCCESS);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-accrual-replay"), "");
    let list = shop.get(super::SALES).await.json();
    let expected = json!([{
        "id": 1,
        "external_id": "ORD-1",
        "platform": "website",
        "status": "unpaid",
        "occurred_at": "2025-11-07T05:31:56.000Z",
        "total": 4000,
        "commission": 200,
        "currency": "usd",
        "sub_id": null
    }]);
    assert_eq!(list["data"], expected);
    let kept = shop.get("/accrual/v1/conversions/1").await.json();
    assert_eq!(kept["metadata"], json!({ "payment_id": "pi_1" }));
    assert_eq!(kept["lines"][0]["product"], json!("plan-1"));
    assert_eq!(kept["lines"][0]["quantity"], json!(2));
    assert_eq!(kept["customer"]["id"], json!("user-1"));
    // It was created by this API, so it can be updated there.
    let updated = shop.update(json!({ "status": "cancelled" })).await;
    assert_eq!(updated.status, 200, "{updated}");
}

async fn a_repeated_payment_is_one_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let payment = json!({ "order_type": "subscription", "payment_id": "pi_1" });
    shop.payment(payment.clone()).await;
    shop.patch("/accrual/v1/enrollments/1", &json!({ "active": false }))
        .await;
    let again = shop.payment(payment.clone()).await;
    assert_eq!(again.to_string(), SUCCESS);
    assert_eq!(again.header("x-accrual-replay"), "same");
    let other = with(payment, json!({ "subtotal": 5000 }));
    let again = shop.payment(other).await;
    assert_eq!(again.to_string(), SUCCESS);
    assert_eq!(again.header("x-accrual-replay"), "differs");
    assert_eq!(shop.sales().await, json!([["ORD-1", 4000, 200]]));
}

async fn a_payment_and_a_reported_sale_of_one_order_are_one(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sale(json!({ "order_id": "ORD-1" })).await;
    assert_eq!(shop.payment(json!({})).await.to_string(), SUCCESS);
    let with_id = shop.payment(json!({ "payment_id": "pi_1" })).await;
    assert_eq!(with_id.to_string(), SUCCESS);
    assert_eq!(shop.sales().await, json!([["ORD-1", 9999, 500]]));
}

async fn the_same_order_on_another_platform_is_another_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for platform in [
        Value::Null,
        json!("shopify"),
        json!("tik_tok_shop"),
        json!("ios"),
        json!("stripe"),
        json!("whop"),
    ] {
        for _ in 0..2 {
            let event = json!({ "conversion_platform": platform });
            assert_eq!(shop.payment(event).await.to_string(), SUCCESS);
        }
    }
    let list = shop.get(super::SALES).await.json();
    let mut platforms: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sale| sale["platform"].as_str().unwrap())
        .collect();
    platforms.sort_unstable();
    assert_eq!(
        platforms,
        [
            "ios",
            "shopify",
            "stripe",
            "tik_tok_shop",
            "website",
            "whop"
        ]
    );
}

async fn each_payment_of_a_subscription_is_a_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = json!({
        "order_id": "sub_1",
        "order_type": "subscription",
        "payment_id": "pi_1",
        "conversion_platform": "stripe",
        "subscription_start_date": 1_762_473_600,
        "subscription_end_date": 1_765_065_600
    });
    let renewal = |payment: &str, affiliate: Value| {
        let event = json!({ "payment_id": payment, "campaign_affiliate_id": affiliate });
        with(first.clone(), event)
    };
    // Each of them twice: in whatever order they are repeated, each is one sale.
    for _ in 0..2 {
        for event in [
            first.clone(),
            renewal("pi_2", Value::Null),
            renewal("pi_3", json!("summer2025")),
        ] {
            let answer = shop.payment(event.clone()).await;
            assert_eq!(answer.to_string(), SUCCESS, "{event}");
        }
    }
    // Without an id of its own it cannot be told from the first one.
    let unknown = shop.payment(renewal("", Value::Null)).await;
    assert_eq!(unknown.to_string(), SUCCESS);
    assert_eq!(
        shop.sales().await,
        json!([
            ["pi_2", 4000, 200],
            ["pi_3", 4000, 200],
            ["sub_1", 4000, 200]
        ])
    );
    let kept = shop.get("/accrual/v1/conversions/2").await.json();
    assert_eq!(kept["sale_type"], json!("subscription"), "{kept}");
}

async fn a_renewal_of_a_reported_subscription_needs_no_affiliate(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let sale = json!({ "order_id": "sub_1", "sale_type": "subscription" });
    shop.sale(sale).await;
    for platform in [Value::Null, json!("stripe")] {
        let renewal = json!({
            "order_id": "sub_1",
            "payment_id": "pi_2",
            "campaign_affiliate_id": null,
            "conversion_platform": platform
        });
        for _ in 0..2 {
            let answer = shop.payment(renewal.clone()).await;
            assert_eq!(answer.to_string(), SUCCESS);
        }
    }
    let expected = json!([
        ["pi_2", 4000, 200],
        ["pi_2", 4000, 200],
        ["sub_1", 9999, 500]
    ]);
    assert_eq!(shop.sales().await, expected);
}

async fn a_payment_without_an_order_is_known_by_its_own_id(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    // An order may have the same number.
    shop.payment(json!({ "order_id": "1" })).await;
    for _ in 0..2 {
        let payment = json!({ "order_id": null, "payment_id": "1", "subtotal": 1000 });
        assert_eq!(shop.payment(payment).await.to_string(), SUCCESS);
    }
    assert_eq!(
        shop.sales().await,
        json!([["1", 1000, 50], ["1", 4000, 200]])
    );
}

async fn a_click_leads_a_payment_to_its_affiliate(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let visit = json!({
        "event_name": "page_viewed",
        "occurred_at": "2025-11-07T05:00:00Z",
        "visitor_uid": "visitor-1",
        "campaign_affiliate_id": "Summer2025"
    });
    assert_eq!(shop.event(visit).await.to_string(), SUCCESS);
    let referral = shop.get("/accrual/v1/referrals/1").await.json();
    assert_eq!(referral["enrollment_id"], json!(1), "{referral}");
    let payment = json!({ "campaign_affiliate_id": null, "visitor_uid": "visitor-1" });
    assert_eq!(shop.payment(payment).await.to_string(), SUCCESS);
    assert_eq!(shop.sales().await, json!([["ORD-1", 4000, 200]]));
}

async fn a_repeated_click_is_one_referral(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for _ in 0..3 {
        let visit = json!({
            "event_name": "page_viewed",
            "occurred_at": 1_762_491_600,
            "visitor_uid": "visitor-1",
            "campaign_affiliate_id": "summer2025"
        });
        assert_eq!(shop.event(visit).await.to_string(), SUCCESS);
    }
    let referrals = shop.get("/accrual/v1/referrals").await.json();
    assert_eq!(referrals["data"].as_array().unwrap().len(), 1);
}

async fn an_installation_leads_a_payment_to_its_affiliate(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let visit = json!({
        "event_name": "page_viewed",
        "occurred_at": "2025-11-07T05:00:00Z",
        "visitor_uid": "visitor-1",
        "campaign_affiliate_id": "summer2025"
    });
    shop.event(visit).await;
    // Whoever came by the visit is known, whoever came by nothing is not.
    for (visitor, user) in [("visitor-1", "user-1"), ("visitor-2", "user-2")] {
        let installed = json!({
            "event_name": "app_installed",
            "occurred_at": "2025-11-07T05:10:00Z",
            "visitor_uid": visitor,
            "external_user_id": user
        });
        assert_eq!(shop.event(installed).await.to_string(), SUCCESS);
    }
    // A sign-up without a click binds where the program binds customers, which this one does not.
    let named = json!({
        "event_name": "app_installed",
        "occurred_at": "2025-11-07T05:10:00Z",
        "external_user_id": "user-3",
        "campaign_affiliate_id": "summer2025"
    });
    assert_eq!(shop.event(named).await.to_string(), SUCCESS);
    for (user, status) in [("user-1", 201), ("user-2", 404), ("user-3", 404)] {
        let payment = json!({
            "order_id": user,
            "campaign_affiliate_id": null,
            "order_type": "subscription",
            "external_user_id": user
        });
        let answer = shop.payment(payment).await;
        assert_eq!(answer.status, status, "{user}: {answer}");
    }
}

async fn other_events_are_taken_and_leave_no_trace(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for name in [
        "cart_viewed",
        "checkout_address_info_submitted",
        "checkout_completed",
        "checkout_contact_info_submitted",
        "checkout_shipping_info_submitted",
        "checkout_started",
        "collection_viewed",
        "payment_info_submitted",
        "product_added_to_cart",
        "product_removed_from_cart",
        "product_viewed",
        "search_submitted",
        "app_uninstalled",
    ] {
        let event = shop.payment(json!({ "event_name": name, "visitor_uid": "v" }));
        assert_eq!(event.await.to_string(), SUCCESS, "{name}");
    }
    // A visit by nobody's link, or of nobody who could be known again.
    for changes in [
        json!({ "visitor_uid": "v", "campaign_affiliate_id": null }),
        json!({ "visitor_uid": null }),
    ] {
        let event = with(json!({ "event_name": "page_viewed" }), changes);
        assert_eq!(shop.event(event).await.to_string(), SUCCESS);
    }
    let installed = json!({ "event_name": "app_installed", "external_user_id": "user-1" });
    assert_eq!(shop.event(installed).await.to_string(), SUCCESS);
    assert_eq!(shop.sales().await, json!([]));
    let referrals = shop.get("/accrual/v1/referrals").await.json();
    assert_eq!(referrals["data"], json!([]));
}
