//! What one decision costs, beside one multiplication and rounding of decimals: criterion's bench
//! of the crate `commission`, run and read.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;
use tempfile::TempDir;

use super::report::{Judged, Row, Target, number};
use crate::{process, workspace};

/// The benchmarks' folders below criterion's own.
const FLOOR: &str = "floor/multiply_and_round";
const DECISION: &str = "decide/plain";
const RICH: &str = "decide/rich";

/// What criterion keeps of a benchmark, as far as it is read.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    /// In nanoseconds.
    point_estimate: f64,
}

/// # Errors
/// If the bench does not build or fails, or criterion has kept nothing.
pub(super) fn measure(is_quick: bool) -> Result<Vec<Row>> {
    let folder = TempDir::new()?;
    let mut cargo = workspace::cargo();
    cargo
        .args(["bench", "--package", "accrual-commission"])
        .args(["--bench", "decide", "--", "--noplot"])
        .env("CRITERION_HOME", folder.path());
    if is_quick {
        cargo.args(["--warm-up-time", "1", "--measurement-time", "2"]);
    }
    process::run(&mut cargo)?;
    let floor = nanoseconds(folder.path(), FLOOR)?;
    let decision = nanoseconds(folder.path(), DECISION)?;
    let mut rows = rows(floor, decision);
    rows.push(rich(nanoseconds(folder.path(), RICH)?));
    Ok(rows)
}

fn nanoseconds(folder: &Path, benchmark: &str) -> Result<f64> {
    let file = folder.join(benchmark).join("new/estimates.json");
    let text = fs::read_to_string(&file)
        .with_context(|| format!("criterion kept nothing of {benchmark}"))?;
    let estimates: Estimates = serde_json::from_str(&text)
        .with_context(|| format!("criterion's estimates of {benchmark} are not understood"))?;
    Ok(estimates.median.point_estimate)
}

fn rows(floor: f64, decision: f64) -> Vec<Row> {
    let measured = format!("{} ns", number(decision));
    vec![
        Row {
            case: "`decide`, plain terms".to_owned(),
            measured: measured.clone(),
            floor: format!("a decimal multiplied and rounded: {} ns", number(floor)),
            judged: Judged::ratio(decision / floor, Target::AtMost(15.0)),
        },
        Row {
            case: "the same on one core".to_owned(),
            measured,
            floor: String::new(),
            judged: Judged {
                value: 1e9 / decision,
                unit: "/s",
                target: Target::AtLeast(1e6),
            },
        },
    ]
}

/// A sale of four lines under twenty incentives, with tiers and caps.
fn rich(decision: f64) -> Row {
    Row {
        case: "`decide`, rich terms, on one core".to_owned(),
        measured: format!("{} ns", number(decision)),
        floor: String::new(),
        judged: Judged {
            value: 1e9 / decision,
            unit: "/s",
            target: Target::AtLeast(3e5),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_read() {
        let folder = TempDir::new().unwrap();
        let kept = folder.path().join(FLOOR).join("new");
        fs::create_dir_all(&kept).unwrap();
        let text = r#"{"mean":{"point_estimate":9.5},"median":{"point_estimate":8.25}}"#;
        fs::write(kept.join("estimates.json"), text).unwrap();
        assert!((nanoseconds(folder.path(), FLOOR).unwrap() - 8.25).abs() < 1e-9);
        assert!(nanoseconds(folder.path(), DECISION).is_err());
    }

    #[test]
    fn a_decision_is_judged_twice() {
        let [ratio, rate] = rows(8.0, 80.0).try_into().unwrap();
        assert!((ratio.judged.value - 10.0).abs() < 1e-9);
        assert!((rate.judged.value - 12_500_000.0).abs() < 1e-3);
    }
}
