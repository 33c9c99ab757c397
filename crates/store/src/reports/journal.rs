//! The journal.

use accrual_engine::{ConversionId, Entry, OrgId, Sequence, StoreError};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Order, Query, UnionType},
};

use crate::{entity::journal, found};

pub(super) async fn history(
    reader: &DatabaseConnection,
    org: OrgId,
    id: ConversionId,
    after: Sequence,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let of_org = || Expr::col("organization_id").eq(org.number());
    let mut about = Query::select();
    about
        .column("sequence")
        .from("conversions")
        .and_where(of_org())
        .and_where(Expr::col("id").eq(id.number()))
        .and_where(Expr::col("sequence").gt(after.number()));
    let further = Query::select()
        .column("sequence")
        .from("journal")
        .and_where(of_org())
        .and_where(Expr::col("conversion_id").eq(id.number()))
        // As it is, and not as a value that is bound: an index is chosen by it.
        .and_where(Expr::cust("is_further"))
        .and_where(Expr::col("sequence").gt(after.number()))
        .take();
    about
        .union(UnionType::All, further)
        .order_by("sequence", Order::Asc)
        .limit(u64::from(limit));
    // The limit stands with what is looked for: around it, PostgreSQL might read the whole journal in
    // its order.
    let query = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::Sequence.in_subquery(about))
        .order_by_asc(journal::Column::Sequence);
    found::all(reader, query, journal::Model::read).await
}

pub(super) async fn journal(
    reader: &DatabaseConnection,
    org: OrgId,
    after: Sequence,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let query = journal::Entity::find()
        .filter(journal::Column::OrganizationId.eq(org.number()))
        .filter(journal::Column::Sequence.gt(after.number()))
        .order_by_asc(journal::Column::Sequence)
        .limit(u64::from(limit));
    found::all(reader, query, journal::Model::read).await
}
