//! Any programs, affiliates, enrollments, promo codes, clicks and sign-ups.

use accrual_attribution::{
    AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId, TouchKind,
};
use accrual_money::{Currency, Money};
use proptest::{option::weighted, prelude::*, sample::select};

use super::{
    any_minor, any_rate, any_time, code, email, id, shop_key, slug, tag,
    terms::{any_change, any_terms},
};
use crate::contract::model::{ask::Asked, plan::Plan};
use crate::{
    Application, Click, Command, Enrolling, Identity, PromoLimits, Sender, ShopPlatform, SignUp,
    SignUpBy, TermsDraft, Text,
};

/// Two programs, five affiliates, five enrollments, of which three recruited one another, and a
/// promo code: what every sequence begins with.
pub(in crate::contract::model) fn any_setup() -> BoxedStrategy<Vec<TermsDraft>> {
    prop::collection::vec(any_terms(), 2).boxed()
}

/// The commands that make it.
pub(in crate::contract::model) fn made(terms: &[TermsDraft]) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (terms, number) in terms.iter().zip(1..) {
        let terms = terms.clone();
        let name = Text::parse(format!("Program {number}")).unwrap();
        asked.push(Asked::called(
            Command::CreateProgram {
                name,
                terms,
                is_ambassador: number == 2,
            },
            number,
        ));
    }
    asked.extend((1..=5).map(|number| Asked::called(affiliate(number), number)));
    let members = [
        (1, 1, None),
        (2, 1, Some(1)),
        (3, 1, Some(2)),
        (1, 2, None),
        (4, 2, Some(4)),
    ];
    for ((affiliate, program, recruiter), number) in members.into_iter().zip(1..) {
        let enrolling = enrolling(affiliate, program, number, recruiter);
        asked.push(Asked::called(Command::Enroll(enrolling), number));
    }
    let promo_code = Command::CreatePromoCode {
        code: code(1),
        enrollment: EnrollmentId::new(2),
        limits: PromoLimits::default(),
    };
    asked.push(Asked::called(promo_code, 1));
    asked
}

fn affiliate(number: i64) -> Command {
    Command::CreateAffiliate {
        name: Text::parse(format!("Affiliate {number}")).unwrap(),
        email: (number <= 2).then(|| Text::parse(email(number).as_str()).unwrap()),
        customer: (number >= 3).then(|| id("customer", number - 2)),
    }
}

fn enrolling(affiliate: i64, program: i64, tag_number: i64, recruiter: Option<i64>) -> Enrolling {
    Enrolling {
        affiliate: AffiliateId::new(affiliate),
        program: ProgramId::new(program),
        tag: tag(tag_number),
        slug: None,
        recruiter: recruiter.map(EnrollmentId::new),
        rate: None,
    }
}

pub(super) fn any_click(plan: &Plan) -> BoxedStrategy<Asked> {
    let kind = select(vec![
        TouchKind::Click,
        TouchKind::SoftClick,
        TouchKind::Impression,
    ]);
    let visitor = weighted(0.95, prop_oneof![4 => 1..=2_i64, 1 => 3..=3_i64]);
    let visitor = visitor.prop_map(|number| number.map(|number| id("visitor", number)));
    (any_sender(), visitor, kind, weighted(0.3, any_time(plan)))
        .prop_map(|(by, visitor, kind, at)| {
            Asked::new(Command::Click(Click {
                by,
                visitor,
                kind,
                at,
            }))
        })
        .boxed()
}

fn any_sender() -> impl Strategy<Value = Sender> {
    prop_oneof![
        4 => (1..=3_i64).prop_map(|number| Sender::Enrollment(EnrollmentId::new(number))),
        3 => (1..=6_i64).prop_map(|number| Sender::Enrollment(EnrollmentId::new(number))),
        2 => (1..=7_i64).prop_map(|number| Sender::Tag(tag(number))),
        2 => (1..=7_i64).prop_map(|number| Sender::Link(slug(number))),
    ]
}

pub(super) fn any_sign_up(plan: &Plan) -> BoxedStrategy<Asked> {
    let referrals = plan.reference.referrals() + 1;
    let by = prop_oneof![
        1 => (1..=referrals).prop_map(|number| SignUpBy::Referral(ReferralId::new(number))),
        2 => (1..=4_i64).prop_map(|number| SignUpBy::Visitor(id("visitor", number))),
        2 => any_sender().prop_map(SignUpBy::Sender),
    ];
    let person = (
        weighted(0.4, (1..=2_i64).prop_map(|number| id("user", number))),
        weighted(0.4, (1..=3_i64).prop_map(|number| id("customer", number))),
        weighted(0.4, (1..=3_i64).prop_map(email)),
    );
    let person = person.prop_map(|(external_user, customer, email)| Identity {
        external_user,
        customer,
        email,
        ..Identity::default()
    });
    (by, person, weighted(0.3, any_time(plan)))
        .prop_map(|(by, person, at)| Asked::new(Command::SignUp(SignUp { by, person, at })))
        .boxed()
}

pub(super) fn any_change_of_program() -> BoxedStrategy<Asked> {
    let name = weighted(0.2, Just(Text::parse("Renamed").unwrap()));
    let is_ambassador = weighted(0.1, any::<bool>());
    (1..=3_i64, name, weighted(0.9, any_change()), is_ambassador)
        .prop_map(|(program, name, terms, is_ambassador)| {
            let program = ProgramId::new(program);
            Asked::new(Command::ChangeProgram {
                program,
                name,
                terms,
                is_ambassador,
            })
        })
        .boxed()
}

