//! Rules that cannot be a program's.

use serde_json::{Value, json};

use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    what_is_not_a_rule_is_refused_by_name,
    rules_that_contradict_each_other_are_refused_with_their_place,
}

async fn what_is_not_a_rule_is_refused_by_name(shop: Shop) {
    let pays = |incentive: Value| json!({ "incentives": [incentive] });
    let tiers = |tiers: Value| pays(json!({ "percent": "1", "tiers": tiers }));
    let crediting = |crediting: Value| json!({ "crediting": crediting });
    let money = "must be a decimal number in major units, such as \"29.70\".";
    let cases = [
        (
            json!({ "base": { "amount": "net" } }),
            "base.amount",
            "must be total or subtotal.",
        ),
        (
            json!({ "base": { "less_tax": 1 } }),
            "base.less_tax",
            "must be true or false.",
        ),
        (json!({ "minimum_sale": "x" }), "minimum_sale", money),
        (
            json!({ "caps": { "per_customer": "x" } }),
            "caps.per_customer",
            money,
        ),
        (
            json!({ "caps": { "per_period": { "amount": "1" } } }),
            "caps.per_period.period",
            "is required.",
        ),
        (
            json!({ "caps": { "per_period": { "period": "ever" } } }),
            "caps.per_period.amount",
            "is required.",
        ),
        (
            json!({ "caps": { "per_period": { "period": "rolling_days", "amount": "1" } } }),
            "caps.per_period.days",
            "is required.",
        ),
        (
            json!({ "caps": { "per_period": { "period": "ever", "days": 1, "amount": "1" } } }),
            "caps.per_period.days",
            "needs the period rolling_days.",
        ),
        (
            json!({ "levels": [{ "percent": "1" }] }),
            "levels[0].of",
            "is required.",
        ),
        (
            json!({ "levels": [{ "of": "sale" }] }),
            "levels[0].percent",
            "is required.",
        ),
        (
            json!({ "levels": [{ "percent": "1", "of": "profit" }] }),
            "levels[0].of",
            "must be sale, direct or level_below.",
        ),
        (
            json!({ "approval": "later" }),
            "approval",
            "must be automatic or by_person.",
        ),
        (
            pays(json!({ "percent": "1", "products": ["a"], "prices": ["b"] })),
            "incentives[0].prices",
            "goes without products.",
        ),
        (
            pays(json!({ "percent": "1", "applies_to": "all", "products": ["a"] })),
            "incentives[0].applies_to",
            "covers something else than is listed.",
        ),
        (
            pays(json!({ "percent": "1", "applies_to": "products" })),
            "incentives[0].products",
            "is required.",
        ),
        (
            pays(json!({ "percent": "1", "products": [""] })),
            "incentives[0].products[0]",
            "must not be empty.",
        ),
        (
            pays(json!({ "percent": "1", "countries": ["Germany"] })),
            "incentives[0].countries[0]",
            "must be an ISO 3166-1 code of two letters.",
        ),
        (
            pays(json!({ "percent": "1", "metadata": { "plan": null } })),
            "incentives[0].metadata.plan",
            "must be a string, a number, true or false.",
        ),
        (
            pays(json!({ "percent": "1", "metadata": [] })),
            "incentives[0].metadata",
            "must be an object.",
        ),
        (
            pays(json!({ "percent": "1", "max_months": 0 })),
            "incentives[0].max_months",
            "must be from 1 to 65,535.",
        ),
        (
            pays(json!({ "percent": "1", "max_payments": -1 })),
            "incentives[0].max_payments",
            "must be from 1 to 4,294,967,295.",
        ),
        (
            pays(json!({ "percent": "1", "steps": [{ "percent": "1" }] })),
            "incentives[0].steps[0]",
            "needs from_payment or from_month, and not both.",
        ),
        (
            pays(json!({ "percent": "1", "steps": [{ "from_payment": 2 }] })),
            "incentives[0].steps[0]",
            "needs percent, fixed or per_item.",
        ),
        (
            tiers(json!({ "tiers": [] })),
            "incentives[0].tiers.period",
            "is required.",
        ),
        (
            tiers(json!({ "period": "year", "tiers": [] })),
            "incentives[0].tiers.period",
            "must be calendar_month, rolling_days or ever.",
        ),
        (
            tiers(json!({ "period": "ever", "mode": "steep", "tiers": [] })),
            "incentives[0].tiers.mode",
            "must be reached_before, own_size, marginal or retroactive.",
        ),
        (
            tiers(json!({ "period": "ever", "tiers": [{ "percent": "1" }] })),
            "incentives[0].tiers.tiers[0]",
            "needs from_amount or from_count, and not both.",
        ),
        (
            tiers(json!({ "period": "ever", "tiers": [{ "from_count": -1, "percent": "1" }] })),
            "incentives[0].tiers.tiers[0].from_count",
            "must be zero or more.",
        ),
        (
            crediting(json!({ "touch": "middle" })),
            "crediting.touch",
            "must be last or first.",
        ),
        (
            crediting(json!({ "precedence": ["tag", "tag"] })),
            "crediting.precedence",
            "must name each kind once.",
        ),
        (
            crediting(json!({ "precedence": ["cookie"] })),
            "crediting.precedence[0]",
            "must be membership, referral, external_user, click, customer, email, affiliate, \
             promo_code, link or tag.",
        ),
        (
            crediting(json!({ "window_days": 1, "window_seconds": 1 })),
            "crediting.window_seconds",
            "goes without window_days.",
        ),
        (
            crediting(json!({ "window_days": 0 })),
            "crediting.window_days",
            "must be from 1 to 65,535.",
        ),
        (
            crediting(json!({ "binding": "for_days" })),
            "crediting.binding_days",
            "is required.",
        ),
        (
            crediting(json!({ "binding": "for_life", "binding_days": 3 })),
            "crediting.binding_days",
            "needs the binding for_days.",
        ),
        (
            crediting(json!({ "sharing": "last_bonus" })),
            "crediting.bonus_percent",
            "is required.",
        ),
        (
            crediting(json!({ "sharing": "last_bonus", "bonus_percent": "100" })),
            "crediting.bonus_percent",
            "must be above 0 and below 100.",
        ),
        (
            crediting(json!({ "bonus_percent": "10" })),
            "crediting.bonus_percent",
            "needs the sharing first_bonus or last_bonus.",
        ),
        (
            crediting(json!({ "refuse_self_referral": "yes" })),
            "crediting.refuse_self_referral",
            "must be true or false.",
        ),
    ];
    let name = json!({ "name": "x", "currency": "USD" });
    shop.write("/programs", name.clone()).await;
    for (rules, field, what) in cases {
        let detail = format!("{field} {what}");
        let case = (with(name.clone(), rules.clone()), field, detail.as_str());
        shop.refuses("POST", "/programs", vec![case]).await;
        let case = (rules, field, detail.as_str());
        shop.refuses("PATCH", "/programs/1", vec![case]).await;
    }
    let terms = &shop.read("/programs/1").await.json()["terms"];
    assert_eq!(terms["version"], 1);
}

