//! Child processes that end with xtask.
//!
//! Each child leads a process group of its own: an interrupt reaches it through [`cleanup`], with
//! everything that it started, and never before xtask knows.
//!
//! [`cleanup`]: crate::cleanup

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Output, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::cleanup::Cleanup;

/// Runs `command` with its output shown.
///
/// # Errors
/// If it cannot be started, or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let (mut child, cleanup) = spawn(command.stdin(Stdio::null()))?;
    let status = child.wait();
    cleanup.forget();
    check(command, status?)
}

/// Runs `command` with its output shown, and also gives each line of its standard output to
/// `each_line`.
///
/// # Errors
/// If it cannot be started, or fails.
pub(crate) fn run_watched(command: &mut Command, mut each_line: impl FnMut(&str)) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let (mut child, cleanup) = spawn(command)?;
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            std::io::stdout().write_all(&line)?;
            each_line(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
    let status = child.wait();
    cleanup.forget();
    check(command, status?)
}

/// Runs `command` and returns its standard output.
///
/// # Errors
/// If it cannot be started, or fails; then the message has its standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            name(command),
            output.status,
            said.trim()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} did not print text", name(command)))
}

/// Whether `command` can be started and succeeds; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok_and(|output| output.status.success())
}

/// Starts `command` in a process group of its own, which is ended when the [`Cleanup`] is dropped
/// or xtask is interrupted.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn spawn(command: &mut Command) -> Result<(Child, Cleanup)> {
    let child = command
        .process_group(0)
        .spawn()
        .with_context(|| format!("{} cannot be started", name(command)))?;
    let group = child.id();
    let cleanup = Cleanup::new(move || terminate_group(group));
    Ok((child, cleanup))
}

fn output(command: &mut Command) -> Result<Output> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (child, cleanup) = spawn(command)?;
    let output = child.wait_with_output();
    cleanup.forget();
    output.with_context(|| format!("{} cannot be read", name(command)))
}

/// Through `sh`, because its `kill` is built in: a minimal image has no other.
fn terminate_group(group: u32) {
    let _ = Command::new("sh")
        .args(["-c", &format!("kill -s TERM -- -{group}")])
        .stderr(Stdio::null())
        .status();
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// The program and its first argument: enough to know it again.
fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or(&program).to_owned();
    match command.get_args().next() {
        Some(first) => format!("{program} {}", first.to_string_lossy()),
        None => program,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_is_captured() {
        assert_eq!(capture(&mut shell("echo yes")).unwrap(), "yes\n");
    }

    #[test]
    fn a_failure_shows_what_was_said() {
        let error = capture(&mut shell("echo no >&2; exit 3")).unwrap_err();
        assert!(error.to_string().ends_with(": no"), "{error}");
    }

    #[test]
    fn lines_are_watched() {
        let mut lines = Vec::new();
        run_watched(&mut shell("echo one; echo two"), |line| {
            lines.push(line.to_owned());
        })
        .unwrap();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_dropped_child_ends_with_what_it_started() {
        let started = Instant::now();
        let (mut child, cleanup) = spawn(&mut shell("sleep 60 & wait")).unwrap();
        drop(cleanup);
        assert!(!child.wait().unwrap().success());
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
