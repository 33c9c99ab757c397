//! Which words need not be sent again.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accrual_engine::OrgId;

use super::rows::WordsKey;

/// How many are remembered at most, in a few megabytes.
const LIMIT: usize = 50_000;

/// Words that are in `searched` for sure, where nothing is ever deleted: a customer who buys again
/// costs no look into its index.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownWords(Arc<Mutex<HashSet<(OrgId, WordsKey)>>>);

impl KnownWords {
    /// Leaves those that may be missing.
    pub(crate) fn retain_unknown<T>(
        &self,
        org: OrgId,
        all: &mut Vec<T>,
        key: impl Fn(&T) -> WordsKey,
    ) {
        let known = self.locked();
        all.retain(|one| !known.contains(&(org, key(one))));
    }

    /// These are kept by now.
    pub(crate) fn add(&self, org: OrgId, keys: impl IntoIterator<Item = WordsKey>) {
        let mut known = self.locked();
        if known.len() >= LIMIT {
            known.clear();
        }
        known.extend(keys.into_iter().map(|key| (org, key)));
    }

    fn locked(&self) -> MutexGuard<'_, HashSet<(OrgId, WordsKey)>> {
        // Nothing that is done under this lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
