//! Which words of code may occur where.

use super::{Finding, source};

/// Words that the files under some folders do not use.
struct Absence {
    words: &'static [&'static str],
    applies: fn(&str) -> bool,
    why: &'static str,
}

const ABSENCES: [Absence; 3] = [
    Absence {
        words: &["f32", "f64"],
        applies: |path| is_pure_source(path) || path.starts_with("crates/engine/src/"),
        why: "money is never a float",
    },
    Absence {
        words: &[
            "SystemTime",
            "Instant::now",
            "OffsetDateTime::now_utc",
            "OffsetDateTime::now_local",
            "rand::",
            "getrandom",
            "tokio",
            "async",
        ],
        applies: |path| is_pure_source(path) || path.starts_with("crates/engine/src/execute"),
        why: "the same inputs give the same answer: time, ids and rates come in with the command",
    },
    Absence {
        words: &["sqlx", "sea_orm", "sea_orm_migration"],
        applies: |path| !path.starts_with("crates/store/"),
        why: "only the store knows SQL",
    },
];

fn is_pure_source(path: &str) -> bool {
    ["money", "attribution", "commission"]
        .iter()
        .any(|name| path.starts_with(&format!("crates/{name}/src/")))
}

pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let lines = source::lines(text);
    for absence in ABSENCES.iter().filter(|absence| (absence.applies)(path)) {
        for (index, line) in lines.iter().enumerate() {
            for word in absence.words {
                if source::has_word(&line.code, word) {
                    let says = format!("has `{word}`: {}", absence.why);
                    findings.push(Finding::line(path, index + 1, says));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_found_in_the_domain_and_nowhere_else() {
        let text = "// An f64 would round.\nfn share() -> f64 {";
        let found = check("crates/money/src/rate.rs", text);
        assert_eq!(found[0].line, Some(2));
        assert_eq!(found.len(), 1);
        assert_eq!(check("crates/engine/src/book.rs", text).len(), 1);
        assert_eq!(check("crates/server/src/telemetry.rs", text), []);
    }

    #[test]
    fn a_clock_is_found_where_decisions_are_made() {
        let text = "let now = SystemTime::now();";
        assert_eq!(check("crates/commission/src/decide.rs", text).len(), 1);
        assert_eq!(check("crates/engine/src/execute.rs", text).len(), 1);
        assert_eq!(check("crates/engine/src/execute/refund.rs", text).len(), 1);
        assert_eq!(check("crates/engine/src/clock.rs", text), []);
    }

    #[test]
    fn async_and_randomness_are_found_where_decisions_are_made() {
        for text in [
            "async fn a()",
            "use tokio::sync;",
            "rand::random()",
            "getrandom::u64()",
        ] {
            assert_eq!(
                check("crates/attribution/src/a.rs", text).len(),
                1,
                "{text}"
            );
        }
    }

    #[test]
    fn sql_is_found_outside_the_store() {
        let text = "use sea_orm::DbErr;";
        assert_eq!(check("crates/api/src/wire.rs", text).len(), 1);
        assert_eq!(check("crates/store/src/entity.rs", text), []);
    }
}
