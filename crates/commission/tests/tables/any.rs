//! Any amounts, sales, rules and histories, up to the ends of the range.
#![allow(dead_code, reason = "each test tries some of it")]

use std::collections::BTreeSet;
use std::num::NonZero;

use accrual_commission::*;
use accrual_money::{Currency, Decimal, ExchangeRate, Money, Rate};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::{collection::vec, option};
use time::{Duration, OffsetDateTime};

/// `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise.
pub(crate) fn config() -> ProptestConfig {
    let cases = std::env::var("ACCRUAL_PROPTEST_CASES").map_or(10_000, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("ACCRUAL_PROPTEST_CASES is no number: {text}"))
    });
    // What is found is kept as a named example in the crate, not in a file of seeds.
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

pub(crate) fn any_minor() -> impl Strategy<Value = i64> + Clone {
    let ends = vec![i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    prop_oneof![1 => select(ends), 3 => any::<i64>(), 4 => -1_000_000..=1_000_000_i64]
}

/// What a sale or a fixed amount comes to: zero or more.
pub(crate) fn any_price() -> impl Strategy<Value = i64> + Clone {
    any_minor().prop_map(i64::saturating_abs)
}

/// As it occurs in a shop: up to ten thousand.
pub(crate) fn any_usual_price() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![0..=20_i64, 0..=1_000_000_i64]
}

pub(crate) fn any_currency() -> impl Strategy<Value = Currency> {
    select(Currency::all().collect::<Vec<_>>())
}

pub(crate) fn any_rate() -> impl Strategy<Value = Rate> + Clone {
    let fine = (0..=1_000_000_000_i64).prop_map(|billionths| Decimal::new(billionths, 9));
    let usual = (0..=1000_i64).prop_map(|thousandths| Decimal::new(thousandths, 3));
    prop_oneof![fine, usual]
        .prop_map(|fraction| Rate::from_fraction(fraction).unwrap_or(Rate::WHOLE))
}

pub(crate) fn any_time() -> impl Strategy<Value = OffsetDateTime> {
    (-400..400_i64).prop_map(|days| OffsetDateTime::UNIX_EPOCH + Duration::days(days))
}

pub(crate) fn any_sale_type() -> impl Strategy<Value = SaleType> {
    select(vec![SaleType::OneTime, SaleType::Subscription])
}

fn any_country() -> impl Strategy<Value = Country> {
    select(
        ["DE", "FR", "US"]
            .map(|code| Country::parse(code).unwrap())
            .to_vec(),
    )
}

fn any_pair() -> impl Strategy<Value = (Box<str>, Box<str>)> {
    (select(vec!["plan", "shop"]), select(vec!["pro", "basic"]))
        .prop_map(|(key, value)| (key.into(), value.into()))
}

/// Up to three of the four products that there are.
fn any_names(names: [&'static str; 4]) -> impl Strategy<Value = BTreeSet<Box<str>>> {
    subsequence(names.to_vec(), 1..4).prop_map(|names| names.into_iter().map(Into::into).collect())
}

const PRODUCTS: [&str; 4] = ["A", "B", "C", "D"];
const PRICES: [&str; 4] = ["gold", "silver", "tin", "lead"];

pub(crate) fn any_pay(
    minor: impl Strategy<Value = i64> + Clone,
    currency: Currency,
) -> impl Strategy<Value = Pay> {
    let fixed = minor.prop_map(move |minor| Money::from_minor(minor, currency));
    prop_oneof![
        4 => any_rate().prop_map(Pay::Share),
        2 => fixed.clone().prop_map(Pay::Fixed),
        1 => fixed.clone().prop_map(Pay::PerItem),
        1 => (any_rate(), fixed).prop_map(|(share, fixed)| Pay::ShareAndFixed { share, fixed }),
    ]
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        3 => Just(Scope::All),
        1 => any_sale_type().prop_map(Scope::Type),
        1 => Just(Scope::Monthly),
        1 => Just(Scope::Yearly),
        2 => any_names(PRODUCTS).prop_map(Scope::Products),
        1 => any_names(PRICES).prop_map(Scope::Prices),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        vec(any_country(), 1..3)
            .prop_map(|countries| Condition::Country(countries.into_iter().collect())),
        any_pair().prop_map(|(key, value)| Condition::Metadata { key, value }),
    ]
}

fn any_steps(currency: Currency) -> impl Strategy<Value = Vec<Step>> {
    let step = (
        any::<bool>(),
        1..5_u16,
        any_pay(any_usual_price(), currency),
    );
    vec(step, 0..3).prop_map(|steps| {
        // Ascending: each begins after all that are before it.
        let mut start = 0;
        let steps = steps.into_iter().map(|(is_payment, later, pay)| {
            start += later;
            let from = if is_payment {
                StepStart::Payment(NonZero::new(start.into()).unwrap())
            } else {
                StepStart::Month(NonZero::new(start).unwrap())
            };
            Step { from, pay }
        });
        steps.collect()
    })
}

