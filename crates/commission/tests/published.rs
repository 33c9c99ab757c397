//! What others have published of their arithmetic is what comes out here.
//!
//! The figures are theirs, the words are not. The first column is the example's name in
//! `golden/golden.json` of the folder `ACCRUAL_SHARED`, by default the folder `shared` next to the
//! workspace; where that file is, each of its examples is looked for here, and its figures too.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;
use std::path::Path;

use accrual_commission::*;
use accrual_money::{Currency, Money};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

#[path = "tables/course.rs"]
mod course;
#[path = "published/elsewhere.rs"]
mod elsewhere;
#[path = "tables/read.rs"]
mod read;

use course::Course;
use elsewhere::ELSEWHERE;

/// What one sale earns: the sale; what the terms say; what else is known; what is earned.
const SALES: &str = "
| A01 | 99.99 USD | 5 % | | 5.00 USD |
| A02 | 129.99 USD | 5 % | | 6.50 USD |
| A03 | 150.00 USD, commission 7.50 USD | 5 % | | 7.50 USD |
| A04 | 99.00 USD | 30 % | | 29.70 USD |
| A05 | 10.00 USD | 20 % | | 2.00 USD |
| A06 | 10.00 USD | 50 % | | 5.00 USD |
| A07 | 19.00 USD | 10 % | | 1.90 USD |
| A09 | 0.02 USD  | 20 % | | 0.00 USD |
| A10 | 0.00 USD  | 20 % | | 0.00 USD |
| A11 | 10.00 USD | 0 % | | 0.00 USD |
| A12 | 0.03 USD  | 20 % | | 0.01 USD |
| A13 | 0.15 USD  | 10 % | | 0.02 USD |
| A15 | 5.00 USD  | 2.9 % | | 0.15 USD |
| A18 | 10.00 USD, 0 of A 10.00 USD | 5.00 USD an item | | 0.00 USD |
| A22 | 90.00 USD, 3 of A 90.00 USD | 5.00 USD an item | | 15.00 USD |
| A23 | 90.00 USD, 4 of A 30.00 USD, 1 of B 30.00 USD, 9 of C 30.00 USD | 5.00 USD for products A; 5.00 USD for products B; 5.00 USD for products C | | 15.00 USD |
| B05 | 16.00 USD, tax 1.00 USD, shipping 2.00 USD, 1 of A 2.25 USD, 1 of B 3.75 USD, 1 of C 7.00 USD | less tax; less shipping; 20 %; 10 % for products C | | 1.90 USD |
| B06 | 200.00 USD, subtotal 150.00 USD | the subtotal; 5 % | | 7.50 USD |
| B08 | subtotal 10.00 USD, discount 1.00 USD, rate 10 % | less discount; 10 % | | 0.90 USD |
| B09 | subtotal 10.00 USD, discount 1.00 USD, rate 10 % | less discount; 20 % | | 0.90 USD |
| B10 | 100.00 USD, subtotal 200.00 USD | 50 % | | 50.00 USD |
| B11 | subtotal 1000.00 USD, discount 100.00 USD | less discount; 20 % | | 180.00 USD |
| C01 | 120.00 USD, 1 of A 20.00 USD, 1 of B 100.00 USD | 10 % for products A; 5 % | | 7.00 USD |
| C03 | 150.00 USD, 1 of gold 100.00 USD, 1 of addon 50.00 USD | 40 % for products gold; 10 % | | 45.00 USD |
| C05 | 200.00 USD | 10 % and 5.00 USD | | 25.00 USD |
| D01 | 25.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 2.50 USD |
| D02 | 75.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 11.25 USD |
| D03 | 200.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 40.00 USD |
| E02 | 50.00 USD | 100 %; cap 200.00 USD a customer | customer 180.00 USD | 20.00 USD |
| E04 | 5000.00 USD | 20 %; cap 500.00 USD | | 500.00 USD |
| E05 | 20.00 USD | 60 %, 10 % from payment 2 | | 12.00 USD |
| I01 | 100.00 EUR, at 100 EUR = 110 USD | 20 % | | 22.00 USD |
| I02 | 50.00 GBP, at 50 GBP = 65 USD | 20 % | | 13.00 USD |
";

