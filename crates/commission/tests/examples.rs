//! Worked examples: what a sale earns under which rule, and how the page for people says it.
//!
//! A line reads: the sale; what the terms say, their incentives in their order; what else is known
//! (a rate agreed with the enrollment, what happened before); what is earned.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::Path;

use accrual_attribution::AffiliateId;
use accrual_commission::*;
use accrual_money::{Currency, Money};
use time::{Duration, OffsetDateTime};

#[path = "tables/read.rs"]
mod read;

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

/// What a share is taken of: as the terms say, never below zero.
const BASES: &str = "
| 99.99 USD, subtotal 80.00 USD | 10 % | | 10.00 USD |
| subtotal 80.00 USD            | 10 % | | 8.00 USD  |
| 99.99 USD, subtotal 80.00 USD | the subtotal; 10 % | | 8.00 USD |
| 99.99 USD                     | the subtotal; 10 % | | 10.00 USD |
| 125.00 USD, shipping 10.00 USD, tax 15.00 USD | 10 % | | 12.50 USD |
| 125.00 USD, shipping 10.00 USD, tax 15.00 USD | less shipping; less tax; 10 % | | 10.00 USD |
| 110.00 USD, discount 10.00 USD | less discount; 10 % | | 10.00 USD |
| 119.00 USD, tax 19 % included  | less tax; 10 % | | 10.00 USD |
| 129.00 USD, tax 19 % included, shipping 10.00 USD | less tax; less shipping; 10 % | | 10.00 USD |
| 10.00 USD, discount 12.00 USD  | less discount; 10 % | | 0.00 USD |
| 10.00 USD                      | less tax; less discount; less shipping; 10 % | | 1.00 USD |
";

/// The same for every sale, however large; or for every item.
const FIXED_AMOUNTS: &str = "
| 99.99 USD | 5.00 USD | | 5.00 USD |
| 1.00 USD  | 5.00 USD | | 5.00 USD |
| 99.99 USD | 0.00 USD | | 0.00 USD |
| 99.99 USD | 5.00 USD an item | | 5.00 USD |
| 99.99 USD, 3 of A 60.00 USD, 1 of B 39.99 USD | 5.00 USD an item | | 20.00 USD |
| 99.99 USD, 0 of A 99.99 USD | 5.00 USD an item | | 0.00 USD |
| 200.00 USD | 10 % and 5.00 USD | | 25.00 USD |
";

/// The rule for the narrowest goes before the rule for all; of two alike the first one pays.
const SEVERAL_INCENTIVES: &str = "
| subscription of 20.00 USD | 5 %; 30 % for subscriptions            | | 6.00 USD |
| 20.00 USD                 | 5 %; 30 % for subscriptions            | | 1.00 USD |
| 20.00 USD                 | 5 %; 3.00 USD for one-time sales       | | 3.00 USD |
| 20.00 USD                 | 5 %; 50 %                              | | 1.00 USD |
| subscription of 20.00 USD | 9 % for subscriptions; 8 % for subscriptions; 50 % | | 1.80 USD |
| subscription of 20.00 USD, monthly | 9 % for subscriptions; 8 % for monthly payments | | 1.60 USD |
| subscription of 20.00 USD, yearly | 8 % for monthly payments; 7 % for yearly payments; 9 % | | 1.40 USD |
| 20.00 USD, 1 of A 20.00 USD | 9 % for yearly payments; 8 %; 7 % for products A | | 1.40 USD |
| 20.00 USD, 1 of A@gold 20.00 USD | 7 % for products A; 6 % for prices gold | | 1.20 USD |
| 20.00 USD, from DE | 5 %; 6 %, in DE/AT | | 1.20 USD |
| 20.00 USD, from FR | 5 %; 6 %, in DE/AT | | 1.00 USD |
| 20.00 USD          | 5 %; 6 %, in DE/AT | | 1.00 USD |
| 20.00 USD, from DE, where plan=pro | 6 %, in DE; 7 %, in DE, where plan=pro | | 1.40 USD |
| 20.00 USD, from DE, where plan=Pro | 6 %, in DE; 7 %, in DE, where plan=pro | | 1.20 USD |
";

