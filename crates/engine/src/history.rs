//! Who has changed what of a conversion, and when: from the journal.

use std::fmt;

use accrual_commission::StatusKind;
use accrual_money::Money;
use time::OffsetDateTime;

use crate::{
    Actor, ConversionId, Entry, ExplainError, OrgId, Reports, Sequence, StoreError, Text,
    record::Retold,
};

/// How many entries are read at once.
const PAGE: u32 = 100;

/// One accepted change of a conversion: one entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The entry; the conversion has this version since.
    pub sequence: Sequence,
    /// When it was written (UTC).
    pub at: OffsetDateTime,
    /// On whose behalf.
    pub actor: Actor,
    /// By which request.
    pub request_id: Text,
    /// What happened.
    pub kind: RevisionKind,
    /// What is other than before, in the order of the fields; none if nothing is.
    pub fields: Vec<FieldRevision>,
}

/// What happened to a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevisionKind {
    /// It was reported.
    Reported,
    /// It was reported again with other facts, which changed nothing.
    ReportedAgain,
    /// Money went back to the customer.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRevision {
    /// Its name, as in our own API, such as `total` or `commissions[1].status`.
    pub field: String,
    /// What it was; `None` if nothing.
    pub before: Option<FieldValue>,
    /// What it is from then on; `None` if nothing.
    pub after: Option<FieldValue>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// An amount, in the currency that it names.
    Amount(Money),
    /// A time (UTC).
    Time(OffsetDateTime),
    /// What has become of a commission.
    Status(StatusKind),
    /// Yes or no.
    Flag(bool),
    /// Anything else.
    Text(String),
}

impl fmt::Display for FieldValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(formatter),
            Self::Time(at) => {
                let (hour, minute, second) = at.to_hms();
                let day = at.date();
                write!(formatter, "{day} {hour:02}:{minute:02}:{second:02} UTC")
            }
            Self::Status(status) => status.fmt(formatter),
            Self::Flag(true) => formatter.write_str("yes"),
            Self::Flag(false) => formatter.write_str("no"),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// The accepted changes of a conversion after an entry of the journal, `limit` at most, oldest first:
/// the first of all is its report. `None` if there is no such conversion.
///
/// # Errors
/// [`ExplainError::Store`] if the store cannot be read, [`ExplainError::Record`] if the journal
/// cannot be understood.
pub async fn history(
    reports: &dyn Reports,
    org: OrgId,
    id: ConversionId,
    after: Sequence,
    limit: u32,
) -> Result<Option<Vec<Revision>>, ExplainError> {
    if reports.conversion(org, id).await?.is_none() {
        return Ok(None);
    }
    let mut retold = Retold::default();
    let mut revisions = Vec::new();
    let mut entries = Entries::about(id);
    while revisions.len() < limit as usize
        && let Some(page) = entries.next_page(reports, org).await?
    {
        for entry in page {
            // What was before them tells what their fields were.
            let (kind, fields) = retold.next(&entry)?;
            if entry.sequence > after {
                revisions.push(Revision {
                    sequence: entry.sequence,
                    at: entry.at,
                    actor: entry.actor,
                    request_id: entry.request_id,
                    kind,
                    fields,
                });
            }
        }
    }
    revisions.truncate(limit as usize);
    Ok(Some(revisions))
}

/// The entries about a conversion, from the first on, page by page.
pub(crate) struct Entries {
    about: ConversionId,
    /// The last one that was read; `None` if there are no more.
    place: Option<Sequence>,
}

impl Entries {
    pub(crate) fn about(conversion: ConversionId) -> Self {
        Self {
            about: conversion,
            place: Some(Sequence::new(0)),
        }
    }

    pub(crate) async fn next_page(
        &mut self,
        reports: &dyn Reports,
        org: OrgId,
    ) -> Result<Option<Vec<Entry>>, StoreError> {
        let Some(after) = self.place else {
            return Ok(None);
        };
        let page = reports.history(org, self.about, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        let last = page.last().filter(|_| !is_last);
        self.place = last.map(|entry| entry.sequence);
        Ok(Some(page))
    }
}
