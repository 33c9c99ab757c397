//! An event: what it takes.

use accrual_attribution::{Identifier, Tag};
use accrual_commission::SaleType;
use accrual_engine::{Reference, Text as EngineText};
use poem_openapi::Object;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::{
    growi::{
        create::{filled, instant, text},
        failure::Failure,
    },
    wire::{Given, Integer, Object as AnyObject, Required, Text, Time},
};

/// An event to report.
#[derive(Deserialize, Object)]
#[oai(rename = "NewTrackingEvent")]
pub(super) struct CreateEvent {
    /// What happened: `page_viewed`, `payment_completed`, `app_installed`, `app_uninstalled`,
    /// `cart_viewed`, `checkout_address_info_submitted`, `checkout_completed`,
    /// `checkout_contact_info_submitted`, `checkout_shipping_info_submitted`, `checkout_started`,
    /// `collection_viewed`, `payment_info_submitted`, `product_added_to_cart`,
    /// `product_removed_from_cart`, `product_viewed` or `search_submitted`.
    #[serde(default)]
    event_name: Required<Text>,
    /// When it happened: ISO 8601, or seconds since 1970. Now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// Your id of the visit or the visitor.
    #[oai(nullable)]
    visitor_uid: Option<Given<Text>>,
    /// Whatever else there is: not kept.
    #[oai(nullable)]
    #[allow(dead_code)] // Taken, so that whoever sends it is understood.
    event_data: Option<Given<AnyObject>>,
    /// What the customer paid before shipping and tax, in the smallest unit of the currency: above 0.
    /// Needed for `payment_completed`.
    #[oai(nullable)]
    pub(super) subtotal: Option<Given<Integer>>,
    /// ISO 4217 code, in any case. Needed for `payment_completed`.
    #[oai(nullable)]
    pub(super) currency: Option<Given<Text>>,
    /// Where it happened: `shopify`, `tik_tok_shop`, `ios`, `stripe` or `whop`; your site, if absent.
    #[oai(nullable)]
    conversion_platform: Option<Given<Text>>,
    /// Your own id of the order, or of the subscription.
    #[oai(nullable)]
    order_id: Option<Given<Text>>,
    /// `one_time` (if absent) or `subscription`.
    #[oai(nullable)]
    order_type: Option<Given<Text>>,
    /// Your own id of the payment. Needed to tell the payments of a subscription from each other.
    #[oai(nullable)]
    payment_id: Option<Given<Text>>,
    /// Your own id of the user.
    #[oai(nullable)]
    external_user_id: Option<Given<Text>>,
    /// How many were bought: 1, if absent.
    #[oai(nullable)]
    quantity: Option<Given<Integer>>,
    /// The affiliate's tag, in any case. Not needed for a further payment of a subscription that is
    /// known by its `order_id`, nor where the visitor or the user is known by an earlier event.
    #[oai(nullable)]
    campaign_affiliate_id: Option<Given<Text>>,
    /// When the subscription began: seconds since 1970.
    #[oai(nullable)]
    subscription_start_date: Option<Given<Integer>>,
    /// When it ends.
    #[oai(nullable)]
    subscription_end_date: Option<Given<Integer>>,
    /// Your own id of the product or the plan.
    #[oai(nullable)]
    product_id: Option<Given<Text>>,
}

/// What an event is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody came to the site.
    Visit,
    /// Somebody became a user.
    Installation,
    /// Somebody paid.
    Payment,
    /// Anything else, of which nothing is kept.
    Other,
}