pub(crate) fn any_period() -> impl Strategy<Value = Period> {
    prop_oneof![
        Just(Period::CalendarMonth),
        (1..4_u16).prop_map(|days| Period::RollingDays(NonZero::new(days).unwrap())),
        Just(Period::Ever),
    ]
}

/// Ascending tiers by what was sold before, with any pay.
fn any_tiers(currency: Currency) -> impl Strategy<Value = Tiers> {
    let tier = (1..=200_000_i64, any_pay(any_usual_price(), currency));
    (any_period(), any::<bool>(), vec(tier, 1..5)).prop_map(move |(period, counts, tiers)| {
        let mut threshold = 0;
        let tiers = tiers.into_iter().map(|(above, pay)| {
            threshold += above;
            let from = if counts {
                Threshold::Count(threshold.unsigned_abs() / 40_000 + threshold.unsigned_abs())
            } else {
                Threshold::Amount(Money::from_minor(threshold, currency))
            };
            Tier { from, pay }
        });
        Tiers {
            period,
            mode: TierMode::ReachedBefore,
            tiers: tiers.collect(),
        }
    })
}

fn any_length() -> impl Strategy<Value = Length> {
    (
        option::weighted(0.2, 1..4_u16),
        option::weighted(0.2, 1..4_u32),
    )
        .prop_map(|(months, payments)| Length {
            months: months.and_then(NonZero::new),
            payments: payments.and_then(NonZero::new),
        })
}

fn any_incentive(currency: Currency) -> impl Strategy<Value = Incentive> {
    let tiers = (
        option::weighted(0.4, any_tiers(currency)),
        select(vec![
            TierMode::ReachedBefore,
            TierMode::OwnSize,
            TierMode::Marginal,
            TierMode::Retroactive,
        ]),
    );
    (
        any_pay(any_price(), currency),
        any_scope(),
        vec(any_condition(), 0..3),
        any_steps(currency),
        tiers,
        any_length(),
    )
        .prop_map(
            |(pay, scope, conditions, steps, (mut tiers, mode), length)| {
                if let Some(tiers) = &mut tiers {
                    tiers.mode = mode;
                }
                Incentive {
                    pay,
                    scope,
                    conditions,
                    steps,
                    tiers,
                    length,
                }
            },
        )
}

fn any_caps(currency: Currency) -> impl Strategy<Value = Caps> {
    let amount = any_usual_price().prop_map(move |minor| Money::from_minor(minor, currency));
    let period =
        (any_period(), amount.clone()).prop_map(|(period, amount)| PeriodCap { period, amount });
    let or_none = 0.25;
    (
        option::weighted(or_none, amount.clone()),
        option::weighted(or_none, amount),
        option::weighted(or_none, period),
    )
        .prop_map(|(conversion, customer, period)| Caps {
            conversion,
            customer,
            period,
        })
}

fn any_base_rule() -> impl Strategy<Value = BaseRule> {
    let amount = select(vec![BaseAmount::Total, BaseAmount::Subtotal]);
    (amount, any::<[bool; 3]>()).prop_map(|(amount, [less_tax, less_shipping, less_discount])| {
        BaseRule {
            amount,
            less_tax,
            less_shipping,
            less_discount,
        }
    })
}

/// Rules that are terms, with anything in them.
pub(crate) fn any_rules(currency: Currency) -> impl Strategy<Value = Rules> {
    let minimum = option::weighted(0.2, 0..20_000_i64);
    (
        any_base_rule(),
        vec(any_incentive(currency), 0..5),
        minimum,
        any_caps(currency),
        any::<u16>(),
    )
        .prop_map(move |(base, incentives, minimum, caps, hold_days)| {
            let mut rules = Rules {
                base,
                incentives,
                minimum_sale: minimum.map(|minor| Money::from_minor(minor, currency)),
                caps,
                hold_days,
                ..Rules::new(currency)
            };
            make_terms(&mut rules);
            rules
        })
}

/// Takes out of the modes of tiers what the rules do not allow.
fn make_terms(rules: &mut Rules) {
    let currency = rules.currency;
    for place in 0..rules.incentives.len() {
        let incentive = &mut rules.incentives[place];
        let Some(tiers) = &mut incentive.tiers else {
            continue;
        };
        match tiers.mode {
            TierMode::ReachedBefore | TierMode::Retroactive => {}
            TierMode::OwnSize | TierMode::Marginal => {
                for (tier, minor) in tiers.tiers.iter_mut().zip((1..).step_by(30_000)) {
                    tier.from = Threshold::Amount(Money::from_minor(minor, currency));
                }
            }
        }
        if tiers.mode == TierMode::Marginal {
            let steps = incentive.steps.iter_mut().map(|step| &mut step.pay);
            let tiers = tiers.tiers.iter_mut().map(|tier| &mut tier.pay);
            let pays = steps.chain(tiers).chain([&mut incentive.pay]);
            pays.for_each(|pay| *pay = Pay::Share(share_of(*pay)));
        }
    }
    while let Err(TermsError::Retroactive { incentive, .. }) = terms(rules.clone()) {
        let place = incentive.number() as usize - 1;
        let tiers = rules.incentives[place].tiers.as_mut().unwrap();
        tiers.mode = TierMode::ReachedBefore;
    }
}

