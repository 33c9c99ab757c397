//! What a command has come to so far: changes in the making.

use time::OffsetDateTime;

use crate::{
    Answer, Book, Changes, ConversionId, Entry, Head, Outcome, Remembered, Replay, Sequence,
    Subject, Submission, record,
};

/// Changes in the making, with what they are made from.
pub(super) struct Draft<'a> {
    pub(super) book: &'a Book,
    pub(super) submission: &'a Submission,
    pub(super) at: OffsetDateTime,
    pub(super) changes: Changes,
}

impl<'a> Draft<'a> {
    pub(super) fn new(book: &'a Book, submission: &'a Submission, at: OffsetDateTime) -> Self {
        Self {
            book,
            submission,
            at,
            changes: Changes::new(book.head.clone()),
        }
    }

    pub(super) fn head(&mut self) -> &mut Head {
        &mut self.changes.head
    }

    /// The place that the journal entry of this command will have.
    pub(super) fn sequence(&self) -> Sequence {
        Sequence::new(self.book.head.sequence + 1)
    }

    /// Writes the journal entry: what was asked, and what it came to.
    pub(super) fn record(&mut self, conversion: Option<ConversionId>, outcome: &record::Outcome) {
        let mut entry = Entry {
            sequence: self.sequence(),
            at: self.at,
            actor: self.submission.actor,
            request_id: self.submission.request_id.clone(),
            conversion,
            command: record::Command::of(&self.submission.command).to_json(),
            outcome: outcome.to_json(),
            hash: [0; 32],
        };
        entry.hash = entry.seal(&self.book.head.hash);
        let head = self.head();
        head.sequence = entry.sequence.number();
        head.hash = entry.hash;
        self.changes.entries.push(entry);
    }

    /// Ends a command that has set something up.
    pub(super) fn set_up(mut self, subject: Subject, outcome: Outcome) -> (Answer, Changes) {
        self.head().setup_version += 1;
        if let Some(idempotency) = &self.submission.idempotency {
            self.changes.remembered.push(Remembered {
                key: idempotency.key.clone(),
                fingerprint: idempotency.fingerprint,
                about: subject,
            });
        }
        self.record(None, &record::Outcome::set_up(subject));
        (
            Answer {
                outcome,
                replay: Replay::No,
            },
            self.finish(),
        )
    }

    pub(super) fn finish(self) -> Changes {
        self.changes
    }
}
