//! The command line: one module a command, its flags next to what it does.

pub mod demo;
pub mod explain;
pub mod history;
pub mod key;
pub mod org;
pub mod serve;
pub mod spec;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::configuration::Source;

/// Records affiliate conversions, decides who is credited and what they earn, and says why
///
/// Accrual is one server with one database. Shops report sales to it over HTTP; it finds out which
/// affiliate sent the customer, what that affiliate earns under the program's terms, and keeps the
/// reasons. A sale that is reported again is recognised and never counted twice.
///
/// It speaks the APIs of several affiliate platforms besides its own: a client of one of them
/// changes its base URL and nothing else. Once it runs, /docs lists them all.
#[derive(Debug, Parser)]
#[command(
    name = "accrual",
    version,
    after_help = "Begin with `accrual demo`; `accrual --help` says more.",
    after_long_help = AFTER_LONG_HELP,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    source: Source,
}

const AFTER_LONG_HELP: &str = "\
See it work, in a folder of its own:
  accrual demo

Set up a server, on SQLite in ./accrual-data:
  accrual org create \"Acme\" --currency USD
  accrual key create --org Acme --name checkout --role full
  accrual serve

The same on PostgreSQL, reachable from outside:
  export DATABASE_URL=postgres://accrual:secret@db/accrual
  accrual serve --listen 0.0.0.0:8080

Ask why a conversion earns what it earns, and what became of it:
  accrual explain 2 --org Acme

Ask who has changed it, and what was before:
  accrual history 2 --org Acme

Bring a key along that clients have already:
  accrual key import --org Acme --name checkout < key.txt

Settings: a flag goes before a variable of the environment (ACCRUAL_…, and DATABASE_URL), that
before a line of the file given with --config, that before the default. `accrual serve --help`
lists them, `accrual serve --print-config` shows what is in effect.

Exit codes: 0 done, 1 not done (one sentence on standard error says why), 2 misunderstood.";

// Without texts of their own the commands have those of what they hold.
#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Org(org::Org),
    Key(key::Key),
    Explain(explain::Explain),
    History(history::History),
    #[command(hide = true)]
    Spec(spec::Spec),
}

/// Does what the command line asks for; says on standard error why not, in one sentence.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let Cli { command, source } = cli;
    let done = match command {
        Command::Serve(serve) => serve.run(&source),
        Command::Demo(demo) => demo.run(),
        Command::Org(org) => org.run(&source),
        Command::Key(key) => key.run(&source),
        Command::Explain(explain) => explain.run(&source),
        Command::History(history) => history.run(&source),
        Command::Spec(spec) => spec.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere left to say that standard error is closed.
            let _ = writeln!(std::io::stderr(), "accrual: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes as one sentence on one line.
fn sentence(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        // Many errors repeat their cause in their own text.
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        part.truncate(part.trim_end_matches('.').len());
    }
    let sentence = parts.join(": ");
    if sentence.ends_with('.') {
        sentence
    } else {
        sentence + "."
    }
}

/// Whoever read the output has seen enough, as in `accrual org list | head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_error_is_one_sentence() {
        let cause = std::io::Error::other("no such\n  file.");
        let error = anyhow::Error::from(cause).context("It cannot be read.");
        assert_eq!(sentence(&error), "It cannot be read: no such file.");
        let repeated = anyhow::anyhow!("down").context("cannot connect: down");
        assert_eq!(sentence(&repeated), "cannot connect: down.");
        let nested: anyhow::Error = Err::<(), _>(anyhow::anyhow!("c"))
            .context("b")
            .context("a")
            .unwrap_err();
        assert_eq!(sentence(&nested), "a: b: c.");
    }
}
