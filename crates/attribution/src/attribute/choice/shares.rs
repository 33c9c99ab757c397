//! Sharing the credit among those who touched the customer.

use time::OffsetDateTime;

use super::super::tried::Tried;
use super::{Report, Weighted};
use crate::{Bonus, Credit, Evidence, Sharing};

/// The weights of the first in `tried`, which can be credited, and of those that share with it.
///
/// Claims that must agree lead to one enrollment: then nobody shares.
pub(super) fn shared(report: &Report<'_>, tried: &[Tried<'_>]) -> Vec<Weighted> {
    let Some(winner) = tried.first() else {
        return Vec::new();
    };
    let sharing = match (winner.candidate.rules.sharing, winner.evidence) {
        (sharing, Evidence::Touched(_)) if !report.agreement => sharing,
        (_, Evidence::Named | Evidence::Bound { .. } | Evidence::Touched(_)) => Sharing::One,
    };
    // In billionths of the whole: what the first gets before the rest is shared, and the last.
    let (first, last) = match sharing {
        Sharing::One => {
            let credit = winner.candidate.credit;
            return vec![Weighted { credit, weight: 1 }];
        }
        Sharing::Equal => (0, 0),
        Sharing::FirstBonus(bonus) => (bonus.billionths(), 0),
        Sharing::LastBonus(bonus) => (0, bonus.billionths()),
    };
    let sharers = sharers(winner, tried);
    let count = sharers.len() as u64;
    let each = u64::from(Bonus::WHOLE - first - last);
    let bonus_of = |place: usize| {
        let to_first = if place == 0 { first } else { 0 };
        let to_last = if place + 1 == sharers.len() { last } else { 0 };
        // Below 10^9 times the number of enrollments that are in memory.
        u64::from(to_first + to_last) * count
    };
    sharers
        .iter()
        .enumerate()
        .map(|(place, (_, credit))| Weighted {
            credit: *credit,
            weight: each + bonus_of(place),
        })
        .collect()
}

/// Each enrollment of the winner's program with a touch that counts, in the order of first touches.
fn sharers(winner: &Tried<'_>, tried: &[Tried<'_>]) -> Vec<(OffsetDateTime, Credit)> {
    let mut sharers: Vec<(OffsetDateTime, Credit)> = Vec::new();
    for one in tried.iter().filter(|one| one.is_eligible) {
        let credit = one.candidate.credit;
        let Evidence::Touched(touch) = one.evidence else {
            continue;
        };
        if credit.program != winner.candidate.credit.program {
            continue;
        }
        let known = sharers
            .iter_mut()
            .find(|(_, known)| known.enrollment == credit.enrollment);
        match known {
            Some((first_at, _)) => *first_at = touch.first_at.min(*first_at),
            None => sharers.push((touch.first_at, credit)),
        }
    }
    sharers.sort_unstable();
    sharers
}
