//! Every field: what it takes, and what it does.

use serde_json::{Value, json};

use super::{SALES, order};
use crate::{
    harness::on_both_databases,
    shop::{Shop, lacking},
};

on_both_databases! {
    a_subtotal_alone_is_the_base_and_is_shown_as_the_total,
    the_total_is_the_base_where_both_are_given,
    amounts_are_in_the_smallest_unit_of_their_currency,
    a_currency_is_taken_in_any_case_and_answered_in_lower_case,
    a_share_is_rounded_half_away_from_zero,
    a_commission_that_is_given_is_what_is_earned,
    times_are_iso_or_seconds_since_1970,
    a_commission_is_held_until_it_is_due,
    texts_come_back_as_they_were,
    a_text_may_have_as_many_characters_as_documented,
    what_is_null_or_blank_counts_as_absent,
    unknown_fields_are_ignored,
    the_type_of_a_sale_selects_its_rule,
}

/// The sale that is answered to each change, as `check` sees it.
async fn each(shop: &Shop, cases: impl IntoIterator<Item = (Value, Value)>, seen: &[&str]) {
    for (number, (changes, expected)) in cases.into_iter().enumerate() {
        let mut body = order(json!({ "order_id": format!("order-{number}") }));
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = shop.post(SALES, &body).await;
        assert_eq!(answer.status, 201, "{changes}: {answer}");
        let data = &answer.json()["data"];
        let found: Vec<_> = seen.iter().map(|name| data[*name].clone()).collect();
        assert_eq!(Value::Array(found), expected, "{changes}");
    }
}

async fn a_subtotal_alone_is_the_base_and_is_shown_as_the_total(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let body = lacking(order(json!({ "subtotal": 8000 })), "total");
    let answer = shop.post(SALES, &body).await.json();
    assert_eq!(answer["data"]["total"], 8000);
    assert_eq!(answer["data"]["commission"], 400);
}

async fn the_total_is_the_base_where_both_are_given(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    // Source: Growi, the example of its webhook: 10 % of the total although a subtotal is there.
    let cases = [
        (
            json!({ "total": 5900, "subtotal": 5400 }),
            json!([5900, 295]),
        ),
        (
            json!({ "total": 5400, "subtotal": 5900 }),
            json!([5400, 270]),
        ),
    ];
    each(&shop, cases, &["total", "commission"]).await;
}

async fn amounts_are_in_the_smallest_unit_of_their_currency(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = ["jpy", "kwd", "clf", "eur", "gbp"].map(|currency| {
        let expected = json!([currency, 1999, 100]);
        (json!({ "currency": currency, "total": 1999 }), expected)
    });
    each(&shop, cases, &["currency", "total", "commission"]).await;
    let kept = shop.get("/accrual/v1/conversions").await.json();
    let totals = kept["data"].as_array().unwrap().iter();
    let totals: Vec<_> = totals.map(|row| row["total"].clone()).collect();
    assert_eq!(
        json!(totals),
        json!(["1999", "1.999", "0.1999", "19.99", "19.99"])
    );
}

async fn a_currency_is_taken_in_any_case_and_answered_in_lower_case(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = ["usd", "USD", "Usd"].map(|given| (json!({ "currency": given }), json!(["usd"])));
    each(&shop, cases, &["currency"]).await;
}

async fn a_share_is_rounded_half_away_from_zero(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (9999, 500),
        (12999, 650),
        (1, 0),
        (9, 0),
        (10, 1),
        (29, 1),
        (30, 2),
        (50, 3),
    ];
    let cases = cases.map(|(total, earned)| (json!({ "total": total }), json!([earned])));
    each(&shop, cases, &["commission"]).await;
}

async fn a_commission_that_is_given_is_what_is_earned(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [0, 1, 123, 9999, 20000, i64::MAX / 1_000_000]
        .map(|given| (json!({ "commission": given }), json!([given, "unpaid"])));
    each(&shop, cases, &["commission", "status"]).await;
}

