//! The journal: unbroken, readable, and enough to explain every commission.

use accrual_attribution::Claim;

use crate::contract::{Shared, fixture::*};
use crate::{Actor, Command, Entry, Facts, explain, first_broken_seal, record};

/// Each entry carries the seal that follows from the one before it, the head that of the last.
pub async fn the_journal_is_sealed_from_its_first_entry_to_the_head(store: Shared) {
    let shop = shop_with_a_past(&store).await;
    let (head, journal) = (shop.head().await, shop.journal().await);

    assert_eq!(first_broken_seal([0; 32], &journal), None);
    let last = journal.last().unwrap();
    assert_eq!(
        (last.sequence.number(), last.hash),
        (head.sequence, head.hash)
    );
    let sequences = journal.iter().map(|entry| entry.sequence.number());
    assert!(sequences.eq(1..=head.sequence));
}

/// What the seals are for: an entry that was tampered with is found.
pub async fn an_entry_that_was_changed_breaks_its_seal(store: Shared) {
    let shop = shop_with_a_past(&store).await;
    let journal = shop.journal().await;
    let forgeries: [fn(&mut Entry); 4] = [
        |entry| entry.outcome.push(' '),
        |entry| entry.command.push(' '),
        |entry| entry.request_id = text("another"),
        |entry| entry.at += time::Duration::MICROSECOND,
    ];
    for forge in forgeries {
        let mut forged = journal.clone();
        forge(&mut forged[2]);
        assert_eq!(
            first_broken_seal([0; 32], &forged),
            Some(journal[2].sequence)
        );
    }
}

/// The entry of a sale holds what was reported and how its commission came about.
pub async fn the_journal_explains_every_commission(store: Shared) {
    let shop = shop_with_a_past(&store).await;
    let mut explained = 0;
    for entry in shop.journal().await {
        let command = record::Command::parse(&entry.command).unwrap();
        let outcome = record::Outcome::parse(&entry.outcome).unwrap();
        let Some(decided) = outcome.decided().unwrap() else {
            continue;
        };
        let kept = store.conversion(shop.org, entry.conversion.unwrap()).await;
        let kept = kept.unwrap().unwrap();
        let commission = &kept.commissions[0];
        assert_eq!(
            command.facts().unwrap().as_ref(),
            Some(&kept.conversion.facts)
        );
        assert_eq!(decided.attribution.credits[0].credit, commission.credit);
        assert_eq!(decided.terms_version, commission.terms_version);
        let explained_again = explain(&*store, shop.org, kept.conversion.id).await;
        let explained_again = explained_again.unwrap().unwrap();
        assert_eq!(explained_again.decision.amount, commission.amount);
        assert_eq!(explained_again.decision.earning(), commission.earning);
        assert_eq!(explained_again.decided, decided);
        assert_eq!(entry.sequence, kept.conversion.sequence);
        explained += 1;
    }
    assert_eq!(explained, shop.conversions().await.len());
}

/// Each change is on somebody's behalf, and by a request.
pub async fn the_journal_says_who_asked_and_by_which_request(store: Shared) {
    let shop = Shop::open(&store).await;
    let org = shop.org;
    let (hash, role) = (crate::KeyHash::of("secret"), crate::Role::Full);
    let key = store.add_key(org, text("Website"), role, hash, NOW).await;
    let actor = Actor::Key(key.unwrap().unwrap().id);
    let submission = crate::Submission {
        actor,
        request_id: text("req-1 „é“"),
        ..submission(report(sale("order-1", 1_000)))
    };
    shop.engine.submit(org, submission).await.unwrap();

    let journal = shop.journal().await;
    let entry = journal.last().unwrap();
    assert_eq!(
        (entry.actor, &entry.request_id),
        (actor, &text("req-1 „é“"))
    );
    assert_eq!(journal[0].actor, Actor::Operator);
    assert_eq!(journal[0].conversion, None);
}

/// A shop in which everything that is journaled has happened.
async fn shop_with_a_past(store: &Shared) -> Shop {
    let shop = Shop::open(store).await;
    let by_ids = Claim::Membership {
        affiliate: shop.affiliate,
        program: shop.program,
    };
    shop.report(sale("order-1", 9_999)).await;
    shop.report(sale("order-1", 1)).await;
    shop.change_terms(share("33.3333333")).await;
    let overridden = Facts {
        amount_override: Some(usd(750)),
        claims: vec![Claim::Tag(tag("nobody")), by_ids],
        ..sale("order-2", 15_000)
    };
    shop.report(overridden).await;
    shop.report(sale("order-3", 1)).await;
    let agreed = Command::ChangeEnrollment {
        enrollment: shop.enrollment,
        tag: Some(tag("Été 2025")),
        slug: None,
        rate: Some(Some(rate("12.5"))),
        is_active: Some(true),
    };
    shop.run(agreed).await;
    let by_new_tag = Facts {
        claims: vec![Claim::Tag(tag("été 2025"))],
        total: None,
        subtotal: Some(usd(1_234)),
        ..sale("order-4", 1)
    };
    shop.report(by_new_tag).await;
    shop.run(Command::ChangeAffiliate {
        affiliate: shop.affiliate,
        name: None,
        email: Some(Some(text("sarah@example.com"))),
        customer: Some(Some(
            accrual_attribution::Identifier::parse("customer-7").unwrap(),
        )),
    })
    .await;
    shop
}
