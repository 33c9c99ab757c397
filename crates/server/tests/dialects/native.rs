//! Our own API, as docs/DIALECTS.md and its spec describe it.

mod affiliates;
mod amendments;
mod amounts;
mod claims;
mod conversions;
mod corrections;
mod crediting;
mod decisions;
mod enrollments;
mod explanations;
mod histories;
mod idempotency;
mod ledger;
mod levels;
mod pages;
mod problems;
mod programs;
mod promo_codes;
mod referrals;
mod refunds;
mod refusals;
mod repetition;
mod rule_refusals;
mod rules;
mod statements;
mod statuses;
mod stores;

use serde_json::{Value, json};

use crate::{
    client::Answer,
    shop::{Shop, with},
};

const BASE: &str = "/accrual/v1";

impl Shop {
    async fn read(&self, path: &str) -> Answer {
        self.get(&format!("{BASE}{path}")).await
    }

    async fn write(&self, path: &str, body: Value) -> Answer {
        self.post(&format!("{BASE}{path}"), &body).await
    }

    async fn change(&self, path: &str, body: Value) -> Answer {
        self.patch(&format!("{BASE}{path}"), &body).await
    }

    /// Program 1 pays 10 % in USD, with these rules besides; Ada and Grace are in it by enrollments 1
    /// and 2, with the tags `ada` and `grace`.
    async fn with_rules(self, rules: Value) -> Self {
        let program =
            json!({ "name": "Ten", "currency": "USD", "incentives": [{ "percent": "10" }] });
        self.make("/accrual/v1/programs", with(program, rules))
            .await;
        for (id, name) in [(1, "ada"), (2, "grace")] {
            self.make("/accrual/v1/affiliates", json!({ "name": name }))
                .await;
            let enrollment = json!({ "affiliate_id": id, "program_id": 1, "tag": name });
            self.make("/accrual/v1/enrollments", enrollment).await;
        }
        self
    }

    /// Reports a sale of 100.00 USD that claims these things, under this reference.
    async fn claim(&self, reference: &str, claims: Value) -> Answer {
        let sale = json!({
            "reference": reference, "currency": "USD", "total": "100",
            "occurred_at": "2026-01-30T08:00:00Z", "claims": claims
        });
        self.write("/conversions", sale).await
    }

    /// Reports a sale of 100.00 USD by `ada`, with these fields in place of those; it must be
    /// recorded.
    async fn sell(&self, changes: Value) -> Value {
        let sale = json!({
            "reference": "order-1", "currency": "USD", "total": "100", "tag": "ada",
            "occurred_at": "2026-01-30T08:00:00Z"
        });
        let sold = self.write("/conversions", with(sale, changes)).await;
        assert_eq!(sold.status, 201, "{sold}");
        sold.json()
    }

    /// Reports a sale of 99.99 USD by `SUMMER2025`, with these fields in place of those.
    async fn report(&self, changes: Value) -> Answer {
        self.write("/conversions", conversion(changes)).await
    }

    /// Each body must be refused with this field and this detail.
    async fn refuses(&self, method: &'static str, path: &str, cases: Vec<(Value, &str, &str)>) {
        for (body, field, detail) in cases {
            let request = self.request(method, &format!("{BASE}{path}"));
            let answer = request.body(body.to_string()).send().await;
            assert_eq!(answer.status, 422, "{body}: {answer}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            let problem = answer.json();
            assert_eq!(problem["detail"], detail, "{body}");
            assert_eq!(problem["field"], field, "{body}");
        }
    }
}

/// Who earns how much from a conversion, and what has become of it.
fn earned(conversion: &Value) -> Vec<String> {
    let commissions = conversion["commissions"].as_array().unwrap().iter();
    commissions
        .map(|one| {
            let word = |name: &str| one[name].as_str().unwrap().to_owned();
            format!(
                "{} {} {} {}",
                one["enrollment_id"],
                word("amount"),
                word("currency"),
                word("status")
            )
        })
        .collect()
}

/// The fields of an object, in the order of their names.
fn picked(object: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), object[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn conversion(changes: Value) -> Value {
    let conversion = json!({
        "reference": "order-1",
        "currency": "USD",
        "total": "99.99",
        "tag": "SUMMER2025",
        "occurred_at": "2026-01-30T08:00:00Z"
    });
    with(conversion, changes)
}