/// The same, with the base before it.
const BASES: &str = "
| B01 | 125.00 USD, subtotal 110.00 USD, discount 10.00 USD, shipping 10.00 USD, tax 15.00 USD | the subtotal; less discount; 15 % | | 100.00 USD | 15.00 USD |
| B04 | 319.98 GBP, subtotal 287.00 GBP, tax 17.5 % included | in GBP; the subtotal; less tax; 2 % | | 244.26 GBP | 4.89 GBP |
";

/// A customer's or an affiliate's sales one after the other; what each earns, or all by now.
const COURSES: &str = "
| D07 | 80.00 USD; 120.00 USD | 0 %, 15 % from 50.00 USD, by what was sold before in 30 days | each | 0.00 + 18.00 |
| D11 | 100.00 USD; 100.00 USD; 100.00 USD; 100.00 USD; 100.00 USD | 4 %, 6 % from 200.00 USD, 8 % from 400.00 USD, by piece in a month | all | 28.00 |
| D12 | 900.00 USD; 900.00 USD; 900.00 USD | 250.00 USD, 275.00 USD from 3 sales, 300.00 USD from 5 sales, by lifting all | all | 825.00 |
| D13 | 900.00 USD; 900.00 USD; 900.00 USD; 900.00 USD; 900.00 USD | 250.00 USD, 275.00 USD from 3 sales, 300.00 USD from 5 sales, by lifting all | all | 1500.00 |
| D15 | 60.00 USD; 60.00 USD; 60.00 USD | 10 %, 15 % from 100.00 USD | each | 6.00 + 6.00 + 9.00 |
| D16 | 49.99 USD; 50.00 USD; 99.99 USD; 100.00 USD; 165.99 USD; 166.00 USD; 999.99 USD; 1000.00 USD | 0.00 USD, 50.00 USD from 50.00 USD, 100.00 USD from 100.00 USD, 150.00 USD from 166.00 USD, 500.00 USD from 1000.00 USD, by size | each | 0.00 + 50.00 + 50.00 + 100.00 + 100.00 + 150.00 + 150.00 + 500.00 |
| E01 | 180.00 USD; 15.00 USD | 100 %; cap 200.00 USD a customer | last and all | 15.00 + 195.00 |
| E07 | 100.00 USD; 100.00 USD; 100.00 USD | 20 %, 30 % from payment 2 | each | 20.00 + 30.00 + 30.00 |
| E08 | 100.00 USD; 100.00 USD; 100.00 USD; 100.00 USD; 100.00 USD | 40 %, 20 % from payment 4 | each | 40.00 + 40.00 + 40.00 + 20.00 + 20.00 |
| E11 | 100.00 USD; 100.00 USD | 20 %, 10 % from payment 2 | each | 20.00 + 10.00 |
";

/// Which tier a sale of this size reaches, where the first is what is paid below all tiers.
const TIERS: &str = "
| D14 | 999.99; 1000.00; 2000.00 | 1 %, 2 % from 1000.00 USD, 3 % from 2000.00 USD, by size | 1 + 2 + 3 |
";

