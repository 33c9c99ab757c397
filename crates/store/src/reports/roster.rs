//! Rosters: enrollments with their affiliates, their programs' names and what they have sold.

use std::collections::{BTreeSet, HashMap};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_engine::{
    Affiliate, Enrollment, EnrollmentState, Member, OrgId, Page, Roster, RosterQuery, StoreError,
    Text,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
};

use super::{
    list::{SumRow, Sums},
    snapshot::snapshot,
};

use crate::{
    entity::{affiliate, enrollment, program},
    error::{corrupt, failed},
    found,
    statement::{list, rows::totals::EVER},
    value,
};

pub(super) async fn roster(
    reader: &DatabaseConnection,
    org: OrgId,
    wanted: &RosterQuery,
    page: Page,
) -> Result<Roster, StoreError> {
    let transaction = snapshot(reader).await?;
    read(&transaction, org, wanted, page).await
}

async fn read(
    transaction: &DatabaseTransaction,
    org: OrgId,
    wanted: &RosterQuery,
    page: Page,
) -> Result<Roster, StoreError> {
    let query = query(org, wanted);
    let count = query.clone().count(transaction).await.map_err(failed)?;
    if count <= page.skip {
        let members = Vec::new();
        return Ok(Roster { members, count });
    }
    let shown = query
        .order_by_asc(enrollment::Column::Id)
        .offset(page.skip)
        .limit(u64::from(page.limit));
    let shown = found::all(transaction, shown, enrollment::Model::read).await?;
    let affiliates = affiliates(transaction, org, &shown).await?;
    let programs = programs(transaction, org, &shown).await?;
    let mut totals = totals(transaction, org, &shown).await?;
    let member = |enrollment: Enrollment| {
        let affiliate = affiliates.get(&enrollment.affiliate);
        let program = programs.get(&enrollment.program);
        Ok(Member {
            affiliate: affiliate
                .ok_or_else(|| corrupt("an enrollment has no affiliate"))?
                .clone(),
            program: program
                .ok_or_else(|| corrupt("an enrollment has no program"))?
                .clone(),
            totals: totals.remove(&enrollment.id).unwrap_or_default(),
            enrollment,
        })
    };
    let members = shown.into_iter().map(member).collect::<Result<_, _>>()?;
    Ok(Roster { members, count })
}

fn query(org: OrgId, wanted: &RosterQuery) -> Select<enrollment::Entity> {
    use enrollment::Column as C;
    let RosterQuery {
        program,
        states,
        tag,
    } = wanted;
    let mut query = enrollment::Entity::find().filter(C::OrganizationId.eq(org.number()));
    if let Some(program) = program {
        query = query.filter(C::ProgramId.eq(program.number()));
    }
    if let Some(tag) = tag {
        query = query.filter(C::Tag.eq(tag.as_str()));
    }
    if !states.is_empty() && states.len() < EnrollmentState::ALL.len() {
        query = query.filter(C::State.is_in(states.iter().copied().map(value::enrollment_state)));
    }
    query
}

async fn affiliates(
    transaction: &DatabaseTransaction,
    org: OrgId,
    shown: &[Enrollment],
) -> Result<HashMap<AffiliateId, Affiliate>, StoreError> {
    let ids: BTreeSet<_> = shown.iter().map(|one| one.affiliate.number()).collect();
    let query = affiliate::Entity::find()
        .filter(affiliate::Column::OrganizationId.eq(org.number()))
        .filter(list::any_number(
            transaction.get_database_backend(),
            "id",
            ids,
        ));
    let found = found::all(transaction, query, affiliate::Model::read).await?;
    Ok(found.into_iter().map(|one| (one.id, one)).collect())
}

async fn programs(
    transaction: &DatabaseTransaction,
    org: OrgId,
    shown: &[Enrollment],
) -> Result<HashMap<ProgramId, Text>, StoreError> {
    let ids: BTreeSet<_> = shown.iter().map(|one| one.program.number()).collect();
    let query = program::Entity::find()
        .filter(program::Column::OrganizationId.eq(org.number()))
        .filter(list::any_number(
            transaction.get_database_backend(),
            "id",
            ids,
        ));
    let named = |row: program::Model| Ok((ProgramId::new(row.id), value::text(row.name)?));
    let found = found::all(transaction, query, named).await?;
    Ok(found.into_iter().collect())
}

#[derive(FromQueryResult)]
struct TotalsRow {
    enrollment_id: i64,
    #[sea_orm(nested)]
    sums: SumRow,
}

async fn totals(
    transaction: &DatabaseTransaction,
    org: OrgId,
    shown: &[Enrollment],
) -> Result<HashMap<EnrollmentId, Sums>, StoreError> {
    let backend = transaction.get_database_backend();
    let ids = list::numbers(backend, shown.iter().map(|one| one.id.number()));
    let wanted = match backend {
        DbBackend::Sqlite => "IN (SELECT value FROM json_each($2))",
        _ => "= ANY($2)",
    };
    let sql = format!(
        "SELECT enrollment_id, stage, {} FROM enrollment_totals \
         WHERE organization_id = $1 AND enrollment_id {wanted} AND day = '{EVER}' \
         GROUP BY enrollment_id, stage HAVING SUM(conversions) > 0",
        SumRow::sums("SUM(conversions)")
    );
    let statement = Statement::from_sql_and_values(backend, sql, [org.number().into(), ids]);
    let rows = TotalsRow::find_by_statement(statement).all(transaction);
    let mut totals: HashMap<_, Sums> = HashMap::new();
    for row in rows.await.map_err(failed)? {
        let (stage, sum) = row.sums.read()?;
        let enrollment = EnrollmentId::new(row.enrollment_id);
        totals.entry(enrollment).or_default().insert(stage, sum);
    }
    Ok(totals)
}
