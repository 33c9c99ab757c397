//! Growi's API, as its pages document it and docs/DIALECTS.md settles it.

mod access;
mod affiliates;
mod applications;
mod attribution;
mod campaigns;
mod fields;
mod limits;
mod list;
mod refusals;
mod renames;
mod repetition;
mod sale;
mod tracking;
mod tracking_refusals;
mod update_fields;
mod update_refusals;
mod updates;

use serde_json::{Value, json};

use crate::{
    client::Answer,
    shop::{Shop, with},
};

const SALES: &str = "/api/public/v1/affiliate_sales";

impl Shop {
    /// Reports a sale of 99.99 USD by `SUMMER2025`, with these fields in place of those.
    async fn sale(&self, changes: Value) -> Answer {
        self.post(SALES, &order(changes)).await
    }

    /// Updates sale 1.
    async fn update(&self, changes: Value) -> Answer {
        self.patch(&format!("{SALES}/1"), &changes).await
    }
}

fn order(changes: Value) -> Value {
    let order = json!({
        "order_id": "ORD-12345",
        "total": 9999,
        "currency": "usd",
        "campaign_affiliate_id": "SUMMER2025",
        "occurred_at": "2025-09-30T12:00:00Z"
    });
    with(order, changes)
}