/// Levels above the seller: the sale, what the seller earns of it, the levels; what all earn, the
/// seller first.
const LEVELS: &str = "
| F01 | 1000.00 | 100.00 | 10 % of the level below; 10 % of the level below; 10 % of the level below | 100.00 + 10.00 + 1.00 + 0.10 |
| F03 | 500.00 | 50.00 | 10 % of the commission | 50.00 + 5.00 |
| F04 | 100.00 | 20 % | 10 % of the sale | 20.00 + 10.00 |
| F06 | 1000.00 | 10 % | 5 % of the commission; 4 % of the commission; 2 % of the commission | 100.00 + 5.00 + 4.00 + 2.00 |
| F07 | 1000.00 | 10 % | 5 % of the sale; 4 % of the sale; 2 % of the sale | 100.00 + 50.00 + 40.00 + 20.00 |
| F08 | 1000.00 | 30 % | 20 % of the commission; 10 % of the commission; 5 % of the commission | 300.00 + 60.00 + 30.00 + 15.00 |
| F09 | 100.00 | 10 % | 20 % of the commission; 15 % of the commission | 10.00 + 2.00 + 1.50 |
";

/// One commission divided among several: in which proportion, what each gets.
///
/// Where the first or the last gets a bonus, all get an equal share of the rest besides: 10 % for
/// the first of three is 12 to 9 to 9.
const SPLITS: &str = "
| G02 | 36.00 | 1 : 1 : 1 | 12.00 + 12.00 + 12.00 |
| G03 | 36.00 | 12 : 9 : 9 | 14.40 + 10.80 + 10.80 |
| G04 | 36.00 | 8 : 8 : 14 | 9.60 + 9.60 + 16.80 |
";

/// Refunds: the sale, the rate, what is refunded; what is earned then, and what that changes.
const REFUNDS: &str = "
| H01 | 100.00 | 10 % | 30.00 | 7.00 - 3.00 |
| H02 | 100.00 | 10 % | 100.00 | 0.00 |
| H05 | 80.00 | 15 % | 80.00 | - 12.00 |
";

/// Sums of amounts and shares of amounts.
const SUMS: &str = "
| B14 | 599.00 + 53.15; 652.15 - 53.15 - 33.11 | 652.15; 565.89 |
| B15 | 6.00 + 12.00 + 10.00 + 1.35; 29.35 - 10.00 - 1.35 | 29.35; 18.00 |
| D17 | 200.00 - 15 % of 200.00 | 170.00 |
| H08 | 10 % of 100.00; 10 % of 0.50 | 10.00; 0.05 |
";

/// What can be paid while a commission of 10.00 USD goes from status to status, and what has been
/// paid in the end.
const BALANCES: [(&str, &[Status], &str); 2] = [
    // Earned and held, approved, paid, and refunded after that.
    (
        "H04",
        &[HELD, Status::Payable, PAID, Status::Declined],
        "0.00 + 10.00 + 0.00 - 10.00; 10.00 paid",
    ),
    ("H03", &[PAID, Status::Refunded], "0.00 - 10.00; 10.00 paid"),
];

const HELD: Status = Status::Pending {
    until: OffsetDateTime::UNIX_EPOCH,
};
const PAID: Status = Status::Paid { externally: false };

#[test]
fn a_sale_earns_what_was_published() {
    for [id, sale, terms, known, earned] in read::rows(SALES) {
        assert_eq!(
            decided(&sale, &terms, &known).amount.to_string(),
            earned,
            "{id}"
        );
    }
    for [id, sale, terms, known, base, earned] in read::rows(BASES) {
        let decision = decided(&sale, &terms, &known);
        let found = [decision.base.amount(), decision.amount].map(|amount| amount.to_string());
        assert_eq!(found, [base, earned], "{id}");
    }
}

fn decided(sale: &str, terms: &str, known: &str) -> Decision {
    let ((sale, at), terms) = (read::sale(sale), read::terms(terms));
    let (agreed, history) = read::known(known);
    let case = Case::new(&sale, &terms, at).with_history(&history);
    decide(&agreed.map_or(case, |rate| case.with_agreed_rate(rate))).unwrap()
}

