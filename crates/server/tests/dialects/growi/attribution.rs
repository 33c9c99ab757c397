//! Who is credited.

use serde_json::json;

use super::{SALES, order};
use crate::{
    harness::on_both_databases,
    shop::{Shop, lacking},
};

on_both_databases! {
    a_tag_is_known_in_any_case,
    the_tag_goes_before_the_ids,
    a_tag_that_nobody_has_is_not_replaced_by_the_ids,
    a_blank_tag_leaves_it_to_the_ids,
    another_organizations_affiliate_is_not_found,
    an_affiliate_that_has_left_is_not_found,
    a_renamed_tag_is_known_by_its_new_name_only,
}

/// The enrollment that the newest sale is credited to.
async fn credited(shop: &Shop, sale: serde_json::Value) -> serde_json::Value {
    let sale = shop.sale(sale).await;
    assert_eq!(sale.status, 201, "{sale}");
    let path = format!("/accrual/v1/conversions/{}", sale.json()["data"]["id"]);
    shop.get(&path).await.json()["commissions"][0]["enrollment_id"].clone()
}

/// A second affiliate, by enrollment 2, with a tag of its own.
async fn with_a_second(shop: Shop, tag: &str) -> Shop {
    let shop = shop.with_an_affiliate().await;
    shop.make("/accrual/v1/affiliates", json!({ "name": "Grace" }))
        .await;
    let enrollment = json!({ "affiliate_id": 2, "program_id": 1, "tag": tag });
    shop.make("/accrual/v1/enrollments", enrollment).await;
    shop
}

async fn a_tag_is_known_in_any_case(shop: Shop) {
    let shop = with_a_second(shop, "ÉTÉ-Straße").await;
    let tags = [
        ("SUMMER2025", 1),
        ("summer2025", 1),
        (" Summer2025 ", 1),
        ("été-straße", 2),
        ("ÉTÉ-STRAßE", 2),
    ];
    for (tag, enrollment) in tags {
        let found = credited(
            &shop,
            json!({ "order_id": tag, "campaign_affiliate_id": tag }),
        )
        .await;
        assert_eq!(found, enrollment, "{tag}");
    }
}

async fn the_tag_goes_before_the_ids(shop: Shop) {
    let shop = with_a_second(shop, "winter").await;
    let both =
        json!({ "campaign_affiliate_id": "winter", "growi_user_id": 1, "growi_campaign_id": 1 });
    assert_eq!(credited(&shop, both).await, 2);
}

async fn a_tag_that_nobody_has_is_not_replaced_by_the_ids(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let both =
        json!({ "campaign_affiliate_id": "nobody", "growi_user_id": 1, "growi_campaign_id": 1 });
    let said = shop.sale(both).await.to_string();
    assert_eq!(said, r#"422 {"error":"Campaign affiliate not found."}"#);
}

async fn a_blank_tag_leaves_it_to_the_ids(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let ids = json!({ "campaign_affiliate_id": "", "growi_user_id": 1, "growi_campaign_id": 1 });
    assert_eq!(credited(&shop, ids).await, 1);
}

async fn another_organizations_affiliate_is_not_found(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let neighbour = shop.neighbour().await;
    let not_found = r#"422 {"error":"Campaign affiliate not found."}"#;
    assert_eq!(neighbour.sale(json!({})).await.to_string(), not_found);
    let ids = lacking(
        order(json!({ "growi_user_id": 1, "growi_campaign_id": 1 })),
        "campaign_affiliate_id",
    );
    assert_eq!(neighbour.post(SALES, &ids).await.to_string(), not_found);
}

async fn an_affiliate_that_has_left_is_not_found(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let left = shop
        .patch("/accrual/v1/enrollments/1", &json!({ "active": false }))
        .await;
    assert_eq!(left.status, 200, "{left}");
    let said = shop.sale(json!({})).await.to_string();
    assert_eq!(said, r#"422 {"error":"Campaign affiliate not found."}"#);
}

async fn a_renamed_tag_is_known_by_its_new_name_only(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.patch("/accrual/v1/enrollments/1", &json!({ "tag": "WINTER" }))
        .await;
    assert_eq!(
        credited(&shop, json!({ "campaign_affiliate_id": "winter" })).await,
        1
    );
    let former = shop.sale(json!({ "order_id": "2" })).await;
    assert_eq!(former.status, 422);
}
