//! Splitting the credit as the caller says.

use super::super::tried::Tried;
use super::super::{Report, Weighted};
use super::{credited, goes_after, is_among};
use crate::{Claim, Verdict};

/// Each claim's best candidate gets the claim's weight, all within one program.
pub(super) fn by_weight(report: &Report<'_>, tried: &mut [Tried<'_>]) -> Vec<Weighted> {
    let mut credits: Vec<Weighted> = Vec::new();
    // Which of `tried` the claims came to.
    let mut best_ones: Vec<usize> = Vec::new();
    for (claim, weight) in report.claims.iter().zip(report.weights) {
        let weight = u64::from(*weight);
        let program = credits.first().map(|first| first.credit.program);
        let best = tried.iter().position(|one| {
            one.is_eligible
                && one.candidate.claim == *claim
                && program.is_none_or(|program| program == one.candidate.credit.program)
        });
        let Some(best) = best.filter(|_| weight > 0) else {
            continue;
        };
        best_ones.push(best);
        let credit = tried[best].candidate.credit;
        let known = credits
            .iter_mut()
            .find(|known| known.credit.enrollment == credit.enrollment);
        match known {
            Some(known) => known.weight += weight,
            None => credits.push(Weighted { credit, weight }),
        }
    }
    best_ones.sort_unstable();
    let verdicts: Vec<_> = (0..tried.len())
        .map(|index| verdict(report, tried, index, &best_ones, &credits))
        .collect();
    for (one, verdict) in tried.iter_mut().zip(verdicts) {
        one.settle(verdict);
    }
    credits
}

/// What became of the one at `index`, if it can be credited.
fn verdict(
    report: &Report<'_>,
    tried: &[Tried<'_>],
    index: usize,
    best_ones: &[usize],
    credits: &[Weighted],
) -> Verdict {
    let one = &tried[index];
    let claim = &one.candidate.claim;
    if !has_weight(report, claim) {
        return Verdict::NoWeight;
    }
    let program = credits.first().map(|first| first.credit.program);
    if let Some(program) = program.filter(|program| *program != one.candidate.credit.program) {
        return Verdict::OtherProgram { program };
    }
    let mut best_ones = best_ones.iter().map(|best| (*best, &tried[*best]));
    let mut of_enrollment = best_ones
        .clone()
        .filter(|(_, best)| best.enrollment() == one.enrollment());
    if of_enrollment.next().is_some_and(|(best, _)| best == index) {
        return credited(credits, one.enrollment());
    }
    let of_claim = best_ones.find(|(_, best)| best.candidate.claim == *claim);
    match of_claim {
        Some((_, best)) if !is_among(credits, one.enrollment()) => goes_after(best, one),
        Some(_) | None => Verdict::Agrees,
    }
}

fn has_weight(report: &Report<'_>, claim: &Claim) -> bool {
    let mut weighted = report.claims.iter().zip(report.weights);
    weighted.any(|(weighted, weight)| weighted == claim && *weight > 0)
}
