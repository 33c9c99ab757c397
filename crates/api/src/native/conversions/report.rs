//! What a report says.

use accrual_attribution::Claim;
use accrual_engine::{Command, Customer, Facts, Reference, ShopPlatform, Source};
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Deserialize;

use super::{
    amounts::{ExchangeInput, tax},
    claims::{self, ClaimInput, Claims},
    lines::{LineInput, lines, metadata},
};
use crate::{
    native::{
        field,
        problem::Problem,
        word::{IntervalWord, SaleTypeWord},
    },
    wire::{self, Amount, Flag, Given, Integer, Object as AnyObject, OneOf, Required, Text, Time},
};

/// The space that references are unique in, if none is named.
pub(super) const USUAL_SOURCE: &str = "api";

/// A sale to report.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportConversion {
    /// Your own id of the sale: up to 255 characters. Repeating it is safe.
    #[serde(default)]
    reference: Required<Text>,
    /// The space that the reference is unique in, such as the name of a shop; `api` if absent.
    #[oai(nullable)]
    source: Option<Given<Text>>,
    /// ISO 4217 code of all amounts.
    #[serde(default)]
    currency: Required<Text>,
    /// What the customer paid, such as `"99.99"`: above zero. At least one of `total` and
    /// `subtotal` is needed; which of them a share is taken of is a rule of the program.
    #[oai(nullable)]
    total: Option<Given<Amount>>,
    /// The same before shipping and tax: above zero.
    #[oai(nullable)]
    subtotal: Option<Given<Amount>>,
    /// The tax in it: zero or more.
    #[oai(nullable)]
    tax: Option<Given<Amount>>,
    /// The percentage at which the price includes tax, in place of `tax`: 19 of 119.00 is 100.00
    /// and 19.00 of tax.
    #[oai(nullable)]
    tax_percent_included: Option<Given<Amount>>,
    /// What shipping cost: zero or more.
    #[oai(nullable)]
    shipping: Option<Given<Amount>>,
    /// What was taken off the price: zero or more.
    #[oai(nullable)]
    discount: Option<Given<Amount>>,
    /// What the sale's currency is worth in the program's: then the commission is in the latter.
    /// Without it, a share is in the currency of the sale, and what needs the program's currency
    /// (fixed amounts, caps and the like) is refused.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    exchange: Option<ExchangeInput>,
    /// The tag of the enrollment to credit, in any case. Any other claim is made by `claims`.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// The affiliate to credit, in whichever program; with `program_id`, in that one.
    #[oai(nullable)]
    affiliate_id: Option<Given<Integer>>,
    /// The program in which to credit the affiliate.
    #[oai(nullable)]
    program_id: Option<Given<Integer>>,
    /// Who is said to have sent the customer: up to 100 claims, of which the strongest is credited,
    /// as the program's `crediting` says, or each by its `weight`. None is needed for a `customer`
    /// who belongs to an enrollment.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    claims: Option<Vec<ClaimInput>>,
    /// Whether all claims that lead to an enrollment must lead to the same one, else nobody is
    /// credited; no, if absent.
    #[oai(nullable)]
    agreement: Option<Given<Flag>>,
    /// When the sale took place; now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// When the commission becomes payable; by the program's terms, if absent.
    #[oai(nullable)]
    due_at: Option<Given<Time>>,
    /// `one_time` (if absent) or `subscription`.
    #[oai(nullable)]
    sale_type: Option<Given<OneOf<SaleTypeWord>>>,
    /// How often it is paid for: `monthly` or `yearly`.
    #[oai(nullable)]
    interval: Option<Given<OneOf<IntervalWord>>>,
    /// Where the customer is: an ISO 3166-1 code of two letters.
    #[oai(nullable)]
    country: Option<Given<Text>>,
    /// The commission, zero or more, which no cap cuts; decided by the program's terms, if absent.
    #[oai(nullable)]
    commission: Option<Given<Amount>>,
    /// ISO 4217 code of `commission`; the sale's currency, if absent. With `exchange` it may be the
    /// one that is exchanged into.
    #[oai(nullable)]
    commission_currency: Option<Given<Text>>,
    /// The commission's share of the base, in place of the program's incentives: from `"0"` to
    /// `"100"` percent.
    #[oai(nullable)]
    commission_percent: Option<Given<Amount>>,
    /// Who bought. A customer whom the program remembers (its `crediting` has a `binding`, or its
    /// rules look at customers) is known again by all of this but the name.
    #[serde(default, deserialize_with = "wire::optional_object")]
    customer: Option<CustomerInput>,
    /// Where it was made, such as `website`, which it is if absent: up to 64 characters, none of them
    /// a colon.
    #[oai(nullable)]
    platform: Option<Given<Text>>,
    /// The store there: the platform's id of one that is registered (`POST /stores`). Needs
    /// `platform`: `shopify`.
    #[oai(nullable)]
    store: Option<Given<Text>>,
    /// A label of your own.
    #[oai(nullable)]
    sub_id: Option<Given<Text>>,
    /// What was bought: up to 1,000 lines.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    lines: Option<Vec<LineInput>>,
    /// Whatever else you want kept: an object of up to 16,384 characters of JSON, up
    /// to 64 levels deep. Incentives can ask for texts, numbers and truth values in it.
    #[oai(nullable)]
    metadata: Option<Given<AnyObject>>,
}

