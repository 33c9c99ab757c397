//! Incentives, as they are given.

use std::collections::BTreeSet;

use accrual_commission::{Condition, Incentive, Length, Pay, Scope, ScopeKind, Step, StepStart};
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Deserialize;
use serde_json::Value;

use super::tiers::TiersInput;
use crate::{
    native::{field, problem::Problem, word::ScopeWord},
    wire::{self, Amount, Given, Integer, Object as AnyObject, OneOf, Text, Unreadable},
};

/// A rule. It pays `percent`, `fixed`, both, or `per_item`; a share of `"0"` alone excludes what the
/// rule covers.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct IncentiveInput {
    /// A share of what the rule covers of the base, from `"0"` to `"100"` percent, with up to 7
    /// decimal places.
    #[oai(nullable)]
    percent: Option<Given<Amount>>,
    /// The same amount for every sale, in the program's currency, such as `"10.00"`.
    #[oai(nullable)]
    fixed: Option<Given<Amount>>,
    /// The same amount for every item that the rule covers; a sale without lines is one item.
    #[oai(nullable)]
    per_item: Option<Given<Amount>>,
    /// What it covers: `all` (if absent), `one_time` or `subscription` sales, `monthly` or `yearly`
    /// payments; `products` or `prices`, which `products` and `prices` below say on their own. The
    /// more specific goes first: prices, products, yearly, monthly, the type, all.
    #[oai(nullable)]
    applies_to: Option<Given<OneOf<ScopeWord>>>,
    /// Only lines of these products, by your own ids: exact.
    #[oai(nullable)]
    products: Option<Vec<Given<Text>>>,
    /// Only lines at these prices, by your own ids: exact.
    #[oai(nullable)]
    prices: Option<Vec<Given<Text>>>,
    /// Only sales to these countries: ISO 3166-1 codes of two letters.
    #[oai(nullable)]
    countries: Option<Vec<Given<Text>>>,
    /// Only sales whose metadata has all of these: names with texts, numbers, `true` or `false`.
    #[oai(nullable)]
    metadata: Option<Given<AnyObject>>,
    /// What it pays later in a customer's life, earliest first: up to 50, of which the last one
    /// reached counts.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    steps: Option<Vec<StepInput>>,
    /// What it pays those who sell much.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    tiers: Option<TiersInput>,
    /// For how many months from a customer's first payment it pays; afterwards nothing does in its
    /// place.
    #[oai(nullable)]
    max_months: Option<Given<Integer>>,
    /// For how many payments of a customer it pays, the first included; afterwards nothing does in
    /// its place.
    #[oai(nullable)]
    max_payments: Option<Given<Integer>>,
}

/// From a point of a customer's life on, this is paid: `from_payment` or `from_month`, and a pay as
/// of an incentive.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct StepInput {
    /// From the customer's payment with this number on: 2 is the first renewal.
    #[oai(nullable)]
    from_payment: Option<Given<Integer>>,
    /// From this many months after the customer's first payment on.
    #[oai(nullable)]
    from_month: Option<Given<Integer>>,
    /// A share, in percent.
    #[oai(nullable)]
    percent: Option<Given<Amount>>,
    /// The same amount for every sale.
    #[oai(nullable)]
    fixed: Option<Given<Amount>>,
    /// The same amount for every item.
    #[oai(nullable)]
    per_item: Option<Given<Amount>>,
}

/// What incentives, steps and tiers pay.
pub(super) struct PayInput<'a> {
    pub(super) percent: Option<&'a Given<Amount>>,
    pub(super) fixed: Option<&'a Given<Amount>>,
    pub(super) per_item: Option<&'a Given<Amount>>,
}

impl PayInput<'_> {
    /// The pay of what is called `name`.
    pub(super) fn pay(&self, name: &str, currency: Currency) -> Result<Pay, Problem> {
        let share = |given| field::percent(&format!("{name}.percent"), given);
        let amount = |field: &str, given| field::money(&format!("{name}.{field}"), given, currency);
        Ok(match (self.percent, self.fixed, self.per_item) {
            (Some(percent), None, None) => Pay::Share(share(percent)?),
            (None, Some(fixed), None) => Pay::Fixed(amount("fixed", fixed)?),
            (Some(percent), Some(fixed), None) => Pay::ShareAndFixed {
                share: share(percent)?,
                fixed: amount("fixed", fixed)?,
            },
            (None, None, Some(per_item)) => Pay::PerItem(amount("per_item", per_item)?),
            (None, None, None) => {
                return Err(Problem::invalid(name, "needs percent, fixed or per_item"));
            }
            (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
                let name = format!("{name}.per_item");
                return Err(Problem::invalid(&name, "goes without percent and fixed"));
            }
        })
    }
}

impl IncentiveInput {
    pub(super) fn all(given: &[Self], currency: Currency) -> Result<Vec<Incentive>, Problem> {
        let incentives = given.iter().enumerate();
        incentives
            .map(|(index, input)| input.incentive(&format!("incentives[{index}]"), currency))
            .collect()
    }

