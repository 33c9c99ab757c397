//! Everything a contributor runs: `cargo xtask --help` lists it.
//!
//! What a command starts (servers, databases, child processes) ends with it, also on Ctrl-C.

mod bench;
mod check;
mod cleanup;
mod http;
mod load;
mod postgres;
mod process;
mod prove;
mod replay;
mod run;
mod scratch;
mod server;
mod shown;
mod spec;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, checks and measures Accrual.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs every check and every test, on SQLite, in memory and on PostgreSQL.
    Test(test::Arguments),
    /// Checks the layers, the style, the documents and the licences.
    Check,
    /// Writes openapi/*.json from the code.
    Spec(spec::Arguments),
    /// Sends a file of orders and refunds through a server, and reconciles what it keeps with it.
    Replay(replay::Arguments),
    /// Tries what is promised against a server that is killed.
    Prove(prove::Arguments),
    /// Measures sales, replays, decisions, memory and starts beside what the database alone does.
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let result = cleanup::on_interrupt().and_then(|()| match command {
        Command::Test(arguments) => test::run(&arguments),
        Command::Check => check::run().map(done),
        Command::Spec(arguments) => spec::run(&arguments).map(done),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}
