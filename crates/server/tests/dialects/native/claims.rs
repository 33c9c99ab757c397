//! Who is said to have sent the customer: each kind of claim, splits and agreement.

use serde_json::{Value, json};

use super::earned;
use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    each_kind_of_claim_leads_to_its_enrollment,
    a_claim_is_shown_as_it_was_made,
    the_strongest_claim_is_credited_and_all_are_explained,
    a_program_can_say_which_claims_are_stronger,
    weights_split_a_commission_to_the_cent,
    claims_that_must_agree_and_do_not_credit_nobody,
    a_known_customer_needs_no_claim,
    what_is_not_a_claim_is_refused_by_name,
}

/// Two affiliates; a click of each by visitor `v-1`, and a customer of Ada's.
async fn with_people(shop: Shop) -> Shop {
    let shop = shop.with_rules(json!({})).await;
    shop.change("/enrollments/2", json!({ "link": "grace-link" }))
        .await;
    let sign_up = json!({
        "tag": "ada", "external_user_id": "u-1", "customer_id": "c-1",
        "customer_email": "Kim@Example.com"
    });
    shop.make("/accrual/v1/sign_ups", sign_up).await;
    let click = json!({ "tag": "grace", "click_id": "v-1", "occurred_at": "2026-01-29T00:00:00Z" });
    shop.make("/accrual/v1/clicks", click).await;
    let code = json!({ "code": "GRACE10", "enrollment_id": 2 });
    shop.make("/accrual/v1/promo_codes", code).await;
    shop
}

/// What each claim of the sale came to: its enrollment and its verdict.
async fn verdicts(shop: &Shop, sold: &Value) -> Vec<String> {
    let path = format!("/conversions/{}/decision", sold["id"]);
    let decision = shop.read(&path).await.json();
    let findings = decision["findings"].as_array().unwrap().iter();
    findings
        .map(|one| {
            format!(
                "{} {}",
                one["enrollment_id"],
                one["verdict"].as_str().unwrap()
            )
        })
        .collect()
}

async fn each_kind_of_claim_leads_to_its_enrollment(shop: Shop) {
    let shop = with_people(shop).await;
    // Nobody is bound to an enrollment: what names a person needs a click, or the referral itself.
    shop.change(
        "/programs/1",
        json!({ "crediting": { "binding": "for_life" } }),
    )
    .await;
    let cases = [
        (json!({ "referral_id": 1 }), 1),
        (json!({ "click_id": "v-1" }), 2),
        (json!({ "external_user_id": "u-1" }), 1),
        (json!({ "customer_id": "c-1" }), 1),
        (json!({ "customer_email": " kim@example.COM " }), 1),
        (json!({ "affiliate_id": 2 }), 2),
        (json!({ "affiliate_id": 1, "program_id": 1 }), 1),
        (json!({ "link": "https://example.org/?ref=Grace-Link" }), 2),
        (json!({ "link": "ada" }), 1),
        (json!({ "tag": "GRACE" }), 2),
        (json!({ "promo_code": "grace10" }), 2),
    ];
    for (number, (claim, enrollment)) in cases.into_iter().enumerate() {
        let sale = json!({
            "reference": format!("order-{number}"), "currency": "USD", "total": "100",
            "occurred_at": "2026-02-01T00:00:00Z", "claims": [claim]
        });
        let sold = shop.write("/conversions", sale).await;
        assert_eq!(sold.status, 201, "{claim}: {sold}");
        let credited = sold.json()["commissions"][0]["enrollment_id"].clone();
        assert_eq!(credited, enrollment, "{claim}");
    }
}

