//! The cases on SQLite.

use anyhow::Result;
use tempfile::TempDir;

use super::{
    processor_time::Processes,
    report::{Cost, Findings, Judged, Row, Target, milliseconds, rate},
    rounds::{Pace, median},
    sqlite,
    stand::Stand,
};

/// How many connections are busy at once.
const MANY: usize = 64;

/// What the rounds have found, in sales a second and seconds.
#[derive(Debug, Default)]
struct Samples {
    bare: Vec<f64>,
    new: Vec<f64>,
    new_p50: Vec<f64>,
    new_p99: Vec<f64>,
    again: Vec<f64>,
    alone_p50: Vec<f64>,
}

/// Measures everything in a folder of its own.
///
/// # Errors
/// If the server does not start, or an answer is wrong.
pub(super) fn measure(pace: &Pace) -> Result<Findings> {
    let folder = TempDir::new()?;
    let file = folder.path().join("accrual.db");
    let mut stand = Stand::open(&format!("sqlite:{}", file.display()))?;
    stand.set_up()?;
    let processes = Processes {
        server: stand.process(),
        postmaster: None,
    };
    let mut samples = Samples::default();
    let mut findings = Findings::default();
    for round in 1..=pace.rounds {
        println!("SQLite, round {round} of {}", pace.rounds);
        samples.bare.push(sqlite::bare_rate(pace.turn)?);
        let before = processes.used()?;
        let new = stand.report_new(MANY, pace.span())?;
        let after = processes.used()?;
        samples.new.push(new.rate());
        samples.new_p50.push(new.latency(0.5).as_secs_f64());
        samples.new_p99.push(new.latency(0.99).as_secs_f64());
        let again = stand.report_again(MANY, pace.span())?;
        samples.again.push(again.rate());
        let alone = stand.report_new(1, pace.span())?;
        samples.alone_p50.push(alone.latency(0.5).as_secs_f64());
        if round == pace.rounds {
            findings.costs.push(Cost {
                case: "new references, SQLite".to_owned(),
                micros: after.micros_each(before, new.answers),
            });
        }
    }
    findings.rows = samples.rows();
    Ok(findings)
}

impl Samples {
    fn rows(self) -> Vec<Row> {
        let (bare, new, again) = (median(self.bare), median(self.new), median(self.again));
        let (p50, p99) = (median(self.new_p50), median(self.new_p99));
        let alone = median(self.alone_p50);
        let row = |case: &str, measured, floor, ratio, target| Row {
            case: case.to_owned(),
            measured,
            floor,
            judged: Judged::ratio(ratio, target),
        };
        vec![
            row(
                "Growi POST, 64 connections, SQLite",
                rate(new),
                format!("a bare durable INSERT, C interface: {}", rate(bare)),
                new / bare,
                Target::AtLeast(2.5),
            ),
            row(
                "its p99",
                milliseconds(p99),
                format!("its p50: {}", milliseconds(p50)),
                p99 / p50,
                Target::None,
            ),
            row(
                "replays, 64 connections, SQLite",
                rate(again),
                format!("new references: {}", rate(new)),
                again / new,
                Target::None,
            ),
            row(
                "p50 with one connection, SQLite",
                milliseconds(alone),
                format!("a bare durable INSERT: {}", milliseconds(1.0 / bare)),
                alone * bare,
                Target::None,
            ),
        ]
    }
}
