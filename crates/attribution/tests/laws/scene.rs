//! Any report with any candidates, near enough to each other in time for every edge to be met.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_attribution::*;
use proptest::prelude::*;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const HOUR: u32 = 3_600;

/// A report, and what its claims lead to.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) claims: Vec<Claim>,
    pub(crate) weights: Vec<u32>,
    pub(crate) agreement: bool,
    pub(crate) occurred_at: OffsetDateTime,
    pub(crate) led_to: Vec<LedTo>,
    /// Those of the two programs.
    pub(crate) rules: [Crediting; 2],
}

/// A candidate without its program's rules.
#[derive(Clone, Debug)]
pub(crate) struct LedTo {
    pub(crate) claim: Claim,
    pub(crate) credit: Credit,
    pub(crate) evidence: Evidence,
    pub(crate) standing: Standing,
}

impl Scene {
    pub(crate) fn report(&self) -> Report<'_> {
        Report {
            claims: &self.claims,
            weights: &self.weights,
            occurred_at: self.occurred_at,
            agreement: self.agreement,
        }
    }

    pub(crate) fn candidates(&self) -> Vec<Candidate<'_>> {
        let led_to = self.led_to.iter();
        let candidate = |one: &LedTo| Candidate {
            claim: one.claim.clone(),
            credit: one.credit,
            evidence: one.evidence,
            standing: one.standing,
            rules: self.rules_of(one),
        };
        led_to.map(candidate).collect()
    }

    pub(crate) fn attribution(&self) -> Attribution {
        attribute(&self.report(), &self.candidates())
    }

    pub(crate) fn rules_of(&self, one: &LedTo) -> &Crediting {
        match one.credit.program.number() {
            1 => &self.rules[0],
            _ => &self.rules[1],
        }
    }

    /// Whether the candidate can be credited, said in another way than the crate says it.
    pub(crate) fn can_be_credited(&self, one: &LedTo) -> bool {
        let rules = self.rules_of(one);
        let refused = match one.standing {
            Standing::Active => false,
            Standing::SelfReferral(_) => rules.refuses_self_referral,
            Standing::Unapproved | Standing::Ended | Standing::Unredeemable(_) => true,
        };
        let speaks_for_it = match one.evidence {
            Evidence::Named => true,
            Evidence::Touched(touch) => self.last_open(touch, rules).is_some(),
            Evidence::Bound { since, touch } => {
                self.is_bound(since, rules)
                    || touch.is_some_and(|touch| self.last_open(touch, rules).is_some())
            }
        };
        self.claims.contains(&one.claim) && !refused && speaks_for_it
    }

    /// The last time of a touch that is not after the sale, if it is within the window.
    pub(crate) fn last_open(&self, touch: Touch, rules: &Crediting) -> Option<OffsetDateTime> {
        let times = [touch.first_at, touch.last_at];
        let last = times
            .into_iter()
            .filter(|time| *time <= self.occurred_at)
            .max()?;
        let elapsed = (self.occurred_at - last).whole_seconds();
        let is_open = rules
            .window
            .is_none_or(|window| elapsed < i64::try_from(window.seconds()).unwrap());
        is_open.then_some(last)
    }

    pub(crate) fn is_bound(&self, since: OffsetDateTime, rules: &Crediting) -> bool {
        let elapsed = (self.occurred_at - since).whole_seconds();
        elapsed >= 0
            && match rules.binding {
                Binding::None => false,
                Binding::ForLife => true,
                Binding::For { days } => elapsed < i64::from(days.get()) * 86_400,
            }
    }
}

pub(crate) fn any_scene() -> impl Strategy<Value = Scene> {
    let claims = prop::collection::vec(any_claim(), 0..4);
    let weights = prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::collection::vec(prop_oneof![Just(0), 1..4_u32, Just(u32::MAX)], 0..5),
    ];
    let led_to = prop::collection::vec(any_led_to(), 0..7);
    let rules = [any_rules(), any_rules()];
    (claims, weights, any::<bool>(), any_time(), led_to, rules).prop_map(
        |(claims, weights, agreement, occurred_at, led_to, rules)| Scene {
            claims,
            weights,
            agreement,
            occurred_at,
            led_to,
            rules,
        },
    )
}

/// One customer whom several enrollments of one program touched, and nothing else is known.
pub(crate) fn any_journey() -> impl Strategy<Value = Scene> {
    let customer = Claim::Customer(Identifier::parse("cus_1").unwrap());
    let touches = prop::collection::vec(any_touch(), 1..6);
    (any_time(), any_rules(), touches).prop_map(move |(occurred_at, rules, touches)| Scene {
        claims: vec![customer.clone()],
        weights: Vec::new(),
        agreement: false,
        occurred_at,
        led_to: (1..)
            .zip(touches)
            .map(|(number, touch)| LedTo {
                claim: customer.clone(),
                credit: credit(2 * number + 1),
                evidence: Evidence::Touched(touch),
                standing: Standing::Active,
            })
            .collect(),
        rules: [rules.clone(), rules],
    })
}

