//! How often a key may ask, where the server limits it.
//!
//! Source: Growi: two seconds between requests, and so many an hour; `POST /campaign_applications`
//! need not wait. What was asked is kept in memory, by each process for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use accrual_engine::Actor;
use poem::{
    IntoResponse, Request, Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use poem_openapi::Object;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::sale::milliseconds;
use crate::{Caller, Context, shape::Besides, wire::Reply};

/// How often a key may ask Growi's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// How many requests a key may send within an hour, from the first of them on.
    pub requests_per_hour: u32,
}

/// How long a key must wait between two requests.
const GAP: Duration = Duration::seconds(2);

/// The path that need not wait.
const WITHOUT_GAP: &str = "/campaign_applications";

/// Too many requests.
#[derive(Object, Serialize)]
#[oai(rename = "RateLimitError")]
pub(super) struct TooMany {
    /// One sentence.
    pub(super) error: String,
    /// How many seconds to wait.
    retry_after: i64,
    /// When the hour is over: ISO 8601, UTC, with milliseconds. Absent where there were merely fewer
    /// than two seconds between two requests.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_time: Option<String>,
}

/// What the keys have asked for lately.
pub(crate) struct Usages {
    limits: Option<RateLimits>,
    by_key: Mutex<HashMap<i64, Usage>>,
}

/// What one key has asked for within an hour.
#[derive(Clone, Copy, Debug)]
struct Usage {
    /// When the first of them was.
    since: OffsetDateTime,
    count: u32,
    /// When the last of those was that must wait.
    last: Option<OffsetDateTime>,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    TooSoon,
    TooMany,
}

impl Usage {
    fn new(now: OffsetDateTime) -> Self {
        Self {
            since: now,
            count: 0,
            last: None,
        }
    }

    /// When its hour is over.
    fn end(&self) -> OffsetDateTime {
        self.since.saturating_add(Duration::HOUR)
    }

    /// Counts a request, unless it is refused.
    fn count(
        &mut self,
        now: OffsetDateTime,
        limits: RateLimits,
        may_follow: bool,
    ) -> Result<(), Refusal> {
        // A clock that was set back begins a new hour, too.
        if !(self.since..self.end()).contains(&now) {
            let last = self.last;
            *self = Self {
                last,
                ..Self::new(now)
            };
        }
        let too_soon = |last: OffsetDateTime| (last..last.saturating_add(GAP)).contains(&now);
        if !may_follow && self.last.is_some_and(too_soon) {
            return Err(Refusal::TooSoon);
        }
        if self.count >= limits.requests_per_hour {
            return Err(Refusal::TooMany);
        }
        self.count += 1;
        if !may_follow {
            self.last = Some(now);
        }
        Ok(())
    }
}

impl Usages {
    /// How many keys are remembered before those are forgotten whose hour is over.
    const MANY: usize = 10_000;

    pub(crate) fn new(limits: Option<RateLimits>) -> Self {
        Self {
            limits,
            by_key: Mutex::new(HashMap::new()),
        }
    }

    /// What a key has asked for by now, with this request unless it is refused.
    fn count(
        &self,
        limits: RateLimits,
        key: i64,
        now: OffsetDateTime,
        may_follow: bool,
    ) -> (Usage, Result<(), Refusal>) {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if by_key.len() >= Self::MANY {
            by_key.retain(|_, usage| now < usage.end());
        }
        let usage = by_key.entry(key).or_insert_with(|| Usage::new(now));
        let counted = usage.count(now, limits, may_follow);
        (*usage, counted)
    }
}

