//! That documents name files which exist, and stay short.

use std::{collections::HashSet, path::Path};

use super::Finding;
use crate::workspace::{self, SourceFile};

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";
/// In lines: an overview that is longer is read by nobody.
const ARCHITECTURE_LIMIT: usize = 150;

pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let known: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let root = workspace::root();
    // Folders and images are not among the text files.
    let exists = |path: &str| known.contains(path) || root.join(Path::new(path)).exists();
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        findings.extend(check_length(&file.path, &file.text));
        findings.extend(check_links(&file.path, &file.text, &exists));
    }
    findings
}

fn check_length(path: &str, text: &str) -> Option<Finding> {
    let count = text.lines().count();
    (path == ARCHITECTURE && count >= ARCHITECTURE_LIMIT).then(|| {
        let says = format!("{count} lines: it must stay under {ARCHITECTURE_LIMIT}");
        Finding::file(path, says)
    })
}

fn check_links(path: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut is_fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        for target in targets(line) {
            if let Some(file) = resolve(path, target)
                && !exists(&file)
            {
                let says = format!("links to `{target}`, which does not exist");
                findings.push(Finding::line(path, index + 1, says));
            }
        }
    }
    findings
}

/// The targets of `[text](target)` and `[text]: target`, outside `code`.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (index, part) in line.split('`').enumerate() {
        let is_code = index % 2 == 1;
        if is_code {
            continue;
        }
        for (start, _) in part.match_indices("](") {
            found.push(&part[start + 2..]);
        }
    }
    if line.starts_with('[')
        && let Some((_, target)) = line.split_once("]: ")
    {
        found.push(target);
    }
    found
        .into_iter()
        .map(|target| {
            let end = target.find([')', ' ', '`']).unwrap_or(target.len());
            &target[..end]
        })
        .collect()
}

/// The file a link names, from the root; none if it leads to the web or within the page.
fn resolve(path: &str, target: &str) -> Option<String> {
    let file = target.split(['#', '?']).next().unwrap_or(target);
    if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if file.starts_with('/') {
        parts.clear();
    }
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        let exists = |path: &str| ["docs/DOMAIN.md", "README.md"].contains(&path);
        check_links("docs/guide.md", text, &exists).len()
    }

    #[test]
    fn a_link_to_nowhere_is_found() {
        assert_eq!(found("See [the words](WORDS.md)."), 1);
        assert_eq!(found("See [a](DOMAIN.md) and [b](../docs/NONE.md#c)."), 1);
        assert_eq!(found("See [`code`](NONE.md)."), 1);
        assert_eq!(found("[words]: NONE.md"), 1);
    }

    #[test]
    fn other_links_are_left_alone() {
        assert_eq!(found("[a](DOMAIN.md#words) [b](../README.md) [c](#d)"), 0);
        assert_eq!(found("[a](https://example.org/x.md) `[b](NONE.md)`"), 0);
        assert_eq!(found("```\n[a](NONE.md)\n```"), 0);
    }

    #[test]
    fn a_long_overview_is_found() {
        assert!(check_length(ARCHITECTURE, &"x\n".repeat(150)).is_some());
        assert!(check_length(ARCHITECTURE, &"x\n".repeat(149)).is_none());
        assert!(check_length("docs/DOMAIN.md", &"x\n".repeat(150)).is_none());
    }
}
