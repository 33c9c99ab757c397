//! A store in memory: for tests, and for those who embed the engine and keep nothing.

mod access;
mod list;
mod load;
mod reports;
mod roster;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::TermsVersion;
use accrual_money::Currency;
use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use crate::{
    Affiliate, ApiKey, Changes, Channel, ConversionId, Enrollment, Entry, Head, IdempotencyKey,
    KeyHash, Loaded, Needs, OrgId, Organization, Posting, Program, PromoCode, Recorded, Reference,
    Referral, Remembered, Session, Shop, ShopId, Source, Stage, Store, StoreError, Totals,
    TotalsKey, Version,
};

/// A store in memory; what it holds goes with it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    installation: Arc<Mutex<Installation>>,
}

#[derive(Debug, Default)]
struct Installation {
    organizations: BTreeMap<OrgId, Arc<Tenant>>,
    keys: Vec<(KeyHash, ApiKey)>,
}

/// An organization: who has its turn, and what is kept of it. Reading waits for no turn.
#[derive(Debug)]
struct Tenant {
    organization: Organization,
    turn: Arc<tokio::sync::Mutex<()>>,
    kept: Mutex<Kept>,
}

impl Tenant {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that is done under this lock can panic half-way.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is kept of one organization.
#[derive(Debug)]
struct Kept {
    head: Head,
    programs: BTreeMap<ProgramId, Arc<Program>>,
    versions: BTreeMap<(ProgramId, TermsVersion), Version>,
    affiliates: BTreeMap<AffiliateId, Arc<Affiliate>>,
    enrollments: BTreeMap<EnrollmentId, Arc<Enrollment>>,
    promo_codes: BTreeMap<PromoCodeId, Arc<PromoCode>>,
    referrals: BTreeMap<ReferralId, Arc<Referral>>,
    shops: BTreeMap<ShopId, Arc<Shop>>,
    conversions: BTreeMap<ConversionId, Arc<Recorded>>,
    references: HashMap<(Source, Reference), ConversionId>,
    postings: Vec<Posting>,
    entries: Vec<Entry>,
    totals: BTreeMap<(EnrollmentId, TotalsKey), Totals>,
    /// The sums of all enrollments and days, by channel.
    ever: BTreeMap<(Currency, Stage, Channel), Totals>,
    remembered: HashMap<IdempotencyKey, Remembered>,
}

impl Kept {
    fn new(head: Head) -> Self {
        Self {
            head,
            programs: BTreeMap::new(),
            versions: BTreeMap::new(),
            affiliates: BTreeMap::new(),
            enrollments: BTreeMap::new(),
            promo_codes: BTreeMap::new(),
            referrals: BTreeMap::new(),
            shops: BTreeMap::new(),
            conversions: BTreeMap::new(),
            references: HashMap::new(),
            postings: Vec::new(),
            entries: Vec::new(),
            totals: BTreeMap::new(),
            ever: BTreeMap::new(),
            remembered: HashMap::new(),
        }
    }

    fn keep(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let totals = sums(&self.totals, &changes.totals, Totals::checked_add)?;
        let mut ever = self.ever.clone();
        for ((_, key), more) in &changes.totals {
            let key = (key.currency, key.stage, key.channel.clone());
            let more = BTreeMap::from([(key, *more)]);
            let sum = sums(&ever, &more, Totals::checked_add)?;
            ever.extend(sum);
        }
        self.totals.extend(totals);
        self.ever = ever;
        self.head = changes.head.clone();
        for program in &changes.programs {
            let version = Version {
                terms: program.terms.clone(),
                crediting: program.crediting.clone(),
            };
            self.versions
                .insert((program.id, version.terms.version()), version);
            self.programs.insert(program.id, program.clone());
        }
        for affiliate in &changes.affiliates {
            self.affiliates.insert(affiliate.id, affiliate.clone());
        }
        for enrollment in &changes.enrollments {
            self.enrollments.insert(enrollment.id, enrollment.clone());
        }
        for promo_code in &changes.promo_codes {
            self.promo_codes.insert(promo_code.id, promo_code.clone());
        }
        for referral in &changes.referrals {
            self.referrals.insert(referral.id, referral.clone());
        }
        for shop in &changes.shops {
            self.shops.insert(shop.id, shop.clone());
        }
        for recorded in changes.recorded.iter().chain(&changes.revised) {
            let Recorded { conversion, .. } = &**recorded;
            let facts = &conversion.facts;
            self.references.insert(
                (facts.source.clone(), facts.reference.clone()),
                conversion.id,
            );
            self.conversions.insert(conversion.id, recorded.clone());
        }
        self.postings.extend(changes.postings.iter().cloned());
        self.entries.extend(changes.entries.iter().cloned());
        for remembered in &changes.remembered {
            self.remembered
                .insert(remembered.key.clone(), remembered.clone());
        }
        Ok(())
    }
}

/// Each of `more` with what there is of it.
fn sums<K: Ord + Clone, V: Copy>(
    present: &BTreeMap<K, V>,
    more: &BTreeMap<K, V>,
    add: impl Fn(V, V) -> Result<V, accrual_money::MoneyError>,
) -> Result<Vec<(K, V)>, StoreError> {
    let sum = |(key, more): (&K, &V)| {
        let sum = match present.get(key) {
            Some(present) => add(*present, *more),
            None => Ok(*more),
        };
        let reason = |error: accrual_money::MoneyError| StoreError::OutOfRange {
            reason: error.to_string(),
        };
        Ok((key.clone(), sum.map_err(reason)?))
    };
    more.iter().map(sum).collect()
}

impl MemoryStore {
    /// A store with no organization.
    pub fn new() -> Self {
        Self::default()
    }

    fn installation(&self) -> MutexGuard<'_, Installation> {
        // Nothing that is done under this lock can panic half-way.
        self.installation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn tenant(&self, org: OrgId) -> Option<Arc<Tenant>> {
        self.installation().organizations.get(&org).cloned()
    }

    /// What `look` finds in an organization, or nothing where there is none.
    fn read<T: Default>(&self, org: OrgId, look: impl FnOnce(&Kept) -> T) -> T {
        match self.tenant(org) {
            Some(tenant) => look(&tenant.kept()),
            None => T::default(),
        }
    }

    /// The same where looking may fail.
    fn try_read<T: Default>(
        &self,
        org: OrgId,
        look: impl FnOnce(&Kept) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.tenant(org) {
            Some(tenant) => look(&tenant.kept()),
            None => Ok(T::default()),
        }
    }
}

struct Turn {
    tenant: Arc<Tenant>,
    _guard: OwnedMutexGuard<()>,
    head: Head,
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self, org: OrgId) -> Result<Box<dyn Session>, StoreError> {
        let tenant = self
            .tenant(org)
            .ok_or(StoreError::OrganizationNotFound(org))?;
        let guard = tenant.turn.clone().lock_owned().await;
        let head = tenant.kept().head.clone();
        Ok(Box::new(Turn {
            tenant,
            _guard: guard,
            head,
        }))
    }

    async fn look(&self, org: OrgId, needs: &Needs) -> Result<Loaded, StoreError> {
        match self.tenant(org) {
            Some(tenant) => tenant.kept().load(needs),
            None => Ok(Loaded::default()),
        }
    }
}

#[async_trait]
impl Session for Turn {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        self.tenant.kept().load(needs)
    }

    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        self.tenant.kept().keep(changes)
    }
}
