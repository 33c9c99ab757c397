//! Those who recruited the seller.

use serde_json::json;

use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    those_above_the_seller_earn_by_the_levels,
    a_recruiter_is_of_the_same_program,
    a_link_is_kept_changed_and_taken_away,
    a_link_belongs_to_one_enrollment,
}

async fn those_above_the_seller_earn_by_the_levels(shop: Shop) {
    let levels = json!({ "levels": [
        { "percent": "10", "of": "direct" },
        { "percent": "1", "of": "sale" },
        { "percent": "50", "of": "level_below" }
    ] });
    let shop = shop.with_rules(levels).await;
    for (id, recruiter) in [(3, 2), (4, 3)] {
        let name = format!("affiliate {id}");
        shop.make("/accrual/v1/affiliates", json!({ "name": name }))
            .await;
        let enrollment = json!({
            "affiliate_id": id, "program_id": 1, "tag": format!("t{id}"), "recruiter_id": recruiter
        });
        let made = shop.make("/accrual/v1/enrollments", enrollment).await;
        assert_eq!(made["recruiter_id"], recruiter);
    }
    let sold = shop.sell(json!({ "tag": "t4", "total": "250" })).await;
    let commissions = sold["commissions"].as_array().unwrap().iter();
    let shown: Vec<_> = commissions
        .map(|one| {
            super::picked(
                one,
                &["enrollment_id", "earned_by", "level", "amount", "base"],
            )
        })
        .collect();
    assert_eq!(
        json!(shown),
        json!([
            { "enrollment_id": 4, "earned_by": "sale", "level": null, "amount": "25.00", "base": "250.00" },
            { "enrollment_id": 3, "earned_by": "level", "level": 1, "amount": "2.50", "base": "250.00" },
            { "enrollment_id": 2, "earned_by": "level", "level": 2, "amount": "2.50", "base": "250.00" }
        ])
    );
}

async fn a_recruiter_is_of_the_same_program(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.make(
        "/accrual/v1/programs",
        json!({ "name": "Other", "currency": "USD" }),
    )
    .await;
    let enrollment = json!({ "affiliate_id": 1, "program_id": 2, "tag": "other" });
    let refused = shop
        .write(
            "/enrollments",
            with(enrollment.clone(), json!({ "recruiter_id": 1 })),
        )
        .await;
    assert_eq!(refused.status, 422, "{refused}");
    assert_eq!(refused.json()["field"], "recruiter_id");
    let missing = with(enrollment, json!({ "recruiter_id": 9 }));
    let missing = shop.write("/enrollments", missing).await;
    assert_eq!(missing.status, 404, "{missing}");
    assert_eq!(missing.json()["detail"], "There is no enrollment 9.");
}

async fn a_link_is_kept_changed_and_taken_away(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let steps = [
        (
            json!({ "link": "https://example.org/r/Ada-L" }),
            json!("ada-l"),
        ),
        (json!({ "tag": "ada" }), json!("ada-l")),
        (json!({ "link": "LOVELACE" }), json!("lovelace")),
        (json!({ "link": null }), json!(null)),
    ];
    for (change, link) in steps {
        let changed = shop.change("/enrollments/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{changed}");
        assert_eq!(changed.json()["link"], link, "{change}");
    }
    let refused = vec![(
        json!({ "link": "?ref=" }),
        "link",
        "link is not a link: \"?ref=\" has no slug in it.",
    )];
    shop.refuses("PATCH", "/enrollments/1", refused).await;
}

async fn a_link_belongs_to_one_enrollment(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.change("/enrollments/1", json!({ "link": "summer" }))
        .await;
    for (link, kind) in [("SUMMER", "link-taken"), ("ada", "link-taken")] {
        let taken = shop.change("/enrollments/2", json!({ "link": link })).await;
        assert_eq!(taken.status, 409, "{taken}");
        let problem = format!("urn:accrual:problem:{kind}");
        assert_eq!(taken.json()["type"], problem);
    }
    let taken = shop
        .change("/enrollments/2", json!({ "tag": "summer" }))
        .await;
    assert_eq!(taken.json()["type"], "urn:accrual:problem:tag-taken");
}
