//! Where a vendor may be named, and that the dialects do not know one another.

use super::{Finding, source};

const VENDORS: [&str; 3] = ["growi", "affonso", "referly"];
const DIALECTS: [&str; 4] = ["growi", "affonso", "referly", "native"];

/// The files that name dialects because they list, print or show them.
const MAY_NAME_VENDORS: [&str; 7] = [
    "crates/api/",
    "crates/server/tests/",
    "crates/server/src/command/spec.rs",
    "crates/server/src/command/demo.rs",
    "docs/",
    "openapi/",
    "xtask/",
];

/// Vendors are named where their words are spoken, and where a source is given.
pub(super) fn check_vendors(path: &str, text: &str) -> Vec<Finding> {
    let may = MAY_NAME_VENDORS.iter().any(|start| path.starts_with(start));
    if may || path.ends_with(".md") {
        return Vec::new();
    }
    let comments = if path.ends_with(".rs") {
        source::lines(text)
    } else {
        Vec::new()
    };
    let mut findings = Vec::new();
    let mut is_source = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(parts) = comments.get(index) {
            let says = parts.comment.trim();
            let is_comment = parts.code.trim().is_empty() && !says.is_empty();
            // A source may go on over several lines of one paragraph.
            is_source = is_comment && (is_source || says.starts_with("Source:"));
        }
        for vendor in VENDORS {
            if !is_source && names_vendor(line, vendor) {
                let says = format!("names {vendor}: only a dialect, or a `Source:` comment, may");
                findings.push(Finding::line(path, index + 1, says));
            }
        }
    }
    findings
}

/// In any capitals, as a word or a part of a name: `Growi`, `GROWI_URL`, `growi_sale`, `GrowiSale`;
/// but not `growing`.
fn names_vendor(line: &str, vendor: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.match_indices(vendor).any(|(start, _)| {
        let end = start + vendor.len();
        let last = line[..end].chars().next_back();
        let after = line[end..].chars().next();
        let is_shouted = last.is_some_and(|c| c.is_ascii_uppercase());
        !after.is_some_and(|c| c.is_ascii_lowercase() || is_shouted && c.is_ascii_uppercase())
    })
}

/// What two dialects share is in neither of them.
pub(super) fn check_imports(path: &str, text: &str) -> Vec<Finding> {
    let Some(dialect) = dialect_of(path) else {
        return Vec::new();
    };
    let code: Vec<_> = source::lines(text)
        .into_iter()
        .map(|line| line.code)
        .collect();
    let code = code.join("\n");
    let mut findings = Vec::new();
    for other in DIALECTS.into_iter().filter(|other| *other != dialect) {
        for (start, statement) in own_paths(&code) {
            if source::has_word(statement, other) {
                let line = code[..start].matches('\n').count() + 1;
                let says = format!("uses the dialect {other}: dialects never import one another");
                findings.push(Finding::line(path, line, says));
            }
        }
    }
    findings
}

/// `growi` of `crates/api/src/growi/sale.rs`.
fn dialect_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("crates/api/src/")?.strip_suffix(".rs")?;
    let first = inside.split('/').next()?;
    DIALECTS.contains(&first).then_some(first)
}

/// Every path that begins in this crate, with where it begins: `crate::a::b`, and what is in its
/// braces.
fn own_paths(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (index, _) in code.match_indices(start) {
            if code[..index].ends_with("::") {
                continue;
            }
            let rest = &code[index..];
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || "_:".contains(c)))
                .unwrap_or(rest.len());
            let end = match rest[end..].starts_with('{') {
                true => rest.find(';').unwrap_or(rest.len()),
                false => end,
            };
            found.push((index, &rest[..end]));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_found_outside_its_dialect() {
        let found = |text| check_vendors("crates/engine/src/a.rs", text).len();
        assert_eq!(found("// As Growi does."), 1);
        assert_eq!(found("let a = \"growi\";"), 1);
        assert_eq!(found("struct ReferlySale; const AFFONSO_URL"), 2);
        assert_eq!(found("// A growing list, AFFONSOS"), 0);
        let naming = "// As Growi does.";
        assert_eq!(check_vendors("crates/api/src/growi.rs", naming), []);
        assert_eq!(check_vendors("README.md", naming), []);
        assert_eq!(check_vendors("Cargo.toml", "# Growi").len(), 1);
    }

    #[test]
    fn a_source_may_name_a_vendor_until_its_paragraph_ends() {
        let found = |text| check_vendors("crates/engine/src/a.rs", text).len();
        assert_eq!(found("/// Source: Growi, orders,\n/// Affonso, sales."), 0);
        assert_eq!(found("/// Source: Growi.\n///\n/// As Affonso."), 1);
        assert_eq!(found("/// Source: Growi.\nfn growi() {}"), 1);
    }

    #[test]
    fn a_dialect_that_uses_another_is_found() {
        let found = |text| check_imports("crates/api/src/growi/sale.rs", text).len();
        assert_eq!(found("use crate::affonso::Sale;"), 1);
        assert_eq!(found("use crate::{\n    native::Sale,\n    wire,\n};"), 1);
        assert_eq!(found("let a = super::super::referly::a();"), 1);
        assert_eq!(found("use crate::{growi::Failure, wire};"), 0);
        assert_eq!(found("// crate::affonso"), 0);
        let listing = "pub mod affonso;\npub use crate::affonso::Sale;";
        assert_eq!(check_imports("crates/api/src/lib.rs", listing), []);
    }
}
