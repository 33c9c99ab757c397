//! Worked examples: who is credited for a sale under which rules, and how that reads.
//!
//! A line reads: what happened before; the sale; the rules; who is credited.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::Path;

use expect_test::{Expect, expect};
use story::Story;

#[path = "stories/story.rs"]
mod story;

/// A window is open from the touch on, and closed at its end.
const WINDOWS: &str = "
| A clicks on day 1 | day 1 | 30 days | A |
| A clicks on day 1 | day 0 23:59:59 | 30 days | nobody |
| A clicks on day 1 | day 30 23:59:59 | 30 days | A |
| A clicks on day 1 | day 31 | 30 days | nobody |
| A clicks on day 1 09:30:00 | day 2 09:29:59 | 24 hours | A |
| A clicks on day 1 09:30:00 | day 2 09:30:00 | 24 hours | nobody |
| A clicks on day 1 | day 9000 | | A |
| A clicks on day 1; A clicks on day 40 | day 5 | 30 days | A |
| A clicks on day 1; A clicks on day 40 | day 35 | 30 days | nobody |
";

/// The last that is open, or the first; a click before anything less.
const TOUCHES: &str = "
| A clicks on day 1; B clicks on day 2; A clicks on day 3 | day 4 | | A |
| A clicks on day 1; B clicks on day 2; A clicks on day 3 | day 4 | first touch | A |
| A clicks on day 1; B clicks on day 2; A clicks on day 9 | day 4 | | B |
| A clicks on day 0; B clicks on day 29 | day 30 | first touch; 30 days | B |
| B clicks on day 1; A clicks on day 1 | day 4 | | A |
| B clicks on day 1; A clicks on day 1 | day 4 | first touch | A |
| A is seen on day 1; B soft-clicks on day 2 | day 4 | first touch | B |
| A clicks on day 0; B is seen on day 29 | day 30 | 30 days | B |
";

/// A customer goes before a touch as long as it belongs to somebody; then the touch decides.
const BINDINGS: &str = "
| the customer is A's since day 1 | day 9000 | 30 days | A |
| the customer is A's since day 1 | day 90 23:59:59 | bound for 90 days | A |
| the customer is A's since day 1 | day 91 | bound for 90 days | nobody |
| the customer is A's since day 1; A clicks on day 90 | day 91 | bound for 90 days; 30 days | A |
| the customer is A's since day 1; A clicks on day 2 | day 91 | bound for 90 days; 30 days | nobody |
| the customer is A's since day 1 | day 2 | customers belong to nobody | nobody |
| the customer is A's since day 3 | day 2 | | nobody |
| the customer is A's since day 1; the customer is B's since day 0 | day 2 | | B |
";

/// Ids, then promo codes, then links and tags, unless the program says otherwise.
const CLAIMS: &str = "
| | day 1; tag of A; link of B; promo code of C; id of D | | D |
| | day 1; tag of A; link of B; promo code of C | | C |
| | day 1; tag of A; link of B | | B |
| | day 1; id of D; promo code of C; promo code of B | promo code first | C |
| A clicks on day 0 | day 1; link of B | | A |
| | day 1; tag of B; tag of A | | B |
";

/// A promo code that cannot be redeemed leads to nobody.
const PROMO_CODES: &str = "
| | day 1; promo code of A, expired | | nobody |
| | day 1; promo code of A, used up; tag of B | | B |
| | day 1; promo code of A, not for this product; promo code of B | | B |
";

/// All touches that are open share; nobody else does.
const SHARES: &str = "
| A clicks on day 1 | day 9 | first bonus 40 % | A |
| A clicks on day 1; B is seen on day 2 | day 9 | shared equally | A 1 : B 1 |
| A clicks on day 1; B clicks on day 2; A clicks on day 3 | day 9 | last bonus 50 % | A 1 : B 3 |
| A clicks on day 1; B clicks on day 2 | day 9; tag of C | shared equally | A 1 : B 1 |
| A clicks on day 1; B clicks on day 2 | day 9; promo code of C | shared equally; promo code first | C |
| the customer is A's since day 0; B clicks on day 2 | day 9 | shared equally | A |
";

/// The caller's own split goes before the program's.
const WEIGHTS: &str = "
| | day 1; tag of A weighs 1; tag of B weighs 1; id of A weighs 2 | | A 3 : B 1 |
| | day 1; tag of A weighs 0; tag of B weighs 5 | | B |
| | day 1; tag of A, ended weighs 1; tag of B weighs 1 | | B |
| | day 1; tag of A weighs 0 | | nobody |
";

/// Claims that have to agree.
const AGREEMENTS: &str = "
| A clicks on day 0 | day 1; tag of A; all agree | | A |
| A clicks on day 0 | day 1; tag of B; all agree | | nobody |
| A clicks on day 0; B clicks on day 0 | day 1; tag of B; all agree | | nobody |
| A clicks on day 0; B clicks on day 1 | day 1; tag of B; all agree | | B |
| A clicks on day 0; B clicks on day 1 | day 1; all agree | shared equally | B |
| A clicks on day 0 | day 1; tag of B, ended; all agree | | nobody |
";

#[test]
fn the_examples_hold() {
    for table in [
        WINDOWS,
        TOUCHES,
        BINDINGS,
        CLAIMS,
        PROMO_CODES,
        SHARES,
        WEIGHTS,
        AGREEMENTS,
    ] {
        let lines: Vec<&str> = table.lines().filter(|line| !line.is_empty()).collect();
        check(&lines);
    }
}

#[test]
fn the_examples_of_the_page_hold() {
    let page = page("## Who is credited, by example");
    let table = page.lines().skip_while(|line| !line.starts_with('|'));
    let table: Vec<&str> = table.take_while(|line| line.starts_with('|')).collect();
    // The names of the columns, and the line below them.
    check(&table[2..]);
}

