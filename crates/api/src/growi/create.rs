//! `POST /affiliate_sales`: what it takes.

use accrual_attribution::{AffiliateId, Claim, ProgramId, Tag};
use accrual_commission::SaleType;
use accrual_engine::{Command, Customer, Facts, Platform, Reference, Source, Text as EngineText};
use accrual_money::{Currency, Money};
use poem_openapi::Object;
use serde::Deserialize;
use time::OffsetDateTime;

use super::failure::Failure;
use crate::wire::{Given, Integer, Required, Text, Time, Unreadable};

/// A sale to report.
#[derive(Deserialize, Object)]
#[oai(rename = "CreateAffiliateSale")]
pub(super) struct CreateSale {
    /// Your own id of the order: up to 255 characters. Repeating it is safe.
    #[serde(default)]
    order_id: Required<Text>,
    /// ISO 4217 code, in any case, such as `usd`.
    #[serde(default)]
    currency: Required<Text>,
    /// What the customer paid, in the smallest unit of the currency (9999 is 99.99 USD): above 0.
    /// At least one of `total` and `subtotal` is needed; the commission is a share of the total.
    #[oai(nullable)]
    total: Option<Given<Integer>>,
    /// The same before shipping and tax: above 0.
    #[oai(nullable)]
    subtotal: Option<Given<Integer>>,
    /// The affiliate's tag, in any case. Needed unless both ids below are given.
    #[oai(nullable)]
    campaign_affiliate_id: Option<Given<Text>>,
    /// The affiliate's number; needs `growi_campaign_id`.
    #[oai(nullable)]
    growi_user_id: Option<Given<Integer>>,
    /// The campaign's number; needs `growi_user_id`.
    #[oai(nullable)]
    growi_campaign_id: Option<Given<Integer>>,
    /// When the sale took place: ISO 8601, or seconds since 1970. Now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// When the commission becomes due: ISO 8601, or seconds since 1970.
    #[oai(nullable)]
    due_at: Option<Given<Time>>,
    /// The customer's e-mail address.
    #[oai(nullable)]
    customer_email: Option<Given<Text>>,
    /// The customer's name.
    #[oai(nullable)]
    customer_name: Option<Given<Text>>,
    /// Your id of the visit that the customer came by.
    #[oai(nullable)]
    visitor_uid: Option<Given<Text>>,
    /// `one_time` (if absent) or `subscription`.
    #[oai(nullable)]
    sale_type: Option<Given<Text>>,
    /// The commission, in the smallest unit of the currency, 0 or more; computed if absent.
    #[oai(nullable)]
    commission: Option<Given<Integer>>,
    /// `website` (if absent), `ios` or `android`; the latter two need an app of yours.
    #[oai(nullable)]
    platform: Option<Given<Text>>,
    /// A label of your own, shown with the sale.
    #[oai(nullable)]
    sub_id: Option<Given<Text>>,
}

impl CreateSale {
    /// The command that it asks for, each field checked in the order in which Growi says what is
    /// missing.
    pub(super) fn command(self) -> Result<Command, Failure> {
        let order_id = filled("Order ID", self.order_id.given())?
            .ok_or(Failure::invalid("Order ID is required."))?;
        let currency = filled("Currency", self.currency.given())?
            .ok_or(Failure::invalid("Currency is required."))?;
        if self.total.is_none() && self.subtotal.is_none() {
            return Err(Failure::invalid("Total or subtotal is required."));
        }
        let platform = platform(self.platform.as_ref())?;
        let attribution = self.attribution()?;

        let reference = Reference::parse(order_id)
            .map_err(|error| Failure::invalid(format!("Order ID {error}.")))?;
        let currency = Currency::parse(&currency)
            .map_err(|_| Failure::invalid("Currency must be an ISO 4217 code, such as usd."))?;
        let total = amount("Total", self.total.as_ref(), currency)?;
        let subtotal = amount("Subtotal", self.subtotal.as_ref(), currency)?;
        let mut facts = Facts::new(source()?, reference);
        facts.total = total;
        facts.subtotal = subtotal;
        facts.sale_type = sale_type(self.sale_type.as_ref())?;
        facts.occurred_at = instant("occurred_at", self.occurred_at.as_ref())?;
        facts.due_at = instant("due_at", self.due_at.as_ref())?;
        facts.amount_override = amount("Commission", self.commission.as_ref(), currency)?;
        facts.platform = Some(platform);
        facts.customer = Customer {
            id: None,
            email: text("Customer email", self.customer_email.as_ref())?,
            name: text("Customer name", self.customer_name.as_ref())?,
            visitor_id: text("Visitor UID", self.visitor_uid.as_ref())?,
        };
        facts.sub_id = text("Sub ID", self.sub_id.as_ref())?;
        facts.claims = vec![attribution.claim()?];
        Ok(Command::Report(Box::new(facts)))
    }

