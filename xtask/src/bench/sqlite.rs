//! What SQLite does by itself: one bare durable INSERT a transaction, through its C interface.

use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};
use tempfile::TempDir;

/// With PostgreSQL's identity column as the key that the caller gives.
const TABLE: &str = include_str!("bare_table.sql");
const IDENTITY: &str = "GENERATED ALWAYS AS IDENTITY";

const INSERT: &str = "INSERT INTO bare VALUES (1, ?1, 'api', ?2, 1, ?3, ?3, 9999, 8999, 'USD', 0, \
                      ?4, NULL, ?5, ?5)";

/// Rows a second, in a new file, with WAL and `synchronous` FULL.
///
/// # Errors
/// If SQLite refuses.
pub(super) fn bare_rate(length: Duration) -> Result<f64> {
    let folder = TempDir::new()?;
    let connection = Connection::open(folder.path().join("floor.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(&TABLE.replace(IDENTITY, "NOT NULL"))?;
    let mut insert = connection.prepare(INSERT)?;
    let start = Instant::now();
    let mut rows = 0_u32;
    while start.elapsed() < length {
        let affiliate = 1 + rows % 50;
        insert.execute(params![
            rows,
            format!("order-{rows}"),
            affiliate,
            format!("buyer-{}@example.com", rows % 1000),
            1_767_225_600_000_000 + i64::from(rows),
        ])?;
        rows += 1;
    }
    Ok(f64::from(rows) / start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted() {
        assert!(bare_rate(Duration::from_millis(50)).unwrap() > 0.0);
    }
}