/// Counts a request of a key, where the server limits them.
pub(super) fn count(request: &Request, caller: &Caller) -> poem::Result<()> {
    let Some(context) = request.data::<Arc<Context>>() else {
        return Ok(());
    };
    let (Some(limits), Actor::Key(key)) = (context.usages.limits, caller.actor()) else {
        return Ok(());
    };
    let now = context.engine.clock().now();
    let may_follow = request.uri().path() == WITHOUT_GAP;
    let (usage, counted) = context.usages.count(limits, key.number(), now, may_follow);
    if let Some(besides) = request.data::<Besides>() {
        besides.set(headers(limits, &usage));
    }
    counted.map_err(|refusal| {
        let refused = refused(refusal, limits, &usage, now);
        poem::Error::from_response(refused)
    })
}

/// The names are ours: the vendor mentions some without saying which.
fn headers(limits: RateLimits, usage: &Usage) -> Vec<(HeaderName, HeaderValue)> {
    let left = limits.requests_per_hour.saturating_sub(usage.count);
    vec![
        (
            HeaderName::from_static("x-ratelimit-limit"),
            limits.requests_per_hour.into(),
        ),
        (
            HeaderName::from_static("x-ratelimit-remaining"),
            left.into(),
        ),
        (
            HeaderName::from_static("x-ratelimit-reset"),
            usage.end().unix_timestamp().into(),
        ),
    ]
}

fn refused(refusal: Refusal, limits: RateLimits, usage: &Usage, now: OffsetDateTime) -> Response {
    let body = match refusal {
        Refusal::TooSoon => TooMany {
            error: "Rate limit exceeded. Please wait 2 seconds between requests.".to_owned(),
            retry_after: GAP.whole_seconds(),
            reset_time: None,
        },
        Refusal::TooMany => TooMany {
            error: format!(
                "Hourly rate limit of {} requests exceeded.",
                limits.requests_per_hour
            ),
            retry_after: whole_seconds(usage.end() - now),
            reset_time: milliseconds(usage.end()).ok(),
        },
    };
    let retry_after = body.retry_after;
    let mut response = Reply(body).into_response();
    response.set_status(StatusCode::TOO_MANY_REQUESTS);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, retry_after.into());
    response
}

/// Begun ones count.
fn whole_seconds(time: Duration) -> i64 {
    time.whole_seconds() + i64::from(time.subsec_nanoseconds() > 0)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-01-31 12:00:00 UTC);

    /// Whether requests so many milliseconds after noon are let in; those that need not wait have `+`.
    fn check(requests_per_hour: u32, requests: &[(i64, bool)]) -> Vec<Option<Refusal>> {
        let limits = RateLimits { requests_per_hour };
        let mut usage = Usage::new(NOON);
        let let_in = requests.iter().map(|(after, may_follow)| {
            let now = NOON + Duration::milliseconds(*after);
            usage.count(now, limits, *may_follow).err()
        });
        let_in.collect()
    }

    #[test]
    fn two_seconds_must_be_between_requests() {
        let too_soon = Some(Refusal::TooSoon);
        let asked = [(0, false), (1_999, false), (2_000, false), (3_999, false)];
        assert_eq!(check(40, &asked), [None, too_soon, None, too_soon]);
    }

    #[test]
    fn an_application_need_not_wait_and_makes_nobody_wait() {
        let asked = [(0, true), (1, true), (2, false), (3, true), (4, false)];
        let too_soon = Some(Refusal::TooSoon);
        assert_eq!(check(40, &asked), [None, None, None, None, too_soon]);
    }

    #[test]
    fn an_hour_has_so_many_requests() {
        let hour = 60 * 60 * 1_000;
        let asked = [
            (0, true),
            (1, true),
            (2, true),
            (hour - 1, true),
            (hour, true),
        ];
        let too_many = Some(Refusal::TooMany);
        assert_eq!(check(2, &asked), [None, None, too_many, too_many, None]);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        assert_eq!(check(1, &[(0, false), (-5_000, false)]), [None, None]);
    }

    #[test]
    fn begun_seconds_count() {
        assert_eq!(whole_seconds(Duration::milliseconds(1)), 1);
        assert_eq!(whole_seconds(Duration::HOUR), 3_600);
    }
}
