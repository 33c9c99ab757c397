//! Values as they were sent: kept as text until a dialect reads them and can say its own sentence.

use std::{borrow::Cow, marker::PhantomData, ops::RangeInclusive};

use accrual_engine::{from_micros, micros};
use accrual_money::Decimal;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;
use time::{
    Date, OffsetDateTime, PrimitiveDateTime, Time as TimeOfDay,
    format_description::well_known::Iso8601,
};

/// A value is not what its field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// What a field takes: its schema.
pub(crate) trait Shape: Send + Sync + 'static {
    /// The JSON type.
    const TYPE: &'static str;
    /// The format, if it has one.
    const FORMAT: Option<&'static str>;

    /// The whole schema.
    fn schema() -> MetaSchema {
        match Self::FORMAT {
            Some(format) => MetaSchema::new_with_format(Self::TYPE, format),
            None => MetaSchema::new(Self::TYPE),
        }
    }
}

macro_rules! shape {
    ($($(#[$documentation:meta])* $name:ident: $type:literal, $format:expr;)*) => {$(
        $(#[$documentation])*
        #[derive(Debug)]
        pub(crate) struct $name;

        impl Shape for $name {
            const TYPE: &'static str = $type;
            const FORMAT: Option<&'static str> = $format;
        }
    )*};
}

shape! {
    /// A whole number, not beyond 64 bits.
    Integer: "integer", Some("int64");
    /// A text.
    Text: "string", None;
    /// An instant: ISO 8601.
    Time: "string", Some("date-time");
    /// A day: `2026-01-31`.
    Day: "string", Some("date");
    /// A decimal number as text, such as `"29.70"`.
    Amount: "string", Some("decimal");
    /// Yes or no.
    Flag: "boolean", None;
    /// An object with whatever is in it.
    Object: "object", None;
}

/// A value as it was sent.
#[derive(Debug)]
pub(crate) struct Given<S> {
    json: Box<RawValue>,
    shape: PhantomData<S>,
}

/// A value that must be sent; whether it was is for the dialect to say.
#[derive(Debug)]
pub(crate) struct Required<S>(Option<Given<S>>);

impl<S> Default for Required<S> {
    fn default() -> Self {
        Self(None)
    }
}

impl<S> Required<S> {
    /// The value, if one other than `null` was sent.
    pub(crate) fn given(&self) -> Option<&Given<S>> {
        self.0.as_ref()
    }
}

impl<S> Given<S> {
    /// The JSON text.
    pub(crate) fn json(&self) -> &str {
        self.json.get()
    }

    /// Whether it is a text that says nothing.
    pub(crate) fn is_blank(&self) -> bool {
        self.read::<Cow<'_, str>>()
            .is_ok_and(|text| text.trim().is_empty())
    }

    pub(super) fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Unreadable> {
        serde_json::from_str(self.json.get()).map_err(|_| Unreadable)
    }
}

impl Given<Integer> {
    /// The number, if it is written as a whole one: `12.0` and `"12"` are not.
    pub(crate) fn integer(&self) -> Result<i64, Unreadable> {
        self.json.get().parse().map_err(|_| Unreadable)
    }
}

impl Given<Text> {
    /// The text.
    pub(crate) fn text(&self) -> Result<Cow<'_, str>, Unreadable> {
        self.read()
    }
}

impl Given<Flag> {
    /// Yes or no.
    pub(crate) fn flag(&self) -> Result<bool, Unreadable> {
        self.read()
    }
}

impl Given<Object> {
    /// The object.
    pub(crate) fn object(&self) -> Result<serde_json::Map<String, serde_json::Value>, Unreadable> {
        self.read()
    }
}

impl Given<Amount> {
    /// The exact number, written as text (`"29.70"`) or as a JSON number without an exponent.
    pub(crate) fn decimal(&self) -> Result<Decimal, Unreadable> {
        let text: Cow<'_, str> = if self.json.get().starts_with('"') {
            self.read()?
        } else {
            self.json.get().into()
        };
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
        if !is_plain {
            return Err(Unreadable);
        }
        Decimal::from_str_exact(&text).map_err(|_| Unreadable)
    }
}

impl Given<Time> {
    /// The instant (UTC, to the microsecond), written as ISO 8601; without a zone it is UTC.
    pub(crate) fn iso(&self) -> Result<OffsetDateTime, Unreadable> {
        let text: Cow<'_, str> = self.read()?;
        instant(&text)
    }

    /// The same, or a number of seconds since 1970, as a number or as text.
    pub(crate) fn iso_or_seconds(&self) -> Result<OffsetDateTime, Unreadable> {
        let json = self.json.get();
        let digits = json.trim_matches('"');
        match digits.parse::<i64>() {
            Ok(seconds) => {
                within_range(OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| Unreadable)?)
            }
            Err(_) => self.iso(),
        }
    }
}

impl Given<Day> {
    /// The day, written as ISO 8601.
    pub(crate) fn day(&self) -> Result<Date, Unreadable> {
        let text: Cow<'_, str> = self.read()?;
        day(&text)
    }
}

/// A day from 1970 to 9999, written as ISO 8601.
pub(crate) fn day(text: &str) -> Result<Date, Unreadable> {
    let day = Date::parse(text, &Iso8601::PARSING).map_err(|_| Unreadable)?;
    // What is parsed may have a time behind the day.
    if !text.contains(['T', 't']) && YEARS.contains(&day.year()) {
        Ok(day)
    } else {
        Err(Unreadable)
    }
}

