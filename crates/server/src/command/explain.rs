//! `accrual explain`: why a conversion earns what it earns.

use std::io::Write;

use accrual_engine::{Access, Chapter, ConversionId, OrgId, Reports, explain};
use anyhow::Context;
use clap::Args;
use time::{OffsetDateTime, UtcOffset};

use crate::command::org;
use crate::configuration::{DatabaseSettings, Source};
use crate::database;

/// Say why a conversion earns what it earns, and what became of it
///
/// The decision is made once more from the journal, by the same function that made it, and told in
/// sentences: who was considered and why not, the base, the rules, what was cut off. Then, entry by
/// entry of the journal, what became of it. The API gives the same sentences.
#[derive(Args, Debug)]
#[command(after_help = "Example: accrual explain 2 --org Acme")]
pub struct Explain {
    /// The number of the conversion
    conversion: i64,
    /// The organization, by name or number; may be left out where there is one only
    #[arg(long, alias = "organization", value_name = "ORGANIZATION")]
    org: Option<String>,
    #[command(flatten)]
    database: DatabaseSettings,
}

impl Explain {
    pub(crate) fn run(self, source: &Source) -> anyhow::Result<()> {
        let Self {
            conversion,
            org,
            database,
        } = self;
        let mut out = std::io::stdout();
        database::with_existing(database, source, async |opened| {
            let org = organization(&*opened.access, org.as_deref()).await?;
            let conversion = ConversionId::new(conversion);
            tell(&*opened.reports, org, conversion, &mut out).await
        })
    }
}

/// The organization that is wanted, or the only one.
pub(crate) async fn organization(
    access: &dyn Access,
    wanted: Option<&str>,
) -> anyhow::Result<OrgId> {
    if let Some(wanted) = wanted {
        return Ok(org::find(access, wanted).await?.id);
    }
    match access.organizations().await?.as_slice() {
        [only] => Ok(only.id),
        [] => anyhow::bail!("There is no organization; `accrual org create` makes one."),
        _ => anyhow::bail!(
            "There are several organizations: name one with --org; `accrual org list` shows them."
        ),
    }
}

async fn tell(
    reports: &dyn Reports,
    org: OrgId,
    conversion: ConversionId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let explained = explain(reports, org, conversion).await;
    let explained = explained.context("The conversion cannot be explained")?;
    let explanation = explained.with_context(|| format!("There is no conversion {conversion}."))?;
    for (index, chapter) in explanation.chapters.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write(chapter, out)?;
    }
    Ok(())
}

fn write(chapter: &Chapter, out: &mut impl Write) -> std::io::Result<()> {
    let Chapter {
        sequence,
        at,
        words,
    } = chapter;
    writeln!(out, "{}, entry {sequence} of the journal", moment(*at))?;
    for sentence in words {
        writeln!(out, "  - {sentence}")?;
    }
    Ok(())
}

/// `2026-01-31 12:00:00 UTC`.
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let utc = at.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = utc.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02} UTC", utc.date())
}
