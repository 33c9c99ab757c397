//! Tags, promo codes and the ids that others give: what shops, customers and callers write.

use crate::AttributionError;
use crate::text::{checked, checked_any_case, claim_text};

claim_text! {
    /// An enrollment's tag, such as `summer2025`: kept in lower case, so that any case matches it.
    ///
    /// Units: 1 to [`Tag::MAX_CHARS`] characters, without white space at its ends or control
    /// characters.
    /// Source: Growi, `PATCH /campaign_affiliates/{id}` answers `THEIREXISTINGCODE` in lower case.
    Tag
}

impl Tag {
    /// The tag that `text` spells, in any case, white space at its ends ignored.
    ///
    /// # Errors
    /// [`AttributionError::Empty`] if nothing is left, [`AttributionError::TooLong`] beyond
    /// [`Tag::MAX_CHARS`], [`AttributionError::ControlCharacter`] if one is in it (a NUL among them).
    pub fn parse(text: &str) -> Result<Self, AttributionError> {
        checked_any_case("a tag", text).map(Self)
    }
}

claim_text! {
    /// A promo code, such as `sarah20`: kept in lower case, so that any case matches it.
    ///
    /// Units: 1 to [`Code::MAX_CHARS`] characters, without white space at its ends or control
    /// characters.
    Code
}

impl Code {
    /// The promo code that `text` spells, in any case, white space at its ends ignored.
    ///
    /// # Errors
    /// [`AttributionError::Empty`] if nothing is left, [`AttributionError::TooLong`] beyond
    /// [`Code::MAX_CHARS`], [`AttributionError::ControlCharacter`] if one is in it.
    pub fn parse(text: &str) -> Result<Self, AttributionError> {
        checked_any_case("a promo code", text).map(Self)
    }
}

claim_text! {
    /// An id that somebody else gave, such as a click's or a customer's: exact, case and white
    /// space included.
    ///
    /// Units: 1 to [`Identifier::MAX_CHARS`] characters, none of them control characters.
    Identifier
}

impl Identifier {
    /// The id that `text` is.
    ///
    /// # Errors
    /// [`AttributionError::Empty`], [`AttributionError::TooLong`] beyond
    /// [`Identifier::MAX_CHARS`], [`AttributionError::ControlCharacter`] if one is in it.
    pub fn parse(text: &str) -> Result<Self, AttributionError> {
        checked("an identifier", text).map(Self)
    }
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
    fn any_case_is_the_same_promo_code() {
        assert_eq!(Code::parse("Sarah10"), Code::parse(" SARAH10"));
    }

    #[test]
    fn an_identifier_is_exact() {
        assert_ne!(Identifier::parse("cus_A"), Identifier::parse("cus_a"));
        assert_eq!(Identifier::parse(" a ").unwrap().as_str(), " a ");
        let what = "an identifier";
        assert_eq!(Identifier::parse(""), Err(AttributionError::Empty { what }));
    }

    #[test]
    fn a_text_that_is_no_tag_is_refused() {
        let what = "a tag";
        assert_eq!(Tag::parse("  "), Err(AttributionError::Empty { what }));
        assert_eq!(
            Tag::parse("a\0b"),
            Err(AttributionError::ControlCharacter { what })
        );
        let refused = Tag::parse(&"x".repeat(256)).map_err(|error| error.to_string());
        assert_eq!(
            refused,
            Err("a tag has at most 255 characters, this one has 256".to_owned())
        );
    }

    #[test]
    fn the_length_counts_in_lower_case() {
        // The capital I with a dot has two characters in lower case.
        assert!(Tag::parse(&"İ".repeat(127)).is_ok());
        assert!(Tag::parse(&"İ".repeat(128)).is_err());
    }
}
