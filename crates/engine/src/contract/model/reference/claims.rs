//! Whom claims lead to, and what speaks for and against each.

use accrual_attribution::{Binding, Claim, Credit, Crediting, Email, Touch};
use accrual_money::Money;
use time::{Duration, OffsetDateTime};

use super::{
    Coupon, Reference,
    people::{both, buyer, credit, ways},
    terms,
};
use crate::{Enrollment, EnrollmentState, Facts, Identity, Person};

/// An enrollment that a claim leads to.
#[derive(Clone, Debug)]
pub(super) struct Lead<'a> {
    /// The place of the claim.
    pub(super) place: usize,
    pub(super) credit: Credit,
    pub(super) rules: &'a Crediting,
    pub(super) proof: Proof,
    /// Whether it can be credited.
    pub(super) is_good: bool,
}

/// What speaks for an enrollment, as far as it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Proof {
    Named,
    Bound(OffsetDateTime),
    Touched(Touch),
}

impl Reference {
    /// The claims of a report, and behind them that the customer belongs to somebody, where that is
    /// remembered and the report does not ask that its own claims agree.
    pub(super) fn claims(&self, facts: &Facts) -> Vec<Claim> {
        let mut claims = facts.claims.clone();
        if self.remember() && !facts.agreement {
            for way in ways(&buyer(facts)) {
                let claim = way.claim();
                let mut known = self.known_as(&way).into_iter();
                let is_bound = known.any(|place| self.people[place].bound_at.is_some());
                if is_bound && !claims.contains(&claim) {
                    claims.push(claim);
                }
            }
        }
        claims
    }

    /// Whether customers are remembered: for a program, now or ever, or for a code for first orders.
    pub(super) fn remember(&self) -> bool {
        let mut versions = self.programs.iter().flat_map(|program| &program.versions);
        self.asks_for_first_orders || versions.any(terms::remembers)
    }

    /// Everyone whom the claims lead to.
    pub(super) fn leads(
        &self,
        claims: &[Claim],
        facts: &Facts,
        at: OffsetDateTime,
    ) -> Vec<Lead<'_>> {
        let mut leads = Vec::new();
        for (place, claim) in claims.iter().enumerate() {
            if claims[..place].contains(claim) {
                continue;
            }
            for (enrollment, evidence, known) in self.led_to(claim) {
                let rules = &self.terms(enrollment.program).crediting;
                let (proof, counts) = proof(evidence, rules, at);
                leads.push(Lead {
                    place,
                    credit: credit(enrollment),
                    rules,
                    proof,
                    is_good: counts
                        && enrollment.state == EnrollmentState::Active
                        && !self.is_refused(claim, facts, at)
                        && !(rules.refuses_self_referral && self.is_self(enrollment, facts, known)),
                });
            }
        }
        leads
    }

    /// Each enrollment, what speaks for it, and who the customer is by that.
    fn led_to(&self, claim: &Claim) -> Vec<(&Enrollment, Evidence, Option<&Identity>)> {
        let all = self.enrollments.iter();
        let named = |found: Option<&'_ Enrollment>| {
            let found = found.map(|one| self.enrollment(one.id).expect("found"));
            found
                .map(|one| (one, Evidence::Named, None))
                .into_iter()
                .collect()
        };
        match claim {
            Claim::Tag(tag) => named(all.clone().find(|one| one.tag == *tag)),
            Claim::Link(slug) => named(self.by_link(slug)),
            Claim::Membership { affiliate, program } => named(
                all.clone()
                    .find(|one| (one.affiliate, one.program) == (*affiliate, *program)),
            ),
            Claim::Affiliate(affiliate) => all
                .filter(|one| one.affiliate == *affiliate)
                .map(|one| (one, Evidence::Named, None))
                .collect(),
            Claim::PromoCode(code) => {
                let found = self.codes.iter().find(|one| one.code == *code);
                named(found.map(|one| self.enrollment(one.enrollment).expect("its owner")))
            }
            Claim::Referral(id) => {
                let place = super::set_up::place(id.number(), self.people.len());
                let sent = place.map(|place| &self.people[place]);
                let lead = sent.map(|sent| {
                    let by = self.enrollment(sent.by.enrollment).expect("who has sent");
                    (by, Evidence::Named, Some(&sent.person))
                });
                lead.into_iter().collect()
            }
            Claim::Click(id) => self.sent(&Person::Click(id.clone())),
            Claim::ExternalUser(id) => self.sent(&Person::ExternalUser(id.clone())),
            Claim::Customer(id) => self.sent(&Person::Customer(id.clone())),
            Claim::Email(email) => self.sent(&Person::Email(email.clone())),
        }
    }

    fn sent(&self, way: &Person) -> Vec<(&Enrollment, Evidence, Option<&Identity>)> {
        let places = self.known_as(way).into_iter();
        let evidence = |place: usize| {
            let sent = &self.people[place];
            let by = self.enrollment(sent.by.enrollment).expect("who has sent");
            let evidence = match (sent.bound_at, sent.touch) {
                (None, None) => Evidence::Named,
                (since, touch) => Evidence::Known { since, touch },
            };
            (by, evidence, Some(&sent.person))
        };
        places.map(evidence).collect()
    }

    fn is_self(&self, enrollment: &Enrollment, facts: &Facts, known: Option<&Identity>) -> bool {
        let affiliate = &self
            .affiliates
            .iter()
            .find(|one| one.id == enrollment.affiliate);
        let affiliate = affiliate.expect("the affiliate of an enrollment");
        let buyer = known.map_or(buyer(facts), |known| both(&buyer(facts), known));
        let email = affiliate
            .email
            .as_ref()
            .and_then(|one| Email::parse(one.as_str()).ok());
        (buyer.customer.is_some() && buyer.customer == affiliate.customer)
            || (buyer.email.is_some() && buyer.email == email)
    }

    /// Whether the claim is a promo code that this sale cannot redeem.
    pub(super) fn is_refused(&self, claim: &Claim, facts: &Facts, at: OffsetDateTime) -> bool {
        let Claim::PromoCode(code) = claim else {
            return false;
        };
        let Some(place) = self.codes.iter().position(|one| one.code == *code) else {
            return false;
        };
        let Coupon {
            is_active, limits, ..
        } = &self.codes[place];
        let buyer = buyer(facts);
        let amount = facts.total.or(facts.subtotal).expect("checked before");
        let is_enough =
            |least: Money| amount.currency() == least.currency() && amount.minor() >= least.minor();
        let products = &limits.products;
        let customers = &limits.customers;
        let is_redeemable = *is_active
            && limits.expires_at.is_none_or(|end| at < end)
            && limits
                .max_redemptions
                .is_none_or(|most| self.redeemed(place) < most)
            && !(limits.first_order_only && (ways(&buyer).is_empty() || self.has_bought(&buyer)))
            && limits.minimum.is_none_or(is_enough)
            && (products.is_empty()
                || facts
                    .lines
                    .iter()
                    .any(|line| products.contains(&line.product)))
            && (customers.is_empty() || buyer.customer.is_some_and(|one| customers.contains(&one)));
        !is_redeemable
    }

    fn has_bought(&self, buyer: &Identity) -> bool {
        let known = ways(buyer).into_iter().flat_map(|way| self.known_as(&way));
        known.into_iter().any(|place| self.payments(place) > 0)
    }
}