/// An instant (UTC, to the microsecond), written as ISO 8601; without a zone it is UTC.
pub(crate) fn instant(text: &str) -> Result<OffsetDateTime, Unreadable> {
    within_range(iso(text)?)
}

fn iso(text: &str) -> Result<OffsetDateTime, Unreadable> {
    OffsetDateTime::parse(text, &Iso8601::PARSING)
        .or_else(|_| {
            PrimitiveDateTime::parse(text, &Iso8601::PARSING).map(PrimitiveDateTime::assume_utc)
        })
        .or_else(|_| {
            Date::parse(text, &Iso8601::PARSING)
                .map(|date| date.with_time(TimeOfDay::MIDNIGHT).assume_utc())
        })
        .map_err(|_| Unreadable)
}

/// What every database keeps.
const YEARS: RangeInclusive<i32> = 1970..=9999;

/// A time of those years, cut to microseconds.
fn within_range(time: OffsetDateTime) -> Result<OffsetDateTime, Unreadable> {
    let utc = time
        .checked_to_offset(time::UtcOffset::UTC)
        .ok_or(Unreadable)?;
    if YEARS.contains(&utc.year()) {
        from_micros(micros(utc)).ok_or(Unreadable)
    } else {
        Err(Unreadable)
    }
}

impl<'de, S> Deserialize<'de> for Given<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            json: Box::deserialize(deserializer)?,
            shape: PhantomData,
        })
    }
}

impl<'de, S> Deserialize<'de> for Required<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}

/// A parameter of a path or query: what is no JSON of its type is the text that it is.
impl<S: Shape> ParseFromParameter for Given<S> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        let is_json = S::TYPE != "string" && serde_json::from_str::<IgnoredAny>(value).is_ok();
        let json = if is_json {
            RawValue::from_string(value.to_owned())
        } else {
            serde_json::value::to_raw_value(value)
        };
        Ok(Self {
            json: json.map_err(ParseError::custom)?,
            shape: PhantomData,
        })
    }
}

macro_rules! openapi_type {
    ($name:ident, $required:literal) => {
        impl<S: Shape> Type for $name<S> {
            const IS_REQUIRED: bool = $required;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                match S::FORMAT {
                    Some(format) => format!("{}_{format}", S::TYPE).into(),
                    None => S::TYPE.into(),
                }
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new(S::schema()))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }

        // `Object` asks for these; bodies are read by serde (`Body`), never by them.
        impl<S: Shape> ParseFromJSON for $name<S> {
            fn parse_from_json(value: Option<serde_json::Value>) -> ParseResult<Self> {
                serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
            }
        }

        impl<S: Shape> ToJSON for $name<S> {
            fn to_json(&self) -> Option<serde_json::Value> {
                None
            }
        }
    };
}

openapi_type!(Given, true);
openapi_type!(Required, true);

#[cfg(test)]
mod tests {
    use super::*;

    fn given<S>(json: &str) -> Given<S> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_a_whole_number_is_an_integer() {
        assert_eq!(given::<Integer>("9999").integer(), Ok(9999));
        assert_eq!(given::<Integer>("-1").integer(), Ok(-1));
        for refused in ["12.0", "1e3", "\"12\"", "true", "9223372036854775808"] {
            assert_eq!(
                given::<Integer>(refused).integer(),
                Err(Unreadable),
                "{refused}"
            );
        }
    }

    #[test]
    fn an_amount_keeps_every_digit() {
        let exact = |json: &str| {
            given::<Amount>(json)
                .decimal()
                .map(|amount| amount.to_string())
        };
        assert_eq!(exact("\"29.70\""), Ok("29.70".to_owned()));
        assert_eq!(exact("0.1"), Ok("0.1".to_owned()));
        assert_eq!(
            exact("92233720368547758.07"),
            Ok("92233720368547758.07".to_owned())
        );
        for refused in ["\"\"", "\"1e3\"", "1e3", "\"1,5\"", "\" 1\"", "null", "[]"] {
            assert_eq!(exact(refused), Err(Unreadable), "{refused}");
        }
    }

    #[test]
    fn a_day_has_no_time() {
        assert_eq!(day("2026-01-31"), Ok(time::macros::date!(2026 - 01 - 31)));
        for refused in [
            "2026-01-31T00:00:00Z",
            "2026-02-30",
            "1969-12-31",
            "31.1.2026",
            "",
        ] {
            assert_eq!(day(refused), Err(Unreadable), "{refused}");
        }
    }

    #[test]
    fn times_are_iso_or_seconds() {
        let seconds = |json: &str| {
            given::<Time>(json)
                .iso_or_seconds()
                .map(|time| time.unix_timestamp_nanos() / 1_000)
        };
        let noon = Ok(1_759_233_600_000_000);
        for same in [
            "\"2025-09-30T12:00:00Z\"",
            "\"2025-09-30T14:00:00+02:00\"",
            "\"2025-09-30T12:00:00\"",
            "\"2025-09-30T12:00:00.0000009Z\"",
            "1759233600",
            "\"1759233600\"",
        ] {
            assert_eq!(seconds(same), noon, "{same}");
        }
        assert_eq!(seconds("\"2025-09-30\""), Ok(1_759_190_400_000_000));
        for refused in [
            "\"09/30/2025\"",
            "1759233600000",
            "-1",
            "1.5",
            "\"\"",
            "true",
        ] {
            assert_eq!(seconds(refused), Err(Unreadable), "{refused}");
        }
    }
}