async fn a_claim_is_shown_as_it_was_made(shop: Shop) {
    let shop = with_people(shop).await;
    let claims = json!([
        { "referral_id": 1 }, { "click_id": "v-1" }, { "external_user_id": "u-1" },
        { "customer_id": "c-1" }, { "customer_email": "kim@example.com" }, { "affiliate_id": 2 },
        { "affiliate_id": 1, "program_id": 1 }, { "link": "ada" }, { "tag": "ada" },
        { "promo_code": "grace10" }
    ]);
    let sold = shop.claim("1", claims.clone()).await;
    assert_eq!(sold.json()["claims"], claims, "{sold}");
    assert_eq!(shop.read("/conversions/1").await.json(), sold.json());
    let again = shop.claim("1", claims).await;
    assert_eq!((again.status, again.body), (200, sold.body));
    let both =
        json!({ "reference": "2", "affiliate_id": 2, "claims": [{ "promo_code": "grace10" }] });
    let sold = shop.sell(both).await;
    assert_eq!(
        sold["claims"],
        json!([{ "affiliate_id": 2 }, { "tag": "ada" }, { "promo_code": "grace10" }])
    );
}

async fn the_strongest_claim_is_credited_and_all_are_explained(shop: Shop) {
    let shop = with_people(shop).await;
    let claims = json!([
        { "tag": "ada" }, { "promo_code": "GRACE10" }, { "tag": "nobody" }, { "link": "grace-link" }
    ]);
    let sold = shop.claim("1", claims).await.json();
    assert_eq!(earned(&sold), ["2 10.00 USD payable"]);
    assert_eq!(
        verdicts(&shop, &sold).await,
        ["2 credited", "2 agrees", "1 outranked", "null found_nobody"]
    );
}

async fn a_program_can_say_which_claims_are_stronger(shop: Shop) {
    let shop = with_people(shop).await;
    let links_first = json!({ "crediting": { "precedence": ["tag", "promo_code"] } });
    shop.change("/programs/1", links_first).await;
    let claims = json!([{ "promo_code": "GRACE10" }, { "tag": "ada" }]);
    let sold = shop.claim("1", claims).await.json();
    assert_eq!(verdicts(&shop, &sold).await, ["1 credited", "2 outranked"]);
}

async fn weights_split_a_commission_to_the_cent(shop: Shop) {
    let shop = with_people(shop).await;
    let claims = json!([{ "tag": "ada", "weight": 2 }, { "tag": "grace", "weight": 1 }]);
    let sold = shop.claim("1", claims.clone()).await.json();
    assert_eq!(earned(&sold), ["1 6.67 USD payable", "2 3.33 USD payable"]);
    assert_eq!(sold["claims"], claims);
    let decision = shop.read("/conversions/1/decision").await.json();
    assert_eq!(decision["amount"], "10.00");
    let shares =
        |finding: &Value| json!([finding["verdict"], finding["weight"], finding["of_weights"]]);
    assert_eq!(
        shares(&decision["findings"][0]),
        json!(["shares_credit", 2, 3])
    );
    let none = json!([{ "tag": "ada", "weight": 1 }, { "promo_code": "grace10", "weight": 0 }]);
    let sold = shop.claim("2", none).await.json();
    assert_eq!(earned(&sold), ["1 10.00 USD payable"]);
    assert_eq!(verdicts(&shop, &sold).await, ["2 no_weight", "1 credited"]);
}

async fn claims_that_must_agree_and_do_not_credit_nobody(shop: Shop) {
    let shop = with_people(shop).await;
    let sale = |second: Value| {
        json!({
            "reference": "1", "currency": "USD", "total": "100", "agreement": true,
            "claims": [{ "tag": "ada" }, second]
        })
    };
    let refused = shop
        .write("/conversions", sale(json!({ "promo_code": "grace10" })))
        .await;
    assert_eq!(refused.status, 422);
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:accrual:problem:nobody-credited");
    assert_eq!(problem["findings"].as_array().unwrap().len(), 2);
    let agreed = shop
        .write("/conversions", sale(json!({ "affiliate_id": 1 })))
        .await;
    assert_eq!(agreed.status, 201, "{agreed}");
    assert_eq!(agreed.json()["agreement"], true);
}

