//! Lists of sales.
//!
//! What a list comes to is read from totals, of the smallest table that answers: it costs the same
//! however many sales there are. The days that a page is on are found by counting the days' totals
//! from the newest on, so that no page skips more rows than one day has. Only where a few sales are
//! looked for, by a reference, a label or part of a name, the sales themselves are counted.

mod condition;
mod row;

use accrual_engine::{List, Listing, OrgId, Page, StoreError};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    FromQueryResult, IsolationLevel, Statement, TransactionTrait,
};

use crate::error::failed;
use condition::Condition;
use row::{SaleRow, SumRow};

pub(super) async fn list(
    reader: &DatabaseConnection,
    org: OrgId,
    listing: &Listing,
    page: Page,
) -> Result<List, StoreError> {
    // What totals say is what the rows say: both as of the same moment.
    let transaction = match reader.get_database_backend() {
        DbBackend::Sqlite => reader.begin().await,
        _ => {
            let level = Some(IsolationLevel::RepeatableRead);
            let mode = Some(AccessMode::ReadOnly);
            reader.begin_with_config(level, mode).await
        }
    };
    let transaction = transaction.map_err(failed)?;
    let found = Lister {
        transaction: &transaction,
        org,
    };
    let list = found.list(listing, page).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(list)
}

struct Lister<'a> {
    transaction: &'a DatabaseTransaction,
    org: OrgId,
}

const CONVERSIONS: &str = "conversions";

/// How many rows are skipped rather than looking for the day that a page is on.
const SKIPPED: u64 = 100;

/// Whose totals answer.
enum Grain {
    Organization,
    Program(i64),
    Enrollments(Vec<i64>),
}

/// Where a page begins and ends.
#[derive(FromQueryResult)]
struct Place {
    oldest: Option<String>,
    newest: Option<String>,
    /// How many sales are on later days.
    before: Option<i64>,
}

