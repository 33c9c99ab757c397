//! What a cap over a period limits.

use accrual_attribution::EnrollmentId;
use accrual_commission::{Period, Terms};
use accrual_money::{Currency, Money, MoneyError};
use time::{Date, Duration};

use crate::{Amendment, Book, Recorded, Span};

/// What an enrollment may earn no more of, with a sale on a day.
///
/// Of rolling days each stretch of so many is limited. A sale that is reported after later ones is in
/// stretches with them, so what it may still earn is what is left in the fullest one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capped {
    enrollment: EnrollmentId,
    /// The currency of its commissions.
    currency: Currency,
    pub(crate) period: Period,
    /// The day of the sale, in the organization's time zone.
    day: Date,
}

impl Capped {
    /// What the terms limit for a sale on `day`, if they have a cap over a period.
    pub(crate) fn of(terms: &Terms, enrollment: EnrollmentId, day: Date) -> Option<Self> {
        terms.rules().caps.period.map(|cap| Self {
            enrollment,
            currency: terms.currency(),
            period: cap.period,
            day,
        })
    }

    /// What must be known to tell what was [earned](Self::earned).
    pub(crate) fn needs(self, book: &Book) -> impl Iterator<Item = Span> {
        self.later().into_iter().chain(self.stretches(book))
    }

    /// The most that was earned in any of the stretches, less what is `own` in each; `None` if
    /// nothing is known of it.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum goes out of range.
    pub(crate) fn earned(
        self,
        book: &Book,
        own: impl Fn(&Span) -> Result<Money, MoneyError>,
    ) -> Result<Option<Money>, MoneyError> {
        let mut most: Option<Money> = None;
        for span in self.stretches(book) {
            let Some(tally) = book.tallies.get(&span) else {
                continue;
            };
            let earned = tally.earned.checked_sub(own(&span)?)?;
            most = Some(match most {
                Some(most) => most.max(earned)?,
                None => earned,
            });
        }
        Ok(most)
    }

    /// The stretches of days that count: where nothing is known to be earned later, the one that
    /// ends with the sale's day has all that the others have.
    fn stretches(self, book: &Book) -> impl Iterator<Item = Span> + use<> {
        let first = Span::of(self.enrollment, self.currency, self.period, self.day);
        let later = self.later().and_then(|span| book.tallies.get(&span));
        let is_earlier = later.is_some_and(|tally| !tally.earned.is_zero());
        let moves = if is_earlier { self.further_days() } else { 0 };
        (0..=moves).filter_map(move |days| {
            let days = Duration::days(days);
            let (first_day, last_day) = (
                first.first.checked_add(days)?,
                first.last.checked_add(days)?,
            );
            Some(Span {
                first: first_day,
                last: last_day,
                ..first
            })
        })
    }

    /// The days behind the sale's that are in a stretch with it.
    fn later(self) -> Option<Span> {
        let last = self.day.checked_add(Duration::days(self.further_days()))?;
        Some(Span {
            enrollment: self.enrollment,
            currency: self.currency,
            first: self.day.next_day()?,
            last,
        })
        .filter(|span| span.first <= span.last)
    }

    fn further_days(self) -> i64 {
        match self.period {
            Period::RollingDays(count) => i64::from(count.get()) - 1,
            Period::CalendarMonth | Period::Ever => 0,
        }
    }
}

/// Whether a change moves a sale to another day whose period has a cap: what it may earn is another
/// then. The version of its terms must be known.
pub(crate) fn moves_under_cap(book: &Book, recorded: &Recorded, amendment: &Amendment) -> bool {
    let (moved, first) = (amendment.occurred_at, recorded.commissions.first());
    let (Some(moved), Some(first)) = (moved, first) else {
        return false;
    };
    let version = book.version(first.credit.program, first.terms_version);
    version.is_some_and(|version| version.terms.rules().caps.period.is_some())
        && book.head.zone.day(moved) != recorded.conversion.day
}