/// Who bought.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CustomerInput {
    /// Your own id of the customer.
    #[oai(nullable)]
    id: Option<Given<Text>>,
    /// The customer's e-mail address.
    #[oai(nullable)]
    email: Option<Given<Text>>,
    /// The customer's name.
    #[oai(nullable)]
    name: Option<Given<Text>>,
    /// Your id of the visit that the customer came by: the `click_id` of a click.
    #[oai(nullable)]
    visitor_id: Option<Given<Text>>,
}

impl ReportConversion {
    /// The command that it asks for.
    pub(super) fn command(&self) -> Result<Command, Problem> {
        let reference = field::required("reference", self.reference.given())?;
        let reference = Reference::parse(field::string("reference", reference)?)
            .map_err(|error| Problem::invalid("reference", error))?;
        let source = match &self.source {
            Some(source) => field::string("source", source)?,
            None => USUAL_SOURCE.to_owned(),
        };
        let source = Source::parse(source).map_err(|error| Problem::invalid("source", error))?;
        let currency = field::required("currency", self.currency.given())?;
        let currency = field::currency("currency", currency)?;

        let mut facts = Facts::new(source, reference);
        self.amounts(&mut facts, currency)?;
        let customer = self.customer.as_ref();
        facts.customer = customer
            .map(CustomerInput::customer)
            .transpose()?
            .unwrap_or_default();
        self.credit(&mut facts)?;
        let sale_type = field::optional("sale_type", self.sale_type.as_ref(), field::word)?;
        facts.sale_type = sale_type.unwrap_or(facts.sale_type);
        facts.interval = field::optional("interval", self.interval.as_ref(), field::word)?;
        facts.country = field::optional("country", self.country.as_ref(), field::country)?;
        facts.occurred_at = field::instant("occurred_at", self.occurred_at.as_ref())?;
        facts.due_at = field::instant("due_at", self.due_at.as_ref())?;
        facts.platform = field::optional("platform", self.platform.as_ref(), field::platform)?;
        facts.shop = field::optional("store", self.store.as_ref(), field::shop_key)?;
        if facts.shop.is_some() && ShopPlatform::of(facts.platform.as_ref()).is_none() {
            return Err(Problem::invalid("store", "needs platform shopify"));
        }
        facts.sub_id = field::optional_text("sub_id", self.sub_id.as_ref())?;
        facts.lines = lines(self.lines.as_deref().unwrap_or_default(), currency)?;
        facts.metadata = metadata(self.metadata.as_ref())?;
        Ok(Command::Report(Box::new(facts)))
    }

    fn amounts(&self, facts: &mut Facts, currency: Currency) -> Result<(), Problem> {
        let money = |name: &str, given: &Option<Given<Amount>>| {
            field::optional(name, given.as_ref(), |name, given| {
                field::money(name, given, currency)
            })
        };
        facts.total = money("total", &self.total)?;
        facts.subtotal = money("subtotal", &self.subtotal)?;
        let included = self.tax_percent_included.as_ref();
        facts.tax = tax(self.tax.as_ref(), included, currency)?;
        facts.shipping = money("shipping", &self.shipping)?;
        facts.discount = money("discount", &self.discount)?;
        facts.exchange = field::optional("exchange", self.exchange.as_ref(), |name, given| {
            given.rate(name, currency)
        })?;
        let set_in = self.commission_currency.as_ref();
        let set_in = field::optional("commission_currency", set_in, field::currency)?;
        let commission = self.commission.as_ref();
        facts.amount_override = field::optional("commission", commission, |name, given| {
            field::money(name, given, set_in.unwrap_or(currency))
        })?;
        if set_in.is_some() && commission.is_none() {
            return Err(Problem::invalid("commission_currency", "needs commission"));
        }
        let percent = self.commission_percent.as_ref();
        facts.rate_override = field::optional("commission_percent", percent, field::percent)?;
        Ok(())
    }

    fn credit(&self, facts: &mut Facts) -> Result<(), Problem> {
        let (affiliate, program) = (self.affiliate_id.as_ref(), self.program_id.as_ref());
        let by_number = claims::affiliate("", affiliate, program)?;
        let by_tag = field::optional("tag", self.tag.as_ref(), field::tag)?.map(Claim::Tag);
        let named = [by_number, by_tag].into_iter().flatten().collect();
        let given = self.claims.as_deref().unwrap_or_default();
        let Claims { claims, weights } = Claims::read(named, given)?;
        (facts.claims, facts.weights) = (claims, weights);
        let agreement = field::optional("agreement", self.agreement.as_ref(), field::flag)?;
        facts.agreement = agreement.unwrap_or(false);
        if facts.claims.is_empty() && facts.identity().known_by().next().is_none() {
            let what = "or tag or affiliate_id are required, or a customer who can be known again";
            return Err(Problem::invalid("claims", what));
        }
        Ok(())
    }
}

impl CustomerInput {
    fn customer(&self) -> Result<Customer, Problem> {
        Ok(Customer {
            id: field::optional_text("customer.id", self.id.as_ref())?,
            email: field::optional_text("customer.email", self.email.as_ref())?,
            name: field::optional_text("customer.name", self.name.as_ref())?,
            visitor_id: field::optional_text("customer.visitor_id", self.visitor_id.as_ref())?,
        })
    }
}
