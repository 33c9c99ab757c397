//! `PATCH /campaign_affiliates/{id}` and `/bulk`, as their pages document them.

use serde_json::{Value, json};

use crate::{client::Answer, harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_tag_is_renamed_and_shown_in_lower_case,
    a_rename_can_be_repeated,
    every_refusal_of_a_rename_is_said_in_the_documented_words,
    many_are_renamed_at_once,
    those_that_can_be_are_renamed_though_others_cannot,
    tags_can_be_handed_on_within_one_request,
    as_many_as_documented_are_renamed_at_once,
    what_is_no_list_of_renames_is_said_in_the_documented_words,
    a_key_for_reading_renames_nobody,
    other_methods_are_not_allowed,
}

const AFFILIATES: &str = "/api/public/v1/campaign_affiliates";
const BULK: &str = "/api/public/v1/campaign_affiliates/bulk";

impl Shop {
    /// A shop with this many affiliates in its campaign.
    async fn with_affiliates(self, many: i64) -> Self {
        let shop = self.with_an_affiliate().await;
        for number in 2..=many {
            let affiliate = json!({ "name": format!("Affiliate {number}") });
            shop.make("/accrual/v1/affiliates", affiliate).await;
            let enrollment = json!({
                "affiliate_id": number, "program_id": 1, "tag": format!("TAG-{number}")
            });
            shop.make("/accrual/v1/enrollments", enrollment).await;
        }
        shop
    }

    async fn rename(&self, id: &str, body: Value) -> Answer {
        self.patch(&format!("{AFFILIATES}/{id}"), &body).await
    }

    async fn tag_of(&self, id: i64) -> Value {
        let enrollment = self.get(&format!("/accrual/v1/enrollments/{id}")).await;
        enrollment.json()["tag"].clone()
    }
}

async fn a_tag_is_renamed_and_shown_in_lower_case(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let renamed = shop
        .rename("1", json!({ "tag": "THEIREXISTINGCODE" }))
        .await;
    assert_eq!(
        renamed.to_string(),
        r#"200 {"success":true,"id":1,"tag":"theirexistingcode"}"#
    );
    assert_eq!(shop.tag_of(1).await, json!("theirexistingcode"));
    let sold = json!({ "campaign_affiliate_id": "TheirExistingCode" });
    assert_eq!(shop.sale(sold).await.status, 201);
    let former = shop.sale(json!({ "order_id": "ORD-2" })).await;
    let said = r#"422 {"error":"Campaign affiliate not found."}"#;
    assert_eq!(former.to_string(), said);
}

async fn a_rename_can_be_repeated(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for tag in ["OLLYCODE", "OLLYCODE", "ollycode", " OllyCode "] {
        let renamed = shop.rename("1", json!({ "tag": tag })).await;
        let said = r#"200 {"success":true,"id":1,"tag":"ollycode"}"#;
        assert_eq!(renamed.to_string(), said, "{tag}");
    }
}

async fn every_refusal_of_a_rename_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_affiliates(2).await;
    let neighbour = shop.neighbour().await.with_affiliates(3).await;
    neighbour.rename("3", json!({ "tag": "mine" })).await;
    let not_found = "Campaign affiliate not found.";
    let taken = "Sorry, that code is already taken. Please try a different one.";
    let is_required = "tag is required";
    for (id, body, sentence) in [
        ("3", json!({ "tag": "new" }), not_found),
        ("0", json!({ "tag": "new" }), not_found),
        ("-1", json!({}), not_found),
        ("2", json!({}), is_required),
        ("2", json!({ "tag": null }), is_required),
        ("2", json!({ "tag": " " }), is_required),
        ("2", json!({ "tag": "SUMMER2025" }), taken),
        ("2", json!({ "tag": "summer2025" }), taken),
        ("2", json!({ "tag": 5 }), "tag must be a string."),
        (
            "2",
            json!({ "tag": "x".repeat(256) }),
            "tag must have at most 255 characters, none of them a control character.",
        ),
    ] {
        let answer = shop.rename(id, body.clone()).await;
        assert_eq!(answer.status, 422, "{id} {body}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{id} {body}");
    }
    let unread = shop.rename("first", json!({ "tag": "new" })).await;
    let said = r#"400 {"error":"ID must be an integer."}"#;
    assert_eq!(unread.to_string(), said);
    assert_eq!(shop.tag_of(2).await, json!("tag-2"));
    // Another organization's tags are free.
    assert_eq!(shop.rename("2", json!({ "tag": "mine" })).await.status, 200);
}

async fn many_are_renamed_at_once(shop: Shop) {
    let shop = shop.with_affiliates(2).await;
    let rows = json!([{ "id": 1, "tag": "OLLYCODE" }, { "id": 2, "tag": "SURESH10" }]);
    let renamed = shop.patch(BULK, &json!({ "affiliates": rows })).await;
    assert_eq!(renamed.status, 200);
    let expected = json!({
        "success": true,
        "updated": [{ "id": 1, "tag": "ollycode" }, { "id": 2, "tag": "suresh10" }],
        "errors": []
    });
    assert_eq!(renamed.json(), expected);
    assert_eq!(shop.tag_of(2).await, json!("suresh10"));
}

