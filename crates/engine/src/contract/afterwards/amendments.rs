//! What an amendment looks at: levels and shares as they were, tiers and currencies as they are.

use accrual_attribution::{Claim, EnrollmentId};
use accrual_commission::{Change, Level, LevelBase, Pay, Threshold, TierMode};
use accrual_money::{Currency, Money, Rate};

use super::{FIRST, become_of};
use crate::contract::{Shared, earnings::tiered, fixture::*};
use crate::{Amendment, Command, ConversionId, EarnedBy, Enrolling, Error, Facts, TermsDraft};

pub(super) fn amend_to(conversion: ConversionId, total: Money) -> Command {
    Command::Amend(Box::new(Amendment {
        total: Some(Some(total)),
        ..Amendment::new(conversion)
    }))
}

fn level(rate: Rate, of: LevelBase) -> Level {
    Level { rate, of }
}

impl Shop {
    /// The same shop with an engine that has nothing in memory.
    fn restarted(self) -> Self {
        let engine = engine(&self.store);
        Self { engine, ..self }
    }

    async fn recruit(&self, name: &str, recruiter: EnrollmentId) -> EnrollmentId {
        let affiliate = self.create_affiliate(name).await;
        let enrolling = Enrolling {
            affiliate,
            program: self.program,
            tag: tag(name),
            slug: None,
            recruiter: Some(recruiter),
            rate: None,
        };
        match self.run(Command::Enroll(enrolling)).await {
            crate::Outcome::Enrollment(enrollment) => enrollment.id,
            other => panic!("not an enrollment: {other:?}"),
        }
    }

    async fn leave(&self, enrollment: EnrollmentId) {
        self.run(Command::ChangeEnrollment {
            enrollment,
            tag: None,
            slug: None,
            rate: None,
            is_active: Some(false),
        })
        .await;
    }

    async fn amounts(&self) -> Vec<Money> {
        let all = self.conversions().await;
        let commissions = all.iter().flat_map(|one| &one.commissions);
        commissions.map(|one| one.amount).collect()
    }
}

/// Who could earn from a sale when it was decided earns from what it came to, and nobody else.
pub async fn an_amended_sale_pays_those_above_as_they_were(store: Shared) {
    let mut terms = share("10");
    terms.rules.levels = [("5", LevelBase::Sale), ("2", LevelBase::Sale)]
        .map(|(percent, of)| level(rate(percent), of))
        .to_vec();
    let shop = Shop::open_with(&store, "The shop", terms).await;
    let tom = shop.recruit("tom", shop.enrollment).await;
    let una = shop.recruit("una", tom).await;
    shop.leave(tom).await;
    shop.report(bought("order-1", "c1", "una", 10_000)).await;
    shop.leave(shop.enrollment).await;
    let shop = shop.restarted();

    let after = shop.changed(amend_to(FIRST, usd(20_000))).await;

    let earned = after.commissions.iter();
    let earned: Vec<_> = earned
        .map(|one| (one.credit.enrollment, one.earned_by, one.amount))
        .collect();
    let expected = [
        (una, EarnedBy::Sale, usd(2_000)),
        (shop.enrollment, EarnedBy::Level(2), usd(400)),
    ];
    assert_eq!(earned, expected);
}

/// Whoever is above two sellers of one sale earns from each of them by itself.
pub async fn an_amended_sale_keeps_two_levels_of_one_recruiter_apart(store: Shared) {
    let mut terms = share("10");
    terms.rules.levels = vec![level(rate("10"), LevelBase::Direct)];
    let shop = Shop::open_with(&store, "The shop", terms).await;
    for name in ["tom", "una"] {
        shop.recruit(name, shop.enrollment).await;
    }
    let shared = Facts {
        claims: ["tom", "una"].map(|name| Claim::Tag(tag(name))).to_vec(),
        weights: vec![3, 1],
        ..sale("order-1", 40_000)
    };
    shop.report(shared).await;
    assert_eq!(shop.amounts().await, [3_000, 1_000, 300, 100].map(usd));

    shop.run(amend_to(FIRST, usd(80_000))).await;

    assert_eq!(shop.amounts().await, [6_000, 2_000, 600, 200].map(usd));
}

fn lifting(from: Threshold) -> TermsDraft {
    let (base, above) = (Pay::Share(rate("10")), Pay::Share(rate("15")));
    tiered(TierMode::Retroactive, from, base, above)
}

/// An amendment reaches a tier with what is sold by now, and lifts it: the later sales as well.
pub async fn an_amended_sale_lifts_what_was_sold_by_now(store: Shared) {
    let terms = lifting(Threshold::Amount(usd(20_000)));
    let shop = Shop::open_with(&store, "The shop", terms).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.report(sale("order-2", 6_000)).await;
    assert_eq!(shop.amounts().await, [1_000, 600].map(usd));
    let shop = shop.restarted();

    shop.run(amend_to(FIRST, usd(14_000))).await;

    assert_eq!(shop.amounts().await, [2_100, 900].map(usd));
    assert_eq!(shop.history(ConversionId::new(2)).await.len(), 2);
}

/// A sale in another currency is in none of the program's sums, so nothing of it is taken off them.
pub async fn an_amended_sale_takes_off_what_it_has_put_on(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", lifting(Threshold::Count(3))).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.report(sale("order-2", 10_000)).await;
    let euros = |minor| Money::from_minor(minor, Currency::EUR);
    let third = Facts {
        total: Some(euros(10_000)),
        ..sale("order-3", 0)
    };
    let third = recorded(&shop.report(third).await).clone();
    assert_eq!(third.commissions[0].amount, euros(1_500));

    let id = third.conversion.id;
    let after = shop.commission(amend_to(id, euros(20_000))).await;

    assert_eq!(after.amount, euros(3_000));
}

/// What was declined, cancelled or refunded altogether has nothing that could be decided again.
pub async fn a_sale_that_was_called_off_is_not_amended(store: Shared) {
    let shop = Shop::open(&store).await;
    let ways = [Change::Decline, Change::Cancel, Change::Refund];
    for (change, number) in ways.into_iter().zip(1..) {
        let id = ConversionId::new(number);
        shop.report(sale(&format!("order-{number}"), 1_000)).await;
        shop.run(become_of(id, change)).await;
        let head = shop.head().await;
        let refused = shop.submit(amend_to(id, usd(2_000))).await;
        assert_eq!(refused, Err(Error::CalledOff(id)), "{change:?}");
        assert_eq!(shop.head().await, head);
    }
}
