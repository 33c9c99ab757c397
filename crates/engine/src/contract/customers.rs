//! What is remembered from one sale to the next: customers, codes, tiers and caps.

use std::num::NonZeroU16;

use accrual_attribution::{Binding, Claim, Code, Email, ReferralId, Unredeemable, Verdict, Window};
use time::Duration;
use tokio::task::JoinSet;

use super::{Shared, fixture::*};
use crate::{
    Command, Error, Facts, Identity, Outcome, PromoCode, PromoLimits, Sender, SignUp, SignUpBy,
    TermsDraft,
};

fn remembering(binding: Binding) -> TermsDraft {
    let mut terms = share("10");
    terms.crediting.binding = binding;
    terms
}

impl Shop {
    async fn promo_code(&self, code: &str, limits: PromoLimits) -> PromoCode {
        let command = Command::CreatePromoCode {
            code: Code::parse(code).unwrap(),
            enrollment: self.enrollment,
            limits,
        };
        match self.run(command).await {
            Outcome::PromoCode(promo_code) => PromoCode::clone(&promo_code),
            other => panic!("not a promo code: {other:?}"),
        }
    }

    async fn credited(&self, facts: Facts) -> accrual_attribution::EnrollmentId {
        recorded(&self.report(facts).await).commissions[0]
            .credit
            .enrollment
    }
}

/// Once a customer has bought, it belongs to the first affiliate: for life, or for so many days.
pub async fn a_customer_stays_with_whoever_sent_it_first(store: Shared) {
    let days = NonZeroU16::new(10).unwrap();
    let shop = Shop::open_with(&store, "The shop", remembering(Binding::For { days })).await;
    let tom = shop.join("tom").await;
    let first = Facts {
        occurred_at: Some(NOW - Duration::days(10)),
        ..bought("order-1", "c1", TAG, 1_000)
    };
    shop.report(first).await;
    let within = Facts {
        occurred_at: Some(NOW - Duration::seconds(1)),
        ..bought("order-2", "c1", "tom", 1_000)
    };
    assert_eq!(shop.credited(within).await, shop.enrollment);
    assert_eq!(
        shop.credited(bought("order-3", "c1", "tom", 1_000)).await,
        tom.id
    );
    assert_eq!(
        shop.credited(bought("order-4", "c2", "tom", 1_000)).await,
        tom.id
    );
    let referrals = store.referrals(shop.org, ReferralId::new(0), 10).await;
    let counted = referrals.unwrap();
    let counted: Vec<_> = counted
        .iter()
        .map(|one| (one.credit.enrollment, one.payments))
        .collect();
    assert_eq!(counted, [(shop.enrollment, 2), (tom.id, 1), (tom.id, 1)]);
}

/// The last click within its window decides; the same affiliate's next click opens it again.
pub async fn a_click_leads_to_whoever_was_clicked_last(store: Shared) {
    let mut terms = share("10");
    terms.crediting.window = Some(Window::of_days(NonZeroU16::new(30).unwrap()));
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let tom = shop.join("tom").await;
    let by_click = |reference: &str, visitor: &str| Facts {
        claims: vec![Claim::Click(identifier(visitor))],
        ..sale(reference, 1_000)
    };
    let first = shop.click("v1", TAG, 40).await;
    shop.click("v1", "tom", 20).await;
    assert_eq!(shop.credited(by_click("order-1", "v1")).await, tom.id);
    let again = shop.click("v1", TAG, 1).await;
    assert_eq!(again.id, first.id);
    assert_eq!(
        shop.credited(by_click("order-2", "v1")).await,
        shop.enrollment
    );

    shop.click("v2", TAG, 30).await;
    let closed = shop.try_report(by_click("order-3", "v2")).await;
    let Err(Error::NobodyCredited { findings }) = closed else {
        panic!("{closed:?}");
    };
    assert!(
        matches!(findings[0].verdict, Verdict::WindowClosed { .. }),
        "{findings:?}"
    );
}

/// A customer who is known by its id stays the same customer, whichever visit it comes by.
pub async fn a_customer_is_known_by_its_id_before_its_visit(store: Shared) {
    let terms = remembering(Binding::ForLife);
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.report(bought("order-1", "c1", TAG, 1_000)).await;
    shop.click("v1", TAG, 1).await;
    let mut by_visit = bought("order-2", "c1", TAG, 1_000);
    by_visit.customer.visitor_id = Some(text("v1"));
    shop.report(by_visit).await;
    let referrals = store.referrals(shop.org, ReferralId::new(0), 10).await;
    let payments = referrals.unwrap().into_iter().map(|one| one.payments);
    assert_eq!(payments.collect::<Vec<_>>(), [2, 0]);
}

