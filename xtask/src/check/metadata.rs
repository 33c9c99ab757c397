//! What `cargo metadata` says of the workspace and of all that it depends on.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{process, workspace};

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// One version of a package.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    /// Where it was fetched from; absent for what is in this repository.
    pub(super) source: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

/// What a package's manifest says it needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev` or `build`; absent for a normal one.
    pub(super) kind: Option<String>,
}

impl Dependency {
    pub(super) fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// The packages of this workspace.
///
/// # Errors
/// If cargo cannot read a manifest.
pub(super) fn members() -> Result<Vec<Package>> {
    read(&["--no-deps"])
}

/// The packages of this workspace and all that they depend on, on every platform.
///
/// # Errors
/// If cargo cannot read a manifest, or fetch a package that is not here yet.
pub(super) fn all_packages() -> Result<Vec<Package>> {
    read(&[])
}

fn read(options: &[&str]) -> Result<Vec<Package>> {
    let mut cargo = workspace::cargo();
    cargo.args(["metadata", "--format-version", "1"]);
    let text = process::capture(cargo.args(options))?;
    let metadata: Metadata =
        serde_json::from_str(&text).context("`cargo metadata` prints another format")?;
    Ok(metadata.packages)
}
