//! The table of the European Central Bank, read whole and crossed through the euro.
//!
//! Reads the published archive `data/ecb/eurofxref-hist.zip` of `ACCRUAL_SHARED`, by default the
//! folder `shared` next to the workspace, and skips where there is none.

use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::Path;

use accrual_money::{Currency, Money, NoRate, ReferenceRates};
use flate2::read::DeflateDecoder;
use time::macros::date;

#[test]
fn the_published_table_is_read_and_crossed() -> Result<(), Box<dyn Error>> {
    let Some(rates) = published()? else {
        return Ok(());
    };
    let day = date!(2026 - 10 - 30);
    let sunday = date!(2026 - 11 - 01);
    let crossed = |from, to, on| rates.rate(from, to, on).map(|rate| rate.to_string());
    let expected = Ok("0.8338 GBP = 1.1172 USD on 2026-10-30 (ECB)".to_owned());
    assert_eq!(crossed(Currency::GBP, Currency::USD, day), expected);
    assert_eq!(crossed(Currency::GBP, Currency::USD, sunday), expected);

    let exchanged = |minor, from, to| -> Result<i64, Box<dyn Error>> {
        let amount = Money::from_minor(minor, from);
        Ok(rates.rate(from, to, day)?.convert(amount)?.minor())
    };
    assert_eq!(exchanged(10_000, Currency::GBP, Currency::USD)?, 13_399);
    assert_eq!(exchanged(10_000, Currency::JPY, Currency::USD)?, 6_359);
    assert_eq!(exchanged(9_999, Currency::USD, Currency::JPY)?, 15_723);
    assert_eq!(exchanged(10_000, Currency::EUR, Currency::USD)?, 11_172);
    Ok(())
}

#[test]
fn a_currency_that_is_no_longer_published_is_an_error() -> Result<(), Box<dyn Error>> {
    let Some(rates) = published()? else {
        return Ok(());
    };
    for (code, last, after) in [
        ("RUB", date!(2022 - 03 - 01), date!(2022 - 03 - 02)),
        ("BGN", date!(2025 - 12 - 31), date!(2026 - 01 - 02)),
    ] {
        let currency = Currency::parse(code)?;
        assert!(rates.rate(currency, Currency::USD, last).is_ok(), "{code}");
        let refused = rates.rate(currency, Currency::USD, after);
        let day = after;
        assert_eq!(refused, Err(NoRate::NoValue { currency, day }), "{code}");
        let refused = rates.rate(Currency::USD, currency, after);
        assert_eq!(refused, Err(NoRate::NoValue { currency, day }), "{code}");
    }
    // Its rates were published until 2022-12-30, but no amount is kept in it any more.
    assert!(Currency::parse("HRK").is_err());
    Ok(())
}

#[test]
fn before_the_first_day_and_long_after_the_last_there_is_no_rate() -> Result<(), Box<dyn Error>> {
    let Some(rates) = published()? else {
        return Ok(());
    };
    let rate = |on| rates.rate(Currency::USD, Currency::EUR, on);
    assert_eq!(
        rate(date!(1999 - 01 - 04)).map(|rate| rate.on()),
        Ok(date!(1999 - 01 - 04))
    );
    for on in [date!(1999 - 01 - 03), date!(9999 - 12 - 31)] {
        let (from, to) = (Currency::USD, Currency::EUR);
        assert_eq!(rate(on), Err(NoRate::NoDay { from, to, on }));
    }
    Ok(())
}

/// The published table, if it is there.
fn published() -> Result<Option<ReferenceRates>, Box<dyn Error>> {
    let shared = std::env::var_os("ACCRUAL_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = workspace.join(shared).join("data/ecb/eurofxref-hist.zip");
    if !path.is_file() {
        eprintln!(
            "SKIPPED, nothing was compared: there is no file {}",
            path.display()
        );
        return Ok(None);
    }
    let archive = fs::read(path)?;
    let table = only_file(&archive).ok_or("not a zip archive of one file")?;
    Ok(Some(ReferenceRates::parse_csv(&table, "ECB")?))
}

/// The text of the one file in a zip archive.
///
/// Source: PKWARE, APPNOTE.TXT: a local file header of 30 bytes, the file's name and an extra
/// field, whose lengths are at 26 and 28, then what was deflated.
fn only_file(archive: &[u8]) -> Option<String> {
    let length = |at: usize| {
        Some(usize::from(u16::from_le_bytes([
            archive[at],
            archive[at + 1],
        ])))
    };
    let is_local_header = archive.len() > 30 && archive.starts_with(b"PK\x03\x04");
    let start = is_local_header.then_some(30)? + length(26)? + length(28)?;
    let mut text = String::new();
    let mut deflated = DeflateDecoder::new(archive.get(start..)?);
    deflated.read_to_string(&mut text).ok().map(|_| text)
}
