//! Lists, page by page.

use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    every_list_is_complete_page_by_page,
    a_page_has_as_many_rows_as_wanted,
    what_is_not_a_page_is_refused,
}

/// All rows of a list, this many a page.
async fn walk(shop: &Shop, path: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = shop
            .read(&format!("{path}?limit={limit}{cursor}"))
            .await
            .json();
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit && (!data.is_empty() || rows.is_empty()));
        rows.extend(data.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

async fn every_list_is_complete_page_by_page(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for number in 2..=5 {
        shop.write("/programs", json!({ "name": "x", "currency": "USD" }))
            .await;
        shop.write("/affiliates", json!({ "name": "x" })).await;
        shop.write(
            "/enrollments",
            json!({ "affiliate_id": number, "program_id": number }),
        )
        .await;
    }
    for number in 1..=5 {
        let code = json!({ "code": format!("code {number}"), "enrollment_id": 1 });
        shop.write("/promo_codes", code).await;
        shop.write("/clicks", json!({ "enrollment_id": number }))
            .await;
    }
    for number in 1..=5 {
        shop.report(json!({ "reference": format!("order-{number}") }))
            .await;
    }
    for path in [
        "/programs",
        "/affiliates",
        "/enrollments",
        "/promo_codes",
        "/referrals",
        "/conversions",
        "/affiliates/1/transfers",
    ] {
        let whole = walk(&shop, path, 1000).await;
        assert_eq!(whole.len(), 5, "{path}");
        for limit in [1, 2, 4, 5] {
            assert_eq!(walk(&shop, path, limit).await, whole, "{path} by {limit}");
        }
    }
}

async fn a_page_has_as_many_rows_as_wanted(shop: Shop) {
    for _ in 0..51 {
        shop.write("/affiliates", json!({ "name": "x" })).await;
    }
    let length = async |query: &str| {
        let page = shop.read(&format!("/affiliates{query}")).await.json();
        page["data"].as_array().unwrap().len()
    };
    assert_eq!(length("").await, 50);
    assert_eq!(length("?limit=51").await, 51);
    assert_eq!(length("?limit=1").await, 1);
    assert_eq!(length("?limit=1000").await, 51);
    assert_eq!(length("?cursor=50").await, 1);
    assert_eq!(length("?cursor=9223372036854775807").await, 0);
}

async fn what_is_not_a_page_is_refused(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cursor = "cursor must be a next_cursor that a page has given.";
    let cases = [
        ("/affiliates?limit=0", 422, "limit must be from 1 to 1000."),
        (
            "/affiliates?limit=1001",
            422,
            "limit must be from 1 to 1000.",
        ),
        ("/affiliates?cursor=x", 422, cursor),
        ("/affiliates?cursor=1.2", 422, cursor),
        ("/affiliates?cursor=99999999999999999999", 422, cursor),
        ("/affiliates/1/transfers?cursor=1", 422, cursor),
        ("/affiliates/1/transfers?cursor=1.x", 422, cursor),
        ("/affiliates?limit=-1", 400, "limit cannot be read."),
        ("/affiliates?limit=ten", 400, "limit cannot be read."),
        ("/affiliates?limit=", 400, "limit cannot be read."),
        (
            "/enrollments?program_id=x",
            400,
            "program_id cannot be read.",
        ),
    ];
    for (path, status, detail) in cases {
        let refused = shop.read(path).await;
        assert_eq!(refused.status, status, "{path}: {refused}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.json()["detail"], detail, "{path}");
    }
}
