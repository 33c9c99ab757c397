//! What holds for every attribution.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::{BTreeMap, BTreeSet};

use accrual_attribution::*;
use proptest::prelude::*;
use scene::{Scene, any_journey, any_scene};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

#[path = "laws/scene.rs"]
mod scene;

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

fn enrollments(attribution: &Attribution) -> Vec<EnrollmentId> {
    let credits = attribution.credits.iter();
    credits.map(|one| one.credit.enrollment).collect()
}

/// How often each claim with each enrollment, or with none, is there.
fn counted<'a>(
    all: impl Iterator<Item = (&'a Claim, Option<Credit>)>,
) -> BTreeMap<(&'a Claim, Option<Credit>), usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_insert(0) += 1;
    }
    counts
}

proptest! {
    #![proptest_config(config())]

    /// Nobody is left without a reason: every candidate has one finding, and every claim that led
    /// to nobody has one.
    #[test]
    fn every_candidate_is_in_one_finding(scene in any_scene()) {
        let attribution = scene.attribution();
        let found = attribution.findings.iter().map(|one| (&one.claim, one.credit));
        let led_to = scene.led_to.iter().map(|one| (&one.claim, Some(one.credit)));
        let led_nowhere: BTreeSet<&Claim> = scene.claims.iter()
            .filter(|claim| scene.led_to.iter().all(|one| one.claim != **claim))
            .collect();
        let led_nowhere = led_nowhere.into_iter().map(|claim| (claim, None));
        prop_assert_eq!(counted(found), counted(led_to.chain(led_nowhere)));
    }

    /// Whoever is credited is a candidate against which nothing speaks, once, with a part of it.
    #[test]
    fn who_is_credited_is_a_candidate_that_can_be(scene in any_scene()) {
        let attribution = scene.attribution();
        for one in &attribution.credits {
            let candidates = scene.led_to.iter().filter(|led_to| led_to.credit == one.credit);
            prop_assert!(candidates.into_iter().any(|led_to| scene.can_be_credited(led_to)));
            prop_assert!(one.weight > 0);
        }
        let credited = enrollments(&attribution);
        prop_assert_eq!(credited.iter().collect::<BTreeSet<_>>().len(), credited.len());
        let programs = attribution.credits.iter().map(|one| one.credit.program);
        prop_assert!(programs.collect::<BTreeSet<_>>().len() <= 1);
    }

    /// What the findings say of the credited is what they get, one finding for each.
    #[test]
    fn the_findings_say_who_is_credited(scene in any_scene()) {
        let attribution = scene.attribution();
        let of: u64 = attribution.credits.iter().map(|one| one.weight).sum();
        let mut said = Vec::new();
        for finding in &attribution.findings {
            if finding.verdict == Verdict::Credited {
                said.push((finding.credit.unwrap(), of));
            }
            if let Verdict::SharesCredit { weight, of: all } = finding.verdict {
                prop_assert_eq!(all, of);
                prop_assert!(weight < of);
                said.push((finding.credit.unwrap(), weight));
            }
        }
        let mut credited: Vec<_> =
            attribution.credits.iter().map(|one| (one.credit, one.weight)).collect();
        said.sort_unstable();
        credited.sort_unstable();
        prop_assert_eq!(said, credited);
    }

    /// Who can be credited and is not reads who goes before, and who cannot reads why not.
    #[test]
    fn a_verdict_is_about_what_is_wrong(scene in any_scene()) {
        let mut alone = scene.clone();
        alone.weights.clear();
        for led_to in &scene.led_to {
            alone.led_to = vec![led_to.clone()];
            let verdict = alone.attribution().findings.swap_remove(0).verdict;
            prop_assert_eq!(verdict == Verdict::Credited, scene.can_be_credited(led_to));
        }
    }

    /// However the candidates were found, the answer is the same.
    #[test]
    fn the_order_of_candidates_makes_no_difference(
        (scene, shuffled) in any_scene().prop_flat_map(|scene| {
            let shuffled = Just(scene.led_to.clone()).prop_shuffle();
            (Just(scene), shuffled)
        }),
    ) {
        let shuffled = Scene { led_to: shuffled, ..scene.clone() };
        prop_assert_eq!(scene.attribution(), shuffled.attribution());
    }

    /// No candidate loses to a weaker claim, and none is lost for nothing.
    #[test]
    fn the_strongest_claim_is_credited(mut scene in any_scene()) {
        (scene.agreement, scene.weights) = (false, Vec::new());
        let strength = |led_to: &scene::LedTo| {
            let rank = scene.rules_of(led_to).precedence.rank(led_to.claim.kind());
            (rank, scene.claims.iter().position(|claim| *claim == led_to.claim))
        };
        let eligible = scene.led_to.iter().filter(|led_to| scene.can_be_credited(led_to));
        let strongest = eligible.clone().map(strength).min();
        let attribution = scene.attribution();
        prop_assert_eq!(attribution.credits.is_empty(), strongest.is_none());
        if let [only] = &*attribution.credits {
            let mut own = eligible.filter(|led_to| led_to.credit == only.credit);
            prop_assert!(own.any(|led_to| Some(strength(led_to)) == strongest));
        }
    }

    /// A window is open to the second before its end, and closed at it.
    #[test]
    fn a_window_is_open_to_the_second_before_its_end(mut scene in any_journey()) {
        scene.led_to.truncate(1);
        let Evidence::Touched(touch) = scene.led_to[0].evidence else {
            unreachable!("a journey is of touches");
        };
        let Some(window) = scene.rules[0].window else { return Ok(()) };
        let end = touch.last_at + Duration::seconds(i64::try_from(window.seconds()).unwrap());
        let mut is_credited = |occurred_at: OffsetDateTime| {
            scene.occurred_at = occurred_at;
            !scene.attribution().credits.is_empty()
        };
        prop_assert!(is_credited(touch.last_at));
        prop_assert!(is_credited(end - Duration::SECOND));
        prop_assert!(is_credited(end - Duration::NANOSECOND));
        prop_assert!(!is_credited(end));
        prop_assert!(!is_credited(touch.first_at - Duration::NANOSECOND));
    }

    /// Another click before the sale never takes the credit from who had it.
    #[test]
    fn a_later_click_only_prolongs(mut scene in any_journey(), later in scene::any_time()) {
        scene.led_to.truncate(1);
        let was_credited = !scene.attribution().credits.is_empty();
        let Evidence::Touched(touch) = &mut scene.led_to[0].evidence else {
            unreachable!("a journey is of touches");
        };
        if later <= touch.last_at || later > scene.occurred_at {
            return Ok(());
        }
        touch.last_at = later;
        prop_assert!(!was_credited || !scene.attribution().credits.is_empty());
    }

    /// The last touch that is open is credited, or the first one, among those of the best kind.
    #[test]
    fn the_touch_rule_picks_among_open_touches(mut scene in any_journey()) {
        scene.rules[0].sharing = Sharing::One;
        let rules = &scene.rules[0];
        let open: Vec<_> = scene.led_to.iter().filter_map(|led_to| match led_to.evidence {
            Evidence::Touched(touch) => {
                let last_at = scene.last_open(touch, rules)?;
                Some((touch.kind, touch.first_at, last_at, led_to.credit.enrollment))
            }
            Evidence::Named | Evidence::Bound { .. } => None,
        }).collect();
        let best_kind = open.iter().map(|one| one.0).max();
        let best = open.iter().filter(|one| Some(one.0) == best_kind);
        let expected = match rules.touch {
            TouchRule::Last => best.max_by_key(|one| (one.2, std::cmp::Reverse(one.3))),
            TouchRule::First => best.min_by_key(|one| (one.1, one.3)),
        };
        let expected: Vec<_> = expected.into_iter().map(|one| one.3).collect();
        prop_assert_eq!(enrollments(&scene.attribution()), expected);
    }

    /// Everyone with an open touch gets the same part of the rest; the bonus is exact.
    #[test]
    fn shares_are_exact(scene in any_journey()) {
        let rules = &scene.rules[0];
        let attribution = scene.attribution();
        let able = scene.led_to.iter().filter(|led_to| scene.can_be_credited(led_to)).count();
        let count = attribution.credits.len();
        let weights: Vec<u64> = attribution.credits.iter().map(|one| one.weight).collect();
        let expected = |bonus: Bonus| {
            let (bonus, whole) = (u64::from(bonus.billionths()), u64::from(Bonus::WHOLE));
            let mut expected = vec![whole - bonus; able];
            if let Some(first) = expected.first_mut() {
                *first += bonus * able as u64;
            }
            // Altogether each would have had one whole.
            assert_eq!(expected.iter().sum::<u64>(), whole * able as u64);
            expected
        };
        match rules.sharing {
            Sharing::One => prop_assert_eq!(count, able.min(1)),
            Sharing::Equal => {
                prop_assert_eq!(count, able);
                prop_assert!(weights.windows(2).all(|pair| pair[0] == pair[1]));
            }
            Sharing::FirstBonus(bonus) => prop_assert_eq!(weights, expected(bonus)),
            Sharing::LastBonus(bonus) => {
                let weights: Vec<u64> = weights.into_iter().rev().collect();
                prop_assert_eq!(weights, expected(bonus));
            }
        }
    }

    /// Those who share come in the order of their first touches.
    #[test]
    fn the_first_of_those_who_share_touched_first(scene in any_journey()) {
        let attribution = scene.attribution();
        let first_at = |enrollment: EnrollmentId| {
            let mut own = scene.led_to.iter().filter(|one| one.credit.enrollment == enrollment);
            match own.next().unwrap().evidence {
                Evidence::Touched(touch) => touch.first_at,
                Evidence::Named | Evidence::Bound { .. } => unreachable!("a journey is of touches"),
            }
        };
        let order = enrollments(&attribution).into_iter().map(|id| (first_at(id), id));
        prop_assert!(order.collect::<Vec<_>>().is_sorted());
    }

    /// Nobody earns from buying for itself where that is refused.
    #[test]
    fn a_self_referral_that_is_refused_is_never_credited(mut scene in any_scene()) {
        for rules in &mut scene.rules {
            rules.refuses_self_referral = true;
        }
        for led_to in &mut scene.led_to {
            led_to.standing = Standing::SelfReferral(SameBy::Email);
        }
        prop_assert!(scene.attribution().credits.is_empty());
    }

    /// Claims that must agree never credit two, nor anyone whom another claim does not lead to.
    #[test]
    fn agreement_credits_one_or_nobody(mut scene in any_scene()) {
        scene.agreement = true;
        let credited = enrollments(&scene.attribution());
        prop_assert!(credited.len() <= 1);
        for claim in &scene.claims {
            let mut led_to = scene.led_to.iter().filter(|one| one.claim == *claim).peekable();
            if let (Some(credited), Some(_)) = (credited.first(), led_to.peek()) {
                prop_assert!(led_to.any(|one| one.credit.enrollment == *credited));
            }
        }
    }

    /// When the caller splits, nothing of the weights of claims that lead to somebody is lost.
    #[test]
    fn a_split_gives_each_claim_its_weight(mut scene in any_scene(), weights in prop::array::uniform4(0..9_u32)) {
        scene.agreement = false;
        scene.weights = weights[..scene.claims.len()].to_vec();
        if scene.claims.is_empty() {
            return Ok(());
        }
        let attribution = scene.attribution();
        let program = attribution.credits.first().map(|one| one.credit.program);
        let weighted = scene.claims.iter().zip(&scene.weights).filter(|(claim, _)| {
            let mut of_claim = scene.led_to.iter().filter(|led_to| led_to.claim == **claim);
            of_claim.any(|one| scene.can_be_credited(one) && Some(one.credit.program) == program)
        });
        let expected: u64 = weighted.map(|(_, weight)| u64::from(*weight)).sum();
        let sum: u64 = attribution.credits.iter().map(|one| one.weight).sum();
        prop_assert_eq!(sum, expected);
    }

    /// Every finding is one sentence on one line.
    #[test]
    fn every_finding_is_a_sentence(scene in any_scene()) {
        for finding in scene.attribution().findings {
            let words = finding.to_string();
            prop_assert!(words.starts_with(char::is_uppercase), "{}", words);
            prop_assert!(words.ends_with('.') && !words.contains('\n'), "{}", words);
            prop_assert!(!words.contains("what speaks for it"), "{}", words);
            prop_assert!(!words.contains("it came after the sale"), "{}", words);
        }
    }
}

