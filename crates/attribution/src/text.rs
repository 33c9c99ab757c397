//! What the texts of all claims have in common.

use std::sync::Arc;

use crate::AttributionError;

/// The most characters of any text in a claim.
pub(crate) const MAX_CHARS: usize = 255;

/// Defines a text that is kept as [`checked`] leaves it.
macro_rules! claim_text {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The most characters that it has.
            pub const MAX_CHARS: usize = crate::text::MAX_CHARS;

            /// The text as it is kept.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}
pub(crate) use claim_text;

/// `text` as it is, if it can be kept.
pub(crate) fn checked(what: &'static str, text: &str) -> Result<Arc<str>, AttributionError> {
    if text.is_empty() {
        return Err(AttributionError::Empty { what });
    }
    if text.chars().any(char::is_control) {
        return Err(AttributionError::ControlCharacter { what });
    }
    match text.chars().count() {
        0..=MAX_CHARS => Ok(text.into()),
        chars => Err(AttributionError::TooLong {
            what,
            chars,
            max: MAX_CHARS,
        }),
    }
}

/// `text` in lower case and without the white space at its ends, if it can be kept.
pub(crate) fn checked_any_case(
    what: &'static str,
    text: &str,
) -> Result<Arc<str>, AttributionError> {
    let text = text.trim();
    if text
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        return checked(what, text);
    }
    checked(what, &text.to_lowercase())
}
