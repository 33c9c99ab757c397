//! The whole of a program's rules.

use serde_json::{Value, json};

use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    every_rule_is_kept_and_shown_as_it_can_be_given,
    what_is_absent_stays_and_null_takes_away,
    an_object_takes_the_place_of_the_former_one,
    rules_decide_what_is_earned,
    tiers_look_at_what_was_sold_before,
    caps_and_the_least_sale_are_named_in_the_decision,
    a_commission_can_wait_for_a_person,
}

fn rules() -> Value {
    json!({
        "currency": "USD",
        "base": {
            "amount": "subtotal", "less_tax": true, "less_shipping": true, "less_discount": false
        },
        "incentives": [
            {
                "percent": "10", "applies_to": "all",
                "steps": [
                    { "from_payment": 2, "percent": "5" },
                    { "from_month": 12, "percent": "1", "fixed": "0.50" }
                ],
                "max_months": 24, "max_payments": 36
            },
            {
                "percent": "3", "fixed": "2.50", "applies_to": "subscription",
                "countries": ["DE", "FR"],
                "metadata": { "plan": "pro", "seats": "5", "trial": "false" }
            },
            { "per_item": "0.75", "applies_to": "products", "products": ["mug", "shirt"] },
            { "fixed": "7.00", "applies_to": "prices", "prices": ["plan-1"] },
            {
                "percent": "4", "applies_to": "yearly",
                "tiers": {
                    "period": "rolling_days", "days": 30, "mode": "marginal",
                    "tiers": [
                        { "from_amount": "100.00", "percent": "5" },
                        { "from_amount": "1000.00", "percent": "6" }
                    ]
                }
            },
            {
                "percent": "4", "applies_to": "monthly",
                "tiers": {
                    "period": "calendar_month", "mode": "reached_before",
                    "tiers": [{ "from_count": 10, "per_item": "1.00" }]
                }
            },
            {
                "percent": "4", "applies_to": "one_time",
                "tiers": {
                    "period": "ever", "mode": "own_size",
                    "tiers": [{ "from_amount": "50.00", "fixed": "9.00" }]
                }
            }
        ],
        "minimum_sale": "5.00",
        "caps": {
            "per_conversion": "50.00", "per_customer": "500.00",
            "per_period": { "period": "calendar_month", "amount": "1000.00" }
        },
        "levels": [
            { "percent": "10", "of": "direct" },
            { "percent": "1", "of": "sale" },
            { "percent": "50", "of": "level_below" }
        ],
        "hold_days": 30,
        "approval": "by_person",
        "crediting": {
            "precedence": ["tag", "promo_code", "click", "membership", "affiliate", "link", "email",
                "customer", "external_user", "referral"],
            "touch": "first",
            "window_days": 30, "window_seconds": null,
            "binding": "for_days", "binding_days": 90,
            "sharing": "first_bonus", "bonus_percent": "12.5",
            "refuse_self_referral": true
        }
    })
}

async fn every_rule_is_kept_and_shown_as_it_can_be_given(shop: Shop) {
    let program = with(rules(), json!({ "name": "Everything" }));
    let made = shop.write("/programs", program).await;
    assert_eq!(made.status, 201, "{made}");
    let shown = made.json()["terms"].clone();
    assert_eq!(shown, with(rules(), json!({ "version": 1 })));
    assert_eq!(shop.read("/programs/1").await.json(), made.json());
    let versions = shop.read("/programs/1/terms").await.json();
    assert_eq!(versions, json!({ "data": [shown] }));

    // What is shown can be given.
    let changed = shop.change("/programs/1", rules()).await;
    assert_eq!(
        changed.json()["terms"],
        with(rules(), json!({ "version": 2 })),
        "{changed}"
    );
}

