//! Steps that are run one after another, and the table that sums them up.

use std::{
    fmt,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;

/// What became of a step that did not fail.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// Passed, with something to say in the table.
    PassedWith(String),
    /// Not run, with the reason.
    Skipped(String),
}

#[derive(Debug)]
struct Step {
    title: &'static str,
    result: Result<Outcome>,
    took: Duration,
}

/// The steps so far, in the order they ran.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Runs `work` under a heading; a failure is kept, so that the next step runs too.
    pub(crate) fn step(&mut self, title: &'static str, work: impl FnOnce() -> Result<Outcome>) {
        println!("\n=== {title}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let step = Step {
            title,
            result,
            took,
        };
        println!("--- {step}");
        self.steps.push(step);
    }

    /// Prints the table, then `notes`, then one closing line that counts the steps; the exit code
    /// is a failure if one of them failed.
    pub(crate) fn close(self, notes: &[String]) -> ExitCode {
        println!("\n=== summary");
        for step in &self.steps {
            println!("{step}");
        }
        println!();
        for note in notes {
            println!("{note}");
        }
        println!("{}", self.closing_line());
        if self.steps.iter().any(|step| step.result.is_err()) {
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }

    fn closing_line(&self) -> String {
        let mut passed = 0;
        let mut failed = 0;
        let mut skipped = 0;
        for step in &self.steps {
            match step.result {
                Ok(Outcome::Passed | Outcome::PassedWith(_)) => passed += 1,
                Ok(Outcome::Skipped(_)) => skipped += 1,
                Err(_) => failed += 1,
            }
        }
        let mut line = format!("{passed} passed, {failed} failed");
        if skipped > 0 {
            line.push_str(&format!(", {skipped} skipped"));
        }
        line
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, why) = match &self.result {
            Ok(Outcome::Passed) => ("passed", String::new()),
            Ok(Outcome::PassedWith(note)) => ("passed", note.clone()),
            Ok(Outcome::Skipped(why)) => ("skipped", why.clone()),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        let line = format!(
            "{word:<7}  {:<30} {:>7.1} s  {why}",
            self.title,
            self.took.as_secs_f64()
        );
        f.write_str(line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn every_step_runs_and_the_last_line_counts_them() {
        let mut report = Report::default();
        report.step("one", || Ok(Outcome::Passed));
        report.step("two", || bail!("broken"));
        report.step("three", || Ok(Outcome::PassedWith("12 files".to_owned())));
        assert_eq!(report.closing_line(), "2 passed, 1 failed");
        report.step("four", || Ok(Outcome::Skipped("no node".to_owned())));
        assert_eq!(report.closing_line(), "2 passed, 1 failed, 1 skipped");
        assert_eq!(report.close(&[]), ExitCode::FAILURE);
    }
}
