//! One candidate: whether it can be credited, and what it goes before.

use std::cmp::{Ordering, Reverse};

use time::OffsetDateTime;

use super::Report;
use crate::{
    Advantage, Binding, Candidate, Crediting, EnrollmentId, Evidence, Finding, Standing, Touch,
    TouchRule, Verdict, Window,
};

/// A candidate that was looked at.
pub(super) struct Tried<'a> {
    pub(super) candidate: &'a Candidate<'a>,
    /// The rank of its claim's kind in its own program; 0 is the strongest.
    rank: usize,
    /// Where its claim stands in the report; after all others if it is not there.
    place: usize,
    /// What speaks for it, as far as it counts.
    pub(super) evidence: Evidence,
    /// What became of it; none as long as it can be credited and nothing is settled.
    verdict: Option<Verdict>,
    pub(super) is_eligible: bool,
}

impl<'a> Tried<'a> {
    pub(super) fn new(report: &Report<'_>, candidate: &'a Candidate<'a>) -> Self {
        let mut claims = report.claims.iter();
        let place = claims.position(|claim| *claim == candidate.claim);
        let (evidence, unproven) = weigh(candidate, report.occurred_at);
        let verdict = match place {
            Some(_) => refusal(candidate).or(unproven),
            None => Some(Verdict::NotClaimed),
        };
        Self {
            candidate,
            rank: candidate.rules.precedence.rank(candidate.claim.kind()),
            place: place.unwrap_or(usize::MAX),
            evidence,
            is_eligible: verdict.is_none(),
            verdict,
        }
    }

    pub(super) fn enrollment(&self) -> EnrollmentId {
        self.candidate.credit.enrollment
    }

    /// Says what became of one that could have been credited.
    pub(super) fn settle(&mut self, verdict: Verdict) {
        self.verdict.get_or_insert(verdict);
    }

    pub(super) fn finding(&mut self) -> Finding {
        Finding {
            claim: self.candidate.claim.clone(),
            credit: Some(self.candidate.credit),
            evidence: Some(self.evidence),
            // Every one that is eligible was settled.
            verdict: self.verdict.take().unwrap_or(Verdict::Agrees),
        }
    }

    /// The strongest first; of one claim those that can be credited first.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let before_evidence = |tried: &Self| (tried.rank, tried.place, !tried.is_eligible);
        // Two that are equal up to here differ in what makes no difference to who is credited.
        let rest = |tried: &Self| {
            let candidate = tried.candidate;
            (candidate.evidence, candidate.standing)
        };
        let (candidate, others) = (self.candidate, other.candidate);
        before_evidence(self)
            .cmp(&before_evidence(other))
            .then_with(|| self.compare_evidence(other).0)
            .then_with(|| candidate.credit.cmp(&others.credit))
            .then_with(|| candidate.claim.cmp(&others.claim))
            .then_with(|| rest(self).cmp(&rest(other)))
    }

    /// Why it goes before `other`, which the same claim leads to.
    pub(super) fn advantage_over(&self, other: &Self) -> Advantage {
        if self.rank == other.rank {
            self.compare_evidence(other).1
        } else {
            Advantage::Precedence
        }
    }

    /// Whose evidence goes first; and if it is the own one, why.
    fn compare_evidence(&self, other: &Self) -> (Ordering, Advantage) {
        use Evidence as E;
        match (self.evidence, other.evidence) {
            (E::Named, E::Named) => (Ordering::Equal, Advantage::SmallerNumber),
            (E::Named, E::Bound { .. } | E::Touched(_)) => (Ordering::Less, Advantage::Named),
            (E::Bound { since, .. }, E::Bound { since: other, .. }) => {
                by(since.cmp(&other), Advantage::BoundSince(since))
            }
            (E::Bound { since, .. }, E::Touched(_)) => {
                (Ordering::Less, Advantage::BoundSince(since))
            }
            (E::Bound { .. }, E::Named) | (E::Touched(_), E::Named | E::Bound { .. }) => {
                (Ordering::Greater, Advantage::SmallerNumber)
            }
            (E::Touched(touch), E::Touched(others)) => {
                let rules = (self.candidate.rules.touch, other.candidate.rules.touch);
                compare_touches(touch, others, rules)
            }
        }
    }
}

