//! Applications: made once, credited once they are approved.

use accrual_attribution::{Email, ProgramId, Verdict};
use serde_json::json;

use crate::contract::{Shared, fixture::*};
use crate::{
    Answer, Application, Command, Enrollment, EnrollmentState, Error, Outcome, Replay, RosterQuery,
};

/// Somebody who applies is a new affiliate, whose enrollment waits for approval; nobody is credited
/// by it until it is approved.
pub async fn an_application_waits_for_approval(store: Shared) {
    let shop = Shop::open(&store).await;
    let answer = shop
        .submit(apply(&shop, "Maria@Example.com", "maria"))
        .await;
    let answer = answer.unwrap();
    assert_eq!(answer.replay, Replay::No);
    let applied = enrollment(&answer);
    assert_eq!(applied.state, EnrollmentState::Applied);
    let kept = store.enrollment(shop.org, applied.id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(applied));
    let affiliate = store.affiliate(shop.org, applied.affiliate).await.unwrap();
    let affiliate = affiliate.unwrap();
    assert_eq!(affiliate.name, text("Maria"));
    assert_eq!(affiliate.email, Some(text("maria@example.com")));

    let refused = shop
        .try_report(bought("order-1", "c", "maria", 1_000))
        .await;
    let Err(Error::NobodyCredited { findings }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(findings[0].verdict, Verdict::Unapproved);
    let approve = Command::ChangeEnrollment {
        enrollment: applied.id,
        tag: None,
        slug: None,
        rate: None,
        is_active: Some(true),
    };
    shop.run(approve).await;
    let answer = shop.report(bought("order-1", "c", "maria", 1_000)).await;
    let credit = recorded(&answer).commissions[0].credit;
    assert_eq!(credit.enrollment, applied.id);
}

/// Who has applied to a program has done so, however often and whatever has become of it.
pub async fn an_application_is_made_once(store: Shared) {
    let shop = Shop::open(&store).await;
    let first = shop
        .submit(apply(&shop, "maria@example.com", "maria"))
        .await;
    let first = first.unwrap();
    let head = shop.head().await;
    let again = shop
        .submit(apply(&shop, "MARIA@example.com", "another"))
        .await;
    let expected = Answer {
        replay: Replay::Same,
        ..first.clone()
    };
    assert_eq!(again.as_ref(), Ok(&expected));
    assert_eq!(shop.head().await, head);

    // Another engine, which knows nothing of it, says the same.
    let other = engine(&store);
    let command = apply(&shop, "maria@example.com", "another");
    let again = other.submit(shop.org, submission(command)).await;
    assert_eq!(again, Ok(expected));

    let ended = Command::ChangeEnrollment {
        enrollment: enrollment(&first).id,
        tag: None,
        slug: None,
        rate: None,
        is_active: Some(false),
    };
    shop.run(ended).await;
    let again = shop.submit(apply(&shop, "maria@example.com", "x")).await;
    let again = again.unwrap();
    assert_eq!(again.replay, Replay::Same);
    assert_eq!(enrollment(&again).state, EnrollmentState::Ended);
}

/// Many who send the same application at once have made one.
pub async fn an_application_sent_by_many_at_once_is_made_once(store: Shared) {
    let shop = Shop::open(&store).await;
    let all = (0..20).map(|number| apply(&shop, "maria@example.com", &format!("maria-{number}")));
    let answers = shop.submit_together(all).await;
    let news = answers.iter().flatten();
    let news = news.filter(|answer| answer.replay == Replay::No);
    assert_eq!((answers.len(), news.count()), (20, 1));
    let query = RosterQuery::default();
    let roster = store.roster(shop.org, &query, everything()).await.unwrap();
    assert_eq!(roster.count, 2);
}

/// An affiliate who is known by the address applies as that affiliate, in whatever program.
pub async fn a_known_address_applies_as_its_affiliate(store: Shared) {
    let shop = Shop::open(&store).await;
    let tom = shop.create_affiliate("Tom").await;
    let address = Command::ChangeAffiliate {
        affiliate: tom,
        name: None,
        email: Some(Some(text("Tom@example.com"))),
        customer: None,
    };
    // The address is given within the batch that looks for it.
    let enrolling = enroll(tom, shop.program, "tom");
    let applying = apply(&shop, "tom@example.com", "other");
    let answers = shop.submit_together([enrolling, address, applying]).await;
    let again = answers[2].as_ref().unwrap();
    assert_eq!(again.replay, Replay::Same);
    assert_eq!(enrollment(again).tag, tag("tom"));

    let other = shop.create_program(share("10")).await;
    let answer = shop
        .submit(application(other, "tom@example.com", "other", json!({})))
        .await
        .unwrap();
    assert_eq!(answer.replay, Replay::No);
    assert_eq!(enrollment(&answer).affiliate, tom);
}

/// What is said with an application is kept; a repetition adds what is new, and changes nothing.
pub async fn an_application_keeps_what_was_said_first(store: Shared) {
    let shop = Shop::open(&store).await;
    let said = |details| application(shop.program, "maria@example.com", "maria", details);
    shop.run(said(json!({ "fbp": "1", "id": 11_177 }))).await;
    let entries = shop.journal().await.len();
    let again = shop.submit(said(json!({ "fbp": "2", "fbc": "3" }))).await;
    let again = again.unwrap();
    assert_eq!(again.replay, Replay::Same);
    let kept = store.enrollment(shop.org, enrollment(&again).id).await;
    let kept = serde_json::Value::Object(kept.unwrap().unwrap().details);
    assert_eq!(kept, json!({ "fbp": "1", "fbc": "3", "id": 11_177 }));
    assert_eq!(shop.journal().await.len(), entries + 1);
}

/// An application to no program, or with a tag of somebody else's, is refused.
pub async fn an_application_that_cannot_be_is_refused(store: Shared) {
    let shop = Shop::open(&store).await;
    let head = shop.head().await;
    let nowhere = ProgramId::new(7);
    let refused = shop
        .submit(application(
            nowhere,
            "maria@example.com",
            "maria",
            json!({}),
        ))
        .await;
    assert_eq!(refused, Err(Error::ProgramNotFound(nowhere)));
    let refused = shop.submit(apply(&shop, "maria@example.com", TAG)).await;
    assert!(
        matches!(refused, Err(Error::TagTaken { .. })),
        "{refused:?}"
    );
    assert_eq!(shop.head().await, head);
}

fn apply(shop: &Shop, email: &str, tag: &str) -> Command {
    application(shop.program, email, tag, json!({}))
}

fn application(
    program: ProgramId,
    email: &str,
    tag_text: &str,
    details: serde_json::Value,
) -> Command {
    Command::Apply(Application {
        program,
        email: Email::parse(email).unwrap(),
        name: text("Maria"),
        tag: tag(tag_text),
        details: details.as_object().unwrap().clone(),
    })
}

fn enrollment(answer: &Answer) -> &Enrollment {
    match &answer.outcome {
        Outcome::Enrollment(enrollment) => enrollment,
        other => panic!("not an enrollment: {other:?}"),
    }
}