async fn times_are_iso_or_seconds_since_1970(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let noon = "2025-09-30T12:00:00.000Z";
    let cases = [
        (json!("2025-09-30T12:00:00Z"), noon),
        (json!("2025-09-30T12:00:00.000Z"), noon),
        (json!("2025-09-30T14:00:00+02:00"), noon),
        (json!("2025-09-30T08:00:00-0400"), noon),
        (json!("2025-09-30T12:00:00"), noon),
        (json!("2025-09-30T12:00Z"), noon),
        (json!("20250930T120000Z"), noon),
        (json!(1_759_233_600), noon),
        (json!("1759233600"), noon),
        (
            json!("2025-09-30T12:00:00.123456Z"),
            "2025-09-30T12:00:00.123Z",
        ),
        (json!("2025-09-30"), "2025-09-30T00:00:00.000Z"),
        (json!("2023-11-07T05:31:56Z"), "2023-11-07T05:31:56.000Z"),
        (json!("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00.000Z"),
        (json!(0), "1970-01-01T00:00:00.000Z"),
        (
            json!("9999-12-31T23:59:59.999Z"),
            "9999-12-31T23:59:59.999Z",
        ),
        (json!("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z"),
    ];
    let cases = cases.map(|(given, shown)| (json!({ "occurred_at": given }), json!([shown])));
    each(&shop, cases, &["occurred_at"]).await;
}

async fn a_commission_is_held_until_it_is_due(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (
            json!("2026-02-28T00:00:00Z"),
            json!(["pending", "2026-02-28T00:00:00Z"]),
        ),
        (
            json!(1_772_236_800),
            json!(["pending", "2026-02-28T00:00:00Z"]),
        ),
        (json!("2026-01-31T12:00:00Z"), json!(["payable", null])),
        (json!("2020-01-01T00:00:00Z"), json!(["payable", null])),
        (json!(null), json!(["payable", null])),
    ];
    for (number, (due_at, expected)) in cases.into_iter().enumerate() {
        let order_id = format!("order-{number}");
        let sale = shop
            .sale(json!({ "order_id": order_id, "due_at": due_at }))
            .await
            .json();
        // `due` is a word of lists: a sale that is reported is unpaid, whatever its date.
        assert_eq!(sale["data"]["status"], "unpaid");
        let path = format!("/accrual/v1/conversions/{}", sale["data"]["id"]);
        let commission = &shop.get(&path).await.json()["commissions"][0];
        let found = json!([commission["status"], commission["payable_at"]]);
        assert_eq!(found, expected, "{due_at}");
    }
}

async fn texts_come_back_as_they_were(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let texts = [
        "Zoë",
        "  spaces  ",
        "日本語",
        "🦀",
        "a\"b\\c",
        "'; DROP TABLE conversions; --",
        "%00",
        "A",
        "a",
    ];
    for text in texts {
        let sale = shop
            .sale(json!({ "order_id": text, "sub_id": text, "customer_name": text }))
            .await;
        assert_eq!(sale.status, 201, "{text}: {sale}");
        let data = &sale.json()["data"];
        assert_eq!(data["external_id"], text);
        assert_eq!(data["sub_id"], text);
        let path = format!("/accrual/v1/conversions/{}", data["id"]);
        let kept = shop.get(&path).await.json();
        assert_eq!(kept["reference"], text);
        assert_eq!(kept["customer"]["name"], text);
    }
    let all = shop.get("/accrual/v1/conversions").await.json();
    assert_eq!(all["data"].as_array().unwrap().len(), texts.len());
}

async fn a_text_may_have_as_many_characters_as_documented(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (json!({ "order_id": "é".repeat(255) }), ""),
        (
            json!({ "order_id": "é".repeat(256) }),
            "Order ID must have at most 255 characters, not 256.",
        ),
        (json!({ "customer_name": "é".repeat(1000) }), ""),
        (
            json!({ "customer_name": "é".repeat(1001) }),
            "Customer name must have at most 1000 characters, not 1001.",
        ),
        (
            json!({ "customer_email": "e".repeat(1001) }),
            "Customer email must have at most 1000 characters, not 1001.",
        ),
        (
            json!({ "visitor_uid": "v".repeat(1001) }),
            "Visitor UID must have at most 1000 characters, not 1001.",
        ),
        (
            json!({ "sub_id": "s".repeat(1001) }),
            "Sub ID must have at most 1000 characters, not 1001.",
        ),
        (
            json!({ "campaign_affiliate_id": "t".repeat(256) }),
            "Campaign affiliate not found.",
        ),
    ];
    for (changes, refused) in cases {
        let answer = shop.sale(changes.clone()).await;
        let error = answer.json()["error"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(error, refused, "{changes}");
        assert_eq!(answer.status, if refused.is_empty() { 201 } else { 422 });
    }
}

async fn what_is_null_or_blank_counts_as_absent(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let optional = [
        "subtotal",
        "growi_user_id",
        "growi_campaign_id",
        "due_at",
        "customer_email",
        "customer_name",
        "visitor_uid",
        "sale_type",
        "commission",
        "platform",
        "sub_id",
    ];
    let mut nulls = json!({});
    for name in optional {
        nulls[name] = Value::Null;
    }
    let mut blanks = json!({});
    for name in [
        "customer_email",
        "customer_name",
        "visitor_uid",
        "sale_type",
        "platform",
        "sub_id",
    ] {
        blanks[name] = json!(" ");
    }
    let expected = json!([9999, 500, "website", null]);
    let cases = [(nulls, expected.clone()), (blanks, expected)];
    each(&shop, cases, &["total", "commission", "platform", "sub_id"]).await;
}

async fn unknown_fields_are_ignored(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let changes = json!({ "store_id": 5, "metadata": { "a": [1, 2.50] }, "Total": "x" });
    each(&shop, [(changes, json!([9999]))], &["total"]).await;
}

async fn the_type_of_a_sale_selects_its_rule(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let rules = json!([{ "percent": "5" }, { "percent": "20", "applies_to": "subscription" }]);
    let changed = shop
        .patch("/accrual/v1/programs/1", &json!({ "incentives": rules }))
        .await;
    assert_eq!(changed.status, 200, "{changed}");
    let cases = [
        (json!({ "total": 1000 }), json!([50])),
        (
            json!({ "total": 1000, "sale_type": "one_time" }),
            json!([50]),
        ),
        (
            json!({ "total": 1000, "sale_type": "subscription" }),
            json!([200]),
        ),
    ];
    each(&shop, cases, &["commission"]).await;
}
