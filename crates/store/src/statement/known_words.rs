//! Which words need not be sent again.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accrual_engine::OrgId;

use super::rows::WordsKey;

/// How many are remembered of an organization at most, in a megabyte.
const LIMIT: usize = 20_000;

/// Of how many organizations.
const ORGANIZATIONS: usize = 20;

/// Words that are in `searched` for sure, where nothing is ever deleted: a customer who buys again
/// costs no look into its index.
///
/// They hold as long as the organization's head that this process remembers: a database that was
/// put back to where it was before does not have that head.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownWords(Arc<Mutex<HashMap<OrgId, HashSet<WordsKey>>>>);

impl KnownWords {
    /// Leaves those that may be missing.
    pub(crate) fn retain_unknown<T>(
        &self,
        org: OrgId,
        all: &mut Vec<T>,
        key: impl Fn(&T) -> WordsKey,
    ) {
        if let Some(known) = self.locked().get(&org) {
            all.retain(|one| !known.contains(&key(one)));
        }
    }

    /// These are kept by now.
    pub(crate) fn add(&self, org: OrgId, keys: impl IntoIterator<Item = WordsKey>) {
        let mut all = self.locked();
        if all.len() >= ORGANIZATIONS && !all.contains_key(&org) {
            all.clear();
        }
        let known = all.entry(org).or_default();
        if known.len() >= LIMIT {
            known.clear();
        }
        known.extend(keys);
    }

    /// Nothing is known of this organization any more.
    pub(crate) fn forget(&self, org: OrgId) {
        self.locked().remove(&org);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<OrgId, HashSet<WordsKey>>> {
        // Nothing that is done under this lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
