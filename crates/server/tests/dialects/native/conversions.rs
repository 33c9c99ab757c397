//! Reporting a conversion, and reading it.

use expect_test::expect;
use serde_json::{Value, json};

use super::{BASE, conversion};
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_conversion_is_recorded_with_everything_that_was_said,
    a_conversion_is_read_by_its_number_and_its_reference,
    metadata_keeps_the_text_of_its_numbers,
    metadata_is_as_deep_as_can_be_read_again,
    metadata_cannot_hide_its_depth,
    metadata_keeps_any_character,
    amounts_are_decimals_in_major_units,
    times_are_iso_8601,
    a_commission_is_held_by_the_terms_or_until_it_is_due,
    an_unknown_conversion_is_not_found,
}

async fn a_conversion_is_recorded_with_everything_that_was_said(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let reported = shop
        .report(json!({
            "source": "shop-a",
            "subtotal": "90",
            "affiliate_id": 1,
            "program_id": 1,
            "due_at": "2026-03-01T00:00:00+01:00",
            "sale_type": "subscription",
            "customer": {
                "id": "c-1", "email": "jsmith@example.com", "name": "J. Smith", "visitor_id": "v-1"
            },
            "platform": "website",
            "sub_id": "newsletter",
            "lines": [
                { "product": "shirt", "quantity": 2, "amount": "79.98" },
                { "product": "voucher", "quantity": 1, "amount": "-9.99" }
            ],
            "metadata": { "note": "a gift", "tags": ["a", { "deep": null }] }
        }))
        .await;
    expect![[r#"
        201 {
          "agreement": false,
          "charged_back": "0.00",
          "claims": [
            {
              "affiliate_id": 1,
              "program_id": 1
            },
            {
              "tag": "summer2025"
            }
          ],
          "commission": null,
          "commission_currency": null,
          "commission_percent": null,
          "commissions": [
            {
              "affiliate_id": 1,
              "amount": "5.00",
              "base": "99.99",
              "currency": "USD",
              "due_at": "2026-02-28T23:00:00Z",
              "earned_by": "sale",
              "enrollment_id": 1,
              "level": null,
              "paid_externally": false,
              "paid_out": "0.00",
              "payable_at": "2026-02-28T23:00:00Z",
              "position": 1,
              "program_id": 1,
              "referral_id": null,
              "status": "pending",
              "status_before_dispute": null,
              "terms_version": 1
            }
          ],
          "country": null,
          "currency": "USD",
          "customer": {
            "email": "jsmith@example.com",
            "id": "c-1",
            "name": "J. Smith",
            "visitor_id": "v-1"
          },
          "discount": null,
          "due_at": "2026-02-28T23:00:00Z",
          "exchange": null,
          "id": 1,
          "interval": null,
          "lines": [
            {
              "amount": "79.98",
              "price": null,
              "product": "shirt",
              "quantity": 2
            },
            {
              "amount": "-9.99",
              "price": null,
              "product": "voucher",
              "quantity": 1
            }
          ],
          "metadata": {
            "note": "a gift",
            "tags": [
              "a",
              {
                "deep": null
              }
            ]
          },
          "occurred_at": "2026-01-30T08:00:00Z",
          "platform": "website",
          "recorded_at": "2026-01-31T12:00:00.123456Z",
          "reference": "order-1",
          "refunded": "0.00",
          "sale_type": "subscription",
          "shipping": null,
          "source": "shop-a",
          "store": null,
          "sub_id": "newsletter",
          "subtotal": "90.00",
          "tax": null,
          "tax_percent_included": null,
          "total": "99.99"
        }
    "#]]
    .assert_eq(&reported.pretty());
    let read = shop.read("/conversions/1").await;
    assert_eq!((read.status, read.body), (200, reported.body));
}

async fn a_conversion_is_read_by_its_number_and_its_reference(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let first = shop.report(json!({ "reference": "a b/ü&c" })).await.json();
    let second = shop
        .report(json!({ "source": "shop b", "reference": "a b/ü&c" }))
        .await
        .json();
    assert_eq!(
        (&first["source"], &second["id"]),
        (&json!("api"), &json!(2))
    );
    let one = |found: &Value| json!({ "data": [found], "next_cursor": null });
    let encoded = "reference=a%20b%2F%C3%BC%26c";
    let lists = [
        (format!("?{encoded}"), one(&first)),
        (format!("?{encoded}&source=api"), one(&first)),
        (format!("?{encoded}&source=shop+b"), one(&second)),
        (
            "?reference=unknown".to_owned(),
            json!({ "data": [], "next_cursor": null }),
        ),
        (
            String::new(),
            json!({ "data": [first, second], "next_cursor": null }),
        ),
    ];
    for (query, expected) in lists {
        let listed = shop.read(&format!("/conversions{query}")).await;
        assert_eq!((listed.status, listed.json()), (200, expected), "{query}");
    }
    assert_eq!(shop.read("/conversions/2").await.json(), second);
    let refused = shop.read("/conversions?source=api").await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["detail"], "source needs reference.");
}

async fn metadata_keeps_the_text_of_its_numbers(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let numbers = r#"{"a":1.10,"b":100000000000000000000000001,"c":1e400,"d":0.1,"e":-0,"f":[1.0,{"g":2.50}]}"#;
    let body = conversion(json!({ "metadata": "HERE" }))
        .to_string()
        .replace("\"HERE\"", numbers);
    let request = || {
        shop.request("POST", &format!("{BASE}/conversions"))
            .body(body.clone())
    };
    let reported = request().send().await;
    assert_eq!(reported.status, 201, "{reported}");
    let kept = format!("\"metadata\":{numbers}");
    let kept = kept.replace("1e400", "1e+400");
    assert!(reported.body.contains(&kept), "{reported}");
    assert!(shop.read("/conversions/1").await.body.contains(&kept));
    assert!(shop.read("/conversions").await.body.contains(&kept));
    assert_eq!(request().send().await.status, 200);
}

async fn metadata_is_as_deep_as_can_be_read_again(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (depth, status) in [
        (2, 201),
        (64, 201),
        (65, 422),
        (100, 422),
        (126, 422),
        (127, 422),
        (8000, 422),
    ] {
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        let metadata = format!(r#"{{"[\"{{":{open}1{close}}}"#);
        let body = conversion(json!({ "reference": format!("{depth} deep"), "metadata": "HERE" }));
        let body = body.to_string().replace("\"HERE\"", &metadata);
        let request = shop.request("POST", &format!("{BASE}/conversions"));
        let reported = request.body(body).send().await;
        assert_eq!(reported.status, status, "{depth}: {reported}");
        let read = shop.read("/conversions").await;
        assert_eq!(read.status, 200, "{depth}: {read}");
    }
}

async fn metadata_keeps_any_character(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let metadata = json!({ "a\u{0}": "\u{0}\n\u{7f}", "": "\u{2028}🦀\"\\", "é": {}, "0": [] });
    let reported = shop.report(json!({ "metadata": metadata })).await;
    assert_eq!(reported.status, 201, "{reported}");
    assert_eq!(reported.json()["metadata"], metadata);
    let read = shop.read("/conversions/1").await;
    assert_eq!(read.body, reported.body);
}

async fn metadata_cannot_hide_its_depth(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    // The names by which serde_json hands numbers and unread texts to itself.
    for name in ["Number", "RawValue"] {
        let name = format!("$serde_json::private::{name}");
        let deep = "[".repeat(127) + &"]".repeat(127);
        for text in [deep.as_str(), "1", "x"] {
            let metadata = json!({ "a": { &name: text } });
            shop.report(
                json!({ "reference": format!("{name} {}", text.len()), "metadata": metadata }),
            )
            .await;
            let read = shop.read("/conversions").await;
            assert_eq!(read.status, 200, "{name} {text}: {read}");
        }
    }
}

async fn amounts_are_decimals_in_major_units(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        (json!(["USD", "99.99"]), json!(["99.99", "5.00"])),
        (json!(["USD", 99.99]), json!(["99.99", "5.00"])),
        (json!(["usd", "1e2"]), json!(null)),
        (json!(["USD", "100"]), json!(["100.00", "5.00"])),
        (json!(["USD", "100.000"]), json!(["100.00", "5.00"])),
        (json!(["USD", 0.1]), json!(["0.10", "0.01"])),
        (json!(["JPY", "1999"]), json!(["1999", "100"])),
        (json!(["KWD", "1.999"]), json!(["1.999", "0.100"])),
    ];
    let largest = (
        json!(["USD", "92233720368547758.07"]),
        json!(["92233720368547758.07", "4611686018427387.90"]),
    );
    amounts_are_shown(&shop, cases).await;
    // An organization that has sold as much can sell no more in that currency.
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    amounts_are_shown(&neighbour, [largest]).await;
}

async fn amounts_are_shown(shop: &Shop, cases: impl IntoIterator<Item = (Value, Value)>) {
    for (number, (given, expected)) in cases.into_iter().enumerate() {
        let reference = format!("order-{number}");
        let day = format!("2025-01-{:02}T00:00:00Z", number + 1);
        let reported = shop
            .report(json!({
                "reference": reference, "currency": given[0], "total": given[1], "occurred_at": day
            }))
            .await;
        if expected.is_null() {
            assert_eq!(reported.status, 422);
            continue;
        }
        assert_eq!(reported.status, 201, "{given}: {reported}");
        let shown = reported.json();
        assert_eq!(
            json!([shown["total"], shown["commissions"][0]["amount"]]),
            expected,
            "{given}"
        );
    }
}

async fn times_are_iso_8601(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let cases = [
        ("2026-01-30T08:00:00Z", "2026-01-30T08:00:00Z"),
        (
            "2026-01-30T08:00:00.123456789Z",
            "2026-01-30T08:00:00.123456Z",
        ),
        ("2026-01-30T08:00:00+05:30", "2026-01-30T02:30:00Z"),
        ("2026-01-30T08:00:00", "2026-01-30T08:00:00Z"),
        ("2026-01-30", "2026-01-30T00:00:00Z"),
    ];
    for (given, shown) in cases {
        let reported = shop
            .report(json!({ "reference": given, "occurred_at": given }))
            .await
            .json();
        assert_eq!(reported["occurred_at"], shown, "{given}");
    }
    let now = shop.report(json!({ "occurred_at": null })).await.json();
    assert_eq!(now["occurred_at"], "2026-01-31T12:00:00.123456Z");
}

async fn a_commission_is_held_by_the_terms_or_until_it_is_due(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.change("/programs/1", json!({ "hold_days": 2 })).await;
    let cases = [
        (
            json!({ "occurred_at": "2026-01-30T08:00:00Z" }),
            json!(["pending", "2026-02-01T08:00:00Z"]),
        ),
        (
            json!({ "occurred_at": "2026-01-29T08:00:00Z" }),
            json!(["payable", null]),
        ),
        (
            json!({ "due_at": "2026-05-01T00:00:00Z" }),
            json!(["pending", "2026-05-01T00:00:00Z"]),
        ),
        (
            json!({ "due_at": "2026-01-01T00:00:00Z" }),
            json!(["payable", null]),
        ),
    ];
    for (number, (mut changes, expected)) in cases.into_iter().enumerate() {
        changes["reference"] = json!(format!("order-{number}"));
        let reported = shop.report(changes.clone()).await.json();
        let commission = &reported["commissions"][0];
        assert_eq!(
            json!([commission["status"], commission["payable_at"]]),
            expected,
            "{changes}"
        );
    }
}

async fn an_unknown_conversion_is_not_found(shop: Shop) {
    for path in [
        "/conversions/1",
        "/conversions/1/decision",
        "/conversions/0",
        "/conversions/-1",
    ] {
        let answer = shop.read(path).await;
        assert_eq!(answer.status, 404, "{answer}");
    }
}
