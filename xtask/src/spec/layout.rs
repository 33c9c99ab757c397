//! JSON, laid out for reading and for small differences.
//!
//! The text is laid out as it stands, not parsed and printed: serde_json's order of keys depends
//! on features that another crate may turn on.

const INDENT: &str = "  ";

/// `json`, which must be valid, with one member a line and a newline at the end.
pub(super) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        match first {
            '"' => {
                taken = text_length(rest);
                out.push_str(&rest[..taken]);
            }
            '{' | '[' => {
                let inside = rest[1..].trim_start();
                if inside.starts_with(['}', ']']) {
                    out.push_str(if first == '{' { "{}" } else { "[]" });
                    taken = rest.len() - inside.len() + 1;
                } else {
                    out.push(first);
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(first);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_ascii_whitespace() => {}
            other => out.push(other),
        }
        rest = &rest[taken..];
    }
    out.push('\n');
    out
}

/// Of the text that `rest` begins with, in bytes, with both its quotes.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.push_str(&INDENT.repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENSE: &str = r#"{"b":[1,{"x: \"y\", {":null}],"a":{ },"c":[],"d":1.50}"#;
    const LAID_OUT: &str = r#"{
  "b": [
    1,
    {
      "x: \"y\", {": null
    }
  ],
  "a": {},
  "c": [],
  "d": 1.50
}
"#;

    #[test]
    fn keys_keep_their_order_and_numbers_their_text() {
        assert_eq!(pretty(DENSE), LAID_OUT);
    }

    #[test]
    fn what_is_laid_out_stays_as_it_is() {
        assert_eq!(pretty(LAID_OUT), LAID_OUT);
    }
}
