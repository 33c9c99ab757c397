//! Lists of sales.
//!
//! What a list comes to is read from totals, of the smallest table that answers: it costs the same
//! however many sales there are. The days that a page is on are found by counting the totals of
//! months, and then of days, from the newest on, so that no page skips more rows than half a day has;
//! the sales of each stage are in order in an index, and merged. Only where a few sales are looked
//! for, by a reference, a label or part of a name, the sales themselves are counted.

mod condition;
mod page;
mod row;

use std::cmp::Reverse;

use accrual_engine::{List, ListedSale, Listing, OrgId, Page, StoreError, folded};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement};

use super::snapshot::snapshot;
use crate::{error::failed, statement::rows::totals::days_of};
use condition::Condition;
use page::{NEWEST_FIRST, Seek, branched, merged};
use row::SaleRow;
pub(super) use row::{SumRow, Sums};

pub(super) async fn list(
    reader: &DatabaseConnection,
    org: OrgId,
    listing: &Listing,
    page: Page,
) -> Result<List, StoreError> {
    let lister = Lister {
        connection: reader,
        org,
    };
    let Some(grain) = lister.grain(listing).await? else {
        return Ok(List::default());
    };
    let is_narrow =
        listing.reference.is_some() || listing.sub_id.is_some() || listing.search.is_some();
    if !is_narrow && page.skip < SKIPPED && listing.channel.is_none() {
        return lister.at_once(&grain, listing, page).await;
    }
    // What totals say is what the rows say.
    let transaction = snapshot(reader).await?;
    let lister = Lister {
        connection: &transaction,
        org,
    };
    if is_narrow {
        return lister.counted(&grain, listing, page).await;
    }
    let totals = lister.totals(&grain, listing).await?;
    let sales = lister.sought(&grain, listing, page).await?;
    Ok(List { sales, totals })
}

struct Lister<'a, C> {
    connection: &'a C,
    org: OrgId,
}

/// How many rows are skipped rather than looking for the day that a page is on.
const SKIPPED: u64 = 100;

/// Whose totals answer.
enum Grain {
    Organization,
    Programs(Vec<i64>),
    Enrollments(Vec<i64>),
}

/// The days that a page is on.
#[derive(FromQueryResult)]
struct Place {
    oldest: String,
    newest: String,
    /// How many sales are on later days.
    before: i64,
    /// How many sales are on these days.
    sold: i64,
}

