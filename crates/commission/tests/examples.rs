//! Worked examples: what a sale earns under which rule, and how the page for people says it.
//!
//! A line reads: the sale; what the terms pay, incentive by incentive, in their order; what else is
//! agreed (a rate by the enrollment, an amount by whoever reports the sale); what is earned.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::Path;

use accrual_attribution::AffiliateId;
use accrual_commission::*;
use accrual_money::{Currency, Decimal, Money, Rate};
use expect_test::{Expect, expect};
use time::{Duration, OffsetDateTime};

/// A share of the sale, rounded once to the cent, half a cent away from zero.
const SHARES: &str = "
| 99.99 USD  | 5 %   | | 5.00 USD  |
| 129.99 USD | 5 %   | | 6.50 USD  |
| 150.00 USD | 5 %   | | 7.50 USD  |
| 99.00 EUR  | 30 %  | | 29.70 EUR |
| 10.00 USD  | 20 %  | | 2.00 USD  |
| 19.00 USD  | 10 %  | | 1.90 USD  |
| 0.02 USD   | 20 %  | | 0.00 USD  |
| 0.03 USD   | 20 %  | | 0.01 USD  |
| 0.15 USD   | 10 %  | | 0.02 USD  |
| 5.00 USD   | 2.9 % | | 0.15 USD  |
| 0.00 USD   | 20 %  | | 0.00 USD  |
| 10.00 USD  | 0 %   | | 0.00 USD  |
| 10.00 USD  | 100 % | | 10.00 USD |
";

/// The smallest unit is that of the sale's currency, not always a cent.
const CURRENCIES: &str = "
| 1050 JPY     | 5 % | | 53 JPY     |
| 1.250 KWD    | 5 % | | 0.063 KWD  |
| 0.1250 CLF   | 5 % | | 0.0063 CLF |
";

/// The total is what a share is taken of; the subtotal only where no total is known.
const BASES: &str = "
| 99.99 USD, subtotal 80.00 USD | 10 % | | 10.00 USD |
| subtotal 80.00 USD            | 10 % | | 8.00 USD  |
";

/// The same for every sale, however large.
const FIXED_AMOUNTS: &str = "
| 99.99 USD | 5.00 USD | | 5.00 USD |
| 1.00 USD  | 5.00 USD | | 5.00 USD |
| 99.99 USD | 0.00 USD | | 0.00 USD |
";

/// The rule for the sale's type goes before the rule for all; of two alike the first one pays.
const SEVERAL_INCENTIVES: &str = "
| subscription of 20.00 USD | 5 %; 30 % for subscriptions            | | 6.00 USD |
| 20.00 USD                 | 5 %; 30 % for subscriptions            | | 1.00 USD |
| 20.00 USD                 | 5 %; 3.00 USD for one-time sales       | | 3.00 USD |
| 20.00 USD                 | 5 %; 50 %                              | | 1.00 USD |
| subscription of 20.00 USD | 9 % for subscriptions; 8 % for subscriptions; 50 % | | 1.80 USD |
";

/// Nothing is a decision too.
const NOTHING_EARNED: &str = "
| 20.00 USD | nothing                | | 0.00 USD |
| 20.00 USD | 30 % for subscriptions | | 0.00 USD |
";

/// What was agreed outside of the terms goes before them; the caller's word goes before all.
const AGREED: &str = "
| 150.00 USD | 4 %      | commission 7.50 USD          | 7.50 USD   |
| 150.00 USD | 4 %      | commission 0.00 USD          | 0.00 USD   |
| 150.00 USD | 4 %      | commission 200.00 USD        | 200.00 USD |
| 150.00 USD | 4 %      | rate 10 %                    | 15.00 USD  |
| 150.00 USD | 5.00 USD | rate 10 %                    | 15.00 USD  |
| 150.00 USD | nothing  | rate 10 %                    | 15.00 USD  |
| 150.00 USD | 4 %      | rate 0 %                     | 0.00 USD   |
| 150.00 USD | 4 %      | rate 10 %; commission 1.00 USD | 1.00 USD |
";

/// No exchange rate is ever made up, and nobody owes for a sale.
const REFUSED: &str = "
| 99.99 EUR | 5.00 USD | | refused: 5.00 USD cannot be paid for a sale in EUR: no exchange rate is known |
| 99.99 EUR | 5 % | commission 1.00 USD | refused: 1.00 USD cannot be paid for a sale in EUR: no exchange rate is known |
| 99.99 EUR | 5 % | commission -1.00 EUR | refused: a commission cannot be below zero, and -1.00 EUR is |
";

