//! `POST /campaign_applications`: somebody applies to a campaign.

use std::sync::Arc;

use accrual_attribution::{Email, ProgramId};
use accrual_engine::{
    Application, Command, EnrollmentState, Error, Outcome, Replay, Text as EngineText,
};
use poem::web::Data;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Topic, WritingKey, create::filled, failure::Failure};
use crate::{
    Context, tag,
    wire::{Body, Given, Integer, Reply, Required, Text},
};

/// Growi's operations on applications.
pub(crate) struct Applications;

/// The application, now or by an earlier request.
#[derive(ApiResponse)]
enum Applied {
    /// What has become of it by now.
    #[oai(status = 200)]
    Applied(Reply<ApplicationEnvelope>),
}

/// One application.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignApplicationResponse")]
struct ApplicationEnvelope {
    /// The application.
    data: ApplicationView,
}

/// An application.
#[derive(Object, Serialize)]
#[oai(rename = "CampaignApplication")]
struct ApplicationView {
    /// Its number: that of the affiliate in the campaign.
    invitation_id: i64,
    /// What has become of it.
    status: ApplicationStatus,
    /// The affiliate's number.
    user_id: i64,
    /// The campaign's number.
    campaign_id: i64,
    /// Whether it was made by this request.
    created: bool,
}

/// What has become of an application.
#[derive(Enum, Serialize)]
#[oai(rename = "CampaignApplicationStatus", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ApplicationStatus {
    /// It waits for approval.
    Pending,
    /// It was approved.
    Accepted,
    /// It was declined, or the affiliate is in the campaign no longer.
    Removed,
}

/// Somebody who applies. All that is optional is kept with the application, as it was sent first.
#[derive(Deserialize, Object)]
#[oai(rename = "CreateCampaignApplication")]
struct CreateApplication {
    /// The campaign's number.
    #[serde(default)]
    campaign_id: Required<Integer>,
    /// The applicant's e-mail address, in any case.
    #[serde(default)]
    email: Required<Text>,
    /// The applicant's first name.
    #[oai(nullable)]
    first_name: Option<Given<Text>>,
    /// The applicant's last name.
    #[oai(nullable)]
    last_name: Option<Given<Text>>,
    /// The applicant's name or page on TikTok.
    #[oai(nullable)]
    tiktok_handle: Option<Given<Text>>,
    /// Your own id of the applicant: kept as `external_id`.
    #[oai(nullable)]
    id: Option<Given<Integer>>,
    /// When the applicant sent your form: kept as `submitted_at`.
    #[oai(nullable)]
    created_at: Option<Given<Text>>,
    /// Meta's id of the browser.
    #[oai(nullable)]
    fbp: Option<Given<Text>>,
    /// Meta's id of the click, as its cookie has it.
    #[oai(nullable)]
    fbc: Option<Given<Text>>,
    /// Meta's id of the click, as the address of the page has it.
    #[oai(nullable)]
    fbclid: Option<Given<Text>>,
    /// Your own id of the event.
    #[oai(nullable)]
    event_id: Option<Given<Text>>,
    /// Your own name of the event.
    #[oai(nullable)]
    event_name: Option<Given<Text>>,
    /// The address of the page with your form.
    #[oai(nullable)]
    event_source_url: Option<Given<Text>>,
    /// The applicant's address in the network.
    #[oai(nullable)]
    client_ip_address: Option<Given<Text>>,
    /// The applicant's browser.
    #[oai(nullable)]
    client_user_agent: Option<Given<Text>>,
    /// The page that led to your form.
    #[oai(nullable)]
    referrer: Option<Given<Text>>,
    /// Where the applicant came from.
    #[oai(nullable)]
    utm_source: Option<Given<Text>>,
    /// By what kind of link.
    #[oai(nullable)]
    utm_medium: Option<Given<Text>>,
    /// By which advertising campaign.
    #[oai(nullable)]
    utm_campaign: Option<Given<Text>>,
    /// By which advertisement.
    #[oai(nullable)]
    utm_content: Option<Given<Text>>,
    /// By which words.
    #[oai(nullable)]
    utm_term: Option<Given<Text>>,
    /// How many follow the applicant on TikTok.
    #[oai(nullable)]
    follower_count: Option<Given<Integer>>,
    /// How many likes the applicant has there.
    #[oai(nullable)]
    likes_count: Option<Given<Integer>>,
    /// How many videos.
    #[oai(nullable)]
    video_count: Option<Given<Integer>>,
    /// `1` if the account there is verified.
    #[oai(nullable)]
    tiktok_verified: Option<Given<Integer>>,
    /// When you have asked TikTok.
    #[oai(nullable)]
    enriched_at: Option<Given<Text>>,
}

