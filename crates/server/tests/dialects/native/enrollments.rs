//! Enrollments and their tags.

use expect_test::expect;
use serde_json::{Value, json};

use crate::{
    harness::on_both_databases,
    shop::{Shop, with},
};

on_both_databases! {
    an_enrollment_is_made_and_read,
    a_tag_is_made_up_if_none_is_given,
    an_enrollment_is_changed_in_what_is_named_only,
    a_rate_of_its_own_goes_before_the_programs,
    a_tag_belongs_to_one_enrollment,
    an_affiliate_is_in_a_program_once,
    what_is_not_an_enrollment_is_refused_by_name,
    what_does_not_exist_is_not_found,
    enrollments_are_listed_by_program_and_affiliate,
}

fn enrollment(changes: Value) -> Value {
    with(
        json!({ "affiliate_id": 1, "program_id": 1, "tag": "Ada" }),
        changes,
    )
}

/// A program and two affiliates, in nothing yet.
async fn with_two(shop: Shop) -> Shop {
    let five = json!({ "name": "Five", "currency": "USD", "incentives": [{ "percent": "5" }] });
    shop.write("/programs", five).await;
    for name in ["Ada", "Grace"] {
        shop.write("/affiliates", json!({ "name": name })).await;
    }
    shop
}

async fn an_enrollment_is_made_and_read(shop: Shop) {
    let shop = with_two(shop).await;
    let changes = json!({ "tag": " ÉTÉ 2025 ", "percent": "7.50" });
    let made = shop.write("/enrollments", enrollment(changes)).await;
    expect![[r#"201 {"id":1,"affiliate_id":1,"program_id":1,"tag":"été 2025","link":null,"recruiter_id":null,"percent":"7.5","active":true,"state":"active","details":{},"created_at":"2026-01-31T12:00:00.123456Z"}"#]].assert_eq(&made.to_string());
    let read = shop.read("/enrollments/1").await;
    assert_eq!((read.status, read.body), (200, made.body));
}

async fn a_tag_is_made_up_if_none_is_given(shop: Shop) {
    let shop = with_two(shop).await;
    let mut tags = Vec::new();
    for affiliate in [1, 2] {
        let made = shop
            .write(
                "/enrollments",
                json!({ "affiliate_id": affiliate, "program_id": 1 }),
            )
            .await;
        tags.push(made.json()["tag"].as_str().unwrap().to_owned());
    }
    assert_ne!(tags[0], tags[1]);
    let sale = json!({ "reference": "1", "currency": "USD", "total": "1", "tag": tags[1] });
    let credited = shop.write("/conversions", sale).await.json();
    assert_eq!(credited["commissions"][0]["affiliate_id"], 2);
}

async fn an_enrollment_is_changed_in_what_is_named_only(shop: Shop) {
    let shop = with_two(shop).await;
    shop.write("/enrollments", enrollment(json!({ "percent": "8" })))
        .await;
    let steps = [
        (json!({}), json!(["ada", "8", true])),
        (json!({ "tag": "LOVELACE" }), json!(["lovelace", "8", true])),
        (json!({ "percent": 9 }), json!(["lovelace", "9", true])),
        (json!({ "percent": null }), json!(["lovelace", null, true])),
        (json!({ "active": false }), json!(["lovelace", null, false])),
        (
            json!({ "active": true, "tag": "ada" }),
            json!(["ada", null, true]),
        ),
    ];
    for (change, expected) in steps {
        let changed = shop.change("/enrollments/1", change.clone()).await;
        assert_eq!(changed.status, 200, "{changed}");
        let changed = changed.json();
        let found = json!([changed["tag"], changed["percent"], changed["active"]]);
        assert_eq!(found, expected, "{change}");
        assert_eq!(shop.read("/enrollments/1").await.json(), changed);
    }
}

async fn a_rate_of_its_own_goes_before_the_programs(shop: Shop) {
    let shop = with_two(shop).await;
    shop.write(
        "/enrollments",
        enrollment(json!({ "percent": "33.3333333" })),
    )
    .await;
    let sale = json!({ "reference": "1", "currency": "USD", "total": "100.00", "tag": "ada" });
    let earned = shop.write("/conversions", sale).await.json();
    assert_eq!(earned["commissions"][0]["amount"], "33.33");
}

async fn a_tag_belongs_to_one_enrollment(shop: Shop) {
    let shop = with_two(shop).await;
    shop.write("/enrollments", enrollment(json!({}))).await;
    let taken = shop
        .write(
            "/enrollments",
            enrollment(json!({ "affiliate_id": 2, "tag": "ADA" })),
        )
        .await;
    expect![[r#"409 {"type":"urn:accrual:problem:tag-taken","title":"The tag is taken","status":409,"detail":"The tag ada belongs to enrollment 1."}"#]].assert_eq(&taken.to_string());
    let grace = enrollment(json!({ "affiliate_id": 2, "tag": "grace" }));
    shop.write("/enrollments", grace).await;
    let taken = shop.change("/enrollments/2", json!({ "tag": "Ada" })).await;
    assert_eq!(taken.status, 409);
    // Its own it may be given again; a former one is free.
    assert_eq!(
        shop.change("/enrollments/1", json!({ "tag": "ADA" }))
            .await
            .status,
        200
    );
    assert_eq!(
        shop.change("/enrollments/1", json!({ "tag": "other" }))
            .await
            .status,
        200
    );
    assert_eq!(
        shop.change("/enrollments/2", json!({ "tag": "Ada" }))
            .await
            .status,
        200
    );
}

async fn an_affiliate_is_in_a_program_once(shop: Shop) {
    let shop = with_two(shop).await;
    shop.write("/enrollments", enrollment(json!({}))).await;
    let again = shop
        .write("/enrollments", enrollment(json!({ "tag": "another" })))
        .await;
    expect![[r#"409 {"type":"urn:accrual:problem:already-enrolled","title":"The affiliate is in the program already","status":409,"detail":"Affiliate 1 is in program 1 already, by enrollment 1."}"#]].assert_eq(&again.to_string());
}

async fn what_is_not_an_enrollment_is_refused_by_name(shop: Shop) {
    let shop = with_two(shop).await;
    let cases = vec![
        (
            enrollment(json!({ "affiliate_id": null })),
            "affiliate_id",
            "affiliate_id is required.",
        ),
        (
            enrollment(json!({ "affiliate_id": "1" })),
            "affiliate_id",
            "affiliate_id must be an integer.",
        ),
        (
            enrollment(json!({ "program_id": null })),
            "program_id",
            "program_id is required.",
        ),
        (
            enrollment(json!({ "program_id": 1.0 })),
            "program_id",
            "program_id must be an integer.",
        ),
        (
            enrollment(json!({ "tag": " " })),
            "tag",
            "tag is not a tag: a tag needs at least one character.",
        ),
        (
            enrollment(json!({ "tag": "a\nb" })),
            "tag",
            "tag is not a tag: a tag has no control characters.",
        ),
        (
            enrollment(json!({ "tag": "t".repeat(256) })),
            "tag",
            "tag is not a tag: a tag has at most 255 characters, this one has 256.",
        ),
        (
            enrollment(json!({ "percent": "x" })),
            "percent",
            "percent must be a decimal number of percent, such as \"7.5\".",
        ),
        (
            enrollment(json!({ "percent": "101" })),
            "percent",
            "percent is not a rate: the rate 101 is not within 0 to 100.",
        ),
    ];
    shop.refuses("POST", "/enrollments", cases).await;
    shop.write("/enrollments", enrollment(json!({}))).await;
    let cases = vec![
        (
            json!({ "active": "no" }),
            "active",
            "active must be true or false.",
        ),
        (
            json!({ "tag": "" }),
            "tag",
            "tag is not a tag: a tag needs at least one character.",
        ),
    ];
    shop.refuses("PATCH", "/enrollments/1", cases).await;
}

async fn what_does_not_exist_is_not_found(shop: Shop) {
    let shop = with_two(shop).await;
    let missing = [
        (
            shop.read("/enrollments/1").await,
            "There is no enrollment 1.",
        ),
        (
            shop.change("/enrollments/1", json!({ "tag": "x" })).await,
            "There is no enrollment 1.",
        ),
        (
            shop.write("/enrollments", enrollment(json!({ "affiliate_id": 3 })))
                .await,
            "There is no affiliate 3.",
        ),
        (
            shop.write("/enrollments", enrollment(json!({ "program_id": 2 })))
                .await,
            "There is no program 2.",
        ),
    ];
    for (answer, detail) in missing {
        assert_eq!(answer.status, 404, "{answer}");
        assert_eq!(answer.json()["detail"], detail);
    }
}

async fn enrollments_are_listed_by_program_and_affiliate(shop: Shop) {
    let shop = with_two(shop).await;
    shop.write("/programs", json!({ "name": "Two", "currency": "USD" }))
        .await;
    for (affiliate, program) in [(1, 1), (2, 1), (1, 2)] {
        let changes = json!({
            "affiliate_id": affiliate, "program_id": program, "tag": format!("{affiliate}-{program}")
        });
        shop.write("/enrollments", enrollment(changes)).await;
    }
    let lists = [
        ("", vec![1, 2, 3]),
        ("?program_id=1", vec![1, 2]),
        ("?affiliate_id=1", vec![1, 3]),
        ("?program_id=2&affiliate_id=1", vec![3]),
        ("?program_id=2&affiliate_id=2", vec![]),
        ("?program_id=9", vec![]),
    ];
    for (query, ids) in lists {
        let listed = shop.read(&format!("/enrollments{query}")).await.json();
        let rows = listed["data"].as_array().unwrap().iter();
        let found: Vec<_> = rows.map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(found, ids, "{query}");
    }
}
