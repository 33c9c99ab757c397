//! `GET /organizations/campaigns`: the organization's programs.

use std::sync::Arc;

use accrual_attribution::ProgramId;
use accrual_engine::Program;
use poem::web::Data;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;

use super::{Key, Topic, failure::Failure};
use crate::{Context, wire::Reply};

/// Growi's operations on campaigns.
pub(crate) struct Campaigns;

/// How many are read at once.
const CHUNK: u32 = 1_000;

/// All campaigns.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignList")]
struct CampaignList {
    /// `true`.
    success: bool,
    /// The campaigns, oldest first.
    campaigns: Vec<Campaign>,
}

/// A campaign.
#[derive(Object, Serialize)]
struct Campaign {
    /// Its number.
    id: i64,
    /// What people call it.
    name: String,
    /// What kind of campaign it is.
    campaign_type: CampaignType,
    /// What has become of it: all are active.
    status: CampaignStatus,
}

/// A kind of campaign.
#[derive(Enum, Serialize)]
enum CampaignType {
    /// Affiliates earn from the sales that they send.
    Campaign,
    /// The same, and it is an ambassador program.
    #[oai(rename = "Ambassador Program")]
    #[serde(rename = "Ambassador Program")]
    AmbassadorProgram,
}

/// What has become of a campaign.
#[derive(Enum, Serialize)]
enum CampaignStatus {
    /// Affiliates earn in it.
    Active,
}

/// All campaigns.
#[derive(ApiResponse)]
enum Listed {
    /// All campaigns.
    #[oai(status = 200)]
    Found(Reply<CampaignList>),
}

#[OpenApi(tag = "Topic::Campaigns")]
impl Campaigns {
    /// List campaigns
    ///
    /// All campaigns of your organization. Their numbers are what other operations take as
    /// `campaign_id`.
    #[oai(
        path = "/organizations/campaigns",
        method = "get",
        operation_id = "listCampaigns"
    )]
    async fn list_campaigns(
        &self,
        Key(caller): Key,
        Data(context): Data<&Arc<Context>>,
    ) -> Result<Listed, Failure> {
        let (org, mut campaigns) = (caller.organization, Vec::new());
        let mut after = ProgramId::new(0);
        loop {
            let programs = context.reports.programs(org, after, CHUNK).await?;
            let Some(last) = programs.last() else { break };
            after = last.id;
            campaigns.extend(programs.iter().map(Campaign::of));
        }
        Ok(Listed::Found(Reply(CampaignList {
            success: true,
            campaigns,
        })))
    }
}

impl Campaign {
    fn of(program: &Program) -> Self {
        Self {
            id: program.id.number(),
            name: program.name.as_str().to_owned(),
            campaign_type: match program.is_ambassador {
                true => CampaignType::AmbassadorProgram,
                false => CampaignType::Campaign,
            },
            status: CampaignStatus::Active,
        }
    }
}
