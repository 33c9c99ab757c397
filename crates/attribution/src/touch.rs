//! How an affiliate reached a customer, and for how long that counts.

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use time::{Duration, OffsetDateTime, UtcOffset};

/// The times at which one enrollment reached the customer, as far as they matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Touch {
    /// How it was reached: the strongest kind there was.
    pub kind: TouchKind,
    /// When it was first.
    pub first_at: OffsetDateTime,
    /// When it was last; the same as `first_at` if it was once.
    pub last_at: OffsetDateTime,
}

impl Touch {
    /// A touch that happened once.
    pub const fn once(kind: TouchKind, at: OffsetDateTime) -> Self {
        Self {
            kind,
            first_at: at,
            last_at: at,
        }
    }

    /// As much of it as was not after `occurred_at`, if anything was.
    ///
    /// What came after the sale cannot have led to it.
    pub(crate) fn until(self, occurred_at: OffsetDateTime) -> Option<Self> {
        let mut times = [self.last_at, self.first_at].into_iter();
        let last_at = times.find(|time| *time <= occurred_at)?;
        Some(Self { last_at, ..self })
    }
}

/// How a customer was reached; a later variant goes before an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TouchKind {
    /// Something was shown.
    Impression,
    /// A click that counts less than others.
    SoftClick,
    /// A click.
    Click,
}

impl fmt::Display for TouchKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Impression => "impression",
            Self::SoftClick => "soft click",
            Self::Click => "click",
        })
    }
}

/// For how long a touch counts: up to but not including its end.
///
/// Units: whole seconds, at least one; a day has 24 hours.
/// Source: docs/DOMAIN.md, "Who is credited": a window is open to the second before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    seconds: u64,
}

impl Window {
    /// A window of so many seconds.
    pub const fn of_seconds(seconds: NonZeroU32) -> Self {
        Self {
            seconds: seconds.get() as u64,
        }
    }

    /// A window of so many days of 24 hours.
    pub const fn of_days(days: NonZeroU16) -> Self {
        Self {
            seconds: days.get() as u64 * 86_400,
        }
    }

    /// How long it is, in seconds.
    pub const fn seconds(self) -> u64 {
        self.seconds
    }

    /// Whether it is open at `occurred_at` for what was at `start`, which is not later.
    ///
    /// A window that ends beyond the last date there is does not end.
    pub(crate) fn is_open(self, start: OffsetDateTime, occurred_at: OffsetDateTime) -> bool {
        let length = Duration::seconds(i64::try_from(self.seconds).unwrap_or(i64::MAX));
        start
            .checked_add(length)
            .is_none_or(|end| occurred_at < end)
    }
}

/// `30 days`, `1 hour`, `90 seconds`: in the largest unit that it is a whole number of.
impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
        let (length, unit) = units
            .into_iter()
            .find(|(length, _)| self.seconds.is_multiple_of(*length))
            .unwrap_or((1, "second"));
        let count = self.seconds / length;
        let plural = if count == 1 { "" } else { "s" };
        write!(formatter, "{count} {unit}{plural}")
    }
}

/// A time in sentences: `2025-06-01 12:00:00 UTC`, fractions of a second left out.
pub(crate) struct Moment(pub(crate) OffsetDateTime);

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Near the ends of the calendar a time may have no counterpart in UTC.
        let Some(utc) = self.0.checked_to_offset(UtcOffset::UTC) else {
            return write!(formatter, "{}", self.0);
        };
        let (hour, minute, second) = utc.to_hms();
        write!(
            formatter,
            "{} {hour:02}:{minute:02}:{second:02} UTC",
            utc.date()
        )
    }
}
