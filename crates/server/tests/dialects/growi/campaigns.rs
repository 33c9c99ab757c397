//! `GET /organizations/campaigns`, as its page documents it.

use serde_json::json;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    campaigns_are_listed_as_documented,
    an_organization_without_campaigns_has_an_empty_list,
    a_key_for_reading_lists_campaigns,
}

const CAMPAIGNS: &str = "/api/public/v1/organizations/campaigns";

async fn campaigns_are_listed_as_documented(shop: Shop) {
    for (name, ambassador) in [("Campaign Name", false), ("Ambassadors", true)] {
        let program = json!({ "name": name, "currency": "USD", "ambassador": ambassador });
        shop.make("/accrual/v1/programs", program).await;
    }
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    let answer = shop.get(CAMPAIGNS).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let expected = json!({
        "success": true,
        "campaigns": [
            { "id": 1, "name": "Campaign Name", "campaign_type": "Campaign", "status": "Active" },
            { "id": 2, "name": "Ambassadors", "campaign_type": "Ambassador Program",
              "status": "Active" },
        ]
    });
    assert_eq!(answer.json(), expected);
    let theirs = neighbour.get(CAMPAIGNS).await.json();
    assert_eq!(theirs["campaigns"].as_array().unwrap().len(), 1);
}

async fn an_organization_without_campaigns_has_an_empty_list(shop: Shop) {
    let answer = shop.get(CAMPAIGNS).await;
    assert_eq!(answer.to_string(), r#"200 {"success":true,"campaigns":[]}"#);
}

async fn a_key_for_reading_lists_campaigns(shop: Shop) {
    let with = |key: &str| {
        let request = shop.request("GET", CAMPAIGNS);
        request.header("authorization", format!("Bearer {key}"))
    };
    assert_eq!(with(&shop.read_only_key).send().await.status, 200);
    let unknown = with("unknown").send().await;
    assert_eq!(unknown.to_string(), r#"401 {"error":"Not Authenticated"}"#);
}
