//! What is not a conversion, or cannot become one.

use expect_test::expect;
use serde_json::{Value, json};

use super::conversion;
use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    what_is_not_a_conversion_is_refused_by_name,
    an_amount_that_cannot_be_is_refused,
    what_nobody_is_credited_for_is_refused_with_the_findings,
    a_fixed_amount_in_another_currency_cannot_be_computed,
}

async fn what_is_not_a_conversion_is_refused_by_name(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let lines =
        |line: Value| json!({ "lines": [{ "product": "a", "quantity": 1, "amount": "1" }, line] });
    let line = |changes: Value| {
        lines(with(
            json!({ "product": "b", "quantity": 1, "amount": "1" }),
            changes,
        ))
    };
    let decimal = "must be a decimal number in major units, such as \"29.70\".";
    let total = format!("total {decimal}");
    let cases = [
        (
            json!({ "reference": null }),
            "reference",
            "reference is required.",
        ),
        (
            json!({ "reference": "" }),
            "reference",
            "reference must not be empty.",
        ),
        (
            json!({ "reference": 1 }),
            "reference",
            "reference must be a string.",
        ),
        (
            json!({ "reference": "r".repeat(256) }),
            "reference",
            "reference must have at most 255 characters, not 256.",
        ),
        (
            json!({ "source": "s".repeat(65) }),
            "source",
            "source must have at most 64 characters, not 65.",
        ),
        (
            json!({ "source": "" }),
            "source",
            "source must not be empty.",
        ),
        (
            json!({ "currency": null }),
            "currency",
            "currency is required.",
        ),
        (
            json!({ "currency": "EURO" }),
            "currency",
            "currency must be an ISO 4217 code, such as USD.",
        ),
        (
            json!({ "total": null }),
            "total",
            "total or subtotal is required.",
        ),
        (json!({ "total": "1,5" }), "total", &total),
        (json!({ "total": "$5" }), "total", &total),
        (json!({ "total": true }), "total", &total),
        (
            json!({ "total": "99.999" }),
            "total",
            "total cannot be kept exactly: 99.999 is finer than the minor unit of USD.",
        ),
        (
            json!({ "total": "92233720368547758.08" }),
            "total",
            "total cannot be kept exactly: 9223372036854775808 minor units of USD are beyond the largest amount.",
        ),
        (
            json!({ "tag": null }),
            "claims",
            "claims or tag or affiliate_id are required, or a customer who can be known again.",
        ),
        (json!({ "tag": 5 }), "tag", "tag must be a string."),
        (
            json!({ "program_id": 1 }),
            "program_id",
            "program_id needs affiliate_id.",
        ),
        (
            json!({ "affiliate_id": "1", "program_id": 1 }),
            "affiliate_id",
            "affiliate_id must be an integer.",
        ),
        (
            json!({ "occurred_at": "now" }),
            "occurred_at",
            "occurred_at must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".",
        ),
        (
            json!({ "due_at": 1_759_233_600 }),
            "due_at",
            "due_at must be an ISO 8601 time, such as \"2026-01-31T12:00:00Z\".",
        ),
        (
            json!({ "sale_type": "gift" }),
            "sale_type",
            "sale_type must be one_time or subscription.",
        ),
        (
            json!({ "commission": "x" }),
            "commission",
            &format!("commission {decimal}"),
        ),
        (
            json!({ "customer": { "email": "" } }),
            "customer.email",
            "customer.email must not be empty.",
        ),
        (
            json!({ "customer": { "id": 5 } }),
            "customer.id",
            "customer.id must be a string.",
        ),
        (
            json!({ "platform": "" }),
            "platform",
            "platform must not be empty.",
        ),
        (
            json!({ "sub_id": "s".repeat(1001) }),
            "sub_id",
            "sub_id must have at most 1000 characters, not 1001.",
        ),
        (
            line(json!({ "product": null })),
            "lines[1].product",
            "lines[1].product is required.",
        ),
        (
            line(json!({ "quantity": null })),
            "lines[1].quantity",
            "lines[1].quantity is required.",
        ),
        (
            line(json!({ "quantity": 0 })),
            "lines[1].quantity",
            "lines[1].quantity must be from 1 to 4,294,967,295.",
        ),
        (
            line(json!({ "quantity": 1.5 })),
            "lines[1].quantity",
            "lines[1].quantity must be an integer.",
        ),
        (
            line(json!({ "quantity": 4_294_967_296_u64 })),
            "lines[1].quantity",
            "lines[1].quantity must be from 1 to 4,294,967,295.",
        ),
        (
            line(json!({ "amount": null })),
            "lines[1].amount",
            "lines[1].amount is required.",
        ),
        (
            json!({ "metadata": [] }),
            "metadata",
            "metadata must be an object.",
        ),
        (
            json!({ "metadata": "x" }),
            "metadata",
            "metadata must be an object.",
        ),
        (
            json!({ "metadata": { "a": "x".repeat(16_384) } }),
            "metadata",
            "metadata must have at most 16384 characters of JSON.",
        ),
    ];
    let cases = cases.into_iter();
    let cases = cases.map(|(changes, field, detail)| (conversion(changes), field, detail));
    shop.refuses("POST", "/conversions", cases.collect()).await;
    let many = vec![json!({ "product": "a", "quantity": 1, "amount": "0" }); 1001];
    let too_many = conversion(json!({ "lines": many }));
    shop.refuses(
        "POST",
        "/conversions",
        vec![(too_many, "lines", "lines must be at most 1000.")],
    )
    .await;
    assert_eq!(shop.read("/conversions").await.json()["data"], json!([]));
}

