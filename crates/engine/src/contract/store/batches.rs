//! Commands that are run together do not notice it.

use accrual_attribution::{AffiliateId, Claim, Standing, Verdict};
use accrual_commission::{AccountKind, Change, Period, PeriodCap};

use crate::contract::{Shared, fixture::*};
use crate::{Amendment, Command, ConversionId, Error, Facts, Outcome, Recorded, Replay};

/// A command that is refused leaves no trace among those it was run with.
pub async fn a_refused_command_does_not_harm_the_others_of_its_batch(store: Shared) {
    let shop = Shop::open(&store).await;
    let unknown = Facts {
        claims: vec![Claim::Tag(tag("nobody"))],
        ..sale("order-2", 1_000)
    };
    let reports = [sale("order-1", 1_000), unknown, sale("order-3", 3_000)];
    let answers = shop.submit_together(reports.map(report)).await;

    let numbers = [&answers[0], &answers[2]]
        .map(|answer| recorded(answer.as_ref().unwrap()).conversion.id.number());
    assert_eq!(numbers, [1, 2]);
    let Err(Error::NobodyCredited { findings }) = &answers[1] else {
        panic!("not refused: {:?}", answers[1]);
    };
    assert_eq!(findings[0].verdict, Verdict::FoundNobody);
    assert_eq!(shop.head().await.last_conversion, 2);
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(200))]);
}

/// Commands that are submitted in one call are answered in their order: each is kept or refused by
/// itself, and sees what those before it have made.
pub async fn commands_of_one_call_are_answered_in_their_order(store: Shared) {
    let shop = Shop::open(&store).await;
    let unknown = Facts {
        claims: vec![Claim::Tag(tag("nobody"))],
        ..sale("order-2", 1_000)
    };
    let amended = Amendment {
        total: Some(Some(usd(5_000))),
        ..Amendment::new(ConversionId::new(1))
    };
    let commands = [
        report(sale("order-1", 1_000)),
        report(unknown),
        report(sale("order-3", 3_000)),
        report(sale("order-1", 1_000)),
        Command::Amend(Box::new(amended)),
        report(sale("order-1", 1_000)),
    ];
    let submissions = commands.map(submission);
    let answers = shop.engine.submit_all(shop.org, submissions).await;

    let shown = answers.iter().map(|answer| {
        let answer = answer.as_ref().ok()?;
        let Recorded { conversion, .. } = recorded(answer);
        Some((conversion.id.number(), conversion.amount(), &answer.replay))
    });
    let expected = [
        Some((1, usd(1_000), &Replay::No)),
        None,
        Some((2, usd(3_000), &Replay::No)),
        Some((1, usd(1_000), &Replay::Same)),
        Some((1, usd(5_000), &Replay::No)),
        Some((1, usd(5_000), &Replay::Same)),
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    assert!(matches!(answers[1], Err(Error::NobodyCredited { .. })));
    let kept = shop.conversions().await;
    let last = [&answers[5], &answers[2]].map(|answer| recorded(answer.as_ref().unwrap()));
    assert!(kept.iter().eq(last));
    assert_eq!(shop.engine.submit_all(shop.org, []).await, []);
}

/// The largest batch is kept as a small one is.
pub async fn a_full_batch_is_kept_whole(store: Shared) {
    let shop = Shop::open(&store).await;
    let sales = (1..=256).map(|number| sale(&format!("order-{number}"), number * 100));
    let sales: Vec<_> = sales.collect();
    let answers = shop
        .submit_together(sales.iter().cloned().map(report))
        .await;

    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().unwrap().replay == Replay::No)
    );
    let kept: Vec<_> = shop.conversions().await;
    assert!(
        kept.iter()
            .map(|recorded| &recorded.conversion.facts)
            .eq(&sales)
    );
    // 5 % of 1 + 2 + … + 256 dollars.
    assert_eq!(
        shop.balances().await,
        [(AccountKind::Payable, usd(164_480))]
    );
    assert_eq!(store.totals(shop.org).await.unwrap()[0].1.conversions, 256);
    let again = shop.submit_together(sales.into_iter().map(report)).await;
    assert!(
        again
            .iter()
            .all(|answer| answer.as_ref().unwrap().replay == Replay::Same)
    );
}

/// What one command makes, the next of the same batch can use.
pub async fn a_command_sees_what_those_before_it_have_made(store: Shared) {
    let shop = Shop::open(&store).await;
    let next = AffiliateId::new(shop.affiliate.number() + 1);
    let by_tag = Facts {
        claims: vec![Claim::Tag(tag("new"))],
        ..sale("order-1", 1_000)
    };
    let commands = [
        Command::CreateAffiliate {
            name: text("Tom"),
            email: None,
            customer: None,
        },
        enroll(next, shop.program, "new"),
        report(by_tag),
    ];
    let answers = shop.submit_together(commands).await;

    // The tag was looked for before the batch ran, and is found all the same.
    let recorded = recorded(answers[2].as_ref().unwrap());
    assert_eq!(recorded.commissions[0].credit.affiliate, next);
    let kept = store.conversion(shop.org, recorded.conversion.id).await;
    assert_eq!(kept.unwrap().as_ref(), Some(recorded));
}

