//! What a sale came to after all.

use serde_json::json;

use super::{earned, picked};
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_changed_amount_is_decided_again_under_the_same_terms,
    what_is_absent_stays_and_null_takes_away,
    a_repeated_report_is_known_whatever_has_changed,
    what_was_given_back_stays_given_back,
    what_was_called_off_stays_as_it_was,
    what_cannot_be_changed_so_is_refused_by_name,
    an_unknown_conversion_is_not_found,
}

async fn a_changed_amount_is_decided_again_under_the_same_terms(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    shop.change(
        "/programs/1",
        json!({ "incentives": [{ "percent": "50" }] }),
    )
    .await;
    let changed = shop
        .change("/conversions/1", json!({ "total": "80" }))
        .await;
    assert_eq!(changed.status, 200, "{changed}");
    let changed = changed.json();
    assert_eq!(changed["total"], "80.00");
    assert_eq!(earned(&changed), ["1 8.00 USD payable"]);
    assert_eq!(changed["commissions"][0]["terms_version"], 1);
    assert_eq!(shop.read("/conversions/1").await.json(), changed);
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(decision["amount"], "10.00");
    assert_eq!(decision["chapters"].as_array().unwrap().len(), 2);
    assert_eq!(decision["commissions"], changed["commissions"]);
}

async fn what_is_absent_stays_and_null_takes_away(shop: Shop) {
    let rules =
        json!({ "base": { "less_tax": true, "less_shipping": true, "less_discount": true } });
    let shop = shop.with_rules(rules).await;
    shop.sell(json!({ "subtotal": "90" })).await;
    let names = [
        "total",
        "subtotal",
        "tax",
        "tax_percent_included",
        "shipping",
        "discount",
    ];
    let mut expected = json!({
        "total": "100.00", "subtotal": "90.00", "tax": null, "tax_percent_included": null,
        "shipping": null, "discount": null
    });
    let steps = [
        (json!({}), json!({}), "10.00"),
        (json!({ "tax": "10" }), json!({ "tax": "10.00" }), "9.00"),
        (
            json!({ "shipping": "5" }),
            json!({ "shipping": "5.00" }),
            "8.50",
        ),
        (
            json!({ "discount": "5" }),
            json!({ "discount": "5.00" }),
            "8.00",
        ),
        (
            json!({ "tax_percent_included": "25" }),
            json!({ "tax": null, "tax_percent_included": "25" }),
            "7.20",
        ),
        (
            json!({ "tax": null, "shipping": null }),
            json!({ "tax_percent_included": null, "shipping": null }),
            "9.50",
        ),
        (
            json!({ "total": null, "discount": null }),
            json!({ "total": null, "discount": null }),
            "9.00",
        ),
    ];
    for (change, after, amount) in steps {
        let changed = shop.change("/conversions/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{change}: {changed}");
        let changed = changed.json();
        expected = crate::shop::with(expected, after);
        assert_eq!(picked(&changed, &names), expected, "{change}");
        assert_eq!(changed["commissions"][0]["amount"], amount, "{change}");
    }
    let set = shop
        .change("/conversions/1", json!({ "commission": "1.11" }))
        .await
        .json();
    assert_eq!(set["commission"], "1.11");
    assert_eq!(earned(&set), ["1 1.11 USD payable"]);
    let by_terms = shop
        .change("/conversions/1", json!({ "commission": null }))
        .await
        .json();
    assert_eq!(earned(&by_terms), ["1 9.00 USD payable"]);
}

async fn a_repeated_report_is_known_whatever_has_changed(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.report(json!({})).await;
    shop.change("/conversions/1", json!({ "total": "50" }))
        .await;
    let again = shop.report(json!({})).await;
    assert_eq!(again.status, 200, "{again}");
    assert_eq!(again.json()["total"], "50.00");
    assert_eq!(shop.report(json!({ "total": "50" })).await.status, 409);
}

async fn what_was_given_back_stays_given_back(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    shop.make(
        "/accrual/v1/conversions/1/refunds",
        json!({ "amount": "30" }),
    )
    .await;
    let changed = shop
        .change("/conversions/1", json!({ "total": "90" }))
        .await
        .json();
    assert_eq!(earned(&changed), ["1 6.00 USD payable"]);
    let refused = shop
        .change("/conversions/1", json!({ "total": "29.99" }))
        .await;
    assert_eq!(refused.status, 422, "{refused}");
    assert_eq!(refused.json()["field"], "total");
    assert_eq!(
        refused.json()["detail"],
        "The sale cannot be 29.99 USD: 30.00 USD was given back of it."
    );
}

async fn what_was_called_off_stays_as_it_was(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    shop.write("/conversions/1/status", json!({ "change": "decline" }))
        .await;
    let refused = shop
        .change("/conversions/1", json!({ "total": "50" }))
        .await;
    assert_eq!(refused.status, 409, "{refused}");
    assert_eq!(refused.json()["type"], "urn:accrual:problem:called-off");
    let read = shop.read("/conversions/1").await.json();
    assert_eq!(read["total"], "100.00");
}

async fn what_cannot_be_changed_so_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let money = "must be a decimal number in major units, such as \"29.70\".";
    let total = format!("total {money}");
    let cases = vec![
        (json!({ "total": "x" }), "total", total.as_str()),
        (
            json!({ "total": null }),
            "total",
            "total or subtotal is required.",
        ),
        (
            json!({ "total": "0" }),
            "total",
            "Total must be above zero, not 0.00 USD.",
        ),
        (
            json!({ "shipping": "-1" }),
            "shipping",
            "Shipping must be zero or more, not -1.00 USD.",
        ),
        (
            json!({ "tax": "1", "tax_percent_included": "1" }),
            "tax_percent_included",
            "tax_percent_included goes without tax.",
        ),
        (
            json!({ "commission": "-1" }),
            "commission",
            "A commission cannot be below zero, and -1.00 USD is.",
        ),
    ];
    shop.refuses("PATCH", "/conversions/1", cases).await;
    let unknown = shop
        .change("/conversions/1", json!({ "tag": "grace" }))
        .await;
    assert_eq!(unknown.status, 400, "{unknown}");
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(decision["chapters"].as_array().unwrap().len(), 1);
}

async fn an_unknown_conversion_is_not_found(shop: Shop) {
    let missing = shop.change("/conversions/1", json!({ "total": "1" })).await;
    assert_eq!(missing.status, 404, "{missing}");
    assert_eq!(missing.json()["detail"], "There is no conversion 1.");
}
