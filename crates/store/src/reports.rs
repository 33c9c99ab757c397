//! Reading, apart from commands.

mod journal;
mod ledger;
mod list;
mod people;
mod roster;
mod set_up;
mod snapshot;
mod sums;

use std::ops::Range;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::AccountKind;
use accrual_engine::{
    Affiliate, ConversionId, DayKey, DayTally, Enrollment, Entry, Head, List, Listing, OrgId, Page,
    Posting, Program, PromoCode, Recorded, Reference, Referral, Reports, Roster, RosterQuery,
    Sequence, Shop, ShopId, Source, StoreError, Totals, TotalsKey, Version,
};
use accrual_money::Money;
use async_trait::async_trait;
use sea_orm::EntityTrait;
use time::OffsetDateTime;

use crate::{SqlStore, entity::head, found, recorded};

pub(crate) use set_up::read_programs;

#[async_trait]
impl Reports for SqlStore {
    async fn head(&self, org: OrgId) -> Result<Option<Head>, StoreError> {
        let query = head::Entity::find_by_id(org.number());
        found::one(&self.reader, query, head::Model::read).await
    }

    async fn conversion(
        &self,
        org: OrgId,
        id: ConversionId,
    ) -> Result<Option<Recorded>, StoreError> {
        let found = "SELECT * FROM conversions WHERE organization_id = $1 AND id = $2";
        let values = [org.number().into(), id.number().into()];
        Ok(recorded::read(&self.reader, found, values).await?.pop())
    }

    async fn conversion_by_reference(
        &self,
        org: OrgId,
        source: &Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, StoreError> {
        let found = "SELECT * FROM conversions \
             WHERE organization_id = $1 AND source = $2 AND reference = $3";
        let (source, reference) = (source.as_str(), reference.as_str());
        let values = [org.number().into(), source.into(), reference.into()];
        Ok(recorded::read(&self.reader, found, values).await?.pop())
    }

    async fn conversions(
        &self,
        org: OrgId,
        after: ConversionId,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        let found = "SELECT * FROM conversions \
             WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let limit = i64::from(limit);
        let values = [org.number().into(), after.number().into(), limit.into()];
        recorded::read(&self.reader, found, values).await
    }

    async fn history(
        &self,
        org: OrgId,
        id: ConversionId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        journal::history(&self.reader, org, id, after, limit).await
    }

    async fn journal(
        &self,
        org: OrgId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        journal::journal(&self.reader, org, after, limit).await
    }

    async fn program(&self, org: OrgId, id: ProgramId) -> Result<Option<Program>, StoreError> {
        set_up::program(&self.reader, org, id).await
    }

    async fn programs(
        &self,
        org: OrgId,
        after: ProgramId,
        limit: u32,
    ) -> Result<Vec<Program>, StoreError> {
        set_up::programs(&self.reader, org, after, limit).await
    }

    async fn versions(&self, org: OrgId, id: ProgramId) -> Result<Vec<Version>, StoreError> {
        set_up::versions(&self.reader, org, id).await
    }

    async fn affiliate(
        &self,
        org: OrgId,
        id: AffiliateId,
    ) -> Result<Option<Affiliate>, StoreError> {
        set_up::affiliate(&self.reader, org, id).await
    }

    async fn affiliates(
        &self,
        org: OrgId,
        after: AffiliateId,
        limit: u32,
    ) -> Result<Vec<Affiliate>, StoreError> {
        set_up::affiliates(&self.reader, org, after, limit).await
    }

    async fn enrollment(
        &self,
        org: OrgId,
        id: EnrollmentId,
    ) -> Result<Option<Enrollment>, StoreError> {
        set_up::enrollment(&self.reader, org, id).await
    }

    async fn enrollments(
        &self,
        org: OrgId,
        program: Option<ProgramId>,
        affiliate: Option<AffiliateId>,
        after: EnrollmentId,
        limit: u32,
    ) -> Result<Vec<Enrollment>, StoreError> {
        set_up::enrollments(&self.reader, org, program, affiliate, after, limit).await
    }

    async fn roster(
        &self,
        org: OrgId,
        wanted: &RosterQuery,
        page: Page,
    ) -> Result<Roster, StoreError> {
        roster::roster(&self.reader, org, wanted, page).await
    }

    async fn promo_code(
        &self,
        org: OrgId,
        id: PromoCodeId,
    ) -> Result<Option<PromoCode>, StoreError> {
        people::promo_code(&self.reader, org, id).await
    }

    async fn promo_codes(
        &self,
        org: OrgId,
        after: PromoCodeId,
        limit: u32,
    ) -> Result<Vec<PromoCode>, StoreError> {
        people::promo_codes(&self.reader, org, after, limit).await
    }

    async fn referral(&self, org: OrgId, id: ReferralId) -> Result<Option<Referral>, StoreError> {
        people::referral(&self.reader, org, id).await
    }

    async fn referrals(
        &self,
        org: OrgId,
        after: ReferralId,
        limit: u32,
    ) -> Result<Vec<Referral>, StoreError> {
        people::referrals(&self.reader, org, after, limit).await
    }

    async fn shops(&self, org: OrgId, after: ShopId, limit: u32) -> Result<Vec<Shop>, StoreError> {
        set_up::shops(&self.reader, org, after, limit).await
    }

    async fn balances(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        before: Option<OffsetDateTime>,
    ) -> Result<Vec<(AccountKind, Money)>, StoreError> {
        ledger::balances(&self.reader, org, affiliate, before).await
    }

    async fn transfers(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        during: Option<Range<OffsetDateTime>>,
        after: (Sequence, u16),
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        ledger::transfers(&self.reader, org, affiliate, during, after, limit).await
    }

    async fn totals(&self, org: OrgId) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
        sums::totals(&self.reader, org).await
    }

    async fn list(&self, org: OrgId, listing: &Listing, page: Page) -> Result<List, StoreError> {
        list::list(&self.reader, org, listing, page).await
    }

    async fn tallies(
        &self,
        org: OrgId,
        enrollment: EnrollmentId,
    ) -> Result<Vec<(DayKey, DayTally)>, StoreError> {
        sums::tallies(&self.reader, org, enrollment).await
    }

    async fn next_due(&self, org: OrgId) -> Result<Option<OffsetDateTime>, StoreError> {
        sums::next_due(&self.reader, org).await
    }
}
