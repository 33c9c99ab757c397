//! Every sentence of a refusal, and which of several goes first.

use serde_json::{Value, json};

use super::{SALES, order};
use crate::{
    harness::on_both_databases,
    shop::{Shop, lacking},
};

on_both_databases! {
    what_is_missing_is_said_in_the_documented_words,
    what_is_missing_is_said_in_the_documented_order,
    what_is_not_what_it_must_be_is_named,
    an_unknown_affiliate_is_said_in_the_documented_words,
    amounts_must_be_above_zero_and_a_commission_not_below,
    a_fixed_amount_in_another_currency_is_said,
    what_is_refused_leaves_its_order_id_free,
}

const ATTRIBUTION: &str = "Attribution required: provide campaign_affiliate_id OR both \
                           growi_user_id and growi_campaign_id.";

/// What `body` is refused with.
async fn refusal(shop: &Shop, body: &Value) -> String {
    let answer = shop.post(SALES, body).await;
    let said = answer.json();
    assert_eq!(answer.status, 422, "{body}: {answer}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(said.as_object().unwrap().len(), 1, "{answer}");
    said["error"].as_str().unwrap().to_owned()
}

async fn what_is_missing_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        ("order_id", "Order ID is required."),
        ("currency", "Currency is required."),
        ("total", "Total or subtotal is required."),
        ("campaign_affiliate_id", ATTRIBUTION),
    ];
    for (field, sentence) in cases {
        assert_eq!(
            refusal(&shop, &lacking(order(json!({})), field)).await,
            sentence
        );
        assert_eq!(
            refusal(&shop, &order(json!({ field: null }))).await,
            sentence
        );
    }
    for (field, sentence) in [cases[0], cases[1], cases[3]] {
        for blank in ["", "  "] {
            assert_eq!(
                refusal(&shop, &order(json!({ field: blank }))).await,
                sentence
            );
        }
    }
    for one in ["growi_user_id", "growi_campaign_id"] {
        let body = lacking(order(json!({ one: 1 })), "campaign_affiliate_id");
        assert_eq!(refusal(&shop, &body).await, ATTRIBUTION);
    }
}

async fn what_is_missing_is_said_in_the_documented_order(shop: Shop) {
    let mut body = json!({ "due_at": "never", "commission": "much" });
    let steps = [
        ("Order ID is required.", "order_id", json!("1")),
        ("Currency is required.", "currency", json!("usd")),
        ("Total or subtotal is required.", "total", json!(100)),
        (ATTRIBUTION, "campaign_affiliate_id", json!("nobody")),
        (
            "due_at must be an ISO 8601 time or a Unix time in seconds.",
            "due_at",
            json!(null),
        ),
        ("Commission must be an integer.", "commission", json!(1)),
    ];
    for (sentence, field, value) in steps {
        assert_eq!(refusal(&shop, &body).await, sentence);
        body[field] = value;
    }
    assert_eq!(refusal(&shop, &body).await, "Campaign affiliate not found.");
    body["platform"] = json!("ios");
    assert_eq!(
        refusal(&shop, &body).await,
        "iOS app not found for this organization."
    );
}

