//! An affiliate in a campaign, as Growi shows it.

use accrual_engine::{Head, Listed, Member, Roster};
use poem_openapi::Object;
use serde::Serialize;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::wanted::{PAGE, StatusWord, Wanted};
use crate::growi::{dollars::Dollars, failure::Failure};

/// Affiliates in campaigns.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignAffiliateList")]
pub(in crate::growi) struct CampaignAffiliateList {
    /// The affiliates, by their numbers.
    affiliates: Vec<CampaignAffiliate>,
    /// Where the page is; absent without `pagination`.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
}

/// Where a page is.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignAffiliatePageMeta")]
struct Meta {
    /// How many affiliates fit.
    row_count: u64,
    /// How many pages.
    page_count: u64,
    /// Which one this is.
    current_page: i64,
}

/// An affiliate in a campaign. What is not known of affiliates is `null` or empty.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignAffiliate")]
struct CampaignAffiliate {
    /// The number of the affiliate in the campaign.
    id: i64,
    /// The affiliate's number.
    user_id: i64,
    /// The campaign's number.
    campaign_id: i64,
    /// What people call the campaign.
    campaign_name: String,
    /// How far the affiliate has come in it.
    status: StatusWord,
    /// What people call the affiliate.
    affiliate_name: String,
    /// The affiliate's e-mail address.
    #[oai(nullable)]
    affiliate_email: Option<String>,
    /// Not known.
    #[oai(nullable)]
    affiliate_phone_number: Option<String>,
    /// Not known.
    #[oai(nullable)]
    affiliate_avatar_url: Option<String>,
    /// Not known.
    #[oai(nullable)]
    affiliate_location: Option<String>,
    /// Not known.
    #[oai(nullable)]
    affiliate_age: Option<i64>,
    /// Not known.
    #[oai(nullable)]
    affiliate_gender: Option<String>,
    /// Not known: always empty.
    connected_accounts: Vec<ConnectedAccount>,
    /// Not known.
    #[oai(nullable)]
    discord_id: Option<String>,
    /// The tag, in lower case.
    tag: String,
    /// The same: a tag is unique within the organization.
    unique_tag: String,
    /// Not known: links are those of your shop.
    #[oai(nullable)]
    affiliate_link: Option<String>,
    /// What customers paid, in major units of the organization's currency: of sales that were
    /// neither cancelled nor refunded, as in the list of sales.
    revenue_generated: Dollars,
    /// What the affiliate earns from them.
    affiliate_amount_earned: Dollars,
    /// How many sales there are in all.
    order_count: i64,
    /// The day on which it was made, such as `January 16, 2026`.
    created_at: String,
}

/// An account elsewhere.
#[derive(Object, Serialize)]
struct ConnectedAccount {
    /// Where it is.
    platform: String,
    /// Its name there.
    username: String,
    /// Its page there.
    profile_share_url: String,
}

impl CampaignAffiliateList {
    pub(super) fn of(roster: &Roster, wanted: &Wanted, head: &Head) -> Result<Self, Failure> {
        let members = roster.members.iter();
        let affiliates = members.map(|member| CampaignAffiliate::of(member, head));
        let meta = wanted.number.map(|number| Meta {
            row_count: roster.count,
            page_count: roster.count.div_ceil(u64::from(PAGE)),
            current_page: number,
        });
        Ok(Self {
            affiliates: affiliates.collect::<Result<_, _>>()?,
            meta,
        })
    }
}

impl CampaignAffiliate {
    fn of(member: &Member, head: &Head) -> Result<Self, Failure> {
        let (enrollment, affiliate) = (&member.enrollment, &member.affiliate);
        let currency = head.currency;
        let alive = member.totals.iter().filter(|(stage, _)| stage.is_alive());
        let mut sold = alive.map(|(_, (_, listed))| *listed);
        let sold = sold.try_fold(Listed::default(), |sum, one| sum.checked_add(one, currency));
        let sold = sold.map_err(|_| Failure::internal())?;
        Ok(Self {
            id: enrollment.id.number(),
            user_id: affiliate.id.number(),
            campaign_id: enrollment.program.number(),
            campaign_name: member.program.as_str().to_owned(),
            status: StatusWord::of_state(enrollment.state),
            affiliate_name: affiliate.name.as_str().to_owned(),
            affiliate_email: affiliate
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            affiliate_phone_number: None,
            affiliate_avatar_url: None,
            affiliate_location: None,
            affiliate_age: None,
            affiliate_gender: None,
            connected_accounts: Vec::new(),
            discord_id: None,
            tag: enrollment.tag.as_str().to_owned(),
            unique_tag: enrollment.tag.as_str().to_owned(),
            affiliate_link: None,
            revenue_generated: Dollars::of(sold.amount, currency),
            affiliate_amount_earned: Dollars::of(sold.commission, currency),
            order_count: member.totals.values().map(|(count, _)| count).sum(),
            created_at: written_out(head.zone.day(enrollment.created_at))?,
        })
    }
}

fn written_out(day: Date) -> Result<String, Failure> {
    const FORMAT: &[BorrowedFormatItem<'static>] =
        format_description!("[month repr:long] [day], [year]");
    day.format(FORMAT).map_err(|_| Failure::internal())
}