/// What is known of a customer and an enrollment.
#[derive(Clone, Copy)]
enum Evidence {
    Named,
    Known {
        since: Option<OffsetDateTime>,
        touch: Option<Touch>,
    },
}

/// What of it counts for a sale at `at`, and whether it is enough.
fn proof(evidence: Evidence, rules: &Crediting, at: OffsetDateTime) -> (Proof, bool) {
    let Evidence::Known { since, touch } = evidence else {
        return (Proof::Named, true);
    };
    let is_bound = since.is_some_and(|since| match rules.binding {
        Binding::None => false,
        Binding::ForLife => since <= at,
        Binding::For { days } => since <= at && at < since + Duration::days(days.get().into()),
    });
    if let (Some(since), true) = (since, is_bound) {
        return (Proof::Bound(since), true);
    }
    let open = touch.and_then(|touch| open(touch, rules, at));
    match (open, since, touch) {
        (Some(open), _, _) => (Proof::Touched(open), true),
        (None, Some(since), _) => (Proof::Bound(since), false),
        (None, None, Some(touch)) => (Proof::Touched(seen(touch, at).unwrap_or(touch)), false),
        (None, None, None) => panic!("known by nothing"),
    }
}

/// A touch as far as it was not after the sale.
fn seen(touch: Touch, at: OffsetDateTime) -> Option<Touch> {
    if touch.last_at <= at {
        return Some(touch);
    }
    let once = Touch {
        last_at: touch.first_at,
        ..touch
    };
    (touch.first_at <= at).then_some(once)
}

fn open(touch: Touch, rules: &Crediting, at: OffsetDateTime) -> Option<Touch> {
    let seen = seen(touch, at)?;
    let Some(window) = rules.window else {
        return Some(seen);
    };
    let length = i64::try_from(window.seconds()).expect("a moderate window");
    (at < seen.last_at + Duration::seconds(length)).then_some(seen)
}
