//! What reading keeps to.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use time::macros::datetime;

use super::{Shared, fixture::*};
use crate::{Channel, ConversionId, Listing, OrgId, Page, Sequence};

/// Page after page there is everything once, in order, whatever their size.
pub async fn pages_are_complete_and_in_order(store: Shared) {
    let shop = shop_of_seven(&store).await;
    let org = shop.org;
    for limit in [1, 2, 3, 7, 100, u32::MAX] {
        let (mut numbers, mut after) = (Vec::new(), ConversionId::new(0));
        loop {
            let page = store.conversions(org, after, limit).await.unwrap();
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last() else { break };
            after = last.conversion.id;
            numbers.extend(page.iter().map(|recorded| recorded.conversion.id.number()));
        }
        assert!(numbers.into_iter().eq(1..=7), "{limit}");

        let (mut places, mut after) = (Vec::new(), (Sequence::new(0), 0));
        loop {
            let page = store
                .transfers(org, shop.affiliate, None, after, limit)
                .await
                .unwrap();
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last() else { break };
            after = (last.sequence, last.position);
            places.extend(page.iter().map(|posting| posting.conversion.number()));
        }
        assert!(places.into_iter().eq(1..=7), "{limit}");
    }
    assert_eq!(
        store
            .conversions(org, ConversionId::new(0), 0)
            .await
            .unwrap(),
        []
    );
}

