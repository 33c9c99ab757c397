//! Requests, written whole.

use std::fmt::Write;

use anyhow::{Context, Result};
use rust_decimal::Decimal;
use serde_json::{json, value::RawValue};

use crate::{
    http::{self, BASE_PATH, GROWI_SALES},
    replay::{
        expectation,
        order::{Order, Refund},
    },
};

/// Where the order ids of Growi's clients are unique.
const SOURCE: &str = "growi/website";

/// A sale as Growi's clients report it.
///
/// # Errors
/// If its total is too large.
pub(super) fn sale(order: &Order, key: &str, digits: u32) -> Result<Vec<u8>> {
    let text = expectation::minor_units(order.total, digits)?;
    // By its text: a float would not be the same number.
    let total: Box<RawValue> = serde_json::from_str(&text)?;
    let rest = json!({
        "order_id": order.reference,
        "currency": order.currency,
        "campaign_affiliate_id": expectation::tag(order.customer.as_deref()),
        "occurred_at": order.occurred_at,
    });
    let rest = rest.to_string();
    let rest = rest.strip_prefix('{').context("not an object")?;
    let body = format!("{{\"total\":{total},{rest}");
    Ok(http::sale_request(key, &body))
}

/// A question for the conversion of a sale.
pub(super) fn look_up(reference: &str, key: &str) -> Vec<u8> {
    let (source, reference) = (escaped(SOURCE), escaped(reference));
    let path = format!("{BASE_PATH}/conversions?source={source}&reference={reference}");
    http::request("GET", &path, key, "", "")
}

/// A refund of `amount`, in major units, of the conversion with this `number`.
pub(super) fn refund(refund: &Refund, amount: Decimal, number: i64, key: &str) -> Vec<u8> {
    let path = format!("{BASE_PATH}/conversions/{number}/refunds");
    let body = json!({
        "amount": amount.to_string(),
        "kind": "refund",
        "note": refund.document,
    });
    let header = format!("Idempotency-Key: {}\r\n", refund.key);
    http::request("POST", &path, key, &header, &body.to_string())
}

/// An update that leaves `rest` of the sale with this `number`; of nothing, it is cancelled.
///
/// # Errors
/// If the rest is too large.
pub(super) fn update(rest: Decimal, number: i64, key: &str, digits: u32) -> Result<Vec<u8>> {
    let path = format!("{GROWI_SALES}/{number}");
    let body = if rest.is_zero() {
        json!({ "status": "cancelled" }).to_string()
    } else {
        format!("{{\"total\":{}}}", expectation::minor_units(rest, digits)?)
    };
    Ok(http::request("PATCH", &path, key, "", &body))
}

/// As it stands in the query of a URL.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(byte.into());
        } else {
            // Writing to memory cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(request: Vec<u8>) -> String {
        String::from_utf8(request).unwrap()
    }

    #[test]
    fn a_refund_says_what_and_for_which_document() {
        let given_back = Refund {
            key: "C1/1/1".to_owned(),
            document: "C1".to_owned(),
            reference: "1".to_owned(),
            amount: Decimal::new(275, 1),
        };
        let request = text(refund(&given_back, given_back.amount, 7, "key"));
        assert!(request.starts_with("POST /accrual/v1/conversions/7/refunds HTTP/1.1\r\n"));
        assert!(request.contains("\r\nIdempotency-Key: C1/1/1\r\n"));
        let body = r#"{"amount":"27.5","kind":"refund","note":"C1"}"#;
        assert!(request.ends_with(&format!("\r\nContent-Length: 45\r\n\r\n{body}")));
    }

    #[test]
    fn an_update_says_what_is_left() {
        let request = |rest| text(update(Decimal::new(rest, 2), 7, "key", 2).unwrap());
        let some = request(2750);
        assert!(some.starts_with("PATCH /api/public/v1/affiliate_sales/7 HTTP/1.1\r\n"));
        assert!(some.ends_with("\r\n\r\n{\"total\":2750}"), "{some}");
        assert!(request(0).ends_with("\r\n\r\n{\"status\":\"cancelled\"}"));
    }

    #[test]
    fn a_sale_is_looked_up_by_its_reference() {
        let request = text(look_up("A 1", "key"));
        let path = "/accrual/v1/conversions?source=growi%2Fwebsite&reference=A%201";
        assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")));
    }

    #[test]
    fn a_total_is_in_minor_units_to_the_last_digit() {
        let order = Order {
            reference: "1".to_owned(),
            occurred_at: "2010-12-01T08:26:00".to_owned(),
            customer: None,
            currency: "GBP".to_owned(),
            total: Decimal::new(2_042_761, 3),
        };
        let request = text(sale(&order, "key", 2).unwrap());
        assert!(request.contains("{\"total\":204276.1,"), "{request}");
    }
}
