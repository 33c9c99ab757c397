//! Why a conversion earns what it earns, and where that is now: in sentences, from the journal.

use accrual_commission::{DecideError, Decision};

use crate::{
    ConversionId, Decided, Entry, OrgId, Recorded, Reports, Sequence, StoreError,
    history::Entries,
    record::{self, RecordError},
};

/// Why a conversion earns what it earns, and what became of it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The conversion as it is now.
    pub recorded: Recorded,
    /// What was known when it was decided.
    pub decided: Decided,
    /// The decision on the facts as they were reported.
    pub decision: Decision,
    /// What happened, oldest first: the first is the decision.
    pub chapters: Vec<Chapter>,
}

/// What one journal entry says of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The entry.
    pub sequence: Sequence,
    /// When it was written (UTC).
    pub at: time::OffsetDateTime,
    /// It in sentences, in order.
    pub words: Vec<String>,
}

/// Why a conversion cannot be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal cannot be understood.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// What was decided then cannot be decided now.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// A part of what was decided on is not kept.
    #[error("{what} of conversion {conversion} is not kept")]
    Missing {
        /// The conversion.
        conversion: ConversionId,
        /// Which part.
        what: &'static str,
    },
}

/// Explains a conversion: the decision once more, by the same function on what the journal holds,
/// then what became of it. `None` if there is no such conversion.
///
/// # Errors
/// [`ExplainError`], each variant as it says.
pub async fn explain(
    reports: &dyn Reports,
    org: OrgId,
    id: ConversionId,
) -> Result<Option<Explanation>, ExplainError> {
    let Some(recorded) = reports.conversion(org, id).await? else {
        return Ok(None);
    };
    let missing = |what| ExplainError::Missing {
        conversion: id,
        what,
    };
    let (mut history, mut entries) = (Vec::new(), Entries::about(id));
    while let Some(page) = entries.next_page(reports, org).await? {
        history.extend(page);
    }
    let report = history
        .iter()
        .find(|entry| entry.sequence == recorded.conversion.sequence);
    let report = report.ok_or_else(|| missing("the report"))?;
    let outcome = record::Outcome::parse(&report.outcome)?;
    let decided = outcome.decided()?.ok_or_else(|| missing("the decision"))?;
    let credit = decided.attribution.credits.first();
    let program = credit.ok_or_else(|| missing("the credit"))?.credit.program;
    let versions = reports.versions(org, program).await?;
    let mut versions = versions.into_iter();
    let version = versions
        .find(|version| version.terms.version() == decided.terms_version)
        .ok_or_else(|| missing("the version of the terms"))?;

    let decision = decided
        .decision(&recorded.conversion, &version.terms)?
        .ok_or_else(|| missing("the amount"))?;
    let mut chapters = vec![chapter(report, first_words(&decided, &decision, &outcome)?)];
    for entry in history.iter().filter(|one| one.sequence != report.sequence) {
        let command = record::Command::parse(&entry.command)?;
        let outcome = record::Outcome::parse(&entry.outcome)?;
        chapters.push(chapter(entry, outcome.words(&command)?));
    }
    Ok(Some(Explanation {
        recorded,
        decided,
        decision,
        chapters,
    }))
}

fn chapter(entry: &Entry, words: Vec<String>) -> Chapter {
    Chapter {
        sequence: entry.sequence,
        at: entry.at,
        words,
    }
}

/// From the claims over the arithmetic to who earns how much.
fn first_words(
    decided: &Decided,
    decision: &Decision,
    outcome: &record::Outcome,
) -> Result<Vec<String>, RecordError> {
    let findings = decided.attribution.findings.iter();
    let mut words: Vec<String> = findings.map(ToString::to_string).collect();
    words.extend(decision.words());
    words.extend(outcome.first_words()?);
    Ok(words)
}
