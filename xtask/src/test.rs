//! Every check and every test, in one command.

mod counts;

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use self::counts::Counts;
use crate::{
    check,
    postgres::{Cluster, Options},
    process,
    run::{Outcome, Report},
    spec, workspace,
};

/// The contract with the tests of every crate: where the database is, that its absence is a
/// failure, and how many cases each property is tried with.
const URL: &str = "ACCRUAL_TEST_POSTGRES_URL";
const REQUIRE: &str = "ACCRUAL_REQUIRE_POSTGRES";
const CASES: &str = "ACCRUAL_PROPTEST_CASES";

const DATABASE: &str = "accrual_test";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Does not test PostgreSQL, where it cannot be had.
    #[arg(long)]
    without_postgres: bool,
    /// How many cases each property is tried with.
    #[arg(long, default_value_t = 10_000)]
    cases: u32,
}

/// What the tests are told of PostgreSQL.
enum Postgres {
    /// A cluster of ours, or one that the caller has given.
    At {
        url: String,
        about: String,
        _cluster: Option<Cluster>,
    },
    NotAsked,
    NotStarted,
}

/// Runs everything, also after a failure, and sums up.
///
/// # Errors
/// None: what fails is in the summary, and in the exit code.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    println!(
        "This checks the format, clippy, the layers and the style, builds the documentation, runs \
         all tests (each property with {} cases) on SQLite, in memory and {}, and compares \
         openapi/ with the code. It goes on after a failure and sums up at the end.",
        arguments.cases,
        if arguments.without_postgres {
            "NOT on PostgreSQL"
        } else {
            "on PostgreSQL"
        },
    );
    let mut report = Report::default();
    report.step("format", || run_cargo(&["fmt", "--all", "--check"]));
    report.step("clippy", clippy);
    report.step("layers, style, licences", || {
        check::run().map(|()| Outcome::Passed)
    });
    report.step("documentation", documentation);

    let mut postgres = Postgres::NotAsked;
    report.step("start PostgreSQL", || {
        if arguments.without_postgres {
            return Ok(Outcome::Skipped("--without-postgres".to_owned()));
        }
        postgres = Postgres::NotStarted;
        postgres = start_postgres()?;
        Ok(Outcome::Passed)
    });
    let mut counts = Counts::default();
    report.step("tests", || {
        run_tests(&postgres, arguments.cases, &mut counts)
    });
    let note = postgres.note();
    drop(postgres);

    report.step("specs are fresh", || {
        spec::check().map(|()| Outcome::Passed)
    });
    report.step("specs are linted", spec::lint);
    Ok(report.close(&[note, format!("Tests: {counts}.")]))
}

fn run_cargo(arguments: &[&str]) -> Result<Outcome> {
    process::run(workspace::cargo().args(arguments))?;
    Ok(Outcome::Passed)
}

fn clippy() -> Result<Outcome> {
    run_cargo(&["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"])
}

/// The crates that others embed are documented without a warning.
fn documentation() -> Result<Outcome> {
    let mut cargo = workspace::cargo();
    cargo
        .args(["doc", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    for name in ["money", "attribution", "commission", "engine"] {
        cargo.args(["--package", &format!("accrual-{name}")]);
    }
    process::run(cargo.args(["--package", "accrual"]))?;
    Ok(Outcome::Passed)
}

fn start_postgres() -> Result<Postgres> {
    if let Ok(url) = std::env::var(URL) {
        println!("{URL} is set: PostgreSQL is tested there");
        return Ok(Postgres::At {
            url,
            about: format!("the one that {URL} names"),
            _cluster: None,
        });
    }
    let cluster = Cluster::start(&Options::default())?;
    cluster.create_database(DATABASE)?;
    let url = cluster.url(DATABASE);
    println!("PostgreSQL {} is at {url}", cluster.version());
    Ok(Postgres::At {
        url,
        about: format!("{}, a throwaway cluster", cluster.version()),
        _cluster: Some(cluster),
    })
}

fn run_tests(postgres: &Postgres, cases: u32, counts: &mut Counts) -> Result<Outcome> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    cargo.env(CASES, cases.to_string());
    postgres.tell(&mut cargo);
    let result = process::run_watched(&mut cargo, |line| counts.add(line));
    result?;
    if counts.passed == 0 {
        bail!("not one test ran");
    }
    Ok(Outcome::PassedWith(counts.to_string()))
}

impl Postgres {
    fn tell(&self, command: &mut Command) {
        match self {
            Self::At { url, .. } => command.env(URL, url).env(REQUIRE, "1"),
            Self::NotAsked | Self::NotStarted => command.env_remove(URL).env_remove(REQUIRE),
        };
    }

    fn note(&self) -> String {
        match self {
            Self::At { about, .. } => format!("PostgreSQL was tested: {about}."),
            Self::NotAsked => "PostgreSQL was NOT tested: --without-postgres was given.".to_owned(),
            Self::NotStarted => "PostgreSQL was NOT tested: it could not be started.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(postgres: &Postgres) -> Vec<(String, Option<String>)> {
        let mut command = Command::new("cargo");
        postgres.tell(&mut command);
        let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
        command
            .get_envs()
            .map(|(name, value)| (text(name), value.map(text)))
            .collect()
    }

    #[test]
    fn where_postgresql_is_there_tests_must_use_it() {
        let postgres = Postgres::At {
            url: "postgres://x".to_owned(),
            about: String::new(),
            _cluster: None,
        };
        let required = (REQUIRE.to_owned(), Some("1".to_owned()));
        assert!(told(&postgres).contains(&required));
    }

    #[test]
    fn where_it_is_not_the_summary_says_so() {
        assert!(
            told(&Postgres::NotAsked)
                .iter()
                .all(|(_, value)| value.is_none())
        );
        assert!(Postgres::NotAsked.note().contains("NOT tested"));
        assert!(Postgres::NotStarted.note().contains("NOT tested"));
    }
}