    /// The tag if there is one, else both ids; the two are not compared.
    fn attribution(&self) -> Result<Attribution<'_>, Failure> {
        if let Some(tag) = filled("Campaign affiliate ID", self.campaign_affiliate_id.as_ref())? {
            return Ok(Attribution::Tag(tag));
        }
        match (&self.growi_user_id, &self.growi_campaign_id) {
            (Some(user), Some(campaign)) => Ok(Attribution::Ids { user, campaign }),
            _ => Err(Failure::invalid(
                "Attribution required: provide campaign_affiliate_id OR both growi_user_id and \
                 growi_campaign_id.",
            )),
        }
    }
}

/// Who is said to have sent the customer.
enum Attribution<'a> {
    Tag(String),
    Ids {
        user: &'a Given<Integer>,
        campaign: &'a Given<Integer>,
    },
}

impl Attribution<'_> {
    fn claim(self) -> Result<Claim, Failure> {
        match self {
            // What cannot be a tag is nobody's.
            Self::Tag(tag) => match Tag::parse(&tag) {
                Ok(tag) => Ok(Claim::Tag(tag)),
                Err(_) => Err(Failure::affiliate_not_found()),
            },
            Self::Ids { user, campaign } => Ok(Claim::Membership {
                affiliate: AffiliateId::new(integer("Growi user ID", user)?),
                program: ProgramId::new(integer("Growi campaign ID", campaign)?),
            }),
        }
    }
}

/// The space in which this API's order ids are unique: one a platform, and only this one is served.
pub(super) fn source() -> Result<Source, Failure> {
    Source::parse("growi/website").map_err(|_| Failure::internal())
}

fn integer(name: &str, given: &Given<Integer>) -> Result<i64, Failure> {
    given
        .integer()
        .map_err(|Unreadable| Failure::invalid(format!("{name} must be an integer.")))
}

pub(super) fn amount(
    name: &str,
    given: Option<&Given<Integer>>,
    currency: Currency,
) -> Result<Option<Money>, Failure> {
    given
        .map(|given| Ok(Money::from_minor(integer(name, given)?, currency)))
        .transpose()
}

/// A text that says something; one of white space only does not.
pub(super) fn filled(name: &str, given: Option<&Given<Text>>) -> Result<Option<String>, Failure> {
    let Some(given) = given else { return Ok(None) };
    let text = given
        .text()
        .map_err(|Unreadable| Failure::invalid(format!("{name} must be a string.")))?;
    Ok(Some(text.into_owned()).filter(|text| !text.trim().is_empty()))
}

pub(super) fn text(name: &str, given: Option<&Given<Text>>) -> Result<Option<EngineText>, Failure> {
    filled(name, given)?
        .map(EngineText::parse)
        .transpose()
        .map_err(|error| Failure::invalid(format!("{name} {error}.")))
}

pub(super) fn instant(
    name: &str,
    given: Option<&Given<Time>>,
) -> Result<Option<OffsetDateTime>, Failure> {
    given
        .filter(|given| !given.is_blank())
        .map(Given::iso_or_seconds)
        .transpose()
        .map_err(|Unreadable| {
            Failure::invalid(format!(
                "{name} must be an ISO 8601 time or a Unix time in seconds."
            ))
        })
}

fn sale_type(given: Option<&Given<Text>>) -> Result<SaleType, Failure> {
    match filled("Sale type", given)?.as_deref() {
        None | Some("one_time") => Ok(SaleType::OneTime),
        Some("subscription") => Ok(SaleType::Subscription),
        Some(_) => Err(Failure::invalid(
            "Sale type must be one of: one_time, subscription.",
        )),
    }
}

fn platform(given: Option<&Given<Text>>) -> Result<Platform, Failure> {
    match filled("Platform", given)?.as_deref() {
        None | Some("website") => Platform::parse("website").map_err(|_| Failure::internal()),
        Some("ios") => Err(Failure::invalid("iOS app not found for this organization.")),
        Some("android") => Err(Failure::invalid(
            "Android app not found for this organization.",
        )),
        Some(_) => Err(Failure::invalid(
            "Platform must be one of: website, ios, android.",
        )),
    }
}
