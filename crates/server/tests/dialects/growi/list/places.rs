//! Lists of sales by where they were made, and by what kind of campaign.

use serde_json::{Value, json};

use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    sales_of_ambassador_programs_are_found_as_these_are_now,
    sales_are_found_where_they_were_made,
    a_rare_store_is_found_page_by_page,
}

impl Shop {
    /// Reports a sale of 20.00 USD of that day in our own API, by `SUMMER2025`.
    async fn placed(&self, reference: &str, day: u8, changes: Value) {
        let sale = json!({
            "reference": reference,
            "total": "20.00",
            "currency": "USD",
            "tag": "SUMMER2025",
            "occurred_at": format!("2025-06-{day:02}T12:00:00Z"),
        });
        self.make("/accrual/v1/conversions", with(sale, changes))
            .await;
    }
}

async fn sales_of_ambassador_programs_are_found_as_these_are_now(shop: Shop) {
    let shop = shop.with_another_affiliate().await;
    shop.sold("summer", 1, json!({})).await;
    let winter = json!({ "campaign_affiliate_id": "winter2025" });
    shop.sold("winter", 2, winter).await;
    assert_eq!(shop.listed("ambassador_program=true").await.len(), 0);
    let ambassadors = json!({ "ambassador": true });
    shop.patch("/accrual/v1/programs/2", &ambassadors).await;
    let cases: [(&str, &[&str]); 8] = [
        ("ambassador_program=true", &["winter"]),
        ("ambassador_program=true&campaign_id=2", &["winter"]),
        ("ambassador_program=true&campaign_id=1", &[]),
        ("ambassador_program=true&creator_id=2", &["winter"]),
        ("ambassador_program=true&affiliate_tag=summer2025", &[]),
        ("ambassador_program=true&order_id=summer", &[]),
        ("ambassador_program=true&end_date=06/01/2025", &[]),
        ("ambassador_program=false", &["winter", "summer"]),
    ];
    for (query, found) in cases {
        assert_eq!(shop.listed(query).await, found, "{query}");
    }
    let answer = shop.list("ambassador_program=true").await.json();
    let sums = &answer["additional_data"];
    assert_eq!(sums["total_orders"], 1);
    assert_eq!(sums["total_commission"].to_string(), "10.00");
    shop.patch("/accrual/v1/programs/1", &ambassadors).await;
    let all = shop.listed("ambassador_program=true").await;
    assert_eq!(all, ["winter", "summer"]);
    let second = shop
        .listed("ambassador_program=true&per_page=1&page=2")
        .await;
    assert_eq!(second, ["summer"]);
}

async fn sales_are_found_where_they_were_made(shop: Shop) {
    let shop = shop.with_another_affiliate().await;
    for id in ["5", "my-shop.example"] {
        let store = json!({ "platform": "shopify", "id": id, "name": id });
        shop.make("/accrual/v1/stores", store).await;
    }
    shop.sold("site", 1, json!({ "sub_id": "a" })).await;
    shop.placed("five", 2, json!({ "platform": "shopify", "store": "5" }))
        .await;
    let example = json!({ "platform": "shopify", "store": "my-shop.example", "tag": "winter2025" });
    shop.placed("example", 3, example).await;
    shop.placed("storeless", 4, json!({ "platform": "shopify" }))
        .await;
    shop.placed("app", 5, json!({ "platform": "ios" })).await;
    shop.placed("unsaid", 6, json!({})).await;
    let everywhere = ["unsaid", "app", "storeless", "example", "five", "site"];
    let cases: [(&str, &[&str]); 16] = [
        ("store_id=5", &["five"]),
        ("store_id=my-shop.example", &["example"]),
        ("store_platform=shopify_store&store_id=5", &["five"]),
        ("store_platform=website", &["unsaid", "site"]),
        ("store_platform=website&store_id=5", &["unsaid", "site"]),
        ("store_platform=website&per_page=1&page=2", &["site"]),
        ("store_platform=website&sub_id=a", &["site"]),
        (
            "store_id=5&order_id=five&creator_id=1&campaign_id=1",
            &["five"],
        ),
        ("store_id=5&order_id=example", &[]),
        ("store_id=5&creator_id=2", &[]),
        (
            "store_id=my-shop.example&affiliate_tag=winter2025",
            &["example"],
        ),
        (
            "store_id=my-shop.example&campaign_id=2&status=unpaid",
            &["example"],
        ),
        ("store_id=5&start_date=06/03/2025", &[]),
        ("store_id=7", &[]),
        ("store_id=a%0Ab", &[]),
        ("store_platform=&store_id=", &everywhere),
    ];
    for (query, found) in cases {
        assert_eq!(shop.listed(query).await, found, "{query}");
    }
    shop.patch("/accrual/v1/programs/2", &json!({ "ambassador": true }))
        .await;
    for (store, found) in [("my-shop.example", 1), ("5", 0)] {
        let query = format!("ambassador_program=true&store_id={store}");
        assert_eq!(shop.listed(&query).await.len(), found, "{query}");
    }
    let five = shop.list("store_id=5").await.json();
    assert_eq!(five["data"][0]["platform"], "shopify");
    assert_eq!(five["meta"]["row_count"], 1);
    let sums = &five["additional_data"];
    assert_eq!(sums["total_gmv"].to_string(), "20.00");
    assert_eq!(sums["total_commission"].to_string(), "1.00");
}

async fn a_rare_store_is_found_page_by_page(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let store = json!({ "platform": "shopify", "id": "5", "name": "Berlin" });
    shop.make("/accrual/v1/stores", store).await;
    let in_store = json!({ "platform": "shopify", "store": "5" });
    for day in 1..=6 {
        shop.sold(&format!("site-{day}"), day, json!({})).await;
        if day % 2 == 0 {
            shop.placed(&format!("store-{day}"), day, in_store.clone())
                .await;
        }
    }
    // The third sale is the one of the second day in the store.
    shop.becomes(3, "cancel").await;
    for (query, found) in [
        ("per_page=2", ["store-6", "store-4"].as_slice()),
        ("per_page=2&page=2", &["store-2"]),
        ("per_page=2&page=3", &[]),
        ("status=unpaid&per_page=1&page=2", &["store-4"]),
        ("status=canceled", &["store-2"]),
        ("end_date=06/04/2025", &["store-4", "store-2"]),
    ] {
        let query = format!("store_id=5&{query}");
        assert_eq!(shop.listed(&query).await, found, "{query}");
    }
}
