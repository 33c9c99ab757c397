//! How long a file may be, and what no line of any file may have.

use super::{Finding, source};
use crate::workspace::SourceFile;

/// In lines: what to aim at, and what fails.
const AIM: usize = 200;
const SOURCE_LIMIT: usize = 400;
const TEST_LIMIT: usize = 600;

/// Folders of one person's machine. In halves, or this file would break its own rule.
const MACHINE_PATHS: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/tmp/", "bash"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/ro", "ot/"),
];

/// Left for later, or for a debugger.
const UNFINISHED: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];

pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = machine_paths(path, text);
    findings.extend(other_registries(path, text));
    if path.ends_with(".rs") {
        findings.extend(too_long(path, text));
        findings.extend(unfinished(path, text));
    }
    findings
}

/// What to print of the files that are longer than they should aim at, if there are any.
pub(super) fn longest(files: &[SourceFile]) -> Option<String> {
    let mut long: Vec<_> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .filter(|(count, _)| *count > AIM)
        .collect();
    long.sort();
    let (count, path) = *long.last()?;
    Some(format!(
        "information: {} files have more than {AIM} lines; the longest is {path} with {count}",
        long.len()
    ))
}

fn too_long(path: &str, text: &str) -> Option<Finding> {
    let is_test = path.split('/').any(|part| part == "tests") || path.ends_with("/tests.rs");
    let limit = if is_test { TEST_LIMIT } else { SOURCE_LIMIT };
    let count = text.lines().count();
    (count > limit).then(|| Finding::file(path, format!("{count} lines, the limit is {limit}")))
}

fn unfinished(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source::lines(text).iter().enumerate() {
        for mark in UNFINISHED {
            if source::has_word(&line.code, mark) {
                findings.push(Finding::line(path, index + 1, format!("has `{mark}`")));
            }
        }
        // `XXX` is also a currency: ISO 4217's "no currency".
        let says = line.comment.trim_start();
        let is_marked = ["TODO", "XXX:"].iter().any(|mark| says.starts_with(mark));
        if is_marked || source::has_word(says, "FIXME") {
            findings.push(Finding::line(path, index + 1, "is marked as unfinished"));
        }
    }
    findings
}

fn machine_paths(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for machine_path in MACHINE_PATHS {
            let starts_there = |(start, _): (usize, &str)| {
                let before = line[..start].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || "._-~}>*".contains(c))
            };
            if line.match_indices(machine_path).any(starts_there) {
                let says = format!("names `{machine_path}`, a folder of one machine");
                findings.push(Finding::line(path, index + 1, says));
            }
        }
    }
    findings
}

/// Dependencies come from the public registries, whatever the author's machine uses.
fn other_registries(path: &str, text: &str) -> Vec<Finding> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_other: fn(&str) -> bool = match name {
        ".npmrc" | "pip.conf" => return vec![Finding::file(path, "names a registry")],
        "Cargo.lock" => |line| {
            line.starts_with("source = ")
                && line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#
        },
        "config.toml" if path.contains(".cargo/") => {
            |line| line.starts_with("[source") || line.starts_with("[registr")
        }
        "package-lock.json" => {
            |line| line.contains("\"resolved\"") && !line.contains("https://registry.npmjs.org/")
        }
        _ => return Vec::new(),
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| is_other(line.trim()))
        .map(|(index, _)| Finding::line(path, index + 1, "names a registry that is not public"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        let text = "x\n".repeat(401);
        assert_eq!(check("crates/api/src/a.rs", &text).len(), 1);
        assert_eq!(check("crates/api/tests/a.rs", &text), []);
        assert_eq!(check("crates/api/tests/a.rs", &"x\n".repeat(601)).len(), 1);
        assert_eq!(check("docs/a.md", &text), []);
    }

    #[test]
    fn unfinished_code_is_found() {
        for text in [
            "todo!()",
            "x(dbg!(y));",
            "#[ignore]",
            "// FIXME soon",
            "/// XXX: why",
        ] {
            assert_eq!(check("a.rs", text).len(), 1, "{text}");
        }
        for text in ["Currency::XXX", "// XXX is no currency.", "f(\"todo!\")"] {
            assert_eq!(check("a.rs", text), [], "{text}");
        }
    }

    #[test]
    fn a_machines_folder_is_found() {
        let own = format!("see {}notes", MACHINE_PATHS[0]);
        assert_eq!(check("docs/a.md", &own).len(), 1);
        let relative = format!("see docs{}notes", MACHINE_PATHS[0]);
        assert_eq!(check("docs/a.md", &relative), []);
    }

    #[test]
    fn another_registry_is_found() {
        let lock = "source = \"registry+https://mirror.example/index\"";
        assert_eq!(check("Cargo.lock", lock).len(), 1);
        assert_eq!(check(".cargo/config.toml", "[source.crates-io]").len(), 1);
        assert_eq!(check(".npmrc", "").len(), 1);
        assert_eq!(check(".cargo/config.toml", "[alias]"), []);
    }
}
