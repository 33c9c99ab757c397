//! Amounts in major units, as JSON numbers.

use std::borrow::Cow;

use accrual_money::{Currency, Money};
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde::{Serialize, Serializer};
use serde_json::Number;

/// An amount in major units (dollars, for USD), written as an exact decimal number.
#[derive(Clone, Debug)]
pub(super) struct Dollars(Number);

impl Dollars {
    /// So many minor units of a currency.
    pub(super) fn of(minor: i64, currency: Currency) -> Self {
        let exact = Money::from_minor(minor, currency).major().to_string();
        // A decimal's digits are a JSON number.
        Self(exact.parse().unwrap_or_else(|_| Number::from(minor)))
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Type for Dollars {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "number".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("number")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

// `Object` asks for these; replies are written by serde (`Reply`).
impl ParseFromJSON for Dollars {
    fn parse_from_json(value: Option<serde_json::Value>) -> ParseResult<Self> {
        match value {
            Some(serde_json::Value::Number(number)) => Ok(Self(number)),
            _ => Err(ParseError::custom("not a number")),
        }
    }
}

impl ToJSON for Dollars {
    fn to_json(&self) -> Option<serde_json::Value> {
        Some(serde_json::Value::Number(self.0.clone()))
    }
}
