//! What a command came to, and what it changed.

use std::{collections::BTreeMap, sync::Arc};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_commission::StatusKind;
use accrual_money::{Currency, Money, MoneyError};
use time::Date;

use crate::{
    Affiliate, Enrollment, Entry, FactsField, Head, IdempotencyKey, Posting, Program, Recorded,
};

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The program as it is now.
    Program(Arc<Program>),
    /// The affiliate as it is now.
    Affiliate(Arc<Affiliate>),
    /// The enrollment as it is now.
    Enrollment(Arc<Enrollment>),
    /// The conversion as it was first recorded.
    Conversion(Arc<Recorded>),
}

/// What a command came to, and whether that had been so before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it came to.
    pub outcome: Outcome,
    /// Whether the same had been asked before.
    pub replay: Replay,
}

/// Whether the same had been asked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It was asked for the first time.
    No,
    /// It was asked before, in the same words: nothing has changed.
    Same,
    /// The reference is known with other facts: nothing has changed but the journal.
    Differs(Vec<FactsField>),
}

/// All that a command changes: what is to be kept, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The organization's head from now on.
    pub head: Head,
    /// Programs, new or changed; their terms are kept as a further version if it is new.
    pub programs: Vec<Arc<Program>>,
    /// Affiliates, new or changed.
    pub affiliates: Vec<Arc<Affiliate>>,
    /// Enrollments, new or changed.
    pub enrollments: Vec<Arc<Enrollment>>,
    /// New conversions with their commissions.
    pub recorded: Vec<Arc<Recorded>>,
    /// New transfers.
    pub postings: Vec<Posting>,
    /// New journal entries, in order.
    pub entries: Vec<Entry>,
    /// What is to be added to the totals.
    pub totals: BTreeMap<TotalsKey, Totals>,
    /// Idempotency keys, with what they led to.
    pub remembered: Vec<Remembered>,
}

impl Changes {
    /// No change but that of the head.
    pub fn new(head: Head) -> Self {
        Self {
            head,
            programs: Vec::new(),
            affiliates: Vec::new(),
            enrollments: Vec::new(),
            recorded: Vec::new(),
            postings: Vec::new(),
            entries: Vec::new(),
            totals: BTreeMap::new(),
            remembered: Vec::new(),
        }
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.remembered.is_empty()
    }

    /// Whether there is something to keep besides sales: what changes rarely.
    pub fn is_set_up(&self) -> bool {
        let Self {
            programs,
            affiliates,
            enrollments,
            remembered,
            ..
        } = self;
        !(programs.is_empty()
            && affiliates.is_empty()
            && enrollments.is_empty()
            && remembered.is_empty())
    }

    /// Takes in what the next command changes.
    ///
    /// # Errors
    /// [`MoneyError`] if a total goes out of range; then nothing is taken in.
    pub fn merge(&mut self, next: Self) -> Result<(), MoneyError> {
        let mut totals = Vec::with_capacity(next.totals.len());
        for (key, more) in next.totals {
            let sum = match self.totals.get(&key) {
                Some(present) => present.checked_add(more)?,
                None => more,
            };
            totals.push((key, sum));
        }
        self.totals.extend(totals);
        self.head = next.head;
        self.programs.extend(next.programs);
        self.affiliates.extend(next.affiliates);
        self.enrollments.extend(next.enrollments);
        self.recorded.extend(next.recorded);
        self.postings.extend(next.postings);
        self.entries.extend(next.entries);
        self.remembered.extend(next.remembered);
        Ok(())
    }
}

/// What totals are kept by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TotalsKey {
    /// The day on which the sales took place (UTC).
    pub day: Date,
    /// The program whose terms they fell under.
    pub program: ProgramId,
    /// Their currency.
    pub currency: Currency,
    /// What has become of their commissions.
    pub status: StatusKind,
}

/// How many sales there were, and what they came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// How many conversions.
    pub conversions: i64,
    /// The sum of their amounts.
    pub amount: Money,
    /// The sum of their commissions.
    pub commission: Money,
}

impl Totals {
    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum goes out of range or the currencies are not the same.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            conversions: self.conversions + other.conversions,
            amount: self.amount.checked_add(other.amount)?,
            commission: self.commission.checked_add(other.commission)?,
        })
    }
}

/// What an idempotency key led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The caller's key.
    pub key: IdempotencyKey,
    /// A hash of what was asked.
    pub fingerprint: [u8; 32],
    /// What it was about.
    pub about: Subject,
}

/// What a command was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// This program.
    Program(ProgramId),
    /// This affiliate.
    Affiliate(AffiliateId),
    /// This enrollment.
    Enrollment(EnrollmentId),
}
