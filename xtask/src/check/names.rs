//! How files may be called.

use super::Finding;

/// They say where something is, not what it is.
const SAYS_NOTHING: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "types"];

pub(super) fn check(path: &str) -> Vec<Finding> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if path == "mod.rs" || path.ends_with("/mod.rs") {
        findings.push(Finding::file(path, "write foo.rs, not foo/mod.rs"));
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if SAYS_NOTHING.contains(&part) {
            findings.push(Finding::file(
                path,
                format!("`{part}` says nothing: name what it holds"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_not_called_mod_or_utils() {
        assert_eq!(check("crates/api/src/growi/mod.rs").len(), 1);
        assert_eq!(check("crates/api/src/utils.rs").len(), 1);
        assert_eq!(check("crates/api/tests/common/mod.rs").len(), 2);
        assert_eq!(check("crates/api/src/wire.rs"), []);
        assert_eq!(check("docs/types/common.md"), []);
    }
}
