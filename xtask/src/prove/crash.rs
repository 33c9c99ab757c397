//! `cargo xtask prove crash`: what was acknowledged is there, once, and nothing else is.
//!
//! Clients report sales, new ones and ones that were sent before, until the server is killed with
//! SIGKILL at a random instant. What they sent and what was acknowledged is in a journal of theirs,
//! which is on the disk before they go on: it is the oracle for what the next server keeps.

mod clients;
mod journal;
mod kept;
mod round;
mod verdict;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;

use self::round::{Findings, Stand};
use crate::{
    postgres::{self, Cluster},
    scratch::Scratch,
};

/// How many broken promises are printed.
const SHOWN: usize = 20;

const DATABASE: &str = "accrual";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How often the server is killed, on each database
    #[arg(long, default_value_t = 30)]
    rounds: u32,
    /// On each database, no further round begins after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// What the instants and the sales follow from; a new one each time, if absent
    #[arg(long)]
    seed: Option<u64>,
    /// Does not try PostgreSQL, where it cannot be had
    #[arg(long)]
    without_postgres: bool,
}

/// Kills and compares, on SQLite and on PostgreSQL.
///
/// # Errors
/// If something does not start, or a server that was not killed stops answering.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("the seed is {seed}: --seed {seed} has the same instants and sales");
    let folder = Scratch::new()?;
    let mut summaries = vec![kill_on("SQLite", &folder.sqlite_url(), arguments, seed)?];
    if arguments.without_postgres {
        println!("PostgreSQL was NOT tried: --without-postgres was given.");
    } else {
        let cluster = Cluster::start(&postgres::Options::default())?;
        cluster.create_database(DATABASE)?;
        let title = format!("PostgreSQL {}", cluster.version());
        summaries.push(kill_on(&title, &cluster.url(DATABASE), arguments, seed)?);
    }
    println!();
    let mut is_kept = true;
    for summary in summaries {
        println!("{}", summary.text);
        is_kept &= summary.is_kept;
    }
    if is_kept {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: a promise is broken (seed {seed})");
    Ok(ExitCode::FAILURE)
}

/// What came of all rounds on one database.
struct Summary {
    text: String,
    is_kept: bool,
}

fn kill_on(title: &str, url: &str, arguments: &Arguments, seed: u64) -> Result<Summary> {
    let folder = Scratch::new()?;
    let mut stand = Stand::open(url, folder.path(), seed)?;
    let limit = arguments.seconds.map(Duration::from_secs);
    let started = Instant::now();
    let mut all = Findings::default();
    let mut rounds = 0;
    while rounds < arguments.rounds && limit.is_none_or(|limit| started.elapsed() < limit) {
        rounds += 1;
        let found = stand.round()?;
        println!("{title}, {rounds:>2} of {}: {found}", arguments.rounds);
        all.add(found);
        if !all.violations.is_empty() {
            break;
        }
    }
    // Once more from the first sale on: what was read before could have gone since.
    all.violations.extend(stand.read_everything()?);
    for violation in all.violations.iter().take(SHOWN) {
        println!("BROKEN  {violation}");
    }
    let is_kept = all.violations.is_empty();
    let verdict = if is_kept {
        "nothing acknowledged is missing, nothing is there twice, nothing was made up".to_owned()
    } else {
        format!("{} PROMISES ARE BROKEN", all.violations.len())
    };
    let text = format!(
        "{title}, {rounds} kills in {} s: {}\n  {}\n  {verdict}",
        started.elapsed().as_secs(),
        all.summary(),
        stand.sums(),
    );
    Ok(Summary { text, is_kept })
}
