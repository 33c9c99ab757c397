//! What a report says.

use accrual_attribution::Claim;
use accrual_engine::{Command, Customer, Facts, Line, Reference, Source};
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Deserialize;

use crate::{
    native::{field, problem::Problem},
    wire::{self, Amount, Given, Integer, Object as AnyObject, Required, Text, Time, Unreadable},
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
    /// `subtotal` is needed; the commission is a share of the total.
    #[oai(nullable)]
    total: Option<Given<Amount>>,
    /// The same before shipping and tax: above zero.
    #[oai(nullable)]
    subtotal: Option<Given<Amount>>,
    /// The tag of the enrollment to credit, in any case.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// The affiliate to credit; needs `program_id`, and goes before `tag`.
    #[oai(nullable)]
    affiliate_id: Option<Given<Integer>>,
    /// The program in which to credit the affiliate.
    #[oai(nullable)]
    program_id: Option<Given<Integer>>,
    /// When the sale took place; now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// When the commission becomes payable; by the program's terms, if absent.
    #[oai(nullable)]
    due_at: Option<Given<Time>>,
    /// `one_time` (if absent) or `subscription`.
    #[oai(nullable)]
    sale_type: Option<Given<Text>>,
    /// The commission, zero or more; decided by the program's terms, if absent.
    #[oai(nullable)]
    commission: Option<Given<Amount>>,
    /// Who bought.
    #[serde(default, deserialize_with = "wire::optional_object")]
    customer: Option<CustomerInput>,
    /// Where it was made, such as `website`.
    #[oai(nullable)]
    platform: Option<Given<Text>>,
    /// A label of your own.
    #[oai(nullable)]
    sub_id: Option<Given<Text>>,
    /// What was bought: up to 1,000 lines.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    lines: Option<Vec<LineInput>>,
    /// Whatever else you want kept: an object of up to 16,384 characters of JSON, up
    /// to 64 levels deep.
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
    /// Your id of the visit that the customer came by.
    #[oai(nullable)]
    visitor_id: Option<Given<Text>>,
}

/// One line of a sale.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct LineInput {
    /// Your own id of the product.
    #[serde(default)]
    product: Required<Text>,
    /// How many were bought: from 1 to 4,294,967,295.
    #[serde(default)]
    quantity: Required<Integer>,
    /// What they cost together.
    #[serde(default)]
    amount: Required<Amount>,
}

/// The most characters of JSON that metadata has.
const MAX_METADATA: usize = 16_384;
/// How deep metadata may be: the journal, in which it lies deeper, must be readable again.
const MAX_METADATA_LEVELS: usize = 64;
/// The most lines that a sale has.
const MAX_LINES: usize = 1_000;

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
        let money = |name: &str, given: &Option<Given<Amount>>| {
            given
                .as_ref()
                .map(|given| field::money(name, given, currency))
                .transpose()
        };

        let mut facts = Facts::new(source, reference);
        facts.total = money("total", &self.total)?;
        facts.subtotal = money("subtotal", &self.subtotal)?;
        facts.amount_override = money("commission", &self.commission)?;
        facts.claims = self.claims()?;
        if let Some(sale_type) = &self.sale_type {
            facts.sale_type = field::sale_type("sale_type", sale_type)?;
        }
        facts.occurred_at = field::instant("occurred_at", self.occurred_at.as_ref())?;
        facts.due_at = field::instant("due_at", self.due_at.as_ref())?;
        facts.customer = self
            .customer
            .as_ref()
            .map(customer)
            .transpose()?
            .unwrap_or_default();
        facts.platform = field::optional_text("platform", self.platform.as_ref())?;
        facts.sub_id = field::optional_text("sub_id", self.sub_id.as_ref())?;
        facts.lines = lines(self.lines.as_deref().unwrap_or_default(), currency)?;
        facts.metadata = metadata(self.metadata.as_ref())?;
        Ok(Command::Report(Box::new(facts)))
    }

    fn claims(&self) -> Result<Vec<Claim>, Problem> {
        let mut claims = Vec::with_capacity(2);
        match (&self.affiliate_id, &self.program_id) {
            (Some(affiliate), Some(program)) => claims.push(Claim::Membership {
                affiliate: field::affiliate("affiliate_id", affiliate)?,
                program: field::program("program_id", program)?,
            }),
            (None, None) => {}
            (Some(_), None) => return Err(Problem::invalid("affiliate_id", "needs program_id")),
            (None, Some(_)) => return Err(Problem::invalid("program_id", "needs affiliate_id")),
        }
        if let Some(tag) = &self.tag {
            claims.push(Claim::Tag(field::tag("tag", tag)?));
        }
        if claims.is_empty() {
            return Err(Problem::invalid(
                "tag",
                "or affiliate_id and program_id are required",
            ));
        }
        Ok(claims)
    }
}

fn customer(input: &CustomerInput) -> Result<Customer, Problem> {
    Ok(Customer {
        id: field::optional_text("customer.id", input.id.as_ref())?,
        email: field::optional_text("customer.email", input.email.as_ref())?,
        name: field::optional_text("customer.name", input.name.as_ref())?,
        visitor_id: field::optional_text("customer.visitor_id", input.visitor_id.as_ref())?,
    })
}

fn lines(given: &[LineInput], currency: Currency) -> Result<Vec<Line>, Problem> {
    if given.len() > MAX_LINES {
        return Err(Problem::invalid(
            "lines",
            format!("must be at most {MAX_LINES}"),
        ));
    }
    given
        .iter()
        .enumerate()
        .map(|(index, input)| input.line(index, currency))
        .collect()
}

impl LineInput {
    fn line(&self, index: usize, currency: Currency) -> Result<Line, Problem> {
        let name = |field: &str| format!("lines[{index}].{field}");
        let product = field::required(&name("product"), self.product.given())?;
        let quantity = field::required(&name("quantity"), self.quantity.given())?;
        let amount = field::required(&name("amount"), self.amount.given())?;
        let quantity = field::integer(&name("quantity"), quantity)?;
        Ok(Line {
            product: field::text(&name("product"), product)?,
            quantity: u32::try_from(quantity)
                .ok()
                .filter(|quantity| *quantity > 0)
                .ok_or_else(|| {
                    Problem::invalid(&name("quantity"), "must be from 1 to 4,294,967,295")
                })?,
            amount: field::money(&name("amount"), amount, currency)?,
        })
    }
}

fn metadata(
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
