//! Which incentive takes the sale, or which of its lines.

use accrual_money::{Money, MoneyError};

use crate::terms::{Ranks, first_unmet};
use crate::{Incentive, IncentiveNumber, LinePart, Reason, Sale, Terms, Tried, TriedOutcome};

/// Which incentives cover the sale, and line by line where that makes a difference.
pub(super) struct Coverage<'a> {
    terms: &'a Terms,
    sale: &'a Sale,
    /// Those whose scope covers some of it.
    in_scope: Ranks,
    /// Those whose conditions hold besides.
    covering: Ranks,
    /// Those that cover each line; empty if all cover the whole sale.
    by_line: Vec<Ranks>,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(sale: &'a Sale, terms: &'a Terms) -> Self {
        let index = terms.index();
        let holding = index.whose_conditions_hold(terms.incentives(), sale);
        let whole = index.whole_sale(sale);
        let mut in_scope = whole;
        let mut by_line = Vec::new();
        if index.has_names() && !sale.lines().is_empty() {
            by_line.reserve_exact(sale.lines().len());
            for line in sale.lines() {
                let covering = whole | index.line(line);
                in_scope |= covering;
                by_line.push(covering & holding);
            }
        }
        Self {
            terms,
            sale,
            in_scope,
            covering: in_scope & holding,
            by_line,
        }
    }

    /// Who takes all of it: `Some(None)` is nobody, `None` that lines go to different ones.
    pub(super) fn one_for_all(&self) -> Option<Option<u32>> {
        let Some((first, others)) = self.by_line.split_first() else {
            return Some(most_specific(self.covering));
        };
        let first = most_specific(*first);
        let mut others = others.iter().map(|ranks| most_specific(*ranks));
        others.all(|other| other == first).then_some(first)
    }

    /// The lines of each that takes some, in the order of the terms, and those that nobody takes.
    pub(super) fn lines(&self, base: Money) -> Result<Lines, MoneyError> {
        let mut lines = Lines::default();
        let amounts = base.allocate(&weights(self.sale))?;
        let taken = amounts.iter().zip(&self.by_line).zip(1..);
        for ((amount, ranks), line) in taken {
            let part = LinePart {
                line,
                amount: *amount,
            };
            let Some(rank) = most_specific(*ranks) else {
                lines.uncovered.push(part);
                continue;
            };
            let place = self.terms.index().place(rank);
            match lines.taken.binary_search_by_key(&place, |(of, _)| *of) {
                Ok(at) => lines.taken[at].1.push(part),
                Err(at) => lines.taken.insert(at, (place, vec![part])),
            }
        }
        Ok(lines)
    }

    /// What became of each incentive, in the order of the terms, if this is what is paid.
    pub(super) fn tried(&self, reason: &Reason) -> Vec<Tried> {
        let mut tried: Vec<_> = (1..)
            .map(IncentiveNumber::new)
            .take(self.terms.incentives().len())
            .map(|incentive| Tried {
                incentive,
                outcome: TriedOutcome::Pays,
            })
            .collect();
        let taking = match self.by_line.as_slice() {
            [] => lowest(self.covering),
            lines => lines.iter().fold(0, |all, ranks| all | lowest(*ranks)),
        };
        for (rank, place) in (0..).zip(self.terms.index().places()) {
            let bit: Ranks = 1 << rank;
            if taking & bit == 0 {
                tried[place].outcome = self.why_not(bit, &self.terms.incentives()[place]);
            }
        }
        for over in reason.parts().iter().filter(|part| part.is_over()) {
            let same = tried
                .iter_mut()
                .filter(|one| one.incentive == over.incentive);
            same.for_each(|one| one.outcome = TriedOutcome::IsOver);
        }
        tried
    }

    fn why_not(&self, bit: Ranks, incentive: &Incentive) -> TriedOutcome {
        if self.in_scope & bit == 0 {
            let scope = incentive.scope.kind();
            return TriedOutcome::DoesNotCover { scope };
        }
        match first_unmet(incentive, self.sale).filter(|_| self.covering & bit == 0) {
            Some(condition) => TriedOutcome::ConditionNotMet {
                condition: condition.kind(),
            },
            None => {
                let mut lines = self.by_line.iter().copied();
                let both = lines.find(|ranks| ranks & bit != 0);
                let to = both.unwrap_or(self.covering).trailing_zeros();
                TriedOutcome::Yields {
                    to: self.number(to),
                }
            }
        }
    }

    fn number(&self, rank: u32) -> IncentiveNumber {
        number(self.terms.index().place(rank))
    }
}

/// The lines that each incentive takes.
#[derive(Default)]
pub(super) struct Lines {
    /// By the incentive's place in the terms, from 0, in order.
    pub(super) taken: Vec<(usize, Vec<LinePart>)>,
    /// Those that nobody takes.
    pub(super) uncovered: Vec<LinePart>,
}

/// The number of the incentive at a place in the terms that is counted from 0.
pub(super) fn number(place: usize) -> IncentiveNumber {
    // Terms have at most 100 incentives.
    IncentiveNumber::new(u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1))
}

/// The rank of the most specific of them.
fn most_specific(ranks: Ranks) -> Option<u32> {
    (ranks != 0).then(|| ranks.trailing_zeros())
}

/// Only the most specific of them.
fn lowest(ranks: Ranks) -> Ranks {
    ranks & ranks.wrapping_neg()
}

/// What the base is divided by: the amounts of the lines; equally if all are zero.
fn weights(sale: &Sale) -> Vec<u64> {
    let amounts = sale.lines().iter().map(|line| line.amount.minor());
    let weights: Vec<u64> = amounts.map(i64::unsigned_abs).collect();
    if weights.iter().all(|weight| *weight == 0) {
        vec![1; weights.len()]
    } else {
        weights
    }
}
