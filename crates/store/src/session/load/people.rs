//! Promo codes, and the people who were sent.

use std::collections::BTreeSet;

use accrual_attribution::{Code, PromoCodeId, ReferralId};
use accrual_engine::{OrgId, Person, PromoCode, Referral, StoreError};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, Statement,
    Value, sea_query::SimpleExpr,
};

use crate::{
    entity::{promo_code, referral},
    error::failed,
    found,
    statement::list,
};

pub(super) async fn promo_codes(
    connection: &impl ConnectionTrait,
    org: OrgId,
    ids: &BTreeSet<PromoCodeId>,
) -> Result<Vec<PromoCode>, StoreError> {
    let ids = ids.iter().map(|id| id.number());
    let wanted = list::any_number(connection.get_database_backend(), "id", ids);
    find_promo_codes(connection, org, wanted).await
}

pub(super) async fn by_codes(
    connection: &impl ConnectionTrait,
    org: OrgId,
    codes: &BTreeSet<Code>,
) -> Result<Vec<PromoCode>, StoreError> {
    let codes = codes.iter().map(|code| code.as_str());
    let wanted = list::any_text(connection.get_database_backend(), "code", codes);
    find_promo_codes(connection, org, wanted).await
}

async fn find_promo_codes(
    connection: &impl ConnectionTrait,
    org: OrgId,
    wanted: SimpleExpr,
) -> Result<Vec<PromoCode>, StoreError> {
    let query = promo_code::Entity::find()
        .filter(promo_code::Column::OrganizationId.eq(org.number()))
        .filter(wanted);
    found::all(connection, query, promo_code::Model::read).await
}

pub(super) async fn referrals(
    connection: &impl ConnectionTrait,
    org: OrgId,
    ids: &BTreeSet<ReferralId>,
) -> Result<Vec<Referral>, StoreError> {
    let ids = ids.iter().map(|id| id.number());
    let wanted = list::any_number(connection.get_database_backend(), "id", ids);
    let query = referral::Entity::find()
        .filter(referral::Column::OrganizationId.eq(org.number()))
        .filter(wanted);
    found::all(connection, query, referral::Model::read).await
}

/// All referrals of these people: for each thing that somebody can be known by a part of its own,
/// which goes by its own index.
pub(super) async fn known_as(
    connection: &impl ConnectionTrait,
    org: OrgId,
    people: &BTreeSet<Person>,
) -> Result<Vec<Referral>, StoreError> {
    let backend = connection.get_database_backend();
    let (mut parts, mut values) = (Vec::new(), vec![Value::from(org.number())]);
    for column in ["click", "external_user", "customer", "email"] {
        let wanted = people.iter().map(known_by);
        let wanted = wanted.filter_map(|(by, text)| (by == column).then_some(text));
        let wanted: Vec<&str> = wanted.collect();
        if !wanted.is_empty() {
            values.push(list::texts(backend, wanted));
            parts.push(found_by(backend, column, values.len()));
        }
    }
    let statement = Statement::from_sql_and_values(backend, parts.join(" UNION "), values);
    let rows = referral::Model::find_by_statement(statement).all(connection);
    let rows = rows.await.map_err(failed)?.into_iter();
    rows.map(referral::Model::read).collect()
}

/// What selects the referrals with one of the texts in `column` that are listed in a parameter.
fn found_by(backend: DbBackend, column: &str, parameter: usize) -> String {
    match backend {
        DbBackend::Sqlite => format!(
            "SELECT * FROM referrals WHERE organization_id = $1 \
             AND {column} IN (SELECT value FROM json_each(${parameter}))"
        ),
        _ => format!(
            "SELECT found.* FROM unnest(${parameter}::text[]) AS wanted (text) CROSS JOIN LATERAL \
             (SELECT * FROM referrals \
              WHERE organization_id = $1 AND {column} = wanted.text OFFSET 0) found"
        ),
    }
}

/// The column that a person is found by, and what stands in it.
fn known_by(person: &Person) -> (&'static str, &str) {
    match person {
        Person::Click(id) => ("click", id.as_str()),
        Person::ExternalUser(id) => ("external_user", id.as_str()),
        Person::Customer(id) => ("customer", id.as_str()),
        Person::Email(email) => ("email", email.as_str()),
    }
}
