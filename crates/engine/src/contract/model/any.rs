//! Anything that can be asked, in small numbers, so that things meet.

mod afterwards;
mod incentive;
mod sale;
mod set_up;
mod terms;

use accrual_attribution::{Code, Email, Identifier, Slug, Tag};
use accrual_money::{Currency, Decimal, Money, Rate};
use proptest::{collection::vec, prelude::*, sample::select, strategy::Union};
use time::Duration;

use super::{
    ask::{Ask, Asked},
    plan::Plan,
};
use crate::{Command, ShopKey};

pub(super) use set_up::{any_setup, made};

/// The next step, weighted so that most find what they are about.
pub(super) fn any_ask(plan: &Plan) -> BoxedStrategy<Ask> {
    let commands: Vec<(u32, BoxedStrategy<Asked>)> = vec![
        (36, sale::any_report(plan)),
        (9, afterwards::any_refund(plan)),
        (8, afterwards::any_amendment(plan)),
        (14, afterwards::any_change_of_status(plan)),
        (4, Just(Asked::new(Command::Mature)).boxed()),
        (10, set_up::any_click(plan)),
        (3, set_up::any_sign_up(plan)),
        (4, set_up::any_change_of_program()),
        (8, set_up::any_other_set_up(plan)),
    ];
    let key = prop::option::weighted(0.06, (1..=2_u8, 1..=2_u8));
    let command = (
        Union::new_weighted(commands),
        key,
        prop::bool::weighted(0.15),
    );
    let command = command.prop_map(|(asked, key, with_next)| {
        Ask::Command(Box::new(Asked {
            key,
            with_next,
            ..asked
        }))
    });
    prop_oneof![
        90 => command,
        6 => any_wait().prop_map(Ask::Wait),
        2 => Just(Ask::Look),
        1 => Just(Ask::Restart),
    ]
    .boxed()
}

/// Times that windows, holds and bindings are made of, so that their ends are met exactly.
fn any_wait() -> impl Strategy<Value = Duration> + Clone {
    select(vec![
        Duration::SECOND,
        Duration::HOUR,
        Duration::DAY,
        Duration::days(7),
        Duration::days(30),
    ])
}

/// A time around now.
fn any_time(plan: &Plan) -> BoxedStrategy<time::OffsetDateTime> {
    let now = plan.now;
    (any_wait(), -2..=1_i32, -1..=1_i64)
        .prop_map(move |(span, times, seconds)| now + span * times + Duration::seconds(seconds))
        .boxed()
}

fn any_currency() -> impl Strategy<Value = Currency> + Clone {
    prop_oneof![8 => Just(Currency::USD), 2 => Just(Currency::EUR), 1 => Just(Currency::JPY)]
}

/// What sales and terms come to, small ones among them, where rounding shows.
fn any_minor() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![2 => 1..=40_i64, 4 => (1..=40_i64).prop_map(|units| units * 500), 4 => 1..=20_000_i64]
}

fn any_money(currency: Currency) -> impl Strategy<Value = Money> + Clone {
    any_minor().prop_map(move |minor| Money::from_minor(minor, currency))
}

fn any_rate() -> impl Strategy<Value = Rate> + Clone {
    let usual = select(vec![
        "10",
        "5",
        "33.3333333",
        "12.5",
        "50",
        "100",
        "25",
        "8",
        "20",
        "0",
    ]);
    let usual = usual.prop_map(|percent| Rate::parse_percent(percent).unwrap());
    let fine =
        (0..=1_000_i64).prop_map(|parts| Rate::from_fraction(Decimal::new(parts, 3)).unwrap());
    prop_oneof![3 => usual, 1 => fine]
}

fn any_few<T: Clone + std::fmt::Debug + 'static>(
    one: impl Strategy<Value = T> + 'static,
    most: usize,
) -> BoxedStrategy<Vec<T>> {
    vec(one, 0..=most).boxed()
}

fn tag(number: i64) -> Tag {
    Tag::parse(&format!("tag-{number}")).unwrap()
}

fn slug(number: i64) -> Slug {
    Slug::parse(&format!("tag-{number}")).unwrap()
}

fn code(number: i64) -> Code {
    Code::parse(&format!("code-{number}")).unwrap()
}

fn id(kind: &str, number: i64) -> Identifier {
    Identifier::parse(&format!("{kind}-{number}")).unwrap()
}

fn shop_key(number: i64) -> ShopKey {
    ShopKey::parse(format!("store-{number}")).unwrap()
}

fn email(number: i64) -> Email {
    Email::parse(&format!("person-{number}@example.com")).unwrap()
}
