//! Organizations and keys, in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{Kept, MemoryStore, Tenant};
use crate::{
    Access, ApiKey, Head, KeyHash, KeyId, NewOrganization, OrgId, Organization, Role, StoreError,
    Text,
};

#[async_trait]
impl Access for MemoryStore {
    async fn create_organization(
        &self,
        organization: NewOrganization,
        at: OffsetDateTime,
    ) -> Result<Option<Organization>, StoreError> {
        let mut installation = self.installation();
        let mut present = installation.organizations.values();
        if present.any(|present| present.organization.name == organization.name) {
            return Ok(None);
        }
        let last = installation
            .organizations
            .keys()
            .last()
            .map_or(0, |id| id.number());
        let NewOrganization {
            name,
            currency,
            zone,
        } = organization;
        let made = Organization {
            id: OrgId::new(last + 1),
            name,
            currency,
            zone: zone.clone(),
            created_at: at,
        };
        let tenant = Tenant {
            organization: made.clone(),
            turn: Arc::default(),
            kept: Mutex::new(Kept::new(Head::new(made.id, currency, zone))),
        };
        let tenant = Arc::new(tenant);
        installation.organizations.insert(made.id, tenant);
        Ok(Some(made))
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let installation = self.installation();
        Ok(installation
            .organizations
            .values()
            .map(|tenant| tenant.organization.clone())
            .collect())
    }

    async fn add_key(
        &self,
        org: OrgId,
        name: Text,
        role: Role,
        hash: KeyHash,
        at: OffsetDateTime,
    ) -> Result<Option<ApiKey>, StoreError> {
        let mut installation = self.installation();
        if !installation.organizations.contains_key(&org) {
            return Err(StoreError::OrganizationNotFound(org));
        }
        if installation
            .keys
            .iter()
            .any(|(present, _)| *present == hash)
        {
            return Ok(None);
        }
        let last = installation
            .keys
            .last()
            .map_or(0, |(_, key)| key.id.number());
        let id = KeyId::new(last + 1);
        let key = ApiKey {
            id,
            organization: org,
            name,
            role,
            created_at: at,
            revoked_at: None,
        };
        installation.keys.push((hash, key.clone()));
        Ok(Some(key))
    }

    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let installation = self.installation();
        let keys = installation.keys.iter().map(|(_, key)| key);
        Ok(keys
            .filter(|key| key.organization == org)
            .cloned()
            .collect())
    }

    async fn revoke_key(
        &self,
        org: OrgId,
        key: KeyId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut installation = self.installation();
        let found = installation
            .keys
            .iter_mut()
            .map(|(_, key)| key)
            .find(|present| {
                present.id == key && present.organization == org && present.revoked_at.is_none()
            });
        Ok(found.map(|key| key.revoked_at = Some(at)).is_some())
    }

    async fn authenticate(&self, hash: KeyHash) -> Result<Option<ApiKey>, StoreError> {
        let installation = self.installation();
        let mut keys = installation.keys.iter();
        let found = keys.find(|(present, key)| *present == hash && key.revoked_at.is_none());
        Ok(found.map(|(_, key)| key.clone()))
    }
}
