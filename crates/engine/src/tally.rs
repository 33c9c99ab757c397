//! What an enrollment has sold and earned, day by day: what tiers and caps look at.

use std::ops::RangeInclusive;

use accrual_attribution::EnrollmentId;
use accrual_commission::Period;
use accrual_money::{Currency, Money, MoneyError};
use time::{Date, Duration, Month};

use crate::{Recorded, TotalsKey};

/// What an enrollment has sold and earned directly, of conversions whose commission is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTally {
    /// How many conversions.
    pub conversions: i64,
    /// The sum of their bases, as far as nothing was given back.
    pub base: Money,
    /// The sum of their commissions.
    pub earned: Money,
}

impl DayTally {
    /// Nothing yet.
    pub fn zero(currency: Currency) -> Self {
        Self {
            conversions: 0,
            base: Money::zero(currency),
            earned: Money::zero(currency),
        }
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum goes out of range or the currencies are not the same.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            conversions: self.conversions + other.conversions,
            base: self.base.checked_add(other.base)?,
            earned: self.earned.checked_add(other.earned)?,
        })
    }
}

/// What the tallies of days are kept by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayKey {
    /// Whose.
    pub enrollment: EnrollmentId,
    /// The currency of its commissions.
    pub currency: Currency,
    /// The day on which the sales took place, in the organization's time zone.
    pub day: Date,
}

/// Whose tallies of which days are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Whose.
    pub enrollment: EnrollmentId,
    /// The currency of its commissions.
    pub currency: Currency,
    /// The first day.
    pub first: Date,
    /// The last day, which counts too.
    pub last: Date,
}

impl Span {
    /// The days of `period` that a sale on `day` falls into.
    pub fn of(enrollment: EnrollmentId, currency: Currency, period: Period, day: Date) -> Self {
        let days = days(period, day);
        Self {
            enrollment,
            currency,
            first: *days.start(),
            last: *days.end(),
        }
    }

    /// Whether a lift over these days may concern one of the commissions.
    pub fn lifts(&self, recorded: &Recorded) -> bool {
        let mut liftable = recorded.commissions.iter().filter(|one| one.is_liftable);
        liftable.any(|commission| {
            self.holds(&DayKey {
                enrollment: commission.credit.enrollment,
                currency: commission.amount.currency(),
                day: recorded.conversion.day,
            })
        })
    }

    /// Whether what an enrollment has sold on a day is in it.
    pub fn holds(&self, key: &DayKey) -> bool {
        self.enrollment == key.enrollment
            && self.currency == key.currency
            && (self.first..=self.last).contains(&key.day)
    }

    /// Whether totals of an enrollment count in it: those of commissions that are alive.
    pub fn counts(&self, enrollment: EnrollmentId, totals: &TotalsKey) -> bool {
        let key = DayKey {
            enrollment,
            currency: totals.currency,
            day: totals.day,
        };
        totals.stage.is_alive() && self.holds(&key)
    }
}

/// The days of `period` that a sale on `day` falls into: of a month all, of rolling days those up
/// to `day`.
fn days(period: Period, day: Date) -> RangeInclusive<Date> {
    match period {
        Period::CalendarMonth => {
            let first = day.replace_day(1).unwrap_or(day);
            let length = day.month().length(day.year());
            first..=day.replace_day(length).unwrap_or(day)
        }
        Period::RollingDays(count) => {
            let before = Duration::days(i64::from(count.get()) - 1);
            day.checked_sub(before).unwrap_or(Date::MIN)..=day
        }
        Period::Ever => first_day()..=last_day(),
    }
}

/// Before any sale: days are kept as text with years of four digits.
fn first_day() -> Date {
    Date::from_calendar_date(0, Month::January, 1).unwrap_or(Date::MIN)
}

fn last_day() -> Date {
    Date::from_calendar_date(9999, Month::December, 31).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use time::macros::date;

    use super::*;

    #[test]
    fn a_month_is_its_days() {
        let leap = days(Period::CalendarMonth, date!(2024 - 02 - 10));
        assert_eq!(leap, date!(2024 - 02 - 01)..=date!(2024 - 02 - 29));
    }

    #[test]
    fn rolling_days_end_with_the_day_of_the_sale() {
        let week = Period::RollingDays(NonZeroU16::new(7).unwrap());
        let days = days(week, date!(2024 - 03 - 03));
        assert_eq!(days, date!(2024 - 02 - 26)..=date!(2024 - 03 - 03));
    }
}
