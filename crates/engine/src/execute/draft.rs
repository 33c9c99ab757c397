//! What a command has come to so far: changes in the making.

use std::{collections::BTreeMap, sync::Arc};

use accrual_attribution::ReferralId;
use time::OffsetDateTime;

use crate::{
    Answer, Book, Changes, ConversionId, Entry, Error, Head, Outcome, Recorded, Referral,
    Remembered, Replay, Sequence, Subject, Submission, record,
};

use super::difference;

/// Changes in the making, with what they are made from.
pub(super) struct Draft<'a> {
    pub(super) book: &'a Book,
    pub(super) submission: &'a Submission,
    pub(super) at: OffsetDateTime,
    pub(super) changes: Changes,
    /// Referrals as they are by now.
    referrals: BTreeMap<ReferralId, Referral>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(book: &'a Book, submission: &'a Submission) -> Self {
        Self {
            book,
            submission,
            at: book.at,
            changes: Changes::new(book.head.clone()),
            referrals: BTreeMap::new(),
        }
    }

    pub(super) fn head(&mut self) -> &mut Head {
        &mut self.changes.head
    }

    /// The place that the next journal entry of this command will have.
    pub(super) fn sequence(&self) -> Sequence {
        Sequence::new(self.changes.head.sequence + 1)
    }

    /// Writes the journal entry: what was asked, and what it came to.
    pub(super) fn record(&mut self, conversion: Option<ConversionId>, outcome: &record::Outcome) {
        let command = record::Command::of(&self.submission.command);
        self.record_as(&command, conversion, outcome);
    }

    /// Writes a journal entry about something that the command has led to.
    pub(super) fn record_as(
        &mut self,
        command: &record::Command,
        conversion: Option<ConversionId>,
        outcome: &record::Outcome,
    ) {
        let mut entry = Entry {
            sequence: self.sequence(),
            at: self.at,
            actor: self.submission.actor,
            request_id: self.submission.request_id.clone(),
            conversion,
            command: command.to_json(),
            outcome: outcome.to_json(),
            hash: [0; 32],
        };
        let head = self.head();
        entry.hash = entry.seal(&head.hash);
        head.sequence = entry.sequence.number();
        head.hash = entry.hash;
        self.changes.entries.push(entry);
    }

    /// A referral as it is by now.
    pub(super) fn referral(&self, id: ReferralId) -> Option<&Referral> {
        let changed = self.referrals.get(&id);
        changed.or_else(|| self.book.referral(id).map(|kept| &**kept))
    }

    pub(super) fn put_referral(&mut self, referral: Referral) {
        self.referrals.insert(referral.id, referral);
    }

    /// Keeps a new conversion.
    pub(super) fn keep_new(&mut self, recorded: Recorded) -> Result<Arc<Recorded>, Error> {
        self.account_for(None, &recorded)?;
        let recorded = Arc::new(recorded);
        self.changes.recorded.push(recorded.clone());
        Ok(recorded)
    }

    /// Keeps a conversion as it is from now on, in place of `before`.
    pub(super) fn keep_revised(
        &mut self,
        before: &Recorded,
        after: Recorded,
    ) -> Result<Arc<Recorded>, Error> {
        self.account_for(Some(before), &after)?;
        let after = Arc::new(after);
        self.changes.revised.push(after.clone());
        Ok(after)
    }

    /// Moves the amounts to where they are from now on, and changes every sum by the difference.
    fn account_for(&mut self, before: Option<&Recorded>, after: &Recorded) -> Result<(), Error> {
        let (sequence, at) = (self.sequence(), self.at);
        difference::transfers(&mut self.changes.postings, before, after, sequence, at)?;
        let home = self.book.head.currency;
        difference::totals(&mut self.changes.totals, before, after, home)?;
        for id in difference::referrals(before, after) {
            let referral = self.referral(id).ok_or(Error::Internal)?;
            let referral = difference::referral(referral, before, after)?;
            self.put_referral(referral);
        }
        Ok(())
    }

    /// Keeps what makes a repetition of this command known.
    pub(super) fn remember(&mut self, about: Subject) {
        if let Some(idempotency) = &self.submission.idempotency {
            self.changes.remembered.push(Remembered {
                key: idempotency.key.clone(),
                fingerprint: idempotency.fingerprint,
                about,
            });
        }
    }

    /// Ends a command that has set something up.
    pub(super) fn set_up(mut self, subject: Subject, outcome: Outcome) -> (Answer, Changes) {
        self.head().setup_version += 1;
        self.ended(subject, outcome)
    }

    /// Ends a command that has made or changed something besides conversions.
    pub(super) fn ended(mut self, subject: Subject, outcome: Outcome) -> (Answer, Changes) {
        self.remember(subject);
        self.record(None, &record::Outcome::set_up(subject));
        self.answer(outcome)
    }

    /// Ends a command with what it came to.
    pub(super) fn answer(self, outcome: Outcome) -> (Answer, Changes) {
        let replay = Replay::No;
        (Answer { outcome, replay }, self.finish())
    }

    pub(super) fn finish(mut self) -> Changes {
        let referrals = std::mem::take(&mut self.referrals).into_values();
        self.changes.referrals.extend(referrals.map(Arc::new));
        self.changes
    }
}
