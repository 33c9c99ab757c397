//! Any sale.

use accrual_attribution::{AffiliateId, Claim, ProgramId, ReferralId};
use accrual_commission::{Country, Interval, SaleType, Tax};
use accrual_money::{Currency, Decimal, ExchangeRate, Money};
use proptest::{option::weighted, prelude::*, sample::select};
use time::macros::date;

use super::{
    any_currency, any_few, any_minor, any_money, any_rate, any_time, code, email, id, shop_key,
    slug, tag,
};
use crate::contract::model::{
    ask::{Asked, order},
    plan::Plan,
};
use crate::{Command, Customer, Facts, Line, Platform, Reference, ShopKey, Source, Text};

/// A sale, mostly a new one.
pub(super) fn any_report(plan: &Plan) -> BoxedStrategy<Asked> {
    let new = i64::try_from(plan.reports.len()).unwrap() + 1;
    let number = prop_oneof![20 => Just(new), 1 => 1..=new];
    let repeated = plan.reports.clone();
    let sale = (number, any_sale(plan)).prop_map(|(number, sale)| Facts {
        reference: Reference::parse(order(number)).unwrap(),
        ..sale
    });
    if repeated.is_empty() {
        return sale.prop_map(report).boxed();
    }
    prop_oneof![
        20 => sale.prop_map(report),
        1 => select(repeated).prop_map(report),
    ]
    .boxed()
}

fn report(facts: Facts) -> Asked {
    Asked::new(Command::Report(Box::new(facts)))
}

/// A sale that somebody has sent, in the currency of the program, unless it is exchanged.
fn any_sale(plan: &Plan) -> BoxedStrategy<Facts> {
    let members = plan.reference.members();
    if members.is_empty() {
        return (any_currency(), any_claims(plan))
            .prop_flat_map(|(currency, claims)| any_facts(currency, currency, claims))
            .boxed();
    }
    let (some_claims, time, due) = (any_claims(plan), any_time(plan), any_time(plan));
    let place = prop_oneof![2 => Just(0), 3 => 0..members.len()];
    let seller = place.prop_map(move |place| members[place].clone());
    let when = (weighted(0.3, time), weighted(0.06, due));
    // By a tag, or by the clicks of a visitor.
    let visitor = (1..=2_i64).prop_map(|number| Claim::Click(id("visitor", number)));
    let sent = prop_oneof![6 => Just(None), 3 => visitor.prop_map(Some)];
    (
        seller,
        some_claims,
        weighted(0.95, sent),
        weighted(0.2, any_currency()),
        when,
    )
        .prop_flat_map(|(seller, mut claims, sent, other, when)| {
            if let Some(claim) = sent {
                let claim = claim.unwrap_or(Claim::Tag(seller.tag));
                claims.0.insert(claims.0.len() / 2, claim);
                if let Some(weight) = claims.1.first().copied() {
                    claims.1.push(weight + 1);
                }
            }
            let currency = other.unwrap_or(seller.currency);
            any_facts(currency, seller.currency, claims).prop_map(move |facts| Facts {
                occurred_at: when.0,
                due_at: when.1,
                ..facts
            })
        })
        .boxed()
}

fn any_facts(
    currency: Currency,
    program: Currency,
    (claims, weights): (Vec<Claim>, Vec<u32>),
) -> BoxedStrategy<Facts> {
    let who = (any_customer(), prop::bool::weighted(0.04));
    let set = (
        weighted(0.05, any_set(currency)),
        weighted(0.04, any_rate()),
    );
    let kind = (any_kind(), any_lines(currency), any_place());
    (
        any_amounts(currency),
        any_exchange(currency, program),
        who,
        set,
        kind,
    )
        .prop_map(move |(facts, exchange, (customer, agreement), set, kind)| {
            let ((sale_type, interval, country, metadata), lines, (platform, shop)) = kind;
            Facts {
                claims: claims.clone(),
                weights: weights.clone(),
                agreement,
                customer,
                exchange,
                amount_override: set.0,
                rate_override: set.1,
                platform,
                shop,
                sale_type,
                interval,
                country,
                metadata,
                lines,
                ..facts
            }
        })
        .boxed()
}

