//! `cargo xtask bench`: sales, replays, decisions, memory and starts, beside what the databases do
//! by themselves.
//!
//! Everything is measured in one run and by turns, so that the ratios hold where the numbers drift.

mod decide;
mod document;
mod floors;
mod footprint;
mod list;
mod machine;
mod memory;
mod on_postgres;
mod on_sqlite;
mod pgbench;
mod processor_time;
mod report;
mod rounds;
mod sales;
mod sqlite;
mod stand;

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use self::{report::Findings, rounds::Pace};
use crate::{process, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Measures for a tenth of the time; docs/PERFORMANCE.md stays as it is.
    #[arg(long)]
    quick: bool,
    /// Measures one part alone; docs/PERFORMANCE.md stays as it is.
    #[arg(long, value_enum)]
    only: Option<Part>,
    #[command(subcommand)]
    what: Option<What>,
}

/// What has a run of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
enum What {
    /// Lists with their totals, from ten thousand sales to ten million: takes half an hour.
    List {
        /// Up to a million sales, and for a shorter time.
        #[arg(long)]
        quick: bool,
        /// On one database alone; docs/PERFORMANCE.md stays as it is.
        #[arg(long, value_enum)]
        only: Option<list::Database>,
    },
}

/// What can be measured alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Sales on PostgreSQL.
    Postgres,
    /// Sales on SQLite.
    Sqlite,
    /// Decisions.
    Decide,
}

/// Measures everything, prints the tables, and keeps them in docs/PERFORMANCE.md.
///
/// # Errors
/// If something does not start, or an answer is wrong. A target that is missed is no error.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        return run_optimized(arguments);
    }
    if let Some(What::List { quick, only }) = arguments.what {
        return list::run(quick, only);
    }
    let pace = Pace::of(arguments.quick);
    let is_meant = |part| arguments.only.is_none_or(|only| only == part);
    let (mut findings, mut version) = (Findings::default(), None);
    if is_meant(Part::Postgres) {
        let (found, measured) = on_postgres::measure(&pace)?;
        findings.extend(found);
        version = Some(measured);
    }
    if is_meant(Part::Sqlite) {
        findings.extend(on_sqlite::measure(&pace)?);
    }
    if is_meant(Part::Decide) {
        findings.rows.extend(decide::measure(arguments.quick)?);
    }

    let (missed, judged) = report::missed(&findings.rows);
    let text = format!(
        "{}\n\n{}\n{} of {judged} targets are met.\n\n{}",
        machine::describe(version.as_deref())?,
        report::results(&findings.rows),
        judged - missed,
        report::costs(&findings.costs),
    );
    println!("\n{text}");
    if arguments.quick || arguments.only.is_some() {
        println!(
            "{} is as it was: it has all of a whole run.",
            document::PATH
        );
    } else {
        document::SALES.write(&text)?;
        println!("{} has these tables now.", document::PATH);
    }
    Ok(ExitCode::SUCCESS)
}

/// The same in a build that is optimized: the load generator takes its processor time from the
/// server.
fn run_optimized(arguments: &Arguments) -> Result<ExitCode> {
    let mut cargo = workspace::cargo();
    cargo.args(["run", "--release", "--package", "xtask", "--", "bench"]);
    if arguments.quick {
        cargo.arg("--quick");
    }
    if let Some(part) = arguments.only.and_then(|part| part.to_possible_value()) {
        cargo.args(["--only", part.get_name()]);
    }
    if let Some(What::List { quick, only }) = arguments.what {
        cargo.arg("list");
        cargo.args(quick.then_some("--quick"));
        if let Some(database) = only.and_then(|database| database.to_possible_value()) {
            cargo.args(["--only", database.get_name()]);
        }
    }
    process::run(&mut cargo)?;
    Ok(ExitCode::SUCCESS)
}
