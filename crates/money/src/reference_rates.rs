//! What one euro is worth in other currencies, day by day.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::exchange::{Side, checked_source};
use crate::{Currency, ExchangeRate, MoneyError};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Reference rates of the euro: what one euro was worth in other currencies, day by day.
///
/// Source: the European Central Bank, "Euro foreign exchange reference rates", whose layout
/// [`ReferenceRates::parse_csv`] reads.
///
/// ```
/// use accrual_money::{Currency, ReferenceRates};
/// use time::macros::date;
///
/// let table = "Date,USD,GBP,\n2026-10-30,1.1172,0.8338,\n2026-10-29,1.113,N/A,\n";
/// let rates = ReferenceRates::parse_csv(table, "ECB")?;
///
/// // Nothing is published on a Sunday: the Friday's rate counts, and says so.
/// let rate = rates.rate(Currency::GBP, Currency::USD, date!(2026-11-01));
/// assert_eq!(
///     rate.map(|rate| rate.to_string()),
///     Ok("0.8338 GBP = 1.1172 USD on 2026-10-30 (ECB)".to_owned()),
/// );
/// // A value that is missing is never one of another day.
/// assert!(rates.rate(Currency::GBP, Currency::USD, date!(2026-10-29)).is_err());
/// # Ok::<(), accrual_money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceRates {
    source: Box<str>,
    /// By day: what one euro is worth.
    days: BTreeMap<Date, Box<[Side]>>,
}

/// Why two currencies cannot be exchanged by the rates of a day.
///
/// Source: docs/DOMAIN.md, "Exchange": an unknown rate never means that an amount is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRate {
    /// No rates at all were published within [`ReferenceRates::MAX_AGE_DAYS`] up to the day.
    #[error("there are no rates to exchange {from} for {to} on {on}")]
    NoDay {
        /// The currency that was to be exchanged.
        from: Currency,
        /// The currency that it was to be exchanged for.
        to: Currency,
        /// The day that was asked for.
        on: Date,
    },
    /// The day's rates have no value for a currency.
    #[error("there is no rate of {currency} on {day}")]
    NoValue {
        /// The currency.
        currency: Currency,
        /// The day whose rates count: the last one up to the day that was asked for.
        day: Date,
    },
    /// A currency is not exchanged for itself.
    #[error("{currency} is not exchanged for itself")]
    WithinCurrency {
        /// The currency.
        currency: Currency,
    },
}

impl ReferenceRates {
    /// How old the last published rates may be, in days, the oldest included.
    pub const MAX_AGE_DAYS: i64 = 7;

    /// Reads a table as the European Central Bank publishes it.
    ///
    /// The first line names the columns: `Date`, then a code each. Every other line has a day, such
    /// as `2026-10-30`, then for each column what one euro is worth, or `N/A`. The days are in any
    /// order; a last column without a name, and empty lines, are ignored, and so are columns of
    /// currencies that are not in use. `source` is kept with every rate.
    ///
    /// # Errors
    /// - [`MoneyError::NotReferenceRates`] for anything else, also for a day that occurs twice and
    ///   a value that no [`ExchangeRate`] has.
    /// - [`MoneyError::ExchangeSource`] as for [`ExchangeRate::try_new`].
    pub fn parse_csv(text: &str, source: &str) -> Result<Self, MoneyError> {
        let source = checked_source(source)?.into();
        let mut lines = (1..).zip(text.lines());
        let (number, header) = lines.next().unwrap_or_default();
        let columns = read_header(header).ok_or_else(|| unreadable(number, header))?;
        let mut days = BTreeMap::new();
        for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let (day, values) = read_day(number, line, &columns)?;
            if days.insert(day, values).is_some() {
                return Err(unreadable(number, line));
            }
        }
        Ok(Self { source, days })
    }

    /// The rate by which `from` is exchanged for `to` on the day `on`, through the euro.
    ///
    /// It is that of the last day, up to `on`, for which rates were published; at most
    /// [`ReferenceRates::MAX_AGE_DAYS`] before. Both sides are as published, so that the only
    /// rounding is that of [`ExchangeRate::convert`].
    ///
    /// # Errors
    /// - [`NoRate::NoDay`] if nothing was published in these days.
    /// - [`NoRate::NoValue`] if what was published has no value for one of the two; that of an
    ///   earlier day is never taken instead.
    /// - [`NoRate::WithinCurrency`] if both are one currency.
    pub fn rate(&self, from: Currency, to: Currency, on: Date) -> Result<ExchangeRate, NoRate> {
        if from == to {
            return Err(NoRate::WithinCurrency { currency: from });
        }
        let (day, values) = self
            .days
            .range(..=on)
            .next_back()
            .map(|(day, values)| (*day, values))
            .filter(|(day, _)| (on - *day).whole_days() <= Self::MAX_AGE_DAYS)
            .ok_or(NoRate::NoDay { from, to, on })?;
        let side = |currency| {
            let mut known = [Side::EURO].iter().chain(values);
            known
                .find(|side| side.currency == currency)
                .copied()
                .ok_or(NoRate::NoValue { currency, day })
        };
        Ok(ExchangeRate::between(
            side(from)?,
            side(to)?,
            day,
            &self.source,
        ))
    }
}