#[OpenApi(tag = "Topic::CampaignApplications")]
impl Applications {
    /// Apply to a campaign
    ///
    /// Makes an affiliate of whoever has this e-mail address, unless there is one, and an application
    /// that waits for approval. Nobody is credited before that.
    ///
    /// Safe to repeat: the same address and campaign are the same application, in any case of the
    /// address. What was not said before is added to it.
    #[oai(
        path = "/campaign_applications",
        method = "post",
        operation_id = "createCampaignApplication"
    )]
    async fn create_campaign_application(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        body: Body<CreateApplication>,
    ) -> Result<Applied, Failure> {
        let command = Command::Apply(body.value.application()?);
        let submission = caller.submission(command, None);
        let submitted = context.engine.submit(caller.organization, submission).await;
        let answer = match submitted {
            Err(Error::ProgramNotFound(_)) => Err(Failure::not_found("Campaign not found.")),
            submitted => submitted.map_err(Failure::from),
        }?;
        let Outcome::Enrollment(enrollment) = &answer.outcome else {
            tracing::error!("an application came to something other than an enrollment");
            return Err(Failure::internal());
        };
        let data = ApplicationView {
            invitation_id: enrollment.id.number(),
            status: match enrollment.state {
                EnrollmentState::Applied => ApplicationStatus::Pending,
                EnrollmentState::Active => ApplicationStatus::Accepted,
                EnrollmentState::Ended => ApplicationStatus::Removed,
            },
            user_id: enrollment.affiliate.number(),
            campaign_id: enrollment.program.number(),
            created: answer.replay == Replay::No,
        };
        Ok(Applied::Applied(Reply(ApplicationEnvelope { data })))
    }
}

impl CreateApplication {
    fn application(&self) -> Result<Application, Failure> {
        let campaign = self.campaign_id.given();
        let campaign = campaign.ok_or(Failure::invalid("campaign_id is required"))?;
        let campaign = campaign.integer();
        let campaign = campaign.map_err(|_| Failure::invalid("campaign_id must be an integer."))?;
        let email = filled("email", self.email.given())?;
        let email = email.ok_or(Failure::invalid("email is required"))?;
        let email = Email::parse(&email)
            .map_err(|_| Failure::invalid("email must be an e-mail address."))?;
        Ok(Application {
            program: ProgramId::new(campaign),
            name: self.name(&email)?,
            email,
            tag: tag::made_up().map_err(|_| Failure::internal())?,
            details: self.details()?,
        })
    }

    /// The first and the last name, or else the address.
    fn name(&self, email: &Email) -> Result<EngineText, Failure> {
        let first = filled("first_name", self.first_name.as_ref())?;
        let last = filled("last_name", self.last_name.as_ref())?;
        let names: Vec<String> = [first, last].into_iter().flatten().collect();
        let name = match names.is_empty() {
            true => email.as_str().to_owned(),
            false => names.join(" "),
        };
        EngineText::parse(name).map_err(|error| Failure::invalid(format!("The name {error}.")))
    }

    fn details(&self) -> Result<Map<String, Value>, Failure> {
        let texts = [
            ("tiktok_handle", "tiktok_handle", &self.tiktok_handle),
            ("created_at", "submitted_at", &self.created_at),
            ("fbp", "fbp", &self.fbp),
            ("fbc", "fbc", &self.fbc),
            ("fbclid", "fbclid", &self.fbclid),
            ("event_id", "event_id", &self.event_id),
            ("event_name", "event_name", &self.event_name),
            (
                "event_source_url",
                "event_source_url",
                &self.event_source_url,
            ),
            (
                "client_ip_address",
                "client_ip_address",
                &self.client_ip_address,
            ),
            (
                "client_user_agent",
                "client_user_agent",
                &self.client_user_agent,
            ),
            ("referrer", "referrer", &self.referrer),
            ("utm_source", "utm_source", &self.utm_source),
            ("utm_medium", "utm_medium", &self.utm_medium),
            ("utm_campaign", "utm_campaign", &self.utm_campaign),
            ("utm_content", "utm_content", &self.utm_content),
            ("utm_term", "utm_term", &self.utm_term),
            ("enriched_at", "enriched_at", &self.enriched_at),
        ];
        let numbers = [
            ("id", "external_id", &self.id),
            ("follower_count", "follower_count", &self.follower_count),
            ("likes_count", "likes_count", &self.likes_count),
            ("video_count", "video_count", &self.video_count),
            ("tiktok_verified", "tiktok_verified", &self.tiktok_verified),
        ];
        let mut details = Map::new();
        for (name, kept_as, given) in texts {
            if let Some(text) = filled(name, given.as_ref())? {
                if text.chars().count() > MOST_CHARS {
                    let says = format!("{name} must have at most {MOST_CHARS} characters.");
                    return Err(Failure::invalid(says));
                }
                details.insert(kept_as.to_owned(), text.into());
            }
        }
        for (name, kept_as, given) in numbers {
            if let Some(given) = given {
                let number = given.integer();
                let number =
                    number.map_err(|_| Failure::invalid(format!("{name} must be an integer.")))?;
                details.insert(kept_as.to_owned(), number.into());
            }
        }
        Ok(details)
    }
}

/// How long a text may be: addresses of pages are long.
const MOST_CHARS: usize = 4_000;
