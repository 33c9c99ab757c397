//! What rosters keep to.

use std::collections::BTreeSet;

use accrual_attribution::ProgramId;

use super::{Shared, fixture::*};
use crate::{
    ConversionId, EnrollmentState, Listing, Page, Refund, RefundKind, Roster, RosterQuery,
};

/// A roster has those who are asked for, by their numbers, in pages.
pub async fn a_roster_has_whoever_is_asked_for(store: Shared) {
    let shop = Shop::open(&store).await;
    let other = shop.create_program(share("10")).await;
    for name in ["tom", "ada", "eve"] {
        shop.join(name).await;
    }
    shop.enroll(shop.affiliate, other, "elsewhere").await;
    shop.change_enrollment(None, Some(false)).await.unwrap();

    let numbers = |roster: &Roster| {
        let members = roster.members.iter();
        let numbers = members.map(|one| one.enrollment.id.number());
        numbers.collect::<Vec<_>>()
    };
    let active = BTreeSet::from([EnrollmentState::Active]);
    let of_program = RosterQuery {
        program: Some(shop.program),
        ..RosterQuery::default()
    };
    let cases = [
        (RosterQuery::default(), vec![1, 2, 3, 4, 5]),
        (of_program.clone(), vec![1, 2, 3, 4]),
        (
            RosterQuery {
                states: active,
                ..of_program
            },
            vec![2, 3, 4],
        ),
        (
            RosterQuery {
                tag: Some(tag("ADA")),
                ..RosterQuery::default()
            },
            vec![3],
        ),
        (
            RosterQuery {
                states: BTreeSet::from([EnrollmentState::Applied]),
                ..RosterQuery::default()
            },
            vec![],
        ),
        (
            RosterQuery {
                program: Some(ProgramId::new(9)),
                ..RosterQuery::default()
            },
            vec![],
        ),
    ];
    for (query, expected) in cases {
        let roster = store.roster(shop.org, &query, everything()).await.unwrap();
        assert_eq!(numbers(&roster), expected, "{query:?}");
        assert_eq!(roster.count, expected.len() as u64);
    }
    for (skip, expected) in [(0, vec![1, 2]), (2, vec![3, 4]), (4, vec![5]), (6, vec![])] {
        let page = Page { skip, limit: 2 };
        let roster = store.roster(shop.org, &RosterQuery::default(), page).await;
        let roster = roster.unwrap();
        assert_eq!((numbers(&roster), roster.count), (expected, 5), "{skip}");
    }
    let elsewhere = organization(&store, "Another shop").await;
    let none = store
        .roster(elsewhere, &RosterQuery::default(), everything())
        .await;
    assert_eq!(none.unwrap(), Roster::default());
}

/// What a member has sold is what the list of its sales comes to.
pub async fn a_roster_shows_what_each_has_sold(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.join("tom").await;
    shop.report(sale("order-1", 1_000)).await;
    shop.report(sale("order-2", 2_000)).await;
    shop.report(bought("order-3", "c", "tom", 4_000)).await;
    let refund = Refund {
        conversion: ConversionId::new(1),
        kind: RefundKind::Refund,
        amount: None,
        at: None,
        note: None,
    };
    shop.run(crate::Command::Refund(refund)).await;

    let roster = store
        .roster(shop.org, &RosterQuery::default(), everything())
        .await
        .unwrap();
    assert_eq!(roster.members[0].affiliate.name, text("Sarah"));
    assert_eq!(roster.members[0].program, text("Summer"));
    for member in &roster.members {
        let listing = Listing {
            tag: Some(member.enrollment.tag.clone()),
            ..Listing::default()
        };
        let list = store.list(shop.org, &listing, everything()).await.unwrap();
        assert_eq!(member.totals, list.totals);
        assert!(!member.totals.is_empty());
    }
}
