//! A store in memory: for tests, and for those who embed the engine and keep nothing.

mod access;
mod reports;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Tag};
use accrual_commission::{Terms, TermsVersion};
use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use crate::{
    Affiliate, ApiKey, Changes, ConversionId, Enrollment, Entry, Head, IdempotencyKey, KeyHash,
    Loaded, Needs, OrgId, Organization, Posting, Program, Recorded, Reference, Remembered, Session,
    Source, Store, StoreError, Totals, TotalsKey,
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
    terms: BTreeMap<(ProgramId, TermsVersion), Terms>,
    affiliates: BTreeMap<AffiliateId, Arc<Affiliate>>,
    enrollments: BTreeMap<EnrollmentId, Arc<Enrollment>>,
    tags: HashMap<Tag, EnrollmentId>,
    memberships: HashMap<(AffiliateId, ProgramId), EnrollmentId>,
    conversions: BTreeMap<ConversionId, Arc<Recorded>>,
    references: HashMap<(Source, Reference), ConversionId>,
    postings: Vec<Posting>,
    entries: Vec<Entry>,
    totals: BTreeMap<TotalsKey, Totals>,
    remembered: HashMap<IdempotencyKey, Remembered>,
}

impl Kept {
    fn new(head: Head) -> Self {
        Self {
            head,
            programs: BTreeMap::new(),
            terms: BTreeMap::new(),
            affiliates: BTreeMap::new(),
            enrollments: BTreeMap::new(),
            tags: HashMap::new(),
            memberships: HashMap::new(),
            conversions: BTreeMap::new(),
            references: HashMap::new(),
            postings: Vec::new(),
            entries: Vec::new(),
            totals: BTreeMap::new(),
            remembered: HashMap::new(),
        }
    }

    fn load(&self, needs: &Needs) -> Loaded {
        let by_tag = needs.tags.iter().filter_map(|tag| self.tags.get(tag));
        let by_membership = needs
            .memberships
            .iter()
            .filter_map(|key| self.memberships.get(key));
        let enrollments = needs.enrollments.iter().chain(by_tag).chain(by_membership);
        Loaded {
            recorded: needs
                .references
                .iter()
                .filter_map(|key| self.conversions.get(self.references.get(key)?))
                .map(|found| Recorded::clone(found))
                .collect(),
            remembered: needs
                .idempotency_keys
                .iter()
                .filter_map(|key| self.remembered.get(key).cloned())
                .collect(),
            programs: needs
                .programs
                .iter()
                .filter_map(|id| self.programs.get(id))
                .map(|found| Program::clone(found))
                .collect(),
            affiliates: needs
                .affiliates
                .iter()
                .filter_map(|id| self.affiliates.get(id))
                .map(|found| Affiliate::clone(found))
                .collect(),
            enrollments: enrollments
                .filter_map(|id| self.enrollments.get(id))
                .map(|found| Enrollment::clone(found))
                .collect(),
        }
    }

    fn keep(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let mut totals = self.totals.clone();
        for (key, more) in &changes.totals {
            let sum = match totals.get(key) {
                Some(present) => {
                    present
                        .checked_add(*more)
                        .map_err(|error| StoreError::OutOfRange {
                            reason: error.to_string(),
                        })?
                }
                None => *more,
            };
            totals.insert(*key, sum);
        }
        self.totals = totals;
        self.head = changes.head.clone();
        for program in &changes.programs {
            self.terms
                .insert((program.id, program.terms.version()), program.terms.clone());
            self.programs.insert(program.id, program.clone());
        }
        for affiliate in &changes.affiliates {
            self.affiliates.insert(affiliate.id, affiliate.clone());
        }
        for enrollment in &changes.enrollments {
            if let Some(before) = self.enrollments.insert(enrollment.id, enrollment.clone()) {
                self.tags.remove(&before.tag);
            }
            self.tags.insert(enrollment.tag.clone(), enrollment.id);
            self.memberships
                .insert((enrollment.affiliate, enrollment.program), enrollment.id);
        }
        for recorded in &changes.recorded {
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
        Ok(self.read(org, |kept| kept.load(needs)))
    }
}

#[async_trait]
impl Session for Turn {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        Ok(self.tenant.kept().load(needs))
    }

    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        self.tenant.kept().keep(changes)
    }
}
