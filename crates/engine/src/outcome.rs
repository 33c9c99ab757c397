//! What a command came to, and what it changed.

use std::{collections::BTreeMap, sync::Arc};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_money::MoneyError;

use crate::{
    Affiliate, ConversionId, Enrollment, Entry, FactsField, Head, IdempotencyKey, Posting, Program,
    PromoCode, Recorded, Referral, Shop, ShopId, Totals, TotalsKey,
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
    /// The promo code as it is now.
    PromoCode(Arc<PromoCode>),
    /// The referral as it is now.
    Referral(Arc<Referral>),
    /// The store as it is now.
    Shop(Arc<Shop>),
    /// The conversion as it is now.
    Conversion(Arc<Recorded>),
    /// How many conversions have a commission that became payable; if as many as
    /// [`Needs::MOST_DUE`](crate::Needs::MOST_DUE), there may be more.
    Matured(u32),
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
    /// Promo codes, new or changed.
    pub promo_codes: Vec<Arc<PromoCode>>,
    /// Referrals, new or changed.
    pub referrals: Vec<Arc<Referral>>,
    /// Stores, new or changed.
    pub shops: Vec<Arc<Shop>>,
    /// New conversions with their commissions.
    pub recorded: Vec<Arc<Recorded>>,
    /// Conversions that were recorded before, with their commissions as they are from now on.
    pub revised: Vec<Arc<Recorded>>,
    /// New transfers.
    pub postings: Vec<Posting>,
    /// New journal entries, in order.
    pub entries: Vec<Entry>,
    /// What is to be added to the totals, of each enrollment.
    pub totals: BTreeMap<(EnrollmentId, TotalsKey), Totals>,
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
            promo_codes: Vec::new(),
            referrals: Vec::new(),
            shops: Vec::new(),
            recorded: Vec::new(),
            revised: Vec::new(),
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

    /// Whether there is something to keep besides new sales.
    pub fn is_set_up(&self) -> bool {
        let Self {
            programs,
            affiliates,
            enrollments,
            promo_codes,
            referrals,
            shops,
            revised,
            remembered,
            ..
        } = self;
        !(programs.is_empty()
            && affiliates.is_empty()
            && enrollments.is_empty()
            && promo_codes.is_empty()
            && referrals.is_empty()
            && shops.is_empty()
            && revised.is_empty()
            && remembered.is_empty())
    }

    /// Takes in what the next command changes.
    ///
    /// # Errors
    /// [`MoneyError`] if a total goes out of range; then nothing is taken in.
    pub fn merge(&mut self, next: Self) -> Result<(), MoneyError> {
        let totals = sums(&self.totals, next.totals, Totals::checked_add)?;
        self.totals.extend(totals);
        self.head = next.head;
        self.programs.extend(next.programs);
        self.affiliates.extend(next.affiliates);
        self.enrollments.extend(next.enrollments);
        self.promo_codes.extend(next.promo_codes);
        self.referrals.extend(next.referrals);
        self.shops.extend(next.shops);
        self.recorded.extend(next.recorded);
        self.revised.extend(next.revised);
        self.postings.extend(next.postings);
        self.entries.extend(next.entries);
        self.remembered.extend(next.remembered);
        Ok(())
    }
}

/// Each of `more` with what there is of it.
fn sums<K: Ord, V: Copy>(
    present: &BTreeMap<K, V>,
    more: BTreeMap<K, V>,
    add: impl Fn(V, V) -> Result<V, MoneyError>,
) -> Result<Vec<(K, V)>, MoneyError> {
    let sum = |(key, more): (K, V)| {
        let sum = match present.get(&key) {
            Some(present) => add(*present, more)?,
            None => more,
        };
        Ok((key, sum))
    };
    more.into_iter().map(sum).collect()
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
    /// This promo code.
    PromoCode(PromoCodeId),
    /// This referral.
    Referral(ReferralId),
    /// This store.
    Shop(ShopId),
    /// This conversion.
    Conversion(ConversionId),
}
