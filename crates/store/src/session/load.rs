//! Reading what commands need: one statement for each kind of need that there is.

mod people;
mod sales;
mod set_up;
mod sums;

use accrual_engine::{Loaded, Needs, OrgId, StoreError};
use sea_orm::ConnectionTrait;

use sales::Sales;

pub(super) async fn load(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Loaded, StoreError> {
    // A further kind of need must be read before this compiles.
    let Needs {
        references,
        conversions,
        decided,
        idempotency_keys,
        programs,
        versions,
        affiliates,
        addresses,
        enrollments: _,
        tags: _,
        slugs: _,
        memberships: _,
        enrolled: _,
        promo_codes,
        codes,
        referrals,
        people,
        shops: _,
        shop_keys: _,
        tallies,
        spans,
        payable,
        due,
    } = needs;
    let mut sales = Sales::default();
    if !references.is_empty() {
        sales.by_reference(connection, org, references).await?;
    }
    if !conversions.is_empty() {
        sales.by_number(connection, org, conversions).await?;
    }
    if !spans.is_empty() {
        sales.in_spans(connection, org, spans).await?;
    }
    if let Some(until) = due {
        sales.due(connection, org, *until).await?;
    }
    let mut loaded = sales.loaded();
    if !decided.is_empty() {
        loaded.decided = sales::decided(connection, org, decided).await?;
    }
    if !idempotency_keys.is_empty() {
        loaded.remembered = set_up::remembered(connection, org, idempotency_keys).await?;
    }
    if !programs.is_empty() {
        loaded.programs = set_up::programs(connection, org, programs).await?;
    }
    if !versions.is_empty() {
        loaded.versions = set_up::versions(connection, org, versions).await?;
    }
    if !affiliates.is_empty() {
        loaded.affiliates = set_up::affiliates(connection, org, affiliates).await?;
    }
    if !addresses.is_empty() {
        let found = set_up::addressed(connection, org, addresses).await?;
        loaded.affiliates.extend(found);
    }
    loaded.enrollments = set_up::enrollments(connection, org, needs).await?;
    loaded.shops = set_up::shops(connection, org, needs).await?;
    if !promo_codes.is_empty() {
        loaded.promo_codes = people::promo_codes(connection, org, promo_codes).await?;
    }
    if !codes.is_empty() {
        let found = people::by_codes(connection, org, codes).await?;
        loaded.promo_codes.extend(found);
    }
    if !referrals.is_empty() {
        loaded.referrals = people::referrals(connection, org, referrals).await?;
    }
    if !people.is_empty() {
        let found = people::known_as(connection, org, people).await?;
        loaded.referrals.extend(found);
    }
    if !tallies.is_empty() {
        loaded.tallies = sums::tallies(connection, org, tallies).await?;
    }
    if !payable.is_empty() {
        loaded.payable = sums::payable(connection, org, payable).await?;
    }
    Ok(loaded)
}
