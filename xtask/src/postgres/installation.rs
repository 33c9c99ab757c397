//! Where PostgreSQL's programs are; on Debian, how they get there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::process;

const NEEDED: [&str; 4] = ["initdb", "pg_ctl", "postgres", "psql"];

/// Folders with a folder for each version, and where the programs are in that.
const VERSIONED: [(&str, &str); 6] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/usr/local", "bin"),
    ("/Library/PostgreSQL", "bin"),
];

/// Keeps Debian's package from creating and starting a cluster of its own while it is installed.
const DEBIAN_SWITCH: &str = "/etc/postgresql-common/createcluster.d/accrual-xtask.conf";

/// One version of PostgreSQL.
#[derive(Debug)]
pub(crate) struct Installation {
    folder: PathBuf,
    version: String,
}

impl Installation {
    /// The newest PostgreSQL of this machine.
    pub(crate) fn find() -> Option<Self> {
        candidates()
            .into_iter()
            .filter(|folder| NEEDED.iter().all(|name| folder.join(name).is_file()))
            .filter_map(|folder| {
                let said = process::capture(Command::new(folder.join("postgres")).arg("--version"));
                let version = parse_version(&said.ok()?)?;
                Some(Self { folder, version })
            })
            .max_by_key(|installation| version_key(&installation.version))
    }

    /// The newest PostgreSQL of this machine; installed first if there is none.
    ///
    /// # Errors
    /// If there is none and it cannot be installed; the message says what to install.
    pub(crate) fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        install_on_debian().context(
            "PostgreSQL is not found: install its server (`postgresql` with apt or Homebrew, \
             `postgresql-server` with dnf) or set ACCRUAL_TEST_POSTGRES_URL",
        )?;
        Self::find()
            .context("the package `postgresql` was installed, but its programs are not found")
    }

    pub(crate) fn bin(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// `17.2`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    if let Ok(folder) = process::capture(Command::new("pg_config").arg("--bindir")) {
        folders.push(PathBuf::from(folder.trim()));
    }
    for (parent, inside) in VERSIONED {
        let Ok(entries) = fs::read_dir(parent) else {
            continue;
        };
        folders.extend(entries.flatten().map(|entry| entry.path().join(inside)));
    }
    folders
}

/// From `postgres (PostgreSQL) 15.16 (Debian 15.16-0+deb12u1)`.
fn parse_version(said: &str) -> Option<String> {
    said.split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

/// `9.6` before `15.16` before `17beta1`.
fn version_key(version: &str) -> Vec<u32> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// # Errors
/// Where this is no Debian, or xtask is neither root nor may become it without a password.
fn install_on_debian() -> Result<()> {
    if !process::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("there is no apt-get to install it with");
    }
    let is_root = process::capture(Command::new("id").arg("-u"))?.trim() == "0";
    if !is_root && !process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        bail!("installing it needs root, or sudo without a password");
    }
    println!("PostgreSQL is not installed: installing the package `postgresql`");
    process::run(&mut as_root(is_root, &install_script(DEBIAN_SWITCH)))
}

fn as_root(is_root: bool, script: &str) -> Command {
    let mut command = Command::new(if is_root { "sh" } else { "sudo" });
    if !is_root {
        command.args(["-n", "sh"]);
    }
    command.args(["-c", script]);
    command
}

/// The switch is there only while the package is installed, whatever becomes of it.
fn install_script(switch: &str) -> String {
    let folder = Path::new(switch).parent().unwrap_or(Path::new("/"));
    let folder = folder.display();
    format!(
        "set -e\n\
         mkdir -p {folder}\n\
         trap 'rm -f {switch}' EXIT\n\
         trap 'exit 1' HUP INT TERM\n\
         echo 'create_main_cluster = false' > {switch}\n\
         export DEBIAN_FRONTEND=noninteractive\n\
         apt-get update\n\
         apt-get install -y --no-install-recommends postgresql\n"
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        let said = "postgres (PostgreSQL) 15.16 (Debian 15.16-0+deb12u1)";
        assert_eq!(parse_version(said).as_deref(), Some("15.16"));
        assert!(version_key("15.16") > version_key("9.6"));
        assert!(version_key("17beta1") > version_key("15.16"));
    }

    #[test]
    fn the_package_starts_no_cluster_and_the_switch_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let switch = folder.path().join("createcluster.d/ours.conf");
        let apt_get = folder.path().join("apt-get");
        let script = format!("#!/bin/sh\ncat {}\necho \"$@\"\n", switch.display());
        fs::write(&apt_get, script).unwrap();
        fs::set_permissions(&apt_get, fs::Permissions::from_mode(0o755)).unwrap();

        let path = std::env::var("PATH").unwrap();
        let mut install = as_root(true, &install_script(&switch.display().to_string()));
        install.env("PATH", format!("{}:{path}", folder.path().display()));
        let said = process::capture(&mut install).unwrap();
        assert_eq!(
            said,
            "create_main_cluster = false\nupdate\n\
             create_main_cluster = false\ninstall -y --no-install-recommends postgresql\n"
        );
        assert!(!switch.exists());
    }
}