/// An event that was read.
pub(super) struct Event<'a> {
    /// What was sent.
    pub(super) given: &'a CreateEvent,
    pub(super) kind: Kind,
    pub(super) occurred_at: Option<OffsetDateTime>,
    pub(super) tag: Option<Tag>,
    pub(super) visitor: Option<Identifier>,
    pub(super) user: Option<Identifier>,
    /// `website`, if nothing is said.
    pub(super) platform: &'static str,
    pub(super) sale_type: SaleType,
    pub(super) order: Option<Reference>,
    pub(super) payment: Option<Reference>,
    pub(super) product: Option<EngineText>,
    pub(super) quantity: u32,
    /// When the subscription begins and ends, in seconds since 1970.
    pub(super) subscription: [(&'static str, Option<i64>); 2],
}

const NAMES: [(&str, Kind); 16] = [
    ("cart_viewed", Kind::Other),
    ("checkout_address_info_submitted", Kind::Other),
    ("checkout_completed", Kind::Other),
    ("checkout_contact_info_submitted", Kind::Other),
    ("checkout_shipping_info_submitted", Kind::Other),
    ("checkout_started", Kind::Other),
    ("collection_viewed", Kind::Other),
    ("page_viewed", Kind::Visit),
    ("payment_info_submitted", Kind::Other),
    ("product_added_to_cart", Kind::Other),
    ("product_removed_from_cart", Kind::Other),
    ("product_viewed", Kind::Other),
    ("search_submitted", Kind::Other),
    ("payment_completed", Kind::Payment),
    ("app_installed", Kind::Installation),
    ("app_uninstalled", Kind::Other),
];

const PLATFORMS: [&str; 6] = [
    "website",
    "shopify",
    "tik_tok_shop",
    "ios",
    "stripe",
    "whop",
];

impl CreateEvent {
    pub(super) fn event(&self) -> Result<Event<'_>, Failure> {
        let name = filled("event_name", self.event_name.given())?;
        let name = name.ok_or(Failure::invalid("event_name is required"))?;
        let known = NAMES.iter().find(|(known, _)| *known == name);
        let (_, kind) = known.ok_or_else(|| {
            let names = NAMES.map(|(name, _)| name);
            one_of("event_name", &names)
        })?;
        let sale_type = match filled("order_type", self.order_type.as_ref())?.as_deref() {
            None | Some("one_time") => SaleType::OneTime,
            Some("subscription") => SaleType::Subscription,
            Some(_) => return Err(one_of("order_type", &["one_time", "subscription"])),
        };
        let date =
            |name, given: &Option<_>| Ok::<_, Failure>((name, integer(name, given.as_ref())?));
        let start = date("subscription_start_date", &self.subscription_start_date)?;
        let end = date("subscription_end_date", &self.subscription_end_date)?;
        Ok(Event {
            given: self,
            kind: *kind,
            occurred_at: instant("occurred_at", self.occurred_at.as_ref())?,
            tag: self.tag()?,
            visitor: identifier("visitor_uid", self.visitor_uid.as_ref())?,
            user: identifier("external_user_id", self.external_user_id.as_ref())?,
            platform: self.platform()?,
            sale_type,
            order: reference("order_id", self.order_id.as_ref())?,
            payment: reference("payment_id", self.payment_id.as_ref())?,
            product: text("product_id", self.product_id.as_ref())?,
            quantity: self.quantity()?,
            subscription: [start, end],
        })
    }

    fn tag(&self) -> Result<Option<Tag>, Failure> {
        let given = self.campaign_affiliate_id.as_ref();
        let tag = filled("campaign_affiliate_id", given)?;
        // What cannot be a tag is nobody's.
        let tag = tag.map(|tag| Tag::parse(&tag)).transpose();
        tag.map_err(|_| super::not_found())
    }

    fn platform(&self) -> Result<&'static str, Failure> {
        let said = filled("conversion_platform", self.conversion_platform.as_ref())?;
        let Some(said) = said else {
            return Ok(PLATFORMS[0]);
        };
        let mut known = PLATFORMS.into_iter().skip(1);
        known
            .find(|known| *known == said)
            .ok_or_else(|| one_of("conversion_platform", &PLATFORMS[1..]))
    }

    fn quantity(&self) -> Result<u32, Failure> {
        let Some(quantity) = integer("quantity", self.quantity.as_ref())? else {
            return Ok(1);
        };
        u32::try_from(quantity)
            .ok()
            .filter(|quantity| *quantity > 0)
            .ok_or_else(|| Failure::invalid("quantity must be 1 or greater."))
    }
}

fn one_of(name: &str, words: &[&str]) -> Failure {
    Failure::invalid(format!("{name} must be one of: {}.", words.join(", ")))
}

fn integer(name: &str, given: Option<&Given<Integer>>) -> Result<Option<i64>, Failure> {
    let number = given.map(Given::integer).transpose();
    number.map_err(|_| Failure::invalid(format!("{name} must be an integer.")))
}

fn identifier(name: &str, given: Option<&Given<Text>>) -> Result<Option<Identifier>, Failure> {
    let said = filled(name, given)?;
    let said = said.map(|said| Identifier::parse(&said)).transpose();
    said.map_err(|_| {
        Failure::invalid(format!(
            "{name} must have at most 255 characters, none of them a control character."
        ))
    })
}

fn reference(name: &str, given: Option<&Given<Text>>) -> Result<Option<Reference>, Failure> {
    let said = filled(name, given)?;
    let said = said.map(Reference::parse).transpose();
    said.map_err(|error| Failure::invalid(format!("{name} {error}.")))
}