#[test]
fn a_share_is_rounded_once_half_away_from_zero() {
    check_table(SHARES);
}

#[test]
fn a_share_is_as_fine_as_its_currency() {
    check_table(CURRENCIES);
}

#[test]
fn a_share_is_of_the_total_where_it_is_known() {
    check_table(BASES);
}

#[test]
fn a_fixed_amount_is_the_same_for_every_sale() {
    check_table(FIXED_AMOUNTS);
}

#[test]
fn the_most_specific_incentive_pays() {
    check_table(SEVERAL_INCENTIVES);
}

#[test]
fn nothing_earned_is_a_decision_too() {
    check_table(NOTHING_EARNED);
}

#[test]
fn what_is_agreed_goes_before_the_terms() {
    check_table(AGREED);
}

#[test]
fn what_cannot_be_decided_is_refused() {
    check_table(REFUSED);
}

#[test]
fn every_decision_says_why() {
    let check = |sale, pays, agreed, words: Expect| {
        let decision = decided(sale, pays, agreed).unwrap();
        let tried = decision.tried.iter().map(|tried| format!("\n{tried}"));
        words.assert_eq(&format!("{}{}", decision.reason, tried.collect::<String>()));
    };
    check(
        "99.99 USD",
        "5 %",
        "",
        expect![[r#"
            Incentive 1 pays 5 % of the total: 5 % of 99.99 USD is 4.9995 USD, rounded half away from zero to 5.00 USD.
            Incentive 1 pays."#]],
    );
    check(
        "subtotal 20.00 USD",
        "1 %; 50 %; 30 % for subscriptions",
        "",
        expect![[r#"
            Incentive 1 pays 1 % of the subtotal: 1 % of 20.00 USD is 0.20 USD.
            Incentive 1 pays.
            Incentive 2 does not pay: incentive 1 goes before it.
            Incentive 3 does not pay: it covers subscription sales only."#]],
    );
    check(
        "99.99 USD",
        "5.00 USD",
        "",
        expect![[r#"
            Incentive 1 pays 5.00 USD for every sale.
            Incentive 1 pays."#]],
    );
    check(
        "20.00 USD",
        "5 %",
        "rate 10 %",
        expect!["The enrollment's own rate pays 10 % of the total: 10 % of 20.00 USD is 2.00 USD."],
    );
    check(
        "20.00 USD",
        "5 %",
        "commission 0.00 USD",
        expect!["The report of the sale sets the commission: 0.00 USD."],
    );
    check(
        "20.00 USD",
        "nothing",
        "",
        expect!["Nothing is earned: the program has no incentives."],
    );
    check(
        "20.00 USD",
        "5 % for subscriptions",
        "",
        expect![[r#"
            Nothing is earned: no incentive covers the sale.
            Incentive 1 does not pay: it covers subscription sales only."#]],
    );
}

#[test]
fn the_examples_of_the_page_hold() {
    check_table(&table_of_the_page("## What a sale earns, by example"));
}

#[test]
fn the_page_lists_every_transition() {
    let expected = TRANSITIONS
        .iter()
        .map(|(from, change, to)| [from.to_string(), format!("{change:?}"), to.to_string()]);
    let page = table_of_the_page("## What may become of a commission");
    assert_eq!(rows(&page), expected.collect::<Vec<_>>());
}

#[test]
fn the_page_says_where_each_status_keeps_its_amount() {
    let affiliate = AffiliateId::new(1);
    let expected = StatusKind::ALL.map(|status| {
        let account = Account::of(status, affiliate).kind();
        [status.to_string(), account.to_string()]
    });
    let page = table_of_the_page("## Where the amount is");
    assert_eq!(rows::<2>(&page), expected);
}

#[test]
fn the_walk_of_a_commission_through_the_accounts() {
    let (affiliate, amount) = (AffiliateId::new(1), read_money("5.00 USD"));
    let end_of_hold = OffsetDateTime::UNIX_EPOCH + Duration::days(30);
    let held = Status::at_creation(Some(end_of_hold), OffsetDateTime::UNIX_EPOCH);
    let mut steps = vec![(None, held)];
    for change in [Change::Mature, Change::StartPayout, Change::Pay] {
        let (_, before) = steps[steps.len() - 1];
        steps.push((Some(before), before.after(change, end_of_hold).unwrap()));
    }
    let mut balances = Balances::default();
    let walk = steps.into_iter().map(|(before, after)| {
        let transfer = movement(affiliate, before, after, amount);
        let words = transfer.map_or("none".to_owned(), |transfer| {
            balances.post(&transfer).unwrap();
            let (from, to) = (transfer.from().kind(), transfer.to().kind());
            format!("{} from {from} to {to}", transfer.amount().major())
        });
        let own = [Account::Pending, Account::Payable, Account::Paid].map(|of| of(affiliate));
        let accounts = own.into_iter().chain([Account::Expense]);
        let sums = accounts.map(|of| balances.of(of, Currency::USD).major().to_string());
        [words].into_iter().chain(sums).collect::<Vec<_>>()
    });
    let page = rows::<6>(&table_of_the_page("## A commission on its way"));
    let page: Vec<_> = page.into_iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(page, walk.collect::<Vec<_>>());
}

/// The first table under a heading of the page, without its two lines of headings.
fn table_of_the_page(heading: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/DOMAIN.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, section) = page
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("the page has no heading {heading}"));
    let lines = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| format!("{line}\n")).collect()
}

#[track_caller]
fn check_table(table: &str) {
    let rows = rows::<4>(table);
    assert!(!rows.is_empty());
    for [sale, pays, agreed, earned] in rows {
        let result = match decided(&sale, &pays, &agreed) {
            Ok(decision) => decision.amount.to_string(),
            Err(refusal) => format!("refused: {refusal}"),
        };
        assert_eq!(result, earned, "{sale} | {pays} | {agreed}");
    }
}

fn rows<const COLUMNS: usize>(table: &str) -> Vec<[String; COLUMNS]> {
    let rows = table.lines().filter(|line| !line.is_empty());
    rows.map(|line| {
        let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
        let cells: Vec<_> = inside
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        cells.try_into().unwrap_or_else(|_| panic!("{line}"))
    })
    .collect()
}

fn decided(sale: &str, pays: &str, agreed: &str) -> Result<Decision, DecideError> {
    let (mut sale, mut rate) = (read_sale(sale), None);
    for agreement in agreed.split("; ").filter(|text| !text.is_empty()) {
        match agreement.split_once(' ').unwrap() {
            ("rate", percent) => rate = Some(read_rate(percent)),
            ("commission", amount) => sale = sale.with_amount_override(read_money(amount)),
            _ => panic!("nobody agrees {agreement}"),
        }
    }
    let terms = read_terms(pays);
    let case = Case::new(&sale, &terms);
    decide(&match rate {
        Some(rate) => case.with_rate_override(rate),
        None => case,
    })
}

fn read_sale(text: &str) -> Sale {
    if let Some(amount) = text.strip_prefix("subtotal ") {
        return Sale::of_subtotal(read_money(amount));
    }
    if let Some(amount) = text.strip_prefix("subscription of ") {
        return Sale::new(read_money(amount)).with_type(SaleType::Subscription);
    }
    match text.split_once(", subtotal ") {
        Some((total, subtotal)) => Sale::new(read_money(total)).with_subtotal(read_money(subtotal)),
        None => Sale::new(read_money(text)),
    }
}

/// Terms of a program in USD.
fn read_terms(pays: &str) -> Terms {
    let incentives = match pays {
        "nothing" => Vec::new(),
        some => some.split("; ").map(read_incentive).collect(),
    };
    Terms::try_new(TermsVersion::new(1), Currency::USD, incentives).unwrap()
}

fn read_incentive(text: &str) -> Incentive {
    let (pay, scope) = match text.split_once(" for ") {
        Some((pay, "subscriptions")) => (pay, Scope::Type(SaleType::Subscription)),
        Some((pay, "one-time sales")) => (pay, Scope::Type(SaleType::OneTime)),
        Some((_, other)) => panic!("nothing is paid for {other}"),
        None => (text, Scope::All),
    };
    let pay = if pay.ends_with('%') {
        Pay::Share(read_rate(pay))
    } else {
        Pay::Fixed(read_money(pay))
    };
    Incentive::new(pay).with_scope(scope)
}

fn read_rate(text: &str) -> Rate {
    Rate::parse_percent(text.strip_suffix(" %").unwrap()).unwrap()
}

fn read_money(text: &str) -> Money {
    let (amount, code) = text.split_once(' ').unwrap();
    let amount: Decimal = amount.parse().unwrap();
    Money::try_from_major(amount, Currency::parse(code).unwrap()).unwrap()
}
