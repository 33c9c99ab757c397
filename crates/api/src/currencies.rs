//! The currencies of organizations.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use accrual_engine::{OrgId, Reports, StoreError};
use accrual_money::Currency;

/// Currencies that were read before: an organization keeps its own for good.
pub(crate) struct Currencies {
    read: Mutex<HashMap<OrgId, Currency>>,
}

impl Currencies {
    /// How many are remembered at most.
    const LIMIT: usize = 10_000;

    pub(crate) fn new() -> Self {
        Self {
            read: Mutex::new(HashMap::new()),
        }
    }

    /// The currency of `org`; `None` if there is no such organization.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub(crate) async fn of(
        &self,
        reports: &dyn Reports,
        org: OrgId,
    ) -> Result<Option<Currency>, StoreError> {
        let read = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read().get(&org).copied();
        if known.is_some() {
            return Ok(known);
        }
        let currency = reports.head(org).await?.map(|head| head.currency);
        if let Some(currency) = currency {
            let mut read = read();
            if read.len() >= Self::LIMIT {
                read.clear();
            }
            read.insert(org, currency);
        }
        Ok(currency)
    }
}
