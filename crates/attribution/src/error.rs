//! What can be wrong with a claim or a rule.

use crate::Bonus;

/// Why a text is no claim, or a number no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributionError {
    /// Nothing, or nothing but white space.
    #[error("{what} needs at least one character")]
    Empty {
        /// What the text was to be, with its article: `a tag`.
        what: &'static str,
    },
    /// More characters than it may have.
    #[error("{what} has at most {max} characters, this one has {chars}")]
    TooLong {
        /// What the text was to be, with its article.
        what: &'static str,
        /// How many characters it has.
        chars: usize,
        /// How many it may have.
        max: usize,
    },
    /// A control character, such as NUL or a line break.
    #[error("{what} has no control characters")]
    ControlCharacter {
        /// What the text was to be, with its article.
        what: &'static str,
    },
    /// Not of the form `name@host`, with one `@` and without white space.
    #[error("{text:?} is not an e-mail address")]
    NotAnEmail {
        /// The text as it was given.
        text: String,
    },
    /// A URL that names no link: neither in its query nor in its path.
    #[error("{text:?} has no slug in it")]
    NoSlug {
        /// The text as it was given.
        text: String,
    },
    /// A bonus of nothing, of the whole or of more.
    #[error(
        "a bonus of {billionths} billionths is not between nothing and {}",
        Bonus::WHOLE
    )]
    BonusOutOfRange {
        /// The bonus as it was given, in billionths of the whole.
        billionths: u64,
    },
}
