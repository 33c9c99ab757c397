//! Our own API, as docs/DIALECTS.md and its spec describe it.

mod affiliates;
mod conversions;
mod decisions;
mod enrollments;
mod idempotency;
mod ledger;
mod pages;
mod problems;
mod programs;
mod refusals;
mod repetition;

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
