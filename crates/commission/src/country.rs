//! Countries, by their two letters.

use std::fmt;

/// A country: two letters, upper case.
///
/// Any two letters are taken, not only those that ISO 3166-1 assigns: shops report codes that it
/// leaves to its users, such as XK.
/// Source: ISO 3166-1 alpha-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads a code of exactly two letters, in any case, without spaces around it.
    ///
    /// # Errors
    /// [`CountryError`] for any other text.
    pub fn parse(code: &str) -> Result<Self, CountryError> {
        match <[u8; 2]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self(letters.map(|letter| letter.to_ascii_uppercase())))
            }
            Ok(_) | Err(_) => Err(CountryError {
                code: code.to_owned(),
            }),
        }
    }

    /// The two letters, upper case.
    pub fn as_str(&self) -> &str {
        // Both are ASCII letters: they are UTF-8.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The text is not two letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not the two letters of a country")]
pub struct CountryError {
    /// The text as it was given.
    pub code: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_read_in_any_case() {
        assert_eq!(Country::parse("de"), Country::parse("DE"));
        assert_eq!(Country::parse("dE").unwrap().as_str(), "DE");
    }

    #[test]
    fn anything_but_two_letters_is_no_country() {
        for code in ["", "D", "DEU", "D1", " D", "Ä", "DE "] {
            let refused = Err(CountryError {
                code: code.to_owned(),
            });
            assert_eq!(Country::parse(code), refused);
        }
    }
}
