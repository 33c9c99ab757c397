//! `cargo xtask bench list`: what a list with its totals costs, from ten thousand sales to ten million.
//!
//! Each size has a database and a server of its own, and all of them have their turns side by side.

mod filling;
mod questions;

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;
use tempfile::TempDir;

use self::{
    filling::Filled,
    questions::{QUESTIONS, Question},
};
use super::{
    document, machine,
    report::{milliseconds, number, table},
    rounds::{Pace, median},
};
use crate::{
    load::{self, Plan},
    postgres::{Cluster, Options},
};

/// How many sales there are.
const SIZES: [u64; 3] = [10_000, 1_000_000, 10_000_000];

/// A list may cost so many times what it costs at the smallest size.
const GROWTH: f64 = 2.0;

/// Page 1 may cost so many times what one row by its key costs, through the same server.
const OF_ONE_ROW: f64 = 3.0;

/// What one question costs at one size, in seconds.
#[derive(Clone, Copy, Debug)]
struct Cost {
    p50: f64,
    p99: f64,
}

/// What can be measured alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Database {
    /// Lists on PostgreSQL.
    Postgres,
    /// Lists on SQLite.
    Sqlite,
}

/// Measures lists on both databases or the `only` one, prints the tables, and keeps them in
/// docs/PERFORMANCE.md.
///
/// # Errors
/// If something does not start, or an answer is wrong. A target that is missed is no error.
pub(super) fn run(is_quick: bool, only: Option<Database>) -> Result<ExitCode> {
    // Each round asks thirty times: three are enough.
    let pace = Pace {
        rounds: 3,
        ..Pace::of(is_quick)
    };
    let sizes = if is_quick { &SIZES[..2] } else { &SIZES[..] };
    let is_meant = |database| only.is_none_or(|only| only == database);
    let (mut tables, mut version) = (Vec::new(), None);
    if is_meant(Database::Postgres) {
        let (table, measured) = on_postgres(sizes, &pace)?;
        tables.push(table);
        version = Some(measured);
    }
    if is_meant(Database::Sqlite) {
        tables.push(on_sqlite(sizes, &pace)?);
    }

    let machine = machine::describe(version.as_deref())?;
    let text = format!("{machine}\n\n{}", tables.join("\n"));
    if is_quick || only.is_some() {
        println!(
            "{} is as it was: it has all of a whole run.",
            document::PATH
        );
    } else {
        document::LISTS.write(&text)?;
        println!("{} has these tables now.", document::PATH);
    }
    Ok(ExitCode::SUCCESS)
}

/// The table, and which version it was measured on.
fn on_postgres(sizes: &[u64], pace: &Pace) -> Result<(String, String)> {
    let settings = [
        ("max_wal_size", "16GB".to_owned()),
        ("checkpoint_timeout", "30min".to_owned()),
    ];
    let cluster = Cluster::start(&Options {
        settings: settings.to_vec(),
    })?;
    let filled = sizes.iter().map(|&size| filling::postgres(&cluster, size));
    let filled = filled.collect::<Result<Vec<_>>>()?;
    let table = measured("PostgreSQL", &filled, pace)?;
    Ok((table, cluster.version().to_owned()))
}

fn on_sqlite(sizes: &[u64], pace: &Pace) -> Result<String> {
    let folder = TempDir::new()?;
    let filled = sizes
        .iter()
        .map(|&size| filling::sqlite(folder.path(), size));
    let filled = filled.collect::<Result<Vec<_>>>()?;
    measured("SQLite", &filled, pace)
}

/// Asks every question of every size, by turns.
fn measured(database: &str, filled: &[Filled], pace: &Pace) -> Result<String> {
    let mut costs = vec![vec![Vec::new(); filled.len()]; QUESTIONS.len()];
    for round in 1..=pace.rounds {
        println!("lists, {database}, round {round} of {}", pace.rounds);
        for (question, costs) in QUESTIONS.iter().zip(&mut costs) {
            for (one, costs) in filled.iter().zip(costs) {
                costs.push(ask(*question, one, pace)?);
            }
        }
    }
    let costs: Vec<Vec<Cost>> = costs
        .into_iter()
        .map(|sizes| sizes.into_iter().map(middle).collect())
        .collect();
    let table = shown(database, filled, &costs);
    println!("\n{table}");
    Ok(table)
}

fn ask(question: Question, filled: &Filled, pace: &Pace) -> Result<Cost> {
    let plan = Plan {
        address: filled.address(),
        connections: 1,
        span: pace.short_span(),
    };
    let tally = load::run(&plan, question.of(filled))?;
    Ok(Cost {
        p50: tally.latency(0.5).as_secs_f64(),
        p99: tally.latency(0.99).as_secs_f64(),
    })
}

fn middle(rounds: Vec<Cost>) -> Cost {
    Cost {
        p50: median(rounds.iter().map(|cost| cost.p50).collect()),
        p99: median(rounds.iter().map(|cost| cost.p99).collect()),
    }
}

/// A line for each question and size; what is judged is the largest size.
fn shown(database: &str, filled: &[Filled], costs: &[Vec<Cost>]) -> String {
    let header = [
        &format!("lists, {database}"),
        "sales",
        "p50",
        "× smallest",
        "p99",
        "× smallest",
        "target",
        "",
    ];
    let header = header.map(str::to_owned);
    let last = filled.len() - 1;
    let mut lines = Vec::new();
    for (question, costs) in QUESTIONS.iter().zip(costs) {
        for (index, (one, cost)) in filled.iter().zip(costs).enumerate() {
            let ratios = [cost.p50 / costs[0].p50, cost.p99 / costs[0].p99];
            let judged = (index == last && question.is_list())
                .then(|| ratios.iter().all(|ratio| *ratio <= GROWTH));
            lines.push([
                question.name().to_owned(),
                #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
                number(one.size as f64),
                milliseconds(cost.p50),
                number(ratios[0]),
                milliseconds(cost.p99),
                number(ratios[1]),
                judged.map_or("–".to_owned(), |_| format!("≤ {}", number(GROWTH))),
                verdict(judged),
            ]);
        }
    }
    let one_row = costs[0][last].p50;
    let page = costs[1][last].p50 / one_row;
    let beside = format!(
        "Page 1 with its totals takes {} × what one row by its key takes through the same server \
         (≤ {}): {}.",
        number(page),
        number(OF_ONE_ROW),
        verdict(Some(page <= OF_ONE_ROW)),
    );
    format!("{}\n{beside}\n", table(&header, lines.into_iter()))
}

fn verdict(is_met: Option<bool>) -> String {
    let verdict = match is_met {
        Some(true) => "met",
        Some(false) => "NOT MET",
        None => "–",
    };
    verdict.to_owned()
}
