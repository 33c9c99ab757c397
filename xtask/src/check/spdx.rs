//! Whether a licence expression can be satisfied by the licences that are allowed.
//!
//! Source: SPDX 2.3, annex D: `OR` binds weaker than `AND`, `AND` weaker than `WITH`; and the
//! older `/` of crates.io, which means `OR`.

/// Whether `expression` allows use under `allowed` alone; false if it cannot be read.
pub(super) fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let answer = reader.any_of();
    answer == Some(true) && reader.words.is_empty()
}

struct Reader<'a> {
    /// Those not yet read.
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Reader<'_> {
    fn any_of(&mut self) -> Option<bool> {
        let mut answer = self.all_of()?;
        while self.take("OR") {
            answer |= self.all_of()?;
        }
        Some(answer)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let answer = self.any_of()?;
            return self.take(")").then_some(answer);
        }
        let mut licence = self.next()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Some(self.allowed.contains(&licence))
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }

    fn next(&mut self) -> Option<&str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(expression: &str) -> bool {
        let licences = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned);
        is_allowed(expression, &licences)
    }

    #[test]
    fn one_of_several_is_enough() {
        assert!(allowed("MIT"));
        assert!(allowed("MIT OR LGPL-2.1-or-later"));
        assert!(allowed("GPL-3.0/MIT"));
        assert!(!allowed("GPL-3.0-only"));
    }

    #[test]
    fn all_of_several_are_needed() {
        assert!(allowed("(MIT OR GPL-3.0-only) AND Unicode-3.0"));
        assert!(!allowed("MIT AND GPL-3.0-only"));
        assert!(allowed("GPL-3.0-only AND MIT OR Apache-2.0"));
    }

    #[test]
    fn an_exception_is_a_licence_of_its_own() {
        assert!(!allowed("Apache-2.0 WITH LLVM-exception"));
        assert!(allowed("Apache-2.0 WITH LLVM-exception OR MIT"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for expression in ["", "MIT OR", "(MIT", "MIT Apache-2.0"] {
            assert!(!allowed(expression), "{expression}");
        }
    }
}
