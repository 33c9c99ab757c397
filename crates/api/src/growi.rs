//! Growi's API: sales of a campaign's affiliates.
//!
//! Source: Growi, public API v1; its contradictions are settled in docs/DIALECTS.md.

mod create;
mod failure;
mod sale;
mod update;

use poem::{Request, web::Data};
use poem_openapi::{ApiResponse, OpenApi, OpenApiService, SecurityScheme, Tags, auth::Bearer};
use std::sync::Arc;

use crate::{
    Caller, Context, access,
    described::Described,
    shape,
    wire::{Body, Reply},
};
use create::CreateSale;
use failure::Failure;
pub(crate) use failure::say;
use sale::{SaleEnvelope, replay_word};
pub(crate) use update::Updates;

/// Where Growi's clients find it.
pub(crate) const BASE_PATH: &str = "/api/public/v1";

/// Growi's operations on all sales.
pub(crate) struct Sales;

/// Growi's operations.
pub(crate) type Growi = (Sales, Updates);

/// The service of Growi's API.
pub(crate) fn service() -> OpenApiService<Described<Growi>, ()> {
    OpenApiService::new(
        Described((Sales, Updates)),
        "Growi public API, as Accrual serves it",
        "1.0.0",
    )
    .description(
        "Report the sales that your affiliates send, and update them, as Growi's clients do. \
             Amounts are integers in the smallest unit of their currency (cents for usd).",
    )
    .license(shape::license())
    .server(BASE_PATH)
}

/// What the operations are about.
#[derive(Tags)]
enum Topic {
    /// Sales that affiliates have sent.
    #[oai(rename = "Affiliate sales")]
    AffiliateSales,
}

/// A key of your organization, as `Authorization: Bearer <key>`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearerAuth", checker = "authorized")]
struct WritingKey(Caller);

async fn authorized(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    access::authorize_to_write(request, bearer).await
}

/// The sale is recorded, now or by an earlier request with the same order id.
#[derive(ApiResponse)]
enum Created {
    /// The sale, as it was first recorded.
    #[oai(status = 201)]
    Created(
        Reply<SaleEnvelope>,
        /// Present if the order id was known: `same` if this request says what the first one said,
        /// `differs` if it does not. The sale is as it was first recorded in both cases.
        #[oai(header = "X-Accrual-Replay")]
        Option<String>,
    ),
}

#[OpenApi(tag = "Topic::AffiliateSales")]
impl Sales {
    /// Report a sale
    ///
    /// Records a sale and credits it to an affiliate, by the affiliate's tag
    /// (`campaign_affiliate_id`) or by `growi_user_id` and `growi_campaign_id` together; the tag
    /// goes first. The commission follows from the campaign's rules unless `commission` sets it.
    ///
    /// Safe to repeat: the same `order_id` returns the sale that was recorded first.
    #[oai(
        path = "/affiliate_sales",
        method = "post",
        operation_id = "createAffiliateSale"
    )]
    async fn create_affiliate_sale(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        body: Body<CreateSale>,
    ) -> Result<Created, Failure> {
        let command = body.value.command()?;
        let submission = caller.submission(command, None);
        let answer = context
            .engine
            .submit(caller.organization, submission)
            .await?;
        let sale = SaleEnvelope::of(&answer.outcome)?;
        Ok(Created::Created(Reply(sale), replay_word(&answer.replay)))
    }
}