async fn what_is_absent_stays_and_null_takes_away(shop: Shop) {
    let program = with(rules(), json!({ "name": "Everything" }));
    shop.write("/programs", program).await;
    let nothing = json!({ "per_conversion": null, "per_customer": null, "per_period": null });
    let mut expected = with(rules(), json!({ "version": 1 }));
    let steps = [
        (json!({ "hold_days": 3 }), json!({ "hold_days": 3 })),
        (
            json!({ "minimum_sale": null }),
            json!({ "minimum_sale": null }),
        ),
        (json!({ "caps": null }), json!({ "caps": nothing })),
        (json!({ "levels": null }), json!({ "levels": [] })),
        (
            json!({ "approval": "automatic" }),
            json!({ "approval": "automatic" }),
        ),
        (
            json!({ "minimum_sale": "7" }),
            json!({ "minimum_sale": "7.00" }),
        ),
    ];
    for (version, (change, after)) in (2..).zip(steps) {
        let changed = shop.change("/programs/1", change.clone()).await;
        expected = with(expected, with(after, json!({ "version": version })));
        assert_eq!(changed.json()["terms"], expected, "{change}: {changed}");
    }
    // What means nothing changes nothing.
    let nulls = json!({
        "name": null, "currency": null, "base": null, "incentives": null, "hold_days": null,
        "approval": null, "crediting": null
    });
    let changed = shop.change("/programs/1", nulls).await.json();
    assert_eq!(changed["terms"], expected);
}

async fn an_object_takes_the_place_of_the_former_one(shop: Shop) {
    let program = with(rules(), json!({ "name": "Everything" }));
    shop.write("/programs", program).await;
    let change = json!({
        "base": { "less_discount": true },
        "caps": { "per_conversion": "20" },
        "crediting": { "window_seconds": 90 }
    });
    let terms = shop.change("/programs/1", change).await.json()["terms"].clone();
    assert_eq!(
        terms["base"],
        json!({
            "amount": "total", "less_tax": false, "less_shipping": false, "less_discount": true
        })
    );
    assert_eq!(
        terms["caps"],
        json!({ "per_conversion": "20.00", "per_customer": null, "per_period": null })
    );
    let crediting = &terms["crediting"];
    let shown = json!([
        crediting["window_days"],
        crediting["window_seconds"],
        crediting["touch"],
        crediting["binding"],
        crediting["sharing"],
        crediting["refuse_self_referral"]
    ]);
    assert_eq!(shown, json!([null, 90, "last", "none", "one", false]));
}

async fn rules_decide_what_is_earned(shop: Shop) {
    let rules = json!({
        "base": { "amount": "subtotal", "less_tax": true },
        "incentives": [
            { "percent": "10" },
            { "percent": "20", "applies_to": "yearly" },
            { "per_item": "1.50", "products": ["mug"] },
            { "percent": "0", "prices": ["free"] },
            { "percent": "2", "fixed": "3", "countries": ["de"], "metadata": { "plan": "pro" } }
        ]
    });
    let shop = shop.with_rules(rules).await;
    let line = |product: &str, price: Value, quantity: u32, amount: &str| json!({ "product": product, "price": price, "quantity": quantity, "amount": amount });
    let cases = [
        (json!({}), "10.00"),
        (json!({ "subtotal": "80" }), "8.00"),
        (json!({ "tax": "20" }), "8.00"),
        (
            json!({ "total": "119", "tax_percent_included": "19" }),
            "10.00",
        ),
        (
            json!({ "sale_type": "subscription", "interval": "yearly" }),
            "20.00",
        ),
        (json!({ "country": "de" }), "10.00"),
        (
            json!({ "country": "DE", "metadata": { "plan": "pro" } }),
            "5.00",
        ),
        (
            json!({ "lines": [line("mug", json!(null), 4, "60"), line("tea", json!(null), 1, "40")] }),
            "10.00",
        ),
        (
            json!({ "lines": [line("mug", json!("free"), 4, "60"), line("tea", json!(null), 1, "40")] }),
            "4.00",
        ),
        (json!({ "commission_percent": "7.5" }), "7.50"),
        (json!({ "commission": "1.25" }), "1.25"),
    ];
    for (number, (mut sale, amount)) in cases.into_iter().enumerate() {
        sale["reference"] = json!(format!("order-{number}"));
        let sold = shop.sell(sale.clone()).await;
        assert_eq!(sold["commissions"][0]["amount"], amount, "{sale}");
    }
}

