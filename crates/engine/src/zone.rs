//! The time zone that an organization's days begin in.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use time::{Date, OffsetDateTime};

/// The time zone that an organization's days begin in, by its IANA name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: Arc<str>,
    /// `None` is UTC.
    rules: Option<TimeZone>,
}

/// There is no time zone of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not the name of a time zone, such as Europe/Berlin")]
pub struct UnknownZone {
    name: String,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self {
            name: "UTC".into(),
            rules: None,
        }
    }

    /// The zone of this name, such as `America/New_York`.
    ///
    /// # Errors
    /// [`UnknownZone`] if the IANA database has none of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        if name.eq_ignore_ascii_case("UTC") {
            return Ok(Self::utc());
        }
        let unknown = || UnknownZone {
            name: name.to_owned(),
        };
        let rules = TimeZone::get(name).map_err(|_| unknown())?;
        let name = rules.iana_name().ok_or_else(unknown)?.into();
        Ok(Self {
            name,
            rules: Some(rules),
        })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day that it was here at `time`.
    pub fn day(&self, time: OffsetDateTime) -> Date {
        let utc = time.to_offset(time::UtcOffset::UTC);
        let Some(rules) = &self.rules else {
            return utc.date();
        };
        let Ok(stamp) = Timestamp::from_second(utc.unix_timestamp()) else {
            return utc.date();
        };
        let ahead = time::Duration::seconds(rules.to_offset(stamp).seconds().into());
        utc.saturating_add(ahead).date()
    }
}

impl Zone {
    /// The first instant of `day` here (UTC); `None` beyond the years ±9999.
    ///
    /// Where clocks were set forward at midnight, it is the instant to which they were set.
    pub fn start_of(&self, day: Date) -> Option<OffsetDateTime> {
        let Some(rules) = &self.rules else {
            return Some(day.midnight().assume_utc());
        };
        let month = i8::try_from(u8::from(day.month())).ok()?;
        let civil = jiff::civil::Date::new(
            i16::try_from(day.year()).ok()?,
            month,
            i8::try_from(day.day()).ok()?,
        );
        let start = civil.ok()?.to_zoned(rules.clone()).ok()?;
        OffsetDateTime::from_unix_timestamp(start.timestamp().as_second()).ok()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_day_begins_when_it_does_there() {
        let zone = Zone::parse("America/New_York").unwrap();
        assert_eq!(
            zone.day(datetime!(2025-07-01 03:59:59 UTC)),
            date!(2025 - 06 - 30)
        );
        assert_eq!(
            zone.day(datetime!(2025-07-01 04:00 UTC)),
            date!(2025 - 07 - 01)
        );
        assert_eq!(
            zone.day(datetime!(2025-12-01 04:59:59 UTC)),
            date!(2025 - 11 - 30)
        );
        assert_eq!(
            Zone::utc().day(datetime!(2025-07-01 00:00 +02:00)),
            date!(2025 - 06 - 30)
        );
    }

    #[test]
    fn the_start_of_a_day_is_its_first_instant_there() {
        let start = |zone: &str, day| Zone::parse(zone).unwrap().start_of(day);
        assert_eq!(
            start("America/New_York", date!(2025 - 07 - 01)),
            Some(datetime!(2025-07-01 04:00 UTC))
        );
        assert_eq!(
            start("UTC", date!(2025 - 07 - 01)),
            Some(datetime!(2025-07-01 00:00 UTC))
        );
        // Clocks went from 0:00 to 1:00.
        assert_eq!(
            start("America/Sao_Paulo", date!(2018 - 11 - 04)),
            Some(datetime!(2018-11-04 03:00 UTC))
        );
    }

    #[test]
    fn a_zone_has_a_name_that_is_known() {
        assert_eq!(Zone::parse("utc"), Ok(Zone::utc()));
        assert!(Zone::parse("Nowhere/Land").is_err());
        assert_eq!(
            Zone::parse("Europe/Berlin").unwrap().name(),
            "Europe/Berlin"
        );
    }
}
