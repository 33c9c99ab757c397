//! Keys, routes and bodies: what is answered before a sale is looked at, in the same shape.

use std::time::Duration;

use accrual_server::configuration::{HttpSettings, Span};
use accrual_store::test_database;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{SALES, order};
use crate::{
    harness::{Server, on_both_databases},
    shop::Shop,
};

on_both_databases! {
    a_request_without_a_known_key_is_not_authenticated,
    a_read_only_key_cannot_report,
    a_revoked_key_opens_nothing,
    unknown_routes_and_methods_are_said_in_the_same_shape,
    a_body_must_be_a_json_object,
    a_body_must_be_declared_as_json,
    a_body_over_the_limit_is_refused,
}

async fn a_request_without_a_known_key_is_not_authenticated(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let body = order(json!({})).to_string();
    let unknown = [
        None,
        Some("Bearer unknown".to_owned()),
        Some("Bearer ".to_owned()),
        Some("Bearer".to_owned()),
        Some(shop.key.clone()),
        Some(format!("Basic {}", shop.key)),
        Some(format!("Bearer {}x", shop.key)),
    ];
    for header in unknown {
        let request = shop
            .request("POST", SALES)
            .without("authorization")
            .body(body.clone());
        let request = match &header {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let answer = request.send().await;
        assert_eq!(
            answer.to_string(),
            r#"401 {"error":"Not Authenticated"}"#,
            "{header:?}"
        );
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    // The scheme is known in any case (RFC 9110).
    let lower = format!("bearer {}", shop.key);
    let answer = shop
        .request("POST", SALES)
        .header("authorization", lower)
        .body(body)
        .send()
        .await;
    assert_eq!(answer.status, 201, "{answer}");
}

async fn a_read_only_key_cannot_report(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let refused = r#"403 {"error":"This API key is read-only and cannot modify data."}"#;
    // Whatever the body is like.
    for body in [
        order(json!({})).to_string(),
        "{}".to_owned(),
        "nonsense".to_owned(),
    ] {
        let header = format!("Bearer {}", shop.read_only_key);
        let request = shop.request("POST", SALES).header("authorization", header);
        let answer = request.body(body).send().await;
        assert_eq!(answer.to_string(), refused);
        assert_eq!(answer.header("content-type"), "application/json");
    }
    let kept = shop.get("/accrual/v1/conversions").await.json();
    assert_eq!(kept["data"], json!([]));
}

async fn a_revoked_key_opens_nothing(shop: Shop) {
    let access = &shop.server.access;
    for key in access.keys(shop.organization).await.unwrap() {
        let revoked = access
            .revoke_key(shop.organization, key.id, crate::harness::NOW)
            .await;
        assert!(revoked.unwrap());
    }
    let answer = shop.sale(json!({})).await;
    assert_eq!(answer.to_string(), r#"401 {"error":"Not Authenticated"}"#);
}

async fn unknown_routes_and_methods_are_said_in_the_same_shape(shop: Shop) {
    for path in [
        "/nothing",
        "",
        "/",
        "/affiliate_sales/",
        "/affiliate_sales/1/x",
        "/../x",
    ] {
        let answer = shop.get(&format!("/api/public/v1{path}")).await;
        assert_eq!(answer.to_string(), r#"404 {"error":"Not found"}"#, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS"] {
        let answer = shop.request(method, SALES).send().await;
        assert_eq!(
            answer.to_string(),
            r#"405 {"error":"Method not allowed"}"#,
            "{method}"
        );
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("allow"), "POST, GET", "{method}");
    }
}

async fn a_body_must_be_a_json_object(shop: Shop) {
    let not_json: [&[u8]; 8] = [
        b"",
        b"{",
        b"{\"order_id\": }",
        b"order_id=1&total=9999",
        b"{} {}",
        b"{'order_id': '1'}",
        b"{\"order_id\": \"\xff\"}",
        b"{\"total\": 01}",
    ];
    for body in not_json {
        let answer = shop.request("POST", SALES).body(body.to_vec()).send().await;
        let said = answer.json()["error"].as_str().unwrap().to_owned();
        assert_eq!(answer.status, 400, "{answer}");
        assert!(said.starts_with("The body is not valid JSON: "), "{said}");
    }
    for body in [
        "null",
        "[]",
        "\"text\"",
        "1",
        "true",
        "[\"1\",\"usd\",100,null,\"SUMMER2025\"]",
    ] {
        let answer = shop.request("POST", SALES).body(body).send().await;
        let said = r#"400 {"error":"The body must be a JSON object."}"#;
        assert_eq!(answer.to_string(), said, "{body}");
    }
    let twice = r#"{"order_id": "1", "order_id": "2"}"#;
    let answer = shop.request("POST", SALES).body(twice).send().await;
    assert_eq!(answer.status, 400, "{answer}");
}

async fn a_body_must_be_declared_as_json(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let body = order(json!({})).to_string();
    let others = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "json",
        "",
    ];
    for content_type in others {
        let request = shop
            .request("POST", SALES)
            .header("content-type", content_type);
        let answer = request.body(body.clone()).send().await;
        let said = r#"415 {"error":"Content-Type must be application/json."}"#;
        assert_eq!(answer.to_string(), said, "{content_type}");
    }
    let undeclared = shop.request("POST", SALES).without("content-type");
    assert_eq!(undeclared.body(body.clone()).send().await.status, 415);
    let json = [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.api+json",
    ];
    for content_type in json {
        let request = shop
            .request("POST", SALES)
            .header("content-type", content_type);
        let answer = request.body(body.clone()).send().await;
        assert_eq!(answer.status, 201, "{content_type}: {answer}");
    }
}

async fn a_body_over_the_limit_is_refused(shop: Shop) {
    let body = order(json!({ "customer_name": "x".repeat(1024 * 1024) })).to_string();
    let answer = shop.request("POST", SALES).body(body).send().await;
    assert_eq!(
        answer.to_string(),
        r#"413 {"error":"The body is too large."}"#
    );
}

#[tokio::test]
async fn a_body_that_does_not_come_is_refused() {
    let http = HttpSettings {
        body_timeout: Some(Span(Duration::from_millis(50))),
        ..HttpSettings::default()
    };
    let server = Server::start(test_database::new_sqlite().await, http).await;
    let shop = Shop::open(server.into()).await;
    let mut stream = tokio::net::TcpStream::connect(shop.server.address)
        .await
        .unwrap();
    let head = format!(
        "POST {SALES} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        shop.key
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let said = r#"{"error":"The body did not arrive in time."}"#;
    assert!(answer.ends_with(said), "{answer}");
}
