//! What a reported sale needs: whom its claims may lead to, and what their terms look at.

use accrual_attribution::{Claim, EnrollmentId};
use accrual_commission::{Terms, TierMode, Tiers};
use time::Date;

use super::Needs;
use crate::{Book, Enrollment, Facts, Person, Program, ShopPlatform, Span};

impl Needs {
    pub(super) fn report(&mut self, book: &Book, facts: &Facts) {
        let reference = (facts.source.clone(), facts.reference.clone());
        match book.references.get(&reference) {
            None => {
                self.references.insert(reference);
            }
            // A replay needs nothing else.
            Some(Some(_)) => return,
            Some(None) => {}
        }
        if let (Some(platform), Some(key)) =
            (ShopPlatform::of(facts.platform.as_ref()), &facts.shop)
        {
            self.shop_key(book, (platform, key.clone()));
        }
        for claim in &facts.claims {
            self.claim(book, facts, claim);
        }
        let is_remembered = book.head.remembers_customers;
        for person in facts.looked_for(is_remembered) {
            if is_remembered {
                self.referred(book, facts, person);
            } else {
                self.person(book, person);
            }
        }
    }

    fn claim(&mut self, book: &Book, facts: &Facts, claim: &Claim) {
        let found = match claim {
            Claim::Tag(tag) => {
                self.tag(book, tag);
                book.by_tag(tag)
            }
            Claim::Link(slug) => {
                self.by_slug(book, slug);
                book.by_slug(slug)
            }
            Claim::Membership { affiliate, program } => {
                self.membership(book, (*affiliate, *program));
                book.by_membership(*affiliate, *program)
            }
            Claim::Affiliate(affiliate) => {
                self.enrolled(book, *affiliate);
                for id in book.enrolled(*affiliate) {
                    self.credited(book, facts, *id);
                }
                return;
            }
            Claim::PromoCode(code) => {
                self.code(book, code);
                if let Some(promo_code) = book.by_code(code) {
                    self.credited(book, facts, promo_code.enrollment);
                }
                return;
            }
            Claim::Referral(id) => {
                self.referral(book, *id);
                if let Some(referral) = book.referral(*id) {
                    self.credited(book, facts, referral.credit.enrollment);
                }
                return;
            }
            Claim::Click(_) | Claim::ExternalUser(_) | Claim::Customer(_) | Claim::Email(_) => {
                if let Some(person) = Person::of(claim) {
                    self.referred(book, facts, person);
                }
                return;
            }
        };
        // One that is not known yet is found in the next round.
        if let Some(enrollment) = found {
            self.credited(book, facts, enrollment.id);
        }
    }

    fn referred(&mut self, book: &Book, facts: &Facts, person: Person) {
        for referral in book.known_as(&person) {
            self.credited(book, facts, referral.credit.enrollment);
        }
        self.person(book, person);
    }

    /// What is needed if this enrollment is credited.
    fn credited(&mut self, book: &Book, facts: &Facts, id: EnrollmentId) {
        self.with_program(book, id);
        let Some((enrollment, program)) = book.with_program(id) else {
            return;
        };
        if program.crediting.refuses_self_referral {
            self.affiliate(book, enrollment.affiliate);
        }
        self.upline(book, enrollment, &program.terms);
        let day = book.head.zone.day(facts.occurred_at.unwrap_or(book.at));
        self.history(book, enrollment, program, day);
    }

    /// Those who recruited the seller, as far up as the terms pay them.
    pub(super) fn upline(&mut self, book: &Book, seller: &Enrollment, terms: &Terms) {
        let mut recruiter = seller.recruiter;
        for _ in terms.rules().levels.iter() {
            let Some(id) = recruiter else { return };
            self.enrollment(book, id);
            recruiter = book.enrollment(id).and_then(|found| found.recruiter);
        }
    }

    fn history(&mut self, book: &Book, enrollment: &Enrollment, program: &Program, day: Date) {
        let currency = program.terms.currency();
        for period in program.terms.periods().iter().copied() {
            let span = Span::of(enrollment.id, currency, period, day);
            self.tally(book, span);
        }
        self.capped(book, &program.terms, enrollment.id, day);
        for tiers in retroactive(&program.terms) {
            let span = Span::of(enrollment.id, currency, tiers.period, day);
            self.liftable(book, span);
        }
    }

    /// The conversions of a span, with the customers whose counters change when they are lifted.
    pub(super) fn liftable(&mut self, book: &Book, span: Span) {
        self.span(book, span);
        let known: Vec<_> = book.spans.get(&span).into_iter().flatten().collect();
        for id in known {
            self.recorded(book, *id, |_, _| {});
        }
    }
}

/// The tiers that lift what was earned before.
pub(super) fn retroactive(terms: &Terms) -> impl Iterator<Item = &Tiers> {
    let tiers = terms.incentives().iter();
    tiers
        .filter_map(|incentive| incentive.tiers.as_ref())
        .filter(|tiers| tiers.mode == TierMode::Retroactive)
}
