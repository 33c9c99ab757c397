//! Reading, in memory.

use std::ops::Bound;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_commission::{Account, AccountKind, Balances, Terms};
use accrual_money::Money;
use async_trait::async_trait;

use super::MemoryStore;
use crate::{
    Affiliate, ConversionId, Enrollment, Entry, Head, OrgId, Posting, Program, Recorded, Reference,
    Reports, Sequence, Source, StoreError, Totals, TotalsKey,
};

/// The values behind `after`, at most `limit`.
fn page<K: Ord + Copy, V: Clone>(
    all: &std::collections::BTreeMap<K, std::sync::Arc<V>>,
    after: K,
    limit: u32,
    wanted: impl Fn(&V) -> bool,
) -> Vec<V> {
    all.range((Bound::Excluded(after), Bound::Unbounded))
        .map(|(_, value)| V::clone(value))
        .filter(wanted)
        .take(limit as usize)
        .collect()
}

fn touches(posting: &Posting, affiliate: AffiliateId) -> bool {
    [posting.transfer.from(), posting.transfer.to()]
        .iter()
        .any(|account| match account {
            Account::Expense => false,
            Account::Pending(owner) | Account::Payable(owner) | Account::Paid(owner) => {
                *owner == affiliate
            }
        })
}

#[async_trait]
impl Reports for MemoryStore {
    async fn head(&self, org: OrgId) -> Result<Option<Head>, StoreError> {
        match self.kept(org) {
            Ok(kept) => Ok(Some(kept.lock().await.head.clone())),
            Err(_) => Ok(None),
        }
    }

    async fn conversion(
        &self,
        org: OrgId,
        id: ConversionId,
    ) -> Result<Option<Recorded>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(kept
            .conversions
            .get(&id)
            .map(|found| Recorded::clone(found)))
    }

    async fn conversion_by_reference(
        &self,
        org: OrgId,
        source: &Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let id = kept.references.get(&(source.clone(), reference.clone()));
        Ok(id
            .and_then(|id| kept.conversions.get(id))
            .map(|found| Recorded::clone(found)))
    }

    async fn conversions(
        &self,
        org: OrgId,
        after: ConversionId,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        Ok(page(
            &self.kept(org)?.lock_owned().await.conversions,
            after,
            limit,
            |_| true,
        ))
    }

    async fn history(&self, org: OrgId, id: ConversionId) -> Result<Vec<Entry>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let entries = kept
            .entries
            .iter()
            .filter(|entry| entry.conversion == Some(id));
        Ok(entries.cloned().collect())
    }

    async fn journal(
        &self,
        org: OrgId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let entries = kept.entries.iter().filter(|entry| entry.sequence > after);
        Ok(entries.take(limit as usize).cloned().collect())
    }

    async fn program(&self, org: OrgId, id: ProgramId) -> Result<Option<Program>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(kept.programs.get(&id).map(|found| Program::clone(found)))
    }

    async fn programs(
        &self,
        org: OrgId,
        after: ProgramId,
        limit: u32,
    ) -> Result<Vec<Program>, StoreError> {
        Ok(page(
            &self.kept(org)?.lock_owned().await.programs,
            after,
            limit,
            |_| true,
        ))
    }

    async fn terms(&self, org: OrgId, id: ProgramId) -> Result<Vec<Terms>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let versions = kept.terms.iter().filter(|((program, _), _)| *program == id);
        Ok(versions.map(|(_, terms)| terms.clone()).collect())
    }

    async fn affiliate(
        &self,
        org: OrgId,
        id: AffiliateId,
    ) -> Result<Option<Affiliate>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(kept
            .affiliates
            .get(&id)
            .map(|found| Affiliate::clone(found)))
    }

    async fn affiliates(
        &self,
        org: OrgId,
        after: AffiliateId,
        limit: u32,
    ) -> Result<Vec<Affiliate>, StoreError> {
        Ok(page(
            &self.kept(org)?.lock_owned().await.affiliates,
            after,
            limit,
            |_| true,
        ))
    }

    async fn enrollment(
        &self,
        org: OrgId,
        id: EnrollmentId,
    ) -> Result<Option<Enrollment>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(kept
            .enrollments
            .get(&id)
            .map(|found| Enrollment::clone(found)))
    }

    async fn enrollments(
        &self,
        org: OrgId,
        program: Option<ProgramId>,
        affiliate: Option<AffiliateId>,
        after: EnrollmentId,
        limit: u32,
    ) -> Result<Vec<Enrollment>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(page(&kept.enrollments, after, limit, |enrollment| {
            program.is_none_or(|program| program == enrollment.program)
                && affiliate.is_none_or(|affiliate| affiliate == enrollment.affiliate)
        }))
    }

    async fn balances(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
    ) -> Result<Vec<(AccountKind, Money)>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let mut balances = Balances::default();
        for posting in kept
            .postings
            .iter()
            .filter(|posting| touches(posting, affiliate))
        {
            balances
                .post(&posting.transfer)
                .map_err(|error| StoreError::Corrupt {
                    reason: error.to_string(),
                })?;
        }
        Ok(balances
            .iter()
            .map(|(account, amount)| (account.kind(), amount))
            .filter(|(kind, _)| *kind != AccountKind::Expense)
            .collect())
    }

    async fn transfers(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        after: (Sequence, u16),
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        let postings = kept.postings.iter().filter(|posting| {
            (posting.sequence, posting.position) > after && touches(posting, affiliate)
        });
        Ok(postings.take(limit as usize).cloned().collect())
    }

    async fn totals(&self, org: OrgId) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
        let kept = self.kept(org)?.lock_owned().await;
        Ok(kept
            .totals
            .iter()
            .map(|(key, totals)| (*key, *totals))
            .collect())
    }
}
