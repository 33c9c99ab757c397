//! What holds for every attribution.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_attribution::*;
use time::macros::datetime;

#[test]
fn named_ids_go_before_a_tag_by_default() {
    let tag = Claim::Tag(Tag::parse("sarah20").unwrap());
    let ids = Claim::Membership {
        affiliate: AffiliateId::new(2),
        program: ProgramId::new(1),
    };
    let rules = Crediting::default();
    let candidate = |claim: &Claim, number| Candidate {
        claim: claim.clone(),
        credit: Credit {
            enrollment: EnrollmentId::new(number),
            affiliate: AffiliateId::new(number),
            program: ProgramId::new(1),
        },
        evidence: Evidence::Named,
        standing: Standing::Active,
        rules: &rules,
    };
    let candidates = [candidate(&tag, 1), candidate(&ids, 2)];
    let claims = [tag, ids];

    let report = Report::new(&claims, datetime!(2025-06-01 12:00 UTC));
    let attribution = attribute(&report, &candidates);

    let words: Vec<_> = attribution
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        [
            "Affiliate 2 in program 1 is enrollment 2 (affiliate 2 in program 1): it is credited.",
            "The tag sarah20 belongs to enrollment 1 (affiliate 1 in program 1): \
             not credited, affiliate 2 in program 1 goes before it.",
        ]
    );
}
