//! Which rules are terms, and why others are not.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use proptest::prelude::*;

#[path = "tables/any.rs"]
mod any;
#[path = "tables/read.rs"]
mod read;

/// Rules, and why they cannot be terms.
const REFUSED: &str = "
| 5.00 EUR                       | 5.00 EUR is not in the program's currency USD |
| -5.00 USD                      | -5.00 USD is below zero |
| -5.00 USD an item              | -5.00 USD is below zero |
| 5 % and 5.00 EUR               | 5.00 EUR is not in the program's currency USD |
| 5 %; minimum -1.00 USD         | -1.00 USD is below zero |
| 5 %; cap 1.00 EUR              | 1.00 EUR is not in the program's currency USD |
| 5 %; cap -1.00 USD a customer  | -1.00 USD is below zero |
| 5 %; cap -1.00 USD in a month  | -1.00 USD is below zero |
| 5 %, 1.00 EUR from payment 2   | 1.00 EUR is not in the program's currency USD |
| 5 %, 1.00 EUR from 10.00 USD   | 1.00 EUR is not in the program's currency USD |
| 5 %, 6 % from 10.00 EUR        | 10.00 EUR is not in the program's currency USD |
| 5 %, 6 % from -10.00 USD       | -10.00 USD is below zero |
| 5 %; 5 %, 6 % from payment 3, 7 % from payment 3 | step 2 of incentive 2 does not begin after the step before it |
| 5 %, 6 % from month 3, 7 % from month 2 | step 2 of incentive 1 does not begin after the step before it |
| 5 %, by size                   | the tiers of incentive 1 are none |
| 5 %, 6 % from 10.00 USD, 7 % from 10.00 USD | tier 2 of incentive 1 is not above the tier before it |
| 5 %, 6 % from 3 sales, 7 % from 2 sales | tier 2 of incentive 1 is not above the tier before it |
| 5 %, 6 % from 3 sales, 7 % from 10.00 USD | the tiers of incentive 1 begin at amounts and at counts of sales |
| 5 %, 6 % from 3 sales, by size | the tiers of incentive 1 begin at counts of sales: its mode needs amounts |
| 5 %, 6 % from 3 sales, by piece | the tiers of incentive 1 begin at counts of sales: its mode needs amounts |
| 5.00 USD, 6 % from 10.00 USD, by piece | incentive 1 pays tiers piece by piece, so it can pay shares only |
| 5 %, 6.00 USD from 10.00 USD, by piece | incentive 1 pays tiers piece by piece, so it can pay shares only |
| 5 %, 6.00 USD from payment 2, 6 % from 10.00 USD, by piece | incentive 1 pays tiers piece by piece, so it can pay shares only |
| 5.00 USD an item, 6 % from 2 sales, by lifting all | incentive 1 lifts earlier commissions, which cannot be combined with pay for each item |
| 5 %, 6.00 USD an item from 2 sales, by lifting all | incentive 1 lifts earlier commissions, which cannot be combined with pay for each item |
| 5 %, 4 % from payment 2, 6 % from 2 sales, by lifting all | incentive 1 lifts earlier commissions, which cannot be combined with steps |
| 5 %, 6 % from 2 sales, by lifting all; cap 9.00 USD a customer | incentive 1 lifts earlier commissions, which cannot be combined with a cap for each customer |
| 5 %, 6 % from 2 sales, by lifting all in 30 days; cap 9.00 USD in a month | incentive 1 lifts earlier commissions, which cannot be combined with a cap for another period |
| 5 %, 6 % from 2 sales, by lifting all in 30 days; cap 9.00 USD in 30 days | incentive 1 lifts earlier commissions, which cannot be combined with a cap over rolling days |
| 5 %; cap 9.00 USD in 367 days | a cap is over at most 366 rolling days, not 367 |
| 1 % for products A; 5 %, 6 % from 2 sales, by lifting all | incentive 2 lifts earlier commissions, which cannot be combined with an incentive for certain products or prices |
";

/// What looks odd and is allowed.
const ALLOWED: &str = "
| nothing |
| 0.00 USD; cap 0.00 USD; minimum 0.00 USD |
| 5 %, 6 % from 0.00 USD, 1 % from 0.01 USD |
| 5 %, 6 % from payment 1, 7 % from month 1, 8 % from payment 2, 9 % from month 2 |
| 5 %, 6 % from 2 sales, by lifting all in a month; cap 9.00 USD in a month; cap 1.00 USD |
| 5.00 USD, 6 % and 1.00 USD from 2 sales, by lifting all; 4 % for subscriptions |
";

#[test]
fn what_cannot_be_terms_is_refused() {
    for [rules, error] in read::rows(REFUSED) {
        let refused = any::terms(read::rules(&rules)).unwrap_err();
        assert_eq!(refused.to_string(), error, "{rules}");
    }
}

#[test]
fn what_looks_odd_may_be_meant() {
    for [rules] in read::rows(ALLOWED) {
        any::terms(read::rules(&rules)).unwrap();
    }
}

#[track_caller]
fn check_too_many(change: impl Fn(&mut Rules, usize), most: usize, error: &str) {
    let of = |count| {
        let mut rules = read::rules("5 %");
        change(&mut rules, count);
        any::terms(rules)
    };
    assert!(of(most).is_ok());
    assert_eq!(of(most + 1).unwrap_err().to_string(), error);
}