/// The currency of each column after the date, or none if it has none that is in use.
fn read_header(line: &str) -> Option<Vec<Option<Currency>>> {
    let mut cells = cells(line);
    if cells.next() != Some("Date") {
        return None;
    }
    let columns: Vec<_> = cells.map(|code| Currency::parse(code).ok()).collect();
    let mut named: Vec<_> = columns.iter().flatten().collect();
    named.sort_unstable();
    let is_unique = named.is_sorted_by(|left, right| left < right);
    is_unique.then_some(columns)
}

/// A day and what one euro was worth on it.
fn read_day(
    number: usize,
    line: &str,
    columns: &[Option<Currency>],
) -> Result<(Date, Box<[Side]>), MoneyError> {
    let mut cells = cells(line);
    let day = cells.next().unwrap_or_default();
    let day = Date::parse(day, DATE).map_err(|_| unreadable(number, day))?;
    let cells: Vec<&str> = cells.collect();
    if cells.len() != columns.len() {
        return Err(unreadable(number, line));
    }
    let values = columns
        .iter()
        .zip(cells)
        .filter_map(|(column, cell)| Some((*column.as_ref()?, cell)))
        .filter(|(_, cell)| *cell != "N/A")
        .map(|(currency, cell)| read_value(cell, currency).ok_or_else(|| unreadable(number, cell)))
        .collect::<Result<_, _>>()?;
    Ok((day, values))
}

fn read_value(cell: &str, currency: Currency) -> Option<Side> {
    let is_plain = cell
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let units = Decimal::from_str_exact(cell).ok().filter(|_| is_plain)?;
    Side::try_new((units, currency)).ok()
}

/// What a line has between its commas, without an empty last one.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_end();
    line.strip_suffix(',').unwrap_or(line).split(',')
}

fn unreadable(line: usize, text: &str) -> MoneyError {
    let text = text.to_owned();
    MoneyError::NotReferenceRates { line, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(table: &str, line: usize, text: &str) {
        assert_eq!(
            ReferenceRates::parse_csv(table, "ECB"),
            Err(unreadable(line, text)),
            "{table:?}"
        );
    }

    #[test]
    fn what_is_no_table_of_rates_is_refused() {
        check_refused("", 0, "");
        check_refused("Day,USD\n", 1, "Day,USD");
        check_refused("Date,USD,USD\n", 1, "Date,USD,USD");
        check_refused("Date,USD\n2026-02-30,1.1\n", 2, "2026-02-30");
        check_refused("Date,USD\n2026-10-30,1.1,2\n", 2, "2026-10-30,1.1,2");
        check_refused("Date,USD\n2026-10-30\n", 2, "2026-10-30");
        let twice = "Date,USD\n2026-10-30,1.1\n2026-10-30,1.1\n";
        check_refused(twice, 3, "2026-10-30,1.1");
    }

    #[test]
    fn what_is_no_value_of_a_rate_is_refused() {
        for cell in ["", "n/a", "0", "-1.1", "1,1", "1_1", "1e1", "0.0000000001"] {
            let table = format!("Date,USD,JPY\n2026-10-30,{cell},175.68\n");
            assert!(
                ReferenceRates::parse_csv(&table, "ECB").is_err(),
                "{cell:?}"
            );
        }
    }

    #[test]
    fn a_column_of_a_currency_that_is_not_in_use_is_not_read() {
        let table = "Date,HRK,USD,\n2022-12-30,7.5365,1.0666,\n\n2000-01-03,?,1.009,\n";
        let rates = ReferenceRates::parse_csv(table, "ECB");
        assert_eq!(rates.map(|rates| rates.days.len()), Ok(2));
    }

    #[test]
    fn the_source_is_named() {
        let text = String::new();
        assert_eq!(
            ReferenceRates::parse_csv("Date,USD\n", ""),
            Err(MoneyError::ExchangeSource { text })
        );
    }
}