    fn incentive(&self, name: &str, currency: Currency) -> Result<Incentive, Problem> {
        let pay = PayInput {
            percent: self.percent.as_ref(),
            fixed: self.fixed.as_ref(),
            per_item: self.per_item.as_ref(),
        };
        let within = |field: &str| format!("{name}.{field}");
        let steps = self.steps.as_deref().unwrap_or_default();
        let tiers = self.tiers.as_ref();
        let (months, payments) = (self.max_months.as_ref(), self.max_payments.as_ref());
        Ok(Incentive {
            pay: pay.pay(name, currency)?,
            scope: self.scope(name)?,
            conditions: self.conditions(name)?,
            steps: field::list(
                &within("steps"),
                steps,
                Incentive::MAX_STEPS,
                |name, step| step.step(name, currency),
            )?,
            tiers: field::optional(&within("tiers"), tiers, |name, tiers| {
                tiers.tiers(name, currency)
            })?,
            length: Length {
                months: field::optional(&within("max_months"), months, field::small_count)?,
                payments: field::optional(&within("max_payments"), payments, field::count)?,
            },
        })
    }

    fn scope(&self, name: &str) -> Result<Scope, Problem> {
        let within = |field: &str| format!("{name}.{field}");
        let said = self.applies_to.as_ref();
        let said = field::optional(&within("applies_to"), said, field::word)?;
        let only = |kind, scope| match said {
            Some(other) if other != kind => {
                let what = "covers something else than is listed";
                Err(Problem::invalid(&within("applies_to"), what))
            }
            Some(_) | None => Ok(scope),
        };
        match (&self.products, &self.prices) {
            (Some(products), None) => {
                let products = names(&within("products"), products)?;
                return only(ScopeKind::Products, Scope::Products(products));
            }
            (None, Some(prices)) => {
                let prices = names(&within("prices"), prices)?;
                return only(ScopeKind::Prices, Scope::Prices(prices));
            }
            (Some(_), Some(_)) => {
                return Err(Problem::invalid(&within("prices"), "goes without products"));
            }
            (None, None) => {}
        }
        Ok(match said.unwrap_or(ScopeKind::All) {
            ScopeKind::All => Scope::All,
            ScopeKind::Type(sale_type) => Scope::Type(sale_type),
            ScopeKind::Monthly => Scope::Monthly,
            ScopeKind::Yearly => Scope::Yearly,
            ScopeKind::Products => {
                return Err(Problem::invalid(&within("products"), "is required"));
            }
            ScopeKind::Prices => return Err(Problem::invalid(&within("prices"), "is required")),
        })
    }

    fn conditions(&self, name: &str) -> Result<Vec<Condition>, Problem> {
        let within = |field: &str| format!("{name}.{field}");
        let mut conditions = Vec::new();
        if let Some(countries) = &self.countries {
            let name = within("countries");
            let countries = field::list(&name, countries, Incentive::MAX_NAMES, field::country)?;
            conditions.push(Condition::Country(countries.into_iter().collect()));
        }
        if let Some(metadata) = &self.metadata {
            let name = within("metadata");
            let wanted = metadata
                .object()
                .map_err(|Unreadable| Problem::invalid(&name, "must be an object"))?;
            for (key, value) in wanted {
                let value = plain(&value).ok_or_else(|| {
                    let name = format!("{name}.{key}");
                    Problem::invalid(&name, "must be a string, a number, true or false")
                })?;
                conditions.push(Condition::Metadata {
                    key: key.into(),
                    value: value.into(),
                });
            }
        }
        Ok(conditions)
    }
}

impl StepInput {
    fn step(&self, name: &str, currency: Currency) -> Result<Step, Problem> {
        let from = match (&self.from_payment, &self.from_month) {
            (Some(payment), None) => {
                StepStart::Payment(field::count(&format!("{name}.from_payment"), payment)?)
            }
            (None, Some(month)) => {
                StepStart::Month(field::small_count(&format!("{name}.from_month"), month)?)
            }
            (Some(_), Some(_)) | (None, None) => {
                let what = "needs from_payment or from_month, and not both";
                return Err(Problem::invalid(name, what));
            }
        };
        let pay = PayInput {
            percent: self.percent.as_ref(),
            fixed: self.fixed.as_ref(),
            per_item: self.per_item.as_ref(),
        };
        Ok(Step {
            from,
            pay: pay.pay(name, currency)?,
        })
    }
}

/// The ids of products or prices.
fn names(name: &str, given: &[Given<Text>]) -> Result<BTreeSet<Box<str>>, Problem> {
    let names = field::list(name, given, Incentive::MAX_NAMES, field::text)?;
    Ok(names.iter().map(|text| text.as_str().into()).collect())
}

/// A value of metadata that a sale can be asked for.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
