//! What the server takes: memory when idle and under load, time to start.

use anyhow::Result;

use super::{
    memory::resident_megabytes,
    report::{Judged, Row, Target, number},
    rounds::Pace,
    stand::Stand,
};
use crate::load::Span;

/// How many conversions there are when the start is measured.
const CONVERSIONS: u64 = 100_000;

/// How many connections report them.
const CONNECTIONS: usize = 64;

/// Sets the server up, fills it and restarts it.
///
/// # Errors
/// If the server does not start, or an answer is wrong.
pub(super) fn at_start(mut stand: Stand) -> Result<(Stand, Vec<Row>)> {
    let idle = resident_megabytes(stand.process())?;
    stand.set_up()?;
    println!("reporting {CONVERSIONS} sales");
    stand.report_new(CONNECTIONS, Span::Count(CONVERSIONS))?;
    let (stand, took) = stand.restart()?;
    let rows = vec![
        memory("memory, idle", idle, 40.0),
        Row {
            case: "start to first answer, 100,000 conversions".to_owned(),
            measured: format!("{} ms", number(took.as_secs_f64() * 1e3)),
            floor: String::new(),
            judged: Judged {
                value: took.as_secs_f64() * 1e3,
                unit: " ms",
                target: Target::None,
            },
        },
    ];
    Ok((stand, rows))
}

/// Lets the server work for a while.
///
/// # Errors
/// If an answer is wrong.
pub(super) fn under_load(mut stand: Stand, connections: usize, pace: &Pace) -> Result<Vec<Row>> {
    let seconds = pace.endurance.as_secs();
    println!("{seconds} s at {connections} connections");
    let span = Span::Time {
        warm_up: pace.warm_up,
        measured: pace.endurance,
    };
    stand.report_new(connections, span)?;
    let megabytes = resident_megabytes(stand.process())?;
    let case = format!("memory after {seconds} s at {connections} connections");
    Ok(vec![memory(&case, megabytes, 150.0)])
}

fn memory(case: &str, megabytes: f64, most: f64) -> Row {
    Row {
        case: case.to_owned(),
        measured: format!("{} MB", number(megabytes)),
        floor: String::new(),
        judged: Judged {
            value: megabytes,
            unit: " MB",
            target: Target::AtMost(most),
        },
    }
}