#[test]
fn named_ids_go_before_a_tag_by_default() {
    let ids = Claim::Membership {
        affiliate: AffiliateId::new(2),
        program: ProgramId::new(1),
    };
    let rules = Crediting::default();
    let candidates = [
        named(tag("sarah20"), 1, &rules),
        named(ids.clone(), 2, &rules),
    ];
    let claims = [tag("sarah20"), ids];

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

// Found by `the_order_of_candidates_makes_no_difference`.
#[test]
fn candidates_of_claims_that_were_not_made_have_an_order() {
    let rules = Crediting::default();
    let report = Report::new(&[], datetime!(2025-06-01 12:00 UTC));
    let (one, other) = (named(tag("a"), 1, &rules), named(tag("b"), 1, &rules));

    let attribution = attribute(&report, &[one.clone(), other.clone()]);

    assert_eq!(attribution, attribute(&report, &[other, one]));
    let verdicts = attribution.findings.into_iter().map(|one| one.verdict);
    assert!(verdicts.eq([Verdict::NotClaimed, Verdict::NotClaimed]));
}

fn tag(text: &str) -> Claim {
    Claim::Tag(Tag::parse(text).unwrap())
}

fn named(claim: Claim, number: i64, rules: &Crediting) -> Candidate<'_> {
    Candidate {
        claim,
        credit: Credit {
            enrollment: EnrollmentId::new(number),
            affiliate: AffiliateId::new(number),
            program: ProgramId::new(1),
        },
        evidence: Evidence::Named,
        standing: Standing::Active,
        rules,
    }
}