/// Of one kind those of programs that credit the last touch go first, then by the rule.
fn compare_touches(
    touch: Touch,
    other: Touch,
    rules: (TouchRule, TouchRule),
) -> (Ordering, Advantage) {
    let kinds = Reverse(touch.kind).cmp(&Reverse(other.kind));
    if kinds.is_ne() {
        return (kinds, Advantage::StrongerTouch(touch.kind));
    }
    match rules {
        (TouchRule::Last, TouchRule::First) => (Ordering::Less, Advantage::LastTouchRule),
        (TouchRule::First, TouchRule::Last) => (Ordering::Greater, Advantage::LastTouchRule),
        (TouchRule::Last, TouchRule::Last) => by(
            other.last_at.cmp(&touch.last_at),
            Advantage::LaterTouch(touch.last_at),
        ),
        (TouchRule::First, TouchRule::First) => by(
            touch.first_at.cmp(&other.first_at),
            Advantage::EarlierTouch(touch.first_at),
        ),
    }
}

fn by(order: Ordering, advantage: Advantage) -> (Ordering, Advantage) {
    if order.is_eq() {
        (order, Advantage::SmallerNumber)
    } else {
        (order, advantage)
    }
}

fn refusal(candidate: &Candidate<'_>) -> Option<Verdict> {
    match candidate.standing {
        Standing::Active => None,
        Standing::Unapproved => Some(Verdict::Unapproved),
        Standing::Ended => Some(Verdict::Ended),
        Standing::SelfReferral(by) => candidate
            .rules
            .refuses_self_referral
            .then_some(Verdict::SelfReferral(by)),
        Standing::Unredeemable(why) => Some(Verdict::Unredeemable(why)),
    }
}

/// What speaks for a candidate as far as it counts, and what is wrong with it, if anything.
fn weigh(candidate: &Candidate<'_>, occurred_at: OffsetDateTime) -> (Evidence, Option<Verdict>) {
    let rules = candidate.rules;
    match candidate.evidence {
        Evidence::Named => (Evidence::Named, None),
        Evidence::Touched(touch) => {
            let (touch, refusal) = weigh_touch(touch, rules, occurred_at);
            (Evidence::Touched(touch), refusal)
        }
        Evidence::Bound { since, touch } => match weigh_binding(since, rules, occurred_at) {
            None => (candidate.evidence, None),
            Some(unbound) => match touch.map(|touch| weigh_touch(touch, rules, occurred_at)) {
                Some((touch, None)) => (Evidence::Touched(touch), None),
                Some((touch, refusal)) => {
                    let touch = Some(touch);
                    (Evidence::Bound { since, touch }, refusal)
                }
                None => (candidate.evidence, Some(unbound)),
            },
        },
    }
}

fn weigh_binding(
    since: OffsetDateTime,
    rules: &Crediting,
    occurred_at: OffsetDateTime,
) -> Option<Verdict> {
    let window = match rules.binding {
        Binding::None => return Some(Verdict::Unbound),
        Binding::ForLife => None,
        Binding::For { days } => Some(Window::of_days(days)),
    };
    if since > occurred_at {
        return Some(Verdict::NotYet);
    }
    window
        .filter(|window| !window.is_open(since, occurred_at))
        .map(|window| Verdict::BindingOver { window })
}

fn weigh_touch(
    touch: Touch,
    rules: &Crediting,
    occurred_at: OffsetDateTime,
) -> (Touch, Option<Verdict>) {
    let Some(known) = touch.until(occurred_at) else {
        return (touch, Some(Verdict::NotYet));
    };
    let closed = rules
        .window
        .filter(|window| !window.is_open(known.last_at, occurred_at));
    let refusal = closed.map(|window| Verdict::WindowClosed { window });
    (known, refusal)
}
