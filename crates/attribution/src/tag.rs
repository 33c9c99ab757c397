//! The code by which an enrollment is known to shops and customers.

use std::fmt;

/// An enrollment's tag, such as `summer2025`: kept in lower case, so that any case matches it.
///
/// Units: 1 to [`Tag::MAX_CHARS`] characters, without white space at its ends or control characters.
/// Source: Growi, `PATCH /campaign_affiliates/{id}` answers `THEIREXISTINGCODE` in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// The most characters that a tag has.
    pub const MAX_CHARS: usize = 255;

    /// The tag that `text` spells, in any case, white space at its ends ignored.
    ///
    /// # Errors
    /// [`TagError::Empty`] if nothing is left, [`TagError::TooLong`] beyond [`Tag::MAX_CHARS`],
    /// [`TagError::ControlCharacter`] if one is in it (a NUL among them).
    pub fn parse(text: &str) -> Result<Self, TagError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TagError::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(TagError::ControlCharacter);
        }
        let lower = text.to_lowercase();
        match lower.chars().count() {
            0..=Self::MAX_CHARS => Ok(Self(lower)),
            chars => Err(TagError::TooLong { chars }),
        }
    }

    /// The tag in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a text is not a tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// Nothing but white space.
    #[error("a tag needs at least one character")]
    Empty,
    /// More characters than [`Tag::MAX_CHARS`].
    #[error("a tag has at most {max} characters, this one has {chars}", max = Tag::MAX_CHARS)]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// A control character, such as NUL or a line break.
    #[error("a tag has no control characters")]
    ControlCharacter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_case_is_the_same_tag() {
        assert_eq!(Tag::parse(" Summer2025 "), Tag::parse("SUMMER2025"));
        assert_eq!(Tag::parse("ÉTÉ").unwrap().as_str(), "été");
    }

    #[test]
    fn a_text_that_is_no_tag_is_refused() {
        assert_eq!(Tag::parse("  "), Err(TagError::Empty));
        assert_eq!(Tag::parse("a\0b"), Err(TagError::ControlCharacter));
        assert_eq!(
            Tag::parse(&"x".repeat(256)),
            Err(TagError::TooLong { chars: 256 })
        );
    }
}
