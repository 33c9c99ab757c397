//! Programs, affiliates, enrollments and stores.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_engine::{Affiliate, Enrollment, OrgId, Program, Shop, ShopId, StoreError, Version};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select,
};

use crate::{
    entity::{affiliate, enrollment, program, shop, terms},
    error::{corrupt, failed},
    found,
};

pub(super) async fn program(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ProgramId,
) -> Result<Option<Program>, StoreError> {
    let programs = program::Entity::find_by_id((org.number(), id.number()));
    Ok(read_programs(reader, programs).await?.pop())
}

pub(super) async fn programs(
    reader: &DatabaseConnection,
    org: OrgId,
    after: ProgramId,
    limit: u32,
) -> Result<Vec<Program>, StoreError> {
    let programs = program::Entity::find()
        .filter(program::Column::OrganizationId.eq(org.number()))
        .filter(program::Column::Id.gt(after.number()))
        .order_by_asc(program::Column::Id)
        .limit(u64::from(limit));
    read_programs(reader, programs).await
}

/// These programs, with their newest terms.
pub(crate) async fn read_programs(
    connection: &impl ConnectionTrait,
    programs: Select<program::Entity>,
) -> Result<Vec<Program>, StoreError> {
    let rows = programs
        .join(JoinType::InnerJoin, newest_terms())
        .select_also(terms::Entity)
        .all(connection)
        .await
        .map_err(failed)?;
    let read = |(program, terms): (program::Model, Option<terms::Model>)| {
        let terms = terms.ok_or_else(|| corrupt("a program has no terms"))?;
        program.read(terms.read()?)
    };
    rows.into_iter().map(read).collect()
}

fn newest_terms() -> RelationDef {
    program::Entity::belongs_to(terms::Entity)
        .from((
            program::Column::OrganizationId,
            program::Column::Id,
            program::Column::TermsVersion,
        ))
        .to((
            terms::Column::OrganizationId,
            terms::Column::ProgramId,
            terms::Column::Version,
        ))
        .into()
}

pub(super) async fn versions(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ProgramId,
) -> Result<Vec<Version>, StoreError> {
    let query = terms::Entity::find()
        .filter(terms::Column::OrganizationId.eq(org.number()))
        .filter(terms::Column::ProgramId.eq(id.number()))
        .order_by_asc(terms::Column::Version);
    found::all(reader, query, terms::Model::read).await
}

pub(super) async fn affiliate(
    reader: &DatabaseConnection,
    org: OrgId,
    id: AffiliateId,
) -> Result<Option<Affiliate>, StoreError> {
    let query = affiliate::Entity::find_by_id((org.number(), id.number()));
    found::one(reader, query, affiliate::Model::read).await
}

pub(super) async fn affiliates(
    reader: &DatabaseConnection,
    org: OrgId,
    after: AffiliateId,
    limit: u32,
) -> Result<Vec<Affiliate>, StoreError> {
    let query = affiliate::Entity::find()
        .filter(affiliate::Column::OrganizationId.eq(org.number()))
        .filter(affiliate::Column::Id.gt(after.number()))
        .order_by_asc(affiliate::Column::Id)
        .limit(u64::from(limit));
    found::all(reader, query, affiliate::Model::read).await
}

pub(super) async fn enrollment(
    reader: &DatabaseConnection,
    org: OrgId,
    id: EnrollmentId,
) -> Result<Option<Enrollment>, StoreError> {
    let query = enrollment::Entity::find_by_id((org.number(), id.number()));
    found::one(reader, query, enrollment::Model::read).await
}

pub(super) async fn enrollments(
    reader: &DatabaseConnection,
    org: OrgId,
    program: Option<ProgramId>,
    affiliate: Option<AffiliateId>,
    after: EnrollmentId,
    limit: u32,
) -> Result<Vec<Enrollment>, StoreError> {
    use enrollment::Column as C;
    let mut wanted = enrollment::Entity::find()
        .filter(C::OrganizationId.eq(org.number()))
        .filter(C::Id.gt(after.number()));
    if let Some(program) = program {
        wanted = wanted.filter(C::ProgramId.eq(program.number()));
    }
    if let Some(affiliate) = affiliate {
        wanted = wanted.filter(C::AffiliateId.eq(affiliate.number()));
    }
    let query = wanted.order_by_asc(C::Id).limit(u64::from(limit));
    found::all(reader, query, enrollment::Model::read).await
}

pub(super) async fn shops(
    reader: &DatabaseConnection,
    org: OrgId,
    after: ShopId,
    limit: u32,
) -> Result<Vec<Shop>, StoreError> {
    let query = shop::Entity::find()
        .filter(shop::Column::OrganizationId.eq(org.number()))
        .filter(shop::Column::Id.gt(after.number()))
        .order_by_asc(shop::Column::Id)
        .limit(u64::from(limit));
    found::all(reader, query, shop::Model::read).await
}
