//! E-mail addresses of customers.

use crate::AttributionError;
use crate::text::{checked_any_case, claim_text};

claim_text! {
    /// An e-mail address: kept in lower case, so that any case matches it.
    ///
    /// Units: 3 to [`Email::MAX_CHARS`] characters, of the form `name@host`, without white space.
    Email
}

impl Email {
    /// The address that `text` spells, in any case, white space at its ends ignored.
    ///
    /// # Errors
    /// [`AttributionError::NotAnEmail`] unless there is one `@` with something on each side and no
    /// white space, [`AttributionError::Empty`], [`AttributionError::TooLong`] beyond
    /// [`Email::MAX_CHARS`], [`AttributionError::ControlCharacter`] if one is in it.
    pub fn parse(text: &str) -> Result<Self, AttributionError> {
        let kept = checked_any_case("an e-mail address", text)?;
        let is_address = kept.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if !is_address || kept.chars().any(char::is_whitespace) {
            return Err(AttributionError::NotAnEmail {
                text: text.to_owned(),
            });
        }
        Ok(Self(kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_case_is_the_same_address() {
        assert_eq!(
            Email::parse(" Sarah@Example.ORG ").unwrap().as_str(),
            "sarah@example.org"
        );
    }

    #[test]
    fn what_has_not_one_at_sign_between_two_names_is_no_address() {
        for text in ["sarah", "@example.org", "sarah@", "a@b@c", "a b@c", "@"] {
            let text = text.to_owned();
            assert_eq!(
                Email::parse(&text),
                Err(AttributionError::NotAnEmail { text })
            );
        }
        assert!(matches!(
            Email::parse(" "),
            Err(AttributionError::Empty { .. })
        ));
    }
}
