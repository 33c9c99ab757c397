//! Rows of totals: what changes of each enrollment's, summed up for programs and the organization.

use std::collections::BTreeMap;

use accrual_attribution::EnrollmentId;
use accrual_engine::{Channel, Stage, StoreError, Totals, TotalsKey};
use accrual_money::Currency;
use sea_orm::Value;

use super::text;
use crate::{
    error::out_of_range,
    statement::table::{self, SUMS},
    value,
};

use super::{Rows, rows};

/// The day of the row that sums up all days. It sorts before the rows of months, which begin with it,
/// and those before the days.
pub(crate) const EVER: &str = "*";

/// What sorts behind all that begins with [`EVER`].
pub(crate) const BEHIND_MONTHS: &str = "+";

/// The first of what is the day of a row.
pub(crate) const FIRST_DAY: &str = "0";

/// The day of the row that sums up the month of `day`: `*2026-03`.
fn month(day: &str) -> String {
    let month = day.rsplit_once('-').map_or(day, |(month, _)| month);
    format!("{EVER}{month}")
}

/// The first and last day that there may be in these months.
pub(crate) fn days_of(oldest: &str, newest: &str) -> (String, String) {
    let first = |month: &str| month.replacen(EVER, "", 1);
    (first(oldest), format!("{}-31", first(newest)))
}

/// Sums of one enrollment, one program or the organization, which is 0.
type Grain = BTreeMap<GrainKey, Totals>;

type GrainKey = (i64, String, Currency, Stage, Channel);

/// The rows of the three tables of totals, in the order of [`table::OF_SALES`].
pub(super) fn of(
    changes: &BTreeMap<(EnrollmentId, TotalsKey), Totals>,
) -> Result<[Rows; 3], StoreError> {
    let (mut enrollments, mut programs, mut organization) =
        (Grain::new(), Grain::new(), Grain::new());
    for ((enrollment, key), more) in changes {
        let day = value::day(key.day)?;
        let program = key.program.number();
        let enrollment = enrollment.number();
        add(&mut enrollments, enrollment, EVER.to_owned(), key, more)?;
        add(&mut enrollments, enrollment, day.clone(), key, more)?;
        add(&mut programs, program, EVER.to_owned(), key, more)?;
        add(&mut programs, program, month(&day), key, more)?;
        add(&mut programs, program, day.clone(), key, more)?;
        add(&mut organization, 0, EVER.to_owned(), key, more)?;
        add(&mut organization, 0, month(&day), key, more)?;
        add(&mut organization, 0, day, key, more)?;
    }
    Ok([
        rows(table::ENROLLMENT_TOTALS, enrollments.iter().map(owned))?,
        rows(table::PROGRAM_TOTALS, programs.iter().map(owned))?,
        rows(table::ORGANIZATION_TOTALS, organization.iter().map(unowned))?,
    ])
}

fn add(
    grain: &mut Grain,
    owner: i64,
    day: String,
    key: &TotalsKey,
    more: &Totals,
) -> Result<(), StoreError> {
    let sum = grain
        .entry((owner, day, key.currency, key.stage, key.channel.clone()))
        .or_insert_with(|| Totals::zero(key.currency));
    *sum = sum.checked_add(*more).map_err(out_of_range)?;
    Ok(())
}

type Row<'a> = (&'a GrainKey, &'a Totals);

const OWNED: usize = SUMS.len() + 5;

fn owned((key, totals): Row<'_>) -> Result<[Value; OWNED], StoreError> {
    let rest = unowned((key, totals))?;
    let mut cells = std::iter::once(key.0.into()).chain(rest);
    Ok(std::array::from_fn(|_| cells.next().unwrap_or(0.into())))
}

fn unowned(
    ((_, day, currency, stage, channel), totals): Row<'_>,
) -> Result<[Value; SUMS.len() + 4], StoreError> {
    let Totals { sold, listed, .. } = totals;
    Ok([
        text(day),
        text(currency.code()),
        text(value::stage(*stage)),
        text(channel.as_str()),
        totals.conversions.into(),
        totals.amount.minor().into(),
        totals.refunded.minor().into(),
        totals.charged_back.minor().into(),
        totals.commission.minor().into(),
        sold.conversions.into(),
        sold.base.minor().into(),
        sold.earned.minor().into(),
        listed.amount.into(),
        listed.returned.into(),
        listed.tax.into(),
        listed.commission.into(),
        listed.unconverted.into(),
    ])
}
