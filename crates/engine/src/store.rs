//! Ports: what the engine asks of whoever keeps things, and of the clock.

use std::ops::Range;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::AccountKind;
use accrual_money::Money;
use async_trait::async_trait;
use time::OffsetDateTime;

use crate::{
    Affiliate, Changes, ConversionId, DayKey, DayTally, Enrollment, Entry, Head, List, Listing,
    Loaded, Needs, OrgId, Page, Posting, Program, PromoCode, Recorded, Reference, Referral, Roster,
    RosterQuery, Sequence, Shop, ShopId, Source, Totals, TotalsKey, Version,
};

/// Why a store cannot do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or is too busy: nothing was kept.
    #[error("the store cannot be reached: {reason}")]
    Unavailable {
        /// What went wrong.
        reason: String,
    },
    /// It could not be told whether it was kept: submit the same commands again.
    #[error("the store was lost while it was keeping changes: {reason}")]
    OutcomeUnknown {
        /// What went wrong.
        reason: String,
    },
    /// A sum goes out of range: nothing was kept.
    #[error("a sum goes out of range: {reason}")]
    OutOfRange {
        /// What went wrong.
        reason: String,
    },
    /// It refuses what it is given: nothing was kept.
    #[error("the store refuses: {reason}")]
    Refused {
        /// What went wrong.
        reason: String,
    },
    /// Somebody else had a turn in between: nothing was kept, and what was read may be out of date.
    /// Take another turn.
    #[error("somebody else had the organization's turn in between")]
    Overtaken,
    /// There is no such organization.
    #[error("there is no organization {0}")]
    OrganizationNotFound(OrgId),
    /// What is kept cannot be understood.
    #[error("what is kept cannot be understood: {reason}")]
    Corrupt {
        /// What is wrong with it.
        reason: String,
    },
}

/// Where the engine's changes are kept.
///
/// Contract: `contract::store` states it in tests; every implementation runs them.
#[async_trait]
pub trait Store: Send + Sync {
    /// Takes an organization's turn: of turns that overlap in `org`, here or in other processes,
    /// one is kept. A store may let the others wait here, or refuse them when they end with
    /// [`StoreError::Overtaken`]; after that it lets the next one here wait, so that whoever tries
    /// again gets through. Dropping a turn ends it, with nothing kept.
    ///
    /// # Errors
    /// [`StoreError::OrganizationNotFound`], or [`StoreError::Unavailable`] if the turn cannot be
    /// had within the store's patience.
    async fn begin(&self, org: OrgId) -> Result<Box<dyn Session>, StoreError>;

    /// Reads what is named, outside of turns: all that was kept before this was called, and perhaps
    /// of what is kept meanwhile. A turn that begins where this was read from tells that it holds.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached, or what it holds cannot be understood.
    async fn look(&self, org: OrgId, needs: &Needs) -> Result<Loaded, StoreError>;
}

/// An organization's turn.
#[async_trait]
pub trait Session: Send {
    /// Where the organization stands.
    fn head(&self) -> &Head;

    /// Reads what is named, as of this turn.
    ///
    /// # Errors
    /// [`StoreError`] if the store is lost, or what it holds cannot be understood.
    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError>;

    /// Keeps all changes durably, or none, and ends the turn. Without changes, confirms that what
    /// was read is what there is.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was kept, except perhaps after [`StoreError::OutcomeUnknown`].
    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError>;
}

