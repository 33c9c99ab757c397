//! The only place that asks what time it is.

use time::OffsetDateTime;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Now, in UTC.
    #[must_use]
    pub fn now(self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}
