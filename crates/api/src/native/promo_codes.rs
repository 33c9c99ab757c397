//! Promo codes: what customers enter, and who is credited for it.

mod limits;

use accrual_attribution::PromoCodeId;
use accrual_engine::{Command, Outcome, PromoCode, PromoLimits};
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
use crate::wire::{self, Body, Flag, Given, Integer, Reply, Required, Text};
use limits::{LimitsInput, LimitsView};

/// The operations on promo codes.
pub(crate) struct PromoCodes;

/// A promo code to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CreatePromoCode {
    /// The code, in any case: unique within the organization.
    #[serde(default)]
    code: Required<Text>,
    /// The enrollment that is credited when it is entered.
    #[serde(default)]
    enrollment_id: Required<Integer>,
    /// What limits it; nothing, if absent.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    limits: Option<LimitsInput>,
}

/// A change to a promo code; what is absent stays.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ChangePromoCode {
    /// Whether it can be redeemed from now on.
    #[oai(nullable)]
    active: Option<Given<Flag>>,
    /// What limits it from now on, in place of all that limited it; `null` is nothing.
    #[serde(default, deserialize_with = "wire::maybe_object")]
    #[oai(nullable)]
    limits: MaybeUndefined<LimitsInput>,
}

/// A code that is owned by an enrollment.
#[derive(Object, Serialize)]
#[oai(rename = "PromoCode")]
struct PromoCodeView {
    /// Its number.
    id: i64,
    /// The code, in lower case.
    code: String,
    /// The enrollment that is credited when it is entered.
    enrollment_id: i64,
    /// Whether it can be redeemed at all.
    active: bool,
    /// What limits it.
    limits: LimitsView,
    /// How many conversions it was redeemed with.
    redeemed: u32,
    /// When it was made.
    created_at: String,
}

/// The promo code is made.
#[derive(ApiResponse)]
enum PromoCodeCreated {
    /// The promo code, now or by an earlier request with the same idempotency key.
    #[oai(status = 201)]
    Created(Reply<PromoCodeView>),
}

/// The promo code.
#[derive(ApiResponse)]
enum PromoCodeFound {
    /// The promo code.
    #[oai(status = 200)]
    Found(Reply<PromoCodeView>),
}

/// A page of promo codes.
#[derive(ApiResponse)]
enum PromoCodesFound {
    /// Promo codes, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<PromoCodeView>>),
}

#[OpenApi(tag = "Topic::PromoCodes")]
impl PromoCodes {
    /// Make a promo code
    ///
    /// A report of a sale that claims it (`claims`, `promo_code`) is credited to its enrollment, if
    /// no stronger claim leads elsewhere and the code can be redeemed. Redemptions are counted in
    /// the same transaction as the conversion.
    #[oai(
        path = "/promo_codes",
        method = "post",
        operation_id = "createPromoCode"
    )]
    async fn create_promo_code(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreatePromoCode>,
    ) -> Result<PromoCodeCreated, Problem> {
        let input = &body.value;
        let code = field::required("code", input.code.given())?;
        let enrollment = field::required("enrollment_id", input.enrollment_id.given())?;
        let limits = input.limits.as_ref();
        let command = Command::CreatePromoCode {
            code: field::code("code", code)?,
            enrollment: field::enrollment("enrollment_id", enrollment)?,
            limits: limits.map_or_else(|| Ok(PromoLimits::default()), LimitsInput::limits)?,
        };
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createPromoCode", &body).await?;
        Ok(PromoCodeCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// List promo codes
    #[oai(path = "/promo_codes", method = "get", operation_id = "listPromoCodes")]
    async fn list_promo_codes(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<PromoCodesFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = PromoCodeId::new(wanted.after[0]);
        let rows = context
            .reports
            .promo_codes(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], PromoCodeView::of);
        Ok(PromoCodesFound::Found(Reply(page)))
    }

    /// Read a promo code
    #[oai(
        path = "/promo_codes/:id",
        method = "get",
        operation_id = "getPromoCode"
    )]
    async fn get_promo_code(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The promo code's number.
        id: Path<i64>,
    ) -> Result<PromoCodeFound, Problem> {
        let id = PromoCodeId::new(id.0);
        let found = context.reports.promo_code(caller.organization, id).await?;
        let promo_code =
            found.ok_or_else(|| Problem::not_found(format!("There is no promo code {id}.")))?;
        Ok(PromoCodeFound::Found(Reply(PromoCodeView::of(&promo_code))))
    }

    /// Change a promo code
    #[oai(
        path = "/promo_codes/:id",
        method = "patch",
        operation_id = "changePromoCode"
    )]
    async fn change_promo_code(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The promo code's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangePromoCode>,
    ) -> Result<PromoCodeFound, Problem> {
        let (promo_code, change) = (PromoCodeId::new(id.0), &body.value);
        let limits = field::change("limits", &change.limits, |_, limits| limits.limits())?;
        let command = Command::ChangePromoCode {
            promo_code,
            is_active: field::optional("active", change.active.as_ref(), field::flag)?,
            limits: limits.map(Option::unwrap_or_default),
        };
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changePromoCode {promo_code}"),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(PromoCodeFound::Found(Reply(shown(&answer.outcome)?)))
    }
}

impl PromoCodeView {
    fn of(promo_code: &PromoCode) -> Self {
        Self {
            id: promo_code.id.number(),
            code: promo_code.code.as_str().to_owned(),
            enrollment_id: promo_code.enrollment.number(),
            active: promo_code.is_active,
            limits: LimitsView::of(&promo_code.limits),
            redeemed: promo_code.redeemed,
            created_at: iso(promo_code.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<PromoCodeView, Problem> {
    match outcome {
        Outcome::PromoCode(promo_code) => Ok(PromoCodeView::of(promo_code)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_)
        | Outcome::Affiliate(_)
        | Outcome::Enrollment(_)
        | Outcome::Referral(_)
        | Outcome::Conversion(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}
