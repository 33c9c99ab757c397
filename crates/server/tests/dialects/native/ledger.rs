//! Balances, transfers and totals.

use expect_test::expect;
use serde_json::json;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_balance_is_the_sum_of_its_transfers,
    an_affiliate_without_sales_has_an_empty_balance,
    transfers_are_listed_oldest_first,
    totals_are_by_day_program_currency_and_status,
}

/// Four sales: two payable in USD, one pending in USD, one payable in JPY, and one of zero.
async fn with_sales(shop: Shop) -> Shop {
    let shop = shop.with_an_affiliate().await;
    let sales = [
        json!({}),
        json!({ "total": "200.10", "occurred_at": "2026-01-31T23:00:00-05:00" }),
        json!({ "due_at": "2027-01-01T00:00:00Z" }),
        json!({ "currency": "JPY", "total": "1999" }),
        json!({ "commission": "0" }),
    ];
    for (number, mut sale) in sales.into_iter().enumerate() {
        sale["reference"] = json!(format!("order-{number}"));
        assert_eq!(shop.report(sale).await.status, 201);
    }
    shop
}

async fn a_balance_is_the_sum_of_its_transfers(shop: Shop) {
    let shop = with_sales(shop).await;
    expect![[r#"200 {"affiliate_id":1,"balances":[{"currency":"JPY","pending":"0","payable":"100","paid":"0","owed_back":"0"},{"currency":"USD","pending":"5.00","payable":"15.01","paid":"0.00","owed_back":"0.00"}]}"#]].assert_eq(&shop.read("/affiliates/1/balance").await.to_string());
}

async fn an_affiliate_without_sales_has_an_empty_balance(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let balance = shop.read("/affiliates/1/balance").await.to_string();
    assert_eq!(balance, r#"200 {"affiliate_id":1,"balances":[]}"#);
    let transfers = shop.read("/affiliates/1/transfers").await.to_string();
    assert_eq!(transfers, r#"200 {"data":[],"next_cursor":null}"#);
}

async fn transfers_are_listed_oldest_first(shop: Shop) {
    let shop = with_sales(shop).await;
    expect![[r#"
        200 {
          "data": [
            {
              "amount": "5.00",
              "at": "2026-01-31T12:00:00.123456Z",
              "commission_position": 1,
              "conversion_id": 1,
              "currency": "USD",
              "from": "expense",
              "position": 1,
              "sequence": 4,
              "to": "payable"
            },
            {
              "amount": "10.01",
              "at": "2026-01-31T12:00:00.123456Z",
              "commission_position": 1,
              "conversion_id": 2,
              "currency": "USD",
              "from": "expense",
              "position": 1,
              "sequence": 5,
              "to": "payable"
            },
            {
              "amount": "5.00",
              "at": "2026-01-31T12:00:00.123456Z",
              "commission_position": 1,
              "conversion_id": 3,
              "currency": "USD",
              "from": "expense",
              "position": 1,
              "sequence": 6,
              "to": "pending"
            }
          ],
          "next_cursor": "6.1"
        }
    "#]]
    .assert_eq(&shop.read("/affiliates/1/transfers?limit=3").await.pretty());
}

async fn totals_are_by_day_program_currency_and_status(shop: Shop) {
    let shop = with_sales(shop).await;
    expect![[r#"
        200 {
          "data": [
            {
              "amount": "1999",
              "charged_back": "0",
              "commission": "100",
              "conversions": 1,
              "currency": "JPY",
              "day": "2026-01-30",
              "program_id": 1,
              "refunded": "0",
              "status": "payable"
            },
            {
              "amount": "99.99",
              "charged_back": "0.00",
              "commission": "5.00",
              "conversions": 1,
              "currency": "USD",
              "day": "2026-01-30",
              "program_id": 1,
              "refunded": "0.00",
              "status": "pending"
            },
            {
              "amount": "199.98",
              "charged_back": "0.00",
              "commission": "5.00",
              "conversions": 2,
              "currency": "USD",
              "day": "2026-01-30",
              "program_id": 1,
              "refunded": "0.00",
              "status": "payable"
            },
            {
              "amount": "200.10",
              "charged_back": "0.00",
              "commission": "10.01",
              "conversions": 1,
              "currency": "USD",
              "day": "2026-02-01",
              "program_id": 1,
              "refunded": "0.00",
              "status": "payable"
            }
          ]
        }
    "#]]
    .assert_eq(&shop.read("/totals").await.pretty());
}
