//! Tax and exchange: as they are given, and as they are shown.

use accrual_commission::Tax;
use accrual_money::{Currency, ExchangeRate};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::{
    native::{field, problem::Problem},
    wire::{Amount, Day, Given, Required, Text, Unreadable},
};

/// What the sale's currency is worth in the program's: `from_units` of the one are worth `to_units`
/// of the other.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ExchangeInput {
    /// So much of the sale's currency, such as `"1"`: above zero, with up to 15 digits, of which up
    /// to 9 are decimal places.
    #[serde(default)]
    from_units: Required<Amount>,
    /// Is worth so much, with as many digits.
    #[serde(default)]
    to_units: Required<Amount>,
    /// ISO 4217 code of the currency that it is worth so much in.
    #[serde(default)]
    to_currency: Required<Text>,
    /// The day of the rate, such as `2026-01-31`.
    #[serde(default)]
    on: Required<Day>,
    /// Whose rate it is, such as `ECB`: up to 200 characters.
    #[serde(default)]
    source: Required<Text>,
}

/// What one currency is worth in another.
#[derive(Object, Serialize)]
#[oai(rename = "Exchange")]
pub(in crate::native) struct ExchangeView {
    /// So much of `from_currency` is worth `to_units` of `to_currency`; in major units.
    from_units: String,
    /// ISO 4217 code of the sale's currency.
    from_currency: String,
    /// What `from_units` are worth, in major units.
    to_units: String,
    /// ISO 4217 code of the program's currency.
    to_currency: String,
    /// The day of the rate.
    on: String,
    /// Whose rate it is.
    source: String,
}

impl ExchangeInput {
    /// The rate from the sale's currency.
    pub(super) fn rate(&self, name: &str, from: Currency) -> Result<ExchangeRate, Problem> {
        let within = |field: &str| format!("{name}.{field}");
        let units = |field: &str, given: &Required<Amount>| {
            let name = within(field);
            field::decimal(&name, field::required(&name, given.given())?)
        };
        let from_units = units("from_units", &self.from_units)?;
        let to_units = units("to_units", &self.to_units)?;
        let currency_name = within("to_currency");
        let to = field::required(&currency_name, self.to_currency.given())?;
        let to = field::currency(&currency_name, to)?;
        let on = field::required(&within("on"), self.on.given())?.day();
        let on = on.map_err(|Unreadable| {
            Problem::invalid(&within("on"), "must be a day, such as \"2026-01-31\"")
        })?;
        let source = field::required(&within("source"), self.source.given())?;
        let source = field::string(&within("source"), source)?;
        ExchangeRate::try_new((from_units, from), (to_units, to), on, &source)
            .map_err(|error| Problem::invalid(name, format!("is not a rate: {error}")))
    }
}

impl ExchangeView {
    pub(in crate::native) fn of(rate: &ExchangeRate) -> Self {
        Self {
            from_units: rate.from_units().to_string(),
            from_currency: rate.from().code().to_owned(),
            to_units: rate.to_units().to_string(),
            to_currency: rate.to().code().to_owned(),
            on: rate.on().to_string(),
            source: rate.source().to_owned(),
        }
    }
}

/// The field that says the tax by a percentage.
pub(super) const INCLUDED: &str = "tax_percent_included";

/// The tax, by its amount or by the percentage at which the price includes it.
pub(super) fn tax(
    amount: Option<&Given<Amount>>,
    percent_included: Option<&Given<Amount>>,
    currency: Currency,
) -> Result<Option<Tax>, Problem> {
    match (amount, percent_included) {
        (Some(amount), None) => {
            field::money("tax", amount, currency).map(|tax| Some(Tax::Amount(tax)))
        }
        (None, Some(percent)) => {
            field::percent(INCLUDED, percent).map(|rate| Some(Tax::IncludedAt(rate)))
        }
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(two_taxes()),
    }
}

/// Both an amount and a percentage are given.
pub(super) fn two_taxes() -> Problem {
    Problem::invalid(INCLUDED, "goes without tax")
}