/// What was paid, in one currency most of the time.
fn any_amounts(currency: Currency) -> BoxedStrategy<Facts> {
    let part = move || {
        let small = any_minor().prop_map(move |minor| Money::from_minor(minor / 4, currency));
        let other = Just(Money::from_minor(7, Currency::KWD));
        prop_oneof![60 => small, 1 => other, 1 => Just(Money::from_minor(-1, currency))]
    };
    let paid = prop_oneof![
        70 => any_money(currency).prop_map(|total| (Some(total), None)),
        10 => any_money(currency).prop_map(|subtotal| (None, Some(subtotal))),
        20 => (any_money(currency), any_money(currency)).prop_map(|(one, other)| (Some(one), Some(other))),
        1 => Just((None, None)),
        1 => Just((Some(Money::zero(currency)), None)),
    ];
    let tax = prop_oneof![
        part().prop_map(Tax::Amount),
        any_rate().prop_map(Tax::IncludedAt)
    ];
    (
        paid,
        weighted(0.2, tax),
        weighted(0.15, part()),
        weighted(0.15, part()),
    )
        .prop_map(|(paid, tax, shipping, discount)| {
            let (source, reference) = (Source::parse("shop"), Reference::parse("unset"));
            Facts {
                total: paid.0,
                subtotal: paid.1,
                tax,
                shipping,
                discount,
                ..Facts::new(source.unwrap(), reference.unwrap())
            }
        })
        .boxed()
}

/// On a platform, and of one that has stores mostly in a store.
fn any_place() -> impl Strategy<Value = (Option<Platform>, Option<ShopKey>)> {
    let platform = prop_oneof![
        8 => Just(None),
        1 => select(vec!["website", "ios"]).prop_map(Some),
        3 => Just(Some("shopify")),
    ];
    let store = weighted(0.8, (1..=3_i64).prop_map(shop_key));
    (platform, store, prop::bool::weighted(0.01)).prop_map(|(platform, store, is_astray)| {
        let has_store = platform == Some("shopify") || is_astray;
        let platform = platform.map(|platform| Platform::parse(platform).unwrap());
        (platform, store.filter(|_| has_store))
    })
}

/// A rate to the program's currency where that is another one, and rarely one to anywhere.
fn any_exchange(from: Currency, program: Currency) -> BoxedStrategy<Option<ExchangeRate>> {
    let to = if from == program {
        Currency::KWD
    } else {
        program
    };
    let chance = if from == program { 0.01 } else { 0.8 };
    let units = select(vec!["1.25", "0.8333", "150", "1"]);
    let rate = units.prop_map(move |units| {
        let units: Decimal = units.parse().unwrap();
        ExchangeRate::try_new(
            (Decimal::ONE, from),
            (units, to),
            date!(2025 - 06 - 01),
            "ECB",
        )
        .unwrap()
    });
    weighted(chance, rate).boxed()
}

fn any_set(currency: Currency) -> impl Strategy<Value = Money> {
    let other = Just(Money::from_minor(250, Currency::USD));
    prop_oneof![8 => any_money(currency), 1 => other, 1 => Just(Money::from_minor(-5, currency))]
}

/// Any claims, those of people who were sent among them, and how they are weighed.
fn any_claims(plan: &Plan) -> BoxedStrategy<(Vec<Claim>, Vec<u32>)> {
    let known = plan.reference.known_people();
    let one = if known.is_empty() {
        any_claim(plan)
    } else {
        prop_oneof![any_claim(plan), select(known)].boxed()
    };
    let claims = prop::collection::vec(one, 0..=2);
    let weights = prop::collection::vec(0..=3_u32, 3);
    (
        claims,
        weights,
        prop::bool::weighted(0.12),
        prop::bool::weighted(0.005),
    )
        .prop_map(|(claims, mut weights, has_weights, is_short)| {
            weights.truncate(if has_weights { claims.len() } else { 0 });
            if is_short {
                weights.push(1);
            }
            (claims, weights)
        })
        .boxed()
}

