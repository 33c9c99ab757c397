//! `POST /campaign_applications`, as its page documents it.

use serde_json::{Value, json};

use crate::{
    client::Answer,
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    an_applicant_waits_for_approval,
    the_same_applicant_is_one_application,
    a_known_address_applies_as_its_affiliate,
    what_was_said_is_kept_as_it_was_said_first,
    what_has_become_of_it_is_told,
    every_refusal_of_an_application_is_said_in_the_documented_words,
    a_key_for_reading_applies_for_nobody,
}

const APPLICATIONS: &str = "/api/public/v1/campaign_applications";

impl Shop {
    async fn apply(&self, changes: Value) -> Answer {
        let applicant = json!({
            "campaign_id": 1,
            "email": "maria@example.com",
            "first_name": "Maria",
            "last_name": "Ambriz"
        });
        self.post(APPLICATIONS, &with(applicant, changes)).await
    }
}

fn applied(status: &str, created: bool) -> Value {
    json!({ "data": {
        "invitation_id": 2, "status": status, "user_id": 2, "campaign_id": 1, "created": created
    } })
}

async fn an_applicant_waits_for_approval(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let answer = shop.apply(json!({})).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.json(), applied("pending", true));
    let affiliate = shop.get("/accrual/v1/affiliates/2").await.json();
    assert_eq!(affiliate["name"], json!("Maria Ambriz"));
    assert_eq!(affiliate["email"], json!("maria@example.com"));
    let enrollment = shop.get("/accrual/v1/enrollments/2").await.json();
    assert_eq!(enrollment["state"], json!("applied"));
    assert_eq!(enrollment["active"], json!(false));

    let sold = json!({ "campaign_affiliate_id": enrollment["tag"] });
    let refused = shop.sale(sold.clone()).await;
    let said = r#"422 {"error":"Campaign affiliate not found."}"#;
    assert_eq!(refused.to_string(), said);
    shop.patch("/accrual/v1/enrollments/2", &json!({ "active": true }))
        .await;
    assert_eq!(shop.sale(sold).await.status, 201);
}

async fn the_same_applicant_is_one_application(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.apply(json!({})).await;
    for changes in [
        json!({}),
        json!({ "email": " MARIA@Example.com ", "first_name": "Mia", "last_name": null }),
    ] {
        let again = shop.apply(changes).await;
        assert_eq!(again.json(), applied("pending", false));
    }
    let affiliates = shop.get("/accrual/v1/affiliates").await.json();
    assert_eq!(affiliates["data"].as_array().unwrap().len(), 2);
    assert_eq!(affiliates["data"][1]["name"], json!("Maria Ambriz"));
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    assert_eq!(
        neighbour.apply(json!({})).await.json(),
        applied("pending", true)
    );
}

async fn a_known_address_applies_as_its_affiliate(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let address = json!({ "email": "Ada@example.com" });
    shop.patch("/accrual/v1/affiliates/1", &address).await;
    let member = shop.apply(json!({ "email": "ada@example.com" })).await;
    let expected = json!({ "data": {
        "invitation_id": 1, "status": "accepted", "user_id": 1, "campaign_id": 1, "created": false
    } });
    assert_eq!(member.json(), expected);

    let other = json!({ "name": "Ten", "currency": "USD", "incentives": [{ "percent": "10" }] });
    shop.make("/accrual/v1/programs", other).await;
    let elsewhere = json!({ "email": "ada@example.com", "campaign_id": 2 });
    let expected = json!({ "data": {
        "invitation_id": 2, "status": "pending", "user_id": 1, "campaign_id": 2, "created": true
    } });
    assert_eq!(shop.apply(elsewhere).await.json(), expected);
}

async fn what_was_said_is_kept_as_it_was_said_first(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let said = json!({
        "tiktok_handle": "maria.ambriz66",
        "id": 11177,
        "created_at": "2026-07-31 13:13:16",
        "fbp": "fb.1.1785503550741.5188770206",
        "fbc": "fb.1.1785503550741.PAcGRvZgJmZGlk",
        "fbclid": "PAcGRvZgJmZGlk",
        "event_id": "012e8a42-6b26-43cf-9a66-0242c6bc0fd1",
        "event_name": "AffiliateLead",
        "event_source_url": "https://shop.example.com/tiktok-partner?utm_source=facebook",
        "client_ip_address": "203.0.113.7",
        "client_user_agent": "Mozilla/5.0 (iPhone)",
        "referrer": "https://instagram.com/",
        "utm_source": "facebook",
        "utm_medium": "paid",
        "utm_campaign": "COFFEE | LEAD | BOF",
        "follower_count": 2992,
        "likes_count": 16000,
        "video_count": 139,
        "tiktok_verified": 1
    });
    assert_eq!(
        shop.apply(said.clone()).await.json(),
        applied("pending", true)
    );
    let mut kept = said;
    let fields = kept.as_object_mut().unwrap();
    let (id, at) = (fields.remove("id"), fields.remove("created_at"));
    fields.insert("external_id".to_owned(), id.unwrap());
    fields.insert("submitted_at".to_owned(), at.unwrap());
    let details = || async {
        let enrollment = shop.get("/accrual/v1/enrollments/2").await;
        enrollment.json()["details"].clone()
    };
    assert_eq!(details().await, kept);

    let news = json!({ "fbp": "another", "utm_term": "new" });
    assert_eq!(shop.apply(news).await.json(), applied("pending", false));
    kept["utm_term"] = json!("new");
    assert_eq!(details().await, kept);
}

async fn what_has_become_of_it_is_told(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.apply(json!({})).await;
    for (active, status) in [(true, "accepted"), (false, "removed")] {
        shop.patch("/accrual/v1/enrollments/2", &json!({ "active": active }))
            .await;
        assert_eq!(shop.apply(json!({})).await.json(), applied(status, false));
    }
}

async fn every_refusal_of_an_application_is_said_in_the_documented_words(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let long = "x".repeat(4_001);
    for (changes, sentence) in [
        (json!({ "email": null }), "email is required"),
        (json!({ "email": " " }), "email is required"),
        (json!({ "campaign_id": null }), "campaign_id is required"),
        (
            json!({ "campaign_id": "1" }),
            "campaign_id must be an integer.",
        ),
        (
            json!({ "email": "maria" }),
            "email must be an e-mail address.",
        ),
        (json!({ "email": 1 }), "email must be a string."),
        (json!({ "first_name": [] }), "first_name must be a string."),
        (json!({ "fbp": 1 }), "fbp must be a string."),
        (json!({ "id": "1" }), "id must be an integer."),
        (
            json!({ "referrer": long }),
            "referrer must have at most 4000 characters.",
        ),
    ] {
        let answer = shop.apply(changes.clone()).await;
        assert_eq!(answer.status, 422, "{changes}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{changes}");
    }
    for campaign in [2, 0, -1] {
        let answer = shop.apply(json!({ "campaign_id": campaign })).await;
        let said = r#"404 {"error":"Campaign not found."}"#;
        assert_eq!(answer.to_string(), said);
    }
    let affiliates = shop.get("/accrual/v1/affiliates").await.json();
    assert_eq!(affiliates["data"].as_array().unwrap().len(), 1);
}

async fn a_key_for_reading_applies_for_nobody(shop: Shop) {
    let request = shop.request("POST", APPLICATIONS);
    let request = request.header("authorization", format!("Bearer {}", shop.read_only_key));
    let refused = request.body("{}").send().await;
    let said = r#"403 {"error":"This API key is read-only and cannot modify data."}"#;
    assert_eq!(refused.to_string(), said);
}
