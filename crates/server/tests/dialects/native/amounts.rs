//! What a sale came to: tax, shipping, discounts, lines, and other currencies.

use serde_json::{Value, json};

use super::picked;
use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    every_amount_and_circumstance_is_kept_and_shown,
    an_exchange_rate_puts_the_commission_into_the_programs_currency,
    a_commission_can_be_set_in_the_currency_exchanged_into,
    what_needs_an_exchange_rate_is_refused_without_one,
    what_is_not_an_amount_is_refused_by_name,
    amounts_below_zero_are_refused,
}

fn exchange() -> Value {
    json!({
        "from_units": "0.8338", "to_units": "1.1172", "to_currency": "usd", "on": "2026-01-30",
        "source": "ECB"
    })
}

async fn every_amount_and_circumstance_is_kept_and_shown(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let said = json!({
        "total": "121.00", "subtotal": "95.00", "tax": "19.00", "shipping": "7.00",
        "discount": "5.00", "sale_type": "subscription", "interval": "yearly", "country": "de",
        "due_at": "2026-05-01T00:00:00Z", "commission_percent": "12.5",
        "lines": [
            { "product": "plan", "price": "p-1", "quantity": 1, "amount": "95.00" },
            { "product": "gift", "price": null, "quantity": 1, "amount": "0.00" }
        ]
    });
    let sold = shop.sell(said.clone()).await;
    let names = [
        "total",
        "subtotal",
        "tax",
        "shipping",
        "discount",
        "sale_type",
        "interval",
        "country",
        "due_at",
        "commission_percent",
        "lines",
    ];
    assert_eq!(
        picked(&sold, &names),
        with(said.clone(), json!({ "country": "DE" }))
    );
    let others = [
        "tax_percent_included",
        "exchange",
        "commission",
        "commission_currency",
        "refunded",
        "charged_back",
        "agreement",
    ];
    assert_eq!(
        picked(&sold, &others),
        json!({
            "tax_percent_included": null, "exchange": null, "commission": null,
            "commission_currency": null, "refunded": "0.00", "charged_back": "0.00",
            "agreement": false
        })
    );
    let commission = &sold["commissions"][0];
    assert_eq!(
        picked(
            commission,
            &[
                "base",
                "amount",
                "paid_out",
                "currency",
                "earned_by",
                "payable_at"
            ]
        ),
        json!({
            "base": "121.00", "amount": "15.13", "paid_out": "0.00", "currency": "USD",
            "earned_by": "sale", "payable_at": "2026-05-01T00:00:00Z"
        })
    );
    assert_eq!(shop.read("/conversions/1").await.json(), sold);
    let included = json!({ "reference": "2", "tax_percent_included": 19 });
    let included = shop.sell(included).await;
    assert_eq!(included["tax_percent_included"], "19");
}

async fn an_exchange_rate_puts_the_commission_into_the_programs_currency(shop: Shop) {
    let rules = json!({ "incentives": [{ "percent": "10", "fixed": "1.00" }] });
    let shop = shop.with_rules(rules).await;
    let sale = json!({ "currency": "GBP", "exchange": exchange() });
    let sold = shop.sell(sale).await;
    assert_eq!(
        sold["exchange"],
        json!({
            "from_units": "0.8338", "from_currency": "GBP", "to_units": "1.1172",
            "to_currency": "USD", "on": "2026-01-30", "source": "ECB"
        })
    );
    // 100 × 1.1172 ÷ 0.8338 is 133.98896…
    let commission = &sold["commissions"][0];
    assert_eq!(
        picked(commission, &["base", "amount", "currency"]),
        json!({ "base": "133.99", "amount": "14.40", "currency": "USD" })
    );
    assert_eq!(
        (&sold["currency"], &sold["total"]),
        (&json!("GBP"), &json!("100.00"))
    );
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(
        decision["base"],
        json!({
            "of": "total", "reported": "100.00", "amount": "133.99", "currency": "USD",
            "steps": [{ "change": "exchanged", "exchange": sold["exchange"], "left": "133.99" }]
        })
    );
    let balance = shop.read("/affiliates/1/balance").await.json();
    assert_eq!(balance["balances"][0]["payable"], "14.40");
    // Totals have the sale in its currency, and the commission in its own.
    let totals = shop.read("/totals").await.json();
    let rows = totals["data"].as_array().unwrap().iter();
    let rows: Vec<_> = rows
        .map(|row| {
            json!([
                row["currency"],
                row["conversions"],
                row["amount"],
                row["commission"]
            ])
        })
        .collect();
    assert_eq!(
        json!(rows),
        json!([["GBP", 1, "100.00", "0.00"], ["USD", 0, "0.00", "14.40"]])
    );
}

