//! The specs in openapi/: written from the code, compared with it, and linted.

mod layout;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use serde::de::IgnoredAny;

use crate::{process, run::Outcome, workspace};

/// The dialects whose specs are kept.
pub(crate) const NAMES: [&str; 2] = ["growi", "accrual"];

/// The ruleset is in xtask/redocly.yaml.
const LINTER: &str = "@redocly/cli@2.77.0";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing; fails if a file is not what the code says.
    #[arg(long)]
    check: bool,
    /// Also lints the files with Redocly, through npx.
    #[arg(long)]
    lint: bool,
}

/// # Errors
/// If the code prints no spec, or a check fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.check {
        check()?;
        println!("openapi/ is what the code says");
    } else {
        write()?;
    }
    if arguments.lint
        && let Outcome::Skipped(why) = lint()?
    {
        bail!("openapi/ cannot be linted: {why}");
    }
    Ok(())
}

/// Compares openapi/ with the code.
///
/// # Errors
/// If they differ; then the message says where.
pub(crate) fn check() -> Result<()> {
    let mut differing = Vec::new();
    for name in NAMES {
        let kept = fs::read_to_string(path(name)).unwrap_or_default();
        if let Some(line) = first_difference(&kept, &generate(name)?) {
            differing.push(format!("openapi/{name}.json from line {line}"));
        }
    }
    if !differing.is_empty() {
        bail!(
            "the code says otherwise than {}: run `cargo xtask spec` and commit the result",
            differing.join(", ")
        );
    }
    Ok(())
}

/// Lints openapi/ with Redocly; skipped where it cannot be had.
///
/// # Errors
/// If it has something to say.
pub(crate) fn lint() -> Result<Outcome> {
    if !process::succeeds(workspace::command("npx").arg("--version")) {
        return Ok(Outcome::Skipped("no node (npx)".to_owned()));
    }
    if !process::succeeds(linter().arg("--version")) {
        // Which of the two it is decides what to do about it.
        let mut view = workspace::command("npm");
        view.args(["view", LINTER, "version", "--fetch-retries=0"]);
        if process::succeeds(&mut view) {
            let why = format!("{LINTER} does not run on this version of node");
            return Ok(Outcome::Skipped(why));
        }
        return Ok(Outcome::Skipped(
            "the npm registry cannot be reached".to_owned(),
        ));
    }
    let mut command = linter();
    command.args(["lint", "--config", "xtask/redocly.yaml"]);
    command.args(NAMES.map(|name| format!("openapi/{name}.json")));
    process::run(&mut command)?;
    Ok(Outcome::Passed)
}

fn linter() -> std::process::Command {
    let mut command = workspace::command("npx");
    command
        .args(["--yes", "--fetch-retries=0", LINTER])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command
}

fn write() -> Result<()> {
    for name in NAMES {
        let path = path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, generate(name)?)
            .with_context(|| format!("openapi/{name}.json cannot be written"))?;
        println!("wrote openapi/{name}.json");
    }
    Ok(())
}

fn generate(name: &str) -> Result<String> {
    let mut cargo = workspace::cargo();
    cargo.args(["run", "--quiet", "--package", "accrual-server", "--"]);
    let text = process::capture(cargo.args(["spec", name]))
        .with_context(|| format!("the spec of {name} cannot be generated"))?;
    serde_json::from_str::<IgnoredAny>(&text)
        .with_context(|| format!("the spec of {name} is not JSON"))?;
    Ok(layout::pretty(&text))
}

/// Where the spec of a dialect is kept.
pub(crate) fn path(name: &str) -> PathBuf {
    workspace::root()
        .join("openapi")
        .join(format!("{name}.json"))
}

/// From 1.
fn first_difference(kept: &str, generated: &str) -> Option<usize> {
    if kept == generated {
        return None;
    }
    let same = kept
        .lines()
        .zip(generated.lines())
        .take_while(|(one, other)| one == other)
        .count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
        assert_eq!(first_difference("a", "a\n"), Some(2));
    }
}
