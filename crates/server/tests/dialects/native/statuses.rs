//! What becomes of commissions.

use serde_json::{Value, json};

use super::{earned, picked};
use crate::{client::Answer, harness::on_both_databases, shop::Shop};

on_both_databases! {
    a_commission_is_approved_paid_and_unpaid,
    a_payout_is_left_before_anything_else,
    a_dispute_that_is_won_leaves_no_trace_and_one_that_is_lost_ends_it,
    a_commission_that_is_called_off_earns_nothing,
    what_was_paid_elsewhere_is_said_so,
    one_commission_of_several_can_change_by_itself,
    a_change_that_cannot_be_is_refused,
    what_is_not_a_change_is_refused_by_name,
}

async fn change(shop: &Shop, change: &str) -> Answer {
    shop.write("/conversions/1/status", json!({ "change": change }))
        .await
}

/// The status after each of these changes.
async fn walk(shop: &Shop, changes: &[&str]) -> Vec<Value> {
    let mut statuses = Vec::new();
    for word in changes {
        let changed = change(shop, word).await;
        assert_eq!(changed.status, 200, "{word}: {changed}");
        let changed = changed.json();
        assert_eq!(shop.read("/conversions/1").await.json(), changed);
        statuses.push(changed["commissions"][0]["status"].clone());
    }
    statuses
}

async fn a_commission_is_approved_paid_and_unpaid(shop: Shop) {
    let shop = shop.with_rules(json!({ "approval": "by_person" })).await;
    shop.sell(json!({})).await;
    let walked = walk(&shop, &["approve", "pay", "unpay", "pay"]).await;
    assert_eq!(walked, ["payable", "paid", "payable", "paid"]);
    let transfers = shop.read("/affiliates/1/transfers").await.json();
    let moved = transfers["data"].as_array().unwrap().iter();
    let moved: Vec<_> = moved
        .map(|one| {
            json!([
                one["from"],
                one["to"],
                one["amount"],
                one["commission_position"]
            ])
        })
        .collect();
    assert_eq!(
        json!(moved),
        json!([
            ["expense", "pending", "10.00", 1],
            ["pending", "payable", "10.00", 1],
            ["payable", "paid", "10.00", 1],
            ["paid", "payable", "10.00", 1],
            ["payable", "paid", "10.00", 1]
        ])
    );
}

async fn a_payout_is_left_before_anything_else(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    assert_eq!(walk(&shop, &["start_payout"]).await, ["in_payout"]);
    for refused in ["decline", "cancel", "start_payout"] {
        let refused = change(&shop, refused).await;
        assert_eq!(refused.status, 409, "{refused}");
    }
    let walked = walk(&shop, &["abandon_payout", "start_payout", "pay"]).await;
    assert_eq!(walked, ["payable", "in_payout", "paid"]);
}

async fn a_dispute_that_is_won_leaves_no_trace_and_one_that_is_lost_ends_it(shop: Shop) {
    let shop = shop.with_rules(json!({ "hold_days": 30 })).await;
    let sold = shop.sell(json!({})).await;
    let disputed = change(&shop, "dispute").await.json();
    assert_eq!(
        picked(
            &disputed["commissions"][0],
            &["status", "status_before_dispute", "payable_at"]
        ),
        json!({
            "status": "disputed", "status_before_dispute": "pending",
            "payable_at": "2026-03-01T08:00:00Z"
        })
    );
    let won = change(&shop, "win_dispute").await.json();
    assert_eq!(won["commissions"], sold["commissions"]);
    let walked = walk(&shop, &["dispute", "lose_dispute"]).await;
    assert_eq!(walked, ["disputed", "refunded"]);
    let balance = shop.read("/affiliates/1/balance").await.json();
    assert_eq!(balance["balances"][0]["pending"], "0.00");
}