/// Odd enrollments are in program 1, even ones in program 2.
fn credit(number: i64) -> Credit {
    Credit {
        enrollment: EnrollmentId::new(number),
        affiliate: AffiliateId::new(number),
        program: ProgramId::new(2 - number % 2),
    }
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let id = || (0..2_u8).prop_map(|number| Identifier::parse(&format!("id_{number}")).unwrap());
    let membership = (1..3_i64, 1..3_i64).prop_map(|(affiliate, program)| Claim::Membership {
        affiliate: AffiliateId::new(affiliate),
        program: ProgramId::new(program),
    });
    prop_oneof![
        id().prop_map(Claim::Customer),
        id().prop_map(Claim::Click),
        (1..3_i64).prop_map(|number| Claim::Referral(ReferralId::new(number))),
        membership,
        (0..3_u8).prop_map(|n| Claim::Tag(Tag::parse(&format!("Tag{n}")).unwrap())),
        (0..2_u8).prop_map(|n| Claim::PromoCode(Code::parse(&format!("Code{n}")).unwrap())),
    ]
}

fn any_led_to() -> impl Strategy<Value = LedTo> {
    let bound = (any_time(), prop::option::of(any_touch()));
    let evidence = prop_oneof![
        2 => Just(Evidence::Named),
        1 => bound.prop_map(|(since, touch)| Evidence::Bound { since, touch }),
        2 => any_touch().prop_map(Evidence::Touched),
    ];
    let standing = prop_oneof![
        5 => Just(Standing::Active),
        1 => Just(Standing::Ended),
        1 => Just(Standing::Unapproved),
        1 => Just(Standing::SelfReferral(SameBy::Customer)),
        1 => Just(Standing::Unredeemable(Unredeemable::UsedUp)),
    ];
    (any_claim(), 1..6_i64, evidence, standing).prop_map(|(claim, number, evidence, standing)| {
        LedTo {
            claim,
            credit: credit(number),
            evidence,
            standing,
        }
    })
}

fn any_touch() -> impl Strategy<Value = Touch> {
    let kind = prop_oneof![
        3 => Just(TouchKind::Click),
        1 => Just(TouchKind::SoftClick),
        1 => Just(TouchKind::Impression),
    ];
    (kind, any_time(), any_time()).prop_map(|(kind, one, other)| Touch {
        kind,
        first_at: one.min(other),
        last_at: one.max(other),
    })
}

/// Within three days, at most a second from the full hour.
pub(crate) fn any_time() -> impl Strategy<Value = OffsetDateTime> {
    (0..72_i64, -1..=1_i64).prop_map(|(hours, seconds)| {
        datetime!(2025-06-01 12:00 UTC) + Duration::hours(hours) + Duration::seconds(seconds)
    })
}

fn any_rules() -> impl Strategy<Value = Crediting> {
    let kinds = prop::sample::subsequence(ClaimKind::ALL.to_vec(), 0..=10).prop_shuffle();
    let precedence = prop_oneof![Just(Precedence::default()), kinds.prop_map(Precedence::new),];
    let touch = prop_oneof![Just(TouchRule::Last), Just(TouchRule::First)];
    let window = prop::option::of(
        (1..72_u32).prop_map(|hours| Window::of_seconds(NonZeroU32::new(hours * HOUR).unwrap())),
    );
    let days = (1..3_u16).prop_map(|days| NonZeroU16::new(days).unwrap());
    let binding = prop_oneof![
        Just(Binding::None),
        Just(Binding::ForLife),
        days.prop_map(|days| Binding::For { days }),
    ];
    (
        precedence,
        touch,
        window,
        binding,
        any_sharing(),
        any::<bool>(),
    )
        .prop_map(
            |(precedence, touch, window, binding, sharing, refuses_self_referral)| Crediting {
                precedence,
                touch,
                window,
                binding,
                sharing,
                refuses_self_referral,
            },
        )
}

fn any_sharing() -> impl Strategy<Value = Sharing> {
    let bonus =
        || (1..1_000_000_000_u64).prop_map(|part| Bonus::try_from_billionths(part).unwrap());
    prop_oneof![
        3 => Just(Sharing::One),
        1 => Just(Sharing::Equal),
        1 => bonus().prop_map(Sharing::FirstBonus),
        1 => bonus().prop_map(Sharing::LastBonus),
    ]
}
