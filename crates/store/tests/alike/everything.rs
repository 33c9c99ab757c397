//! All that there is, asked for in every way.

use std::collections::BTreeSet;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::{Period, TermsVersion};
use accrual_engine::{
    ConversionId, Head, Needs, Recorded, Referral, Reports, Sequence, ShopId, ShopKey,
    ShopPlatform, Span, from_micros, micros,
};
use accrual_money::Currency;
use time::{Duration, OffsetDateTime};

use crate::{pair::Pair, story};

const ALL: u32 = 10_000;

async fn head(pair: &Pair) -> Head {
    let head = pair.memory.head(pair.org).await.unwrap();
    head.unwrap()
}

pub(crate) async fn conversions(pair: &Pair) -> Vec<Recorded> {
    let all = pair.memory.conversions(pair.org, ConversionId::new(0), ALL);
    all.await.unwrap()
}

async fn referrals(pair: &Pair) -> Vec<Referral> {
    let all = pair.memory.referrals(pair.org, ReferralId::new(0), ALL);
    all.await.unwrap()
}

/// Numbers from 1 to one that does not exist.
fn numbers<T: Ord>(last: i64, id: fn(i64) -> T) -> BTreeSet<T> {
    (1..=last + 1).map(id).collect()
}

/// Each kind of need alone, and all of them at once.
pub(crate) async fn is_found_alike(pair: &Pair) {
    let head = head(pair).await;
    let all = conversions(pair).await;
    let facts = || all.iter().map(|one| &one.conversion.facts);
    let enrollments = numbers(head.last_enrollment, EnrollmentId::new);
    let found = Needs {
        enrollments: enrollments.clone(),
        promo_codes: numbers(head.last_promo_code, PromoCodeId::new),
        ..Needs::default()
    };
    let found = pair.look(&found).await;
    let set_up = Needs {
        programs: numbers(head.last_program, ProgramId::new),
        versions: (1..=4)
            .flat_map(|version| {
                let version = TermsVersion::new(version);
                numbers(head.last_program, ProgramId::new)
                    .into_iter()
                    .map(move |program| (program, version))
            })
            .collect(),
        affiliates: numbers(head.last_affiliate, AffiliateId::new),
        tags: found
            .enrollments
            .iter()
            .map(|one| one.tag.clone())
            .collect(),
        slugs: found
            .enrollments
            .iter()
            .filter_map(|one| one.slug.clone())
            .collect(),
        memberships: found
            .enrollments
            .iter()
            .map(|one| (one.affiliate, one.program))
            .collect(),
        enrolled: numbers(head.last_affiliate, AffiliateId::new),
        codes: found
            .promo_codes
            .iter()
            .map(|one| one.code.clone())
            .collect(),
        shops: numbers(head.last_shop, ShopId::new),
        shop_keys: story::SHOPS
            .iter()
            .chain(&["nowhere"])
            .map(|key| (ShopPlatform::Shopify, ShopKey::parse(*key).unwrap()))
            .collect(),
        ..Needs::default()
    };
    pair.look(&set_up).await;
    let people = Needs {
        referrals: numbers(head.last_referral, ReferralId::new),
        people: facts()
            .flat_map(|facts| facts.identity().known_by().collect::<Vec<_>>())
            .collect(),
        ..Needs::default()
    };
    pair.look(&people).await;
    let sales = Needs {
        references: facts()
            .map(|facts| (facts.source.clone(), facts.reference.clone()))
            .collect(),
        ..Needs::default()
    };
    assert_eq!(pair.look(&sales).await.recorded, all);
    let spans = spans(&enrollments, &all);
    let last = all.last().map(|one| one.conversion.recorded_at);
    let needs = Needs {
        conversions: numbers(head.last_conversion, ConversionId::new),
        decided: numbers(head.last_conversion, ConversionId::new),
        tallies: spans.clone(),
        payable: numbers(head.last_affiliate, AffiliateId::new)
            .into_iter()
            .flat_map(|affiliate| [(affiliate, Currency::USD), (affiliate, Currency::JPY)])
            .collect(),
        due: last.map(|last| last + Duration::days(8)),
        ..sales
    };
    pair.look(&needs).await;
    let alone = Needs {
        spans,
        ..Needs::default()
    };
    pair.look(&alone).await;
}