async fn a_commission_that_is_called_off_earns_nothing(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    for (id, word, status) in [(1, "decline", "declined"), (2, "cancel", "cancelled")] {
        shop.sell(json!({ "reference": id.to_string() })).await;
        let path = format!("/conversions/{id}/status");
        for change in ["pay_externally", word] {
            let changed = shop.write(&path, json!({ "change": change })).await;
            assert_eq!(changed.status, 200, "{changed}");
        }
        let ended = shop.read(&format!("/conversions/{id}")).await.json();
        assert_eq!(earned(&ended), [format!("1 0.00 USD {status}")]);
        assert_eq!(ended["commissions"][0]["paid_out"], "10.00");
    }
    let balance = shop.read("/affiliates/1/balance").await.json();
    assert_eq!(balance["balances"][0]["owed_back"], "20.00");
}

async fn what_was_paid_elsewhere_is_said_so(shop: Shop) {
    let shop = shop.with_rules(json!({ "hold_days": 30 })).await;
    shop.sell(json!({})).await;
    let paid = change(&shop, "pay_externally").await.json();
    assert_eq!(
        picked(
            &paid["commissions"][0],
            &["status", "paid_externally", "paid_out", "payable_at"]
        ),
        json!({
            "status": "paid", "paid_externally": true, "paid_out": "10.00", "payable_at": null
        })
    );
}

async fn one_commission_of_several_can_change_by_itself(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    let claims = json!([{ "tag": "ada", "weight": 1 }, { "tag": "grace", "weight": 1 }]);
    shop.claim("1", claims).await;
    let path = "/conversions/1/status";
    let one = json!({ "change": "decline", "position": 2 });
    let changed = shop.write(path, one).await.json();
    assert_eq!(
        earned(&changed),
        ["1 5.00 USD payable", "2 0.00 USD declined"]
    );
    // All of them or none.
    let all = shop.write(path, json!({ "change": "pay" })).await;
    assert_eq!(all.status, 409, "{all}");
    assert_eq!(
        earned(&shop.read("/conversions/1").await.json()),
        ["1 5.00 USD payable", "2 0.00 USD declined"]
    );
    let missing = shop
        .write(path, json!({ "change": "pay", "position": 3 }))
        .await;
    assert_eq!(missing.status, 404, "{missing}");
    assert_eq!(
        missing.json()["detail"],
        "Conversion 1 has no commission 3."
    );
}

async fn a_change_that_cannot_be_is_refused(shop: Shop) {
    let shop = shop.with_rules(json!({ "hold_days": 30 })).await;
    shop.sell(json!({})).await;
    let cases = [
        (
            "mature",
            "The commission is held until 2026-03-01 8:00:00.0 +00:00:00.",
        ),
        ("unpay", "A commission that is pending cannot be unpaid."),
        (
            "win_dispute",
            "A commission that is pending cannot win its dispute.",
        ),
    ];
    for (word, detail) in cases {
        let refused = change(&shop, word).await;
        assert_eq!(refused.status, 409, "{refused}");
        let problem = refused.json();
        assert_eq!(problem["type"], "urn:accrual:problem:status-not-allowed");
        assert_eq!(problem["detail"], detail);
    }
}

async fn what_is_not_a_change_is_refused_by_name(shop: Shop) {
    let shop = shop.with_rules(json!({})).await;
    shop.sell(json!({})).await;
    let words = "change must be approve, decline, dispute, win_dispute, lose_dispute, cancel, pay, \
                 pay_externally, unpay, start_payout, abandon_payout or mature.";
    let cases = vec![
        (json!({}), "change", "change is required."),
        (json!({ "change": "refund" }), "change", words),
        (
            json!({ "change": "pay", "position": "1" }),
            "position",
            "position must be an integer.",
        ),
        (
            json!({ "change": "pay", "position": 65_536 }),
            "position",
            "position must be from 1 to 65,535.",
        ),
    ];
    shop.refuses("POST", "/conversions/1/status", cases).await;
    let missing = shop
        .write("/conversions/2/status", json!({ "change": "pay" }))
        .await;
    assert_eq!(missing.status, 404, "{missing}");
}