/// Each line goes to its own rule; what the order as a whole is less goes off in proportion.
const LINES: &str = "
| 120.00 USD, 1 of A 20.00 USD, 1 of B 100.00 USD | 5 %; 10 % for products A | | 7.00 USD |
| 108.00 USD, 1 of A 20.00 USD, 1 of B 100.00 USD | 5 %; 10 % for products A | | 6.30 USD |
| 120.00 USD, 1 of A 20.00 USD, 1 of B 100.00 USD | 5 %; 0 % for products A | | 5.00 USD |
| 120.00 USD, 1 of A 20.00 USD, 1 of B 100.00 USD | 10 % for products A | | 2.00 USD |
| 120.00 USD, 1 of A 20.00 USD, 3 of B 100.00 USD | 5 %; 2.00 USD an item for products B | | 7.00 USD |
| 120.00 USD, 1 of A 20.00 USD, 3 of B 100.00 USD | 5 %; 2.00 USD for products B | | 3.00 USD |
| 0.10 USD, 1 of A 0.05 USD, 1 of B 0.05 USD | 5 %; 6 % for products A | | 0.01 USD |
| 10.00 USD, 1 of A 0.00 USD, 1 of B 0.00 USD | 10 % for products A | | 0.50 USD |
| 10.00 USD, 1 of A 0.00 USD, 1 of B 7.00 USD | 10 % for products A | | 0.00 USD |
";

/// What changes over a customer's life; what is over pays nothing, and nothing pays in its place.
const LIVES: &str = "
| 100.00 USD | 20 %, 30 % from payment 2 | | 20.00 USD |
| 100.00 USD | 20 %, 30 % from payment 2 | payments 1 | 30.00 USD |
| 100.00 USD | 40 %, 20 % from payment 4, 5.00 USD from payment 10 | payments 2 | 40.00 USD |
| 100.00 USD | 40 %, 20 % from payment 4, 5.00 USD from payment 10 | payments 3 | 20.00 USD |
| 100.00 USD | 40 %, 20 % from payment 4, 5.00 USD from payment 10 | payments 9 | 5.00 USD |
| 100.00 USD, on 2025-02-27 | 40 %, 20 % from month 1 | first on 2025-01-31 | 40.00 USD |
| 100.00 USD, on 2025-02-28 | 40 %, 20 % from month 1 | first on 2025-01-31 | 20.00 USD |
| 100.00 USD | 40 %, until payment 3 | payments 2 | 40.00 USD |
| 100.00 USD | 40 %, until payment 3 | payments 3 | 0.00 USD |
| 100.00 USD | 40 %, in DE, until payment 3; 5 % | payments 3 | 5.00 USD |
| 100.00 USD, from DE | 40 %, in DE, until payment 3; 5 % | payments 3 | 0.00 USD |
| 100.00 USD, on 2025-12-31 | 40 %, until month 12 | payments 11; first on 2025-01-01 | 40.00 USD |
| 100.00 USD, on 2026-01-01 | 40 %, until month 12 | payments 11; first on 2025-01-01 | 0.00 USD |
| 100.00 USD, on 2025-06-01 | 40 %, until month 12, until payment 3 | payments 3; first on 2025-01-01 | 0.00 USD |
";

/// Tiers: by what was sold before, by the size of the sale, piece by piece, with lifts.
const TIERS: &str = "
| 60.00 USD | 10 %, 15 % from 100.00 USD | all time: 1 sales of 99.99 USD earning 9.99 USD | 6.00 USD |
| 60.00 USD | 10 %, 15 % from 100.00 USD | all time: 1 sales of 100.00 USD earning 9.99 USD | 9.00 USD |
| 60.00 USD | 10 %, 15 % from 2 sales | all time: 1 sales of 100.00 USD earning 9.99 USD | 6.00 USD |
| 60.00 USD | 10 %, 15 % from 2 sales | all time: 2 sales of 100.00 USD earning 9.99 USD | 9.00 USD |
| 60.00 USD | 10 %, 15 % from 2 sales, by what was sold before in a month | all time: 2 sales of 100.00 USD earning 9.99 USD | 6.00 USD |
| 25.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 2.50 USD |
| 75.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 11.25 USD |
| 200.00 USD | 10 %, 15 % from 50.00 USD, 20 % from 100.00 USD, by size | | 40.00 USD |
| 100.00 USD | 4 %, 6 % from 200.00 USD, by piece | all time: 1 sales of 150.00 USD earning 0.00 USD | 5.00 USD |
| 500.00 USD | 4 %, 6 % from 200.00 USD, 8 % from 400.00 USD, by piece | | 28.00 USD |
| 10.00 USD | 1.00 USD, 2.00 USD from 3 sales, by lifting all | all time: 2 sales of 20.00 USD earning 2.00 USD | 2.00 USD |
| 10.00 USD | 1.00 USD, 2.00 USD from 3 sales, by lifting all | all time: 1 sales of 20.00 USD earning 2.00 USD | 1.00 USD |
";

