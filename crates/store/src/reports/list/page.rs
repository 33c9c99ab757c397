//! The rows of a page: those of each stage are in order in an index, and are brought together.

use accrual_commission::StatusKind;
use accrual_engine::{Listing, Stage};
use sea_orm::DbBackend;

use super::{Grain, condition::Condition, row::SaleRow};
use crate::value;

pub(super) const NEWEST_FIRST: &str = "day DESC, occurred_at_us DESC, id DESC";

/// Which rows of those in order are a page.
pub(super) struct Seek {
    pub(super) skip: i64,
    pub(super) limit: i64,
    /// Whether they are counted from the oldest on.
    pub(super) is_from_oldest: bool,
}

impl Seek {
    /// The page behind the first `skip` of `count` rows, from the end that is nearer.
    pub(super) fn to(skip: i64, limit: i64, count: i64) -> Self {
        let limit = limit.min(count - skip).max(0);
        let behind = count - skip - limit;
        let is_from_oldest = behind < skip;
        Self {
            skip: if is_from_oldest { behind } else { skip },
            limit,
            is_from_oldest,
        }
    }

    /// The order of the rows.
    fn order(&self) -> &'static str {
        match self.is_from_oldest {
            true => "day, occurred_at_us, id",
            false => NEWEST_FIRST,
        }
    }
}

/// The most branches that are merged: two sellers' with all stages.
const MERGED: usize = 20;

/// The rows of a page, of all stages that are asked for, taken from the one or the other as they come:
/// no more is read than the page and what is skipped. `None` where SQLite should not merge so many, and
/// on PostgreSQL, which would read all rows and sort them.
pub(super) fn merged(
    grain: &Grain,
    listing: &Listing,
    rows: &mut Condition,
    seek: &Seek,
) -> Option<String> {
    let owners = grain.owners();
    let stages: Vec<Stage> = match listing.stages.is_empty() {
        true => stages().collect(),
        false => listing.stages.iter().copied().collect(),
    };
    let is_few = owners.len().max(1) * stages.len() <= MERGED;
    if rows.backend() != DbBackend::Sqlite || !is_few {
        return None;
    }
    let owners: Vec<String> = match owners {
        [] => vec![String::new()],
        owners => {
            let owner = |&owner: &i64| {
                let number = rows.parameter(owner.into());
                format!(" AND {} = {number}", grain.owner())
            };
            owners.iter().map(owner).collect()
        }
    };
    let (limit, skip) = (
        rows.parameter(seek.limit.into()),
        rows.parameter(seek.skip.into()),
    );
    let (found, order) = (rows.sql(""), seek.order());
    let branches = stages.iter().flat_map(|&stage| {
        let (stage, found) = (value::stage(stage), &found);
        owners.iter().map(move |owner| {
            format!(
                "SELECT day, occurred_at_us, id FROM conversions \
                 WHERE {found} AND stage = '{stage}'{owner}"
            )
        })
    });
    let branches = branches.collect::<Vec<_>>().join(" UNION ALL ");
    // The order stands with the branches: around them, all of them would be sorted.
    Some(format!(
        "SELECT {} FROM (SELECT id AS place FROM \
         ({branches} ORDER BY {order} LIMIT {limit} OFFSET {skip})) page \
         CROSS JOIN conversions ON organization_id = $1 AND id = page.place ORDER BY {order}",
        SaleRow::COLUMNS
    ))
}

/// Every stage that there is.
fn stages() -> impl Iterator<Item = Stage> {
    let due = Stage {
        status: StatusKind::Payable,
        is_due: true,
    };
    let others = StatusKind::ALL.into_iter();
    let others = others.map(|status| Stage {
        status,
        is_due: false,
    });
    others.chain([due])
}

/// The rows of a page, of the branches `wanted`: each has an index that has its rows in order, so no
/// more than the page and what is skipped is read of each, beside other channels' rows.
pub(super) fn branched(grain: &Grain, wanted: &str, rows: &mut Condition, seek: &Seek) -> String {
    let most = rows.parameter((seek.skip.saturating_add(seek.limit)).into());
    let (limit, skip) = (
        rows.parameter(seek.limit.into()),
        rows.parameter(seek.skip.into()),
    );
    let order = seek.order();
    let found = rows.sql("");
    let found = format!(
        "{found} AND stage = wanted_stage AND {} = wanted_owner",
        grain.owner()
    );
    match rows.backend() {
        DbBackend::Sqlite => format!(
            "SELECT {} FROM {wanted} CROSS JOIN conversions c \
             ON c.organization_id = $1 AND c.id IN \
             (SELECT id FROM conversions WHERE {found} \
              ORDER BY {order} LIMIT {most}) \
             ORDER BY {order} LIMIT {limit} OFFSET {skip}",
            SaleRow::COLUMNS,
        ),
        _ => format!(
            "SELECT {} FROM \
             (SELECT one.id AS place FROM {wanted} CROSS JOIN LATERAL \
              (SELECT day, occurred_at_us, id FROM conversions \
               WHERE {found} \
               ORDER BY {order} LIMIT {most}) one \
              ORDER BY {order} LIMIT {limit} OFFSET {skip}) page CROSS JOIN LATERAL \
             (SELECT * FROM conversions WHERE organization_id = $1 AND id = page.place OFFSET 0) c \
             ORDER BY {order}",
            SaleRow::COLUMNS,
        ),
    }
}
