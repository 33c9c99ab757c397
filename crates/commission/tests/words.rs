//! How a decision reads: from the sale to the commission, so that anybody can follow it.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_commission::*;
use expect_test::{Expect, expect};

#[path = "tables/read.rs"]
mod read;

#[track_caller]
fn check(sale: &str, terms: &str, known: &str, expected: Expect) {
    let ((sale, at), terms) = (read::sale(sale), read::terms(terms));
    let (agreed, history) = read::known(known);
    let case = Case::new(&sale, &terms, at).with_history(&history);
    let case = agreed.map_or(case, |rate| case.with_agreed_rate(rate));
    expected.assert_eq(&decide(&case).unwrap().words().join("\n"));
}

#[test]
fn every_decision_says_why() {
    check(
        "99.99 USD",
        "5 %",
        "",
        expect![[r#"
        The base is the total: 99.99 USD.
        Incentive 1 pays 5 % of the base: 5 % of 99.99 USD is 4.9995 USD, rounded half away from zero to 5.00 USD.
        The commission is 5.00 USD, by version 1 of the terms."#]],
    );
    check(
        "subtotal 20.00 USD",
        "1 %; 50 %; 30 % for subscriptions",
        "",
        expect![[r#"
            The base is the subtotal: 20.00 USD.
            Incentive 2 does not pay: incentive 1 goes before it.
            Incentive 3 does not pay: it covers subscription sales only.
            Incentive 1 pays 1 % of the base: 1 % of 20.00 USD is 0.20 USD.
            The commission is 0.20 USD, by version 1 of the terms."#]],
    );
    check(
        "99.99 USD",
        "5.00 USD",
        "",
        expect![[r#"
        The base is the total: 99.99 USD.
        Incentive 1 pays 5.00 USD for the sale, whatever its size.
        The commission is 5.00 USD, by version 1 of the terms."#]],
    );
    check(
        "10.00 USD, 3 of A 10.00 USD",
        "0.50 USD an item",
        "",
        expect![[r#"
            The base is the total: 10.00 USD.
            Incentive 1 pays 0.50 USD an item: 3 × 0.50 USD is 1.50 USD.
            The commission is 1.50 USD, by version 1 of the terms."#]],
    );
    check(
        "199.99 USD",
        "10 % and 5.00 USD",
        "",
        expect![[r#"
        The base is the total: 199.99 USD.
        Incentive 1 pays 10 % of the base and 5.00 USD on top: 10 % of 199.99 USD is 19.999 USD, rounded half away from zero to 20.00 USD.
        The commission is 25.00 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn what_goes_before_the_terms_is_named() {
    check(
        "20.00 USD",
        "5 %",
        "rate 10 %",
        expect![[r#"
        The base is the total: 20.00 USD.
        The enrollment has a rate of its own, 10 % of the base: 10 % of 20.00 USD is 2.00 USD.
        The commission is 2.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD, rate 3 %",
        "5 %",
        "rate 10 %",
        expect![[r#"
        The base is the total: 20.00 USD.
        The report of the sale sets the rate, 3 % of the base: 3 % of 20.00 USD is 0.60 USD.
        The commission is 0.60 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD, commission 0.00 USD",
        "5 %",
        "",
        expect![[r#"
        The base is the total: 20.00 USD.
        The report of the sale sets the commission: 0.00 USD.
        The commission is 0.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 EUR, commission 3.00 EUR, at 1 EUR = 1.10 USD",
        "5 %",
        "",
        expect![[r#"
            The base begins with the total: 20.00 EUR.
            Converted at 1 EUR = 1.1 USD on 2025-06-30 (the example): 20.00 EUR is 22.00 USD, to the nearest minor unit.
            The report of the sale sets the commission: 3.00 EUR, which converted is 3.30 USD.
            The commission is 3.30 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn each_step_to_the_base_is_shown() {
    check(
        "135.00 USD, shipping 10.00 USD, discount 5.00 USD, tax 20.00 USD",
        "less tax; less shipping; less discount; 10 %",
        "",
        expect![[r#"
            The base begins with the total: 135.00 USD.
            Less shipping: 135.00 USD - 10.00 USD = 125.00 USD.
            Less the discount: 125.00 USD - 5.00 USD = 120.00 USD.
            Less tax: 120.00 USD - 20.00 USD = 100.00 USD.
            Incentive 1 pays 10 % of the base: 10 % of 100.00 USD is 10.00 USD.
            The commission is 10.00 USD, by version 1 of the terms."#]],
    );
    check(
        "287.00 GBP, tax 17.5 % included, at 0.8338 GBP = 1.1172 USD",
        "less tax; 2 %",
        "",
        expect![[r#"
            The base begins with the total: 287.00 GBP.
            Without the tax of 17.5 % that it includes: 287.00 GBP ÷ 1.175 = 244.26 GBP, to the nearest minor unit.
            Converted at 0.8338 GBP = 1.1172 USD on 2025-06-30 (the example): 244.26 GBP is 327.28 USD, to the nearest minor unit.
            Incentive 1 pays 2 % of the base: 2 % of 327.28 USD is 6.5456 USD, rounded half away from zero to 6.55 USD.
            The commission is 6.55 USD, by version 1 of the terms."#]],
    );
    check(
        "10.00 USD, discount 12.00 USD",
        "less discount; 10 %",
        "",
        expect![[r#"
            The base begins with the total: 10.00 USD.
            Less the discount: 10.00 USD - 12.00 USD = -2.00 USD.
            It is never below zero: 0.00 USD instead of -2.00 USD.
            Incentive 1 pays 10 % of the base: 10 % of 0.00 USD is 0.00 USD.
            The commission is 0.00 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn each_line_is_shown_where_lines_make_a_difference() {
    check(
        "100.00 USD, 1 of A 33.33 USD, 2 of B 33.33 USD, 1 of C 33.34 USD",
        "0.50 USD an item for products B; 5 % for products A/C; 7 % for prices gold",
        "",
        expect![[r#"
            The base is the total: 100.00 USD.
            Incentive 3 does not pay: it covers certain prices only.
            The base is divided among the lines in proportion to their amounts.
            Line 2 is 33.33 USD of it.
            Incentive 1 pays 0.50 USD an item: 2 × 0.50 USD is 1.00 USD.
            Lines 1 and 3 are 66.67 USD of it.
            Incentive 2 pays 5 % of that: 5 % of 66.67 USD is 3.3335 USD.
            Together that is 4.3335 USD, rounded half away from zero to 4.33 USD.
            The commission is 4.33 USD, by version 1 of the terms."#]],
    );
    check(
        "0.10 USD, 1 of A 0.05 USD, 1 of B 0.05 USD, 1 of C 0.00 USD",
        "5 % for products A; 6 % for products B",
        "",
        expect![[r#"
            The base is the total: 0.10 USD.
            The base is divided among the lines in proportion to their amounts.
            Line 1 is 0.05 USD of it.
            Incentive 1 pays 5 % of that: 5 % of 0.05 USD is 0.0025 USD.
            Line 2 is 0.05 USD of it.
            Incentive 2 pays 6 % of that: 6 % of 0.05 USD is 0.003 USD.
            No incentive covers line 3.
            Together that is 0.0055 USD, rounded half away from zero to 0.01 USD.
            The commission is 0.01 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn nothing_is_explained_too() {
    check(
        "20.00 USD",
        "nothing",
        "",
        expect![[r#"
        The base is the total: 20.00 USD.
        Nothing is earned: the program has no incentives.
        The commission is 0.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD, from FR",
        "5 % for subscriptions; 5 %, in DE/AT; 5 %, where plan=pro; 5 % for products A; \
         5 % for yearly payments",
        "",
        expect![[r#"
            The base is the total: 20.00 USD.
            Incentive 1 does not pay: it covers subscription sales only.
            Incentive 2 does not pay: the customer's country is not what it asks for.
            Incentive 3 does not pay: the sale's metadata is not what it asks for.
            Incentive 4 does not pay: it covers certain products only.
            Incentive 5 does not pay: it covers yearly payments only.
            Nothing is earned: no incentive covers the sale.
            The commission is 0.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "minimum 25.00 USD; 5 %",
        "",
        expect![[r#"
        The base is the total: 20.00 USD.
        Nothing is earned: the base, 20.00 USD, is below the smallest sale that earns something, 25.00 USD.
        The commission is 0.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "5 %, until payment 1",
        "payments 1",
        expect![[r#"
            The base is the total: 20.00 USD.
            Incentive 1 pays nothing any more: it is for 1 payment of a customer, and this is payment 2.
            The commission is 0.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "5 %, until month 12",
        "first on 2024-01-31",
        expect![[r#"
            The base is the total: 20.00 USD.
            Incentive 1 pays nothing any more: it is for 12 months from a customer's first payment, which was on 2024-01-31.
            The commission is 0.00 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn what_was_reached_before_is_shown() {
    check(
        "20.00 USD",
        "5 %, 4 % from payment 2, 3 % from payment 3",
        "payments 2",
        expect![[r#"
            The base is the total: 20.00 USD.
            Step 2 of incentive 1 is reached: it counts from payment 3 on.
            Incentive 1 pays 3 % of the base: 3 % of 20.00 USD is 0.60 USD.
            The commission is 0.60 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "5 %, 4 % from month 1",
        "first on 2025-01-31",
        expect![[r#"
            The base is the total: 20.00 USD.
            Step 1 of incentive 1 is reached: it counts from 1 month after the first payment on.
            Incentive 1 pays 4 % of the base: 4 % of 20.00 USD is 0.80 USD.
            The commission is 0.80 USD, by version 1 of the terms."#]],
    );
    let sold = "30 days: 2 sales of 70.00 USD earning 7.00 USD";
    let month = "a month: 2 sales of 70.00 USD earning 7.00 USD";
    check(
        "20.00 USD",
        "5 %, 6 % from 50.00 USD, 7 % from 80.00 USD, by what was sold before in 30 days",
        sold,
        expect![[r#"
            The base is the total: 20.00 USD.
            Sold before this sale, within 30 days: 70.00 USD. That is in tier 1 (from 50.00 USD).
            Incentive 1 pays 6 % of the base: 6 % of 20.00 USD is 1.20 USD.
            The commission is 1.20 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "5 %, 6 % from 3 sales, by what was sold before in a month",
        month,
        expect![[r#"
            The base is the total: 20.00 USD.
            Sold before this sale, in this calendar month: 2 sales. That is below the tiers.
            Incentive 1 pays 5 % of the base: 5 % of 20.00 USD is 1.00 USD.
            The commission is 1.00 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "5 %, 6 % from 15.00 USD, by size",
        "",
        expect![[r#"
            The base is the total: 20.00 USD.
            The sale's own size: 20.00 USD. That is in tier 1 (from 15.00 USD).
            Incentive 1 pays 6 % of the base: 6 % of 20.00 USD is 1.20 USD.
            The commission is 1.20 USD, by version 1 of the terms."#]],
    );
    check(
        "20.55 USD",
        "5 %, 6 % from 80.00 USD, by piece in a month",
        month,
        expect![[r#"
            The base is the total: 20.55 USD.
            Sold before this sale, in this calendar month: 70.00 USD. That is below the tiers.
            Incentive 1 pays piece by piece.
            10.00 USD lies below the tiers: 5 % of it is 0.50 USD.
            10.55 USD lies in tier 1 (from 80.00 USD): 6 % of it is 0.633 USD.
            Together that is 1.133 USD, rounded half away from zero to 1.13 USD.
            The commission is 1.13 USD, by version 1 of the terms."#]],
    );
    check(
        "20.00 USD",
        "1.00 USD, 2.00 USD from 3 sales, by lifting all in a month",
        month,
        expect![[r#"
            The base is the total: 20.00 USD.
            Sold with this sale, in this calendar month: 3 sales. That is in tier 1 (from 3 sales).
            Incentive 1 pays 2.00 USD for the sale, whatever its size.
            With this sale tier 1 of incentive 1 is reached, in this calendar month: what it paid for each sale before is lifted to 2.00 USD.
            The commission is 2.00 USD, by version 1 of the terms."#]],
    );
}

#[test]
fn each_cut_is_shown() {
    check(
        "100.00 USD",
        "50 %; cap 40.00 USD; cap 60.00 USD a customer; cap 45.00 USD in a month",
        "customer 25.00 USD; a month: 1 sales of 60.00 USD earning 30.00 USD",
        expect![[r#"
            The base is the total: 100.00 USD.
            Incentive 1 pays 50 % of the base: 50 % of 100.00 USD is 50.00 USD.
            A conversion earns at most 40.00 USD: 50.00 USD is cut to 40.00 USD.
            A customer earns the affiliate at most 60.00 USD, and has earned 25.00 USD before: 40.00 USD is cut to 35.00 USD.
            An affiliate earns at most 45.00 USD in a calendar month, and has earned 30.00 USD before: 35.00 USD is cut to 15.00 USD.
            The commission is 15.00 USD, by version 1 of the terms."#]],
    );
}
