//! What came back.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use hdrhistogram::Histogram;

use super::Expected;
use crate::http::Head;

/// In microseconds: what is slower is counted as this.
const SLOWEST_MICROS: u64 = 60_000_000;

/// What came back: how much, how fast, and whether it was right.
#[derive(Debug)]
pub(crate) struct Tally {
    expected: Expected,
    /// From when, and for how long, answers are measured; all of them, if absent.
    window: Option<(Instant, Duration)>,
    /// Answers as expected, also those that were not measured.
    pub(crate) answers: u64,
    /// Answers as expected while it was measured.
    pub(crate) measured: u64,
    /// How long it was measured.
    pub(crate) elapsed: Duration,
    /// Of the measured answers, in microseconds.
    latencies: Histogram<u64>,
    /// How often another answer came, by status, and the first one's text.
    wrong: BTreeMap<u16, u64>,
    first_wrong: String,
}

impl Tally {
    pub(super) fn new(expected: Expected, window: Option<(Instant, Duration)>) -> Result<Self> {
        Ok(Self {
            expected,
            window,
            answers: 0,
            measured: 0,
            elapsed: window.map_or(Duration::ZERO, |(_, measured)| measured),
            latencies: Histogram::new_with_bounds(1, SLOWEST_MICROS, 3)
                .context("the histogram's bounds are wrong")?,
            wrong: BTreeMap::new(),
            first_wrong: String::new(),
        })
    }

    pub(super) fn add(&mut self, head: &Head, text: &[u8], sent: Instant) {
        let Expected { status, is_replay } = self.expected;
        if (head.status, head.is_replay) != (status, is_replay) {
            if self.wrong.is_empty() {
                self.first_wrong = String::from_utf8_lossy(text).into_owned();
            }
            *self.wrong.entry(head.status).or_default() += 1;
            return;
        }
        self.answers += 1;
        let now = Instant::now();
        let is_measured = self
            .window
            .is_none_or(|(from, measured)| now >= from && now < from + measured);
        if is_measured {
            self.measured += 1;
            let micros = u64::try_from((now - sent).as_micros()).unwrap_or(SLOWEST_MICROS);
            self.latencies.saturating_record(micros);
        }
    }

    /// # Errors
    /// If any answer was not the one expected.
    pub(super) fn check(&self) -> Result<()> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let Expected { status, is_replay } = self.expected;
        let counts: Vec<String> = self
            .wrong
            .iter()
            .map(|(status, count)| format!("{count} answers {status}"))
            .collect();
        bail!(
            "{} answers were as expected ({status}, {}), but there were {}; the first was:\n{}",
            self.answers,
            if is_replay { "a replay" } else { "no replay" },
            counts.join(" and "),
            self.first_wrong
        );
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let measured = self.measured as f64;
        measured / self.elapsed.as_secs_f64()
    }

    /// The latency that this share of the answers does not exceed: `0.5` is the median.
    pub(crate) fn latency(&self, quantile: f64) -> Duration {
        Duration::from_micros(self.latencies.value_at_quantile(quantile))
    }
}
