//! Who runs the server: PostgreSQL refuses root.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::process;

/// Tried in this order when xtask runs as root.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The user that owns a cluster's folder and runs its programs.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// User and group id, if they are not those of xtask.
    other: Option<(u32, u32)>,
    folder: PathBuf,
}

impl Account {
    /// The account for a cluster in `folder`, a new folder; where xtask is root, gives it away.
    ///
    /// # Errors
    /// If xtask is root and there is no other user.
    pub(crate) fn owning(folder: &Path) -> Result<Self> {
        let mut other = None;
        if fs::metadata(folder)?.uid() == 0 {
            let (user, group) = unprivileged()?;
            std::os::unix::fs::chown(folder, Some(user), Some(group))?;
            other = Some((user, group));
        }
        Ok(Self {
            other,
            folder: folder.to_path_buf(),
        })
    }

    /// `program`, to be run as this user, in its folder, without settings from the environment.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).stdin(Stdio::null());
        if let Some((user, group)) = self.other {
            command.gid(group).uid(user);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        command
    }
}

/// The folder for temporary files, if another user can enter it, else the system's.
pub(crate) fn shared_folder() -> PathBuf {
    let own = std::env::temp_dir();
    let is_open = |folder: &Path| {
        fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    };
    if own.ancestors().all(is_open) {
        own
    } else {
        PathBuf::from("/tmp")
    }
}

fn unprivileged() -> Result<(u32, u32)> {
    for name in UNPRIVILEGED {
        let id = |option| process::capture(Command::new("id").args([option, name]));
        if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
            let parse = |text: String| text.trim().parse().context("`id` printed no number");
            return Ok((parse(user)?, parse(group)?));
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}
