//! Stores, and sales in them.

use expect_test::expect;
use serde_json::json;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_store_is_registered_and_called_otherwise,
    stores_are_listed_in_pages,
    what_is_not_a_store_is_refused_by_name,
    a_sale_is_made_in_a_store_that_is_registered,
    a_repeated_sale_of_another_store_is_refused,
    sales_of_one_day_are_one_row_of_totals_wherever_they_were_made,
}

async fn a_store_is_registered_and_called_otherwise(shop: Shop) {
    let berlin = json!({ "platform": "shopify", "id": "gid://5", "name": "Berlin" });
    expect![[r#"
        201 {
          "created_at": "2026-01-31T12:00:00.123456Z",
          "id": "gid://5",
          "name": "Berlin",
          "platform": "shopify"
        }
    "#]]
    .assert_eq(&shop.write("/stores", berlin.clone()).await.pretty());
    let again = shop.write("/stores", berlin).await;
    assert_eq!(again.status, 201);
    let hamburg = json!({ "platform": "shopify", "id": "gid://5", "name": "Hamburg" });
    let renamed = shop.write("/stores", hamburg).await;
    assert_eq!(renamed.json()["name"], "Hamburg");
    let listed = shop.read("/stores").await.json();
    let expected = json!({ "data": [renamed.json()], "next_cursor": null });
    assert_eq!(listed, expected);
    let theirs = shop.neighbour().await.read("/stores").await.json();
    assert_eq!(theirs["data"], json!([]));
}

async fn stores_are_listed_in_pages(shop: Shop) {
    for id in ["b", "a", "c"] {
        let store = json!({ "platform": "shopify", "id": id, "name": id });
        shop.make("/accrual/v1/stores", store).await;
    }
    let first = shop.read("/stores?limit=2").await.json();
    assert_eq!(first["data"][1]["id"], "a");
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = shop
        .read(&format!("/stores?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(next["data"][0]["id"], "c");
    assert_eq!(next["next_cursor"], json!(null));
}

async fn what_is_not_a_store_is_refused_by_name(shop: Shop) {
    let cases = vec![
        (
            json!({ "id": "5", "name": "Berlin" }),
            "platform",
            "platform is required.",
        ),
        (
            json!({ "platform": "etsy", "id": "5", "name": "Berlin" }),
            "platform",
            "platform must be shopify.",
        ),
        (
            json!({ "platform": "shopify", "name": "Berlin" }),
            "id",
            "id is required.",
        ),
        (
            json!({ "platform": "shopify", "id": "a\nb", "name": "Berlin" }),
            "id",
            "id must not contain control characters.",
        ),
        (
            json!({ "platform": "shopify", "id": "x".repeat(256), "name": "Berlin" }),
            "id",
            "id must have at most 255 characters, not 256.",
        ),
        (
            json!({ "platform": "shopify", "id": "5", "name": " " }),
            "name",
            "name must not be empty.",
        ),
    ];
    shop.refuses("POST", "/stores", cases).await;
    assert_eq!(shop.read("/stores").await.json()["data"], json!([]));
}

async fn a_sale_is_made_in_a_store_that_is_registered(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let sale = |place: serde_json::Value| {
        let sale = json!({
            "reference": "order-1", "currency": "USD", "total": "100", "tag": "ada"
        });
        crate::shop::with(sale, place)
    };
    let needs = "store needs platform shopify.";
    let cases = vec![
        (sale(json!({ "store": "5" })), "store", needs),
        (
            sale(json!({ "platform": "website", "store": "5" })),
            "store",
            needs,
        ),
        (
            sale(json!({ "platform": "shopify", "store": "5" })),
            "store",
            "No store is registered as shopify:5.",
        ),
        (
            sale(json!({ "platform": "shopify", "store": "" })),
            "store",
            "store must not be empty.",
        ),
        (
            sale(json!({ "platform": "shopify:5" })),
            "platform",
            "platform must not contain a colon.",
        ),
    ];
    shop.refuses("POST", "/conversions", cases).await;
    let berlin = json!({ "platform": "shopify", "id": "5", "name": "Berlin" });
    shop.make("/accrual/v1/stores", berlin).await;
    let sold = shop
        .sell(json!({ "platform": "shopify", "store": "5" }))
        .await;
    assert_eq!(
        (&sold["platform"], &sold["store"]),
        (&json!("shopify"), &json!("5"))
    );
    let history = shop.read("/conversions/1/history").await.to_string();
    assert!(history.contains(r#""field":"store""#), "{history}");
    let without = json!({ "reference": "order-2", "platform": "shopify" });
    assert_eq!(shop.sell(without).await["store"], json!(null));
}

async fn a_repeated_sale_of_another_store_is_refused(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    for id in ["5", "6"] {
        let store = json!({ "platform": "shopify", "id": id, "name": id });
        shop.make("/accrual/v1/stores", store).await;
    }
    let in_store = |id: &str| json!({ "platform": "shopify", "store": id });
    let first = shop.sell(in_store("5")).await;
    let sale = json!({
        "reference": "order-1", "currency": "USD", "total": "100", "tag": "ada",
        "occurred_at": "2026-01-30T08:00:00Z"
    });
    let again = crate::shop::with(sale.clone(), in_store("5"));
    let again = shop.write("/conversions", again).await;
    assert_eq!((again.status, again.json()), (200, first));
    let other = crate::shop::with(sale, in_store("6"));
    let other = shop.write("/conversions", other).await;
    assert_eq!(other.status, 409);
    assert_eq!(other.json()["differing_fields"], json!(["store"]));
}

async fn sales_of_one_day_are_one_row_of_totals_wherever_they_were_made(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    for (reference, platform) in [("1", "website"), ("2", "ios"), ("3", "shopify")] {
        let changes = json!({ "reference": reference, "platform": platform });
        shop.sell(changes).await;
    }
    let totals = shop.read("/totals").await.json();
    assert_eq!(totals["data"].as_array().unwrap().len(), 1);
    assert_eq!(totals["data"][0]["conversions"], 3);
    assert_eq!(totals["data"][0]["amount"], "300.00");
}