/// Spans of every length, of every enrollment.
fn spans(enrollments: &BTreeSet<EnrollmentId>, all: &[Recorded]) -> BTreeSet<Span> {
    let days: BTreeSet<_> = all.iter().map(|one| one.conversion.day).collect();
    let week = Period::RollingDays(std::num::NonZeroU16::new(7).unwrap());
    let periods = [Period::CalendarMonth, week, Period::Ever];
    let mut spans = BTreeSet::new();
    for day in days.iter().rev().take(3) {
        for enrollment in enrollments {
            let of = |period| Span::of(*enrollment, Currency::USD, period, *day);
            spans.extend(periods.map(of));
        }
    }
    spans
}

/// Asserts that both stores give the same answer.
macro_rules! alike {
    ($pair:ident . $method:ident ( $($argument:expr),* )) => {{
        let plain = $pair.memory.$method($pair.org, $($argument),*).await.unwrap();
        let found = $pair.sql.$method($pair.org, $($argument),*).await.unwrap();
        assert_eq!(found, plain);
        plain
    }};
}

/// Every report, of everything that there is and of what there is not.
pub(crate) async fn is_reported_alike(pair: &Pair) {
    alike!(pair.head());
    let all = alike!(pair.conversions(ConversionId::new(0), ALL));
    assert_eq!(all.len(), conversions(pair).await.len());
    alike!(pair.conversions(ConversionId::new(3), 4));
    let head = head(pair).await;
    for id in numbers(head.last_conversion, ConversionId::new) {
        alike!(pair.conversion(id));
        alike!(pair.history(id, Sequence::new(0), ALL));
        alike!(pair.history(id, Sequence::new(10), 2));
    }
    for recorded in &all {
        let facts = &recorded.conversion.facts;
        alike!(pair.conversion_by_reference(&facts.source, &facts.reference));
    }
    alike!(pair.journal(Sequence::new(0), ALL));
    for id in numbers(head.last_program, ProgramId::new) {
        alike!(pair.program(id));
        alike!(pair.versions(id));
        for affiliate in numbers(head.last_affiliate, AffiliateId::new) {
            alike!(pair.enrollments(Some(id), Some(affiliate), EnrollmentId::new(0), ALL));
        }
    }
    alike!(pair.programs(ProgramId::new(1), ALL));
    alike!(pair.affiliates(AffiliateId::new(0), 2));
    alike!(pair.shops(ShopId::new(0), ALL));
    alike!(pair.shops(ShopId::new(1), 1));
    for id in numbers(head.last_enrollment, EnrollmentId::new) {
        alike!(pair.enrollment(id));
        alike!(pair.tallies(id));
    }
    for id in numbers(head.last_promo_code, PromoCodeId::new) {
        alike!(pair.promo_code(id));
    }
    alike!(pair.promo_codes(PromoCodeId::new(1), ALL));
    for id in numbers(head.last_referral, ReferralId::new) {
        alike!(pair.referral(id));
    }
    alike!(pair.referrals(ReferralId::new(2), 3));
    assert!(!referrals(pair).await.is_empty());
    for id in numbers(head.last_affiliate, AffiliateId::new) {
        alike!(pair.affiliate(id));
        accounts_are_alike(pair, id).await;
    }
    alike!(pair.totals());
    alike!(pair.next_due());
}

/// Accounts, and what they were at the very moments at which something was moved.
async fn accounts_are_alike(pair: &Pair, affiliate: AffiliateId) {
    let start = (Sequence::new(0), 0);
    let all = alike!(pair.transfers(affiliate, None, start, ALL));
    alike!(pair.balances(affiliate, None));
    let shortly = Duration::nanoseconds(1);
    let moments: BTreeSet<OffsetDateTime> = all.iter().map(|posting| posting.at).collect();
    for moment in moments.into_iter().step_by(7) {
        assert_eq!(from_micros(micros(moment)), Some(moment));
        for before in [moment - shortly, moment, moment + shortly] {
            alike!(pair.balances(affiliate, Some(before)));
            let until = story::time(40);
            alike!(pair.transfers(affiliate, Some(before..until), start, ALL));
            alike!(pair.transfers(affiliate, Some(before..until), start, 2));
        }
    }
}
