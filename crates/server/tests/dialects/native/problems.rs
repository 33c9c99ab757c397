//! Problem details for each kind of problem, and whose things are whose.

use expect_test::expect;
use serde_json::{Value, json};

use super::{BASE, conversion};
use crate::{client::Answer, harness::on_both_databases, shop::Shop};

on_both_databases! {
    what_no_operation_says_is_a_problem_too,
    a_read_only_key_reads_and_does_not_write,
    a_read_only_key_is_refused_before_its_body_is_read,
    another_organizations_things_are_not_found,
    a_method_that_is_not_one_names_those_that_are,
    an_unknown_field_is_refused,
    an_array_is_not_taken_for_an_object,
}

fn shown(answer: &Answer) -> String {
    let problem = answer.json();
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(problem["status"], answer.status);
    let word = |name: &str| problem[name].as_str().unwrap().to_owned();
    format!(
        "{} {} | {} | {}\n",
        answer.status,
        word("type"),
        word("title"),
        word("detail")
    )
}

async fn what_no_operation_says_is_a_problem_too(shop: Shop) {
    let affiliates = format!("{BASE}/affiliates");
    let post = || shop.request("POST", &affiliates);
    let answers = [
        post().body("{").send().await,
        post().body("[]").send().await,
        post().body(r#"{"name": "a", "nick": "b"}"#).send().await,
        post().body(r#"{"name": "a", "name": "b"}"#).send().await,
        post().without("authorization").body("{}").send().await,
        post()
            .header("authorization", "Bearer unknown")
            .body("{}")
            .send()
            .await,
        post()
            .header("content-type", "text/plain")
            .body("{}")
            .send()
            .await,
        post().without("content-type").body("{}").send().await,
        post()
            .body(format!("\"{}\"", "x".repeat(1024 * 1024)))
            .send()
            .await,
        shop.read("/nothing").await,
        shop.read("").await,
        shop.read("/affiliates/one").await,
        shop.read("/affiliates/99999999999999999999").await,
        shop.request("DELETE", &affiliates).send().await,
    ];
    let all: String = answers.iter().map(shown).collect();
    expect![[r#"
        400 urn:accrual:problem:malformed | The request cannot be read | The body is not valid JSON: EOF while parsing an object at line 1 column 1.
        400 urn:accrual:problem:malformed | The request cannot be read | The body must be a JSON object.
        400 urn:accrual:problem:malformed | The request cannot be read | The body cannot be taken: unknown field `nick`, expected one of `name`, `email`, `customer_id` at line 1 column 20.
        400 urn:accrual:problem:malformed | The request cannot be read | The body cannot be taken: duplicate field `name` at line 1 column 20.
        401 urn:accrual:problem:not-authenticated | The key is missing or not known | Send a key of your organization: Authorization: Bearer <key>.
        401 urn:accrual:problem:not-authenticated | The key is missing or not known | Send a key of your organization: Authorization: Bearer <key>.
        415 urn:accrual:problem:not-json | The body is not declared as JSON | Send Content-Type: application/json.
        415 urn:accrual:problem:not-json | The body is not declared as JSON | Send Content-Type: application/json.
        413 urn:accrual:problem:too-large | The body is too large | The body is too large.
        404 urn:accrual:problem:not-found | Not found | There is no such route.
        404 urn:accrual:problem:not-found | Not found | There is no such route.
        400 urn:accrual:problem:malformed | The request cannot be read | What stands for a number in the path is not one.
        400 urn:accrual:problem:malformed | The request cannot be read | What stands for a number in the path is not one.
        405 urn:accrual:problem:method-not-allowed | Not a method of this route | The Allow header names those that are.
    "#]].assert_eq(&all);
}

/// All of it that has been so far.
const STATEMENT: &str = "/affiliates/1/statement?from=1970-01-01&until=2100-01-01";

/// Every write.
const WRITES: [(&str, &str); 14] = [
    ("POST", "/programs"),
    ("PATCH", "/programs/1"),
    ("POST", "/affiliates"),
    ("PATCH", "/affiliates/1"),
    ("POST", "/enrollments"),
    ("PATCH", "/enrollments/1"),
    ("POST", "/promo_codes"),
    ("PATCH", "/promo_codes/1"),
    ("POST", "/clicks"),
    ("POST", "/sign_ups"),
    ("POST", "/conversions"),
    ("PATCH", "/conversions/1"),
    ("POST", "/conversions/1/refunds"),
    ("POST", "/conversions/1/status"),
];

/// One of everything that can be read by a number.
async fn with_one_of_each(shop: Shop) -> Shop {
    let shop = shop.with_an_affiliate().await;
    shop.report(json!({})).await;
    let code = json!({ "code": "ada", "enrollment_id": 1 });
    shop.make("/accrual/v1/promo_codes", code).await;
    shop.make("/accrual/v1/clicks", json!({ "enrollment_id": 1 }))
        .await;
    shop
}

async fn as_reader(shop: &Shop, method: &'static str, path: &str, body: &Value) -> Answer {
    let header = format!("Bearer {}", shop.read_only_key);
    let request = shop.request(method, &format!("{BASE}{path}"));
    request
        .header("authorization", header)
        .body(body.to_string())
        .send()
        .await
}

async fn a_read_only_key_reads_and_does_not_write(shop: Shop) {
    let shop = with_one_of_each(shop).await;
    for path in [
        "/programs",
        "/programs/1",
        "/programs/1/terms",
        "/affiliates",
        "/affiliates/1",
        "/affiliates/1/balance",
        "/affiliates/1/transfers",
        STATEMENT,
        "/enrollments",
        "/enrollments/1",
        "/promo_codes",
        "/promo_codes/1",
        "/referrals",
        "/referrals/1",
        "/conversions",
        "/conversions/1",
        "/conversions/1/decision",
        "/totals",
    ] {
        assert_eq!(
            as_reader(&shop, "GET", path, &json!({})).await.status,
            200,
            "{path}"
        );
    }
    let refused = as_reader(&shop, "PATCH", "/affiliates/1", &json!({ "name": "x" })).await;
    expect![[r#"
        403 urn:accrual:problem:read-only-key | Not allowed with this key | This key is for reading only.
    "#]].assert_eq(&shown(&refused));
    assert_eq!(shop.read("/affiliates/1").await.json()["name"], "Ada");
}

async fn a_read_only_key_is_refused_before_its_body_is_read(shop: Shop) {
    for (method, path) in WRITES {
        let refused = as_reader(&shop, method, path, &json!([])).await;
        assert_eq!(refused.status, 403, "{method} {path}: {refused}");
    }
}

async fn another_organizations_things_are_not_found(shop: Shop) {
    let shop = with_one_of_each(shop).await;
    let neighbour = shop.neighbour().await;
    for path in [
        "/programs/1",
        "/programs/1/terms",
        "/affiliates/1",
        "/affiliates/1/balance",
        "/affiliates/1/transfers",
        STATEMENT,
        "/enrollments/1",
        "/promo_codes/1",
        "/referrals/1",
        "/conversions/1",
        "/conversions/1/decision",
    ] {
        assert_eq!(neighbour.read(path).await.status, 404, "{path}");
    }
    for path in [
        "/programs/1",
        "/affiliates/1",
        "/enrollments/1",
        "/promo_codes/1",
        "/conversions/1",
    ] {
        assert_eq!(
            neighbour.change(path, json!({})).await.status,
            404,
            "{path}"
        );
    }
    for (path, body) in [
        ("/conversions/1/refunds", json!({})),
        ("/conversions/1/status", json!({ "change": "pay" })),
        ("/clicks", json!({ "enrollment_id": 1 })),
        ("/sign_ups", json!({ "referral_id": 1, "customer_id": "c" })),
    ] {
        assert_eq!(neighbour.write(path, body).await.status, 404, "{path}");
    }
    for path in [
        "/programs",
        "/affiliates",
        "/enrollments",
        "/promo_codes",
        "/referrals",
        "/conversions",
        "/conversions?reference=order-1",
        "/totals",
    ] {
        assert_eq!(
            neighbour.read(path).await.json()["data"],
            json!([]),
            "{path}"
        );
    }
    assert_eq!(neighbour.report(json!({})).await.status, 422);
}

async fn a_method_that_is_not_one_names_those_that_are(shop: Shop) {
    for (path, methods) in [
        ("/programs", "GET, POST"),
        ("/programs/7", "GET, PATCH"),
        ("/programs/7/terms", "GET"),
        ("/conversions/7", "GET, PATCH"),
        ("/conversions/7/refunds", "POST"),
        ("/conversions/7/decision", "GET"),
    ] {
        let answer = shop
            .request("DELETE", &format!("{BASE}{path}"))
            .send()
            .await;
        assert_eq!(answer.status, 405, "{path}");
        let mut named: Vec<_> = answer.header("allow").split(", ").collect();
        named.sort_unstable();
        assert_eq!(named.join(", "), methods, "{path}");
    }
}

async fn an_unknown_field_is_refused(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (method, path) in WRITES {
        let request = shop.request(method, &format!("{BASE}{path}"));
        let refused = request.body(r#"{"ammount": 1}"#).send().await;
        assert_eq!(refused.status, 400, "{method} {path}: {refused}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.starts_with("The body cannot be taken: unknown field `ammount`"),
            "{detail}"
        );
    }
    let nested = shop
        .report(json!({ "customer": { "mail": "a@example.com" } }))
        .await;
    assert_eq!(nested.status, 400, "{nested}");
}

async fn an_array_is_not_taken_for_an_object(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let bodies = [
        ("/conversions", conversion(json!({ "customer": ["c-1"] }))),
        (
            "/conversions",
            conversion(json!({ "lines": [["shirt", 1, "1"]] })),
        ),
        (
            "/conversions",
            conversion(json!({ "lines": { "product": "shirt" } })),
        ),
        ("/conversions", conversion(json!({ "claims": [["ada"]] }))),
        ("/conversions", conversion(json!({ "exchange": ["1"] }))),
        ("/promo_codes", json!({ "code": "a", "limits": [1] })),
        (
            "/programs",
            json!({ "name": "x", "currency": "USD", "incentives": [["5"]] }),
        ),
        (
            "/programs",
            json!({ "name": "x", "currency": "USD", "caps": ["5"] }),
        ),
    ];
    for (path, body) in bodies {
        let refused = shop.write(path, body.clone()).await;
        assert_eq!(refused.status, 400, "{body}: {refused}");
    }
}
