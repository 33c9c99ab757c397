//! Who has changed what of a conversion, and when.

use accrual_engine::{
    Actor, ApiKey, ConversionId, FieldRevision, FieldValue, Revision, RevisionKind, Sequence,
    history,
};
use poem_openapi::{
    ApiResponse, Enum, Object, OpenApi,
    param::{Path, Query},
};
use serde::Serialize;

use super::unknown;
use crate::{
    native::{
        Key, Shared, Topic,
        page::{Page, Wanted},
        problem::Problem,
        view::{decimal, iso},
        word::StatusWord,
    },
    wire::{Reply, Word},
};

/// The operations on what has become of conversions.
pub(crate) struct Histories;

/// One accepted change of a conversion: one entry of the journal.
#[derive(Object, Serialize)]
#[oai(rename = "Revision")]
struct RevisionView {
    /// The journal entry.
    sequence: i64,
    /// When it was written.
    at: String,
    /// On whose behalf.
    actor: ActorView,
    /// The id of the request that asked for it.
    request_id: String,
    /// What happened.
    what: RevisionWord,
    /// What is other than before; empty if nothing is.
    changes: Vec<FieldChange>,
}

/// On whose behalf something was changed.
#[derive(Object, Serialize)]
#[oai(rename = "Actor")]
struct ActorView {
    /// Whether it was whoever holds a key, or whoever runs the server: by the command line, or by
    /// the server's timer.
    kind: ActorWord,
    /// The number of the key.
    #[oai(nullable)]
    key_id: Option<i64>,
    /// What people call the key.
    #[oai(nullable)]
    key_name: Option<String>,
}

/// Who can change something.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "ActorKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ActorWord {
    /// Whoever holds an API key.
    Key,
    /// Whoever runs the server.
    Operator,
}

/// What happened to a conversion.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "RevisionKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum RevisionWord {
    /// It was reported.
    Reported,
    /// It was reported again with other facts, which changed nothing.
    ReportedAgain,
    /// The customer got money back.
    Refunded,
    /// Its facts were changed, or what its commissions were said to be.
    Amended,
    /// Something became of its commissions.
    StatusChanged,
    /// Its time of holding has passed.
    Matured,
    /// A later sale has reached a tier that pays for it too.
    Lifted,
}

/// A field that was changed.
#[derive(Object, Serialize)]
struct FieldChange {
    /// Its name, such as `total` or `commissions[1].status`, where 1 is a position.
    field: String,
    /// What it was; `null` if nothing. Amounts are in the currency that they had then.
    #[oai(nullable)]
    before: Option<String>,
    /// What it is from then on; `null` if nothing.
    #[oai(nullable)]
    after: Option<String>,
}

/// A page of changes.
#[derive(ApiResponse)]
enum HistoryFound {
    /// Changes, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<RevisionView>>),
}

#[OpenApi(tag = "Topic::Conversions")]
impl Histories {
    /// Read who has changed a conversion
    ///
    /// Every accepted change, from the journal: who asked, when, by which request, and what each
    /// field was before and after. The first is the report. Changed are the facts but claims, lines
    /// and metadata, which stay.
    #[oai(
        path = "/conversions/:id/history",
        method = "get",
        operation_id = "getHistory"
    )]
    async fn get_history(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<HistoryFound, Problem> {
        let (org, id) = (caller.organization, ConversionId::new(id.0));
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = Sequence::new(wanted.after[0]);
        let found = history(&*context.reports, org, id, after, wanted.to_read()).await?;
        let revisions = found.ok_or_else(|| unknown(id))?;
        let keys = context.access.keys(org).await?;
        let place = |one: &Revision| vec![one.sequence.number()];
        let page = wanted.page(revisions, place, |one| RevisionView::of(one, &keys));
        Ok(HistoryFound::Found(Reply(page)))
    }
}

impl RevisionView {
    fn of(revision: &Revision, keys: &[ApiKey]) -> Self {
        Self {
            sequence: revision.sequence.number(),
            at: iso(revision.at),
            actor: ActorView::of(revision.actor, keys),
            request_id: revision.request_id.as_str().to_owned(),
            what: RevisionWord::of(revision.kind),
            changes: revision.fields.iter().map(FieldChange::of).collect(),
        }
    }
}

impl ActorView {
    fn of(actor: Actor, keys: &[ApiKey]) -> Self {
        match actor {
            Actor::Key(id) => {
                let key = keys.iter().find(|key| key.id == id);
                Self {
                    kind: ActorWord::Key,
                    key_id: Some(id.number()),
                    key_name: key.map(|key| key.name.as_str().to_owned()),
                }
            }
            Actor::Operator => Self {
                kind: ActorWord::Operator,
                key_id: None,
                key_name: None,
            },
        }
    }
}

impl RevisionWord {
    fn of(kind: RevisionKind) -> Self {
        match kind {
            RevisionKind::Reported => Self::Reported,
            RevisionKind::ReportedAgain => Self::ReportedAgain,
            RevisionKind::Refunded => Self::Refunded,
            RevisionKind::Amended => Self::Amended,
            RevisionKind::StatusChanged => Self::StatusChanged,
            RevisionKind::Matured => Self::Matured,
            RevisionKind::Lifted => Self::Lifted,
        }
    }
}

impl FieldChange {
    fn of(revision: &FieldRevision) -> Self {
        Self {
            field: revision.field.clone(),
            before: revision.before.as_ref().map(shown),
            after: revision.after.as_ref().map(shown),
        }
    }
}

fn shown(value: &FieldValue) -> String {
    match value {
        FieldValue::Amount(amount) => decimal(*amount),
        FieldValue::Time(at) => iso(*at),
        FieldValue::Status(status) => {
            let word = StatusWord::ALL.iter().find(|(_, kind)| kind == status);
            word.map_or_else(|| status.to_string(), |(word, _)| (*word).to_owned())
        }
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Text(text) => text.clone(),
    }
}
