//! `GET /campaign_affiliates`, as its page documents it.

use serde_json::{Value, json};

use super::order;
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    an_affiliate_is_shown_with_every_documented_field,
    what_is_sold_counts_as_in_the_list_of_sales,
    affiliates_are_found_by_campaign_and_status,
    a_campaign_that_is_not_there_has_nobody,
    pages_have_25_and_say_where_they_are,
    what_a_list_cannot_be_asked_is_named,
    a_key_for_reading_lists_affiliates,
}

const AFFILIATES: &str = "/api/public/v1/campaign_affiliates";

async fn an_affiliate_is_shown_with_every_documented_field(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let email = json!({ "email": "creator@example.com", "name": "Natalie Garay" });
    shop.patch("/accrual/v1/affiliates/1", &email).await;
    let answer = shop.get(AFFILIATES).await;
    assert_eq!(answer.status, 200);
    let expected = json!({
        "affiliates": [{
            "id": 1,
            "user_id": 1,
            "campaign_id": 1,
            "campaign_name": "Five",
            "status": "active",
            "affiliate_name": "Natalie Garay",
            "affiliate_email": "creator@example.com",
            "affiliate_phone_number": null,
            "affiliate_avatar_url": null,
            "affiliate_location": null,
            "affiliate_age": null,
            "affiliate_gender": null,
            "connected_accounts": [],
            "discord_id": null,
            "tag": "summer2025",
            "unique_tag": "summer2025",
            "affiliate_link": null,
            "revenue_generated": exact("0.00"),
            "affiliate_amount_earned": exact("0.00"),
            "order_count": 0,
            "created_at": "January 31, 2026"
        }]
    });
    assert_eq!(answer.json(), expected);
}

async fn what_is_sold_counts_as_in_the_list_of_sales(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for number in 1..=3 {
        shop.sale(json!({ "order_id": format!("ORD-{number}") }))
            .await;
    }
    shop.update(json!({ "status": "cancelled" })).await;
    let listed = &shop.get(AFFILIATES).await.json()["affiliates"][0];
    let sales = format!("{}?affiliate_tag=summer2025", super::SALES);
    let sums = &shop.get(&sales).await.json()["additional_data"];
    assert_eq!(listed["revenue_generated"], exact("199.98"));
    assert_eq!(listed["affiliate_amount_earned"], exact("10.00"));
    assert_eq!(listed["order_count"], json!(3));
    assert_eq!(listed["revenue_generated"], sums["total_gmv"]);
    assert_eq!(listed["affiliate_amount_earned"], sums["total_commission"]);
    assert_eq!(listed["order_count"], sums["total_orders"]);
}

async fn affiliates_are_found_by_campaign_and_status(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let other = json!({ "name": "Ten", "currency": "USD", "incentives": [{ "percent": "10" }] });
    shop.make("/accrual/v1/programs", other).await;
    let enrollment = json!({ "affiliate_id": 1, "program_id": 2, "tag": "other" });
    shop.make("/accrual/v1/enrollments", enrollment).await;
    shop.patch("/accrual/v1/enrollments/1", &json!({ "active": false }))
        .await;
    let applicant = json!({ "campaign_id": 2, "email": "zoe@example.com" });
    shop.post("/api/public/v1/campaign_applications", &applicant)
        .await;

    for (query, expected) in [
        ("", vec![2]),
        ("?status=", vec![2]),
        ("?campaign_id=", vec![2]),
        ("?status=active", vec![2]),
        ("?status=removed", vec![1]),
        ("?status=pending", vec![3]),
        ("?campaign_id=2", vec![2]),
        ("?campaign_id=1", vec![]),
        ("?campaign_id=1&status=removed", vec![1]),
        ("?campaign_id=2&status=pending", vec![3]),
        ("?status=paused", vec![]),
        ("?status=left", vec![]),
        ("?status=completed", vec![]),
        ("?status=archived", vec![]),
        // Only with `pagination`.
        ("?page=7", vec![2]),
    ] {
        let list = shop.get(&format!("{AFFILIATES}{query}")).await;
        assert_eq!(numbers(&list.json()), expected, "{query}: {list}");
        let status = query.strip_prefix("?status=").filter(|one| !one.is_empty());
        for one in list.json()["affiliates"].as_array().unwrap() {
            let expected = status.unwrap_or(one["status"].as_str().unwrap());
            assert_eq!(one["status"], json!(expected), "{query}");
        }
    }
}