/// Where the claims of a report must agree, whom the customer belongs to is not one of them.
pub async fn whoever_has_a_customer_does_not_disagree_with_a_report(store: Shared) {
    let terms = remembering(Binding::ForLife);
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let tom = shop.join("tom").await;
    shop.report(bought("order-1", "c1", TAG, 1_000)).await;
    let agreed = Facts {
        agreement: true,
        ..bought("order-2", "c1", "tom", 1_000)
    };
    assert_eq!(shop.credited(agreed).await, tom.id);
    let plain = bought("order-3", "c1", "tom", 1_000);
    assert_eq!(shop.credited(plain).await, shop.enrollment);
}

/// The visit that a sale came by is no claim unless the report makes it one: a click binds nobody.
pub async fn a_visit_is_no_claim_before_the_visitor_belongs_to_somebody(store: Shared) {
    let terms = remembering(Binding::ForLife);
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let tom = shop.join("tom").await;
    shop.click("v1", TAG, 1).await;
    let mut by_visit = bought("order-1", "c1", "tom", 1_000);
    by_visit.customer.visitor_id = Some(text("v1"));
    assert_eq!(shop.credited(by_visit).await, tom.id);
    let by_click = Facts {
        claims: vec![Claim::Click(identifier("v1")), Claim::Tag(tag("tom"))],
        ..sale("order-2", 1_000)
    };
    assert_eq!(shop.credited(by_click).await, tom.id);
}

/// A click, a sign-up and a sign-up again are one referral, which learns who the person is.
pub async fn whoever_signs_up_is_one_referral(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", remembering(Binding::ForLife)).await;
    let clicked = shop.click("v1", TAG, 1).await;
    let sign_up = |by, customer: &str| {
        Command::SignUp(SignUp {
            by,
            person: Identity {
                customer: Some(identifier(customer)),
                ..Identity::default()
            },
            at: None,
        })
    };
    let visitor = SignUpBy::Visitor(identifier("v1"));
    let first = shop.referral(sign_up(visitor, "c1")).await;
    let second = shop
        .referral(sign_up(SignUpBy::Sender(Sender::Tag(tag(TAG))), "c1"))
        .await;
    assert_eq!((first.id, second.id), (clicked.id, clicked.id));
    assert_eq!(second.bound_at, Some(NOW));
    let renewal = Facts {
        claims: vec![Claim::Customer(identifier("c1"))],
        ..sale("order-1", 1_000)
    };
    assert_eq!(shop.credited(renewal).await, shop.enrollment);
    let kept = store.referral(shop.org, clicked.id).await.unwrap().unwrap();
    assert_eq!((kept.payments, kept.earned), (1, Some(usd(100))));
}