async fn a_commission_can_be_set_in_the_currency_exchanged_into(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let sale = json!({
        "currency": "GBP", "exchange": exchange(), "commission": "20", "commission_currency": "USD"
    });
    let sold = shop.sell(sale.clone()).await;
    let shown = ["commission", "commission_currency"];
    assert_eq!(
        picked(&sold, &shown),
        json!({ "commission": "20.00", "commission_currency": "USD" })
    );
    assert_eq!(sold["commissions"][0]["amount"], "20.00");
    let own = with(
        sale.clone(),
        json!({ "reference": "2", "commission_currency": "GBP" }),
    );
    assert_eq!(shop.sell(own).await["commissions"][0]["amount"], "26.80");
    let other = with(
        sale,
        json!({ "reference": "3", "commission_currency": "EUR", "tag": "ada",
        "total": "100" }),
    );
    let refused = shop.write("/conversions", other).await;
    assert_eq!(refused.status, 422, "{refused}");
    assert_eq!(refused.json()["field"], "commission");
}

async fn what_needs_an_exchange_rate_is_refused_without_one(shop: Shop) {
    let rules = json!({ "caps": { "per_conversion": "5" } });
    let shop = shop.with_rules(rules).await;
    let sale = |changes: Value| {
        let sale = json!({ "reference": "1", "currency": "GBP", "total": "100", "tag": "ada" });
        with(sale, changes)
    };
    let refused = shop.write("/conversions", sale(json!({}))).await;
    assert_eq!(refused.status, 422);
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:accrual:problem:undecidable");
    assert_eq!(problem["field"], "exchange");
    assert_eq!(
        problem["detail"],
        "No exchange rate from GBP to USD, the program's currency, is known."
    );
    let wrong = json!({ "exchange": with(exchange(), json!({ "to_currency": "EUR" })) });
    let wrong = shop.write("/conversions", sale(wrong)).await;
    assert_eq!(wrong.status, 422, "{wrong}");
    assert_eq!(wrong.json()["field"], "exchange");
}

async fn what_is_not_an_amount_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let money = "must be a decimal number in major units, such as \"29.70\".";
    let rate = |changes: Value| json!({ "exchange": with(exchange(), changes) });
    let cases = [
        (json!({ "tax": "x" }), "tax", money),
        (json!({ "shipping": "x" }), "shipping", money),
        (json!({ "discount": "1e1" }), "discount", money),
        (
            json!({ "tax": "1", "tax_percent_included": "19" }),
            "tax_percent_included",
            "goes without tax.",
        ),
        (
            json!({ "tax_percent_included": "101" }),
            "tax_percent_included",
            "is not a rate: the rate 101 is not within 0 to 100.",
        ),
        (
            json!({ "interval": "weekly" }),
            "interval",
            "must be monthly or yearly.",
        ),
        (
            json!({ "country": "GER" }),
            "country",
            "must be an ISO 3166-1 code of two letters.",
        ),
        (
            json!({ "commission_percent": "x" }),
            "commission_percent",
            "must be a decimal number of percent, such as \"7.5\".",
        ),
        (
            json!({ "commission_currency": "USD" }),
            "commission_currency",
            "needs commission.",
        ),
        (
            rate(json!({ "from_units": null })),
            "exchange.from_units",
            "is required.",
        ),
        (
            rate(json!({ "to_units": "x" })),
            "exchange.to_units",
            "must be a decimal number.",
        ),
        (
            rate(json!({ "to_currency": "dollars" })),
            "exchange.to_currency",
            "must be an ISO 4217 code, such as USD.",
        ),
        (
            rate(json!({ "on": "2026-01-30T00:00:00Z" })),
            "exchange.on",
            "must be a day, such as \"2026-01-31\".",
        ),
        (
            rate(json!({ "source": null })),
            "exchange.source",
            "is required.",
        ),
        (
            json!({ "lines": [{ "product": "a", "price": "", "quantity": 1, "amount": "1" }] }),
            "lines[0].price",
            "must not be empty.",
        ),
    ];
    for (changes, field, what) in cases {
        let sale = json!({ "reference": "1", "currency": "GBP", "total": "100", "tag": "ada" });
        let detail = format!("{field} {what}");
        let case = (with(sale, changes), field, detail.as_str());
        shop.refuses("POST", "/conversions", vec![case]).await;
    }
    for (units, currency) in [
        ("0", "usd"),
        ("-1", "usd"),
        ("1.0000000001", "usd"),
        ("1", "gbp"),
    ] {
        let changes = rate(json!({ "to_units": units, "to_currency": currency }));
        let sale = json!({ "reference": "1", "currency": "GBP", "total": "100", "tag": "ada" });
        let refused = shop.write("/conversions", with(sale, changes)).await;
        assert_eq!(refused.status, 422, "{refused}");
        assert_eq!(refused.json()["field"], "exchange");
    }
}

async fn amounts_below_zero_are_refused(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    for (field, detail) in [
        ("tax", "Tax must be zero or more, not -0.01 USD."),
        ("shipping", "Shipping must be zero or more, not -0.01 USD."),
        ("discount", "Discount must be zero or more, not -0.01 USD."),
    ] {
        let sale = json!({
            "reference": "1", "currency": "USD", "total": "100", "tag": "ada", field: "-0.01"
        });
        let refused = shop.write("/conversions", sale).await;
        assert_eq!(refused.status, 422, "{refused}");
        let problem = refused.json();
        assert_eq!(problem["type"], "urn:accrual:problem:invalid-amount");
        assert_eq!(
            (&problem["field"], &problem["detail"]),
            (&json!(field), &json!(detail))
        );
    }
}