#[test]
fn sales_one_after_the_other_earn_what_was_published() {
    for [id, sales, terms, what, earned] in read::rows(COURSES) {
        let terms = read::terms(&terms);
        let mut course = Course::new(&terms);
        for sale in sales.split("; ") {
            let (sale, at) = read::sale(sale);
            course.sell(&sale, at).unwrap();
        }
        let each: Vec<_> = course
            .earnings
            .iter()
            .map(|(_, earning)| earning.full)
            .collect();
        let all = Money::sum(each.iter().copied(), Currency::USD).unwrap();
        let found = match what.as_str() {
            "each" => each,
            "all" => vec![all],
            "last and all" => vec![each[each.len() - 1], all],
            _ => panic!("{what} of the sales is nothing"),
        };
        assert_eq!(joined(&found), earned, "{id}");
    }
}

/// Twenty actions, ten of which make a tier: all of them get its bonus.
#[test]
fn all_actions_get_the_bonus_of_the_tier_that_is_reached() {
    let terms = read::terms("1.00 USD, 2.00 USD from 10 sales, by lifting all in a month");
    let (mut course, (sale, at)) = (Course::new(&terms), read::sale("30.00 USD"));
    for _ in 0..20 {
        course.sell(&sale, at).unwrap();
    }
    let bonus = read::money("2.00 USD");
    let with_bonus = course
        .earnings
        .iter()
        .filter(|(_, earning)| earning.full == bonus);
    assert_eq!(with_bonus.count(), 20, "D09");
}

/// Eighteen months from the first payment on; whoever upgrades after five has thirteen left.
#[test]
fn an_upgrade_does_not_begin_the_months_again() {
    let terms = read::terms("20 %, until month 18");
    let history = History {
        payments: 5,
        first_payment_at: Some(read::date("2024-01-15")),
        ..History::default()
    };
    let earns = |(year, month): (i32, i32)| {
        let at = read::date(&format!("{year}-{month:02}-15"));
        let sale = Sale::new(read::money("100.00 USD"));
        let case = Case::new(&sale, &terms, at).with_history(&history);
        decide(&case).unwrap().amount.is_positive()
    };
    let from_upgrade = (5..30).map(|month| (2024 + month / 12, 1 + month % 12));
    assert_eq!(
        from_upgrade.filter(|month| earns(*month)).count(),
        13,
        "E10"
    );
}

/// Rules of one sale, each going before the one before it.
#[test]
fn the_rule_that_is_closer_to_the_case_goes_first() {
    let ladder = [
        ("20.00 USD, 1 of A 20.00 USD", "5 %", "", "1.00 USD"),
        (
            "20.00 USD, 1 of A 20.00 USD",
            "5 %; 10 % for products A",
            "",
            "2.00 USD",
        ),
        (
            "20.00 USD, 1 of A 20.00 USD",
            "5 %; 10 % for products A, 15 % from 0 sales",
            "",
            "3.00 USD",
        ),
        (
            "20.00 USD, 1 of A 20.00 USD",
            "5 %; 10 % for products A, 15 % from 0 sales",
            "rate 20 %",
            "4.00 USD",
        ),
    ];
    for (sale, terms, known, earned) in ladder {
        assert_eq!(
            decided(sale, terms, known).amount.to_string(),
            earned,
            "C07"
        );
    }
}

#[test]
fn a_sale_reaches_the_tier_that_was_published() {
    for [id, sizes, terms, tiers] in read::rows(TIERS) {
        let reached = sizes.split("; ").map(|size| {
            let decision = decided(&format!("{size} USD"), &terms, "");
            let Reason::Incentive(part) = decision.reason else {
                panic!("{id}")
            };
            let tier = part.tiers.unwrap().reached;
            (tier.map_or(0, |tier| tier.number) + 1).to_string()
        });
        assert_eq!(reached.collect::<Vec<_>>().join(" + "), tiers, "{id}");
    }
}

