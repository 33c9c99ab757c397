//! Programs, affiliates and enrollments: made, changed, and refused by name.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use tokio::task::JoinSet;

use crate::contract::{Shared, fixture::*};
use crate::{
    Affiliate, Answer, Command, Enrollment, EnrollmentState, Error, Idempotency, IdempotencyKey,
    Outcome, Program, Replay, Submission,
};

/// What was made is kept as it was answered, numbered from 1.
pub async fn what_is_made_comes_back(store: Shared) {
    let shop = Shop::open(&store).await;
    let (program, affiliate) = (ProgramId::new(1), AffiliateId::new(1));

    let kept = store.program(shop.org, program).await.unwrap();
    let expected = Program {
        id: program,
        name: text("Summer"),
        terms: share("5").first().unwrap().terms,
        crediting: share("5").crediting,
        is_ambassador: false,
        created_at: NOW,
    };
    assert_eq!(kept, Some(expected));
    let kept = store.affiliate(shop.org, affiliate).await.unwrap();
    let expected = Affiliate {
        id: affiliate,
        name: text("Sarah"),
        email: None,
        customer: None,
        created_at: NOW,
    };
    assert_eq!(kept, Some(expected));
    let enrollment = EnrollmentId::new(1);
    let kept = store.enrollment(shop.org, enrollment).await.unwrap();
    let expected = Enrollment {
        id: enrollment,
        affiliate,
        program,
        tag: tag(TAG),
        slug: None,
        recruiter: None,
        rate: None,
        state: EnrollmentState::Active,
        details: serde_json::Map::new(),
        created_at: NOW,
    };
    assert_eq!(kept, Some(expected));
}

/// A change touches what it names and nothing else, and can take away what is optional.
pub async fn a_change_touches_what_it_names_only(store: Shared) {
    let shop = Shop::open(&store).await;
    let (org, affiliate) = (shop.org, shop.affiliate);
    let emails = [Some(text("sarah@example.com")), None];
    for email in emails {
        let change = Command::ChangeAffiliate {
            affiliate,
            name: None,
            email: Some(email.clone()),
            customer: None,
        };
        shop.run(change).await;
        let kept = store.affiliate(org, affiliate).await.unwrap().unwrap();
        assert_eq!((kept.name, kept.email), (text("Sarah"), email));
    }
    for agreed in [Some(rate("12.5")), Some(rate("0")), None] {
        let change = Command::ChangeEnrollment {
            enrollment: shop.enrollment,
            tag: None,
            slug: None,
            rate: Some(agreed),
            is_active: None,
        };
        shop.run(change).await;
        let kept = store
            .enrollment(org, shop.enrollment)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((kept.tag, kept.rate), (tag(TAG), agreed));
    }
    let change = Command::ChangeProgram {
        program: shop.program,
        name: Some(text("Autumn")),
        terms: None,
        is_ambassador: Some(true),
    };
    shop.run(change).await;
    let kept = store.program(org, shop.program).await.unwrap().unwrap();
    assert_eq!(
        (kept.name, kept.terms.version().number(), kept.is_ambassador),
        (text("Autumn"), 1, true)
    );
    assert_eq!(store.versions(org, shop.program).await.unwrap().len(), 1);
}

/// A former tag leads nowhere and can be taken by another enrollment.
pub async fn a_renamed_tag_is_free_again(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.change_enrollment(Some("winter"), None).await.unwrap();

    let nobody = shop.try_report(sale("order-1", 1_000)).await;
    assert!(matches!(nobody, Err(Error::NobodyCredited { .. })));
    let tom = shop.create_affiliate("Tom").await;
    shop.enroll(tom, shop.program, TAG).await;

    let answer = shop.report(sale("order-1", 1_000)).await;
    assert_eq!(recorded(&answer).commissions[0].credit.affiliate, tom);
    // The same tag, in whatever case, is no change.
    shop.change_enrollment(Some("WINTER"), None).await.unwrap();
}

/// Who is in the way is named; nothing is made, and no number is drawn.
pub async fn what_is_taken_is_refused_by_name(store: Shared) {
    let shop = Shop::open(&store).await;
    let tom = shop.create_affiliate("Tom").await;
    let head = shop.head().await;
    let holder = shop.enrollment;
    let taken = Err(Error::TagTaken {
        tag: tag(TAG),
        holder,
    });
    let present = Err(Error::AlreadyEnrolled {
        affiliate: shop.affiliate,
        program: shop.program,
        enrollment: holder,
    });

    assert_eq!(
        shop.submit(enroll(tom, shop.program, "Summer2025")).await,
        taken
    );
    assert_eq!(
        shop.submit(enroll(shop.affiliate, shop.program, "other"))
            .await,
        present
    );
    // An enrollment that has ended is still that affiliate's enrollment.
    let ended = shop.change_enrollment(None, Some(false)).await;
    ended.unwrap();
    assert_eq!(
        shop.submit(enroll(shop.affiliate, shop.program, "other"))
            .await,
        present
    );

    let next = shop.enroll(tom, shop.program, "tom").await;
    assert_eq!(next.number(), head.last_enrollment + 1);
}

