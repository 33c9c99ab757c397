//! Rate limits, where the server imposes them; its clock stands.

use accrual_server::configuration::HttpSettings;
use accrual_store::test_database::{self, TestDatabase};
use serde_json::json;

use super::SALES;
use crate::{client::Answer, harness::Server, shop::Shop};

const CAMPAIGNS: &str = "/api/public/v1/organizations/campaigns";
const APPLICATIONS: &str = "/api/public/v1/campaign_applications";
const TOO_SOON: &str = r#"429 {"error":"Rate limit exceeded. Please wait 2 seconds between requests.","retry_after":2}"#;

async fn limited(database: TestDatabase, requests_per_hour: Option<u32>) -> Shop {
    let http = HttpSettings {
        rate_limits: Some(true),
        requests_per_hour,
        ..HttpSettings::default()
    };
    let server = Server::start(database, http).await;
    Shop::open(server.into()).await
}

fn limits(answer: &Answer) -> [&str; 3] {
    ["limit", "remaining", "reset"].map(|name| answer.header(&format!("x-ratelimit-{name}")))
}

#[tokio::test]
async fn two_seconds_must_be_between_requests() {
    two_seconds(test_database::new_sqlite().await).await;
    if let Some(postgres) = test_database::new_postgres().await {
        two_seconds(postgres).await;
    }
}

async fn two_seconds(database: TestDatabase) {
    let shop = limited(database, None).await;
    let first = shop.get(CAMPAIGNS).await;
    assert_eq!(first.status, 200);
    // 40 an hour, of which the first was at 12:00:00.
    let reset = "1769864400";
    assert_eq!(limits(&first), ["40", "39", reset]);
    for path in [CAMPAIGNS, SALES] {
        let answer = shop.get(path).await;
        assert_eq!(answer.to_string(), TOO_SOON);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("retry-after"), "2");
        assert_eq!(limits(&answer), ["40", "39", reset]);
    }
    // Whatever the body, and nothing is recorded.
    assert_eq!(shop.sale(json!({})).await.to_string(), TOO_SOON);
    // An application need not wait.
    for remaining in ["38", "37"] {
        let answer = shop.post(APPLICATIONS, &json!({})).await;
        assert_eq!(
            answer.to_string(),
            r#"422 {"error":"campaign_id is required"}"#
        );
        assert_eq!(limits(&answer)[1], remaining);
    }
    // Another key has limits of its own.
    let request = shop.request("GET", CAMPAIGNS);
    let request = request.header("authorization", format!("Bearer {}", shop.read_only_key));
    assert_eq!(limits(&request.send().await)[1], "39");
}

#[tokio::test]
async fn an_hour_has_so_many_requests() {
    let shop = limited(test_database::new_sqlite().await, Some(3)).await;
    for _ in 0..3 {
        assert_eq!(shop.post(APPLICATIONS, &json!({})).await.status, 422);
    }
    let answer = shop.post(APPLICATIONS, &json!({})).await;
    assert_eq!(
        answer.to_string(),
        r#"429 {"error":"Hourly rate limit of 3 requests exceeded.","retry_after":3600,"reset_time":"2026-01-31T13:00:00.123Z"}"#
    );
    assert_eq!(answer.header("retry-after"), "3600");
    assert_eq!(limits(&answer), ["3", "0", "1769864400"]);
    assert_eq!(shop.get(CAMPAIGNS).await.status, 429);
}

#[tokio::test]
async fn no_other_api_is_limited() {
    let shop = limited(test_database::new_sqlite().await, Some(1)).await;
    for _ in 0..3 {
        let answer = shop.get("/accrual/v1/programs").await;
        assert_eq!(answer.status, 200);
        assert_eq!(limits(&answer), ["", "", ""]);
    }
    // Nor is whoever has no key.
    let unknown = shop.request("GET", CAMPAIGNS).without("authorization");
    let unknown = unknown.send().await;
    assert_eq!(unknown.to_string(), r#"401 {"error":"Not Authenticated"}"#);
}

#[tokio::test]
async fn nothing_is_limited_unless_it_is_asked_for() {
    let database = test_database::new_sqlite().await;
    let server = Server::start(database, HttpSettings::default()).await;
    let shop = Shop::open(server.into()).await;
    for _ in 0..50 {
        let answer = shop.get(CAMPAIGNS).await;
        assert_eq!(answer.status, 200);
        assert_eq!(limits(&answer), ["", "", ""]);
    }
}
