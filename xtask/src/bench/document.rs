//! The part of docs/PERFORMANCE.md that a run writes.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

pub(super) const PATH: &str = "docs/PERFORMANCE.md";

const BEGIN: &str = "<!-- written by `cargo xtask bench`: begin -->\n";
const END: &str = "<!-- written by `cargo xtask bench`: end -->";

/// Puts `text` between the markers.
///
/// # Errors
/// If the file cannot be read or written, or has lost a marker.
pub(super) fn write(text: &str) -> Result<()> {
    let path = workspace::root().join(PATH);
    let old = fs::read_to_string(&path).with_context(|| format!("{PATH} cannot be read"))?;
    let new = replace(&old, text)
        .with_context(|| format!("{PATH} has no lines `{}` and `{END}`", BEGIN.trim()))?;
    fs::write(&path, new).with_context(|| format!("{PATH} cannot be written"))
}

fn replace(old: &str, text: &str) -> Option<String> {
    let (before, rest) = old.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n\n{END}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_markers_is_replaced() {
        let page = |text: &str| format!("# A\n{BEGIN}{text}{END}\nz\n");
        let once = replace(&page("old\n"), "new\n").unwrap();
        assert_eq!(once, page("\nnew\n\n"));
        assert_eq!(replace(&once, "new\n").unwrap(), once);
        assert_eq!(replace("# A\n", "new"), None);
    }
}
