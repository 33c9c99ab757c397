//! Statements.

use std::sync::Arc;

use accrual_engine::Zone;
use serde_json::{Value, json};

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_statement_has_what_was_moved_between_its_balances,
    a_statement_is_read_page_by_page,
    a_day_begins_where_it_does_for_the_organization,
    what_is_not_a_period_is_refused,
}

/// The minor units that an account of a balance holds.
fn cents(balance: &Value, account: &str) -> i64 {
    let text = balance[account].as_str().unwrap().replace('.', "");
    text.parse().unwrap()
}

async fn with_movements(shop: Shop) -> Shop {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    for (path, body) in [
        ("/conversions/1/status", json!({ "change": "pay" })),
        ("/conversions/1/refunds", json!({ "amount": "25" })),
    ] {
        assert!(shop.write(path, body).await.status < 300);
    }
    let held = json!({ "reference": "2", "due_at": "2027-01-01T00:00:00Z" });
    shop.sell(held).await;
    shop
}

async fn a_statement_has_what_was_moved_between_its_balances(shop: Shop) {
    let shop = with_movements(shop).await;
    let path = "/affiliates/1/statement";
    let statement = shop
        .read(&format!("{path}?from=2026-01-31&until=2026-02-01"))
        .await;
    assert_eq!(statement.status, 200, "{statement}");
    let statement = statement.json();
    assert_eq!(
        super::picked(
            &statement,
            &["affiliate_id", "from", "until", "opening", "closing"]
        ),
        json!({
            "affiliate_id": 1, "from": "2026-01-31T00:00:00Z", "until": "2026-02-01T00:00:00Z",
            "opening": [{ "currency": "USD", "pending": "0.00", "payable": "0.00", "paid": "0.00",
                "owed_back": "0.00" }],
            "closing": [{ "currency": "USD", "pending": "10.00", "payable": "0.00",
                "paid": "10.00", "owed_back": "2.50" }]
        })
    );
    let transfers = statement["data"].as_array().unwrap();
    assert_eq!(
        transfers,
        shop.read("/affiliates/1/transfers").await.json()["data"]
            .as_array()
            .unwrap()
    );
    for account in ["pending", "paid"] {
        let moved: i64 = transfers
            .iter()
            .map(|one| {
                let amount = cents(one, "amount");
                let into = i64::from(one["to"] == account) * amount;
                into - i64::from(one["from"] == account) * amount
            })
            .sum();
        let (opening, closing) = (&statement["opening"][0], &statement["closing"][0]);
        assert_eq!(cents(opening, account) + moved, cents(closing, account));
    }

    // What follows begins where this one ended, and nothing happened in it.
    let next = shop
        .read(&format!("{path}?from=2026-02-01&until=2026-03-01"))
        .await
        .json();
    assert_eq!(next["opening"], statement["closing"]);
    assert_eq!(next["closing"], statement["closing"]);
    assert_eq!(next["data"], json!([]));
    // The very instant of the movements is in the period that begins with it.
    let instant = "2026-01-31T12:00:00.123456Z";
    let ends = shop
        .read(&format!("{path}?from=2026-01-01&until={instant}"))
        .await
        .json();
    assert_eq!((&ends["data"], &ends["closing"]), (&json!([]), &json!([])));
    let begins = shop
        .read(&format!("{path}?from={instant}&until=2026-02-01"))
        .await
        .json();
    assert_eq!(begins["data"], statement["data"]);
}

async fn a_statement_is_read_page_by_page(shop: Shop) {
    let shop = with_movements(shop).await;
    let path = "/affiliates/1/statement?from=2026-01-31&until=2026-02-01";
    let whole = shop.read(path).await.json();
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = shop.read(&format!("{path}&limit=1{cursor}")).await.json();
        assert_eq!(page["opening"], whole["opening"]);
        assert_eq!(page["closing"], whole["closing"]);
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(rows), whole["data"]);
}

async fn a_day_begins_where_it_does_for_the_organization(shop: Shop) {
    let zone = Zone::parse("America/New_York").unwrap();
    let shop = Shop::open_in(Arc::clone(&shop.server), zone).await;
    let shop = with_movements(shop).await;
    let statement = shop
        .read("/affiliates/1/statement?from=2026-01-31&until=2026-07-01")
        .await
        .json();
    assert_eq!(statement["from"], "2026-01-31T05:00:00Z");
    assert_eq!(statement["until"], "2026-07-01T04:00:00Z");
    // Totals have days of the same zone.
    let late = json!({ "reference": "late", "occurred_at": "2026-01-31T03:00:00Z" });
    shop.sell(late).await;
    let totals = shop.read("/totals").await.json();
    let mut days: Vec<_> = totals["data"].as_array().unwrap().iter().collect();
    days.dedup_by_key(|row| row["day"].clone());
    assert_eq!(days[0]["day"], "2026-01-30");
    assert_eq!(days.len(), 1);
}

async fn what_is_not_a_period_is_refused(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let bound = "must be an ISO 8601 time or a day, such as \"2026-01-31\".";
    let cases = [
        ("from=x&until=2026-01-01", 422, format!("from {bound}")),
        ("from=2026-01-01&until=1", 422, format!("until {bound}")),
        (
            "from=2026-01-01&until=2026-01-01",
            422,
            "until must be after from.".to_owned(),
        ),
        ("from=2026-01-01", 400, "until cannot be read.".to_owned()),
        ("until=2026-01-01", 400, "from cannot be read.".to_owned()),
        (
            "from=2026-01-01&until=2026-01-02&cursor=1",
            422,
            "cursor must be a next_cursor that a page has given.".to_owned(),
        ),
    ];
    for (query, status, detail) in cases {
        let refused = shop.read(&format!("/affiliates/1/statement?{query}")).await;
        assert_eq!(refused.status, status, "{refused}");
        assert_eq!(refused.json()["detail"], detail, "{query}");
    }
    let missing = shop
        .read("/affiliates/9/statement?from=2026-01-01&until=2026-01-02")
        .await;
    assert_eq!(missing.status, 404, "{missing}");
}
