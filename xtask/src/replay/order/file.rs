//! The file: one JSON document a line, compressed or not.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Event, Order, Orders, Refund};

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
    /// Below zero in a cancellation.
    qty: i64,
    unit_price: Decimal,
    amount: Decimal,
    /// The sales that a cancellation undoes; absent where the customer is unknown.
    #[serde(default)]
    refunds: Vec<Entry>,
}

/// So many items of a sale.
#[derive(Debug, Deserialize)]
struct Entry {
    order_id: String,
    qty: u32,
}

impl Orders {
    /// Reads the file at `path`; a name that ends in `.gz` is decompressed.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not an order; the message has the line's number.
    pub(in crate::replay) fn read(path: &Path) -> Result<Self> {
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
        ensure!(orders.sales().next().is_some(), "there is not one sale");
        Ok(orders)
    }

    fn add(&mut self, row: Row) -> Result<()> {
        let lines: Decimal = row.lines.iter().map(|line| line.amount).sum();
        if lines != row.total {
            let (reference, total) = (row.order_id, row.total);
            bail!("the lines of order {reference} come to {lines}, its total is {total}");
        }
        match row.kind {
            Kind::Adjust => self.adjustments += 1,
            Kind::Cancel => {
                self.cancellations += 1;
                for (line, number) in row.lines.iter().zip(1..) {
                    self.add_cancelled(&row.order_id, number, line)?;
                }
            }
            Kind::Sale => self.events.push(Event::Sale(Order {
                reference: row.order_id,
                occurred_at: row.occurred_at,
                customer: row.customer_id,
                currency: row.currency,
                total: row.total,
            })),
        }
        Ok(())
    }

    /// The line with this `number` of a cancellation.
    fn add_cancelled(&mut self, document: &str, number: u32, line: &Line) -> Result<()> {
        let mut unmatched = -line.qty;
        for (entry, place) in line.refunds.iter().zip(1_u32..) {
            unmatched -= i64::from(entry.qty);
            let amount = line
                .unit_price
                .checked_mul(entry.qty.into())
                .context("an amount is too large")?;
            self.events.push(Event::Refund(Refund {
                key: format!("{document}/{number}/{place}"),
                document: document.to_owned(),
                reference: entry.order_id.clone(),
                amount,
            }));
        }
        let items = u64::try_from(unmatched).ok().with_context(|| {
            format!("line {number} of {document} undoes more items than came back")
        })?;
        self.unmatched_items += items;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SALE: &str = r#"{"order_id":"1","kind":"sale","occurred_at":"2010-12-01T08:26:00","customer_id":null,"country":"France","currency":"GBP","total":"12.30","lines":[{"sku":"A","qty":1,"unit_price":"2.1","amount":"2.1"},{"sku":"B","qty":2,"unit_price":"5.10","amount":"10.20"}]}"#;
    const CANCELLATION: &str = r#"{"order_id":"C1","kind":"cancel","occurred_at":"2010-12-01T09:00:00","customer_id":"7","country":"France","currency":"GBP","total":"-29.6","lines":[{"sku":"A","qty":-1,"unit_price":"2.1","amount":"-2.1"},{"sku":"B","qty":-5,"unit_price":"5.5","amount":"-27.5","refunds":[{"order_id":"1","qty":1},{"order_id":"2","qty":2}],"unmatched_qty":2}]}"#;

    #[test]
    fn sales_and_refunds_are_read_in_order_and_the_rest_is_counted() {
        let orders = Orders::parse(format!("{SALE}\n{CANCELLATION}\n").as_bytes()).unwrap();
        assert_eq!((orders.rows, orders.cancellations), (2, 1));
        let sale = orders.sales().next().unwrap();
        assert_eq!(sale.total.to_string(), "12.30");
        assert_eq!(sale.customer, None);
        assert_eq!(sale.day(), "2010-12-01");
        assert_eq!(orders.currency().unwrap(), "GBP");
        let refunds: Vec<_> = orders
            .refunds()
            .map(|refund| (&*refund.key, &*refund.reference, refund.amount.to_string()))
            .collect();
        let (first, second) = ("5.5".to_owned(), "11.0".to_owned());
        let expected = [("C1/2/1", "1", first), ("C1/2/2", "2", second)];
        assert_eq!(refunds, expected);
        // One of the line that names no sale at all, two of the other.
        assert_eq!(orders.unmatched_items, 3);
    }

    #[test]
    fn a_compressed_file_reads_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.ndjson.gz");
        let file = File::create(&path).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(SALE.as_bytes()).unwrap();
        encoder.finish().unwrap();
        assert_eq!(Orders::read(&path).unwrap().sales().count(), 1);
    }

    #[test]
    fn what_is_not_an_order_is_named_by_its_line() {
        let error = |second: &str| {
            let text = format!("{SALE}\n{second}");
            format!("{:#}", Orders::parse(text.as_bytes()).unwrap_err())
        };
        assert!(error("{}").contains("line 2"));
        let wrong = SALE.replace("\"12.30\"", "\"12.31\"");
        assert!(error(&wrong).contains("come to 12.30"));
        let wrong = CANCELLATION.replace("\"qty\":-5", "\"qty\":-2");
        assert!(error(&wrong).contains("line 2 of C1 undoes more items"));
    }

    #[test]
    fn two_currencies_are_refused() {
        let text = format!("{SALE}\n{}", SALE.replace("GBP", "EUR"));
        let orders = Orders::parse(text.as_bytes()).unwrap();
        assert!(orders.currency().is_err());
    }
}
