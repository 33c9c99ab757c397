//! Small parts of sentences.

/// `1 month`, `2 months`.
pub(crate) fn count(number: u64, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}
