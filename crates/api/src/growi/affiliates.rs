//! `/campaign_affiliates`: affiliates in campaigns are listed and given other tags.

mod rename;
mod show;
mod wanted;

use std::sync::Arc;

use accrual_attribution::EnrollmentId;
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{Key, Topic, WritingKey, failure::Failure};
use crate::{
    Context,
    wire::{Body, Flag, Given, Integer, OneOf, Reply},
};
use rename::{BulkRename, Rename, Renamed, RenamedMany};
use show::CampaignAffiliateList;
use wanted::{StatusWord, Wanted};

/// Growi's operations on affiliates in campaigns.
pub(crate) struct CampaignAffiliates;

/// Affiliates in campaigns.
#[derive(ApiResponse)]
enum Listed {
    /// Those that fit, or a page of them.
    #[oai(status = 200)]
    Found(Reply<CampaignAffiliateList>),
}

/// The tag is another.
#[derive(ApiResponse)]
enum Updated {
    /// The tag from now on.
    #[oai(status = 200)]
    Updated(Reply<Renamed>),
}

/// What has become of each.
#[derive(ApiResponse)]
enum UpdatedMany {
    /// All tags are as they were asked for.
    #[oai(status = 200)]
    All(Reply<RenamedMany>),
    /// Some are not: `errors` says which, and why. Those in `updated` are.
    #[oai(status = 422)]
    Some(Reply<RenamedMany>),
}

#[OpenApi(tag = "Topic::CampaignAffiliates")]
impl CampaignAffiliates {
    /// List campaign affiliates
    ///
    /// Affiliates in your campaigns, with what they have sold, by their numbers. A campaign that is
    /// not there has none.
    #[oai(
        path = "/campaign_affiliates",
        method = "get",
        operation_id = "listCampaignAffiliates"
    )]
    async fn list_campaign_affiliates(
        &self,
        Key(caller): Key,
        Data(context): Data<&Arc<Context>>,
        /// Those in this campaign only.
        campaign_id: Query<Option<Given<Integer>>>,
        /// How far they have come: `active`, if absent; `pending` are those who have applied,
        /// `removed` those who are in the campaign no longer. The others are of nobody.
        status: Query<Option<Given<OneOf<StatusWord>>>>,
        /// `true`: a page of 25, with `meta`. All, if absent.
        pagination: Query<Option<Given<Flag>>>,
        /// The page's number; 1, if absent.
        page: Query<Option<Given<Integer>>>,
    ) -> Result<Listed, Failure> {
        let wanted = Wanted::read(
            campaign_id.0.as_ref(),
            status.0.as_ref(),
            pagination.0.as_ref(),
            page.0.as_ref(),
        )?;
        let (org, reports) = (caller.organization, &context.reports);
        let head = reports.head(org).await?.ok_or_else(Failure::internal)?;
        let roster = match &wanted.query {
            Some(query) => reports.roster(org, query, wanted.page).await?,
            None => Default::default(),
        };
        let list = CampaignAffiliateList::of(&roster, &wanted, &head)?;
        Ok(Listed::Found(Reply(list)))
    }

    /// Update a campaign affiliate
    ///
    /// Gives an affiliate another tag; the former one is free again.
    #[oai(
        path = "/campaign_affiliates/:id",
        method = "patch",
        operation_id = "updateCampaignAffiliate"
    )]
    async fn update_campaign_affiliate(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        /// The number of the affiliate in the campaign.
        id: Path<i64>,
        body: Body<Rename>,
    ) -> Result<Updated, Failure> {
        let (org, id) = (caller.organization, EnrollmentId::new(id.0));
        let found = context.reports.enrollment(org, id).await?;
        found.ok_or_else(Failure::affiliate_not_found)?;
        let submission = caller.submission(body.value.command(id)?, None);
        let answer = context.engine.submit(org, submission).await?;
        Ok(Updated::Updated(Reply(Renamed::of(&answer)?)))
    }

    /// Update many campaign affiliates
    ///
    /// Gives up to 300 affiliates other tags, in the order in which they stand. Each is changed or not
    /// by itself: if some are not, the answer is 422 with `success`, `updated` and `errors`, as 200 has
    /// them, and those in `updated` are changed all the same.
    #[oai(
        path = "/campaign_affiliates/bulk",
        method = "patch",
        operation_id = "bulkUpdateCampaignAffiliates"
    )]
    async fn bulk_update_campaign_affiliates(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        body: Body<BulkRename>,
    ) -> Result<UpdatedMany, Failure> {
        let many = body.value.submit(&caller, &context.engine).await?;
        Ok(match many.success {
            true => UpdatedMany::All(Reply(many)),
            false => UpdatedMany::Some(Reply(many)),
        })
    }
}