/// Of many that redeem a code at once, as many succeed as its limit says.
pub async fn a_promo_code_is_redeemed_as_often_as_it_may(store: Shared) {
    let shop = Shop::open(&store).await;
    let limits = PromoLimits {
        max_redemptions: Some(3),
        ..PromoLimits::default()
    };
    let made = shop.promo_code("Spring", limits).await;
    let mut tasks = JoinSet::new();
    for number in 0..12 {
        let other = engine(&store);
        let engine = if number % 2 == 0 {
            shop.engine.clone()
        } else {
            other
        };
        let org = shop.org;
        let facts = Facts {
            claims: vec![Claim::PromoCode(Code::parse("SPRING").unwrap())],
            ..sale(&format!("order-{number}"), 1_000)
        };
        tasks.spawn(async move { engine.submit(org, submission(report(facts))).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    for refused in answers.into_iter().filter_map(Result::err) {
        let Error::NobodyCredited { findings } = refused else {
            panic!("{refused:?}");
        };
        let used_up = Verdict::Unredeemable(Unredeemable::UsedUp);
        assert_eq!(findings[0].verdict, used_up);
    }
    let kept = store.promo_code(shop.org, made.id).await.unwrap().unwrap();
    assert_eq!(kept.redeemed, 3);
}

impl Shop {
    /// A shop whose first affiliate has the code `first`, for first orders only.
    async fn with_first_order_code(store: &Shared) -> Self {
        let shop = Self::open(store).await;
        let limits = PromoLimits {
            first_order_only: true,
            ..PromoLimits::default()
        };
        shop.promo_code("first", limits).await;
        shop
    }
}

fn with_first_order_code(mut facts: Facts) -> Facts {
    let code = Claim::PromoCode(Code::parse("first").unwrap());
    facts.claims.push(code);
    facts
}

/// A code for first orders is refused to whoever has bought before, and the sale falls to the tag.
pub async fn a_first_order_code_is_for_the_first_order(store: Shared) {
    let shop = Shop::with_first_order_code(&store).await;
    let tom = shop.join("tom").await;
    let with_code = |reference: &str| with_first_order_code(bought(reference, "c1", "tom", 1_000));
    assert_eq!(shop.credited(with_code("order-1")).await, shop.enrollment);
    assert_eq!(shop.credited(with_code("order-2")).await, tom.id);
}

/// A first order without the code is one too, in a program that does not remember customers either;
/// of a customer of whom nothing is said, none is known to be the first.
pub async fn a_first_order_code_is_refused_after_an_order_without_it(store: Shared) {
    let shop = Shop::with_first_order_code(&store).await;
    let tom = shop.join("tom").await;
    let by_tom = |reference: &str| bought(reference, "c1", "tom", 1_000);
    assert_eq!(shop.credited(by_tom("order-1")).await, tom.id);
    let second = with_first_order_code(by_tom("order-2"));
    assert_eq!(shop.credited(second).await, tom.id);

    let anonymous = Facts {
        claims: vec![Claim::Tag(tag("tom"))],
        ..sale("order-3", 1_000)
    };
    let anonymous = with_first_order_code(anonymous);
    assert_eq!(shop.credited(anonymous).await, tom.id);
    let other = with_first_order_code(bought("order-4", "c2", "tom", 1_000));
    assert_eq!(shop.credited(other).await, shop.enrollment);
}

impl Shop {
    /// A shop that refuses self-referral, and whose affiliate is the customer `c7`.
    async fn refusing_self_referral(store: &Shared) -> Self {
        let mut terms = share("10");
        terms.crediting.refuses_self_referral = true;
        let shop = Self::open_with(store, "The shop", terms).await;
        shop.run(Command::ChangeAffiliate {
            affiliate: shop.affiliate,
            name: None,
            email: Some(Some(text("Sarah@Example.com"))),
            customer: Some(Some(identifier("c7"))),
        })
        .await;
        shop
    }

    async fn refuses_self_referral(&self, facts: Facts) {
        let refused = self.try_report(facts).await;
        let Err(Error::NobodyCredited { findings }) = refused else {
            panic!("{refused:?}");
        };
        assert!(matches!(findings[0].verdict, Verdict::SelfReferral(_)));
    }
}

/// Where the program refuses it, an affiliate's own purchase is not credited to it.
pub async fn nobody_earns_by_buying_for_themselves(store: Shared) {
    let shop = Shop::refusing_self_referral(&store).await;
    let mut by_email = sale("order-1", 1_000);
    by_email.customer.email = Some(text("sarah@example.com"));
    let by_id = bought("order-2", "c7", TAG, 1_000);
    for facts in [by_email, by_id] {
        shop.refuses_self_referral(facts).await;
    }
    shop.report(bought("order-3", "c8", TAG, 1_000)).await;
}

/// What a visitor signed up with tells who it is, also where the sale says nothing but the visit.
pub async fn nobody_earns_by_a_visit_of_their_own(store: Shared) {
    let shop = Shop::refusing_self_referral(&store).await;
    let by_email = Identity {
        email: Some(Email::parse("sarah@example.com").unwrap()),
        ..Identity::default()
    };
    let customer = |id: &str| Identity {
        customer: Some(identifier(id)),
        ..Identity::default()
    };
    let visits = [
        ("v1", by_email),
        ("v2", customer("c7")),
        ("v3", customer("c8")),
    ];
    for (visitor, person) in visits {
        shop.click(visitor, TAG, 1).await;
        let by = SignUpBy::Visitor(identifier(visitor));
        let at = None;
        shop.run(Command::SignUp(SignUp { by, person, at })).await;
    }
    let by_visit = |visitor: &str| Facts {
        claims: vec![Claim::Click(identifier(visitor))],
        ..sale(visitor, 1_000)
    };
    shop.refuses_self_referral(by_visit("v1")).await;
    shop.refuses_self_referral(by_visit("v2")).await;
    shop.report(by_visit("v3")).await;
}