fn any_claim(plan: &Plan) -> BoxedStrategy<Claim> {
    let membership = (1..=5_i64, 1..=2_i64).prop_map(|(affiliate, program)| Claim::Membership {
        affiliate: AffiliateId::new(affiliate),
        program: ProgramId::new(program),
    });
    let referrals = plan.reference.referrals().max(1);
    prop_oneof![
        8 => (1..=6_i64).prop_map(|number| Claim::Tag(tag(number))),
        3 => (1..=6_i64).prop_map(|number| Claim::Link(slug(number))),
        2 => membership,
        2 => (1..=5_i64).prop_map(|number| Claim::Affiliate(AffiliateId::new(number))),
        6 => (1..=3_i64).prop_map(|number| Claim::PromoCode(code(number))),
        6 => (1..=3_i64).prop_map(|number| Claim::Click(id("visitor", number))),
        2 => (1..=2_i64).prop_map(|number| Claim::ExternalUser(id("user", number))),
        2 => (1..=3_i64).prop_map(|number| Claim::Customer(id("customer", number))),
        2 => (1..=3_i64).prop_map(|number| Claim::Email(email(number))),
        2 => (1..=referrals).prop_map(|number| Claim::Referral(ReferralId::new(number))),
    ]
    .boxed()
}

fn any_customer() -> impl Strategy<Value = Customer> {
    let text = |text: String| Text::parse(text).unwrap();
    let customer = (
        weighted(
            0.5,
            (1..=3_i64).prop_map(move |number| text(format!("customer-{number}"))),
        ),
        weighted(
            0.3,
            (1..=3_i64).prop_map(move |number| text(email(number).as_str().to_owned())),
        ),
        weighted(
            0.3,
            (1..=3_i64).prop_map(move |number| text(format!("visitor-{number}"))),
        ),
    );
    customer.prop_map(|(id, email, visitor_id)| Customer {
        id,
        email,
        visitor_id,
        name: None,
    })
}

type Kind = (
    SaleType,
    Option<Interval>,
    Option<Country>,
    serde_json::Map<String, serde_json::Value>,
);

fn any_kind() -> impl Strategy<Value = Kind> {
    let sale_type = prop_oneof![3 => Just(SaleType::OneTime), 2 => Just(SaleType::Subscription)];
    let interval = weighted(0.4, select(vec![Interval::Monthly, Interval::Yearly]));
    let country = weighted(0.4, select(vec!["DE", "FR"]));
    let country = country.prop_map(|code| code.map(|code| Country::parse(code).unwrap()));
    let plans = vec![
        serde_json::json!("pro"),
        serde_json::json!(2),
        serde_json::json!(["pro"]),
    ];
    let metadata = weighted(0.3, select(plans)).prop_map(|plan| {
        plan.into_iter()
            .map(|plan| ("plan".to_owned(), plan))
            .collect()
    });
    (sale_type, interval, country, metadata)
}

fn any_lines(currency: Currency) -> BoxedStrategy<Vec<Line>> {
    let text = |text: &str| Text::parse(text).unwrap();
    let amount = prop_oneof![
        10 => any_money(currency),
        2 => Just(Money::zero(currency)),
        1 => prop_oneof![9 => Just(1), 1 => Just(-1)].prop_map(move |minor| Money::from_minor(minor, currency)),
    ];
    let price = prop_oneof![2 => Just(None), 1 => Just(Some(text("gold")))];
    let product = select(vec!["hat", "mug", "pen"]);
    let line = (product, price, 1..=3_u32, amount);
    let line = line.prop_map(move |(product, price, quantity, amount)| Line {
        product: text(product),
        price,
        quantity,
        amount,
    });
    prop_oneof![1 => Just(Vec::new()), 1 => any_few(line, 3)].boxed()
}
