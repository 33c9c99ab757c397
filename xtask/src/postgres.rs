//! A throwaway PostgreSQL cluster: its own folder, port and server, gone when it is dropped.

mod account;
mod installation;

use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use self::{account::Account, installation::Installation};
use crate::{cleanup::Cleanup, process};

/// Between choosing a free port and listening on it, another program may take it.
const PORT_ATTEMPTS: u32 = 3;

/// Within the cluster's folder, which also has its socket and its log.
const DATA: &str = "data";

/// What a caller may change.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Lines of `postgresql.conf`, which come after the cluster's own and so win over them:
    /// `("shared_buffers", "1GB")`.
    pub(crate) settings: Vec<(&'static str, String)>,
}

/// A running cluster, with the durability that PostgreSQL has by default.
///
/// It listens on loopback, trusts everyone who can connect there, and has one role, `postgres`.
#[derive(Debug)]
pub(crate) struct Cluster {
    installation: Installation,
    account: Account,
    port: u16,
    /// Stops the server and removes its folder.
    _cleanup: Cleanup,
}

impl Cluster {
    /// Creates and starts a cluster, and waits until it can be used.
    ///
    /// # Errors
    /// If PostgreSQL is absent and cannot be installed, or does not start.
    pub(crate) fn start(options: &Options) -> Result<Self> {
        let installation = Installation::find_or_install()?;
        let folder = TempDir::with_prefix_in("accrual-postgres-", account::shared_folder())
            .context("no temporary folder can be made")?;
        let account = Account::owning(folder.path())?;
        let path = folder.path().to_path_buf();

        // Before anything runs, so that an interrupt during the start finds something to undo.
        let stop = StopCommand {
            program: installation.bin("pg_ctl"),
            account: account.clone(),
        };
        let cleanup = Cleanup::new(move || {
            stop.run(&folder.path().join(DATA));
            drop(folder);
        });

        process::capture(
            account
                .command(&installation.bin("initdb"))
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
                .args(["--no-locale", "--pgdata"])
                .arg(path.join(DATA)),
        )?;
        let port = start_server(&installation, &account, &path, options)?;
        Ok(Self {
            installation,
            account,
            port,
            _cleanup: cleanup,
        })
    }

    /// Where `database` is: `postgres://postgres@127.0.0.1:PORT/DATABASE`.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// # Errors
    /// If it exists, or the server does not answer.
    pub(crate) fn create_database(&self, name: &str) -> Result<()> {
        process::capture(
            self.account
                .command(&self.bin("psql"))
                .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
                .arg(self.url("postgres"))
                .args(["--command", &format!("CREATE DATABASE \"{name}\"")]),
        )?;
        Ok(())
    }

    /// The program `name` of the cluster's own version: `psql`, `pgbench`.
    pub(crate) fn bin(&self, name: &str) -> PathBuf {
        self.installation.bin(name)
    }

    /// `17.2`.
    pub(crate) fn version(&self) -> &str {
        self.installation.version()
    }
}

fn start_server(
    installation: &Installation,
    account: &Account,
    folder: &Path,
    options: &Options,
) -> Result<u16> {
    let data = folder.join(DATA);
    let log = folder.join("log");
    let configuration = data.join("postgresql.conf");
    let defaults = fs::read_to_string(&configuration)?;
    let mut attempt = 1;
    loop {
        let port = free_port()?;
        let own = settings(port, folder, options);
        fs::write(&configuration, format!("{defaults}\n{own}"))?;
        let mut pg_ctl = account.command(&installation.bin("pg_ctl"));
        pg_ctl.args(["start", "--wait", "--silent", "--pgdata"]);
        pg_ctl.arg(&data).arg("--log").arg(&log);
        match process::run(&mut pg_ctl) {
            Ok(()) => return Ok(port),
            Err(_) if attempt < PORT_ATTEMPTS => attempt += 1,
            Err(error) => {
                let said = fs::read_to_string(&log).unwrap_or_default();
                return Err(error.context(format!("PostgreSQL does not start:\n{said}")));
            }
        }
    }
}

/// Lines of `postgresql.conf`; of two for one setting, the last counts.
fn settings(port: u16, socket_folder: &Path, options: &Options) -> String {
    let own = [
        ("port", port.to_string()),
        ("listen_addresses", "127.0.0.1".to_owned()),
        (
            "unix_socket_directories",
            socket_folder.display().to_string(),
        ),
        ("max_connections", "200".to_owned()),
        ("fsync", "on".to_owned()),
        ("synchronous_commit", "on".to_owned()),
    ];
    own.iter()
        .chain(&options.settings)
        .map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''")))
        .collect()
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

struct StopCommand {
    program: PathBuf,
    account: Account,
}

impl StopCommand {
    /// Tries a fast stop, then one without a last checkpoint. Not through [`process`]: this runs
    /// while the list of what must be undone is locked.
    fn run(&self, data: &Path) {
        for mode in ["fast", "immediate"] {
            if !data.join("postmaster.pid").exists() {
                return;
            }
            let _ = self
                .account
                .command(&self.program)
                .args(["stop", "--wait", "--silent", "--mode", mode, "--pgdata"])
                .arg(data)
                .process_group(0)
                .status();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_callers_setting_comes_last_and_is_quoted() {
        let options = Options {
            settings: vec![("max_connections", "20'0".to_owned())],
        };
        let lines = settings(5999, Path::new("/tmp/x"), &options);
        assert!(lines.starts_with("port = '5999'\n"), "{lines}");
        assert!(lines.ends_with("max_connections = '20''0'\n"), "{lines}");
    }

    /// A test installs nothing, so it needs PostgreSQL to be there.
    #[test]
    fn a_cluster_serves_a_new_database_and_leaves_nothing() {
        if Installation::find().is_none() {
            println!("skipped: PostgreSQL is not installed");
            return;
        }
        let cluster = Cluster::start(&Options::default()).unwrap();
        cluster.create_database("accrual").unwrap();
        let show = |what: &str| {
            let mut psql = Command::new(cluster.bin("psql"));
            psql.args(["-XAtc", what]).arg(cluster.url("accrual"));
            process::capture(&mut psql).unwrap().trim().to_owned()
        };
        assert_eq!(show("SHOW fsync"), "on");
        assert_eq!(show("SHOW synchronous_commit"), "on");
        assert!(show("SHOW server_version").starts_with(cluster.version()));
        let folder = PathBuf::from(show("SHOW unix_socket_directories"));
        assert!(folder.exists());
        drop(cluster);
        assert!(!folder.exists());
    }
}
