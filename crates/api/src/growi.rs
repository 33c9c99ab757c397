//! Growi's API: campaigns, their affiliates, and the sales that those send.
//!
//! Source: Growi, public API v1; its contradictions are settled in docs/DIALECTS.md.

mod affiliates;
mod applications;
mod campaigns;
mod create;
mod dollars;
mod failure;
mod limits;
mod list;
mod parameter;
mod sale;
mod tracking;
mod update;

use accrual_engine::List;
use poem::{Request, web::Data};
use poem_openapi::{
    ApiResponse, OpenApi, OpenApiService, SecurityScheme, Tags, auth::Bearer, param::Query,
};
use std::sync::Arc;

use crate::{
    Caller, Context, access,
    described::{Answers, Described, Operation},
    shape,
    wire::{Body, Flag, Given, Integer, OneOf, Reply, Text},
};
use affiliates::CampaignAffiliates;
use applications::Applications;
use campaigns::Campaigns;
use create::CreateSale;
use failure::Failure;
pub(crate) use failure::say;
pub use limits::RateLimits;
pub(crate) use limits::Usages;
use list::{Parameters, SaleList, StatusFilter, StorePlatform, Wanted};
use sale::{SaleEnvelope, replay_word};
use tracking::TrackingEvents;
pub(crate) use update::Updates;

/// Where Growi's clients find it.
pub(crate) const BASE_PATH: &str = "/api/public/v1";

/// Growi's operations on all sales.
pub(crate) struct Sales;

/// Growi's operations.
pub(crate) type Growi = (
    Sales,
    Updates,
    Campaigns,
    CampaignAffiliates,
    Applications,
    TrackingEvents,
);

/// Operations that answer 404.
const NOT_FOUND: [&str; 3] = [
    "updateAffiliateSale",
    "createCampaignApplication",
    "createTrackingEvent",
];

impl Answers for Growi {
    fn answers(operation: &Operation<'_>, status: u16) -> bool {
        match status {
            // What a list is asked for is read by the operation, and refused with 422.
            400 => operation.has_body() || operation.is_about_one(),
            // Elsewhere what is not there is 422, like anything else that cannot be.
            404 => NOT_FOUND.contains(&operation.id()),
            _ => true,
        }
    }
}

/// The service of Growi's API.
pub(crate) fn service() -> OpenApiService<Described<Growi>, ()> {
    OpenApiService::new(
        Described((
            Sales,
            Updates,
            Campaigns,
            CampaignAffiliates,
            Applications,
            TrackingEvents,
        )),
        "Growi public API, as Accrual serves it",
        "1.0.0",
    )
    .description(
        "Report the sales that your affiliates send, list and update them, list and rename \
             the affiliates of your campaigns, and take applications, as Growi's clients do. \
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
    /// What affiliates earn in.
    Campaigns,
    /// Affiliates in campaigns.
    #[oai(rename = "Campaign affiliates")]
    CampaignAffiliates,
    /// Those who want to be in a campaign.
    #[oai(rename = "Campaign applications")]
    CampaignApplications,
    /// What happened before and with a sale.
    #[oai(rename = "Tracking events")]
    TrackingEvents,
}

/// A key of your organization, as `Authorization: Bearer <key>`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearerAuth", checker = "authorized")]
struct WritingKey(Caller);

async fn authorized(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    let caller = access::authorize_to_write(request, bearer).await?;
    limits::count(request, &caller)?;
    Ok(caller)
}

/// A key that may read.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearerAuth", checker = "authenticated")]
struct Key(Caller);

async fn authenticated(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    let caller = access::authenticate(request, bearer).await?;
    limits::count(request, &caller)?;
    Ok(caller)
}

/// A page of sales.
#[derive(ApiResponse)]
enum Listed {
    /// The page, and what all sales of the list come to.
    #[oai(status = 200)]
    Found(Reply<SaleList>),
}

/// The sale is recorded, now or by an earlier request with the same order id.
#[derive(ApiResponse)]
enum Created {
    /// The sale as it stands.
    #[oai(status = 201)]
    Created(
        Reply<SaleEnvelope>,
        /// Present if the order id was known: `same` if this request says what the first one said,
        /// `differs` if it does not. Nothing has changed in both cases.
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

    /// List sales
    ///
    /// Newest first. All parameters can be combined; `additional_data` says what all sales that fit
    /// come to, whatever the page. Days are those of the organization's time zone.
    #[oai(
        path = "/affiliate_sales",
        method = "get",
        operation_id = "listAffiliateSales"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the vendor's"
    )]
    async fn list_affiliate_sales(
        &self,
        Key(caller): Key,
        Data(context): Data<&Arc<Context>>,
        /// The page's number; 1, if absent.
        page: Query<Option<Given<Integer>>>,
        /// How many sales a page has: 20, if absent, and 100 at most.
        per_page: Query<Option<Given<Integer>>>,
        /// The first day: `MM/DD/YYYY` or `YYYY-MM-DD`.
        start_date: Query<Option<Given<Text>>>,
        /// The last day, which counts too.
        end_date: Query<Option<Given<Text>>>,
        /// Part of the customer's name or e-mail address, in any case; or a whole address.
        search: Query<Option<Given<Text>>>,
        /// The affiliate's number.
        creator_id: Query<Option<Given<Integer>>>,
        /// The affiliate's e-mail address, in any case.
        creator_email: Query<Option<Given<Text>>>,
        /// The campaign's number.
        campaign_id: Query<Option<Given<Integer>>>,
        /// Your own id of the order.
        order_id: Query<Option<Given<Text>>>,
        /// What has become of the commission. `due` can be paid and had to wait for a time; `unpaid` is
        /// every other one that is not paid yet.
        status: Query<Option<Given<OneOf<StatusFilter>>>>,
        /// The affiliate's tag, in any case.
        affiliate_tag: Query<Option<Given<Text>>>,
        /// Your own label of the sale.
        sub_id: Query<Option<Given<Text>>>,
        /// The platform's id of a Shopify store, without which `store_platform=shopify_store` is
        /// refused.
        store_id: Query<Option<Given<Text>>>,
        /// Where the sales were made; anywhere, if absent, or in the store if one is named.
        store_platform: Query<Option<Given<OneOf<StorePlatform>>>>,
        /// `true`: only sales of ambassador programs.
        ambassador_program: Query<Option<Given<Flag>>>,
    ) -> Result<Listed, Failure> {
        let wanted = Wanted::read(&Parameters {
            page: page.0,
            per_page: per_page.0,
            start_date: start_date.0,
            end_date: end_date.0,
            search: search.0,
            creator_id: creator_id.0,
            creator_email: creator_email.0,
            campaign_id: campaign_id.0,
            order_id: order_id.0,
            status: status.0,
            affiliate_tag: affiliate_tag.0,
            sub_id: sub_id.0,
            store_id: store_id.0,
            store_platform: store_platform.0,
            ambassador_program: ambassador_program.0,
        })?;
        let (org, reports) = (caller.organization, &*context.reports);
        let currency = context.currencies.of(reports, org).await?;
        let list = match &wanted.listing {
            Some(listing) => reports.list(org, listing, wanted.page).await?,
            None => List::default(),
        };
        let list = SaleList::of(&list, &wanted, currency.ok_or_else(Failure::internal)?)?;
        Ok(Listed::Found(Reply(list)))
    }
}
