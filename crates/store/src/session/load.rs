//! Reading what commands need: one statement for each kind of need that there is.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_engine::{Enrollment, Loaded, Needs, OrgId, Program, Recorded, Remembered, StoreError};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, sea_query::SimpleExpr,
};

use crate::{
    entity::{affiliate, enrollment, idempotency_key, program},
    error::failed,
    recorded, reports,
    statement::{self, list},
};

pub(super) async fn load(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Loaded, StoreError> {
    let mut loaded = Loaded::default();
    if !needs.references.is_empty() {
        loaded.recorded = recorded(connection, org, needs).await?;
    }
    if !needs.idempotency_keys.is_empty() {
        loaded.remembered = remembered(connection, org, needs).await?;
    }
    if !needs.programs.is_empty() {
        loaded.programs = programs(connection, org, needs).await?;
    }
    if !needs.affiliates.is_empty() {
        let ids = needs.affiliates.iter().map(|id| AffiliateId::number(*id));
        let wanted = list::any_number(connection.get_database_backend(), "id", ids);
        let found = affiliate::Entity::find()
            .filter(affiliate::Column::OrganizationId.eq(org.number()))
            .filter(wanted)
            .all(connection)
            .await;
        for affiliate in found.map_err(failed)? {
            loaded.affiliates.push(affiliate.read()?);
        }
    }
    for wanted in enrollment_conditions(connection.get_database_backend(), needs) {
        let found = enrollments(connection, org, wanted).await?;
        loaded.enrollments.extend(found);
    }
    Ok(loaded)
}

async fn recorded(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Vec<Recorded>, StoreError> {
    let backend = connection.get_database_backend();
    let found = match backend {
        DbBackend::Sqlite => statement::sqlite::BY_REFERENCES,
        _ => statement::postgres::BY_REFERENCES,
    };
    let pairs = needs
        .references
        .iter()
        .map(|(source, reference)| (source.as_str(), reference.as_str()));
    let mut values = vec![org.number().into()];
    values.extend(list::pairs_of_texts(backend, pairs.collect()));
    recorded::read(connection, found, values).await
}

async fn remembered(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Vec<Remembered>, StoreError> {
    let keys = needs.idempotency_keys.iter().map(|key| key.as_str());
    let backend = connection.get_database_backend();
    let found = idempotency_key::Entity::find()
        .filter(idempotency_key::Column::OrganizationId.eq(org.number()))
        .filter(list::any_text(backend, "idempotency_key", keys))
        .all(connection)
        .await;
    let found = found.map_err(failed)?.into_iter();
    found.map(idempotency_key::Model::read).collect()
}

async fn programs(
    connection: &impl ConnectionTrait,
    org: OrgId,
    needs: &Needs,
) -> Result<Vec<Program>, StoreError> {
    let ids = needs.programs.iter().map(|id| ProgramId::number(*id));
    let wanted = list::any_number(connection.get_database_backend(), "programs.id", ids);
    let programs = program::Entity::find()
        .filter(program::Column::OrganizationId.eq(org.number()))
        .filter(wanted);
    reports::read_programs(connection, programs).await
}

/// How the needed enrollments are named: by id, by tag, by affiliate and program.
fn enrollment_conditions(backend: DbBackend, needs: &Needs) -> Vec<SimpleExpr> {
    let mut wanted = Vec::new();
    if !needs.enrollments.is_empty() {
        let ids = needs.enrollments.iter().map(|id| EnrollmentId::number(*id));
        wanted.push(list::any_number(backend, "id", ids));
    }
    if !needs.tags.is_empty() {
        let tags = needs.tags.iter().map(|tag| tag.as_str());
        wanted.push(list::any_text(backend, "tag", tags));
    }
    if !needs.memberships.is_empty() {
        wanted.push(list::any_membership(backend, &needs.memberships));
    }
    wanted
}

async fn enrollments(
    connection: &impl ConnectionTrait,
    org: OrgId,
    wanted: SimpleExpr,
) -> Result<Vec<Enrollment>, StoreError> {
    let found = enrollment::Entity::find()
        .filter(enrollment::Column::OrganizationId.eq(org.number()))
        .filter(wanted)
        .all(connection)
        .await;
    let found = found.map_err(failed)?.into_iter();
    found.map(enrollment::Model::read).collect()
}
