//! The cases on PostgreSQL.

use anyhow::Result;

use super::{
    floors::{self, Floors},
    footprint,
    processor_time::Processes,
    report::{Cost, Findings, Judged, Row, Target, milliseconds, rate},
    rounds::{Pace, median},
    stand::Stand,
};
use crate::{
    load::Tally,
    postgres::{Cluster, Options},
};

const DATABASE: &str = "accrual";

/// How many connections, or clients, are busy at once.
const MANY: usize = 64;

/// What the rounds have found, in sales a second and seconds.
#[derive(Debug, Default)]
struct Samples {
    bare: Vec<f64>,
    naive: Vec<f64>,
    naive_alone: Vec<f64>,
    new: Vec<f64>,
    new_p50: Vec<f64>,
    new_p99: Vec<f64>,
    again: Vec<f64>,
    alone_p50: Vec<f64>,
}

/// Measures everything on a cluster of its own.
///
/// # Errors
/// If the cluster or the server does not start, or an answer is wrong.
pub(super) fn measure(pace: &Pace) -> Result<(Findings, String)> {
    let cluster = Cluster::start(&Options::default())?;
    cluster.create_database(DATABASE)?;
    let stand = Stand::open(&cluster.url(DATABASE))?;
    let (stand, mut footprint) = footprint::at_start(stand)?;
    let mut findings = Findings::default();
    let stand = rounds(&cluster, stand, pace, &mut findings)?;
    footprint.extend(footprint::under_load(stand, MANY, pace)?);
    findings.rows.extend(footprint);
    Ok((findings, cluster.version().to_owned()))
}

fn rounds(
    cluster: &Cluster,
    mut stand: Stand,
    pace: &Pace,
    findings: &mut Findings,
) -> Result<Stand> {
    let mut floors = Floors::make(cluster, DATABASE)?;
    let processes = Processes {
        server: stand.process(),
        postmaster: Some(floors::postmaster(cluster)?),
    };
    let mut samples = Samples::default();
    for round in 1..=pace.rounds {
        println!("PostgreSQL, round {round} of {}", pace.rounds);
        samples.bare.push(floors.bare(MANY, pace)?.rate);
        let before = processes.used()?;
        let new = stand.report_new(MANY, pace.span())?;
        let between = processes.used()?;
        samples.naive.push(floors.naive(MANY, pace)?.rate);
        let later = processes.used()?;
        let again = stand.report_again(MANY, pace.span())?;
        let after = processes.used()?;
        samples.add(&new, &again);
        let alone = floors.naive(1, pace)?;
        samples.naive_alone.push(alone.median.as_secs_f64());
        let alone = stand.report_new(1, pace.span())?;
        samples.alone_p50.push(alone.latency(0.5).as_secs_f64());
        if round == pace.rounds {
            let cost = |case: &str, micros| Cost {
                case: case.to_owned(),
                micros,
            };
            findings.costs.push(cost(
                "new references, PostgreSQL",
                between.micros_each(before, new.answers),
            ));
            findings.costs.push(cost(
                "replays, PostgreSQL",
                after.micros_each(later, again.answers),
            ));
        }
    }
    findings.rows.extend(samples.rows());
    Ok(stand)
}

impl Samples {
    fn add(&mut self, new: &Tally, again: &Tally) {
        self.new.push(new.rate());
        self.new_p50.push(new.latency(0.5).as_secs_f64());
        self.new_p99.push(new.latency(0.99).as_secs_f64());
        self.again.push(again.rate());
    }

    fn rows(self) -> Vec<Row> {
        let new = median(self.new);
        let (p50, p99) = (median(self.new_p50), median(self.new_p99));
        let alone = median(self.alone_p50);
        let naive_alone = median(self.naive_alone);
        let (bare, naive, again) = (median(self.bare), median(self.naive), median(self.again));
        let row = |case: &str, measured, floor, ratio, target| Row {
            case: case.to_owned(),
            measured,
            floor,
            judged: Judged::ratio(ratio, target),
        };
        vec![
            row(
                "Growi POST, 64 connections, PostgreSQL",
                rate(new),
                format!("a bare durable INSERT, 64 clients: {}", rate(bare)),
                new / bare,
                Target::AtLeast(1.0),
            ),
            row(
                "the same",
                rate(new),
                format!("the same rows, a transaction a sale: {}", rate(naive)),
                new / naive,
                Target::AtLeast(6.0),
            ),
            row(
                "its p99",
                milliseconds(p99),
                format!("its p50: {}", milliseconds(p50)),
                p99 / p50,
                Target::AtMost(4.0),
            ),
            row(
                "replays, 64 connections, PostgreSQL",
                rate(again),
                format!("new references: {}", rate(new)),
                again / new,
                Target::AtLeast(1.2),
            ),
            row(
                "p50 with one connection, PostgreSQL",
                milliseconds(alone),
                format!(
                    "the same rows, a transaction a sale: {}",
                    milliseconds(naive_alone)
                ),
                alone / naive_alone,
                Target::AtMost(2.0),
            ),
        ]
    }
}
