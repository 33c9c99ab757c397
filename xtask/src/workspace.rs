//! Where the workspace is, and which files belong to it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::process;

/// A text file of the workspace.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// The command `program`, to be run at the root.
pub(crate) fn command(program: &str) -> std::process::Command {
    let mut command = std::process::Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo`, to be run at the root.
pub(crate) fn cargo() -> std::process::Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// Every text file that is, or could be, committed; sorted by path.
///
/// # Errors
/// If the root cannot be read.
pub(crate) fn source_files() -> Result<Vec<SourceFile>> {
    let root = root();
    let mut paths = match listed_by_git() {
        Ok(paths) => paths,
        Err(_) => listed_by_walking(&root)?,
    };
    paths.sort();
    paths.dedup();
    let mut files = Vec::new();
    for path in paths {
        // A file that is not UTF-8 is not text; one that is gone was deleted but not yet staged.
        if let Ok(text) = fs::read_to_string(root.join(&path)) {
            files.push(SourceFile { path, text });
        }
    }
    Ok(files)
}

fn listed_by_git() -> Result<Vec<String>> {
    let listing = process::capture(command("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    Ok(listing
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect())
}

/// For an unpacked archive, or where git is absent or refuses.
fn listed_by_walking(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if name != "target" && name != ".git" && name != "node_modules" {
                    folders.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpacked_archive_has_its_files_without_the_built_ones() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/lib.rs", "target/debug/out", ".git/HEAD"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(listed_by_walking(folder.path()).unwrap(), ["src/lib.rs"]);
    }
}