async fn what_is_not_what_it_must_be_is_named(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let not_integers = [
        json!(99.99),
        json!(100.0),
        json!("9999"),
        json!(true),
        json!([1]),
        json!({ "cents": 1 }),
        serde_json::from_str("1e3").unwrap(),
        serde_json::from_str("9223372036854775808").unwrap(),
        serde_json::from_str("-9223372036854775809").unwrap(),
        serde_json::from_str("1000000000000000000000000000000000000000").unwrap(),
    ];
    let integers = [
        ("total", "Total"),
        ("subtotal", "Subtotal"),
        ("commission", "Commission"),
    ];
    for (field, name) in integers {
        for value in &not_integers {
            let said = refusal(&shop, &order(json!({ field: value }))).await;
            assert_eq!(said, format!("{name} must be an integer."), "{value}");
        }
    }
    for (field, name) in [
        ("growi_user_id", "Growi user ID"),
        ("growi_campaign_id", "Growi campaign ID"),
    ] {
        for value in &not_integers {
            let ids = order(json!({ "growi_user_id": 1, "growi_campaign_id": 1, field: value }));
            let said = refusal(&shop, &lacking(ids, "campaign_affiliate_id")).await;
            assert_eq!(said, format!("{name} must be an integer."), "{value}");
        }
    }
    let texts = [
        ("order_id", "Order ID"),
        ("currency", "Currency"),
        ("campaign_affiliate_id", "Campaign affiliate ID"),
        ("customer_email", "Customer email"),
        ("customer_name", "Customer name"),
        ("visitor_uid", "Visitor UID"),
        ("sub_id", "Sub ID"),
        ("sale_type", "Sale type"),
        ("platform", "Platform"),
    ];
    for (field, name) in texts {
        for value in [
            json!(12345),
            json!(false),
            json!(["a"]),
            json!({ "a": "b" }),
        ] {
            let said = refusal(&shop, &order(json!({ field: value }))).await;
            assert_eq!(said, format!("{name} must be a string."), "{value}");
        }
    }
    let times = [
        json!("yesterday"),
        json!("09/30/2025"),
        json!("2025-13-01T00:00:00Z"),
        json!("2025-02-29T00:00:00Z"),
        json!("1969-12-31T23:59:59Z"),
        json!(-1),
        json!(1.5),
        json!(1_759_233_600_000_u64),
        json!(true),
        json!("10000-01-01T00:00:00Z"),
    ];
    for field in ["occurred_at", "due_at"] {
        for value in &times {
            let said = refusal(&shop, &order(json!({ field: value }))).await;
            let sentence = format!("{field} must be an ISO 8601 time or a Unix time in seconds.");
            assert_eq!(said, sentence, "{value}");
        }
    }
    let cases = [
        (
            json!({ "order_id": "a\u{0}b" }),
            "Order ID must not contain control characters.",
        ),
        (
            json!({ "order_id": "a\nb" }),
            "Order ID must not contain control characters.",
        ),
        (
            json!({ "customer_name": "a\u{0}b" }),
            "Customer name must not contain control characters.",
        ),
        (
            json!({ "currency": "us" }),
            "Currency must be an ISO 4217 code, such as usd.",
        ),
        (
            json!({ "currency": "usdt" }),
            "Currency must be an ISO 4217 code, such as usd.",
        ),
        (
            json!({ "currency": "zzz" }),
            "Currency must be an ISO 4217 code, such as usd.",
        ),
        (
            json!({ "sale_type": "renewal" }),
            "Sale type must be one of: one_time, subscription.",
        ),
        (
            json!({ "platform": "web" }),
            "Platform must be one of: website, ios, android.",
        ),
        (
            json!({ "platform": "ios" }),
            "iOS app not found for this organization.",
        ),
        (
            json!({ "platform": "android" }),
            "Android app not found for this organization.",
        ),
    ];
    for (changes, sentence) in cases {
        assert_eq!(refusal(&shop, &order(changes)).await, sentence);
    }
}

async fn an_unknown_affiliate_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let tags = ["nobody", "SUMMER2025x", "summer 2025", "a\u{0}b", "*", "%"];
    for tag in tags {
        let said = refusal(&shop, &order(json!({ "campaign_affiliate_id": tag }))).await;
        assert_eq!(said, "Campaign affiliate not found.", "{tag}");
    }
    for (user, campaign) in [(2, 1), (1, 2), (0, 0), (-1, 1), (i64::MAX, i64::MIN)] {
        let ids = order(json!({ "growi_user_id": user, "growi_campaign_id": campaign }));
        let said = refusal(&shop, &lacking(ids, "campaign_affiliate_id")).await;
        assert_eq!(
            said, "Campaign affiliate not found.",
            "{user} in {campaign}"
        );
    }
}

async fn amounts_must_be_above_zero_and_a_commission_not_below(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (json!({ "total": 0 }), "Total must be greater than 0."),
        (json!({ "total": -9999 }), "Total must be greater than 0."),
        (
            json!({ "total": i64::MIN }),
            "Total must be greater than 0.",
        ),
        (json!({ "subtotal": 0 }), "Subtotal must be greater than 0."),
        (
            json!({ "subtotal": -1 }),
            "Subtotal must be greater than 0.",
        ),
        (
            json!({ "commission": -1 }),
            "Commission must be 0 or greater.",
        ),
    ];
    for (changes, sentence) in cases {
        assert_eq!(refusal(&shop, &order(changes)).await, sentence);
    }
    let largest = shop.sale(json!({ "total": i64::MAX })).await;
    assert_eq!(largest.status, 201, "{largest}");
    // The day's total would be beyond 64 bits.
    let beyond = order(json!({ "order_id": "another", "total": 1 }));
    let said = refusal(&shop, &beyond).await;
    assert_eq!(said, "The amount is out of range.");
}

async fn a_fixed_amount_in_another_currency_is_said(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let fixed = json!({ "incentives": [{ "fixed": "10" }] });
    shop.patch("/accrual/v1/programs/1", &fixed).await;
    let sale = shop.sale(json!({})).await.json();
    assert_eq!(sale["data"]["commission"], 1000);
    let said = refusal(&shop, &order(json!({ "order_id": "2", "currency": "eur" }))).await;
    assert_eq!(
        said,
        "The campaign pays a fixed amount in another currency, and no exchange rate for eur is known."
    );
}

async fn what_is_refused_leaves_its_order_id_free(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    refusal(&shop, &order(json!({ "campaign_affiliate_id": "nobody" }))).await;
    let sale = shop.sale(json!({})).await;
    assert_eq!((sale.status, sale.header("x-accrual-replay")), (201, ""));
}
