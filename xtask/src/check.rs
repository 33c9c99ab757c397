//! What a program can check of the design and the style.
//!
//! Each rule is a pure function from what was read to [`Finding`]s, so that its tests can show
//! that it fails when it should.

mod dialects;
mod docs;
mod layers;
mod licences;
mod lines;
mod metadata;
mod names;
mod places;
mod source;
mod spdx;

use std::fmt;

use anyhow::{Result, bail};

use crate::workspace::{self, SourceFile};

/// Something that a rule has to say about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// From 1; absent where the whole file is meant.
    line: Option<usize>,
    says: String,
}

impl Finding {
    fn file(path: &str, says: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            says: says.into(),
        }
    }

    fn line(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
            says: says.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.says),
            None => write!(f, "{}: {}", self.path, self.says),
        }
    }
}

/// Checks everything and prints what was found.
///
/// # Errors
/// If anything was found.
pub(crate) fn run() -> Result<()> {
    let files = workspace::source_files()?;
    let mut findings = Vec::new();

    let members = metadata::members()?;
    findings.extend(layers::check(&members));
    println!("layers: {} crates", members.len());

    for file in &files {
        findings.extend(check_file(file));
    }
    findings.extend(docs::check(&files));
    println!("style and documents: {} files", files.len());
    if let Some(line) = lines::longest(&files) {
        println!("{line}");
    }

    let (how, found) = licences::check()?;
    findings.extend(found);
    println!("licences, bans and sources: {how}");

    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    Ok(())
}

/// The rules that need to see one file only.
fn check_file(file: &SourceFile) -> Vec<Finding> {
    let SourceFile { path, text } = file;
    let mut findings = names::check(path);
    findings.extend(lines::check(path, text));
    findings.extend(places::check(path, text));
    findings.extend(dialects::check_vendors(path, text));
    findings.extend(dialects::check_imports(path, text));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_meets_every_rule() {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let found = |file| check_file(&file).len();
        assert_eq!(found(file("crates/money/src/lib.rs", "//! Money.\n")), 0);
        assert_eq!(found(file("crates/money/src/utils.rs", "")), 1);
        assert_eq!(found(file("crates/store/src/a.rs", &"x\n".repeat(401))), 1);
        assert_eq!(found(file("crates/money/src/a.rs", "type A = f64;")), 1);
        assert_eq!(found(file("crates/engine/src/a.rs", "// As Growi.")), 1);
        let crossing = "use crate::affonso::Sale;";
        assert_eq!(found(file("crates/api/src/growi/sale.rs", crossing)), 1);
    }
}
