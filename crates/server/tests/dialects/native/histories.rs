//! Who has changed what of a conversion, in the API and on the command line.

use std::process::Command;

use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    each_change_says_who_when_and_what_was_before,
    a_history_is_read_in_pages,
    the_command_line_prints_the_same_history,
    a_history_is_an_organizations_own,
    a_change_of_another_version_is_refused,
}

async fn with_a_history(shop: Shop) -> Shop {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({ "sub_id": "mail" })).await;
    for (path, body) in [
        ("/conversions/1/refunds", json!({ "amount": "50" })),
        ("/conversions/1/status", json!({ "change": "pay" })),
    ] {
        let done = shop.write(path, body).await;
        assert!(done.status < 300, "{done}");
    }
    let request = shop.request("PATCH", "/accrual/v1/conversions/1");
    let request = request.header("x-request-id", "the-request");
    let changed = request.body(r#"{"total":"120"}"#).send().await;
    assert_eq!(changed.status, 200, "{changed}");
    shop
}

async fn history(shop: &Shop, query: &str) -> Value {
    let path = format!("/conversions/1/history{query}");
    shop.read(&path).await.json()
}

async fn each_change_says_who_when_and_what_was_before(shop: Shop) {
    let shop = with_a_history(shop).await;
    let history = history(&shop, "").await;
    let all = history["data"].as_array().unwrap();
    let whats: Vec<_> = all.iter().map(|one| one["what"].clone()).collect();
    assert_eq!(whats, ["reported", "refunded", "status_changed", "amended"]);
    for one in all {
        assert_eq!(one["at"], "2026-01-31T12:00:00.123456Z");
        assert_eq!(one["actor"]["kind"], "key");
        assert_eq!(one["actor"]["key_name"], shop.key);
    }
    assert_eq!(all[3]["request_id"], "the-request");
    let changes = |index: usize| all[index]["changes"].clone();
    let change = |field: &str, before: Value, after: Value| json!({ "field": field, "before": before, "after": after });
    let reported = changes(0);
    let reported = reported.as_array().unwrap();
    assert!(reported.contains(&change("total", json!(null), json!("100.00"))));
    assert!(reported.contains(&change("sub_id", json!(null), json!("mail"))));
    assert!(reported.iter().all(|one| one["before"].is_null()));
    assert_eq!(
        changes(1),
        json!([
            change("refunded", json!(null), json!("50.00")),
            change("commissions[1].amount", json!("10.00"), json!("5.00"))
        ])
    );
    assert_eq!(
        changes(2),
        json!([
            change("commissions[1].status", json!("payable"), json!("paid")),
            change("commissions[1].paid_out", json!(null), json!("5.00"))
        ])
    );
    assert_eq!(
        changes(3),
        json!([
            change("total", json!("100.00"), json!("120.00")),
            change("commissions[1].amount", json!("5.00"), json!("7.00"))
        ])
    );
}

async fn a_history_is_read_in_pages(shop: Shop) {
    let shop = with_a_history(shop).await;
    let whole = history(&shop, "").await;
    assert_eq!(whole["next_cursor"], json!(null));
    let mut all = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = history(&shop, &query).await;
        all.extend(page["data"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(json!(all), whole["data"]);
}

async fn the_command_line_prints_the_same_history(shop: Shop) {
    let shop = with_a_history(shop).await;
    let url = shop.server.database_url.as_deref().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_accrual"))
        .args(["history", "1", "--org", &shop.organization.to_string()])
        .env_clear()
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    let last = told.split("\n\n").last().unwrap();
    let mut lines = last.lines();
    let heading = lines.next().unwrap();
    assert!(
        heading.starts_with("2026-01-31 12:00:00 UTC, entry "),
        "{heading}"
    );
    let who = lines.next().unwrap();
    assert!(
        who.contains(&shop.key) && who.ends_with("request the-request"),
        "{who}"
    );
    let changes: Vec<_> = lines.collect();
    let expected = [
        "  - total: 100.00 USD -> 120.00 USD",
        "  - commissions[1].amount: 5.00 USD -> 7.00 USD",
    ];
    assert_eq!(changes, expected);
}

async fn a_history_is_an_organizations_own(shop: Shop) {
    let shop = with_a_history(shop).await;
    let neighbour = shop.neighbour().await;
    let missing = neighbour.read("/conversions/1/history").await;
    assert_eq!(missing.status, 404, "{missing}");
    assert_eq!(missing.json()["detail"], "There is no conversion 1.");
}

async fn a_change_of_another_version_is_refused(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let seen = shop.read("/conversions/1").await.header("etag").to_owned();
    let change = async |total: &str| {
        let request = shop.request("PATCH", "/accrual/v1/conversions/1");
        let request = request.header("if-match", &*seen);
        let request = request.header("idempotency-key", total);
        request
            .body(json!({ "total": total }).to_string())
            .send()
            .await
    };
    let first = change("80").await;
    assert_eq!(first.status, 200, "{first}");
    let second = change("90").await;
    assert_eq!(second.status, 412, "{second}");
    assert_eq!(second.header("content-type"), "application/problem+json");
    assert_eq!(second.json()["type"], "urn:accrual:problem:version-changed");
    // A repeated request is answered as it was, whatever the version is by now.
    let again = change("80").await;
    assert_eq!(again.to_string(), first.to_string());
    assert_eq!(again.header("etag"), first.header("etag"));
}
