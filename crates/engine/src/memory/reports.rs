//! Reading, in memory.

use std::{
    collections::BTreeMap,
    ops::{Bound, Range},
};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::{Account, AccountKind, Balances};
use accrual_money::{Money, MoneyError};
use async_trait::async_trait;
use time::OffsetDateTime;

use super::{MemoryStore, load::out_of_range};
use crate::{
    Affiliate, ConversionId, DayKey, DayTally, Enrollment, Entry, Head, List, Listing, OrgId, Page,
    Posting, Program, PromoCode, Recorded, Reference, Referral, Reports, Roster, RosterQuery,
    Sequence, Shop, ShopId, Source, StoreError, Totals, TotalsKey, Version,
};

/// The values behind `after`, at most `limit`.
fn page<K: Ord + Copy, V: Clone>(
    all: &BTreeMap<K, std::sync::Arc<V>>,
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

/// A copy of what is found.
fn copy<V: Clone>(found: Option<&std::sync::Arc<V>>) -> Option<V> {
    found.map(|found| V::clone(found))
}

/// The sum of the values of each key.
fn sums<K: Ord, V: Copy>(
    all: impl Iterator<Item = (K, V)>,
    add: impl Fn(V, V) -> Result<V, MoneyError>,
) -> Result<Vec<(K, V)>, StoreError> {
    let mut sums = BTreeMap::new();
    for (key, more) in all {
        let sum = match sums.get(&key) {
            Some(present) => add(*present, more).map_err(out_of_range)?,
            None => more,
        };
        sums.insert(key, sum);
    }
    Ok(sums.into_iter().collect())
}

#[async_trait]
impl Reports for MemoryStore {
    async fn head(&self, org: OrgId) -> Result<Option<Head>, StoreError> {
        Ok(self.read(org, |kept| Some(kept.head.clone())))
    }

    async fn conversion(
        &self,
        org: OrgId,
        id: ConversionId,
    ) -> Result<Option<Recorded>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.conversions.get(&id))))
    }

    async fn conversion_by_reference(
        &self,
        org: OrgId,
        source: &Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, StoreError> {
        let key = (source.clone(), reference.clone());
        Ok(self.read(org, |kept| {
            copy(kept.conversions.get(kept.references.get(&key)?))
        }))
    }

    async fn conversions(
        &self,
        org: OrgId,
        after: ConversionId,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.conversions, after, limit, |_| true)))
    }

    async fn history(
        &self,
        org: OrgId,
        id: ConversionId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        Ok(self.read(org, |kept| {
            let entries = kept.entries.iter().filter(|entry| entry.sequence > after);
            let about = entries.filter(|entry| entry.conversion == Some(id));
            about.take(limit as usize).cloned().collect()
        }))
    }

    async fn journal(
        &self,
        org: OrgId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        Ok(self.read(org, |kept| {
            let entries = kept.entries.iter().filter(|entry| entry.sequence > after);
            entries.take(limit as usize).cloned().collect()
        }))
    }

    async fn program(&self, org: OrgId, id: ProgramId) -> Result<Option<Program>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.programs.get(&id))))
    }

    async fn programs(
        &self,
        org: OrgId,
        after: ProgramId,
        limit: u32,
    ) -> Result<Vec<Program>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.programs, after, limit, |_| true)))
    }

    async fn versions(&self, org: OrgId, id: ProgramId) -> Result<Vec<Version>, StoreError> {
        Ok(self.read(org, |kept| {
            let versions = kept.versions.iter();
            let own = versions.filter(|((program, _), _)| *program == id);
            own.map(|(_, version)| version.clone()).collect()
        }))
    }

    async fn affiliate(
        &self,
        org: OrgId,
        id: AffiliateId,
    ) -> Result<Option<Affiliate>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.affiliates.get(&id))))
    }

    async fn affiliates(
        &self,
        org: OrgId,
        after: AffiliateId,
        limit: u32,
    ) -> Result<Vec<Affiliate>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.affiliates, after, limit, |_| true)))
    }

    async fn enrollment(
        &self,
        org: OrgId,
        id: EnrollmentId,
    ) -> Result<Option<Enrollment>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.enrollments.get(&id))))
    }

    async fn enrollments(
        &self,
        org: OrgId,
        program: Option<ProgramId>,
        affiliate: Option<AffiliateId>,
        after: EnrollmentId,
        limit: u32,
    ) -> Result<Vec<Enrollment>, StoreError> {
        Ok(self.read(org, |kept| {
            page(&kept.enrollments, after, limit, |enrollment| {
                program.is_none_or(|program| program == enrollment.program)
                    && affiliate.is_none_or(|affiliate| affiliate == enrollment.affiliate)
            })
        }))
    }

    async fn roster(
        &self,
        org: OrgId,
        wanted: &RosterQuery,
        page: Page,
    ) -> Result<Roster, StoreError> {
        self.try_read(org, |kept| kept.roster(wanted, page))
    }

    async fn promo_code(
        &self,
        org: OrgId,
        id: PromoCodeId,
    ) -> Result<Option<PromoCode>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.promo_codes.get(&id))))
    }

    async fn promo_codes(
        &self,
        org: OrgId,
        after: PromoCodeId,
        limit: u32,
    ) -> Result<Vec<PromoCode>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.promo_codes, after, limit, |_| true)))
    }

    async fn referral(&self, org: OrgId, id: ReferralId) -> Result<Option<Referral>, StoreError> {
        Ok(self.read(org, |kept| copy(kept.referrals.get(&id))))
    }

    async fn referrals(
        &self,
        org: OrgId,
        after: ReferralId,
        limit: u32,
    ) -> Result<Vec<Referral>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.referrals, after, limit, |_| true)))
    }

    async fn shops(&self, org: OrgId, after: ShopId, limit: u32) -> Result<Vec<Shop>, StoreError> {
        Ok(self.read(org, |kept| page(&kept.shops, after, limit, |_| true)))
    }

    async fn balances(
        &self,
        org: OrgId,
        affiliate: AffiliateId,
        before: Option<OffsetDateTime>,
    ) -> Result<Vec<(AccountKind, Money)>, StoreError> {
        let own = self.read(org, |kept| {
            let all = kept.postings.iter();
            let own = all.filter(|posting| {
                touches(posting, affiliate) && before.is_none_or(|end| posting.at < end)
            });
            own.map(|posting| posting.transfer).collect::<Vec<_>>()
        });
        let mut balances = Balances::default();
        for transfer in &own {
            balances
                .post(transfer)
                .map_err(|error| StoreError::OutOfRange {
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
        during: Option<Range<OffsetDateTime>>,
        after: (Sequence, u16),
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        Ok(self.read(org, |kept| {
            let postings = kept.postings.iter().filter(|posting| {
                (posting.sequence, posting.position) > after
                    && touches(posting, affiliate)
                    && during
                        .as_ref()
                        .is_none_or(|time| time.contains(&posting.at))
            });
            postings.take(limit as usize).cloned().collect()
        }))
    }

    async fn totals(&self, org: OrgId) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
        self.try_read(org, |kept| {
            let totals = kept.totals.iter();
            let by_program = totals.map(|((_, key), totals)| (key.clone(), *totals));
            sums(by_program, Totals::checked_add)
        })
    }

    async fn tallies(
        &self,
        org: OrgId,
        enrollment: EnrollmentId,
    ) -> Result<Vec<(DayKey, DayTally)>, StoreError> {
        self.try_read(org, |kept| {
            let totals = kept.totals.iter();
            let own = totals.filter(|((of, key), _)| *of == enrollment && key.stage.is_alive());
            let by_day = own.map(|((_, key), totals)| {
                let key = DayKey {
                    enrollment,
                    currency: key.currency,
                    day: key.day,
                };
                (key, totals.sold)
            });
            sums(by_day, DayTally::checked_add)
        })
    }

    async fn list(&self, org: OrgId, listing: &Listing, page: Page) -> Result<List, StoreError> {
        self.try_read(org, |kept| kept.list(listing, page))
    }

    async fn next_due(&self, org: OrgId) -> Result<Option<OffsetDateTime>, StoreError> {
        Ok(self.read(org, |kept| {
            let all = kept.conversions.values();
            all.filter_map(|one| one.first_due()).min()
        }))
    }
}
