//! Values with units, as people write them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time: `250ms`, `10s`, `2m` or `1h`; more than nothing, at most a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Span(pub Duration);

/// A number of bytes: `65536`, `64KiB` or `1MiB`; more than nothing, at most 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ByteSize(pub usize);

/// Why a value with a unit is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError(String);

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnitError {}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const GIB: usize = 1024 * 1024 * 1024;

impl FromStr for Span {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let refused = || UnitError(format!("\"{text}\" is not a time such as 250ms, 10s or 2m"));
        let (number, unit) = number_and_unit(text).ok_or_else(refused)?;
        let unit_ms = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60 * 1000,
            "h" => 60 * 60 * 1000,
            _ => return Err(refused()),
        };
        match number.checked_mul(unit_ms) {
            Some(ms @ 1..=DAY_MS) => Ok(Self(Duration::from_millis(ms))),
            _ => Err(UnitError(format!("\"{text}\" is not between 1ms and 24h"))),
        }
    }
}

impl FromStr for ByteSize {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let refused = || {
            UnitError(format!(
                "\"{text}\" is not a size such as 65536, 64KiB or 1MiB"
            ))
        };
        let (number, unit) = number_and_unit(text).ok_or_else(refused)?;
        let unit_bytes = match unit {
            "" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            _ => return Err(refused()),
        };
        match usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_mul(unit_bytes))
        {
            Some(bytes @ 1..=GIB) => Ok(Self(bytes)),
            _ => Err(UnitError(format!(
                "\"{text}\" is not between 1 byte and 1024MiB"
            ))),
        }
    }
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit))
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            ms if ms % 1000 == 0 => write!(f, "{}s", ms / 1000),
            ms => write!(f, "{ms}ms"),
        }
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl TryFrom<String> for Span {
    type Error = UnitError;

    fn try_from(text: String) -> Result<Self, UnitError> {
        text.parse()
    }
}

impl From<ByteSize> for String {
    fn from(size: ByteSize) -> Self {
        size.to_string()
    }
}

impl TryFrom<String> for ByteSize {
    type Error = UnitError;

    fn try_from(text: String) -> Result<Self, UnitError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> String {
        text.parse::<Span>()
            .map_or_else(|error| error.to_string(), |span| span.to_string())
    }

    fn size(text: &str) -> String {
        text.parse::<ByteSize>()
            .map_or_else(|error| error.to_string(), |size| size.to_string())
    }

    #[test]
    fn times_have_units() {
        assert_eq!(span("250ms"), "250ms");
        assert_eq!(span("2m"), "120s");
        assert_eq!(span("24h"), "86400s");
        assert_eq!(span("10"), "\"10\" is not a time such as 250ms, 10s or 2m");
        assert_eq!(span("0s"), "\"0s\" is not between 1ms and 24h");
        assert_eq!(
            span("99999999999999999h"),
            "\"99999999999999999h\" is not between 1ms and 24h"
        );
    }

    #[test]
    fn sizes_may_have_units() {
        assert_eq!(size("65536"), "65536");
        assert_eq!(size("1MiB"), "1048576");
        assert_eq!(
            size("1MB"),
            "\"1MB\" is not a size such as 65536, 64KiB or 1MiB"
        );
        assert_eq!(
            size("2000MiB"),
            "\"2000MiB\" is not between 1 byte and 1024MiB"
        );
    }
}