#[test]
fn there_is_a_most_of_everything() {
    let five = Pay::Share(Rate::parse_percent("5").unwrap());
    let names = |count| (0..count).map(|name| name.to_string().into()).collect();
    check_too_many(
        |rules, count| rules.incentives = vec![Incentive::new(five); count],
        100,
        "terms have at most 100 incentives, not 101",
    );
    check_too_many(
        |rules, count| {
            let level = Level {
                rate: Rate::ZERO,
                of: LevelBase::Sale,
            };
            rules.levels = vec![level; count];
        },
        3,
        "terms have at most 3 levels, not 4",
    );
    check_too_many(
        |rules, count| {
            let condition = Condition::Metadata {
                key: "a".into(),
                value: "b".into(),
            };
            rules.incentives[0].conditions = vec![condition; count];
        },
        20,
        "incentive 1 has 21 conditions, and 20 is the most",
    );
    check_too_many(
        |rules, count| rules.incentives[0].scope = Scope::Products(names(count)),
        10_000,
        "incentive 1 names 10001 products, prices or countries, and 10000 is the most",
    );
    check_too_many(
        |rules, count| {
            let starts = (1..).take(count).filter_map(std::num::NonZero::new);
            let step = |from| Step {
                from: StepStart::Payment(from),
                pay: five,
            };
            rules.incentives[0].steps = starts.map(step).collect();
        },
        50,
        "incentive 1 has 51 steps, and 50 is the most",
    );
    check_too_many(
        |rules, count| {
            let tiers = (0..).take(count);
            let tier = |count| Tier {
                from: Threshold::Count(count),
                pay: five,
            };
            rules.incentives[0].tiers = Some(Tiers {
                period: Period::Ever,
                mode: TierMode::default(),
                tiers: tiers.map(tier).collect(),
            });
        },
        50,
        "incentive 1 has 51 tiers, and 50 is the most",
    );
}

#[test]
fn an_incentive_for_nothing_at_all_is_refused() {
    let refused = TermsError::NoNames {
        incentive: IncentiveNumber::new(1),
    };
    for scope in [
        Scope::Products(BTreeSet::new()),
        Scope::Prices(BTreeSet::new()),
    ] {
        let mut rules = read::rules("5 %");
        rules.incentives[0].scope = scope;
        assert_eq!(any::terms(rules), Err(refused.clone()));
    }
    let mut rules = read::rules("5 %");
    rules.incentives[0].conditions = vec![Condition::Country(BTreeSet::new())];
    assert_eq!(any::terms(rules), Err(refused));
}

#[test]
fn terms_say_what_they_look_at() {
    let terms = read::terms(
        "cap 9.00 USD in 30 days; 5 %, 6 % from 2 sales, by what was sold before in a month; \
         5 %, 6 % from 2.00 USD, by size; 1 %, 2 % from 3 sales, by what was sold before in 30 days",
    );
    let thirty = Period::RollingDays(read::number("30"));
    assert_eq!(terms.periods(), [Period::CalendarMonth, thirty]);
    let asks = |rules| read::terms(rules).looks_at_customers();
    for rules in [
        "5 %; cap 9.00 USD a customer",
        "5 %, 6 % from payment 2",
        "5 %, until month 1",
    ] {
        assert!(asks(rules), "{rules}");
    }
    assert!(!asks(
        "5 %, 6 % from 2 sales; cap 9.00 USD in 30 days; cap 1.00 USD"
    ));
}

proptest! {
    #![proptest_config(any::config())]

    /// Rules that are terms stay what they were, word for word.
    #[test]
    fn terms_say_what_their_rules_say(rules in any::any_rules(Currency::USD)) {
        let terms = any::terms(rules.clone())?;
        prop_assert_eq!(terms.rules(), &rules);
        prop_assert_eq!(terms.incentives(), rules.incentives.as_slice());
        prop_assert_eq!((terms.currency(), terms.hold_days()), (rules.currency, rules.hold_days));
        prop_assert_eq!(terms.version(), TermsVersion::new(7));
    }

    /// One wrong amount anywhere makes rules no terms, and is named.
    #[test]
    fn a_wrong_amount_anywhere_is_named(
        rules in any::any_rules(Currency::USD),
        minor in 1..=i64::MAX,
        place in 0..6_usize,
        is_negative in any::<bool>(),
    ) {
        let amount = if is_negative {
            Money::from_minor(-minor, Currency::USD)
        } else {
            Money::from_minor(minor, Currency::EUR)
        };
        let mut rules = rules;
        match place {
            0 => rules.minimum_sale = Some(amount),
            1 => rules.caps.conversion = Some(amount),
            2 => rules.incentives.insert(0, Incentive::new(Pay::Fixed(amount))),
            3 => rules.incentives.insert(0, Incentive::new(Pay::PerItem(amount))),
            4 => rules.incentives.insert(0, Incentive::new(Pay::ShareAndFixed {
                share: Rate::ZERO,
                fixed: amount,
            })),
            _ => rules.caps.period = rules.incentives.iter().all(|one| one.tiers.is_none()).then_some(
                PeriodCap { period: Period::Ever, amount },
            ),
        }
        match any::terms(rules.clone()) {
            Err(TermsError::OtherCurrency { amount: named, currency }) => {
                prop_assert_eq!((named, currency, is_negative), (amount, Currency::USD, false));
            }
            Err(TermsError::NegativeAmount { amount: named }) => {
                prop_assert_eq!((named, is_negative), (amount, true));
            }
            Err(error) => prop_assert!(false, "{}", error),
            Ok(_) => prop_assert!(place == 5 && rules.caps.period.is_none()),
        }
    }
}