fn share_of(pay: Pay) -> Rate {
    match pay {
        Pay::Share(rate) | Pay::ShareAndFixed { share: rate, .. } => rate,
        Pay::Fixed(_) | Pay::PerItem(_) => Rate::ZERO,
    }
}

pub(crate) fn terms(rules: Rules) -> Result<Terms, TermsError> {
    Terms::try_new(TermsVersion::new(7), rules)
}

/// A sale of this currency, left to the terms; `minor` says what its amounts may be.
pub(crate) fn any_sale_of(
    minor: impl Strategy<Value = i64> + Clone + 'static,
    currency: Currency,
) -> impl Strategy<Value = Sale> {
    let amount = minor.prop_map(move |minor| Money::from_minor(minor, currency));
    let amounts = prop_oneof![
        amount.clone().prop_map(Sale::new),
        amount.clone().prop_map(Sale::of_subtotal),
        (amount.clone(), amount)
            .prop_map(|(total, subtotal)| Sale::new(total).with_subtotal(subtotal)),
    ];
    let details = (
        any_sale_type(),
        option::of(select(vec![Interval::Monthly, Interval::Yearly])),
        option::of(any_country()),
        vec(any_pair(), 0..3),
        any_lines(currency),
        any_deductions(currency),
    );
    (amounts, details).prop_map(
        |(sale, (sale_type, interval, country, metadata, lines, deductions))| {
            let sale = sale
                .with_type(sale_type)
                .with_metadata(metadata)
                .with_lines(lines);
            let sale = interval.into_iter().fold(sale, Sale::with_interval);
            let sale = country.into_iter().fold(sale, Sale::with_country);
            let (tax, shipping, discount) = deductions;
            let sale = tax.into_iter().fold(sale, Sale::with_tax);
            let sale = shipping.into_iter().fold(sale, Sale::with_shipping);
            discount.into_iter().fold(sale, Sale::with_discount)
        },
    )
}

type Deductions = (Option<Tax>, Option<Money>, Option<Money>);

fn any_deductions(currency: Currency) -> impl Strategy<Value = Deductions> {
    let amount = (0..=10_000_i64).prop_map(move |minor| Money::from_minor(minor, currency));
    let tax = prop_oneof![
        amount.clone().prop_map(Tax::Amount),
        any_rate().prop_map(Tax::IncludedAt),
    ];
    let or_none = 0.3;
    (
        option::weighted(or_none, tax),
        option::weighted(or_none, amount.clone()),
        option::weighted(or_none, amount),
    )
}

pub(crate) fn any_lines(currency: Currency) -> impl Strategy<Value = Vec<Line>> {
    let line = (
        select(PRODUCTS.to_vec()),
        option::of(select(PRICES.to_vec())),
        0..5_u32,
        any_usual_price(),
    );
    let line = line.prop_map(move |(product, price, quantity, minor)| Line {
        product: product.into(),
        price: price.map(Into::into),
        quantity,
        amount: Money::from_minor(minor, currency),
    });
    prop_oneof![Just(Vec::new()), vec(line, 1..6)]
}

/// What happened before, in all the periods that there are.
pub(crate) fn any_history(currency: Currency) -> impl Strategy<Value = History> {
    let money = move |minor| Money::from_minor(minor, currency);
    let tally = (0..8_u64, 0..600_000_i64, 0..600_000_i64).prop_map(
        move |(conversions, amount, earned)| Tally {
            conversions,
            amount: money(amount),
            earned: money(earned),
        },
    );
    let tallies = vec((any_period(), tally), 0..4);
    let customer = option::of((0..600_000_i64).prop_map(money));
    (0..6_u32, option::of(any_time()), customer, tallies).prop_map(
        |(payments, first_payment_at, customer_earned, tallies)| History {
            payments,
            first_payment_at,
            customer_earned,
            tallies,
        },
    )
}

/// A rate between two currencies, from a thousandth to a thousand.
pub(crate) fn any_exchange(from: Currency, to: Currency) -> impl Strategy<Value = ExchangeRate> {
    (1..1_000_000_i64).prop_map(move |thousandths| {
        let units = (Decimal::ONE, from);
        let worth = (Decimal::new(thousandths, 3), to);
        let on = OffsetDateTime::UNIX_EPOCH.date();
        ExchangeRate::try_new(units, worth, on, "a test").unwrap()
    })
}