impl<C: ConnectionTrait> Lister<'_, C> {
    /// `None` where nobody is who is asked for.
    async fn grain(&self, listing: &Listing) -> Result<Option<Grain>, StoreError> {
        let is_of_seller = listing.affiliate.is_some()
            || listing.affiliate_email.is_some()
            || listing.tag.is_some();
        if is_of_seller {
            let sellers = self.condition().of_sellers(listing);
            let sql = format!(
                "SELECT e.id FROM enrollments e JOIN affiliates a \
                   ON a.organization_id = e.organization_id AND a.id = e.affiliate_id \
                 WHERE {} ORDER BY e.id",
                sellers.sql("e")
            );
            return self.owners(sql, sellers, Grain::Enrollments).await;
        }
        if listing.of_ambassadors {
            let programs = self.condition().of_ambassadors(listing);
            let sql = format!(
                "SELECT id FROM programs WHERE {} ORDER BY id",
                programs.sql("")
            );
            return self.owners(sql, programs, Grain::Programs).await;
        }
        Ok(Some(match listing.program {
            Some(program) => Grain::Programs(vec![program.number()]),
            None => Grain::Organization,
        }))
    }

    async fn owners(
        &self,
        sql: String,
        values: Condition,
        grain: fn(Vec<i64>) -> Grain,
    ) -> Result<Option<Grain>, StoreError> {
        #[derive(FromQueryResult)]
        struct Owner {
            id: i64,
        }
        let found = Owner::find_by_statement(self.statement(sql, values));
        let found = found.all(self.connection).await.map_err(failed)?;
        let found: Vec<i64> = found.into_iter().map(|owner| owner.id).collect();
        Ok(Some(found).filter(|found| !found.is_empty()).map(grain))
    }

    async fn totals(&self, grain: &Grain, listing: &Listing) -> Result<Sums, StoreError> {
        let mut totals = self.condition();
        let found = totals.totals(grain, listing)?;
        let sums = SumRow::sums("SUM(conversions)");
        let sql = format!("SELECT stage, {sums} FROM ({found}) totals GROUP BY stage");
        self.sums(sql, totals).await
    }

    /// One of the first pages, and what the whole list comes to, in one statement.
    async fn at_once(
        &self,
        grain: &Grain,
        listing: &Listing,
        page: Page,
    ) -> Result<List, StoreError> {
        let mut rows = self.condition();
        let totals = rows.totals(grain, listing)?;
        rows.days_of_sales(listing)?;
        let seek = Seek {
            skip: i64::try_from(page.skip).unwrap_or(i64::MAX),
            limit: i64::from(page.limit),
            is_from_oldest: false,
        };
        let branches = "(SELECT stage AS wanted_stage, owner AS wanted_owner FROM totals \
            WHERE conversions > 0) AS wanted";
        let page = match merged(grain, listing, &mut rows, &seek) {
            Some(page) => page,
            None => branched(grain, branches, &mut rows, &seek),
        };
        let sql = format!(
            "WITH totals AS ({totals}) \
             SELECT page.*, CAST(0 AS BIGINT) AS conversions FROM ({page}) page \
             UNION ALL SELECT {} FROM (SELECT stage, {} FROM totals GROUP BY stage) sums",
            SumRow::AS_SALE,
            SumRow::sums("SUM(conversions)")
        );
        let found = self.connection.query_all_raw(self.statement(sql, rows));
        let mut list = List::default();
        for row in found.await.map_err(failed)? {
            if row
                .try_get::<Option<i64>>("", "id")
                .map_err(failed)?
                .is_some()
            {
                let sale = SaleRow::from_query_result(&row, "").map_err(failed)?;
                list.sales.push(sale.read()?);
                continue;
            }
            let sums = SumRow::from_query_result(&row, "").map_err(failed)?;
            if sums.conversions != 0 {
                list.totals.extend([sums.read()?]);
            }
        }
        // The rows of two queries have no order of their own.
        list.sales
            .sort_unstable_by_key(|sale| Reverse((sale.occurred_at, sale.id)));
        Ok(list)
    }

    /// A page that is looked for by the days that it is on.
    async fn sought(
        &self,
        grain: &Grain,
        listing: &Listing,
        page: Page,
    ) -> Result<Vec<ListedSale>, StoreError> {
        let skip = i64::try_from(page.skip).unwrap_or(i64::MAX);
        let limit = i64::from(page.limit);
        let Some(place) = self.place(grain, listing, skip, limit).await? else {
            return Ok(Vec::new());
        };
        let seek = Seek::to(skip - place.before, limit, place.sold);
        let mut rows = self.condition();
        let days = (place.oldest.as_str(), place.newest.as_str());
        let sql = if listing.channel.is_some() {
            let branches = rows.branches_of_days(grain, listing, days)?;
            branched(grain, &branches, &mut rows, &seek)
        } else {
            rows.between(days.0, days.1);
            match merged(grain, listing, &mut rows, &seek) {
                Some(page) => page,
                None => {
                    let branches = rows.branches(grain, listing, days)?;
                    branched(grain, &branches, &mut rows, &seek)
                }
            }
        };
        let mut sales = self.read(sql, rows).await?;
        if seek.is_from_oldest {
            sales.reverse();
        }
        Ok(sales)
    }

    /// The days that a page is on.
    async fn place(
        &self,
        grain: &Grain,
        listing: &Listing,
        skip: i64,
        limit: i64,
    ) -> Result<Option<Place>, StoreError> {
        let mut days = self.condition().of_days(grain, listing)?;
        if !listing.is_ever() || !grain.has_months() {
            return self.place_among(grain, days, skip, limit).await;
        }
        let months = self.condition().of_months(grain, listing);
        let Some(near) = self.place_among(grain, months, skip, limit).await? else {
            return Ok(None);
        };
        let (first, last) = days_of(&near.oldest, &near.newest);
        days.between(&first, &last);
        let skip = skip - near.before;
        let place = self.place_among(grain, days, skip, limit).await?;
        Ok(place.map(|place| Place {
            before: near.before + place.before,
            ..place
        }))
    }

    /// The days, or months, that a page is on, of those whose totals meet `days`.
    async fn place_among(
        &self,
        grain: &Grain,
        mut days: Condition,
        skip: i64,
        limit: i64,
    ) -> Result<Option<Place>, StoreError> {
        let (first, end) = (
            days.parameter(skip.into()),
            days.parameter(skip.saturating_add(limit).into()),
        );
        let sql = format!(
            "WITH days AS (SELECT day, SUM(conversions) AS sold FROM {} WHERE {} \
               GROUP BY day HAVING SUM(conversions) > 0), \
             counted AS (SELECT day, sold, SUM(sold) OVER (ORDER BY day DESC) AS upto FROM days) \
             SELECT MIN(day) AS oldest, MAX(day) AS newest, \
               CAST(MIN(upto - sold) AS BIGINT) AS before, CAST(SUM(sold) AS BIGINT) AS sold \
             FROM counted WHERE upto > {first} AND upto - sold < {end} HAVING COUNT(*) > 0",
            grain.table(),
            days.sql("")
        );
        let place = Place::find_by_statement(self.statement(sql, days));
        place.one(self.connection).await.map_err(failed)
    }

    /// A list of few: counted one by one.
    async fn counted(
        &self,
        grain: &Grain,
        listing: &Listing,
        page: Page,
    ) -> Result<List, StoreError> {
        let is_address = self.is_address(listing).await?;
        let few = self.condition().of_sales(grain, listing, is_address)?;
        let sql = format!(
            "SELECT stage, {} FROM conversions WHERE {} GROUP BY stage",
            SumRow::sums("COUNT(*)"),
            few.sql("")
        );
        let totals = self.sums(sql, few).await?;
        let mut few = self.condition().of_sales(grain, listing, is_address)?;
        let skip = i64::try_from(page.skip).unwrap_or(i64::MAX);
        let (limit, skip) = (
            few.parameter(i64::from(page.limit).into()),
            few.parameter(skip.into()),
        );
        let sql = format!(
            "SELECT {} FROM conversions WHERE {} ORDER BY {NEWEST_FIRST} LIMIT {limit} OFFSET {skip}",
            SaleRow::COLUMNS,
            few.sql("")
        );
        let sales = self.read(sql, few).await?;
        Ok(List { sales, totals })
    }

    /// Whether what is searched is the whole e-mail address of a sale.
    async fn is_address(&self, listing: &Listing) -> Result<bool, StoreError> {
        let Some(search) = &listing.search else {
            return Ok(false);
        };
        let mut sales = self.condition();
        sales.address(&folded(search.as_str()));
        let sql = format!("SELECT id FROM conversions WHERE {} LIMIT 1", sales.sql(""));
        #[derive(FromQueryResult)]
        struct Found {
            #[expect(dead_code, reason = "that there is one says it")]
            id: i64,
        }
        let found = Found::find_by_statement(self.statement(sql, sales));
        let found = found.one(self.connection).await.map_err(failed)?;
        Ok(found.is_some())
    }

    async fn sums(&self, sql: String, values: Condition) -> Result<Sums, StoreError> {
        let rows = SumRow::find_by_statement(self.statement(sql, values));
        let rows = rows.all(self.connection).await.map_err(failed)?;
        let some = rows.into_iter().filter(|row| row.conversions != 0);
        some.map(SumRow::read).collect()
    }

    async fn read(&self, sql: String, values: Condition) -> Result<Vec<ListedSale>, StoreError> {
        let found = SaleRow::find_by_statement(self.statement(sql, values));
        let found = found.all(self.connection).await.map_err(failed)?;
        found.into_iter().map(SaleRow::read).collect()
    }

    fn condition(&self) -> Condition {
        Condition::of(self.connection.get_database_backend(), self.org)
    }

    fn statement(&self, sql: String, values: Condition) -> Statement {
        let backend = self.connection.get_database_backend();
        Statement::from_sql_and_values(backend, sql, values.into_values())
    }
}

impl Grain {
    fn table(&self) -> &'static str {
        match self {
            Self::Organization => "organization_totals",
            Self::Programs(_) => "program_totals",
            Self::Enrollments(_) => "enrollment_totals",
        }
    }

    /// Whether its totals are summed up by months too. An enrollment's days are few.
    fn has_months(&self) -> bool {
        !matches!(self, Self::Enrollments(_))
    }

    /// Whose sales, but for the organization's.
    fn owners(&self) -> &[i64] {
        match self {
            Self::Organization => &[],
            Self::Programs(all) | Self::Enrollments(all) => all,
        }
    }

    /// What it is by, a column of sales.
    fn owner(&self) -> &'static str {
        match self {
            Self::Organization => "organization_id",
            Self::Programs(_) => "program_id",
            Self::Enrollments(_) => "enrollment_id",
        }
    }
}
