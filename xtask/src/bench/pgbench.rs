//! What PostgreSQL does by itself, measured with its own pgbench.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{postgres::Cluster, process};

/// One of the scripts next to this file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// What pgbench found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Floor {
    /// Transactions a second.
    pub(super) rate: f64,
    /// The median of a transaction.
    pub(super) median: Duration,
}

/// How a script is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub(super) database: &'a str,
    pub(super) clients: usize,
    pub(super) length: Duration,
    /// The script's variables, with their values.
    pub(super) variables: &'a [(&'a str, &'a str)],
}

/// Runs a script, each client over a connection of its own, in prepared statements.
///
/// # Errors
/// If pgbench cannot be started, or a transaction fails.
pub(super) fn run(cluster: &Cluster, script: Script, turn: &Turn<'_>) -> Result<Floor> {
    let folder = TempDir::new()?;
    let file = folder.path().join(script.name);
    fs::write(&file, script.text)?;
    let log = folder.path().join("log");
    let mut pgbench = Command::new(cluster.bin("pgbench"));
    pgbench
        .current_dir(folder.path())
        .args(["--no-vacuum", "--protocol=prepared", "--log"])
        .arg(format!("--log-prefix={}", log.display()))
        .arg(format!("--client={}", turn.clients))
        .arg(format!("--jobs={}", turn.clients.min(2)))
        .arg(format!("--time={}", turn.length.as_secs()))
        .arg(format!("--file={}", file.display()));
    for (name, value) in turn.variables {
        pgbench.arg(format!("--define={name}={value}"));
    }
    pgbench.arg(cluster.url(turn.database));
    let said = process::capture(&mut pgbench)?;
    Ok(Floor {
        rate: parse_rate(&said)?,
        median: median_of_logs(folder.path())?,
    })
}

/// Of `tps = 16714.123 (without initial connection time)`.
fn parse_rate(said: &str) -> Result<f64> {
    // Versions before 15 do not count them: they end the client.
    let failed = said
        .lines()
        .find_map(|line| line.strip_prefix("number of failed transactions: "));
    if failed.is_some_and(|count| !count.starts_with("0 ")) {
        bail!("pgbench had transactions that failed:\n{said}");
    }
    said.lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
        .with_context(|| format!("pgbench printed no rate:\n{said}"))
}

fn median_of_logs(folder: &Path) -> Result<Duration> {
    let mut micros = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("log"))
        {
            micros.extend(parse_latencies(&fs::read_to_string(path)?));
        }
    }
    micros.sort_unstable();
    let median = micros
        .get(micros.len() / 2)
        .context("pgbench logged nothing")?;
    Ok(Duration::from_micros(*median))
}

/// Of lines `CLIENT NUMBER MICROSECONDS …`.
fn parse_latencies(log: &str) -> impl Iterator<Item = u64> {
    log.lines()
        .filter_map(|line| line.split(' ').nth(2)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read() {
        let said = "number of failed transactions: 0 (0.000%)\nlatency average = 3.8 ms\n\
                    tps = 16714.123456 (without initial connection time)\n";
        assert!((parse_rate(said).unwrap() - 16_714.123).abs() < 0.001);
        assert!(parse_rate(&said.replace("transactions: 0 ", "transactions: 2 ")).is_err());
    }

    #[test]
    fn latencies_are_read() {
        let log = "0 1 812 0 1700000000 1\n1 1 640 0 1700000000 2\n";
        assert_eq!(parse_latencies(log).collect::<Vec<_>>(), [812, 640]);
    }
}