/// Caps, in their order; what is used up leaves nothing.
const CAPS: &str = "
| 5000.00 USD | 20 %; cap 500.00 USD | | 500.00 USD |
| 50.00 USD | 100 %; cap 200.00 USD a customer | customer 180.00 USD | 20.00 USD |
| 15.00 USD | 100 %; cap 200.00 USD a customer | customer 180.00 USD | 15.00 USD |
| 50.00 USD | 100 %; cap 200.00 USD a customer | customer 200.00 USD | 0.00 USD |
| 50.00 USD | 100 %; cap 200.00 USD a customer | customer 250.00 USD | 0.00 USD |
| 50.00 USD | 100 %; cap 30.00 USD in a month | a month: 1 sales of 10.00 USD earning 10.00 USD | 20.00 USD |
| 50.00 USD | 100 %; cap 40.00 USD; cap 99.00 USD a customer; cap 30.00 USD in 30 days | customer 60.00 USD | 30.00 USD |
| 50.00 USD, commission 45.00 USD | 100 %; cap 40.00 USD | | 45.00 USD |
| 50.00 USD | 10 %; cap 4.00 USD | rate 50 % | 4.00 USD |
| 9.99 USD | minimum 10.00 USD; 10 % | | 0.00 USD |
| 10.00 USD | minimum 10.00 USD; 10 % | | 1.00 USD |
| 12.00 USD, tax 3.00 USD | minimum 10.00 USD; less tax; 10 % | rate 50 % | 0.00 USD |
";

/// Nothing is a decision too.
const NOTHING_EARNED: &str = "
| 20.00 USD | nothing                | | 0.00 USD |
| 20.00 USD | 30 % for subscriptions | | 0.00 USD |
| -20.00 USD | 30 %                  | | 0.00 USD |
";

/// What was set or agreed outside of the terms goes before them; the caller's amount before all.
const AGREED: &str = "
| 150.00 USD, commission 7.50 USD   | 4 % | | 7.50 USD   |
| 150.00 USD, commission 0.00 USD   | 4 % | | 0.00 USD   |
| 150.00 USD, commission 200.00 USD | 4 % | | 200.00 USD |
| 150.00 USD | 4 %      | rate 10 % | 15.00 USD |
| 150.00 USD | 5.00 USD | rate 10 % | 15.00 USD |
| 150.00 USD | nothing  | rate 10 % | 15.00 USD |
| 150.00 USD | 4 %      | rate 0 %  | 0.00 USD  |
| 150.00 USD, rate 3 % | 4 % | rate 10 % | 4.50 USD |
| 150.00 USD, rate 3 %, commission 1.00 USD | 4 % | rate 10 % | 1.00 USD |
";

/// What is known of exchange; without it a share stays in the sale's currency.
const EXCHANGE: &str = "
| 100.00 EUR, at 1 EUR = 1.10 USD | 20 % | | 22.00 USD |
| 100.00 EUR, at 1 EUR = 1.10 USD | 5.00 USD | | 5.00 USD |
| 100.00 EUR, at 1 EUR = 1.10 USD, commission 10.00 EUR | 5 % | | 11.00 USD |
| 100.00 EUR, at 1 EUR = 1.10 USD, commission 10.00 USD | 5 % | | 10.00 USD |
| 119.00 EUR, at 1 EUR = 1.10 USD, tax 19 % included | less tax; 20 % | | 22.00 USD |
| 10000 JPY, at 100 JPY = 0.6359 USD | 10 %; cap 5.00 USD | | 5.00 USD |
| 100.00 EUR | 20 % | | 20.00 EUR |
| 100.00 EUR | 20 %, 30 % from 2 sales | all time: 2 sales of 1.00 USD earning 1.00 USD | 30.00 EUR |
| 100.00 EUR, commission 10.00 EUR | 20 %; cap 5.00 USD; minimum 7.00 USD | | 10.00 EUR |
| 100.00 EUR | 20 %; 5.00 USD for subscriptions | | 20.00 EUR |
";

