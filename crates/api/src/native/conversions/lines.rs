//! What was bought, and whatever else is kept with a sale.

use accrual_engine::Line;
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Deserialize;

use crate::{
    native::{field, problem::Problem},
    wire::{Amount, Given, Integer, Object as AnyObject, Required, Text, Unreadable},
};

/// One line of a sale.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct LineInput {
    /// Your own id of the product.
    #[serde(default)]
    product: Required<Text>,
    /// Your own id of the price, such as a plan's.
    #[oai(nullable)]
    price: Option<Given<Text>>,
    /// How many were bought: from 1 to 4,294,967,295.
    #[serde(default)]
    quantity: Required<Integer>,
    /// What they cost together. The base is divided among the lines by it; one below zero is a
    /// discount that all others share.
    #[serde(default)]
    amount: Required<Amount>,
}

/// The most characters of JSON that metadata has.
const MAX_METADATA: usize = 16_384;
/// How deep metadata may be: the journal, in which it lies deeper, must be readable again.
const MAX_METADATA_LEVELS: usize = 64;
/// The most lines that a sale has.
const MAX_LINES: usize = 1_000;

pub(super) fn lines(given: &[LineInput], currency: Currency) -> Result<Vec<Line>, Problem> {
    field::list("lines", given, MAX_LINES, |name, line| {
        line.line(name, currency)
    })
}

impl LineInput {
    fn line(&self, name: &str, currency: Currency) -> Result<Line, Problem> {
        let within = |field: &str| format!("{name}.{field}");
        let product = field::required(&within("product"), self.product.given())?;
        let quantity = field::required(&within("quantity"), self.quantity.given())?;
        let amount = field::required(&within("amount"), self.amount.given())?;
        Ok(Line {
            product: field::text(&within("product"), product)?,
            price: field::optional_text(&within("price"), self.price.as_ref())?,
            quantity: field::count(&within("quantity"), quantity)?.get(),
            amount: field::money(&within("amount"), amount, currency)?,
        })
    }
}

pub(super) fn metadata(
    given: Option<&Given<AnyObject>>,
) -> Result<serde_json::Map<String, serde_json::Value>, Problem> {
    let Some(given) = given else {
        return Ok(serde_json::Map::new());
    };
    if given.json().chars().count() > MAX_METADATA {
        let what = format!("must have at most {MAX_METADATA} characters of JSON");
        return Err(Problem::invalid("metadata", what));
    }
    let metadata = given
        .object()
        .map_err(|Unreadable| Problem::invalid("metadata", "must be an object"))?;
    if 1 + deepest(metadata.values()) > MAX_METADATA_LEVELS {
        let what = format!("must have at most {MAX_METADATA_LEVELS} levels");
        return Err(Problem::invalid("metadata", what));
    }
    Ok(metadata)
}

/// How many levels the deepest of these has.
fn deepest<'a>(values: impl Iterator<Item = &'a serde_json::Value>) -> usize {
    use serde_json::Value as V;
    let levels = values.map(|value| match value {
        V::Null | V::Bool(_) | V::Number(_) | V::String(_) => 0,
        V::Array(values) => 1 + deepest(values.iter()),
        V::Object(fields) => 1 + deepest(fields.values()),
    });
    levels.max().unwrap_or(0)
}
