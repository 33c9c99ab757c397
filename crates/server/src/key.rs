//! API keys in the clear: made here, shown once, never kept.

use std::fmt;

use accrual_engine::KeyHash;

/// The secret of a key. Only `reveal` shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// What every key of ours begins with, so that a leaked one is recognised.
    const PREFIX: &str = "acc_";
    /// The lengths that an imported key may have, in bytes.
    const IMPORTABLE: std::ops::RangeInclusive<usize> = 16..=256;

    /// A new key: 32 random bytes in base 16.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn mint() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow::anyhow!("The system gave no randomness: {error}"))?;
        Ok(Self(format!("{}{}", Self::PREFIX, hex::encode(bytes))))
    }

    /// A key that clients have already; white space around it is not part of it.
    ///
    /// # Errors
    /// If it could not be sent in a header, or is so short that it could be guessed.
    pub fn import(text: &str) -> anyhow::Result<Self> {
        let key = text.trim();
        anyhow::ensure!(
            Self::IMPORTABLE.contains(&key.len()),
            "A key must have from {} to {} characters.",
            Self::IMPORTABLE.start(),
            Self::IMPORTABLE.end()
        );
        anyhow::ensure!(
            key.bytes().all(|byte| byte.is_ascii_graphic()),
            "A key must consist of visible ASCII characters without spaces."
        );
        Ok(Self(key.to_owned()))
    }

    /// The key as its holder sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(&self.0)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minted_key_is_long_and_new_each_time() {
        let key = SecretKey::mint().unwrap();
        assert!(key.reveal().starts_with("acc_"));
        assert_eq!(key.reveal().len(), 4 + 64);
        assert_ne!(key, SecretKey::mint().unwrap());
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }

    #[test]
    fn a_key_is_imported_without_the_line_that_it_came_in() {
        let key = SecretKey::import("sk_live_0123456789\n").unwrap();
        assert_eq!(key.reveal(), "sk_live_0123456789");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused() {
        let refused = |text: &str| SecretKey::import(text).unwrap_err().to_string();
        assert_eq!(
            refused("short"),
            "A key must have from 16 to 256 characters."
        );
        assert_eq!(
            refused("Bearer 0123456789abcdef"),
            "A key must consist of visible ASCII characters without spaces."
        );
    }
}
