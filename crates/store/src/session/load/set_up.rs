//! What changes rarely: programs, terms, affiliates, enrollments, stores; and idempotency keys.

use std::collections::BTreeSet;

use accrual_attribution::{AffiliateId, Email, ProgramId};
use accrual_commission::TermsVersion;
use accrual_engine::{
    Affiliate, Enrollment, IdempotencyKey, Needs, OrgId, Program, Remembered, Shop, ShopPlatform,
    StoreError, Version,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    sea_query::{ExprTrait, SimpleExpr},
};

use crate::{
    entity::{affiliate, enrollment, idempotency_key, program, shop, terms},
    found, reports,
    statement::list,
};

pub(super) async fn remembered(
    connection: &impl ConnectionTrait,
    org: OrgId,
    keys: &BTreeSet<IdempotencyKey>,
) -> Result<Vec<Remembered>, StoreError> {
    let keys = keys.iter().map(|key| key.as_str());
    let backend = connection.get_database_backend();
    let query = idempotency_key::Entity::find()
        .filter(idempotency_key::Column::OrganizationId.eq(org.number()))
        .filter(list::any_text(backend, "idempotency_key", keys));
    found::all(connection, query, idempotency_key::Model::read).await
}

pub(super) async fn programs(
    connection: &impl ConnectionTrait,
    org: OrgId,
    ids: &BTreeSet<ProgramId>,
) -> Result<Vec<Program>, StoreError> {
    let ids = ids.iter().map(|id| id.number());
    let wanted = list::any_number(connection.get_database_backend(), "programs.id", ids);
    let programs = program::Entity::find()
        .filter(program::Column::OrganizationId.eq(org.number()))
        .filter(wanted);
    reports::read_programs(connection, programs).await
}

pub(super) async fn versions(
    connection: &impl ConnectionTrait,
    org: OrgId,
    versions: &BTreeSet<(ProgramId, TermsVersion)>,
) -> Result<Vec<(ProgramId, Version)>, StoreError> {
    let wanted = versions.iter();
    let wanted = wanted.map(|(program, version)| (program.number(), version.number().into()));
    let backend = connection.get_database_backend();
    let query = terms::Entity::find()
        .filter(terms::Column::OrganizationId.eq(org.number()))
        .filter(list::any_pair(backend, "program_id, version", wanted));
    let read = |row: terms::Model| Ok((ProgramId::new(row.program_id), row.read()?));
    found::all(connection, query, read).await
}

pub(super) async fn affiliates(
    connection: &impl ConnectionTrait,
    org: OrgId,
    ids: &BTreeSet<AffiliateId>,
) -> Result<Vec<Affiliate>, StoreError> {
    let ids = ids.iter().map(|id| id.number());
    let wanted = list::any_number(connection.get_database_backend(), "id", ids);
    let query = affiliate::Entity::find()
        .filter(affiliate::Column::OrganizationId.eq(org.number()))
        .filter(wanted);
    found::all(connection, query, affiliate::Model::read).await
}

/// All affiliates with these e-mail addresses.
pub(super) async fn addressed(
    connection: &impl ConnectionTrait,
    org: OrgId,
    addresses: &BTreeSet<Email>,
) -> Result<Vec<Affiliate>, StoreError> {
    let addresses = addresses.iter().map(|address| address.as_str());
    let wanted = list::any_text(connection.get_database_backend(), "address", addresses);
    let query = affiliate::Entity::find()
        .filter(affiliate::Column::OrganizationId.eq(org.number()))
        .filter(affiliate::Column::Address.is_not_null())
        .filter(wanted);
    found::all(connection, query, affiliate::Model::read).await
}

/// Enrollments, by whatever they are asked for; several times if by several things.
pub(super) async fn enrollments(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Vec<Enrollment>, StoreError> {
    let mut enrollments = Vec::new();
    for wanted in conditions(connection.get_database_backend(), needs) {
        let query = enrollment::Entity::find()
            .filter(enrollment::Column::OrganizationId.eq(org.number()))
            .filter(wanted);
        enrollments.extend(found::all(connection, query, enrollment::Model::read).await?);
    }
    Ok(enrollments)
}

/// Stores, by whatever they are asked for; several times if by several things.
pub(super) async fn shops(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Vec<Shop>, StoreError> {
    let backend = connection.get_database_backend();
    let mut wanted = Vec::new();
    if !needs.shops.is_empty() {
        let ids = needs.shops.iter().map(|id| id.number());
        wanted.push(list::any_number(backend, "id", ids));
    }
    for platform in ShopPlatform::ALL {
        let keys = needs.shop_keys.iter().filter(|(of, _)| *of == platform);
        let keys: Vec<&str> = keys.map(|(_, key)| key.as_str()).collect();
        if !keys.is_empty() {
            let of_platform = shop::Column::Platform.eq(platform.name());
            let of_key = list::any_text(backend, "shop_key", keys);
            wanted.push(ExprTrait::and(of_platform, of_key));
        }
    }
    let mut shops = Vec::new();
    for wanted in wanted {
        let query = shop::Entity::find()
            .filter(shop::Column::OrganizationId.eq(org.number()))
            .filter(wanted);
        shops.extend(found::all(connection, query, shop::Model::read).await?);
    }
    Ok(shops)
}

/// How enrollments are named.
fn conditions(backend: DbBackend, needs: &Needs) -> Vec<SimpleExpr> {
    let mut wanted = Vec::new();
    if !needs.enrollments.is_empty() {
        let ids = needs.enrollments.iter().map(|id| id.number());
        wanted.push(list::any_number(backend, "id", ids));
    }
    if !needs.tags.is_empty() {
        let tags = needs.tags.iter().map(|tag| tag.as_str());
        wanted.push(list::any_text(backend, "tag", tags));
    }
    if !needs.slugs.is_empty() {
        let slugs = needs.slugs.iter().map(|slug| slug.as_str());
        wanted.push(list::any_text(backend, "slug", slugs));
    }
    if !needs.memberships.is_empty() {
        let pairs = needs.memberships.iter();
        let pairs = pairs.map(|(affiliate, program)| (affiliate.number(), program.number()));
        wanted.push(list::any_pair(backend, "affiliate_id, program_id", pairs));
    }
    if !needs.enrolled.is_empty() {
        let affiliates = needs.enrolled.iter().map(|id| id.number());
        wanted.push(list::any_number(backend, "affiliate_id", affiliates));
    }
    wanted
}
