//! Keeping what changes rarely: programs, terms, affiliates, enrollments, stores.

use std::{collections::BTreeMap, sync::Arc};

use accrual_engine::{Changes, Enrollment, Head, OrgId, StoreError};
use sea_orm::{DatabaseTransaction, EntityTrait, Iterable, sea_query::OnConflict};

use crate::{
    entity::{affiliate, enrollment, program, shop, terms},
    error::failed,
};

/// Whether there is anything that [`keep`] keeps.
pub(super) fn is_needed(changes: &Changes) -> bool {
    let Changes {
        programs,
        affiliates,
        enrollments,
        shops,
        ..
    } = changes;
    !(programs.is_empty() && affiliates.is_empty() && enrollments.is_empty() && shops.is_empty())
}

/// `before` is the head that the turn began with.
pub(super) async fn keep(
    transaction: &DatabaseTransaction,
    before: &Head,
    changes: &Changes,
) -> Result<(), StoreError> {
    let org = before.organization;
    if !changes.programs.is_empty() {
        programs(transaction, org, changes).await?;
    }
    if !changes.affiliates.is_empty() {
        affiliates(transaction, org, changes).await?;
    }
    if !changes.enrollments.is_empty() {
        enrollments(transaction, before, &changes.enrollments).await?;
    }
    if !changes.shops.is_empty() {
        shops(transaction, org, changes).await?;
    }
    Ok(())
}

async fn programs(
    transaction: &DatabaseTransaction,
    org: OrgId,
    changes: &Changes,
) -> Result<(), StoreError> {
    // PostgreSQL refuses to write a row twice in one statement: the last state of each counts.
    let newest: BTreeMap<_, _> = changes.programs.iter().map(|p| (p.id, p)).collect();
    let rows = newest.values().map(|p| program::ActiveModel::of(org, p));
    let key = [program::Column::OrganizationId, program::Column::Id];
    program::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns(key)
                .update_columns([
                    program::Column::Name,
                    program::Column::TermsVersion,
                    program::Column::Ambassador,
                ])
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await
        .map_err(failed)?;

    let versions: BTreeMap<_, _> = changes
        .programs
        .iter()
        .map(|program| ((program.id, program.terms.version()), program))
        .collect();
    let rows = versions
        .values()
        .map(|program| terms::ActiveModel::of(org, program));
    // A version never changes: what is there already is the same.
    terms::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns(<terms::Entity as EntityTrait>::PrimaryKey::iter())
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await
        .map_err(failed)?;
    Ok(())
}

async fn affiliates(
    transaction: &DatabaseTransaction,
    org: OrgId,
    changes: &Changes,
) -> Result<(), StoreError> {
    let newest: BTreeMap<_, _> = changes.affiliates.iter().map(|a| (a.id, a)).collect();
    let rows = newest.values().map(|a| affiliate::ActiveModel::of(org, a));
    let key = [affiliate::Column::OrganizationId, affiliate::Column::Id];
    affiliate::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns(key)
                .update_columns([
                    affiliate::Column::Name,
                    affiliate::Column::Email,
                    affiliate::Column::Address,
                    affiliate::Column::Customer,
                ])
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await
        .map_err(failed)?;
    Ok(())
}

async fn shops(
    transaction: &DatabaseTransaction,
    org: OrgId,
    changes: &Changes,
) -> Result<(), StoreError> {
    let newest: BTreeMap<_, _> = changes.shops.iter().map(|shop| (shop.id, shop)).collect();
    let rows = newest.values().map(|one| shop::ActiveModel::of(org, one));
    let key = [shop::Column::OrganizationId, shop::Column::Id];
    shop::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns(key)
                .update_column(shop::Column::Name)
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await
        .map_err(failed)?;
    Ok(())
}

/// New enrollments that nothing changes again go in together. Otherwise one after another, since a
/// tag or a link may go from one to the next and is unique at every moment.
async fn enrollments(
    transaction: &DatabaseTransaction,
    before: &Head,
    enrollments: &[Arc<Enrollment>],
) -> Result<(), StoreError> {
    let org = before.organization;
    let mut last = before.last_enrollment;
    let are_new = enrollments.iter().all(|enrollment| {
        let is_next = enrollment.id.number() > last;
        last = enrollment.id.number();
        is_next
    });
    let rows = |some: &[Arc<Enrollment>]| {
        let rows = some.iter();
        let rows = rows.map(|enrollment| enrollment::ActiveModel::of(org, enrollment));
        enrollment::Entity::insert_many(rows.collect::<Vec<_>>())
    };
    if are_new {
        rows(enrollments)
            .exec_without_returning(transaction)
            .await
            .map_err(failed)?;
        return Ok(());
    }
    for one in enrollments.chunks(1) {
        use enrollment::Column as C;
        rows(one)
            .on_conflict(
                OnConflict::columns([C::OrganizationId, C::Id])
                    .update_columns([C::Tag, C::Slug, C::Percent, C::State, C::Details])
                    .to_owned(),
            )
            .exec_without_returning(transaction)
            .await
            .map_err(failed)?;
    }
    Ok(())
}
