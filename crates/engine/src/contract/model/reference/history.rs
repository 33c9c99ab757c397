//! What was sold and earned before, found by looking at every sale.

use accrual_attribution::{Credit, EnrollmentId};
use accrual_commission::{Period, PeriodCap, Rules, TierMode};
use accrual_money::{Currency, Rate};
use time::{Date, Duration, OffsetDateTime};

use super::{Earner, Reference, Sold, integers::minor};

/// What was known when a sale was decided; it stays so, whatever comes later.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// The rate that was agreed with whoever is credited alone.
    pub(super) agreed: Option<Rate>,
    pub(super) payments: u32,
    pub(super) first_payment_at: Option<OffsetDateTime>,
    /// How many sales there were in each period, and what their bases came to.
    pub(super) sold: Vec<(Period, u64, i128)>,
}

impl Known {
    pub(super) fn sold(&self, period: Period) -> (u64, i128) {
        let mut all = self.sold.iter();
        let found = all.find(|(of, _, _)| *of == period);
        found.map_or((0, 0), |(_, count, bases)| (*count, *bases))
    }
}

/// What has been earned already of that which caps limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Earned {
    pub(super) by_customer: i128,
    pub(super) in_period: i128,
}

impl Earned {
    /// So little that no cap cuts anything.
    pub(super) const UNLIMITED: Self = Self {
        by_customer: -1_000_000_000_000_000,
        in_period: -1_000_000_000_000_000,
    };
}

impl Reference {
    /// What is known before a sale on `day` by this customer of this enrollment.
    pub(super) fn known(
        &self,
        credits: &[(Credit, u64)],
        rules: &Rules,
        customer: Option<usize>,
        day: Date,
    ) -> Known {
        let first = credits[0].0;
        let agreed = match credits {
            [_] => self.enrollment(first.enrollment).expect("credited").rate,
            _ => None,
        };
        let sold = periods(rules).into_iter();
        let sold = sold.map(|period| self.counted(first.enrollment, rules, period, day, None));
        Known {
            agreed,
            payments: customer.map_or(0, |place| self.payments(place)),
            first_payment_at: customer.and_then(|place| self.people[place].first_payment_at),
            sold: sold.collect(),
        }
    }

    /// What is known when the sale at `place` is decided again on `day`: what was known then; but
    /// where a tier lifts all that is sold in its period, also what was sold since.
    pub(super) fn known_again(&self, place: usize, rules: &Rules, day: Date) -> Known {
        let sold = &self.sales[place];
        let seller = sold.credits[0].0.enrollment;
        let again = sold.known.sold.iter().map(|then| {
            let period = then.0;
            let tiers = rules.incentives.iter().filter_map(|one| one.tiers.as_ref());
            let mut lifts = tiers.filter(|tiers| tiers.mode == TierMode::Retroactive);
            if lifts.any(|tiers| tiers.period == period) {
                return self.counted(seller, rules, period, day, Some(place));
            }
            *then
        });
        Known {
            sold: again.collect(),
            ..sold.known.clone()
        }
    }

    /// How many sales there are in a period but for the one at `apart`, and what their bases come to.
    fn counted(
        &self,
        enrollment: EnrollmentId,
        rules: &Rules,
        period: Period,
        day: Date,
        apart: Option<usize>,
    ) -> (Period, u64, i128) {
        let all = self
            .sold_in(enrollment, rules.currency, period, day)
            .into_iter();
        let others: Vec<Living<'_>> = all.filter(|one| apart != Some(one.place)).collect();
        let bases = others
            .iter()
            .map(|one| one.sold.left_of(minor(one.earner.earning.base)));
        (period, others.len() as u64, bases.sum())
    }

    /// What has been earned by now, but for the sale at `apart`.
    ///
    /// What a customer's payments have earned counts as far as they are in the currency of the first.
    pub(super) fn earned(
        &self,
        enrollment: EnrollmentId,
        rules: &Rules,
        customer: Option<usize>,
        day: Date,
        apart: Option<usize>,
    ) -> Earned {
        let is_other = |one: &Living<'_>| apart != Some(one.place);
        let first = customer.and_then(|place| self.earned_of(place));
        let is_counted = first.is_some_and(|first| first.currency() == rules.currency);
        let by_customer = self.direct().filter(|one| {
            is_other(one)
                && is_counted
                && one.earner.customer == customer
                && one.earner.currency() == rules.currency
        });
        // Of rolling days the most in any so many in a row that have the day among them.
        let earned_by = |cap: PeriodCap, last: Date| {
            let sold = self.sold_in(enrollment, rules.currency, cap.period, last);
            let others = sold.iter().filter(|one| is_other(one));
            others.map(Living::amount).sum::<i128>()
        };
        let in_period = rules.caps.period.map(|cap| match cap.period {
            Period::RollingDays(days) => {
                let last_days = (0..i64::from(days.get())).map(|later| day + Duration::days(later));
                last_days
                    .map(|last| earned_by(cap, last))
                    .max()
                    .unwrap_or(0)
            }
            Period::CalendarMonth | Period::Ever => earned_by(cap, day),
        });
        Earned {
            by_customer: by_customer.map(|one| one.amount()).sum(),
            in_period: in_period.unwrap_or(0),
        }
    }

    /// What an enrollment has sold in the period that a sale on `day` falls into.
    pub(super) fn sold_in(
        &self,
        enrollment: EnrollmentId,
        currency: Currency,
        period: Period,
        day: Date,
    ) -> Vec<Living<'_>> {
        let own = self.direct().filter(|one| {
            one.earner.credit.enrollment == enrollment
                && one.earner.currency() == currency
                && is_within(period, day, one.sold.day)
        });
        own.collect()
    }

    /// All that is earned by having sent the customer, and alive.
    pub(super) fn direct(&self) -> impl Iterator<Item = Living<'_>> {
        let all = self.sales.iter().enumerate().flat_map(|(place, sold)| {
            let earners = sold.earners.iter();
            earners.map(move |earner| Living {
                place,
                sold,
                earner,
            })
        });
        all.filter(|one| one.earner.is_direct() && one.earner.is_alive())
    }
}

/// A commission that is alive, with its sale.
#[derive(Clone, Copy)]
pub(super) struct Living<'a> {
    /// The place of the sale.
    pub(super) place: usize,
    pub(super) sold: &'a Sold,
    pub(super) earner: &'a Earner,
}

impl Living<'_> {
    pub(super) fn amount(&self) -> i128 {
        self.sold.amount(self.earner)
    }
}

/// Whether `other` is in the period that `day` falls into.
fn is_within(period: Period, day: Date, other: Date) -> bool {
    match period {
        Period::CalendarMonth => (day.year(), day.month()) == (other.year(), other.month()),
        Period::RollingDays(days) => {
            (0..i64::from(days.get())).contains(&(day - other).whole_days())
        }
        Period::Ever => true,
    }
}

/// The periods that tiers and caps look at.
fn periods(rules: &Rules) -> Vec<Period> {
    let tiers = rules.incentives.iter().filter_map(|one| one.tiers.as_ref());
    let counted = tiers.filter(|tiers| match tiers.mode {
        TierMode::OwnSize => false,
        TierMode::ReachedBefore | TierMode::Marginal | TierMode::Retroactive => true,
    });
    let mut periods: Vec<Period> = counted.map(|tiers| tiers.period).collect();
    periods.extend(rules.caps.period.map(|cap| cap.period));
    periods.sort();
    periods.dedup();
    periods
}
