//! Versions of what is changed: entity tags.
//!
//! Source: RFC 9110, `ETag` and `If-Match`.

use accrual_engine::{Conversion, Sequence};

/// The tag of a conversion's version, such as `"12"`.
pub(crate) fn etag(conversion: &Conversion) -> String {
    format!("\"{}\"", conversion.version)
}

/// The version that a change is meant for; `None` for whichever there is.
///
/// What `if_match` names beside the version of `conversion` does not matter. If that is not among
/// it, another version is expected, so that the change is refused unless it is a repeated one.
pub(crate) fn expected(if_match: Option<&str>, conversion: &Conversion) -> Option<Sequence> {
    let if_match = if_match?.trim();
    if if_match == "*" {
        return None;
    }
    let current = etag(conversion);
    let mut tags = if_match.split(',').map(str::trim);
    if tags.clone().any(|tag| tag == current) {
        return Some(conversion.version);
    }
    // A weak tag never matches, and what is no tag of ours is no version.
    let number = tags.find_map(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    Some(Sequence::new(number.unwrap_or(0)))
}
