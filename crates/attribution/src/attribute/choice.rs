//! Choosing among those that can be credited, and saying what became of each.

use super::tried::Tried;
use super::{Report, Weighted};
use crate::{Claim, EnrollmentId, Verdict};

mod shares;
mod weights;

/// Who is credited; everyone in `tried`, which is in order, is settled afterwards.
pub(super) fn choose(report: &Report<'_>, tried: &mut [Tried<'_>]) -> Vec<Weighted> {
    if report.agreement && disagree(report.claims, tried) {
        for one in tried.iter_mut().filter(|one| one.is_eligible) {
            one.settle(Verdict::Disagrees);
        }
        return Vec::new();
    }
    if report.weights.is_empty() {
        by_strength(report, tried)
    } else {
        weights::by_weight(report, tried)
    }
}

/// Whether two claims lead to two enrollments: each to its best candidate, be that eligible or not.
fn disagree(claims: &[Claim], tried: &[Tried<'_>]) -> bool {
    let mut leads = claims.iter().filter_map(|claim| {
        let mut of_claim = tried.iter().filter(|one| one.candidate.claim == *claim);
        let eligible = of_claim.clone().find(|one| one.is_eligible);
        eligible.or_else(|| of_claim.next()).map(Tried::enrollment)
    });
    match leads.next() {
        Some(first) => leads.any(|lead| lead != first),
        None => false,
    }
}

/// The strongest is credited, or all that share with it.
fn by_strength(report: &Report<'_>, tried: &mut [Tried<'_>]) -> Vec<Weighted> {
    let Some(first) = tried.iter().position(|one| one.is_eligible) else {
        return Vec::new();
    };
    let credits = shares::shared(report, &tried[first..]);
    let Some((winner, others)) = tried[first..].split_first_mut() else {
        return credits;
    };
    winner.settle(credited(&credits, winner.enrollment()));
    let mut said = Vec::new();
    for one in others.iter_mut().filter(|one| one.is_eligible) {
        let enrollment = one.enrollment();
        let is_said = enrollment == winner.enrollment() || said.contains(&enrollment);
        let verdict = if is_said {
            Verdict::Agrees
        } else if is_among(&credits, enrollment) {
            said.push(enrollment);
            credited(&credits, enrollment)
        } else {
            goes_after(winner, one)
        };
        one.settle(verdict);
    }
    credits
}

/// The verdict on one of `credits`.
fn credited(credits: &[Weighted], enrollment: EnrollmentId) -> Verdict {
    let mut own = credits
        .iter()
        .filter(|one| one.credit.enrollment == enrollment);
    match (credits, own.next()) {
        ([_, _, ..], Some(own)) => Verdict::SharesCredit {
            weight: own.weight,
            of: credits.iter().map(|one| one.weight).sum(),
        },
        _ => Verdict::Credited,
    }
}

fn is_among(credits: &[Weighted], enrollment: EnrollmentId) -> bool {
    let mut enrollments = credits.iter().map(|one| one.credit.enrollment);
    enrollments.any(|credited| credited == enrollment)
}

fn goes_after(winner: &Tried<'_>, one: &Tried<'_>) -> Verdict {
    if winner.candidate.claim == one.candidate.claim {
        Verdict::Outdone {
            by: winner.enrollment(),
            because: winner.advantage_over(one),
        }
    } else {
        Verdict::Outranked {
            by: winner.candidate.claim.clone(),
        }
    }
}