#[test]
fn levels_earn_what_was_published() {
    for [id, sale, direct, rules, expected] in read::rows(LEVELS) {
        let direct = if direct.ends_with('%') {
            direct
        } else {
            format!("{direct} USD")
        };
        let decision = decided(&format!("{sale} USD"), &direct, "");
        let rules: Vec<_> = rules.split("; ").map(read::level).collect();
        let mut amounts = levels(&rules, decision.base.amount(), decision.amount);
        amounts.insert(0, decision.amount);
        assert_eq!(joined(&amounts), expected, "{id}");
    }
}

#[test]
fn a_commission_is_divided_as_was_published() {
    for [id, amount, weights, expected] in read::rows(SPLITS) {
        let weights: Vec<u64> = weights.split(" : ").map(read::number).collect();
        assert_eq!(
            joined(&usd(&amount).allocate(&weights).unwrap()),
            expected,
            "{id}"
        );
    }
    assert_eq!(
        decided("120.00 USD", "30 %", "").amount,
        usd("36.00"),
        "G02"
    );
}

#[test]
fn a_refund_leaves_what_was_published() {
    for [id, sale, rate, refund, expected] in read::rows(REFUNDS) {
        let (sale, refund) = (usd(&sale), usd(&refund));
        let earning = decided(&sale.to_string(), &rate, "").earning();
        let left = sale.checked_sub(refund).unwrap();
        let now = earning.of_remaining(left, sale).unwrap();
        let change = now.checked_sub(earning.full).unwrap();
        let (rest, taken) = (now.major().to_string(), (-change.major()).to_string());
        let found = [format!("{rest} - {taken}"), rest, format!("- {taken}")];
        assert!(found.contains(&expected), "{id}: {}", found[0]);
    }
}

#[test]
fn a_balance_goes_as_was_published() {
    let (ten, zero) = (usd("10.00"), usd("0.00"));
    for (id, walk, expected) in BALANCES {
        let (mut paid, mut balances) = (zero, Vec::new());
        for status in walk {
            paid = if *status == PAID { ten } else { paid };
            balances.push(Position::of(*status, ten, paid).unwrap().payable());
        }
        let found = format!("{}; {} paid", joined(&balances), paid.major());
        assert_eq!(found, expected, "{id}");
    }
}

#[test]
fn amounts_sum_to_what_was_published() {
    for [id, sums, expected] in read::rows(SUMS) {
        let found: Vec<_> = sums.split("; ").map(sum).collect();
        let found: Vec<_> = found
            .iter()
            .map(|amount| amount.major().to_string())
            .collect();
        assert_eq!(found.join("; "), expected, "{id}");
    }
    // The same as bases: the invoice without its tax, the order without shipping and tax.
    let base = |sale, terms| decided(sale, terms, "").base.amount();
    assert_eq!(
        base("652.15 USD, tax 53.15 USD", "less tax; 5 %"),
        usd("599.00")
    );
    let order = "29.35 USD, shipping 10.00 USD, tax 1.35 USD";
    assert_eq!(base(order, "less shipping; less tax; 5 %"), usd("18.00"));
}

/// `10.00 + 1.00 - 10 % of 5.00`.
fn sum(text: &str) -> Money {
    let (first, others) = text.split_once(" - ").unwrap_or((text, ""));
    let plus = first.split(" + ").map(term);
    let minus = others.split(" - ").filter(|text| !text.is_empty());
    let minus = minus.map(|text| term(text).checked_neg().unwrap());
    Money::sum(plus.chain(minus), Currency::USD).unwrap()
}

fn term(text: &str) -> Money {
    match text.split_once(" of ") {
        Some((rate, of)) => usd(of).share(read::rate(rate)).amount,
        None => usd(text),
    }
}

/// A trial of seven days and thirty in which a customer may return what was bought.
#[test]
fn a_hold_covers_the_trial_and_the_time_for_returns() {
    let rules = Rules {
        hold_days: 7 + 30,
        ..read::rules("5 %")
    };
    let terms = Terms::try_new(TermsVersion::new(1), rules).unwrap();
    let until = read::TODAY + Duration::days(terms.hold_days().into());
    let held = Status::at_creation(Approval::Automatic, Some(until), read::TODAY);
    let payable_after = |days| held.after(Change::Mature, read::TODAY + Duration::days(days));
    assert!(payable_after(36).is_err());
    assert_eq!(payable_after(37), Ok(Status::Payable), "J03");
}

