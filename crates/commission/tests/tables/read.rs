//! Reads the cells of the tables of examples.
//!
//! A sale: `99.99 USD, tax 10.00 USD, from DE`. Terms: rules and incentives, `less tax; 5 %; 10 %
//! for subscriptions, in DE`. What else is known: `rate 10 %; payments 2`.
#![allow(dead_code, reason = "each test reads some of it")]

use std::num::NonZero;

use accrual_commission::*;
use accrual_money::{Currency, Decimal, ExchangeRate, Money, Rate};
use time::macros::{datetime, format_description};
use time::{Date, OffsetDateTime};

/// When a sale takes place that says nothing of it.
pub(crate) const TODAY: OffsetDateTime = datetime!(2025-06-30 0:00 UTC);

/// `2025-06-30`: when it begins.
pub(crate) fn date(text: &str) -> OffsetDateTime {
    let form = format_description!("[year]-[month]-[day]");
    Date::parse(text, form).unwrap().midnight().assume_utc()
}

pub(crate) fn number<N: std::str::FromStr>(text: &str) -> N {
    text.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

pub(crate) fn money(text: &str) -> Money {
    let (amount, code) = text
        .split_once(' ')
        .unwrap_or_else(|| panic!("no amount: {text}"));
    Money::try_from_major(number(amount), Currency::parse(code).unwrap()).unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    let percent = text
        .strip_suffix(" %")
        .unwrap_or_else(|| panic!("no rate: {text}"));
    Rate::parse_percent(percent).unwrap()
}

/// `1 EUR = 1.10 USD`.
pub(crate) fn exchange(text: &str) -> ExchangeRate {
    let unit = |text: &str| {
        let (units, code) = text.split_once(' ').unwrap();
        let units: Decimal = number(units);
        (units, Currency::parse(code).unwrap())
    };
    let (from, to) = text
        .split_once(" = ")
        .unwrap_or_else(|| panic!("no exchange: {text}"));
    ExchangeRate::try_new(unit(from), unit(to), TODAY.date(), "the example").unwrap()
}

/// `99.99 USD, subtotal 80.00 USD, on 2025-01-31, 2 of A 20.00 USD`, and when it takes place.
pub(crate) fn sale(text: &str) -> (Sale, OffsetDateTime) {
    let (first, others) = text.split_once(", ").unwrap_or((text, ""));
    let mut sale = if let Some(amount) = first.strip_prefix("subtotal ") {
        Sale::of_subtotal(money(amount))
    } else if let Some(amount) = first.strip_prefix("subscription of ") {
        Sale::new(money(amount)).with_type(SaleType::Subscription)
    } else {
        Sale::new(money(first))
    };
    let (mut at, mut lines) = (TODAY, Vec::new());
    for detail in others.split(", ").filter(|text| !text.is_empty()) {
        let (word, rest) = detail.split_once(' ').unwrap_or((detail, ""));
        sale = match word {
            "subtotal" => sale.with_subtotal(money(rest)),
            "tax" => sale.with_tax(match rest.strip_suffix(" included") {
                Some(percent) => Tax::IncludedAt(rate(percent)),
                None => Tax::Amount(money(rest)),
            }),
            "shipping" => sale.with_shipping(money(rest)),
            "discount" => sale.with_discount(money(rest)),
            "monthly" => sale.with_interval(Interval::Monthly),
            "yearly" => sale.with_interval(Interval::Yearly),
            "from" => sale.with_country(Country::parse(rest).unwrap()),
            "where" => sale.with_metadata(vec![pair(rest)]),
            "at" => sale.with_exchange(exchange(rest)),
            "commission" => sale.with_amount_override(money(rest)),
            "rate" => sale.with_rate_override(rate(rest)),
            "on" => {
                at = date(rest);
                sale
            }
            quantity => {
                lines.push(line(number(quantity), rest));
                sale
            }
        };
    }
    (sale.with_lines(lines), at)
}

/// `of A 20.00 USD`, or `of A@gold 20.00 USD` with the name of its price.
fn line(quantity: u32, text: &str) -> Line {
    let (names, amount) = text.strip_prefix("of ").unwrap().split_once(' ').unwrap();
    let (product, price) = match names.split_once('@') {
        Some((product, price)) => (product, Some(price.into())),
        None => (names, None),
    };
    Line {
        product: product.into(),
        price,
        quantity,
        amount: money(amount),
    }
}

fn pair(text: &str) -> (Box<str>, Box<str>) {
    let (key, value) = text.split_once('=').unwrap();
    (key.into(), value.into())
}

/// Rules and incentives, apart by `; `, of a program in USD unless the first says `in EUR`.
pub(crate) fn rules(text: &str) -> Rules {
    let mut rules = Rules::new(Currency::USD);
    for rule in text.split("; ").filter(|rule| *rule != "nothing") {
        if let Some(code) = rule.strip_prefix("in ") {
            rules.currency = Currency::parse(code).unwrap();
            continue;
        }
        match rule {
            "the subtotal" => rules.base.amount = BaseAmount::Subtotal,
            "less tax" => rules.base.less_tax = true,
            "less shipping" => rules.base.less_shipping = true,
            "less discount" => rules.base.less_discount = true,
            _ => match rule.split_once(' ') {
                Some(("minimum", amount)) => rules.minimum_sale = Some(money(amount)),
                Some(("cap", cap)) => self::cap(&mut rules.caps, cap),
                _ => rules.incentives.push(incentive(rule)),
            },
        }
    }
    rules
}

pub(crate) fn terms(text: &str) -> Terms {
    Terms::try_new(TermsVersion::new(1), rules(text)).unwrap()
}

fn cap(caps: &mut Caps, text: &str) {
    if let Some(amount) = text.strip_suffix(" a customer") {
        caps.customer = Some(money(amount));
    } else if let Some((amount, of)) = text.split_once(" in ") {
        caps.period = Some(PeriodCap {
            period: period(of),
            amount: money(amount),
        });
    } else {
        caps.conversion = Some(money(text));
    }
}

/// `a month`, `30 days`, `all time`.
fn period(text: &str) -> Period {
    match text {
        "a month" => Period::CalendarMonth,
        "all time" => Period::Ever,
        days => Period::RollingDays(number(days.strip_suffix(" days").unwrap())),
    }
}

/// `5 % for products A/B, in DE/AT, 3 % from payment 2, 9 % from 100.00 USD sold, by size`.
fn incentive(text: &str) -> Incentive {
    let (first, others) = text.split_once(", ").unwrap_or((text, ""));
    let (first, scope) = match first.split_once(" for ") {
        Some((first, scope)) => (first, self::scope(scope)),
        None => (first, Scope::All),
    };
    let mut incentive = Incentive {
        scope,
        ..Incentive::new(pay(first))
    };
    for detail in others.split(", ").filter(|text| !text.is_empty()) {
        extend(&mut incentive, detail);
    }
    incentive
}

fn extend(incentive: &mut Incentive, detail: &str) {
    let tiers = |incentive: &mut Incentive| {
        incentive.tiers.take().unwrap_or(Tiers {
            period: Period::Ever,
            mode: TierMode::ReachedBefore,
            tiers: Vec::new(),
        })
    };
    match detail.split_once(' ') {
        Some(("in", countries)) => {
            let codes = countries
                .split('/')
                .map(|code| Country::parse(code).unwrap());
            incentive
                .conditions
                .push(Condition::Country(codes.collect()));
        }
        Some(("where", text)) => {
            let (key, value) = pair(text);
            incentive
                .conditions
                .push(Condition::Metadata { key, value });
        }
        Some(("until", end)) => match end.split_once(' ').unwrap() {
            ("payment", last) => incentive.length.payments = NonZero::new(number(last)),
            ("month", last) => incentive.length.months = NonZero::new(number(last)),
            _ => panic!("nothing lasts until {end}"),
        },
        Some(("by", mode)) => {
            let (mode, of) = mode.split_once(" in ").unwrap_or((mode, "all time"));
            let (mode, period) = (self::mode(mode), period(of));
            let tiers = tiers(incentive).tiers;
            incentive.tiers = Some(Tiers {
                period,
                mode,
                tiers,
            });
        }
        _ => {
            let (pay, from) = detail.split_once(" from ").unwrap();
            let pay = self::pay(pay);
            match step_start(from) {
                Some(from) => incentive.steps.push(Step { from, pay }),
                None => {
                    let mut all = tiers(incentive);
                    all.tiers.push(Tier {
                        from: threshold(from),
                        pay,
                    });
                    incentive.tiers = Some(all);
                }
            }
        }
    }
}

fn mode(text: &str) -> TierMode {
    match text {
        "what was sold before" => TierMode::ReachedBefore,
        "size" => TierMode::OwnSize,
        "piece" => TierMode::Marginal,
        "lifting all" => TierMode::Retroactive,
        _ => panic!("no tiers by {text}"),
    }
}

fn step_start(text: &str) -> Option<StepStart> {
    let (word, place) = text.split_once(' ')?;
    match word {
        "payment" => Some(StepStart::Payment(number(place))),
        "month" => Some(StepStart::Month(number(place))),
        _ => None,
    }
}

fn threshold(text: &str) -> Threshold {
    match text.strip_suffix(" sales") {
        Some(count) => Threshold::Count(number(count)),
        None => Threshold::Amount(money(text)),
    }
}

fn scope(text: &str) -> Scope {
    let names = |names: &str| names.split('/').map(Into::into).collect();
    match text.split_once(' ') {
        Some(("products", products)) => Scope::Products(names(products)),
        Some(("prices", prices)) => Scope::Prices(names(prices)),
        _ => match text {
            "subscriptions" => Scope::Type(SaleType::Subscription),
            "one-time sales" => Scope::Type(SaleType::OneTime),
            "monthly payments" => Scope::Monthly,
            "yearly payments" => Scope::Yearly,
            _ => panic!("nothing is paid for {text}"),
        },
    }
}

/// `5 %`, `5.00 USD`, `5.00 USD an item`, `5 % and 5.00 USD`.
pub(crate) fn pay(text: &str) -> Pay {
    if let Some((share, fixed)) = text.split_once(" and ") {
        let (share, fixed) = (rate(share), money(fixed));
        Pay::ShareAndFixed { share, fixed }
    } else if let Some(each) = text.strip_suffix(" an item") {
        Pay::PerItem(money(each))
    } else if text.ends_with('%') {
        Pay::Share(rate(text))
    } else {
        Pay::Fixed(money(text))
    }
}

/// `5 % of the sale`.
pub(crate) fn level(text: &str) -> Level {
    let (percent, of) = text.split_once(" of ").unwrap();
    let of = match of {
        "the sale" => LevelBase::Sale,
        "the commission" => LevelBase::Direct,
        "the level below" => LevelBase::LevelBelow,
        _ => panic!("no level is paid of {of}"),
    };
    Level {
        rate: rate(percent),
        of,
    }
}

/// What else is known: the rate that the enrollment has agreed, and what happened before.
///
/// `rate 10 %; payments 2; first on 2025-01-31; customer 180.00 USD; a month: 3 sales of 90.00 USD
/// earning 9.00 USD`.
pub(crate) fn known(text: &str) -> (Option<Rate>, History) {
    let (mut agreed, mut history) = (None, History::default());
    for fact in text.split("; ").filter(|fact| !fact.is_empty()) {
        if let Some((of, tally)) = fact.split_once(": ") {
            history.tallies.push((period(of), self::tally(tally)));
            continue;
        }
        match fact.split_once(' ').unwrap() {
            ("rate", percent) => agreed = Some(rate(percent)),
            ("payments", payments) => history.payments = number(payments),
            ("first", on) => history.first_payment_at = Some(date(&on[3..])),
            ("customer", earned) => history.customer_earned = Some(money(earned)),
            _ => panic!("nothing is known by {fact}"),
        }
    }
    (agreed, history)
}

fn tally(text: &str) -> Tally {
    let (conversions, rest) = text.split_once(" sales of ").unwrap();
    let (amount, earned) = rest.split_once(" earning ").unwrap();
    Tally {
        conversions: number(conversions),
        amount: money(amount),
        earned: money(earned),
    }
}

/// The rows of a table, without empty lines.
pub(crate) fn rows<const COLUMNS: usize>(table: &str) -> Vec<[String; COLUMNS]> {
    let rows = table.lines().filter(|line| !line.is_empty());
    rows.map(|line| {
        let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
        let cells = inside.split('|').map(|cell| cell.trim().to_owned());
        let cells: Vec<_> = cells.collect();
        cells.try_into().unwrap_or_else(|_| panic!("{line}"))
    })
    .collect()
}
