//! `cargo xtask bench`: sales, replays, decisions, memory and starts, beside what the databases do
//! by themselves.
//!
//! Everything is measured in one run and by turns, so that the ratios hold where the numbers drift.

mod decide;
mod document;
mod floors;
mod footprint;
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

use self::rounds::Pace;
use crate::{process, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Measures for a tenth of the time; docs/PERFORMANCE.md stays as it is.
    #[arg(long)]
    quick: bool,
}

/// Measures everything, prints the tables, and keeps them in docs/PERFORMANCE.md.
///
/// # Errors
/// If something does not start, or an answer is wrong. A target that is missed is no error.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        return run_optimized(arguments);
    }
    let pace = Pace::of(arguments.quick);
    let (mut findings, version) = on_postgres::measure(&pace)?;
    let sqlite = on_sqlite::measure(&pace)?;
    findings.rows.extend(sqlite.rows);
    findings.costs.extend(sqlite.costs);
    findings.rows.extend(decide::measure(arguments.quick)?);

    let (missed, judged) = report::missed(&findings.rows);
    let text = format!(
        "{}\n\n{}\n{} of {judged} targets are met.\n\n{}",
        machine::describe(&version)?,
        report::results(&findings.rows),
        judged - missed,
        report::costs(&findings.costs),
    );
    println!("\n{text}");
    if arguments.quick {
        println!(
            "{} is as it was: --quick measures too little for it.",
            document::PATH
        );
    } else {
        document::write(&text)?;
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
    process::run(&mut cargo)?;
    Ok(ExitCode::SUCCESS)
}
