//! `accrual history`: who has changed what of a conversion.

use std::io::Write;

use accrual_engine::{
    Actor, ApiKey, ConversionId, FieldRevision, FieldValue, Revision, RevisionKind, Sequence,
    history,
};
use anyhow::Context;
use clap::Args;

use crate::command::explain::{moment, organization};
use crate::configuration::{DatabaseSettings, Source};
use crate::database;
use crate::serving::Opened;

/// Say who has changed a conversion, when, and what each field was before
///
/// Every accepted change is told from the journal, oldest first: the first is the report. The API
/// gives the same.
#[derive(Args, Debug)]
#[command(after_help = "Example: accrual history 2 --org Acme")]
pub struct History {
    /// The number of the conversion
    conversion: i64,
    /// The organization, by name or number; may be left out where there is one only
    #[arg(long, alias = "organization", value_name = "ORGANIZATION")]
    org: Option<String>,
    #[command(flatten)]
    database: DatabaseSettings,
}

impl History {
    pub(crate) fn run(self, source: &Source) -> anyhow::Result<()> {
        let Self {
            conversion,
            org,
            database,
        } = self;
        let mut out = std::io::stdout();
        database::with_existing(database, source, async |opened| {
            tell(
                opened,
                org.as_deref(),
                ConversionId::new(conversion),
                &mut out,
            )
            .await
        })
    }
}

async fn tell(
    opened: &Opened,
    org: Option<&str>,
    conversion: ConversionId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let org = organization(&*opened.access, org).await?;
    let start = Sequence::new(0);
    let found = history(&*opened.reports, org, conversion, start, u32::MAX).await;
    let found = found.context("The history cannot be read")?;
    let revisions = found.with_context(|| format!("There is no conversion {conversion}."))?;
    let keys = opened.access.keys(org).await?;
    for (index, revision) in revisions.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write(revision, &keys, out)?;
    }
    Ok(())
}

fn write(revision: &Revision, keys: &[ApiKey], out: &mut impl Write) -> std::io::Result<()> {
    let (at, sequence) = (moment(revision.at), revision.sequence);
    writeln!(out, "{at}, entry {sequence} of the journal")?;
    writeln!(
        out,
        "  {} by {}, request {}",
        what(revision.kind),
        who(revision.actor, keys),
        revision.request_id
    )?;
    for FieldRevision {
        field,
        before,
        after,
    } in &revision.fields
    {
        writeln!(out, "  - {field}: {} -> {}", shown(before), shown(after))?;
    }
    Ok(())
}

fn what(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Reported => "reported",
        RevisionKind::ReportedAgain => "reported again, with other facts",
        RevisionKind::Refunded => "refunded",
        RevisionKind::Amended => "amended",
        RevisionKind::StatusChanged => "changed in status",
        RevisionKind::Matured => "matured",
        RevisionKind::Lifted => "lifted",
    }
}

fn who(actor: Actor, keys: &[ApiKey]) -> String {
    match actor {
        Actor::Operator => "the operator".to_owned(),
        Actor::Key(id) => match keys.iter().find(|key| key.id == id) {
            Some(key) => format!("key {id} ({})", key.name),
            None => format!("key {id}"),
        },
    }
}

fn shown(value: &Option<FieldValue>) -> String {
    value
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), ToString::to_string)
}
