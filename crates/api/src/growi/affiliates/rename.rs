//! `PATCH /campaign_affiliates/{id}` and `/bulk`: other tags.

use accrual_attribution::{EnrollmentId, Tag};
use accrual_engine::{Answer, Command, Engine, Outcome};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::{
    Caller,
    growi::{create::filled, failure::Failure},
    wire::{self, Given, Integer, Required, Text},
};

/// How many can be changed at once.
const MOST: usize = 300;

/// Another tag.
#[derive(Deserialize, Object)]
#[oai(rename = "UpdateCampaignAffiliate")]
pub(in crate::growi) struct Rename {
    /// The tag from now on, in any case: up to 255 characters, unique within the organization.
    #[serde(default)]
    tag: Required<Text>,
}

/// Other tags.
#[derive(Deserialize, Object)]
#[oai(rename = "BulkUpdateCampaignAffiliates")]
pub(in crate::growi) struct BulkRename {
    /// Whose, and which: 1 to 300.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    affiliates: Option<Vec<Row>>,
}

/// Another tag of one of many.
#[derive(Deserialize, Object)]
#[oai(rename = "BulkUpdateCampaignAffiliate")]
struct Row {
    /// The number of the affiliate in the campaign.
    #[serde(default)]
    id: Required<Integer>,
    /// The tag from now on.
    #[serde(default)]
    tag: Required<Text>,
}

/// A tag that is another from now on.
#[derive(Object, Serialize)]
#[oai(rename = "UpdatedCampaignAffiliate")]
pub(in crate::growi) struct Renamed {
    /// `true`.
    success: bool,
    /// The number of the affiliate in the campaign.
    id: i64,
    /// The tag, in lower case.
    tag: String,
}

/// What has become of many.
#[derive(Object, Serialize)]
#[oai(rename = "BulkUpdatedCampaignAffiliates")]
pub(in crate::growi) struct RenamedMany {
    /// Whether all were changed.
    pub(super) success: bool,
    /// Those that were, in their order.
    updated: Vec<RenamedRow>,
    /// Those that were not, in their order.
    errors: Vec<RefusedRow>,
}

/// One of many that was changed.
#[derive(Object, Serialize)]
#[oai(rename = "BulkUpdatedCampaignAffiliate")]
struct RenamedRow {
    /// The number of the affiliate in the campaign.
    id: i64,
    /// The tag, in lower case.
    tag: String,
}

/// One of many that was not changed.
#[derive(Object, Serialize)]
#[oai(rename = "BulkUpdateError")]
struct RefusedRow {
    /// The number that was given; `null` if none was.
    #[oai(nullable)]
    id: Option<i64>,
    /// One sentence.
    error: String,
}

impl Rename {
    pub(super) fn command(&self, id: EnrollmentId) -> Result<Command, Failure> {
        Ok(rename(id, tag(&self.tag).map_err(Failure::invalid)?))
    }
}

impl Renamed {
    pub(super) fn of(answer: &Answer) -> Result<Self, Failure> {
        let RenamedRow { id, tag } = RenamedRow::of(answer)?;
        Ok(Self {
            success: true,
            id,
            tag,
        })
    }
}

impl RenamedRow {
    fn of(answer: &Answer) -> Result<Self, Failure> {
        let Outcome::Enrollment(enrollment) = &answer.outcome else {
            tracing::error!("a change of an enrollment came to something other than one");
            return Err(Failure::internal());
        };
        Ok(Self {
            id: enrollment.id.number(),
            tag: enrollment.tag.as_str().to_owned(),
        })
    }
}

impl BulkRename {
    /// Changes one after the other, kept together as far as they fit into one batch.
    pub(super) async fn submit(
        &self,
        caller: &Caller,
        engine: &Engine,
    ) -> Result<RenamedMany, Failure> {
        let rows = self.affiliates.as_deref().unwrap_or_default();
        if rows.is_empty() {
            return Err(Failure::invalid("affiliates is required"));
        }
        if rows.len() > MOST {
            return Err(Failure::invalid("Maximum 300 affiliates per request."));
        }
        let commands: Vec<_> = rows.iter().map(Row::command).collect();
        let asked = commands.iter().flatten();
        let asked = asked.map(|command| caller.submission(command.clone(), None));
        let answers = engine.submit_all(caller.organization, asked).await;
        let mut answers = answers.into_iter();
        let (mut updated, mut errors) = (Vec::new(), Vec::new());
        for (row, command) in rows.iter().zip(commands) {
            let answer = command.and_then(|_| match answers.next() {
                Some(answer) => answer.map_err(|error| Failure::from(error).into_words()),
                None => Err(Failure::internal().into_words()),
            });
            let renamed =
                answer.and_then(|answer| RenamedRow::of(&answer).map_err(Failure::into_words));
            match renamed {
                Ok(renamed) => updated.push(renamed),
                Err(error) => errors.push(RefusedRow {
                    id: row.id(),
                    error,
                }),
            }
        }
        Ok(RenamedMany {
            success: errors.is_empty(),
            updated,
            errors,
        })
    }
}

impl Row {
    /// Its command, or why there is none.
    fn command(&self) -> Result<Command, String> {
        // What is no number is nobody's.
        let not_found = || Failure::affiliate_not_found().into_words();
        let id = self.id().ok_or_else(not_found)?;
        Ok(rename(EnrollmentId::new(id), tag(&self.tag)?))
    }

    fn id(&self) -> Option<i64> {
        let given = self.id.given().map(Given::integer);
        given.and_then(Result::ok)
    }
}

fn rename(enrollment: EnrollmentId, tag: Tag) -> Command {
    Command::ChangeEnrollment {
        enrollment,
        tag: Some(tag),
        slug: None,
        rate: None,
        is_active: None,
    }
}

fn tag(given: &Required<Text>) -> Result<Tag, String> {
    let text = filled("tag", given.given()).map_err(Failure::into_words)?;
    let text = text.ok_or("tag is required")?;
    Tag::parse(&text).map_err(|_| {
        "tag must have at most 255 characters, none of them a control character.".to_owned()
    })
}
