//! Rust source, line by line, with code and comments told apart and strings emptied.

/// One line of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Without comments; what strings and characters hold is left out, their quotes are not.
    pub(super) code: String,
    /// What comments say, without the slashes and stars that open them.
    pub(super) comment: String,
}

#[derive(Clone, Copy)]
enum State {
    Code,
    LineComment,
    /// How many are open: they nest.
    BlockComment(usize),
    Text,
    /// How many `#` close it.
    RawText(usize),
}

/// The lines of `text`, in order. Good enough for source that compiles.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut state = State::Code;
    text.lines()
        .map(|line| {
            if let State::LineComment = state {
                state = State::Code;
            }
            read_line(line, &mut state)
        })
        .collect()
}

fn read_line(text: &str, state: &mut State) -> Line {
    let mut line = Line::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken;
        (taken, *state) = match *state {
            State::Code => read_code(rest, &mut line.code),
            State::LineComment => {
                line.comment.push_str(rest.trim_start_matches(['/', '!']));
                (rest.len(), State::LineComment)
            }
            State::BlockComment(depth) => {
                if rest.starts_with("*/") && depth == 1 {
                    (2, State::Code)
                } else if rest.starts_with("*/") {
                    (2, State::BlockComment(depth - 1))
                } else if rest.starts_with("/*") {
                    (2, State::BlockComment(depth + 1))
                } else {
                    if first != '*' {
                        line.comment.push(first);
                    }
                    (first.len_utf8(), State::BlockComment(depth))
                }
            }
            State::Text => match first {
                '\\' => (escape_length(rest), State::Text),
                '"' => {
                    line.code.push('"');
                    (1, State::Code)
                }
                other => (other.len_utf8(), State::Text),
            },
            State::RawText(hashes) => {
                let end = format!("\"{}", "#".repeat(hashes));
                if rest.starts_with(&end) {
                    line.code.push('"');
                    (end.len(), State::Code)
                } else {
                    (first.len_utf8(), State::RawText(hashes))
                }
            }
        };
        rest = &rest[taken..];
    }
    line
}

/// Reads one token's beginning: how many bytes it took, and what follows.
fn read_code(rest: &str, code: &mut String) -> (usize, State) {
    if rest.starts_with("//") {
        return (2, State::LineComment);
    }
    if rest.starts_with("/*") {
        return (2, State::BlockComment(1));
    }
    let begins_word = !code.ends_with(is_word);
    if begins_word && let Some((taken, hashes)) = raw_text_start(rest) {
        code.push('"');
        return (taken, State::RawText(hashes));
    }
    let Some(first) = rest.chars().next() else {
        return (0, State::Code);
    };
    code.push(first);
    match first {
        '"' => (1, State::Text),
        '\'' => (1 + character_length(&rest[1..]), State::Code),
        other => (other.len_utf8(), State::Code),
    }
}

/// Of `r"`, `r#"`, `br##"`: how long it is and its number of `#`.
fn raw_text_start(rest: &str) -> Option<(usize, usize)> {
    let after = rest.trim_start_matches(['b', 'c']);
    let after = after.strip_prefix('r')?;
    let quoted = after.trim_start_matches('#');
    quoted
        .starts_with('"')
        .then(|| (rest.len() - quoted.len() + 1, after.len() - quoted.len()))
}

/// After a `'`: the length of a character with its closing quote, or 0 for a lifetime.
fn character_length(rest: &str) -> usize {
    let length = match rest.chars().next() {
        Some('\\') => escape_length(rest) + rest[escape_length(rest)..].find('\'').unwrap_or(0),
        Some(first) => first.len_utf8(),
        None => return 0,
    };
    if rest[length..].starts_with('\'') {
        length + 1
    } else {
        0
    }
}

/// The backslash and the character after it, if the line goes on.
fn escape_length(rest: &str) -> usize {
    rest.chars().take(2).map(char::len_utf8).sum()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `needle` occurs in `code` where no longer name has it as a part.
pub(super) fn has_word(code: &str, needle: &str) -> bool {
    code.match_indices(needle).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = code[start + needle.len()..].chars().next();
        let starts = !needle.starts_with(is_word) || !before.is_some_and(is_word);
        let ends = !needle.ends_with(is_word) || !after.is_some_and(is_word);
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let lines = lines(text);
        let code: Vec<_> = lines.iter().map(|line| line.code.as_str()).collect();
        code.join("\n")
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(code("let a = 1; // f64\nb"), "let a = 1; \nb");
        assert_eq!(code("a /* f64 /* x */\n f64 */ b"), "a \n b");
        assert_eq!(lines("//! A `Line`.")[0].comment, " A `Line`.");
    }

    #[test]
    fn what_text_holds_is_not_code() {
        assert_eq!(code(r#"f("f64 \" // x", b)"#), r#"f("", b)"#);
        assert_eq!(code("f(r#\"a \"f64\" //\"#)"), "f(\"\")");
        assert_eq!(code("\"one\nf64\" b"), "\"\n\" b");
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        assert_eq!(code("fn a<'a>(b: &'a str) {}"), "fn a<'a>(b: &'a str) {}");
        assert_eq!(code(r#"f('"', '\'', '\u{41}', "x")"#), r#"f(', ', ', "")"#);
    }

    #[test]
    fn a_word_is_not_a_part_of_a_longer_one() {
        assert!(has_word("a: f64,", "f64"));
        assert!(!has_word("as_f64()", "f64"));
        assert!(has_word("use rand::Rng", "rand::"));
        assert!(!has_word("operand::x", "rand::"));
    }
}
