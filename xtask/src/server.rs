//! A server of ours: `accrual serve`, optimized, over a database that the caller names.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{cleanup::Cleanup, http, process, workspace};

/// How long it may take until the server is ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is asked whether it is.
const PAUSE: Duration = Duration::from_millis(2);

/// Between choosing a free port and listening on it, another program may take it.
const PORT_ATTEMPTS: u32 = 3;

/// How many lines of its log are shown if it does not start.
const LINES_SHOWN: usize = 20;

/// A running server; it is stopped gracefully when this is dropped or xtask is interrupted.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Asks it to stop; none once it was killed.
    cleanup: Option<Cleanup>,
    address: SocketAddr,
}

impl Server {
    /// Starts it over the database at `url`, with its log in `folder`, and waits until it is ready.
    ///
    /// # Errors
    /// If it cannot be built, ends, or is not ready in time; the message has the end of its log.
    pub(crate) fn start(url: &str, folder: &Path) -> Result<Self> {
        let program = binary()?;
        let log = folder.join("server.log");
        let mut attempt = 1;
        loop {
            match Self::try_start(&program, url, &log) {
                Ok(server) => return Ok(server),
                Err(_) if attempt < PORT_ATTEMPTS && port_was_taken(&log) => attempt += 1,
                Err(error) => {
                    let said = last_lines(&log);
                    return Err(error.context(format!("the server does not start:\n{said}")));
                }
            }
        }
    }

    fn try_start(program: &Path, url: &str, log: &Path) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let written = fs::File::create(log)
            .with_context(|| format!("{} cannot be written", log.display()))?;
        let mut command = command(program, url);
        command
            .args(["serve", "--listen", &address.to_string()])
            .stdin(Stdio::null())
            .stdout(written.try_clone()?)
            .stderr(written);
        let (child, cleanup) = process::spawn(&mut command)?;
        let mut server = Self {
            child,
            cleanup: Some(cleanup),
            address,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        while !matches!(http::status(self.address, "/readyz"), Ok(200)) {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status})");
            }
            if started.elapsed() > PATIENCE {
                bail!("it was not ready within {} s", PATIENCE.as_secs());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it at once, without a chance to finish anything: SIGKILL.
    ///
    /// # Errors
    /// If it had ended already.
    pub(crate) fn kill(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended by itself ({status})");
        }
        self.child.kill()?;
        self.child.wait()?;
        // Its number may be another process's from now on.
        if let Some(cleanup) = self.cleanup.take() {
            cleanup.forget();
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.cleanup.take());
        let _ = self.child.wait();
    }
}

/// Makes an organization in the database at `url`; answers a key that opens all of it.
///
/// # Errors
/// If there is one of that name, or the database cannot be reached.
pub(crate) fn create_organization(url: &str, name: &str, currency: &str) -> Result<String> {
    let program = binary()?;
    process::capture(command(&program, url).args(["org", "create", name, "--currency", currency]))?;
    let key = process::capture(
        command(&program, url)
            .args(["key", "create", "--org", name])
            .args(["--name", "xtask", "--role", "full"]),
    )?;
    Ok(key.trim().to_owned())
}

/// `accrual` over the database at `url`, whatever the caller's environment says.
fn command(program: &Path, url: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ACCRUAL_") {
            command.env_remove(name);
        }
    }
    command.env("DATABASE_URL", url);
    command
}

/// The program, built once.
fn binary() -> Result<PathBuf> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(built) = BUILT.get() {
        return Ok(built.clone());
    }
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--release", "--package", "accrual-server"]);
    process::run(cargo.args(["--bin", "accrual"]))?;
    let path = target_folder()?.join("release").join("accrual");
    Ok(BUILT.get_or_init(|| path).clone())
}

/// Where cargo puts what it builds, also if it was told another place.
fn target_folder() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut cargo = workspace::cargo();
    let text = process::capture(cargo.args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata =
        serde_json::from_str(&text).context("`cargo metadata` prints another format")?;
    Ok(metadata.target_directory)
}

fn port_was_taken(log: &Path) -> bool {
    last_lines(log).contains("in use")
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(LINES_SHOWN);
    lines[first..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        assert_eq!(last_lines(&log), "");
        let lines: Vec<String> = (1..=30).map(|line| line.to_string()).collect();
        fs::write(&log, lines.join("\n")).unwrap();
        assert!(last_lines(&log).starts_with("11\n12\n"));
        assert!(!port_was_taken(&log));
        fs::write(&log, "Address already in use (os error 98)").unwrap();
        assert!(port_was_taken(&log));
    }
}
