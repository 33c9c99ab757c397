//! What limits a promo code: as it is given, and as it is shown.

use accrual_engine::PromoLimits;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::{
    native::{
        field,
        problem::Problem,
        view::{code, decimal, iso},
    },
    wire::{Amount, Flag, Given, Integer, Text, Time},
};

/// The most products or customers that a code is for.
const MOST: usize = 1_000;

/// What limits a promo code; without limit where nothing is said.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsInput {
    /// When it is no longer valid: the first such instant.
    #[oai(nullable)]
    expires_at: Option<Given<Time>>,
    /// How often it can be redeemed.
    #[oai(nullable)]
    max_redemptions: Option<Given<Integer>>,
    /// Whether it is for a customer's first order only; no, if absent.
    #[oai(nullable)]
    first_order_only: Option<Given<Flag>>,
    /// The least that a sale must come to; needs `currency`. A sale in another currency is not known
    /// to come to it.
    #[oai(nullable)]
    minimum_sale: Option<Given<Amount>>,
    /// ISO 4217 code of `minimum_sale`.
    #[oai(nullable)]
    currency: Option<Given<Text>>,
    /// The products that it is for, one of which must be among the lines of the sale: up to 1,000 of
    /// your own ids; any, if absent.
    #[oai(nullable)]
    products: Option<Vec<Given<Text>>>,
    /// The customers that it is for: up to 1,000 of your own ids; any, if absent.
    #[oai(nullable)]
    customer_ids: Option<Vec<Given<Text>>>,
}

/// What limits a promo code.
#[derive(Object, Serialize)]
#[oai(rename = "PromoLimits")]
pub(super) struct LimitsView {
    /// When it is no longer valid.
    #[oai(nullable)]
    expires_at: Option<String>,
    /// How often it can be redeemed.
    #[oai(nullable)]
    max_redemptions: Option<u32>,
    /// Whether it is for a customer's first order only.
    first_order_only: bool,
    /// The least that a sale must come to.
    #[oai(nullable)]
    minimum_sale: Option<String>,
    /// ISO 4217 code of `minimum_sale`.
    #[oai(nullable)]
    currency: Option<String>,
    /// The products that it is for; any, if empty.
    products: Vec<String>,
    /// The customers that it is for; any, if empty.
    customer_ids: Vec<String>,
}

impl LimitsInput {
    pub(super) fn limits(&self) -> Result<PromoLimits, Problem> {
        let currency = self.currency.as_ref();
        let currency = field::optional("limits.currency", currency, field::currency)?;
        let minimum = match (&self.minimum_sale, currency) {
            (Some(minimum), currency) => {
                let currency = field::required("limits.currency", currency)?;
                Some(field::money("limits.minimum_sale", minimum, currency)?)
            }
            (None, None) => None,
            (None, Some(_)) => {
                return Err(Problem::invalid("limits.currency", "needs minimum_sale"));
            }
        };
        let redemptions = self.max_redemptions.as_ref();
        let first_order_only = self.first_order_only.as_ref();
        let products = self.products.as_deref().unwrap_or_default();
        let customers = self.customer_ids.as_deref().unwrap_or_default();
        Ok(PromoLimits {
            expires_at: field::instant("limits.expires_at", self.expires_at.as_ref())?,
            max_redemptions: field::optional("limits.max_redemptions", redemptions, field::count)?
                .map(Into::into),
            first_order_only: field::optional(
                "limits.first_order_only",
                first_order_only,
                field::flag,
            )?
            .unwrap_or(false),
            minimum,
            products: field::list("limits.products", products, MOST, field::text)?,
            customers: field::list("limits.customer_ids", customers, MOST, field::identifier)?,
        })
    }
}

impl LimitsView {
    pub(super) fn of(limits: &PromoLimits) -> Self {
        Self {
            expires_at: limits.expires_at.map(iso),
            max_redemptions: limits.max_redemptions,
            first_order_only: limits.first_order_only,
            minimum_sale: limits.minimum.map(decimal),
            currency: limits.minimum.map(code),
            products: limits.products.iter().map(ToString::to_string).collect(),
            customer_ids: limits.customers.iter().map(ToString::to_string).collect(),
        }
    }
}
