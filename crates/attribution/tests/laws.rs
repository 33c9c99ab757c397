//! What holds for every attribution.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_attribution::*;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = std::env::var("ACCRUAL_PROPTEST_CASES").map_or(10_000, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("ACCRUAL_PROPTEST_CASES is no number: {text}"))
    });
    // What is found is kept as a named example in the crate, not in a file of seeds.
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn any_claim() -> impl Strategy<Value = Claim> {
    prop_oneof![
        (0..4_u8).prop_map(|n| Claim::Tag(Tag::parse(&format!("Tag{n}")).unwrap())),
        (1..3_i64, 1..3_i64).prop_map(|(affiliate, program)| Claim::Membership {
            affiliate: AffiliateId::new(affiliate),
            program: ProgramId::new(program),
        }),
    ]
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    (any_claim(), 1..5_i64, any::<bool>()).prop_map(|(claim, n, active)| Candidate {
        claim,
        credit: Credit {
            enrollment: EnrollmentId::new(n),
            affiliate: AffiliateId::new(n),
            program: ProgramId::new(1),
        },
        standing: if active {
            Standing::Active
        } else {
            Standing::Ended
        },
    })
}

fn any_precedence() -> impl Strategy<Value = Precedence> {
    prop_oneof![
        Just(Precedence::default()),
        Just(Precedence::new(vec![ClaimKind::Tag, ClaimKind::Membership])),
        Just(Precedence::new(vec![])),
    ]
}

proptest! {
    #![proptest_config(config())]

    /// Exactly one finding is credited if anybody is, and it is the credit.
    #[test]
    fn one_is_credited_or_nobody(
        claims in prop::collection::vec(any_claim(), 0..4),
        candidates in prop::collection::vec(any_candidate(), 0..6),
        precedence in any_precedence(),
    ) {
        let attribution = attribute(&claims, &candidates, &precedence);
        let credited: Vec<_> = attribution.findings.iter()
            .filter(|finding| finding.verdict == Verdict::Credited)
            .map(|finding| finding.credit.unwrap())
            .collect();
        prop_assert_eq!(credited, attribution.credit.into_iter().collect::<Vec<_>>());
    }

    /// Nobody is left without a reason: every claim has a finding, and every candidate of it.
    #[test]
    fn every_claim_is_answered(
        claims in prop::collection::hash_set(any_claim(), 0..4),
        candidates in prop::collection::vec(any_candidate(), 0..6),
        precedence in any_precedence(),
    ) {
        let claims: Vec<_> = claims.into_iter().collect();
        let attribution = attribute(&claims, &candidates, &precedence);
        for claim in &claims {
            let found = attribution.findings.iter().filter(|finding| finding.claim == *claim);
            let led_to = candidates.iter().filter(|candidate| candidate.claim == *claim).count();
            prop_assert_eq!(found.count(), led_to.max(1));
        }
    }

    /// An enrollment that has ended is never credited, and an active one never lost for nothing.
    #[test]
    fn only_an_active_enrollment_is_credited(
        claims in prop::collection::vec(any_claim(), 0..4),
        candidates in prop::collection::vec(any_candidate(), 0..6),
    ) {
        let attribution = attribute(&claims, &candidates, &Precedence::default());
        let can_be = candidates.iter().any(|candidate| {
            candidate.standing == Standing::Active && claims.contains(&candidate.claim)
        });
        prop_assert_eq!(attribution.credit.is_some(), can_be);
    }

    /// No active enrollment loses to a weaker claim.
    #[test]
    fn the_strongest_claim_is_credited(
        claims in prop::collection::vec(any_claim(), 0..4),
        candidates in prop::collection::vec(any_candidate(), 0..6),
        precedence in any_precedence(),
    ) {
        let attribution = attribute(&claims, &candidates, &precedence);
        let rank = |claim: &Claim| precedence.rank(claim.kind());
        for credited in attribution.findings.iter().filter(|one| one.verdict == Verdict::Credited) {
            let active = candidates.iter().filter(|candidate| {
                candidate.standing == Standing::Active && claims.contains(&candidate.claim)
            });
            for candidate in active {
                prop_assert!(rank(&credited.claim) <= rank(&candidate.claim));
            }
        }
    }
}

#[test]
fn named_ids_go_before_a_tag_by_default() {
    let tag = Claim::Tag(Tag::parse("sarah20").unwrap());
    let ids = Claim::Membership {
        affiliate: AffiliateId::new(2),
        program: ProgramId::new(1),
    };
    let credit = |n| Credit {
        enrollment: EnrollmentId::new(n),
        affiliate: AffiliateId::new(n),
        program: ProgramId::new(1),
    };
    let candidates = [
        Candidate {
            claim: tag.clone(),
            credit: credit(1),
            standing: Standing::Active,
        },
        Candidate {
            claim: ids.clone(),
            credit: credit(2),
            standing: Standing::Active,
        },
    ];

    let attribution = attribute(&[tag, ids], &candidates, &Precedence::default());

    assert_eq!(attribution.credit, Some(credit(2)));
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