/// What does not exist in the organization is refused by its number.
pub async fn what_does_not_exist_is_refused_by_name(store: Shared) {
    let shop = Shop::open(&store).await;
    let head = shop.head().await;
    let (program, affiliate) = (ProgramId::new(7), AffiliateId::new(8));
    let enrollment = EnrollmentId::new(9);
    let refusals = [
        (
            enroll(affiliate, shop.program, "new"),
            Error::AffiliateNotFound(affiliate),
        ),
        (
            enroll(shop.affiliate, program, "new"),
            Error::ProgramNotFound(program),
        ),
        (
            Command::ChangeProgram {
                program,
                name: None,
                terms: None,
                is_ambassador: None,
            },
            Error::ProgramNotFound(program),
        ),
        (
            Command::ChangeAffiliate {
                affiliate,
                name: None,
                email: None,
                customer: None,
            },
            Error::AffiliateNotFound(affiliate),
        ),
        (
            Command::ChangeEnrollment {
                enrollment,
                tag: None,
                slug: None,
                rate: None,
                is_active: None,
            },
            Error::EnrollmentNotFound(enrollment),
        ),
    ];
    for (command, error) in refusals {
        assert_eq!(shop.submit(command).await, Err(error));
    }
    assert_eq!(shop.head().await, head);
}

/// What one engine keeps in memory is not used once another has changed it.
pub async fn what_another_engine_has_changed_is_seen_at_once(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 1_000)).await;
    let other = Shop {
        engine: engine(&store),
        store: store.clone(),
        ..shop
    };
    other.change_terms(share("50")).await;

    let answer = shop.report(sale("order-2", 1_000)).await;
    assert_eq!(recorded(&answer).commissions[0].amount, usd(500));

    let ended = other.change_enrollment(None, Some(false)).await;
    ended.unwrap();
    let refused = shop.try_report(sale("order-3", 1_000)).await;
    assert!(matches!(refused, Err(Error::NobodyCredited { .. })));
}

/// The same request under the same idempotency key is answered again, and made once.
pub async fn a_repeated_idempotency_key_is_answered_again(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = shop.engine.submit(shop.org, keyed("key", 1)).await.unwrap();
    let head = shop.head().await;

    let again = shop.engine.submit(shop.org, keyed("key", 1)).await.unwrap();
    let elsewhere = engine(&store)
        .submit(shop.org, keyed("key", 1))
        .await
        .unwrap();

    assert_eq!(first.replay, Replay::No);
    let expected = Answer {
        replay: Replay::Same,
        ..first
    };
    assert_eq!([again, elsewhere], [expected.clone(), expected]);
    assert_eq!(shop.head().await, head);
}

/// An idempotency key that comes with something else is refused, and changes nothing.
pub async fn an_idempotency_key_is_not_used_for_something_else(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.engine.submit(shop.org, keyed("key", 1)).await.unwrap();
    let head = shop.head().await;

    let reused = shop.engine.submit(shop.org, keyed("key", 2)).await;
    assert_eq!(reused, Err(Error::IdempotencyKeyReused));
    assert_eq!(shop.head().await, head);
    // Another key, and another organization's same key, are free.
    let free = shop.engine.submit(shop.org, keyed("Key", 2)).await;
    assert_eq!(free.unwrap().replay, Replay::No);
    let other = Shop::open_with(&store, "Another shop", share("5")).await;
    let free = other.engine.submit(other.org, keyed("key", 2)).await;
    assert_eq!(free.unwrap().replay, Replay::No);
}

/// A request that was refused can be corrected under its idempotency key.
pub async fn a_refused_request_leaves_its_idempotency_key_free(store: Shared) {
    let shop = Shop::open(&store).await;
    let refused = Submission {
        command: enroll(shop.affiliate, shop.program, "new"),
        ..keyed("key", 1)
    };
    let refused = shop.engine.submit(shop.org, refused).await;
    assert!(matches!(refused, Err(Error::AlreadyEnrolled { .. })));

    let answer = shop.engine.submit(shop.org, keyed("key", 2)).await;
    assert_eq!(answer.unwrap().replay, Replay::No);
}

/// Of many requests with one idempotency key, through two engines, one makes and all answer.
pub async fn an_idempotency_key_sent_by_many_at_once_makes_one(store: Shared) {
    let shop = Shop::open(&store).await;
    let engines = [shop.engine.clone(), engine(&store)];
    let before = shop.head().await.last_affiliate;
    let mut tasks = JoinSet::new();
    for engine in engines.iter().cycle().take(16) {
        let engine = engine.clone();
        let org = shop.org;
        tasks.spawn(async move { engine.submit(org, keyed("key", 1)).await.unwrap() });
    }
    let answers = tasks.join_all().await;

    let first = answers.iter().filter(|answer| answer.replay == Replay::No);
    assert_eq!(first.count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.outcome == answers[0].outcome)
    );
    assert!(matches!(answers[0].outcome, Outcome::Affiliate(_)));
    assert_eq!(shop.head().await.last_affiliate, before + 1);
}

/// A request to make an affiliate, under an idempotency key.
fn keyed(key: &str, fingerprint: u8) -> Submission {
    let command = Command::CreateAffiliate {
        name: text("Tom"),
        email: None,
        customer: None,
    };
    let idempotency = Idempotency {
        key: IdempotencyKey::parse(key).unwrap(),
        fingerprint: [fingerprint; 32],
    };
    Submission {
        idempotency: Some(idempotency),
        ..submission(command)
    }
}
