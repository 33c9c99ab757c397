//! The customers that a sale counts for.

use accrual_attribution::{Binding, Claim, Credit, ReferralId};
use time::{Duration, OffsetDateTime};

use super::{
    Reference,
    people::{both, buyer, ways},
    set_up::place,
};
use crate::{Facts, Identity};

impl Reference {
    /// The customer's place among the people, for each who is credited; whoever is not known yet is
    /// added where that is remembered.
    pub(super) fn customers(
        &mut self,
        credits: &[(Credit, u64)],
        facts: &Facts,
        is_redeemed: bool,
        (occurred_at, now): (OffsetDateTime, OffsetDateTime),
    ) -> Vec<Option<usize>> {
        let buyer = buyer(facts);
        let known_by = self.known_by(&buyer, facts);
        let mut customers = Vec::new();
        for (credit, _) in credits {
            let binding = self.terms(credit.program).crediting.binding;
            let is_remembered = self.remember() || is_redeemed;
            let known = self
                .named(*credit, facts)
                .or_else(|| self.known_to(*credit, &known_by));
            let place = match known {
                Some(place) => place,
                None if is_remembered && !ways(&buyer).is_empty() => self.add(*credit, now),
                None => {
                    customers.push(None);
                    continue;
                }
            };
            let sent = &mut self.people[place];
            sent.person = both(&sent.person, &buyer);
            sent.bound_at = Some(match (sent.bound_at, binding) {
                (None, _) => occurred_at,
                (Some(since), Binding::For { days })
                    if since + Duration::days(days.get().into()) <= occurred_at =>
                {
                    occurred_at
                }
                (Some(since), Binding::None | Binding::ForLife | Binding::For { .. }) => {
                    since.min(occurred_at)
                }
            });
            customers.push(Some(place));
        }
        customers
    }

    /// By what the customer is known: where customers are not remembered and no promo code is
    /// entered, by what claims name only.
    fn known_by(&self, buyer: &Identity, facts: &Facts) -> Identity {
        let by_code = |claim: &Claim| matches!(claim, Claim::PromoCode(_));
        if self.remember() || facts.claims.iter().any(by_code) {
            return buyer.clone();
        }
        let is_claimed = |claim: Claim| facts.claims.contains(&claim);
        Identity {
            click: buyer
                .click
                .clone()
                .filter(|id| is_claimed(Claim::Click(id.clone()))),
            external_user: buyer.external_user.clone(),
            customer: buyer
                .customer
                .clone()
                .filter(|id| is_claimed(Claim::Customer(id.clone()))),
            email: buyer
                .email
                .clone()
                .filter(|one| is_claimed(Claim::Email(one.clone()))),
            name: None,
        }
    }

    /// The customer whom a claim names by its number.
    fn named(&self, credit: Credit, facts: &Facts) -> Option<usize> {
        let numbers = facts.claims.iter().filter_map(|claim| match claim {
            Claim::Referral(id) => Some(ReferralId::number(*id)),
            Claim::Click(_)
            | Claim::ExternalUser(_)
            | Claim::Customer(_)
            | Claim::Email(_)
            | Claim::Affiliate(_)
            | Claim::Membership { .. }
            | Claim::Link(_)
            | Claim::Tag(_)
            | Claim::PromoCode(_) => None,
        });
        let mut places = numbers.filter_map(|number| place(number, self.people.len()));
        places.find(|place| self.people[*place].by == credit)
    }
}
