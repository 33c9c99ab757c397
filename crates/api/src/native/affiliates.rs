//! Affiliates: those who earn.

use accrual_attribution::AffiliateId;
use accrual_engine::{Affiliate, Command, Outcome};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    types::MaybeUndefined,
};
use serde::{Deserialize, Serialize};

use super::{
    Key, Shared, Topic, WritingKey, field,
    page::{Page, Wanted},
    problem::Problem,
    submit,
    view::iso,
};
use crate::wire::{Body, Given, Reply, Required, Text};

/// The operations on affiliates.
pub(crate) struct Affiliates;

/// An affiliate to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CreateAffiliate {
    /// What people call it: up to 1,000 characters.
    #[serde(default)]
    name: Required<Text>,
    /// Where to write to. An affiliate that buys for itself is known by it.
    #[oai(nullable)]
    email: Option<Given<Text>>,
    /// Your own id of the affiliate as a customer, by which it is known when it buys for itself.
    #[oai(nullable)]
    customer_id: Option<Given<Text>>,
}

/// A change to an affiliate; what is absent stays.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ChangeAffiliate {
    /// What people call it from now on.
    #[oai(nullable)]
    name: Option<Given<Text>>,
    /// Where to write to from now on; `null` is nowhere.
    #[serde(default)]
    #[oai(nullable)]
    email: MaybeUndefined<Given<Text>>,
    /// Your own id of the affiliate as a customer from now on; `null` is none.
    #[serde(default)]
    #[oai(nullable)]
    customer_id: MaybeUndefined<Given<Text>>,
}

/// An affiliate.
#[derive(Object, Serialize)]
#[oai(rename = "Affiliate")]
struct AffiliateView {
    /// Its number.
    id: i64,
    /// What people call it.
    name: String,
    /// Where to write to.
    #[oai(nullable)]
    email: Option<String>,
    /// Your own id of the affiliate as a customer.
    #[oai(nullable)]
    customer_id: Option<String>,
    /// When it was made.
    created_at: String,
}

/// The affiliate is made.
#[derive(ApiResponse)]
enum AffiliateCreated {
    /// The affiliate, now or by an earlier request with the same idempotency key.
    #[oai(status = 201)]
    Created(Reply<AffiliateView>),
}

/// The affiliate.
#[derive(ApiResponse)]
enum AffiliateFound {
    /// The affiliate.
    #[oai(status = 200)]
    Found(Reply<AffiliateView>),
}

/// A page of affiliates.
#[derive(ApiResponse)]
enum AffiliatesFound {
    /// Affiliates, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<AffiliateView>>),
}

#[OpenApi(tag = "Topic::Affiliates")]
impl Affiliates {
    /// Make an affiliate
    #[oai(
        path = "/affiliates",
        method = "post",
        operation_id = "createAffiliate"
    )]
    async fn create_affiliate(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateAffiliate>,
    ) -> Result<AffiliateCreated, Problem> {
        let name = field::text("name", field::required("name", body.value.name.given())?)?;
        let email = field::optional_text("email", body.value.email.as_ref())?;
        let customer = body.value.customer_id.as_ref();
        let command = Command::CreateAffiliate {
            name,
            email,
            customer: field::optional("customer_id", customer, field::identifier)?,
        };
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createAffiliate", &body).await?;
        Ok(AffiliateCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// List affiliates
    #[oai(path = "/affiliates", method = "get", operation_id = "listAffiliates")]
    async fn list_affiliates(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<AffiliatesFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = AffiliateId::new(wanted.after[0]);
        let rows = context
            .reports
            .affiliates(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], AffiliateView::of);
        Ok(AffiliatesFound::Found(Reply(page)))
    }

    /// Read an affiliate
    #[oai(
        path = "/affiliates/:id",
        method = "get",
        operation_id = "getAffiliate"
    )]
    async fn get_affiliate(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
    ) -> Result<AffiliateFound, Problem> {
        let found = context
            .reports
            .affiliate(caller.organization, AffiliateId::new(id.0))
            .await?;
        let affiliate = found.ok_or_else(|| unknown(id.0))?;
        Ok(AffiliateFound::Found(Reply(AffiliateView::of(&affiliate))))
    }

    /// Change an affiliate
    #[oai(
        path = "/affiliates/:id",
        method = "patch",
        operation_id = "changeAffiliate"
    )]
    async fn change_affiliate(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeAffiliate>,
    ) -> Result<AffiliateFound, Problem> {
        let affiliate = AffiliateId::new(id.0);
        let name = field::optional_text("name", body.value.name.as_ref())?;
        let customer = &body.value.customer_id;
        let command = Command::ChangeAffiliate {
            affiliate,
            name,
            email: field::change("email", &body.value.email, field::text)?,
            customer: field::change("customer_id", customer, field::identifier)?,
        };
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changeAffiliate {affiliate}"),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(AffiliateFound::Found(Reply(shown(&answer.outcome)?)))
    }
}

impl AffiliateView {
    fn of(affiliate: &Affiliate) -> Self {
        Self {
            id: affiliate.id.number(),
            name: affiliate.name.as_str().to_owned(),
            email: affiliate
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            customer_id: affiliate.customer.as_ref().map(ToString::to_string),
            created_at: iso(affiliate.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<AffiliateView, Problem> {
    match outcome {
        Outcome::Affiliate(affiliate) => Ok(AffiliateView::of(affiliate)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_)
        | Outcome::Enrollment(_)
        | Outcome::PromoCode(_)
        | Outcome::Referral(_)
        | Outcome::Conversion(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}

pub(super) fn unknown(id: i64) -> Problem {
    Problem::not_found(format!("There is no affiliate {id}."))
}
