//! Texts that callers give: short, and storable in every database.

use std::fmt;

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing, or only white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than allowed.
    #[error("must have at most {max} characters, not {chars}")]
    TooLong {
        /// How many it has.
        chars: usize,
        /// How many are allowed.
        max: usize,
    },
    /// A character that cannot be kept: NUL, or any control character where it is an identifier.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// A colon where none is allowed.
    #[error("must not contain a colon")]
    Colon,
}

macro_rules! text {
    ($(#[$documentation:meta])* $name:ident, $max:literal, $refused:expr) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The most characters that it has.
            pub const MAX_CHARS: usize = $max;

            /// The same text, checked.
            ///
            /// # Errors
            /// [`TextError`] if it is empty, longer than [`Self::MAX_CHARS`] characters, or has a
            /// character that is not allowed.
            pub fn parse(text: impl Into<Box<str>>) -> Result<Self, TextError> {
                let refused: fn(char) -> bool = $refused;
                checked(text.into(), Self::MAX_CHARS, refused).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text! {
    /// The caller's own id of a sale: exact, case included.
    ///
    /// Units: 1 to 255 characters, none of them control characters.
    Reference, 255, char::is_control
}
text! {
    /// The space that references are unique in, such as one dialect's.
    ///
    /// Units: 1 to 64 characters, none of them control characters.
    Source, 64, char::is_control
}
text! {
    /// A free text, such as a name.
    ///
    /// Units: 1 to 1,000 characters, none of them NUL.
    Text, 1_000, |character| character == '\0'
}
text! {
    /// On what sales are made, such as `website`: exact, case included.
    ///
    /// Units: 1 to 64 characters, none of them control characters or colons.
    Platform, 64, |character| character.is_control() || character == ':'
}
text! {
    /// A platform's own id of a store: exact, case included.
    ///
    /// Units: 1 to 255 characters, none of them control characters.
    ShopKey, 255, char::is_control
}
text! {
    /// What a caller sends along so that a repeated request is known again.
    ///
    /// Units: 1 to 255 characters, none of them control characters.
    IdempotencyKey, 255, char::is_control
}

fn checked(text: Box<str>, max: usize, refused: fn(char) -> bool) -> Result<Box<str>, TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    match text.chars().find(|character| refused(*character)) {
        None => {}
        Some(':') => return Err(TextError::Colon),
        Some(_) => return Err(TextError::ControlCharacter),
    }
    // Bytes first: counting the characters of most texts can be spared.
    if text.len() > max {
        let chars = text.chars().count();
        if chars > max {
            return Err(TextError::TooLong { chars, max });
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_database_keeps_is_refused() {
        assert_eq!(Text::parse("a\0"), Err(TextError::ControlCharacter));
        assert_eq!(Reference::parse("a\nb"), Err(TextError::ControlCharacter));
        assert_eq!(Reference::parse(" "), Err(TextError::Empty));
        assert_eq!(Platform::parse("shopify:5"), Err(TextError::Colon));
        assert!(Reference::parse("é".repeat(255)).is_ok());
        assert_eq!(
            Reference::parse("é".repeat(256)),
            Err(TextError::TooLong {
                chars: 256,
                max: 255
            })
        );
    }
}