async fn a_known_customer_needs_no_claim(shop: Shop) {
    let shop = with_people(shop).await;
    let sale = |reference: &str, customer: Value| {
        json!({
            "reference": reference, "currency": "USD", "total": "100", "customer": customer
        })
    };
    // The program does not remember customers.
    let unknown = shop
        .write("/conversions", sale("1", json!({ "id": "c-1" })))
        .await;
    assert_eq!(unknown.status, 422, "{unknown}");
    assert_eq!(
        unknown.json()["type"],
        "urn:accrual:problem:nobody-credited"
    );
    shop.change(
        "/programs/1",
        json!({ "crediting": { "binding": "for_life" } }),
    )
    .await;
    for (number, customer) in [
        json!({ "id": "c-1" }),
        json!({ "email": "KIM@example.com", "name": "Kim" }),
    ]
    .into_iter()
    .enumerate()
    {
        let sold = shop
            .write("/conversions", sale(&format!("known-{number}"), customer))
            .await;
        assert_eq!(sold.status, 201, "{sold}");
        assert_eq!(sold.json()["commissions"][0]["enrollment_id"], 1);
        assert_eq!(sold.json()["commissions"][0]["referral_id"], 1);
    }
    let nobody = shop.write("/conversions", sale("2", json!({ "name": "Kim" })));
    assert_eq!(nobody.await.status, 422);
}

async fn what_is_not_a_claim_is_refused_by_name(shop: Shop) {
    let shop = with_people(shop).await;
    let sale = |changes: Value| {
        let sale = json!({ "reference": "1", "currency": "USD", "total": "100" });
        crate::shop::with(sale, changes)
    };
    let claims = |claims: Value| sale(json!({ "claims": claims }));
    let cases = vec![
        (
            sale(json!({})),
            "claims",
            "claims or tag or affiliate_id are required, or a customer who can be known again.",
        ),
        (
            claims(json!([{}])),
            "claims[0]",
            "claims[0] must say who sent the customer.",
        ),
        (
            claims(json!([{ "weight": 1 }])),
            "claims[0]",
            "claims[0] must say who sent the customer.",
        ),
        (
            claims(json!([{ "tag": "ada" }, { "tag": "a", "link": "b" }])),
            "claims[1]",
            "claims[1] must be one claim, not several.",
        ),
        (
            claims(json!([{ "program_id": 1 }])),
            "claims[0].program_id",
            "claims[0].program_id needs affiliate_id.",
        ),
        (
            claims(json!([{ "referral_id": "1" }])),
            "claims[0].referral_id",
            "claims[0].referral_id must be an integer.",
        ),
        (
            claims(json!([{ "click_id": "" }])),
            "claims[0].click_id",
            "claims[0].click_id is not an id: an identifier needs at least one character.",
        ),
        (
            claims(json!([{ "customer_email": "kim" }])),
            "claims[0].customer_email",
            "claims[0].customer_email is not an e-mail address: \"kim\" is not an e-mail address.",
        ),
        (
            claims(json!([{ "link": "https://example.org/" }])),
            "claims[0].link",
            "claims[0].link is not a link: \"https://example.org/\" has no slug in it.",
        ),
        (
            claims(json!([{ "promo_code": " " }])),
            "claims[0].promo_code",
            "claims[0].promo_code is not a promo code: a promo code needs at least one character.",
        ),
        (
            claims(json!([{ "tag": "ada", "weight": -1 }])),
            "claims[0].weight",
            "claims[0].weight must be from 0 to 4,294,967,295.",
        ),
        (
            claims(json!([{ "tag": "ada", "weight": 1 }, { "tag": "grace" }])),
            "claims[1].weight",
            "claims[1].weight is required where another has one.",
        ),
        (
            sale(json!({ "tag": "ada", "claims": [{ "tag": "grace", "weight": 1 }] })),
            "claims",
            "claims with weights go without tag and affiliate_id.",
        ),
        (
            sale(json!({ "tag": "ada", "agreement": "yes" })),
            "agreement",
            "agreement must be true or false.",
        ),
        (
            claims(json!(vec![json!({ "tag": "ada" }); 101])),
            "claims",
            "claims must be at most 100.",
        ),
    ];
    shop.refuses("POST", "/conversions", cases).await;
    let unknown = shop.claim("1", json!([{ "tags": "ada" }])).await;
    assert_eq!(unknown.status, 400, "{unknown}");
}
