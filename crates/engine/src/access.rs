//! Organizations, and the keys that open them.

use accrual_money::Currency;
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::{KeyId, OrgId, StoreError, Text, Zone};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its identity.
    pub id: OrgId,
    /// What people call it: unique within the installation.
    pub name: Text,
    /// The currency that its sums are shown in.
    pub currency: Currency,
    /// The time zone that its days begin in.
    pub zone: Zone,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

/// An organization that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrganization {
    /// What people are to call it: unique within the installation.
    pub name: Text,
    /// The currency that its sums are to be shown in.
    pub currency: Currency,
    /// The time zone that its days are to begin in: for good, since sums are kept by days.
    pub zone: Zone,
}

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reading.
    ReadOnly,
    /// Reading and writing.
    Full,
}

/// The SHA-256 of a key: all that is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash of a key as its holder sends it.
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An API key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identity.
    pub id: KeyId,
    /// The organization that it opens.
    pub organization: OrgId,
    /// What people call it.
    pub name: Text,
    /// What it allows.
    pub role: Role,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
    /// Since when it no longer opens anything (UTC).
    pub revoked_at: Option<OffsetDateTime>,
}

/// Organizations and their keys.
///
/// Contract: `contract::access` states it in tests; every implementation runs them.
#[async_trait]
pub trait Access: Send + Sync {
    /// Makes an organization; `None` if its name is taken.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses.
    async fn create_organization(
        &self,
        organization: NewOrganization,
        at: OffsetDateTime,
    ) -> Result<Option<Organization>, StoreError>;

    /// Every organization, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses.
    async fn organizations(&self) -> Result<Vec<Organization>, StoreError>;

    /// Keeps the hash of a key; `None` if that key is kept already, for whatever organization.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses;
    /// [`StoreError::OrganizationNotFound`] if there is no such organization.
    async fn add_key(
        &self,
        org: OrgId,
        name: Text,
        role: Role,
        hash: KeyHash,
        at: OffsetDateTime,
    ) -> Result<Option<ApiKey>, StoreError>;

    /// The keys of an organization, oldest first, revoked ones included.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses.
    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError>;

    /// Ends a key; `false` if the organization has no such key or it has ended already.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses.
    async fn revoke_key(
        &self,
        org: OrgId,
        key: KeyId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;

    /// The key with this hash, unless it is revoked.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be reached or refuses.
    async fn authenticate(&self, hash: KeyHash) -> Result<Option<ApiKey>, StoreError>;
}
