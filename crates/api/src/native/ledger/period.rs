//! The bounds of a statement.

use accrual_engine::Zone;
use time::OffsetDateTime;

use crate::{
    native::problem::Problem,
    wire::{Unreadable, day, instant},
};

/// From one instant up to another.
pub(super) struct Bounds {
    /// The first instant (UTC).
    pub(super) from: OffsetDateTime,
    /// The first instant after it (UTC).
    pub(super) until: OffsetDateTime,
}

impl Bounds {
    /// Reads times, or days of `zone`.
    pub(super) fn parse(from: &str, until: &str, zone: &Zone) -> Result<Self, Problem> {
        let bounds = Self {
            from: bound("from", from, zone)?,
            until: bound("until", until, zone)?,
        };
        if bounds.until <= bounds.from {
            return Err(Problem::invalid("until", "must be after from"));
        }
        Ok(bounds)
    }
}

fn bound(name: &str, text: &str, zone: &Zone) -> Result<OffsetDateTime, Problem> {
    let read = match day(text) {
        Ok(day) => zone.start_of(day).ok_or(Unreadable),
        Err(Unreadable) => instant(text),
    };
    read.map_err(|Unreadable| {
        Problem::invalid(
            name,
            "must be an ISO 8601 time or a day, such as \"2026-01-31\"",
        )
    })
}
