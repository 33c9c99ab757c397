//! Who is credited: each claim with the enrollments that it leads to.

use accrual_attribution::{
    Attribution, Candidate, Claim, Evidence, Report, SameBy, Standing, Unredeemable, attribute,
};

use super::draft::Draft;
use crate::{Enrollment, Error, Facts, Identity, Person, Program, PromoCode, Referral};

/// Whom `facts` lead to, who of them is credited, and why.
///
/// Where a program remembers customers, that a customer belongs to somebody is a claim too, unless
/// the report asks that its own claims agree.
///
/// # Errors
/// [`Error::NobodyCredited`] with all that was found.
pub(super) fn credit(draft: &Draft<'_>, facts: &Facts) -> Result<Attribution, Error> {
    let mut claims = facts.claims.clone();
    let mut weights = facts.weights.clone();
    if draft.book.head.remembers_customers && !facts.agreement {
        for person in facts.identity().known_by() {
            let claim = person.claim();
            let mut known = draft.book.known_as(&person);
            if known.any(|one| one.bound_at.is_some()) && !claims.contains(&claim) {
                claims.push(claim);
                // The caller's weights are for the caller's claims.
                if !weights.is_empty() {
                    weights.push(0);
                }
            }
        }
    }
    let search = Search { draft, facts };
    let candidates: Vec<Candidate<'_>> = claims
        .iter()
        .flat_map(|claim| search.candidates(claim))
        .collect();
    let report = Report {
        claims: &claims,
        weights: &weights,
        occurred_at: facts.occurred_at.unwrap_or(draft.book.at),
        agreement: facts.agreement,
    };
    let attribution = attribute(&report, &candidates);
    if attribution.credits.is_empty() {
        return Err(Error::NobodyCredited {
            findings: attribution.findings,
        });
    }
    Ok(attribution)
}

struct Search<'d, 'a> {
    draft: &'d Draft<'a>,
    facts: &'d Facts,
}

impl<'d, 'a> Search<'d, 'a> {
    fn candidates(&self, claim: &Claim) -> Vec<Candidate<'d>> {
        let book = self.draft.book;
        let named = |found: Option<&std::sync::Arc<Enrollment>>| {
            let found = found.and_then(|found| self.named(claim, found));
            found.into_iter().collect()
        };
        match claim {
            Claim::Tag(tag) => named(book.by_tag(tag)),
            Claim::Link(slug) => named(book.by_slug(slug)),
            Claim::Membership { affiliate, program } => {
                named(book.by_membership(*affiliate, *program))
            }
            Claim::Affiliate(affiliate) => book
                .enrolled(*affiliate)
                .filter_map(|id| self.named(claim, book.enrollment(*id)?))
                .collect(),
            Claim::PromoCode(code) => {
                let found = book.by_code(code);
                let found = found.and_then(|promo_code| self.promo_code(claim, promo_code));
                found.into_iter().collect()
            }
            Claim::Referral(id) => {
                let found = book.referral(*id);
                let found = found.and_then(|referral| self.referred(claim, referral));
                found.into_iter().collect()
            }
            Claim::Click(_) | Claim::ExternalUser(_) | Claim::Customer(_) | Claim::Email(_) => {
                let person = Person::of(claim);
                let known = person.iter().flat_map(|person| book.known_as(person));
                known
                    .filter_map(|referral| self.referred(claim, referral))
                    .collect()
            }
        }
    }

    fn named(&self, claim: &Claim, enrollment: &Enrollment) -> Option<Candidate<'d>> {
        self.candidate(claim, enrollment, Evidence::Named, None, None)
    }

    fn referred(&self, claim: &Claim, referral: &Referral) -> Option<Candidate<'d>> {
        let enrollment = self.draft.book.enrollment(referral.credit.enrollment)?;
        let evidence = match (referral.bound_at, referral.touch) {
            // The caller knows the record itself, whenever it was touched.
            _ if matches!(claim, Claim::Referral(_)) => Evidence::Named,
            (Some(since), touch) => Evidence::Bound { since, touch },
            (None, Some(touch)) => Evidence::Touched(touch),
            (None, None) => Evidence::Named,
        };
        self.candidate(claim, enrollment, evidence, None, Some(&referral.person))
    }

    fn promo_code(&self, claim: &Claim, promo_code: &PromoCode) -> Option<Candidate<'d>> {
        let enrollment = self.draft.book.enrollment(promo_code.enrollment)?;
        let refused = refused(self.draft, self.facts, promo_code);
        self.candidate(claim, enrollment, Evidence::Named, refused, None)
    }

    fn candidate(
        &self,
        claim: &Claim,
        enrollment: &Enrollment,
        evidence: Evidence,
        refused: Option<Unredeemable>,
        known: Option<&Identity>,
    ) -> Option<Candidate<'d>> {
        let program = self.draft.book.program(enrollment.program)?;
        let standing = match (enrollment.standing(), refused) {
            (Standing::Active, Some(why)) => Standing::Unredeemable(why),
            (Standing::Active, None) => match self.is_self(enrollment, program, known) {
                Some(by) => Standing::SelfReferral(by),
                None => Standing::Active,
            },
            (other, _) => other,
        };
        Some(Candidate {
            claim: claim.clone(),
            credit: enrollment.credit(),
            evidence,
            standing,
            rules: &program.crediting,
        })
    }

    /// By what the affiliate is known to be the customer, where the program refuses that.
    fn is_self(
        &self,
        enrollment: &Enrollment,
        program: &Program,
        known: Option<&Identity>,
    ) -> Option<SameBy> {
        if !program.crediting.refuses_self_referral {
            return None;
        }
        let affiliate = self.draft.book.affiliate(enrollment.affiliate)?;
        let mut buyer = self.facts.identity();
        if let Some(known) = known {
            buyer.learn(known);
        }
        if buyer.customer.is_some() && buyer.customer == affiliate.customer {
            return Some(SameBy::Customer);
        }
        (buyer.email.is_some() && buyer.email == affiliate.address()).then_some(SameBy::Email)
    }
}