fn usd(major: &str) -> Money {
    read::money(&format!("{major} USD"))
}

/// `10.00 + 1.00`, `0.00 - 10.00`.
fn joined(amounts: &[Money]) -> String {
    let amounts: Vec<_> = amounts
        .iter()
        .map(|amount| amount.major().to_string())
        .collect();
    amounts.join(" + ").replace("+ -", "- ")
}

/// The figures of each example here, in the smallest unit, as they stand in its last cells.
fn figures_here() -> BTreeMap<String, Vec<i64>> {
    let mut here = BTreeMap::new();
    for table in [SALES, BASES, COURSES, TIERS, LEVELS, SPLITS, REFUNDS, SUMS] {
        for line in table.lines().filter(|line| !line.is_empty()) {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let results = if table == BASES { 2 } else { 1 };
            let figures = cells[cells.len() - results..].join(" ");
            here.insert(cells[0].to_owned(), figures_of(&figures));
        }
    }
    for (id, _, balances) in BALANCES {
        here.insert(id.to_owned(), figures_of(balances));
    }
    for (id, figure) in [("D09", 20), ("E10", 13), ("J03", 37)] {
        here.insert(id.to_owned(), vec![figure]);
    }
    here.insert("C07".to_owned(), Vec::new());
    here
}

/// `10.00 USD - 0.05` has 1000 and -5.
fn figures_of(text: &str) -> Vec<i64> {
    let is_figure = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let text = text.replace("- ", "-").replace(['+', ',', ';'], " ");
    let words = text.split_whitespace();
    words
        .filter(|word| is_figure(&word.trim_start_matches('-')))
        .map(|word| read::number(&word.replace('.', "")))
        .collect()
}

#[test]
fn every_published_example_is_here_or_named_with_the_reason_why_not() {
    let here = figures_here();
    for example in published() {
        let id = example["id"].as_str().unwrap();
        let is_elsewhere = ELSEWHERE.iter().any(|(ids, _)| ids.contains(&id));
        if example["status"] == "Q" {
            assert!(
                !here.contains_key(id) && !is_elsewhere,
                "{id} is a vendor's own habit"
            );
            continue;
        }
        match here.get(id) {
            Some(figures) => {
                assert!(!is_elsewhere, "{id} is here and elsewhere");
                let expected = figures_in(&example["expect"]);
                let all_are_here = expected.iter().all(|figure| figures.contains(figure));
                assert!(
                    all_are_here,
                    "{id}: {expected:?} are not all among {figures:?}"
                );
            }
            None => assert!(is_elsewhere, "{id} is neither here nor named"),
        }
    }
}

/// Every whole number in what an example expects.
fn figures_in(expect: &Value) -> Vec<i64> {
    match expect {
        Value::Number(number) => number.as_i64().into_iter().collect(),
        Value::Array(values) => values.iter().flat_map(figures_in).collect(),
        Value::Object(fields) => fields.values().flat_map(figures_in).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => Vec::new(),
    }
}

/// The examples, if the file is there.
fn published() -> Vec<Value> {
    let shared = std::env::var_os("ACCRUAL_SHARED").unwrap_or_else(|| "../shared".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = workspace.join(shared).join("golden/golden.json");
    if !file.is_file() {
        let file = file.display();
        eprintln!("SKIPPED, nothing was compared: there is no file {file}");
        return Vec::new();
    }
    let mut golden: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    match golden["examples"].take() {
        Value::Array(examples) if !examples.is_empty() => examples,
        other => panic!("the examples are no list: {other}"),
    }
}
