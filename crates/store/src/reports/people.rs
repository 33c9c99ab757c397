//! Promo codes and referrals.

use accrual_attribution::{PromoCodeId, ReferralId};
use accrual_engine::{OrgId, PromoCode, Referral, StoreError};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    entity::{promo_code, referral},
    found,
};

pub(super) async fn promo_code(
    reader: &DatabaseConnection,
    org: OrgId,
    id: PromoCodeId,
) -> Result<Option<PromoCode>, StoreError> {
    let query = promo_code::Entity::find_by_id((org.number(), id.number()));
    found::one(reader, query, promo_code::Model::read).await
}

pub(super) async fn promo_codes(
    reader: &DatabaseConnection,
    org: OrgId,
    after: PromoCodeId,
    limit: u32,
) -> Result<Vec<PromoCode>, StoreError> {
    let query = promo_code::Entity::find()
        .filter(promo_code::Column::OrganizationId.eq(org.number()))
        .filter(promo_code::Column::Id.gt(after.number()))
        .order_by_asc(promo_code::Column::Id)
        .limit(u64::from(limit));
    found::all(reader, query, promo_code::Model::read).await
}

pub(super) async fn referral(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ReferralId,
) -> Result<Option<Referral>, StoreError> {
    let query = referral::Entity::find_by_id((org.number(), id.number()));
    found::one(reader, query, referral::Model::read).await
}

pub(super) async fn referrals(
    reader: &DatabaseConnection,
    org: OrgId,
    after: ReferralId,
    limit: u32,
) -> Result<Vec<Referral>, StoreError> {
    let query = referral::Entity::find()
        .filter(referral::Column::OrganizationId.eq(org.number()))
        .filter(referral::Column::Id.gt(after.number()))
        .order_by_asc(referral::Column::Id)
        .limit(u64::from(limit));
    found::all(reader, query, referral::Model::read).await
}