async fn tiers_look_at_what_was_sold_before(shop: Shop) {
    let rules = json!({ "incentives": [{
        "percent": "10",
        "tiers": { "period": "calendar_month", "mode": "retroactive",
            "tiers": [{ "from_count": 3, "percent": "20" }] }
    }] });
    let shop = shop.with_rules(rules).await;
    for (reference, amount) in [("1", "10.00"), ("2", "10.00"), ("3", "20.00")] {
        let sold = shop.sell(json!({ "reference": reference })).await;
        assert_eq!(sold["commissions"][0]["amount"], amount);
    }
    // The month before counts by itself.
    let before = json!({ "reference": "4", "occurred_at": "2025-12-30T00:00:00Z" });
    assert_eq!(shop.sell(before).await["commissions"][0]["amount"], "10.00");
    for (id, amount) in [(1, "20.00"), (2, "20.00"), (3, "20.00"), (4, "10.00")] {
        let lifted = shop.read(&format!("/conversions/{id}")).await.json();
        assert_eq!(lifted["commissions"][0]["amount"], amount, "{id}");
    }
    let decision = shop.read("/conversions/3/decision").await.json();
    assert_eq!(decision["lift"]["tier"], 1);
    let chapters = shop.read("/conversions/1/decision").await.json();
    assert_eq!(chapters["chapters"].as_array().unwrap().len(), 2);
}

async fn caps_and_the_least_sale_are_named_in_the_decision(shop: Shop) {
    let rules = json!({
        "minimum_sale": "20",
        "caps": {
            "per_conversion": "9",
            "per_period": { "period": "rolling_days", "days": 7, "amount": "15" }
        }
    });
    let shop = shop.with_rules(rules).await;
    let mut cuts = Vec::new();
    for (reference, total) in [("1", "100"), ("2", "100"), ("3", "19.99")] {
        let sold = shop
            .sell(json!({ "reference": reference, "total": total }))
            .await;
        let decision = shop
            .read(&format!("/conversions/{}/decision", sold["id"]))
            .await
            .json();
        cuts.push((decision["amount"].clone(), decision["cuts"].clone()));
        if reference == "3" {
            assert_eq!(decision["reason"]["kind"], "below_minimum");
            assert_eq!(decision["reason"]["minimum_sale"], "20.00");
        }
    }
    let conversion = json!({
        "cap": "per_conversion", "limit": "9.00", "earned": "0.00", "before": "10.00",
        "after": "9.00", "words": "A conversion earns at most 9.00 USD: 10.00 USD is cut to 9.00 USD."
    });
    assert_eq!(cuts[0], (json!("9.00"), json!([conversion.clone()])));
    let period = json!({
        "cap": "per_period", "period": "rolling_days", "days": 7, "limit": "15.00",
        "earned": "9.00", "before": "9.00", "after": "6.00",
        "words": "An affiliate earns at most 15.00 USD in 7 days, and has earned 9.00 USD before: \
                  9.00 USD is cut to 6.00 USD."
    });
    assert_eq!(cuts[1], (json!("6.00"), json!([conversion, period])));
    assert_eq!(cuts[2], (json!("0.00"), json!([])));
}

async fn a_commission_can_wait_for_a_person(shop: Shop) {
    let rules = json!({ "approval": "by_person", "hold_days": 5 });
    let shop = shop.with_rules(rules).await;
    let sold = shop.sell(json!({})).await;
    let commission = &sold["commissions"][0];
    assert_eq!(commission["status"], "awaiting_approval");
    assert_eq!(commission["payable_at"], "2026-02-04T08:00:00Z");
}