/// Reading, apart from commands.
///
/// Pages: at most `limit` rows after the given place, in the order of their numbers.
/// Contract: `contract::reports` states it in tests; every implementation runs them.
///
/// # Errors
/// Every method: [`StoreError`] if the store cannot be reached, or what it holds cannot be
/// understood. What does not exist is `None` or empty.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Where the organization stands.
    async fn head(&self, org: OrgId) -> Result<Option<Head>, StoreError>;
    /// A conversion with its commissions.
    async fn conversion(
        &self,
        org: OrgId,
        id: ConversionId,
    ) -> Result<Option<Recorded>, StoreError>;
    /// A conversion with its commissions, by the caller's own id.
    async fn conversion_by_reference(
        &self,
        org: OrgId,
        source: &Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, StoreError>;
    /// Conversions with their commissions, oldest first.
    async fn conversions(
        &self,
        org: OrgId,
        after: ConversionId,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError>;
    /// The journal's entries about a conversion.
    async fn history(
        &self,
        org: OrgId,
        id: ConversionId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError>;
    /// The journal.
    async fn journal(
        &self,
        org: OrgId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError>;
    /// A program, with its newest terms.
    async fn program(&self, org: OrgId, id: ProgramId) -> Result<Option<Program>, StoreError>;
    /// Programs, with their newest terms.
    async fn programs(
        &self,
        org: OrgId,
        after: ProgramId,
        limit: u32,
    ) -> Result<Vec<Program>, StoreError>;
    /// Every version of a program's terms, oldest first.
    async fn versions(&self, org: OrgId, id: ProgramId) -> Result<Vec<Version>, StoreError>;
    /// An affiliate.
    async fn affiliate(&self, org: OrgId, id: AffiliateId)
    -> Result<Option<Affiliate>, StoreError>;
    /// Affiliates.
    async fn affiliates(
        &self,
        org: OrgId,
        after: AffiliateId,
        limit: u32,
    ) -> Result<Vec<Affiliate>, StoreError>;
    /// An enrollment.
    async fn enrollment(
        &self,
        org: OrgId,
        id: EnrollmentId,
    ) -> Result<Option<Enrollment>, StoreError>;
    /// Enrollments, of one program or affiliate where that is given.
    async fn enrollments(
        &self,
        org: OrgId,
        program: Option<ProgramId>,
        affiliate: Option<AffiliateId>,
        after: EnrollmentId,
        limit: u32,
    ) -> Result<Vec<Enrollment>, StoreError>;
    /// A page of the enrollments that are asked for, by their numbers, each with its affiliate and
    /// what it has sold: all as of the same moment.
    async fn roster(
        &self,
        org: OrgId,
        wanted: &RosterQuery,
        page: Page,
    ) -> Result<Roster, StoreError>;
    /// A promo code.
    async fn promo_code(
        &self,
        org: OrgId,
        id: PromoCodeId,
    ) -> Result<Option<PromoCode>, StoreError>;
    /// Promo codes.
    async fn promo_codes(
        &self,
        org: OrgId,
        after: PromoCodeId,
        limit: u32,
    ) -> Result<Vec<PromoCode>, StoreError>;
    /// A referral.
    async fn referral(&self, org: OrgId, id: ReferralId) -> Result<Option<Referral>, StoreError>;
    /// Referrals.
    async fn referrals(
        &self,
        org: OrgId,
        after: ReferralId,
        limit: u32,
    ) -> Result<Vec<Referral>, StoreError>;
    /// Stores.
    async fn shops(&self, org: OrgId, after: ShopId, limit: u32) -> Result<Vec<Shop>, StoreError>;
    /// What is in an affiliate's accounts, by account and currency: the sums of its transfers, of
    /// those before a time (UTC) where one is given.
    async fn balances(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        before: Option<OffsetDateTime>,
    ) -> Result<Vec<(AccountKind, Money)>, StoreError>;
    /// An affiliate's transfers, after the place `(sequence, position)`, of a time (UTC, its end not
    /// included) where one is given.
    async fn transfers(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        during: Option<Range<OffsetDateTime>>,
        after: (Sequence, u16),
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError>;
    /// The totals of every day, in the order of their keys.
    async fn totals(&self, org: OrgId) -> Result<Vec<(TotalsKey, Totals)>, StoreError>;
    /// A list of sales: a page of it, and what all of it comes to.
    async fn list(&self, org: OrgId, listing: &Listing, page: Page) -> Result<List, StoreError>;
    /// What an enrollment has sold and earned each day, in the order of the keys; days that came to
    /// nothing may be missing.
    async fn tallies(
        &self,
        org: OrgId,
        enrollment: EnrollmentId,
    ) -> Result<Vec<(DayKey, DayTally)>, StoreError>;
    /// When the next held commission becomes payable (UTC).
    async fn next_due(&self, org: OrgId) -> Result<Option<OffsetDateTime>, StoreError>;
}

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now (UTC).
    fn now(&self) -> OffsetDateTime;
}