/// No exchange rate is ever made up, and nobody owes for a sale.
const REFUSED: &str = "
| 99.99 EUR | 5.00 USD | | refused: no exchange rate from EUR to USD, the program's currency, is known |
| 99.99 EUR | 5 %; cap 5.00 USD | | refused: no exchange rate from EUR to USD, the program's currency, is known |
| 99.99 EUR | 5 %; minimum 5.00 USD | | refused: no exchange rate from EUR to USD, the program's currency, is known |
| 99.99 EUR | 5 %, 6 % from 5.00 USD | | refused: no exchange rate from EUR to USD, the program's currency, is known |
| 99.99 EUR, at 1 GBP = 1.30 USD | 5 % | | refused: a rate from GBP to USD does not convert EUR to USD |
| 99.99 USD, at 1 EUR = 1.10 USD | 5 % | | refused: a rate from EUR to USD does not convert USD to USD |
| 99.99 EUR, commission 1.00 USD | 5 % | | refused: 1.00 USD is not in EUR, the currency of the sale |
| 99.99 EUR, commission -1.00 EUR | 5 % | | refused: a commission cannot be below zero, and -1.00 EUR is |
| 99.99 EUR, shipping 1.00 USD | 5 % | | refused: 1.00 USD is not in EUR, the currency of the sale |
| 99.99 EUR, discount -1.00 EUR | 5 % | | refused: tax, shipping and discounts cannot be below zero, and -1.00 EUR is |
| 99.99 EUR, 1 of A 100.99 EUR, 1 of B -1.00 EUR | 5 % | | refused: line 2 of the sale is below zero: -1.00 EUR |
";

/// What every rule comes to, rule by rule.
#[test]
fn a_share_is_rounded_once_half_away_from_zero() {
    check_table(SHARES);
}

#[test]
fn a_share_is_as_fine_as_its_currency() {
    check_table(CURRENCIES);
}

#[test]
fn a_share_is_of_what_the_terms_say_and_never_of_less_than_nothing() {
    check_table(BASES);
}

#[test]
fn a_fixed_amount_is_the_same_for_every_sale_or_item() {
    check_table(FIXED_AMOUNTS);
}

#[test]
fn the_most_specific_incentive_pays() {
    check_table(SEVERAL_INCENTIVES);
}

#[test]
fn each_line_goes_to_the_incentive_that_covers_it() {
    check_table(LINES);
}

#[test]
fn what_is_paid_changes_and_ends_with_the_life_of_a_customer() {
    check_table(LIVES);
}

#[test]
fn who_sells_more_reaches_a_tier() {
    check_table(TIERS);
}

#[test]
fn caps_cut_one_after_the_other_and_a_small_sale_earns_nothing() {
    check_table(CAPS);
}

#[test]
fn nothing_earned_is_a_decision_too() {
    check_table(NOTHING_EARNED);
}

#[test]
fn what_is_set_or_agreed_goes_before_the_terms() {
    check_table(AGREED);
}

#[test]
fn a_known_exchange_rate_brings_everything_into_the_currency_of_the_program() {
    check_table(EXCHANGE);
}

#[test]
fn what_cannot_be_decided_is_refused() {
    check_table(REFUSED);
}

#[test]
fn the_examples_of_the_page_hold() {
    check_table(&table_of_the_page("## What a sale earns, by example"));
    check_table(&table_of_the_page(
        "## What a sale with lines earns, by example",
    ));
    check_table(&table_of_the_page(
        "## What changes with what was sold before, by example",
    ));
}

#[test]
fn the_page_lists_every_transition() {
    let expected = TRANSITIONS
        .iter()
        .map(|(from, change, to)| [from.to_string(), format!("{change:?}"), to.to_string()]);
    let page = table_of_the_page("## What may become of a commission");
    assert_eq!(read::rows(&page), expected.collect::<Vec<_>>());
}

#[test]
fn the_page_says_what_a_refund_leaves() {
    for [pays, base, left, earned] in read::rows(&table_of_the_page("## What a refund leaves")) {
        let earning = earning(&pays, &base);
        let (left, sale) = left.split_once(" of ").unwrap();
        let rest = earning.of_remaining(read::money(left), read::money(sale));
        assert_eq!(
            rest.unwrap().to_string(),
            earned,
            "{pays} of {base}: {left}"
        );
    }
}

/// What a sale earns that is all base.
fn earning(pays: &str, base: &str) -> Earning {
    let decision = decided(base, pays, "").unwrap();
    decision.earning()
}

