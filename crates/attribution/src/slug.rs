//! The part of an affiliate's link that names it.

use crate::AttributionError;
use crate::text::{checked_any_case, claim_text};

/// The query parameters that name a link, the first one first.
const PARAMETERS: [&str; 3] = ["ref", "via", "aff"];

claim_text! {
    /// What names an affiliate's link, such as `sarah` in `https://example.org/?ref=Sarah`: kept in
    /// lower case, so that any case matches it.
    ///
    /// Units: 1 to [`Slug::MAX_CHARS`] characters, without white space at its ends or control
    /// characters.
    /// Source: Referly `POST /sales`, where a referral may be named by its affiliate's link.
    Slug
}

impl Slug {
    /// The slug that `text` is, or that the URL in it names.
    ///
    /// A text with a `/` or a `?` in it is a URL, with its scheme or without. Its slug is the first
    /// of the query parameters `ref`, `via` and `aff` that says something, else the last segment of
    /// its path; either with percent-encoding undone. The host and the fragment are no slug.
    ///
    /// # Errors
    /// [`AttributionError::NoSlug`] if a URL has neither, [`AttributionError::Empty`],
    /// [`AttributionError::TooLong`] beyond [`Slug::MAX_CHARS`],
    /// [`AttributionError::ControlCharacter`] if one is in the slug.
    pub fn parse(text: &str) -> Result<Self, AttributionError> {
        const WHAT: &str = "a slug";
        if !text.contains(['/', '?']) {
            return checked_any_case(WHAT, text).map(Self);
        }
        let named = in_url(text.trim()).ok_or_else(|| AttributionError::NoSlug {
            text: text.to_owned(),
        })?;
        if named.contains(['/', '?']) {
            // Read again it would be a URL, and another slug.
            return Err(AttributionError::NoSlug {
                text: text.to_owned(),
            });
        }
        checked_any_case(WHAT, &named).map(Self)
    }
}

fn in_url(url: &str) -> Option<String> {
    let without_fragment = url.split('#').next().unwrap_or(url);
    let (location, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let parameter = |wanted: &str| {
        query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let value = decoded(&value.replace('+', " "));
            (name.eq_ignore_ascii_case(wanted) && !value.trim().is_empty()).then_some(value)
        })
    };
    let in_query = PARAMETERS.into_iter().find_map(parameter);
    in_query.or_else(|| {
        let after_scheme = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest);
        let (_host, path) = after_scheme.split_once('/')?;
        let segment = path.rsplit('/').map(decoded);
        let mut said = segment.filter(|segment| !segment.trim().is_empty());
        said.next()
    })
}

/// `text` with its `%XX` undone, or as it is where they spell no text.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let byte = match others {
            [high, low, ..] if *first == b'%' => hexadecimal(*high).zip(hexadecimal(*low)),
            _ => None,
        };
        match byte {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, slug: &str) {
        assert_eq!(Slug::parse(text).unwrap().as_str(), slug, "{text}");
    }

    #[test]
    fn a_slug_is_read_in_any_case() {
        check(" Sarah ", "sarah");
        check("sarah.smith", "sarah.smith");
    }

    #[test]
    fn a_url_names_it_in_its_query_or_else_at_the_end_of_its_path() {
        check("https://example.org/?ref=Sarah", "sarah");
        check("https://example.org?via=sarah#top", "sarah");
        check("https://example.org/shop?page=2&aff=sarah", "sarah");
        check("https://example.org/shop?aff=a&ref=r&via=v", "r");
        check("https://example.org/shop?ref=&via=v", "v");
        check("https://example.org/r/Sarah/", "sarah");
        check("example.org/r/sarah?page=2", "sarah");
        check("/r/sarah", "sarah");
        check("?ref=sarah", "sarah");
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        check("https://example.org/?ref=caf%C3%A9", "café");
        check("https://example.org/r/100%25", "100%");
        check("https://example.org/?ref=50%", "50%");
        check("https://example.org/?ref=%FF", "%ff");
        check("https://example.org/?ref=sarah+smith", "sarah smith");
    }

    #[test]
    fn a_url_that_names_no_link_is_refused() {
        for text in ["https://example.org", "https://example.org/", "//", "?ref="] {
            let text = text.to_owned();
            assert_eq!(Slug::parse(&text), Err(AttributionError::NoSlug { text }));
        }
    }

    #[test]
    fn an_encoded_control_character_is_one() {
        let refused = Slug::parse("https://example.org/?ref=a%00b");
        let what = "a slug";
        assert_eq!(refused, Err(AttributionError::ControlCharacter { what }));
    }
}
