//! Picking those who are credited.

use time::OffsetDateTime;

use crate::{Candidate, Claim, Credit, Finding, Verdict};
use tried::Tried;

mod choice;
mod tried;

/// What a sale's report says about who sent the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report<'a> {
    /// The claims, in the order given.
    pub claims: &'a [Claim],
    /// How the caller splits the credit: empty if it does not, else one weight for each claim, in
    /// their order. A claim whose weight is missing or zero gets nothing.
    pub weights: &'a [u32],
    /// When the sale took place.
    pub occurred_at: OffsetDateTime,
    /// Whether all claims that lead to an enrollment must lead to the same one, with which nobody
    /// shares.
    pub agreement: bool,
}

impl<'a> Report<'a> {
    /// A report that neither splits the credit nor asks for agreement.
    pub const fn new(claims: &'a [Claim], occurred_at: OffsetDateTime) -> Self {
        Self {
            claims,
            weights: &[],
            occurred_at,
            agreement: false,
        }
    }
}

/// Who is credited, and what was found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Who is credited, each enrollment once; empty if nobody is.
    ///
    /// Those who share by their touches come in the order of their first touches, those among whom
    /// the caller splits in the order of the claims.
    pub credits: Vec<Weighted>,
    /// What each claim came to: every candidate is in exactly one finding, the strongest first, and
    /// after them the claims that led to nobody.
    pub findings: Vec<Finding>,
}

/// One who is credited, and with how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// Who is credited.
    pub credit: Credit,
    /// Above zero; only the proportion to the other weights counts.
    pub weight: u64,
}

/// Credits the enrollment that the strongest claim leads to, or those who share, and says why.
///
/// Claims go by the precedence of each candidate's program, those of one kind in the order given.
/// Of one claim's candidates one that is named goes first, then one that the customer belongs to,
/// then those that touched it by the touch rule. Neither the order of the candidates nor that of
/// anything else matters.
///
/// Total: it never fails; nobody credited is an answer with its reasons.
/// Source: docs/DOMAIN.md, "Who is credited".
pub fn attribute(report: &Report<'_>, candidates: &[Candidate<'_>]) -> Attribution {
    // One candidate is by far the most frequent case: it takes no list.
    let (mut one, mut several);
    let tried: &mut [Tried<'_>] = if let [only] = candidates {
        one = [Tried::new(report, only)];
        &mut one
    } else {
        several = candidates
            .iter()
            .map(|candidate| Tried::new(report, candidate))
            .collect::<Vec<_>>();
        several.sort_by(Tried::compare);
        &mut several
    };
    let credits = choice::choose(report, tried);

    let mut findings = Vec::with_capacity(tried.len());
    findings.extend(tried.iter_mut().map(Tried::finding));
    for (place, claim) in report.claims.iter().enumerate() {
        let is_repeated = report.claims[..place].contains(claim);
        let leads_somewhere = candidates.iter().any(|candidate| candidate.claim == *claim);
        if !is_repeated && !leads_somewhere {
            findings.push(Finding {
                claim: claim.clone(),
                credit: None,
                evidence: None,
                verdict: Verdict::FoundNobody,
            });
        }
    }
    Attribution { credits, findings }
}
