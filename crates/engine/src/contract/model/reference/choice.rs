//! Who of those that claims lead to is credited, and how much of it.

use std::cmp::{Ordering, Reverse};

use accrual_attribution::{Claim, Credit, Sharing, TouchRule};
use time::OffsetDateTime;

use super::{
    Reference,
    claims::{Lead, Proof},
};
use crate::Facts;

impl Reference {
    /// Who is credited with this sale, each with a weight; nobody if it is empty.
    pub(super) fn credited(&self, facts: &Facts, at: OffsetDateTime) -> Vec<(Credit, u64)> {
        let claims = self.claims(facts);
        let leads = self.leads(&claims, facts, at);
        if facts.agreement && disagree(&claims, &leads) {
            return Vec::new();
        }
        let good: Vec<&Lead<'_>> = leads.iter().filter(|lead| lead.is_good).collect();
        if facts.weights.is_empty() {
            shared(&claims, &good, facts.agreement)
        } else {
            weighted(&claims, &good, facts)
        }
    }
}

/// Whether two claims lead to two enrollments.
fn disagree(claims: &[Claim], leads: &[Lead<'_>]) -> bool {
    let best = |place: usize| {
        let of_claim = leads.iter().filter(|lead| lead.place == place);
        let good = best(claims, of_claim.clone().filter(|lead| lead.is_good));
        good.or_else(|| best(claims, of_claim))
            .map(|lead| lead.credit.enrollment)
    };
    let mut found: Vec<_> = (0..claims.len()).filter_map(best).collect();
    found.dedup();
    found.len() > 1
}

/// The caller says who gets how much: of each claim the best, all within one program.
fn weighted(claims: &[Claim], good: &[&Lead<'_>], facts: &Facts) -> Vec<(Credit, u64)> {
    let mut credits: Vec<(Credit, u64)> = Vec::new();
    for (claim, weight) in facts.claims.iter().zip(&facts.weights) {
        let program = credits.first().map(|(credit, _)| credit.program);
        let of_claim = good.iter().copied().filter(|lead| {
            claims[lead.place] == *claim
                && program.is_none_or(|program| program == lead.credit.program)
        });
        let (Some(lead), 1..) = (best(claims, of_claim), *weight) else {
            continue;
        };
        let mut known = credits.iter_mut();
        match known.find(|(credit, _)| *credit == lead.credit) {
            Some((_, sum)) => *sum += u64::from(*weight),
            None => credits.push((lead.credit, u64::from(*weight))),
        }
    }
    credits
}

/// The best is credited, alone or with those who touched the customer too; with whom all agree on,
/// nobody shares.
fn shared(claims: &[Claim], good: &[&Lead<'_>], is_agreed: bool) -> Vec<(Credit, u64)> {
    let Some(winner) = best(claims, good.iter().copied()) else {
        return Vec::new();
    };
    let touched = matches!(winner.proof, Proof::Touched(_)) && !is_agreed;
    let (for_first, for_last) = match winner.rules.sharing {
        Sharing::Equal if touched => (0, 0),
        Sharing::FirstBonus(bonus) if touched => (u64::from(bonus.billionths()), 0),
        Sharing::LastBonus(bonus) if touched => (0, u64::from(bonus.billionths())),
        Sharing::One | Sharing::Equal | Sharing::FirstBonus(_) | Sharing::LastBonus(_) => {
            return vec![(winner.credit, 1)];
        }
    };
    let mut touches: Vec<(OffsetDateTime, Credit)> = Vec::new();
    for lead in good {
        if let Proof::Touched(touch) = lead.proof
            && lead.credit.program == winner.credit.program
        {
            touches.push((touch.first_at, lead.credit));
        }
    }
    touches.sort();
    let mut order: Vec<Credit> = Vec::new();
    for (_, credit) in touches {
        if !order.contains(&credit) {
            order.push(credit);
        }
    }
    let count = order.len() as u64;
    let mut shares: Vec<(Credit, u64)> = order
        .into_iter()
        .map(|credit| (credit, 1_000_000_000 - for_first - for_last))
        .collect();
    shares.first_mut().expect("the winner").1 += for_first * count;
    shares.last_mut().expect("the winner").1 += for_last * count;
    shares
}

fn best<'l, 'a>(claims: &[Claim], leads: impl Iterator<Item = &'l Lead<'a>>) -> Option<&'l Lead<'a>>
where
    'a: 'l,
{
    leads.min_by(|one, other| compare(claims, one, other))
}

/// Which of two goes first: by the claim, then by what speaks for it, then who is older.
fn compare(claims: &[Claim], one: &Lead<'_>, other: &Lead<'_>) -> Ordering {
    let by_claim = |lead: &Lead<'_>| {
        let order = lead.rules.precedence.order();
        let kind = claims[lead.place].kind();
        let named = order.iter().position(|named| *named == kind);
        (named.unwrap_or(order.len()), lead.place)
    };
    let older = || one.credit.enrollment.cmp(&other.credit.enrollment);
    let by_proof = || compare_proofs(one, other);
    by_claim(one)
        .cmp(&by_claim(other))
        .then_with(by_proof)
        .then_with(older)
}

fn compare_proofs(one: &Lead<'_>, other: &Lead<'_>) -> Ordering {
    let strength = |lead: &Lead<'_>| match lead.proof {
        Proof::Named => 0,
        Proof::Bound(_) => 1,
        Proof::Touched(_) => 2,
    };
    match (one.proof, other.proof) {
        (Proof::Bound(since), Proof::Bound(other)) => since.cmp(&other),
        (Proof::Touched(touch), Proof::Touched(second)) => {
            let by_kind = Reverse(touch.kind).cmp(&Reverse(second.kind));
            let by_time = match (one.rules.touch, other.rules.touch) {
                (TouchRule::Last, TouchRule::Last) => second.last_at.cmp(&touch.last_at),
                (TouchRule::First, TouchRule::First) => touch.first_at.cmp(&second.first_at),
                (TouchRule::Last, TouchRule::First) => Ordering::Less,
                (TouchRule::First, TouchRule::Last) => Ordering::Greater,
            };
            by_kind.then(by_time)
        }
        (Proof::Named | Proof::Bound(_) | Proof::Touched(_), _) => {
            strength(one).cmp(&strength(other))
        }
    }
}
