//! Which crate may use which.

use super::{Finding, metadata::Package};

const PREFIX: &str = "accrual-";

/// Each crate and what it may use of the workspace, without the prefix; lower ones first.
const LAYERS: [(&str, &[&str]); 9] = [
    ("money", &[]),
    ("attribution", &[]),
    ("commission", &["money", "attribution"]),
    ("engine", &["money", "attribution", "commission"]),
    ("store", &["money", "attribution", "commission", "engine"]),
    ("api", &["money", "attribution", "commission", "engine"]),
    ("accrual", &["money", "attribution", "commission", "engine"]),
    (
        "server",
        &[
            "money",
            "attribution",
            "commission",
            "engine",
            "store",
            "api",
            "accrual",
        ],
    ),
    (
        "xtask",
        &[
            "money",
            "attribution",
            "commission",
            "engine",
            "store",
            "api",
            "accrual",
        ],
    ),
];

/// Their tests, too, depend on nothing above them.
const DOMAIN: [&str; 4] = ["money", "attribution", "commission", "engine"];
const PURE: [&str; 3] = ["money", "attribution", "commission"];

/// A package from elsewhere that some crates only may use.
struct Reserved {
    /// With everything that begins with it and a `-`.
    package: &'static str,
    may_use: fn(&str) -> bool,
    in_tests_too: bool,
}

const RESERVED: [Reserved; 8] = [
    Reserved {
        package: "tokio",
        may_use: |crate_name| !PURE.contains(&crate_name),
        in_tests_too: true,
    },
    Reserved {
        package: "async-trait",
        may_use: |crate_name| !PURE.contains(&crate_name),
        in_tests_too: true,
    },
    Reserved {
        package: "serde",
        may_use: |crate_name| !PURE.contains(&crate_name),
        in_tests_too: false,
    },
    Reserved {
        package: "rusqlite",
        may_use: |crate_name| ["store", "xtask"].contains(&crate_name),
        in_tests_too: true,
    },
    Reserved {
        package: "sea-orm",
        may_use: |crate_name| crate_name == "store",
        in_tests_too: true,
    },
    Reserved {
        package: "sqlx",
        may_use: |crate_name| crate_name == "store",
        in_tests_too: true,
    },
    Reserved {
        package: "poem",
        may_use: |crate_name| ["api", "server"].contains(&crate_name),
        in_tests_too: true,
    },
    Reserved {
        package: "anyhow",
        may_use: |crate_name| ["server", "xtask"].contains(&crate_name),
        in_tests_too: false,
    },
];

pub(super) fn check(members: &[Package]) -> Vec<Finding> {
    members.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let name = short(&package.name);
    let path = match name {
        "xtask" => "xtask/Cargo.toml".to_owned(),
        other => format!("crates/{other}/Cargo.toml"),
    };
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        let says = "is not in the table of layers: decide what it may use";
        return vec![Finding::file(&path, says)];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let used = short(&dependency.name);
        let for_tests = dependency.is_for_tests();
        let is_layer = LAYERS.iter().any(|(layer, _)| *layer == used);
        let is_free = used == name || for_tests && !DOMAIN.contains(&name);
        if is_layer && !is_free && !allowed.contains(&used) {
            findings.push(Finding::file(&path, format!("{name} may not use {used}")));
        }
        for reserved in &RESERVED {
            if reserved.covers(&dependency.name)
                && !(reserved.may_use)(name)
                && (reserved.in_tests_too || !for_tests)
            {
                let says = format!("{name} may not use {}", dependency.name);
                findings.push(Finding::file(&path, says));
            }
        }
    }
    findings
}

impl Reserved {
    fn covers(&self, package: &str) -> bool {
        package
            .strip_prefix(self.package)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    }
}

fn short(package: &str) -> &str {
    package.strip_prefix(PREFIX).unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::metadata::Dependency;

    fn found(name: &str, dependency: &str, kind: Option<&str>) -> usize {
        let package = Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            license: None,
            source: None,
            dependencies: vec![Dependency {
                name: dependency.to_owned(),
                kind: kind.map(str::to_owned),
            }],
        };
        check(&[package]).len()
    }

    #[test]
    fn a_crate_that_uses_a_higher_one_is_found() {
        assert_eq!(found("accrual-money", "accrual-commission", None), 1);
        assert_eq!(found("accrual-store", "accrual-api", None), 1);
        assert_eq!(found("accrual-engine", "accrual-store", Some("dev")), 1);
        assert_eq!(found("accrual-money", "accrual", None), 1);
    }

    #[test]
    fn a_crate_may_use_what_is_below_it() {
        assert_eq!(found("accrual-commission", "accrual-money", None), 0);
        assert_eq!(found("accrual-api", "accrual-store", Some("dev")), 0);
        assert_eq!(found("accrual-engine", "accrual-engine", Some("dev")), 0);
        assert_eq!(found("accrual-server", "accrual-store", None), 0);
    }

    #[test]
    fn a_reserved_package_is_found() {
        assert_eq!(found("accrual-money", "serde", None), 1);
        assert_eq!(found("accrual-money", "serde_json", Some("dev")), 0);
        assert_eq!(found("accrual-attribution", "tokio", Some("dev")), 1);
        assert_eq!(found("accrual-api", "sea-orm-migration", None), 1);
        assert_eq!(found("accrual-engine", "poem-openapi", None), 1);
        assert_eq!(found("accrual-store", "anyhow", None), 1);
        assert_eq!(found("accrual-store", "anyhow", Some("dev")), 0);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_eq!(found("accrual-extra", "thiserror", None), 1);
    }
}
