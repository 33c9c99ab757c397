//! Claims: as they are given, and as they are shown.

use accrual_attribution::{AffiliateId, Claim, ProgramId};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::{
    native::{field, problem::Problem},
    wire::{Given, Integer, Text},
};

/// The most claims that a report makes.
const MOST: usize = 100;

/// Who is said to have sent the customer: one of these, where `affiliate_id` and `program_id`
/// together are one.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimInput {
    /// The referral that a click or a sign-up has made.
    #[oai(nullable)]
    referral_id: Option<Given<Integer>>,
    /// Your own id of the visit or the visitor.
    #[oai(nullable)]
    click_id: Option<Given<Text>>,
    /// Your own id of the user.
    #[oai(nullable)]
    external_user_id: Option<Given<Text>>,
    /// Your own id of the customer.
    #[oai(nullable)]
    customer_id: Option<Given<Text>>,
    /// The customer's e-mail address.
    #[oai(nullable)]
    customer_email: Option<Given<Text>>,
    /// An affiliate, in whichever program; with `program_id`, in that one.
    #[oai(nullable)]
    affiliate_id: Option<Given<Integer>>,
    /// The program; needs `affiliate_id`.
    #[oai(nullable)]
    program_id: Option<Given<Integer>>,
    /// The enrollment with this link: what it ends with, or the whole URL.
    #[oai(nullable)]
    link: Option<Given<Text>>,
    /// The enrollment with this tag, in any case.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// The enrollment that owns this promo code, in any case.
    #[oai(nullable)]
    promo_code: Option<Given<Text>>,
    /// Splits the commission: this claim's weight, beside those of the other claims, each of which
    /// needs one then. From 0 to 4,294,967,295.
    #[oai(nullable)]
    weight: Option<Given<Integer>>,
}

/// The claims of a report, with a weight for each or none.
pub(super) struct Claims {
    pub(super) claims: Vec<Claim>,
    pub(super) weights: Vec<u32>,
}

impl Claims {
    /// Reads `given`, which go after the `named` ones of the report's own fields.
    pub(super) fn read(named: Vec<Claim>, given: &[ClaimInput]) -> Result<Self, Problem> {
        let listed = field::list("claims", given, MOST, |name, claim| claim.claim(name))?;
        let weights = given.iter().enumerate().map(|(index, claim)| {
            let name = format!("claims[{index}].weight");
            field::optional(&name, claim.weight.as_ref(), weight)
        });
        let weights = weights.collect::<Result<Vec<Option<u32>>, _>>()?;
        let is_split = weights.iter().any(Option::is_some);
        let lacking = weights.iter().position(Option::is_none);
        if let Some(index) = lacking.filter(|_| is_split) {
            let name = format!("claims[{index}].weight");
            return Err(Problem::invalid(&name, "is required where another has one"));
        }
        if is_split && !named.is_empty() {
            let what = "with weights go without tag and affiliate_id";
            return Err(Problem::invalid("claims", what));
        }
        let mut claims = named;
        claims.extend(listed);
        Ok(Self {
            claims,
            weights: weights.into_iter().flatten().collect(),
        })
    }
}

fn weight(name: &str, given: &Given<Integer>) -> Result<u32, Problem> {
    u32::try_from(field::integer(name, given)?)
        .map_err(|_| Problem::invalid(name, "must be from 0 to 4,294,967,295"))
}

