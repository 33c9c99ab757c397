//! What organizations and keys keep to.

use accrual_money::Currency;
use time::Duration;
use tokio::task::JoinSet;

use super::{Shared, fixture::*};
use crate::{
    ApiKey, Head, KeyHash, KeyId, NewOrganization, OrgId, Organization, Role, StoreError, Zone,
};

/// An organization begins with nothing, in its own currency.
pub async fn a_new_organization_is_empty(store: Shared) {
    let names = ["Zebra", "zebra", "L'été"];
    let currencies = [Currency::KWD, Currency::USD, Currency::JPY];
    let mut made = Vec::new();
    for (name, currency) in names.into_iter().zip(currencies) {
        let name = text(name);
        let wanted = NewOrganization {
            name: name.clone(),
            currency,
            zone: Zone::parse("Asia/Tokyo").unwrap(),
        };
        let organization = store
            .create_organization(wanted, NOW)
            .await
            .unwrap()
            .unwrap();
        let expected = Organization {
            id: organization.id,
            name,
            currency,
            zone: Zone::parse("Asia/Tokyo").unwrap(),
            created_at: NOW,
        };
        assert_eq!(organization, expected);
        let head = store.head(organization.id).await.unwrap();
        assert_eq!(
            head,
            Some(Head::new(
                organization.id,
                currency,
                organization.zone.clone()
            ))
        );
        made.push(organization);
    }
    assert_eq!(store.organizations().await.unwrap(), made);
}

/// Two organizations do not have one name.
pub async fn a_name_is_taken_once(store: Shared) {
    let id = organization(&store, "The shop").await;
    let again = NewOrganization {
        name: text("The shop"),
        currency: Currency::EUR,
        zone: Zone::utc(),
    };
    assert_eq!(store.create_organization(again, NOW).await.unwrap(), None);
    let present = store.organizations().await.unwrap();
    assert_eq!(present.len(), 1);
    assert_eq!((present[0].id, present[0].currency), (id, Currency::USD));
}

/// Of many that want one name at once, one gets it.
pub async fn a_name_wanted_by_many_at_once_is_given_once(store: Shared) {
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let store = store.clone();
        let wanted = NewOrganization {
            name: text("The shop"),
            currency: Currency::USD,
            zone: Zone::utc(),
        };
        tasks.spawn(async move { store.create_organization(wanted, NOW).await.unwrap() });
    }
    let made = tasks.join_all().await;
    assert_eq!(made.iter().flatten().count(), 1);
    assert_eq!(store.organizations().await.unwrap().len(), 1);
}

/// A key opens its organization with its role, until it is revoked.
pub async fn a_key_opens_its_organization_until_it_is_revoked(store: Shared) {
    let org = organization(&store, "The shop").await;
    let (full, reading) = (KeyHash::of("full"), KeyHash::of("reading"));
    let key = add(&store, org, "Website", Role::Full, full).await.unwrap();
    let other = add(&store, org, "Website", Role::ReadOnly, reading).await;
    let other = other.unwrap();
    let expected = ApiKey {
        id: key.id,
        organization: org,
        name: text("Website"),
        role: Role::Full,
        created_at: NOW,
        revoked_at: None,
    };
    assert_eq!(key, expected);
    assert_eq!(other.role, Role::ReadOnly);
    assert_eq!(store.keys(org).await.unwrap(), [key.clone(), other.clone()]);
    assert_eq!(store.authenticate(full).await.unwrap(), Some(key.clone()));
    assert_eq!(
        store.authenticate(reading).await.unwrap(),
        Some(other.clone())
    );

    let at = NOW + Duration::MICROSECOND;
    assert!(store.revoke_key(org, key.id, at).await.unwrap());

    assert_eq!(store.authenticate(full).await.unwrap(), None);
    assert_eq!(
        store.authenticate(reading).await.unwrap(),
        Some(other.clone())
    );
    let revoked = ApiKey {
        revoked_at: Some(at),
        ..key
    };
    assert_eq!(store.keys(org).await.unwrap(), [revoked.clone(), other]);
    // It ends once: the second time changes nothing, not even when it ended.
    let later = at + Duration::DAY;
    assert!(!store.revoke_key(org, revoked.id, later).await.unwrap());
    assert_eq!(store.keys(org).await.unwrap()[0], revoked);
}

/// What opens nothing opens nothing.
pub async fn an_unknown_key_opens_nothing(store: Shared) {
    let org = organization(&store, "The shop").await;
    assert_eq!(store.authenticate(KeyHash::of("")).await.unwrap(), None);
    assert!(!store.revoke_key(org, KeyId::new(1), NOW).await.unwrap());
    assert_eq!(store.keys(org).await.unwrap(), []);
}

/// A key is kept once in the installation, even after it is revoked.
pub async fn a_key_is_kept_once(store: Shared) {
    let (one, other) = two_organizations(&store).await;
    let hash = KeyHash::of("secret");
    let key = add(&store, one, "Website", Role::Full, hash).await.unwrap();

    assert_eq!(add(&store, one, "Again", Role::Full, hash).await, None);
    assert_eq!(add(&store, other, "Again", Role::Full, hash).await, None);
    assert!(store.revoke_key(one, key.id, NOW).await.unwrap());
    assert_eq!(add(&store, other, "Again", Role::Full, hash).await, None);
    assert_eq!(store.keys(other).await.unwrap(), []);
    assert_eq!(store.authenticate(hash).await.unwrap(), None);
}

/// One organization cannot see or end another's key.
pub async fn a_key_is_its_organizations_own(store: Shared) {
    let (one, other) = two_organizations(&store).await;
    let hash = KeyHash::of("secret");
    let key = add(&store, one, "Website", Role::Full, hash).await.unwrap();

    assert_eq!(store.keys(other).await.unwrap(), []);
    assert!(!store.revoke_key(other, key.id, NOW).await.unwrap());
    assert_eq!(store.authenticate(hash).await.unwrap(), Some(key));
}

/// A key of no organization is an error, and not a silent nothing.
pub async fn a_key_needs_an_organization(store: Shared) {
    let unknown = OrgId::new(1_000);
    let hash = KeyHash::of("secret");
    let refused = store
        .add_key(unknown, text("Website"), Role::Full, hash, NOW)
        .await;
    assert!(
        matches!(refused, Err(StoreError::OrganizationNotFound(org)) if org == unknown),
        "{refused:?}"
    );
    assert_eq!(store.authenticate(hash).await.unwrap(), None);
}

async fn two_organizations(store: &Shared) -> (OrgId, OrgId) {
    let one = organization(store, "The shop").await;
    (one, organization(store, "Another shop").await)
}

async fn add(store: &Shared, org: OrgId, name: &str, role: Role, hash: KeyHash) -> Option<ApiKey> {
    let added = store.add_key(org, text(name), role, hash, NOW).await;
    added.unwrap()
}
