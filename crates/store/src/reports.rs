//! Reading, apart from commands.

mod ledger;
mod set_up;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_commission::{AccountKind, Terms};
use accrual_engine::{
    Affiliate, ConversionId, Enrollment, Entry, Head, OrgId, Posting, Program, Recorded, Reference,
    Reports, Sequence, Source, StoreError, Totals, TotalsKey,
};
use accrual_money::Money;
use async_trait::async_trait;
use sea_orm::EntityTrait;

use crate::{SqlStore, entity::head, error::failed, recorded};

pub(crate) use set_up::read_programs;

#[async_trait]
impl Reports for SqlStore {
    async fn head(&self, org: OrgId) -> Result<Option<Head>, StoreError> {
        let row = head::Entity::find_by_id(org.number()).one(&self.reader);
        let row = row.await.map_err(failed)?;
        row.map(head::Model::read).transpose()
    }

    async fn conversion(
        &self,
        org: OrgId,
        id: ConversionId,
    ) -> Result<Option<Recorded>, StoreError> {
        let found = "(SELECT * FROM conversions WHERE organization_id = $1 AND id = $2) c";
        let values = [org.number().into(), id.number().into()];
        Ok(recorded::read(&self.reader, found, values).await?.pop())
    }

    async fn conversion_by_reference(
        &self,
        org: OrgId,
        source: &Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, StoreError> {
        let found = "(SELECT * FROM conversions \
             WHERE organization_id = $1 AND source = $2 AND reference = $3) c";
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
        let found = "(SELECT * FROM conversions \
             WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3) c";
        let limit = i64::from(limit);
        let values = [org.number().into(), after.number().into(), limit.into()];
        recorded::read(&self.reader, found, values).await
    }

    async fn history(&self, org: OrgId, id: ConversionId) -> Result<Vec<Entry>, StoreError> {
        ledger::history(&self.reader, org, id).await
    }

    async fn journal(
        &self,
        org: OrgId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        ledger::journal(&self.reader, org, after, limit).await
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

    async fn terms(&self, org: OrgId, id: ProgramId) -> Result<Vec<Terms>, StoreError> {
        set_up::terms(&self.reader, org, id).await
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

    async fn balances(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
    ) -> Result<Vec<(AccountKind, Money)>, StoreError> {
        ledger::balances(&self.reader, org, affiliate).await
    }

    async fn transfers(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        after: (Sequence, u16),
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        ledger::transfers(&self.reader, org, affiliate, after, limit).await
    }

    async fn totals(&self, org: OrgId) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
        ledger::totals(&self.reader, org).await
    }
}
