//! Licences, banned packages and sources, as deny.toml has them.
//!
//! cargo-deny checks them where it is installed; elsewhere the same file is read here, so that
//! the check can fail everywhere.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    Finding,
    metadata::{self, Package},
    spdx,
};
use crate::{process, workspace};

const CONFIGURATION: &str = "deny.toml";
/// How cargo names a registry begins with this.
const REGISTRY: &str = "registry+";

/// The part of deny.toml that is read here.
#[derive(Debug, Deserialize)]
struct Configuration {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    package: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// What was found, and how it was checked.
///
/// # Errors
/// If deny.toml or the packages cannot be read.
pub(super) fn check() -> Result<(String, Vec<Finding>)> {
    if process::succeeds(workspace::cargo().args(["deny", "--version"])) {
        let mut deny = workspace::cargo();
        // Advisories are left out: they need the network, and change without a commit.
        deny.args(["deny", "check", "licenses", "bans", "sources"]);
        let findings = match process::run(&mut deny) {
            Ok(()) => Vec::new(),
            Err(error) => vec![Finding::file(CONFIGURATION, format!("{error:#}"))],
        };
        return Ok(("by cargo-deny".to_owned(), findings));
    }
    let text = fs::read_to_string(workspace::root().join(CONFIGURATION))
        .with_context(|| format!("{CONFIGURATION} cannot be read"))?;
    let configuration: Configuration =
        toml::from_str(&text).with_context(|| format!("{CONFIGURATION} cannot be understood"))?;
    let packages = metadata::all_packages()?;
    let how = format!(
        "{} packages, read against {CONFIGURATION} (cargo-deny is not installed)",
        packages.len()
    );
    Ok((how, check_packages(&configuration, &packages)))
}

fn check_packages(configuration: &Configuration, packages: &[Package]) -> Vec<Finding> {
    packages
        .iter()
        .flat_map(|package| {
            let says = [
                refused_licence(&configuration.licenses, package),
                refused_name(&configuration.bans, package),
                refused_source(&configuration.sources, package),
            ];
            let name = format!("{} {}", package.name, package.version);
            says.into_iter()
                .flatten()
                .map(move |says| Finding::file(CONFIGURATION, format!("{name} {says}")))
        })
        .collect()
}

fn refused_licence(licences: &Licences, package: &Package) -> Option<String> {
    let Some(expression) = &package.license else {
        return Some("names no licence".to_owned());
    };
    (!spdx::is_allowed(expression, &licences.allow))
        .then(|| format!("has the licence {expression}, which is not allowed"))
}

fn refused_name(bans: &Bans, package: &Package) -> Option<String> {
    bans.deny
        .iter()
        .find(|ban| ban.package == package.name)
        .map(|ban| format!("is banned: {}", ban.reason))
}

fn refused_source(sources: &Sources, package: &Package) -> Option<String> {
    let source = package.source.as_deref()?;
    let is_allowed = source
        .strip_prefix(REGISTRY)
        .is_some_and(|registry| sources.allow_registry.iter().any(|one| one == registry));
    (!is_allowed).then(|| format!("comes from {source}, which is not allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, license: Option<&str>, source: Option<&str>) -> Vec<String> {
        let configuration = toml::from_str(
            r#"
            [licenses]
            allow = ["MIT"]
            [bans]
            deny = [{ crate = "openssl", reason = "rustls is used" }]
            [sources]
            allow-registry = ["https://github.com/rust-lang/crates.io-index"]
            "#,
        );
        let package = Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
            dependencies: Vec::new(),
        };
        check_packages(&configuration.unwrap(), &[package])
            .into_iter()
            .map(|finding| finding.says)
            .collect()
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        assert_eq!(
            found("a", Some("GPL-3.0-only"), None),
            ["a 1.0.0 has the licence GPL-3.0-only, which is not allowed"]
        );
        assert_eq!(found("a", None, None), ["a 1.0.0 names no licence"]);
    }

    #[test]
    fn a_banned_package_is_found() {
        assert_eq!(
            found("openssl", Some("MIT"), None),
            ["openssl 1.0.0 is banned: rustls is used"]
        );
    }

    #[test]
    fn another_source_is_found() {
        let from = |source| found("a", Some("MIT"), Some(source)).len();
        assert_eq!(from("git+https://example.org/a"), 1);
        assert_eq!(from("registry+https://mirror.example/index"), 1);
        assert_eq!(
            from("registry+https://github.com/rust-lang/crates.io-index"),
            0
        );
    }

    #[test]
    fn our_own_configuration_can_be_understood() {
        let text = fs::read_to_string(workspace::root().join(CONFIGURATION)).unwrap();
        toml::from_str::<Configuration>(&text).unwrap();
    }
}