#[test]
fn the_page_says_what_levels_earn() {
    for [base, direct, rules, expected] in
        read::rows(&table_of_the_page("## Those above the seller"))
    {
        let rules: Vec<_> = rules.split("; ").map(read::level).collect();
        let amounts = levels(&rules, read::money(&base), read::money(&direct));
        let amounts: Vec<_> = amounts.iter().map(ToString::to_string).collect();
        assert_eq!(amounts.join("; "), expected, "{base} {direct}");
    }
}

#[test]
fn the_page_says_where_the_amount_is_in_each_status() {
    let (earned, paid) = (read::money("5.00 USD"), read::money("3.00 USD"));
    let expected = ALL_STATUSES.map(|status| {
        let position = Position::of(status, earned, paid).unwrap();
        let amounts = [position.pending(), position.payable(), position.paid()];
        let [pending, payable, paid] = amounts.map(|amount| amount.major().to_string());
        [status.kind().to_string(), pending, payable, paid]
    });
    let page = table_of_the_page("## Where the amount is");
    assert_eq!(read::rows::<4>(&page), expected);
}

const LATER: OffsetDateTime = OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::days(30));

const ALL_STATUSES: [Status; 9] = [
    Status::Pending { until: LATER },
    Status::AwaitingApproval { until: None },
    Status::Payable,
    Status::InPayout,
    Status::Paid { externally: false },
    Status::Declined,
    Status::Cancelled,
    Status::Refunded,
    Status::Disputed {
        before: BeforeDispute::Payable,
    },
];

/// A commission of 5.00 USD is held, paid, and then a half and all of its sale is refunded.
#[test]
fn the_walk_of_a_commission_through_the_accounts() {
    let [five, half, zero] = ["5.00 USD", "2.50 USD", "0.00 USD"].map(read::money);
    let steps = [
        (Status::Pending { until: LATER }, five, zero),
        (Status::Payable, five, zero),
        (Status::InPayout, five, zero),
        (Status::Paid { externally: false }, five, five),
        (Status::Paid { externally: false }, half, five),
        (Status::Refunded, half, five),
    ];
    let (mut balances, mut before) = (Balances::default(), Position::nothing(Currency::USD));
    let walk = steps.map(|(status, amount, paid)| {
        let after = Position::of(status, amount, paid).unwrap();
        let row = step(&mut balances, &before, &after);
        before = after;
        row
    });
    let page = read::rows::<6>(&table_of_the_page("## A commission on its way"));
    let page: Vec<_> = page.into_iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(page, walk);
}

fn step(balances: &mut Balances, before: &Position, after: &Position) -> Vec<String> {
    let affiliate = AffiliateId::new(1);
    let transfers = Position::transfers(before, after, affiliate);
    let words = transfers.iter().map(|transfer| {
        balances.post(transfer).unwrap();
        let (from, to) = (transfer.from().kind(), transfer.to().kind());
        format!("{} from {from} to {to}", transfer.amount().major())
    });
    let words: Vec<_> = words.collect();
    let words = if words.is_empty() {
        "none".to_owned()
    } else {
        words.join("; ")
    };
    let own = [Account::Pending, Account::Payable, Account::Paid].map(|of| of(affiliate));
    let accounts = own.into_iter().chain([Account::Expense]);
    let sums = accounts.map(|of| balances.of(of, Currency::USD).major().to_string());
    [words].into_iter().chain(sums).collect()
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
    let rows = read::rows::<4>(table);
    assert!(!rows.is_empty());
    for [sale, terms, known, earned] in rows {
        let result = match decided(&sale, &terms, &known) {
            Ok(decision) => amount(&decision),
            Err(refusal) => format!("refused: {refusal}"),
        };
        assert_eq!(result, earned, "{sale} | {terms} | {known}");
    }
}

/// The amount, after it has been computed again.
fn amount(decision: &Decision) -> String {
    let full = decision.reason.amount().unwrap();
    let cut = decision.cuts.iter().fold(full, |before, cut| {
        assert_eq!(cut.before, before);
        cut.after
    });
    assert_eq!(cut, decision.amount);
    Money::to_string(&decision.amount)
}

fn decided(sale: &str, terms: &str, known: &str) -> Result<Decision, DecideError> {
    let ((sale, at), terms) = (read::sale(sale), read::terms(terms));
    let (agreed, history) = read::known(known);
    let case = Case::new(&sale, &terms, at).with_history(&history);
    decide(&match agreed {
        Some(rate) => case.with_agreed_rate(rate),
        None => case,
    })
}