async fn rules_that_contradict_each_other_are_refused_with_their_place(shop: Shop) {
    let tiers =
        |mode: &str, tiers: Value| json!({ "period": "ever", "mode": mode, "tiers": tiers });
    let cases = [
        (
            json!({ "incentives": [{ "percent": "1" }, { "percent": "1", "products": [] }] }),
            json!("incentives[1]"),
            "Incentive 2 is for products, prices or countries, and names none.",
        ),
        (
            json!({ "incentives": [{ "percent": "1", "tiers": tiers("reached_before", json!([])) }] }),
            json!("incentives[0]"),
            "The tiers of incentive 1 are none.",
        ),
        (
            json!({ "incentives": [{ "percent": "1", "tiers": tiers("own_size", json!([
                { "from_count": 1, "percent": "2" }
            ])) }] }),
            json!("incentives[0]"),
            "The tiers of incentive 1 begin at counts of sales: its mode needs amounts.",
        ),
        (
            json!({ "levels": vec![json!({ "percent": "1", "of": "sale" }); 4] }),
            json!("levels"),
            "Terms have at most 3 levels, not 4.",
        ),
        (
            json!({ "minimum_sale": "-1" }),
            json!(null),
            "-1.00 USD is below zero.",
        ),
    ];
    for (rules, field, detail) in cases {
        let program = with(json!({ "name": "x", "currency": "USD" }), rules);
        let refused = shop.write("/programs", program).await;
        assert_eq!(refused.status, 422, "{refused}");
        let problem = refused.json();
        assert_eq!(problem["type"], "urn:accrual:problem:invalid-terms");
        assert_eq!(problem["detail"], detail);
        assert_eq!(problem["field"], field);
    }
}
