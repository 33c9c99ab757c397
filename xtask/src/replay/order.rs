//! A file of orders: one JSON document a line, compressed or not.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use rust_decimal::Decimal;
use serde::Deserialize;

/// The sales of a file, and how many other rows it has.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Of every kind.
    pub(super) rows: u64,
    /// In the order of the file.
    pub(super) sales: Vec<Order>,
    /// That undo sales: not sent.
    pub(super) cancellations: u64,
    /// That belong to no customer: not sent.
    pub(super) adjustments: u64,
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) reference: String,
    /// ISO 8601 without a zone: taken as UTC.
    pub(super) occurred_at: String,
    /// The shop's own id; none if the customer is unknown.
    pub(super) customer: Option<String>,
    /// ISO 4217 code.
    pub(super) currency: String,
    /// In major units, as exact as the file has it.
    pub(super) total: Decimal,
}

impl Order {
    /// The day on which it took place, such as `2010-12-01`.
    pub(super) fn day(&self) -> &str {
        self.occurred_at.get(..10).unwrap_or(&self.occurred_at)
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    order_id: String,
    kind: Kind,
    occurred_at: String,
    customer_id: Option<String>,
    currency: String,
    total: Decimal,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Sale,
    Cancel,
    Adjust,
}

#[derive(Debug, Deserialize)]
struct Line {
    amount: Decimal,
}

impl Orders {
    /// Reads the file at `path`; a name that ends in `.gz` is decompressed.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not an order; the message has the line's number.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let file =
            File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let is_compressed = path.extension().is_some_and(|extension| extension == "gz");
        let plain: Box<dyn Read> = if is_compressed {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        Self::parse(BufReader::new(plain)).with_context(|| format!("{}", path.display()))
    }

    fn parse(text: impl BufRead) -> Result<Self> {
        let mut orders = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line?;
            let number = index + 1;
            let row: Row = serde_json::from_str(&line)
                .with_context(|| format!("line {number} is not an order"))?;
            orders.rows += 1;
            orders.add(row).with_context(|| format!("line {number}"))?;
        }
        ensure!(!orders.sales.is_empty(), "there is not one sale");
        Ok(orders)
    }

    fn add(&mut self, row: Row) -> Result<()> {
        match row.kind {
            Kind::Cancel => self.cancellations += 1,
            Kind::Adjust => self.adjustments += 1,
            Kind::Sale => {
                let lines: Decimal = row.lines.iter().map(|line| line.amount).sum();
                if lines != row.total {
                    let (reference, total) = (row.order_id, row.total);
                    bail!("the lines of order {reference} come to {lines}, its total is {total}");
                }
                self.sales.push(Order {
                    reference: row.order_id,
                    occurred_at: row.occurred_at,
                    customer: row.customer_id,
                    currency: row.currency,
                    total: row.total,
                });
            }
        }
        Ok(())
    }

    /// The currency of all sales.
    ///
    /// # Errors
    /// If there are several.
    pub(super) fn currency(&self) -> Result<&str> {
        let first = self.sales.first().context("there is not one sale")?;
        for order in &self.sales {
            if order.currency != first.currency {
                let (one, other) = (&first.currency, &order.currency);
                bail!("there are sales in {one} and in {other}: sums would mean nothing");
            }
        }
        Ok(&first.currency)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SALE: &str = r#"{"order_id":"1","kind":"sale","occurred_at":"2010-12-01T08:26:00","customer_id":null,"country":"France","currency":"GBP","total":"12.30","lines":[{"sku":"A","qty":1,"unit_price":"2.1","amount":"2.1"},{"sku":"B","qty":2,"unit_price":"5.10","amount":"10.20"}]}"#;
    const CANCELLATION: &str = r#"{"order_id":"C1","kind":"cancel","occurred_at":"2010-12-01T09:00:00","customer_id":"7","country":"France","currency":"GBP","total":"-2.1","lines":[]}"#;

    #[test]
    fn sales_are_read_and_the_rest_is_counted() {
        let text = format!("{SALE}\n{CANCELLATION}\n");
        let orders = Orders::parse(text.as_bytes()).unwrap();
        assert_eq!((orders.rows, orders.cancellations), (2, 1));
        assert_eq!(orders.sales[0].total.to_string(), "12.30");
        assert_eq!(orders.sales[0].customer, None);
        assert_eq!(orders.sales[0].day(), "2010-12-01");
        assert_eq!(orders.currency().unwrap(), "GBP");
    }

    #[test]
    fn a_compressed_file_reads_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.ndjson.gz");
        let file = File::create(&path).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(SALE.as_bytes()).unwrap();
        encoder.finish().unwrap();
        assert_eq!(Orders::read(&path).unwrap().sales.len(), 1);
    }

    #[test]
    fn what_is_not_an_order_is_named_by_its_line() {
        let error = Orders::parse(format!("{SALE}\n{{}}").as_bytes()).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        let wrong = SALE.replace("\"12.30\"", "\"12.31\"");
        let error = format!("{:#}", Orders::parse(wrong.as_bytes()).unwrap_err());
        assert!(error.contains("come to 12.30"), "{error}");
    }

    #[test]
    fn two_currencies_are_refused() {
        let text = format!("{SALE}\n{}", SALE.replace("GBP", "EUR"));
        let orders = Orders::parse(text.as_bytes()).unwrap();
        assert!(orders.currency().is_err());
    }
}
