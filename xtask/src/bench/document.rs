//! The parts of docs/PERFORMANCE.md that runs write.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

pub(super) const PATH: &str = "docs/PERFORMANCE.md";

/// What `cargo xtask bench` writes.
pub(super) const SALES: Part = Part {
    begin: "<!-- written by `cargo xtask bench`: begin -->\n",
    end: "<!-- written by `cargo xtask bench`: end -->",
};

/// What `cargo xtask bench list` writes.
pub(super) const LISTS: Part = Part {
    begin: "<!-- written by `cargo xtask bench list`: begin -->\n",
    end: "<!-- written by `cargo xtask bench list`: end -->",
};

/// What is between two markers.
pub(super) struct Part {
    begin: &'static str,
    end: &'static str,
}

impl Part {
    /// Puts `text` between the markers.
    ///
    /// # Errors
    /// If the file cannot be read or written, or has lost a marker.
    pub(super) fn write(&self, text: &str) -> Result<()> {
        let path = workspace::root().join(PATH);
        let old = fs::read_to_string(&path).with_context(|| format!("{PATH} cannot be read"))?;
        let new = self.replace(&old, text).with_context(|| {
            let (begin, end) = (self.begin.trim(), self.end);
            format!("{PATH} has no lines `{begin}` and `{end}`")
        })?;
        fs::write(&path, new).with_context(|| format!("{PATH} cannot be written"))
    }

    fn replace(&self, old: &str, text: &str) -> Option<String> {
        let Self { begin, end } = self;
        let (before, rest) = old.split_once(begin)?;
        let (_, after) = rest.split_once(end)?;
        Some(format!("{before}{begin}\n{}\n\n{end}{after}", text.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_markers_is_replaced() {
        let page = |text: &str| format!("# A\n{}{text}{}\nz\n", SALES.begin, SALES.end);
        let once = SALES.replace(&page("old\n"), "new\n").unwrap();
        assert_eq!(once, page("\nnew\n\n"));
        assert_eq!(SALES.replace(&once, "new\n").unwrap(), once);
        assert_eq!(SALES.replace("# A\n", "new"), None);
    }
}