/// Why a promo code cannot be redeemed with this sale.
pub(super) fn refused(
    draft: &Draft<'_>,
    facts: &Facts,
    promo_code: &PromoCode,
) -> Option<Unredeemable> {
    let limits = &promo_code.limits;
    let occurred_at = facts.occurred_at.unwrap_or(draft.book.at);
    let buyer = facts.identity();
    let has_bought = || {
        let mut known = buyer
            .known_by()
            .flat_map(|person| draft.book.known_as(&person).collect::<Vec<_>>());
        known.any(|referral| referral.payments > 0)
    };
    let is_below = |minimum: accrual_money::Money| {
        // An amount in another currency is not known to reach it.
        let amount = facts.amount();
        amount.is_none_or(|amount| amount.compare(minimum).is_ok_and(|order| order.is_lt()))
            || amount.is_some_and(|amount| amount.currency() != minimum.currency())
    };
    let is_for = |product| limits.products.contains(product);
    let checks = [
        (!promo_code.is_active, Unredeemable::NotActive),
        (
            limits.expires_at.is_some_and(|end| occurred_at >= end),
            Unredeemable::Expired,
        ),
        (
            limits
                .max_redemptions
                .is_some_and(|most| promo_code.redeemed >= most),
            Unredeemable::UsedUp,
        ),
        (
            limits.first_order_only && (buyer.known_by().next().is_none() || has_bought()),
            Unredeemable::NotFirstOrder,
        ),
        (
            limits.minimum.is_some_and(is_below),
            Unredeemable::BelowMinimum,
        ),
        (
            !limits.products.is_empty() && !facts.lines.iter().any(|line| is_for(&line.product)),
            Unredeemable::OtherProducts,
        ),
        (
            !limits.customers.is_empty()
                && !buyer
                    .customer
                    .is_some_and(|customer| limits.customers.contains(&customer)),
            Unredeemable::OtherCustomer,
        ),
    ];
    checks
        .into_iter()
        .find(|(is_so, _)| *is_so)
        .map(|(_, why)| why)
}