async fn an_amount_that_cannot_be_is_refused(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (
            json!({ "total": "0" }),
            "total",
            "Total must be above zero, not 0.00 USD.",
        ),
        (
            json!({ "total": "-1" }),
            "total",
            "Total must be above zero, not -1.00 USD.",
        ),
        (
            json!({ "subtotal": "0.00" }),
            "subtotal",
            "Subtotal must be above zero, not 0.00 USD.",
        ),
        (
            json!({ "commission": "-0.01" }),
            "commission",
            "A commission cannot be below zero, and -0.01 USD is.",
        ),
    ];
    for (changes, field, detail) in cases {
        let refused = shop.report(changes).await;
        let problem = refused.json();
        assert_eq!(refused.status, 422, "{refused}");
        assert_eq!(problem["type"], "urn:accrual:problem:invalid-amount");
        assert_eq!(
            (problem["field"].as_str(), problem["detail"].as_str()),
            (Some(field), Some(detail))
        );
    }
}

async fn what_nobody_is_credited_for_is_refused_with_the_findings(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.change("/enrollments/1", json!({ "active": false }))
        .await;
    let claims = json!({ "tag": "nobody", "affiliate_id": 1, "program_id": 1 });
    expect![[r#"
        422 {
          "detail": "No claim leads to an enrollment that can be credited.",
          "findings": [
            "Affiliate 1 in program 1 is enrollment 1 (affiliate 1 in program 1): not credited, the enrollment has ended.",
            "The tag nobody: no enrollment is known by it."
          ],
          "status": 422,
          "title": "Nobody can be credited",
          "type": "urn:accrual:problem:nobody-credited"
        }
    "#]].assert_eq(&shop.report(claims).await.pretty());
}

async fn a_fixed_amount_in_another_currency_cannot_be_computed(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.change("/programs/1", json!({ "incentives": [{ "fixed": "10" }] }))
        .await;
    expect![[r#"
        422 {
          "detail": "No exchange rate from EUR to USD, the program's currency, is known.",
          "field": "exchange",
          "status": 422,
          "title": "It cannot be computed",
          "type": "urn:accrual:problem:undecidable"
        }
    "#]]
    .assert_eq(&shop.report(json!({ "currency": "EUR" })).await.pretty());
}