async fn those_that_can_be_are_renamed_though_others_cannot(shop: Shop) {
    let shop = shop.with_affiliates(3).await;
    let rows = json!([
        { "id": 0, "tag": "NOBODY" },
        { "id": 1, "tag": "OLLYCODE" },
        { "id": 2, "tag": "OLLYCODE" },
        { "id": 2 },
        { "tag": "x" },
        { "id": "one", "tag": "x" },
        { "id": 3, "tag": "SURESH10" },
    ]);
    let body = json!({ "affiliates": rows });
    let expected = json!({
        "success": false,
        "updated": [{ "id": 1, "tag": "ollycode" }, { "id": 3, "tag": "suresh10" }],
        "errors": [
            { "id": 0, "error": "Campaign affiliate not found." },
            { "id": 2, "error":
                "Sorry, that code is already taken. Please try a different one." },
            { "id": 2, "error": "tag is required" },
            { "id": null, "error": "Campaign affiliate not found." },
            { "id": null, "error": "Campaign affiliate not found." },
        ]
    });
    // Also when it is sent again.
    for _ in 0..2 {
        let renamed = shop.patch(BULK, &body).await;
        assert_eq!(renamed.status, 422);
        assert_eq!(renamed.json(), expected);
    }
    assert_eq!(shop.tag_of(1).await, json!("ollycode"));
    assert_eq!(shop.tag_of(2).await, json!("tag-2"));
    assert_eq!(shop.tag_of(3).await, json!("suresh10"));
}

async fn tags_can_be_handed_on_within_one_request(shop: Shop) {
    let shop = shop.with_affiliates(2).await;
    let rows = json!([
        { "id": 1, "tag": "aside" },
        { "id": 2, "tag": "summer2025" },
        { "id": 1, "tag": "tag-2" },
    ]);
    let renamed = shop.patch(BULK, &json!({ "affiliates": rows })).await;
    assert_eq!(renamed.status, 200, "{renamed}");
    assert_eq!(shop.tag_of(1).await, json!("tag-2"));
    assert_eq!(shop.tag_of(2).await, json!("summer2025"));
}

async fn as_many_as_documented_are_renamed_at_once(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let rows = |many: i64| {
        let rows = (1..=many).map(|number| json!({ "id": 1, "tag": format!("Code-{number}") }));
        json!({ "affiliates": rows.collect::<Value>() })
    };
    let renamed = shop.patch(BULK, &rows(300)).await;
    assert_eq!(renamed.status, 200);
    assert_eq!(renamed.json()["updated"].as_array().unwrap().len(), 300);
    assert_eq!(shop.tag_of(1).await, json!("code-300"));
    let too_many = shop.patch(BULK, &rows(301)).await;
    let said = r#"422 {"error":"Maximum 300 affiliates per request."}"#;
    assert_eq!(too_many.to_string(), said);
    assert_eq!(shop.tag_of(1).await, json!("code-300"));
}

async fn what_is_no_list_of_renames_is_said_in_the_documented_words(shop: Shop) {
    for body in [
        json!({}),
        json!({ "affiliates": null }),
        json!({ "affiliates": [] }),
    ] {
        let answer = shop.patch(BULK, &body).await;
        let said = r#"422 {"error":"affiliates is required"}"#;
        assert_eq!(answer.to_string(), said, "{body}");
    }
    for body in [json!({ "affiliates": 1 }), json!({ "affiliates": ["x"] })] {
        let answer = shop.patch(BULK, &body).await;
        assert_eq!(answer.status, 400, "{body}: {answer}");
    }
}

async fn a_key_for_reading_renames_nobody(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let one = format!("{AFFILIATES}/1");
    for path in [one.as_str(), BULK] {
        let request = shop.request("PATCH", path);
        let request = request.header("authorization", format!("Bearer {}", shop.read_only_key));
        let refused = request.body(r#"{"tag":"new"}"#).send().await;
        let said = r#"403 {"error":"This API key is read-only and cannot modify data."}"#;
        assert_eq!(refused.to_string(), said, "{path}");
        let request = shop.request("PATCH", path).without("authorization");
        let refused = request.body("{}").send().await;
        assert_eq!(refused.to_string(), r#"401 {"error":"Not Authenticated"}"#);
    }
    assert_eq!(shop.tag_of(1).await, json!("summer2025"));
}

async fn other_methods_are_not_allowed(shop: Shop) {
    let one = format!("{AFFILIATES}/1");
    for (path, allowed) in [
        (AFFILIATES, "GET"),
        (one.as_str(), "PATCH"),
        (BULK, "PATCH"),
    ] {
        let answer = shop.request("DELETE", path).send().await;
        let said = r#"405 {"error":"Method not allowed"}"#;
        assert_eq!(answer.to_string(), said, "{path}");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}