#[track_caller]
fn check(lines: &[&str]) {
    assert!(!lines.is_empty());
    for line in lines {
        let cells = line
            .strip_prefix('|')
            .and_then(|rest| rest.strip_suffix('|'));
        let cells: Vec<&str> = cells.unwrap().split('|').map(str::trim).collect();
        let [before, sale, rules, expected] = cells.try_into().unwrap();
        let credited = Story::read(before, sale, rules).credited();
        assert_eq!(credited, expected, "{line}");
    }
}

#[test]
fn who_is_credited_reads_why() {
    check_words(
        "A clicks on day 1; B clicks on day 34; B clicks on day 36; C clicks on day 50",
        "day 40; tag of B; tag of D",
        "30 days",
        &expect![[r#"
            The customer cus_1 leads to enrollment 2 (affiliate 2 in program 1): it is credited, for its clicks from 2025-07-05 00:00:00 UTC to 2025-07-07 00:00:00 UTC.
            The customer cus_1 leads to enrollment 3 (affiliate 3 in program 1): not credited, its click of 2025-07-21 00:00:00 UTC was after the sale.
            The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, its click of 2025-06-02 00:00:00 UTC was 30 days or more before the sale.
            The tag b belongs to enrollment 2 (affiliate 2 in program 1): the same enrollment, already credited.
            The tag d belongs to enrollment 4 (affiliate 4 in program 1): not credited, the customer cus_1 goes before it."#]],
    );
    check_words(
        "the customer is A's since day 1",
        "day 9",
        "",
        &expect![
            "The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): it is credited, the customer belongs to it since 2025-06-02 00:00:00 UTC."
        ],
    );
    check_words(
        "A clicks on day 1; B is seen on day 2; C clicks on day 1",
        "day 4",
        "first touch",
        &expect![[r#"
            The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): it is credited, for its click of 2025-06-02 00:00:00 UTC.
            The customer cus_1 leads to enrollment 3 (affiliate 3 in program 1): not credited, enrollment 1 goes before it: all else is equal, and it is the older one.
            The customer cus_1 leads to enrollment 2 (affiliate 2 in program 1): not credited, enrollment 1 goes before it: it had a stronger touch, a click."#]],
    );
}

#[test]
fn who_shares_the_credit_reads_how_much() {
    check_words(
        "A clicks on day 1; B clicks on day 2",
        "day 4; promo code of C",
        "last bonus 25 %",
        &expect![[r#"
            The customer cus_1 leads to enrollment 2 (affiliate 2 in program 1): it is credited with 5 of 8 parts, for its click of 2025-06-03 00:00:00 UTC.
            The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): it is credited with 3 of 8 parts, for its click of 2025-06-02 00:00:00 UTC.
            The promo code c belongs to enrollment 3 (affiliate 3 in program 1): not credited, the customer cus_1 goes before it."#]],
    );
    check_words(
        "",
        "day 4; tag of A weighs 3; tag of B weighs 6; link of C weighs 0",
        "",
        &expect![[r#"
            The link c belongs to enrollment 3 (affiliate 3 in program 1): not credited, the report gives this claim no part.
            The tag a belongs to enrollment 1 (affiliate 1 in program 1): it is credited with 1 of 3 parts.
            The tag b belongs to enrollment 2 (affiliate 2 in program 1): it is credited with 2 of 3 parts."#]],
    );
}

#[test]
fn who_is_not_credited_reads_why_not() {
    check_words(
        "A clicks on day 1",
        "day 4; tag of B; all agree",
        "",
        &expect![[r#"
            The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, the claims have to agree, and lead to several enrollments.
            The tag b belongs to enrollment 2 (affiliate 2 in program 1): not credited, the claims have to agree, and lead to several enrollments."#]],
    );
    check_words(
        "the customer is A's since day 1; A clicks on day 2",
        "day 91",
        "bound for 90 days; 30 days",
        &expect![
            "The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, the customer does not belong to it, and its click of 2025-06-03 00:00:00 UTC was 30 days or more before the sale."
        ],
    );
    check_words(
        "the customer is A's since day 1",
        "day 91",
        "bound for 90 days",
        &expect![
            "The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, the customer belonged to it for 90 days from 2025-06-02 00:00:00 UTC."
        ],
    );
    check_words(
        "the customer is A's since day 99",
        "day 91",
        "",
        &expect![
            "The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, the customer came to belong to it after the sale, on 2025-09-08 00:00:00 UTC."
        ],
    );
    check_words(
        "the customer is A's since day 1",
        "day 91",
        "customers belong to nobody",
        &expect![
            "The customer cus_1 leads to enrollment 1 (affiliate 1 in program 1): not credited, customers belong to nobody in its program."
        ],
    );
    check_words(
        "",
        "day 4; tag of A, ended; promo code of B, expired; link of C, the buyer's own",
        "own purchases refused",
        &expect![[r#"
            The promo code b belongs to enrollment 2 (affiliate 2 in program 1): not credited, the promo code has expired.
            The link c belongs to enrollment 3 (affiliate 3 in program 1): not credited, the customer is the affiliate itself: both have one e-mail address.
            The tag a belongs to enrollment 1 (affiliate 1 in program 1): not credited, the enrollment has ended."#]],
    );
}

#[track_caller]
fn check_words(before: &str, sale: &str, rules: &str, expected: &Expect) {
    let attribution = Story::read(before, sale, rules).attribution();
    let words: Vec<_> = attribution
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    expected.assert_eq(&words.join("\n"));
}

/// The page for people from a heading on.
fn page(heading: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/DOMAIN.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap();
    section.to_owned()
}