pub(super) fn any_other_set_up(plan: &Plan) -> BoxedStrategy<Asked> {
    let text = |text: String| Text::parse(text).unwrap();
    let program = any_terms().prop_map(move |terms| {
        let name = text("Program 3".to_owned());
        let command = Command::CreateProgram {
            name,
            terms,
            is_ambassador: false,
        };
        Asked::called(command, 3)
    });
    let new_affiliate = (5..=6_i64).prop_map(|number| Asked::called(affiliate(number), number));
    let address = weighted(0.8, (1..=3_i64).prop_map(email));
    let address = address.prop_map(move |one| one.map(|one| text(one.as_str().to_owned())));
    let customer = weighted(0.8, (1..=3_i64).prop_map(|number| id("customer", number)));
    let changed = (1..=6_i64, weighted(0.5, address), weighted(0.5, customer));
    let changed = changed.prop_map(|(number, email, customer)| {
        let affiliate = AffiliateId::new(number);
        Asked::new(Command::ChangeAffiliate {
            affiliate,
            name: None,
            email,
            customer,
        })
    });
    let shop = (1..=3_i64, 1..=2_i64).prop_map(move |(number, name)| {
        Asked::new(Command::RegisterShop {
            platform: ShopPlatform::Shopify,
            key: shop_key(number),
            name: text(format!("Store {name}")),
        })
    });
    prop_oneof![
        3 => shop,
        1 => program,
        1 => new_affiliate,
        2 => changed,
        2 => any_enrolling(),
        2 => any_application(),
        4 => any_change_of_enrollment(),
        2 => any_code(plan),
        3 => any_change_of_code(plan),
    ]
    .boxed()
}

fn any_enrolling() -> BoxedStrategy<Asked> {
    let links = weighted(0.3, (1..=7_i64).prop_map(slug));
    let recruiter = weighted(0.4, 1..=6_i64);
    (
        1..=6_i64,
        1..=3_i64,
        5..=7_i64,
        links,
        recruiter,
        weighted(0.3, any_rate()),
    )
        .prop_map(|(affiliate, program, tag, slug, recruiter, rate)| {
            let enrolling = Enrolling {
                slug,
                rate,
                ..enrolling(affiliate, program, tag, recruiter)
            };
            Asked::called(Command::Enroll(enrolling), 6)
        })
        .boxed()
}

fn any_application() -> BoxedStrategy<Asked> {
    let details = prop::collection::btree_map(select(vec!["a", "b"]), 1..=2_i64, 0..=2);
    (1..=3_i64, 1..=4_i64, 5..=8_i64, details)
        .prop_map(|(program, address, tag_number, details)| {
            let details = details.into_iter();
            let details = details.map(|(name, value)| (name.to_owned(), value.into()));
            let application = Application {
                program: ProgramId::new(program),
                email: email(address),
                name: Text::parse(format!("Applicant {address}")).unwrap(),
                tag: tag(tag_number),
                details: details.collect(),
            };
            Asked::called(Command::Apply(application), 7)
        })
        .boxed()
}

fn any_change_of_enrollment() -> BoxedStrategy<Asked> {
    let slug = weighted(0.7, (1..=7_i64).prop_map(slug));
    let rate = weighted(0.6, any_rate());
    let parts = (
        1..=7_i64,
        weighted(0.2, (1..=7_i64).prop_map(tag)),
        weighted(0.2, slug),
        weighted(0.3, rate),
        weighted(0.4, prop::bool::weighted(0.6)),
    );
    parts
        .prop_map(|(number, tag, slug, rate, is_active)| {
            let enrollment = EnrollmentId::new(number);
            Asked::new(Command::ChangeEnrollment {
                enrollment,
                tag,
                slug,
                rate,
                is_active,
            })
        })
        .boxed()
}

fn any_code(plan: &Plan) -> BoxedStrategy<Asked> {
    (1..=3_i64, 1..=6_i64, any_limits(plan))
        .prop_map(|(number, enrollment, limits)| {
            let (code, enrollment) = (code(number), EnrollmentId::new(enrollment));
            Asked::called(
                Command::CreatePromoCode {
                    code,
                    enrollment,
                    limits,
                },
                number,
            )
        })
        .boxed()
}

fn any_change_of_code(plan: &Plan) -> BoxedStrategy<Asked> {
    (
        1..=3_i64,
        weighted(0.3, any::<bool>()),
        weighted(0.8, any_limits(plan)),
    )
        .prop_map(|(number, is_active, limits)| {
            let promo_code = PromoCodeId::new(number);
            Asked::new(Command::ChangePromoCode {
                promo_code,
                is_active,
                limits,
            })
        })
        .boxed()
}

fn any_limits(plan: &Plan) -> BoxedStrategy<PromoLimits> {
    let minimum = prop_oneof![20 => any_minor(), 1 => Just(-1)];
    let minimum = minimum.prop_map(|minor| Money::from_minor(minor, Currency::USD));
    let products = vec![vec![], vec![], vec![Text::parse("hat").unwrap()]];
    let customers = vec![vec![], vec![], vec![id("customer", 1)]];
    let parts = (
        weighted(0.2, any_time(plan)),
        weighted(0.3, 0..=2_u32),
        prop::bool::weighted(0.3),
        weighted(0.2, minimum),
        select(products),
        select(customers),
    );
    parts
        .prop_map(
            |(expires_at, most, first_order_only, minimum, products, customers)| PromoLimits {
                expires_at,
                max_redemptions: most,
                first_order_only,
                minimum,
                products,
                customers,
            },
        )
        .boxed()
}