/// Whatever is changed twice in one batch ends as the last change left it; no version is lost.
pub async fn what_a_batch_changes_twice_ends_as_it_was_changed_last(store: Shared) {
    let shop = Shop::open(&store).await;
    let terms = |percent| Command::ChangeProgram {
        program: shop.program,
        name: None,
        terms: Some(share(percent).into()),
        is_ambassador: None,
    };
    let rename = |name| Command::ChangeAffiliate {
        affiliate: shop.affiliate,
        name: Some(text(name)),
        email: None,
        customer: None,
    };
    let standing = |is_active| Command::ChangeEnrollment {
        enrollment: shop.enrollment,
        tag: None,
        slug: None,
        rate: None,
        is_active: Some(is_active),
    };
    let commands = [
        terms("10"),
        rename("Sara"),
        standing(false),
        terms("20"),
        rename("Sarah Jane"),
        standing(true),
    ];
    for answer in shop.submit_together(commands).await {
        answer.unwrap();
    }

    let versions = store.versions(shop.org, shop.program).await.unwrap();
    let expected = [("5", 1), ("10", 2), ("20", 3)]
        .map(|(percent, version)| version_of(share(percent), version));
    assert_eq!(versions, expected);
    let affiliate = store.affiliate(shop.org, shop.affiliate).await.unwrap();
    assert_eq!(affiliate.unwrap().name, text("Sarah Jane"));
    let enrollment = store.enrollment(shop.org, shop.enrollment).await.unwrap();
    assert_eq!(enrollment.unwrap().standing(), Standing::Active);
}

/// A tag that is given up can be taken in the same batch, even in exchange.
pub async fn two_enrollments_can_exchange_their_tags_in_one_batch(store: Shared) {
    let shop = Shop::open(&store).await;
    let tom = shop.create_affiliate("Tom").await;
    let other = shop.enroll(tom, shop.program, "tom").await;
    let retag = |enrollment, text| Command::ChangeEnrollment {
        enrollment,
        tag: Some(tag(text)),
        slug: None,
        rate: None,
        is_active: None,
    };
    let commands = [
        retag(shop.enrollment, "between"),
        retag(other, TAG),
        retag(shop.enrollment, "tom"),
    ];
    for answer in shop.submit_together(commands).await {
        let answer = answer.unwrap();
        assert!(matches!(answer.outcome, Outcome::Enrollment(_)));
    }

    // Read by another engine, which has nothing in memory.
    let fresh = engine(&store);
    for (text, affiliate) in [("tom", shop.affiliate), (TAG, tom)] {
        let facts = Facts {
            claims: vec![Claim::Tag(tag(text))],
            ..sale(text, 1_000)
        };
        let answer = fresh.submit(shop.org, submission(report(facts))).await;
        let answer = answer.unwrap();
        assert_eq!(recorded(&answer).commissions[0].credit.affiliate, affiliate);
    }
}

/// A tag that moves to another program's enrollment leads there within the same batch.
pub async fn a_tag_given_within_a_batch_leads_to_its_new_program(store: Shared) {
    let shop = Shop::open(&store).await;
    let other = shop.create_program(share("20")).await;
    let enrollment = shop.enroll(shop.affiliate, other, "autumn").await;
    let shop = Shop {
        engine: engine(&store),
        ..shop
    };
    let retag = Command::ChangeEnrollment {
        enrollment,
        tag: Some(tag("winter")),
        slug: None,
        rate: None,
        is_active: None,
    };
    let by_tag = Facts {
        claims: vec![Claim::Tag(tag("winter"))],
        ..sale("order-1", 1_000)
    };
    let answers = shop.submit_together([retag, report(by_tag)]).await;

    let recorded = recorded(answers[1].as_ref().unwrap());
    assert_eq!(recorded.commissions[0].credit.program, other);
    assert_eq!(recorded.commissions[0].amount, usd(200));
}

/// New terms look at what was earned before, for a sale of their own batch as well.
pub async fn a_sale_knows_what_the_new_terms_of_its_batch_look_at(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let mut capped = share("10");
    capped.rules.caps.period = Some(PeriodCap {
        period: Period::Ever,
        amount: usd(1_200),
    });
    let capped = Command::ChangeProgram {
        program: shop.program,
        name: None,
        terms: Some(capped.into()),
        is_ambassador: None,
    };
    let second = report(sale("order-2", 10_000));
    let answers = shop.submit_together([capped, second]).await;

    // Of 12.00 that may be earned, 10.00 were earned before the batch.
    let second = recorded(answers[1].as_ref().unwrap());
    assert_eq!(second.commissions[0].amount, usd(200));
    assert_eq!(shop.balances().await, [(AccountKind::Payable, usd(1_200))]);
}

/// What becomes of a sale in its own batch is what would become of it later.
pub async fn a_sale_is_amended_and_paid_in_its_own_batch(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let conversion = ConversionId::new(1);
    let amendment = Amendment {
        total: Some(Some(usd(20_000))),
        ..Amendment::new(conversion)
    };
    let pay = Command::ChangeStatus {
        conversion,
        position: None,
        change: Change::Pay,
    };
    let first = report(sale("order-1", 10_000));
    let commands = [first, Command::Amend(Box::new(amendment)), pay];
    let answers = shop.submit_together(commands).await;

    let answers = answers.iter().map(|answer| {
        let commission = &recorded(answer.as_ref().unwrap()).commissions[0];
        (commission.amount, commission.paid_out)
    });
    let expected = [(1_000, 0), (2_000, 0), (2_000, 2_000)];
    let expected = expected.map(|(amount, paid)| (usd(amount), usd(paid)));
    assert_eq!(answers.collect::<Vec<_>>(), expected);
    assert_eq!(shop.balances().await, [(AccountKind::Paid, usd(2_000))]);
}
