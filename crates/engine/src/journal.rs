//! The journal: every accepted command, each entry sealed with the hash of the one before.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_money::Currency;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::{Actor, ConversionId, OrgId, Sequence, ShopId, Text, Zone};

/// A SHA-256 hash of a journal entry and, through it, of all before it.
pub type Hash = [u8; 32];

/// One organization's row that every change takes its turn on: numbers to draw, and seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organization.
    pub organization: OrgId,
    /// The organization's currency.
    pub currency: Currency,
    /// The time zone that its days begin in.
    pub zone: Zone,
    /// The last journal entry; 0 before the first.
    pub sequence: i64,
    /// The hash of the last journal entry; zeroes before the first.
    pub hash: Hash,
    /// How often programs, affiliates, enrollments or stores were changed.
    pub setup_version: i64,
    /// The last program's number; 0 before the first.
    pub last_program: i64,
    /// The last affiliate's number; 0 before the first.
    pub last_affiliate: i64,
    /// The last enrollment's number; 0 before the first.
    pub last_enrollment: i64,
    /// The last conversion's number; 0 before the first.
    pub last_conversion: i64,
    /// The last promo code's number; 0 before the first.
    pub last_promo_code: i64,
    /// The last referral's number; 0 before the first.
    pub last_referral: i64,
    /// The last store's number; 0 before the first.
    pub last_shop: i64,
    /// Whether a program remembers customers, or has ever done.
    pub remembers_customers: bool,
}

impl Head {
    /// The head of an organization in which nothing has happened.
    pub fn new(organization: OrgId, currency: Currency, zone: Zone) -> Self {
        Self {
            organization,
            currency,
            zone,
            sequence: 0,
            hash: [0; 32],
            setup_version: 0,
            last_program: 0,
            last_affiliate: 0,
            last_enrollment: 0,
            last_conversion: 0,
            last_promo_code: 0,
            last_referral: 0,
            last_shop: 0,
            remembers_customers: false,
        }
    }

    pub(crate) fn next_program(&mut self) -> ProgramId {
        self.last_program += 1;
        ProgramId::new(self.last_program)
    }

    pub(crate) fn next_affiliate(&mut self) -> AffiliateId {
        self.last_affiliate += 1;
        AffiliateId::new(self.last_affiliate)
    }

    pub(crate) fn next_enrollment(&mut self) -> EnrollmentId {
        self.last_enrollment += 1;
        EnrollmentId::new(self.last_enrollment)
    }

    pub(crate) fn next_promo_code(&mut self) -> PromoCodeId {
        self.last_promo_code += 1;
        PromoCodeId::new(self.last_promo_code)
    }

    pub(crate) fn next_referral(&mut self) -> ReferralId {
        self.last_referral += 1;
        ReferralId::new(self.last_referral)
    }

    pub(crate) fn next_shop(&mut self) -> ShopId {
        self.last_shop += 1;
        ShopId::new(self.last_shop)
    }

    pub(crate) fn next_conversion(&mut self) -> ConversionId {
        self.last_conversion += 1;
        ConversionId::new(self.last_conversion)
    }
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub sequence: Sequence,
    /// When it was written (UTC, to the microsecond).
    pub at: OffsetDateTime,
    /// On whose behalf.
    pub actor: Actor,
    /// By which request.
    pub request_id: Text,
    /// The conversion that it is about.
    pub conversion: Option<ConversionId>,
    /// What was asked, as versioned JSON (`record::Command`).
    pub command: String,
    /// What it came to, as versioned JSON (`record::Outcome`).
    pub outcome: String,
    /// Its hash: of the entry before and of all the fields above.
    pub hash: Hash,
}

impl Entry {
    /// The hash that it must have after an entry with `previous`.
    pub fn seal(&self, previous: &Hash) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(self.sequence.number().to_be_bytes());
        hasher.update(micros(self.at).to_be_bytes());
        hasher.update(actor_number(self.actor).to_be_bytes());
        hasher.update(
            self.conversion
                .map_or(0, ConversionId::number)
                .to_be_bytes(),
        );
        // Each text with its length before it: no two entries have the same bytes.
        for text in [self.request_id.as_str(), &self.command, &self.outcome] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().into()
    }
}

/// Whether each of `entries`, in order, carries the hash that follows from the one before it.
///
/// Returns the place of the first that does not.
pub fn first_broken_seal(previous: Hash, entries: &[Entry]) -> Option<Sequence> {
    let mut previous = previous;
    for entry in entries {
        if entry.hash != entry.seal(&previous) {
            return Some(entry.sequence);
        }
        previous = entry.hash;
    }
    None
}

/// The operator is 0, a key its number: keys are counted from 1.
fn actor_number(actor: Actor) -> i64 {
    match actor {
        Actor::Operator => 0,
        Actor::Key(key) => key.number(),
    }
}

/// Microseconds since 1970 began (UTC), finer ones cut off; how times are kept and sealed.
pub fn micros(time: OffsetDateTime) -> i64 {
    // A time of years within ±9999 has fewer than 2^63 microseconds.
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
}

/// The time of so many microseconds since 1970 began; `None` beyond the years ±9999.
pub fn from_micros(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}

/// A time as it is kept: to the microsecond.
pub fn as_kept(time: OffsetDateTime) -> OffsetDateTime {
    from_micros(micros(time)).unwrap_or(time)
}