impl ClaimInput {
    fn claim(&self, name: &str) -> Result<Claim, Problem> {
        let within = |field: &str| format!("{name}.{field}");
        let text = |field: &str, given: &Option<Given<Text>>| {
            let name = within(field);
            field::optional(&name, given.as_ref(), field::identifier)
        };
        let referral = self.referral_id.as_ref();
        let email = self.customer_email.as_ref();
        let (link, tag) = (self.link.as_ref(), self.tag.as_ref());
        let code = self.promo_code.as_ref();
        let claims = [
            field::optional(&within("referral_id"), referral, field::referral)?
                .map(Claim::Referral),
            text("click_id", &self.click_id)?.map(Claim::Click),
            text("external_user_id", &self.external_user_id)?.map(Claim::ExternalUser),
            text("customer_id", &self.customer_id)?.map(Claim::Customer),
            field::optional(&within("customer_email"), email, field::email)?.map(Claim::Email),
            affiliate(name, self.affiliate_id.as_ref(), self.program_id.as_ref())?,
            field::optional(&within("link"), link, field::link)?.map(Claim::Link),
            field::optional(&within("tag"), tag, field::tag)?.map(Claim::Tag),
            field::optional(&within("promo_code"), code, field::code)?.map(Claim::PromoCode),
        ];
        let mut said = claims.into_iter().flatten();
        match (said.next(), said.next()) {
            (Some(claim), None) => Ok(claim),
            (Some(_), Some(_)) => Err(Problem::invalid(name, "must be one claim, not several")),
            (None, _) => Err(Problem::invalid(name, "must say who sent the customer")),
        }
    }
}

/// An affiliate, in a program or in whichever, that the fields of `name` name; of the report itself
/// if that is empty.
pub(super) fn affiliate(
    name: &str,
    affiliate: Option<&Given<Integer>>,
    program: Option<&Given<Integer>>,
) -> Result<Option<Claim>, Problem> {
    let within = |field: &str| match name {
        "" => field.to_owned(),
        name => format!("{name}.{field}"),
    };
    let named = field::optional(&within("affiliate_id"), affiliate, field::affiliate)?;
    let program = field::optional(&within("program_id"), program, field::program)?;
    match (named, program) {
        (Some(affiliate), Some(program)) => Ok(Some(Claim::Membership { affiliate, program })),
        (Some(affiliate), None) => Ok(Some(Claim::Affiliate(affiliate))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Problem::invalid(
            &within("program_id"),
            "needs affiliate_id",
        )),
    }
}

/// Who is said to have sent the customer: one of these, where `affiliate_id` and `program_id`
/// together are one.
#[derive(Default, Object, Serialize)]
#[oai(rename = "Claim", skip_serializing_if_is_none)]
pub(in crate::native) struct ClaimView {
    /// A referral's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    referral_id: Option<i64>,
    /// Your own id of a visit or a visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    click_id: Option<String>,
    /// Your own id of a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_user_id: Option<String>,
    /// Your own id of a customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    /// A customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<String>,
    /// An affiliate's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate_id: Option<i64>,
    /// A program's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    program_id: Option<i64>,
    /// What a link ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// A tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    /// A promo code.
    #[serde(skip_serializing_if = "Option::is_none")]
    promo_code: Option<String>,
    /// Its weight, where the report splits the commission.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u32>,
}

impl ClaimView {
    pub(in crate::native) fn of(claim: &Claim) -> Self {
        let mut view = Self::default();
        let mut member = |affiliate: &AffiliateId, program: Option<&ProgramId>| {
            view.affiliate_id = Some(affiliate.number());
            view.program_id = program.map(|program| program.number());
        };
        match claim {
            Claim::Affiliate(affiliate) => member(affiliate, None),
            Claim::Membership { affiliate, program } => member(affiliate, Some(program)),
            Claim::Referral(id) => view.referral_id = Some(id.number()),
            Claim::Click(id) => view.click_id = Some(id.to_string()),
            Claim::ExternalUser(id) => view.external_user_id = Some(id.to_string()),
            Claim::Customer(id) => view.customer_id = Some(id.to_string()),
            Claim::Email(email) => view.customer_email = Some(email.to_string()),
            Claim::Link(slug) => view.link = Some(slug.to_string()),
            Claim::Tag(tag) => view.tag = Some(tag.to_string()),
            Claim::PromoCode(code) => view.promo_code = Some(code.to_string()),
        }
        view
    }

    pub(super) fn all(claims: &[Claim], weights: &[u32]) -> Vec<Self> {
        let weights = weights.iter().copied().map(Some);
        let weights = weights.chain(std::iter::repeat(None));
        let claims = claims.iter().zip(weights);
        claims
            .map(|(claim, weight)| Self {
                weight,
                ..Self::of(claim)
            })
            .collect()
    }
}
