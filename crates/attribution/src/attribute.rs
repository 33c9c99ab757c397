//! Picking the one that is credited.

use std::fmt;

use crate::{Candidate, Claim, Credit, Precedence, Standing};

/// Who is credited, and what was found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Who is credited; nobody if no claim led to an enrollment that can be.
    pub credit: Option<Credit>,
    /// What each claim came to, strongest claim first; every candidate is in exactly one.
    pub findings: Vec<Finding>,
}

/// What one claim came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// The enrollment that it led to, if any.
    pub credit: Option<Credit>,
    /// Whether that was taken, and why not.
    pub verdict: Verdict,
}

/// Whether what a claim led to was taken, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is credited.
    Credited,
    /// It is the enrollment that is credited already, by a stronger claim.
    Agrees,
    /// A stronger claim is credited.
    Outranked {
        /// The claim that is.
        by: Claim,
    },
    /// The affiliate is no longer in the program.
    Ended,
    /// The claim led to no enrollment.
    FoundNobody,
}

/// Credits the enrollment that the strongest claim leads to, and says why.
///
/// Claims are tried by `precedence`, those of one kind in the order given; of one claim's
/// candidates the first that is active. A candidate whose claim is not among `claims` is not tried.
///
/// Total: it never fails; nobody credited is an answer with its reasons.
pub fn attribute(
    claims: &[Claim],
    candidates: &[Candidate],
    precedence: &Precedence,
) -> Attribution {
    let mut ordered: Vec<&Claim> = claims.iter().collect();
    ordered.sort_by_key(|claim| precedence.rank(claim.kind()));

    let mut credited: Option<(&Claim, Credit)> = None;
    let mut findings = Vec::with_capacity(claims.len());
    for claim in ordered {
        let mut found = false;
        for candidate in candidates
            .iter()
            .filter(|candidate| candidate.claim == *claim)
        {
            found = true;
            let verdict = match (candidate.standing, credited) {
                (Standing::Ended, _) => Verdict::Ended,
                (Standing::Active, None) => {
                    credited = Some((claim, candidate.credit));
                    Verdict::Credited
                }
                (Standing::Active, Some((_, credit))) if credit == candidate.credit => {
                    Verdict::Agrees
                }
                (Standing::Active, Some((by, _))) => Verdict::Outranked { by: by.clone() },
            };
            findings.push(Finding {
                claim: claim.clone(),
                credit: Some(candidate.credit),
                verdict,
            });
        }
        if !found {
            let verdict = Verdict::FoundNobody;
            findings.push(Finding {
                claim: claim.clone(),
                credit: None,
                verdict,
            });
        }
    }
    Attribution {
        credit: credited.map(|(_, credit)| credit),
        findings,
    }
}

impl fmt::Display for Finding {
    /// One sentence for a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claim = capitalized(&self.claim.to_string());
        match self.credit {
            Some(credit) => match self.claim {
                Claim::Tag(_) => write!(formatter, "{claim} belongs to {credit}: ")?,
                Claim::Membership { .. } => write!(formatter, "{claim} is {credit}: ")?,
            },
            None => write!(formatter, "{claim}: ")?,
        }
        match &self.verdict {
            Verdict::Credited => formatter.write_str("it is credited."),
            Verdict::Agrees => formatter.write_str("the same enrollment, already credited."),
            Verdict::Outranked { by } => write!(formatter, "not credited, {by} goes before it."),
            Verdict::Ended => formatter.write_str("not credited, the enrollment has ended."),
            Verdict::FoundNobody => formatter.write_str("no enrollment is known by it."),
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
