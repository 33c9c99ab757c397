//! Turns: one at a time, all or nothing.

use std::collections::BTreeSet;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};

use crate::contract::{Shared, fixture::*};
use crate::{Changes, Enrollment, Error, IdempotencyKey, Loaded, Needs, OrgId, Replay, StoreError};

/// A turn beside which another ends is had before it or after it, never in its midst.
pub async fn turns_that_overlap_follow_one_another(store: Shared) {
    let shop = Shop::open(&store).await;
    let turn = store.begin(shop.org).await.unwrap();
    let before = turn.head().clone();
    let batches = shop.engine.statistics().batches;
    let confirming = async {
        while shop.engine.statistics().batches == batches {
            tokio::task::yield_now().await;
        }
        turn.commit(&Changes::new(before.clone())).await
    };
    let reporting = shop.try_report(sale("order-1", 1_000));
    let (confirmed, answer) = tokio::join!(confirming, reporting);

    assert!(
        matches!(confirmed, Ok(()) | Err(StoreError::Overtaken)),
        "{confirmed:?}"
    );
    assert_eq!(answer.unwrap().replay, Replay::No);
    let turn = store.begin(shop.org).await.unwrap();
    assert_eq!(turn.head().sequence, before.sequence + 1);
}

/// A turn that is dropped keeps nothing, and the next one is had at once.
pub async fn a_turn_that_is_dropped_keeps_nothing(store: Shared) {
    let shop = Shop::open(&store).await;
    let before = shop.head().await;
    for _ in 0..32 {
        let mut turn = store.begin(shop.org).await.unwrap();
        turn.load(&everything_of(&shop)).await.unwrap();
    }

    assert_eq!(shop.head().await, before);
    shop.report(sale("order-1", 1_000)).await;
}

/// A turn loads what is named, by whatever it is named, and nothing that does not exist.
pub async fn a_turn_loads_what_is_named(store: Shared) {
    let shop = Shop::open(&store).await;
    let answer = shop.report(sale("order-1", 1_000)).await;
    let tom = shop.create_affiliate("Tom").await;
    shop.enroll(tom, shop.program, "tom").await;
    let enrollment = store.enrollment(shop.org, shop.enrollment).await.unwrap();
    let affiliate = store.affiliate(shop.org, shop.affiliate).await.unwrap();
    let program = store.program(shop.org, shop.program).await.unwrap();

    let mut turn = store.begin(shop.org).await.unwrap();
    let mut loaded = turn.load(&everything_of(&shop)).await.unwrap();
    loaded.enrollments.dedup();
    let expected = Loaded {
        recorded: vec![recorded(&answer).clone()],
        programs: program.into_iter().collect(),
        affiliates: affiliate.into_iter().collect(),
        enrollments: enrollment.clone().into_iter().collect(),
        ..Loaded::default()
    };
    assert_eq!(loaded, expected);

    let all = everything_of(&shop);
    let enrollment = enrollment.unwrap();
    let by_id = Needs {
        enrollments: all.enrollments,
        ..Needs::default()
    };
    let by_tag = Needs {
        tags: all.tags,
        ..Needs::default()
    };
    let by_membership = Needs {
        memberships: all.memberships,
        ..Needs::default()
    };
    for needs in [by_id, by_tag, by_membership] {
        let loaded = turn.load(&needs).await.unwrap();
        assert_eq!(loaded, only(&enrollment), "{needs:?}");
    }
    assert_eq!(
        turn.load(&Needs::default()).await.unwrap(),
        Loaded::default()
    );
}

/// As many things as a batch can name are loaded together.
pub async fn a_turn_loads_much_at_once(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-2999", 1_000)).await;
    let references = (0..3_000).map(|n| (source("shop"), reference(&format!("order-{n}"))));
    let needs = Needs {
        references: references.collect(),
        tags: (0..3_000)
            .map(|n| tag(&format!("tag-{n}")))
            .chain([tag(TAG)])
            .collect(),
        affiliates: (1..3_000).map(AffiliateId::new).collect(),
        ..Needs::default()
    };
    let mut turn = store.begin(shop.org).await.unwrap();
    let loaded = turn.load(&needs).await.unwrap();

    let found = (
        loaded.recorded.len(),
        loaded.enrollments.len(),
        loaded.affiliates.len(),
    );
    assert_eq!(found, (1, 1, 1));
}

/// There is no turn in an organization that does not exist, and no command is run.
pub async fn an_unknown_organization_has_no_turn(store: Shared) {
    let shop = Shop::open(&store).await;
    let unknown = OrgId::new(shop.org.number() + 1);

    let turn = store.begin(unknown).await;
    assert!(matches!(turn.err(), Some(StoreError::OrganizationNotFound(org)) if org == unknown));
    let submission = submission(report(sale("order-1", 1_000)));
    let answer = shop.engine.submit(unknown, submission).await;
    assert_eq!(answer, Err(Error::OrganizationNotFound));
}

/// All that the shop and its `order-1` consist of, each with one more that does not exist.
fn everything_of(shop: &Shop) -> Needs {
    let nowhere = AffiliateId::new(1_000);
    Needs {
        references: ["order-1", "order-1000"]
            .map(|text| (source("shop"), reference(text)))
            .into(),
        idempotency_keys: BTreeSet::from([IdempotencyKey::parse("unknown").unwrap()]),
        programs: [shop.program, ProgramId::new(1_000)].into(),
        affiliates: [shop.affiliate, nowhere].into(),
        enrollments: [shop.enrollment, EnrollmentId::new(1_000)].into(),
        tags: [tag(TAG), tag("unknown")].into(),
        memberships: [(shop.affiliate, shop.program), (nowhere, shop.program)].into(),
        ..Needs::default()
    }
}

fn only(enrollment: &Enrollment) -> Loaded {
    Loaded {
        enrollments: vec![enrollment.clone()],
        ..Loaded::default()
    }
}
