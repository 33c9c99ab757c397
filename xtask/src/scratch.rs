//! A folder for the time of a command, gone however xtask ends.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cleanup::Cleanup;

/// A temporary folder that is removed when it is dropped or xtask is interrupted.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    _cleanup: Cleanup,
}

impl Scratch {
    /// # Errors
    /// If no temporary folder can be made.
    pub(crate) fn new() -> Result<Self> {
        let folder = TempDir::with_prefix("accrual-").context("no temporary folder can be made")?;
        let path = folder.path().to_path_buf();
        Ok(Self {
            path,
            _cleanup: Cleanup::new(move || drop(folder)),
        })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The URL of a SQLite database in it.
    pub(crate) fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.sqlite_path().display())
    }

    /// The file of that database.
    pub(crate) fn sqlite_path(&self) -> PathBuf {
        self.path.join("accrual.db")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_gone_when_it_is_dropped() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_path_buf();
        std::fs::write(path.join("file"), "").unwrap();
        drop(scratch);
        assert!(!path.exists());
    }
}
