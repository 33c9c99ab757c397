//! How much memory a process has.

use std::fs;

use anyhow::{Context, Result};

/// What is resident of a process, in megabytes (of 1,000,000 bytes).
///
/// # Errors
/// If it has ended.
pub(super) fn resident_megabytes(process: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))
        .with_context(|| format!("process {process} has ended"))?;
    parse(&text).context("/proc has no VmRSS")
}

fn parse(text: &str) -> Option<f64> {
    let value = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = value.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read() {
        let megabytes = parse("VmPeak:\t 9 kB\nVmRSS:\t   20000 kB\n").unwrap();
        assert!((megabytes - 20.48).abs() < 1e-9);
        assert!(resident_megabytes(std::process::id()).unwrap() > 0.1);
    }
}