impl Lister<'_> {
    async fn list(&self, listing: &Listing, page: Page) -> Result<List, StoreError> {
        let Some(grain) = self.grain(listing).await? else {
            return Ok(List::default());
        };
        let is_narrow =
            listing.reference.is_some() || listing.sub_id.is_some() || listing.search.is_some();
        if is_narrow {
            return self.counted(&grain, listing, page).await;
        }
        let totals = self.totals(&grain, listing).await?;
        let count: i64 = totals.values().map(|(count, _)| count).sum();
        let sales = if i64::try_from(page.skip).is_ok_and(|skip| skip < count) {
            self.page(&grain, listing, page).await?
        } else {
            Vec::new()
        };
        Ok(List { sales, totals })
    }

    /// `None` where nobody is who is asked for.
    async fn grain(&self, listing: &Listing) -> Result<Option<Grain>, StoreError> {
        let is_of_seller = listing.affiliate.is_some()
            || listing.affiliate_email.is_some()
            || listing.tag.is_some();
        if !is_of_seller {
            let program = listing.program.map(|program| program.number());
            return Ok(Some(program.map_or(Grain::Organization, Grain::Program)));
        }
        let sellers = self.condition().of_sellers(listing);
        let sql = format!(
            "SELECT e.id FROM enrollments e JOIN affiliates a \
               ON a.organization_id = e.organization_id AND a.id = e.affiliate_id \
             WHERE {} ORDER BY e.id",
            sellers.sql("e")
        );
        #[derive(FromQueryResult)]
        struct Seller {
            id: i64,
        }
        let found = Seller::find_by_statement(self.statement(sql, sellers));
        let found = found.all(self.transaction).await.map_err(failed)?;
        let found: Vec<i64> = found.into_iter().map(|seller| seller.id).collect();
        Ok(Some(found)
            .filter(|found| !found.is_empty())
            .map(Grain::Enrollments))
    }

    async fn totals(&self, grain: &Grain, listing: &Listing) -> Result<row::Sums, StoreError> {
        let days = self.condition().of_totals(grain, listing)?;
        let sql = format!(
            "SELECT stage, {} FROM {} WHERE {} GROUP BY stage",
            SumRow::sums("SUM(conversions)"),
            grain.table(),
            days.sql("")
        );
        self.sums(sql, days).await
    }

    async fn page(
        &self,
        grain: &Grain,
        listing: &Listing,
        page: Page,
    ) -> Result<Vec<accrual_engine::ListedSale>, StoreError> {
        let skip = i64::try_from(page.skip).unwrap_or(i64::MAX);
        if grain.is_in_order() && listing.stages.is_empty() && page.skip < SKIPPED {
            let rows = self.condition().of_sales(grain, listing)?;
            return self.sales(CONVERSIONS, rows, page.limit, skip).await;
        }
        let mut days = self.condition().of_days(grain, listing)?;
        let end = skip.saturating_add(page.limit.into());
        let (skipped, end) = (days.parameter(skip.into()), days.parameter(end.into()));
        let sql = format!(
            "WITH days AS (SELECT day, SUM(conversions) AS sold FROM {} WHERE {} \
               GROUP BY day HAVING SUM(conversions) > 0), \
             counted AS (SELECT day, sold, SUM(sold) OVER (ORDER BY day DESC) AS upto FROM days) \
             SELECT MIN(day) AS oldest, MAX(day) AS newest, \
               CAST(MIN(upto - sold) AS BIGINT) AS before \
             FROM counted WHERE upto > {skipped} AND upto - sold < {end}",
            grain.table(),
            days.sql("")
        );
        let place = Place::find_by_statement(self.statement(sql, days));
        let place = place.one(self.transaction).await.map_err(failed)?;
        let Some(Place {
            oldest: Some(oldest),
            newest: Some(newest),
            before: Some(before),
        }) = place
        else {
            return Ok(Vec::new());
        };
        let mut rows = self.condition().of_sales(grain, listing)?;
        rows.between(&oldest, &newest);
        let from = self.table_of(grain);
        self.sales(from, rows, page.limit, skip - before).await
    }

    /// A list of few: counted one by one.
    async fn counted(
        &self,
        grain: &Grain,
        listing: &Listing,
        page: Page,
    ) -> Result<List, StoreError> {
        let few = self.condition().of_sales(grain, listing)?;
        let sql = format!(
            "SELECT stage, {} FROM conversions WHERE {} GROUP BY stage",
            SumRow::sums("COUNT(*)"),
            few.sql("")
        );
        let totals = self.sums(sql, few).await?;
        let few = self.condition().of_sales(grain, listing)?;
        let skip = i64::try_from(page.skip).unwrap_or(i64::MAX);
        let sales = self.sales(CONVERSIONS, few, page.limit, skip).await?;
        Ok(List { sales, totals })
    }

    async fn sums(&self, sql: String, values: Condition) -> Result<row::Sums, StoreError> {
        let rows = SumRow::find_by_statement(self.statement(sql, values));
        let rows = rows.all(self.transaction).await.map_err(failed)?;
        let some = rows.into_iter().filter(|row| row.conversions != 0);
        some.map(SumRow::read).collect()
    }

    /// Where a page of some days is read from. SQLite would read all sales of the days rather than
    /// those of several enrollments.
    fn table_of(&self, grain: &Grain) -> &'static str {
        match (self.transaction.get_database_backend(), grain) {
            (DbBackend::Sqlite, Grain::Enrollments(_)) => {
                "conversions INDEXED BY conversions_by_enrollment"
            }
            _ => CONVERSIONS,
        }
    }

    async fn sales(
        &self,
        from: &str,
        mut rows: Condition,
        limit: u32,
        skip: i64,
    ) -> Result<Vec<accrual_engine::ListedSale>, StoreError> {
        let (limit, skip) = (
            rows.parameter(i64::from(limit).into()),
            rows.parameter(skip.into()),
        );
        let sql = format!(
            "SELECT {} FROM {from} WHERE {} \
             ORDER BY day DESC, occurred_at_us DESC, id DESC LIMIT {limit} OFFSET {skip}",
            SaleRow::COLUMNS,
            rows.sql("")
        );
        let found = SaleRow::find_by_statement(self.statement(sql, rows));
        let found = found.all(self.transaction).await.map_err(failed)?;
        found.into_iter().map(SaleRow::read).collect()
    }

    fn condition(&self) -> Condition {
        Condition::of(self.transaction.get_database_backend(), self.org)
    }

    fn statement(&self, sql: String, values: Condition) -> Statement {
        let backend = self.transaction.get_database_backend();
        Statement::from_sql_and_values(backend, sql, values.into_values())
    }
}

impl Grain {
    fn table(&self) -> &'static str {
        match self {
            Self::Organization => "organization_totals",
            Self::Program(_) => "program_totals",
            Self::Enrollments(_) => "enrollment_totals",
        }
    }

    /// Whether an index has its sales newest first.
    fn is_in_order(&self) -> bool {
        match self {
            Self::Organization | Self::Program(_) => true,
            Self::Enrollments(all) => all.len() == 1,
        }
    }
}