async fn a_campaign_that_is_not_there_has_nobody(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let neighbour = shop.neighbour().await;
    for (shop, campaign) in [(&shop, 2), (&shop, -1), (&neighbour, 1)] {
        let list = shop
            .get(&format!("{AFFILIATES}?campaign_id={campaign}"))
            .await;
        assert_eq!(list.to_string(), r#"200 {"affiliates":[]}"#);
    }
    let paged = format!("{AFFILIATES}?campaign_id=2&pagination=true");
    let meta = json!({ "row_count": 0, "page_count": 0, "current_page": 1 });
    assert_eq!(shop.get(&paged).await.json()["meta"], meta);
}

async fn pages_have_25_and_say_where_they_are(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for number in 2..=27 {
        let affiliate = json!({ "name": format!("Affiliate {number}") });
        shop.make("/accrual/v1/affiliates", affiliate).await;
        let enrollment = json!({ "affiliate_id": number, "program_id": 1 });
        shop.make("/accrual/v1/enrollments", enrollment).await;
    }
    let all = shop.get(AFFILIATES).await.json();
    assert_eq!(numbers(&all), (1..=27).collect::<Vec<_>>());
    assert_eq!(all.get("meta"), None);
    for (page, (first, last), current) in [
        ("", (1, 25), 1),
        ("&page=0", (1, 25), 1),
        ("&page=1", (1, 25), 1),
        ("&page=2", (26, 27), 2),
        // Nobody.
        ("&page=3", (28, 27), 3),
    ] {
        let list = format!("{AFFILIATES}?campaign_id=1&pagination=true{page}");
        let list = shop.get(&list).await.json();
        let expected: Vec<i64> = (first..=last).collect();
        assert_eq!(numbers(&list), expected, "{page}");
        let meta = json!({ "row_count": 27, "page_count": 2, "current_page": current });
        assert_eq!(list["meta"], meta, "{page}");
    }
}

async fn what_a_list_cannot_be_asked_is_named(shop: Shop) {
    for (query, sentence) in [
        ("campaign_id=first", "campaign_id must be an integer."),
        (
            "page=1.5",
            "page must be a positive integer up to 9223372036854775807.",
        ),
        ("pagination=maybe", "pagination must be true or false."),
        (
            "status=Active",
            "status must be one of: active, paused, left, removed, completed, archived, pending.",
        ),
    ] {
        let answer = shop.get(&format!("{AFFILIATES}?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{query}");
    }
}

async fn a_key_for_reading_lists_affiliates(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let with = |key: &str| {
        let request = shop.request("GET", AFFILIATES);
        request.header("authorization", format!("Bearer {key}"))
    };
    let listed = with(&shop.read_only_key).send().await;
    assert_eq!(numbers(&listed.json()), [1]);
    let unknown = with("unknown").send().await;
    assert_eq!(unknown.to_string(), r#"401 {"error":"Not Authenticated"}"#);
    // What is shown as a tag is taken as one.
    let tag = &listed.json()["affiliates"][0]["unique_tag"];
    let body = order(json!({ "campaign_affiliate_id": tag }));
    assert_eq!(shop.post(super::SALES, &body).await.status, 201);
}

/// A number with just these digits.
fn exact(number: &str) -> Value {
    serde_json::from_str(number).unwrap()
}

fn numbers(list: &Value) -> Vec<i64> {
    let affiliates = list["affiliates"].as_array().unwrap();
    let numbers = affiliates.iter().map(|one| one["id"].as_i64().unwrap());
    numbers.collect()
}