/// The journal, too, is read in pages.
pub async fn the_journal_is_read_in_pages(store: Shared) {
    let shop = shop_of_seven(&store).await;
    let whole = shop.journal().await;
    let (mut entries, mut after) = (Vec::new(), Sequence::new(0));
    loop {
        let page = store.journal(shop.org, after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.sequence;
        entries.extend(page);
    }
    assert_eq!(entries, whole);
    assert_eq!(
        i64::try_from(whole.len()).unwrap(),
        shop.head().await.sequence
    );
}

/// Programs, affiliates and enrollments come in the order of their numbers, after the place named.
pub async fn what_is_set_up_is_listed_in_order(store: Shared) {
    let shop = Shop::open(&store).await;
    let org = shop.org;
    for name in ["b", "a", "C"] {
        shop.create_affiliate(name).await;
        shop.create_program(share("10")).await;
    }
    let affiliates = store.affiliates(org, AffiliateId::new(1), 2).await.unwrap();
    let names: Vec<_> = affiliates
        .iter()
        .map(|one| (one.id.number(), one.name.as_str()))
        .collect();
    assert_eq!(names, [(2, "b"), (3, "a")]);
    let programs = store.programs(org, ProgramId::new(2), 100).await.unwrap();
    let numbers: Vec<_> = programs.iter().map(|one| one.id.number()).collect();
    assert_eq!(numbers, [3, 4]);
    let one = store.program(org, programs[0].id).await.unwrap();
    assert_eq!(one.as_ref(), Some(&programs[0]));
}

/// Enrollments can be read by program, by affiliate, by both, and in pages of that.
pub async fn enrollments_are_listed_by_program_and_affiliate(store: Shared) {
    let shop = Shop::open(&store).await;
    let other = shop.create_program(share("10")).await;
    let tom = shop.create_affiliate("Tom").await;
    shop.enroll(tom, shop.program, "tom").await;
    shop.enroll(shop.affiliate, other, "sarah-other").await;
    shop.enroll(tom, other, "tom-other").await;

    let cases = [
        (None, None, 0, 100, vec![1, 2, 3, 4]),
        (Some(shop.program), None, 0, 100, vec![1, 2]),
        (None, Some(shop.affiliate), 0, 100, vec![1, 3]),
        (None, Some(shop.affiliate), 0, 1, vec![1]),
        (None, Some(shop.affiliate), 1, 1, vec![3]),
        (Some(other), Some(tom), 0, 100, vec![4]),
        (Some(ProgramId::new(9)), None, 0, 100, vec![]),
    ];
    for (program, affiliate, after, limit, expected) in cases {
        let after = EnrollmentId::new(after);
        let found = store
            .enrollments(shop.org, program, affiliate, after, limit)
            .await;
        let numbers: Vec<_> = found.unwrap().iter().map(|one| one.id.number()).collect();
        assert_eq!(numbers, expected, "{program:?} {affiliate:?}");
    }
}

/// The history of a conversion has its entries, and no other's, in pages.
pub async fn a_history_is_of_one_conversion(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.report(sale("order-1", 1_000)).await;
    shop.report(sale("order-2", 2_000)).await;
    shop.report(sale("order-1", 3_000)).await;
    shop.report(sale("order-2", 2_000)).await;

    let cases = [
        (1, 0, 10, vec![4, 6]),
        (1, 0, 1, vec![4]),
        (1, 4, 10, vec![6]),
        (1, 5, 10, vec![6]),
        (1, 6, 10, vec![]),
        (2, 0, 10, vec![5]),
        (3, 0, 10, vec![]),
    ];
    for (number, after, limit, entries) in cases {
        let (id, after) = (ConversionId::new(number), Sequence::new(after));
        let history = store.history(shop.org, id, after, limit).await.unwrap();
        let sequences: Vec<_> = history
            .iter()
            .map(|entry| entry.sequence.number())
            .collect();
        assert_eq!(sequences, entries);
    }
}

/// What one affiliate earns is not in another's accounts.
pub async fn accounts_belong_to_one_affiliate(store: Shared) {
    let shop = Shop::open(&store).await;
    let tom = shop.create_affiliate("Tom").await;
    shop.report(sale("order-1", 1_000)).await;

    assert_eq!(store.balances(shop.org, tom, None).await.unwrap(), []);
    let start = (Sequence::new(0), 0);
    assert_eq!(
        store
            .transfers(shop.org, tom, None, start, 10)
            .await
            .unwrap(),
        []
    );
}

/// What does not exist is none or empty, and no error: here, elsewhere, and in no organization.
pub async fn what_does_not_exist_is_none_or_empty(store: Shared) {
    let shop = shop_of_seven(&store).await;
    let other = organization(&store, "Another shop").await;
    let unknown = OrgId::new(other.number() + 1_000);

    assert_eq!(
        store
            .conversion(shop.org, ConversionId::new(8))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store.program(shop.org, ProgramId::new(2)).await.unwrap(),
        None
    );
    assert_eq!(
        store
            .affiliate(shop.org, AffiliateId::new(2))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .enrollment(shop.org, EnrollmentId::new(2))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store.versions(shop.org, ProgramId::new(2)).await.unwrap(),
        []
    );
    for org in [other, unknown] {
        is_empty(&store, org, &shop).await;
    }
    assert_eq!(store.head(other).await.unwrap().unwrap().sequence, 0);
    assert_eq!(store.head(unknown).await.unwrap(), None);
}

/// Whether nothing of `shop` can be read as if it were in `org`.
async fn is_empty(store: &Shared, org: OrgId, shop: &Shop) {
    let (id, start) = (ConversionId::new(1), ConversionId::new(0));
    let (source, reference) = (source("shop"), reference("order-1"));
    assert_eq!(store.conversion(org, id).await.unwrap(), None);
    let found = store
        .conversion_by_reference(org, &source, &reference)
        .await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(store.conversions(org, start, 10).await.unwrap(), []);
    let history = store.history(org, id, Sequence::new(0), 10).await;
    assert_eq!(history.unwrap(), []);
    assert_eq!(store.journal(org, Sequence::new(0), 10).await.unwrap(), []);
    assert_eq!(store.program(org, shop.program).await.unwrap(), None);
    assert_eq!(
        store.programs(org, ProgramId::new(0), 10).await.unwrap(),
        []
    );
    assert_eq!(store.versions(org, shop.program).await.unwrap(), []);
    assert_eq!(store.affiliate(org, shop.affiliate).await.unwrap(), None);
    assert_eq!(
        store
            .affiliates(org, AffiliateId::new(0), 10)
            .await
            .unwrap(),
        []
    );
    assert_eq!(store.enrollment(org, shop.enrollment).await.unwrap(), None);
    let after = EnrollmentId::new(0);
    let found = store
        .enrollments(org, Some(shop.program), None, after, 10)
        .await;
    assert_eq!(found.unwrap(), []);
    assert_eq!(store.balances(org, shop.affiliate, None).await.unwrap(), []);
    let start = (Sequence::new(0), 0);
    let found = store.transfers(org, shop.affiliate, None, start, 10).await;
    assert_eq!(found.unwrap(), []);
    assert_eq!(store.totals(org).await.unwrap(), []);
}

/// A shop with seven sales.
async fn shop_of_seven(store: &Shared) -> Shop {
    let shop = Shop::open(store).await;
    for number in 1..=7 {
        shop.report(sale(&format!("order-{number}"), number * 1_000))
            .await;
    }
    shop
}

/// Each page of a list is the one that it is, whichever months its sales are in.
pub async fn a_page_is_found_over_the_ends_of_months(store: Shared) {
    let shop = Shop::open(&store).await;
    let times = [
        datetime!(2024-12-31 23:59:59 UTC),
        datetime!(2025-01-01 00:00 UTC),
        datetime!(2025-01-31 23:59:59 UTC),
        datetime!(2025-02-01 00:00 UTC),
        datetime!(2025-02-28 12:00 UTC),
        datetime!(2025-02-28 12:00 UTC),
        datetime!(2025-05-01 00:00 UTC),
    ];
    for (number, time) in times.into_iter().enumerate() {
        let mut sale = sale(&format!("order-{number}"), 1_000);
        sale.occurred_at = Some(time);
        shop.report(sale).await;
    }
    // With a channel, also the first pages are looked for by months.
    let listing = Listing {
        channel: Some(Channel::website()),
        ..Listing::default()
    };
    for limit in [1, 2, 3] {
        for skip in 0..=times.len() {
            let page = Page {
                skip: u64::try_from(skip).unwrap(),
                limit: u32::try_from(limit).unwrap(),
            };
            let list = store.list(shop.org, &listing, page).await.unwrap();
            let found = list.sales.iter().map(|sale| sale.reference.to_string());
            let newest_first = (0..times.len()).rev().skip(skip).take(limit);
            assert!(found.eq(newest_first.map(|number| format!("order-{number}"))));
        }
    }
}
