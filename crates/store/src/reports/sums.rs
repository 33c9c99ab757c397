//! Sums that are kept by days, and what is held.

use accrual_attribution::{EnrollmentId, ProgramId};
use accrual_engine::{DayKey, DayTally, Listed, OrgId, StoreError, Totals, TotalsKey};
use accrual_money::Money;
use sea_orm::{DatabaseConnection, FromQueryResult, Statement};
use time::OffsetDateTime;

use crate::{error::failed, value};

#[derive(FromQueryResult)]
struct TotalsRow {
    program_id: i64,
    day: String,
    currency: String,
    stage: String,
    channel: String,
    conversions: i64,
    amount_minor: i64,
    refunded_minor: i64,
    charged_back_minor: i64,
    commission_minor: i64,
    sold: i64,
    base_minor: i64,
    earned_minor: i64,
    listed_amount: i64,
    listed_returned: i64,
    listed_tax: i64,
    listed_commission: i64,
    unconverted: i64,
}

/// Rows that sum up days sort before the first.
const TOTALS: &str = "SELECT * FROM program_totals WHERE organization_id = $1 AND day >= '0'";

pub(super) async fn totals(
    reader: &DatabaseConnection,
    org: OrgId,
) -> Result<Vec<(TotalsKey, Totals)>, StoreError> {
    let backend = reader.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, TOTALS, [org.number().into()]);
    let rows = TotalsRow::find_by_statement(statement).all(reader).await;
    let totals = rows.map_err(failed)?.into_iter().map(TotalsRow::read);
    let mut totals = totals.collect::<Result<Vec<_>, _>>()?;
    totals.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(totals)
}

impl TotalsRow {
    fn read(self) -> Result<(TotalsKey, Totals), StoreError> {
        let currency = value::currency(&self.currency)?;
        let money = |minor| Money::from_minor(minor, currency);
        let key = TotalsKey {
            day: value::parse_day(&self.day)?,
            program: ProgramId::new(self.program_id),
            currency,
            stage: value::parse_stage(&self.stage)?,
            channel: value::channel(&self.channel)?,
        };
        let totals = Totals {
            conversions: self.conversions,
            amount: money(self.amount_minor),
            refunded: money(self.refunded_minor),
            charged_back: money(self.charged_back_minor),
            commission: money(self.commission_minor),
            sold: DayTally {
                conversions: self.sold,
                base: money(self.base_minor),
                earned: money(self.earned_minor),
            },
            listed: Listed {
                amount: self.listed_amount,
                returned: self.listed_returned,
                tax: self.listed_tax,
                commission: self.listed_commission,
                unconverted: self.unconverted,
            },
        };
        Ok((key, totals))
    }
}

#[derive(FromQueryResult)]
struct TallyRow {
    day: String,
    currency: String,
    sold: i64,
    base_minor: i64,
    earned_minor: i64,
}

const TALLIES: &str = "SELECT day, currency, CAST(SUM(sold) AS BIGINT) AS sold, \
      CAST(SUM(base_minor) AS BIGINT) AS base_minor, \
      CAST(SUM(earned_minor) AS BIGINT) AS earned_minor \
    FROM enrollment_totals WHERE organization_id = $1 AND enrollment_id = $2 AND day >= '0' \
    AND stage NOT IN ('declined', 'cancelled', 'refunded') GROUP BY day, currency";

pub(super) async fn tallies(
    reader: &DatabaseConnection,
    org: OrgId,
    enrollment: EnrollmentId,
) -> Result<Vec<(DayKey, DayTally)>, StoreError> {
    let backend = reader.get_database_backend();
    let values = [org.number().into(), enrollment.number().into()];
    let statement = Statement::from_sql_and_values(backend, TALLIES, values);
    let rows = TallyRow::find_by_statement(statement).all(reader).await;
    let rows = rows.map_err(failed)?.into_iter();
    let tallies = rows.map(|row| {
        let currency = value::currency(&row.currency)?;
        let key = DayKey {
            enrollment,
            currency,
            day: value::parse_day(&row.day)?,
        };
        let tally = DayTally {
            conversions: row.sold,
            base: Money::from_minor(row.base_minor, currency),
            earned: Money::from_minor(row.earned_minor, currency),
        };
        Ok((key, tally))
    });
    let mut tallies = tallies.collect::<Result<Vec<_>, StoreError>>()?;
    tallies.sort_by_key(|(key, _)| *key);
    Ok(tallies)
}

#[derive(FromQueryResult)]
struct Held {
    until_us: i64,
}

/// By the index of what is held.
const NEXT_DUE: &str = "SELECT until_us FROM commissions \
    WHERE organization_id = $1 AND status = 'pending' AND until_us IS NOT NULL \
    ORDER BY until_us LIMIT 1";

pub(super) async fn next_due(
    reader: &DatabaseConnection,
    org: OrgId,
) -> Result<Option<OffsetDateTime>, StoreError> {
    let backend = reader.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, NEXT_DUE, [org.number().into()]);
    let held = Held::find_by_statement(statement).one(reader).await;
    let held = held.map_err(failed)?;
    held.map(|held| value::at(held.until_us)).transpose()
}
