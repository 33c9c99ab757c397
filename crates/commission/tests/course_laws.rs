//! Laws of sales that come one after the other, and of what is taken back.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::num::NonZero;

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use time::OffsetDateTime;

#[path = "tables/any.rs"]
mod any;
#[path = "tables/course.rs"]
mod course;

use any::*;
use course::Course;

const AT: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

/// Tiers at ascending amounts, each with a higher rate than the one before.
fn any_ascending(mode: TierMode) -> impl Strategy<Value = Incentive> {
    let tier = (1..=30_000_i64, 0..=15_i64);
    vec(tier, 1..6).prop_map(move |steps| {
        let (mut threshold, mut percent) = (0, 5);
        let tiers = steps.into_iter().map(|(above, more)| {
            threshold += above;
            percent += more;
            Tier {
                from: Threshold::Amount(usd(threshold)),
                pay: Pay::Share(Rate::from_percent(percent.into()).unwrap()),
            }
        });
        let tiers = Tiers {
            period: Period::Ever,
            mode,
            tiers: tiers.collect(),
        };
        Incentive {
            tiers: Some(tiers),
            ..Incentive::new(Pay::Share(Rate::from_percent(5.into()).unwrap()))
        }
    })
}

fn any_mode() -> impl Strategy<Value = TierMode> {
    select(vec![
        TierMode::ReachedBefore,
        TierMode::OwnSize,
        TierMode::Marginal,
        TierMode::Retroactive,
    ])
}

fn terms_of(incentive: Incentive) -> Terms {
    let rules = Rules {
        incentives: vec![incentive],
        ..Rules::new(Currency::USD)
    };
    terms(rules).unwrap()
}

fn after(amount: i64) -> History {
    let tally = Tally {
        conversions: 1,
        amount: usd(amount),
        earned: usd(0),
    };
    History {
        tallies: vec![(Period::Ever, tally)],
        ..History::default()
    }
}

fn sums(amounts: &[i64]) -> i64 {
    amounts.iter().sum()
}

/// What a decision froze, of a sale that earns by any terms.
fn any_earning() -> impl Strategy<Value = (Earning, Money)> {
    let parts = (
        any_sale_of(any_usual_price(), Currency::USD),
        any_rules(Currency::USD),
    );
    parts.prop_filter_map("a sale above zero that is decided", |(sale, rules)| {
        let terms = terms(rules).unwrap();
        let decision = decide(&Case::new(&sale, &terms, AT)).ok()?;
        sale.amount()
            .is_positive()
            .then(|| (decision.earning(), sale.amount()))
    })
}

proptest! {
    #![proptest_config(config())]

    /// However much is sold, in whatever order: no cap is ever passed, by lifts neither.
    #[test]
    fn a_cap_is_never_passed_in_whatever_order(
        rules in any_rules(Currency::USD),
        sales in vec(any_sale_of(any_usual_price(), Currency::USD), 1..8),
        order in vec(any::<Index>(), 8),
        lifts in any_ascending(TierMode::Retroactive),
    ) {
        let mut rules = rules;
        if rules.caps.customer.is_none() && rules.incentives.is_empty() {
            rules.caps.period = rules.caps.period.map(|cap| PeriodCap { period: Period::Ever, ..cap });
            rules.incentives.push(lifts);
        }
        let (terms, caps) = (terms(rules.clone()).unwrap(), rules.caps);
        let mut course = Course::new(&terms);
        let (mut left, mut picks) = (sales, order.iter());
        while !left.is_empty() {
            let sale = left.swap_remove(picks.next().unwrap().index(left.len()));
            let Ok(_) = course.sell(&sale, AT) else { return Ok(()) };
            let earned: Vec<i64> =
                course.earnings.iter().map(|(_, earning)| earning.full.minor()).collect();
            if let Some(cap) = caps.conversion {
                prop_assert!(earned.iter().all(|one| *one <= cap.minor()));
            }
            if let Some(cap) = caps.customer {
                prop_assert!(sums(&earned) <= cap.minor());
            }
            if let Some(cap) = caps.period {
                prop_assert!(sums(&earned) <= cap.amount.minor());
            }
        }
    }

    /// Who has sold more before never earns less, where tiers ascend; nor does the larger sale.
    #[test]
    fn who_sold_more_never_earns_less(
        incentive in any_mode().prop_flat_map(any_ascending),
        (one, other) in (0..100_000_i64, 0..100_000_i64),
        (small, more) in (0..100_000_i64, 0..100_000_i64),
    ) {
        let terms = terms_of(incentive);
        let earned = |minor, before| {
            let (sale, history) = (Sale::new(usd(minor)), after(before));
            decide(&Case::new(&sale, &terms, AT).with_history(&history)).map(|d| d.amount.minor())
        };
        let (less_before, more_before) = (one.min(other), one.max(other));
        prop_assert!(earned(small, less_before)? <= earned(small, more_before)?);
        prop_assert!(earned(small, less_before)? <= earned(small + more, less_before)?);
    }

    /// Piece by piece, what is sold at once earns the same as in parts, but for a rounding each.
    #[test]
    fn piece_by_piece_it_makes_no_difference_how_a_sale_is_cut(
        incentive in any_ascending(TierMode::Marginal),
        parts in vec(0..50_000_i64, 1..10),
    ) {
        let terms = terms_of(incentive);
        let whole = Sale::new(usd(sums(&parts)));
        let at_once = decide(&Case::new(&whole, &terms, AT))?.amount.minor();
        let mut course = Course::new(&terms);
        let mut in_parts = 0;
        for part in &parts {
            in_parts += course.sell(&Sale::new(usd(*part)), AT)?.amount.minor();
        }
        // Each is rounded by at most a half: the parts by that each, the whole by that once.
        let roundings = i64::try_from(parts.len()).unwrap() + 1;
        prop_assert!(2 * (at_once - in_parts).abs() <= roundings);
    }

    /// Without caps, a lift makes every sale of the period earn what the tier that is reached pays.
    #[test]
    fn a_lift_makes_every_sale_of_the_period_equal(
        incentive in any_ascending(TierMode::Retroactive),
        sales in vec(1..50_000_i64, 1..10),
    ) {
        let terms = terms_of(incentive.clone());
        let mut course = Course::new(&terms);
        for sale in &sales {
            course.sell(&Sale::new(usd(*sale)), AT)?;
        }
        let reached = incentive.tiers.unwrap().tiers.into_iter().rfind(|tier| match tier.from {
            Threshold::Amount(from) => from.minor() <= sums(&sales),
            Threshold::Count(_) => false,
        });
        let Pay::Share(rate) = reached.map_or(incentive.pay, |tier| tier.pay) else {
            return Err(TestCaseError::fail("only shares are paid"));
        };
        for (sale, (_, earning)) in sales.iter().zip(&course.earnings) {
            let by_tier = usd(*sale).share(rate).amount;
            prop_assert_eq!((earning.base, earning.full), (usd(*sale), by_tier));
        }
    }

    /// A lift takes nothing away, and keeps to the caps that it names.
    #[test]
    fn a_lift_takes_nothing_away_and_keeps_its_caps(
        earlier in vec((0..100_000_i64, 0..100_000_i64), 0..6),
        pay in any_pay(any_usual_price(), Currency::USD),
        cap in prop::option::of(0..100_000_i64),
        room in prop::option::of(0..100_000_i64),
    ) {
        let earlier: Vec<_> = earlier.iter().map(|(base, full)| {
            Earning { base: usd(*base), full: usd(*full), rate: None }
        }).collect();
        let lift = Lift {
            incentive: IncentiveNumber::new(1),
            tier: 1,
            period: Period::Ever,
            pay,
            conversion_cap: cap.map(usd),
            room: room.map(usd),
        };
        match lift.applied(&earlier) {
            Ok(lifted) => {
                let mut gained = 0;
                for (before, after) in earlier.iter().zip(&lifted) {
                    let (old, new) = (before.full.minor(), after.full.minor());
                    prop_assert!(new >= old);
                    prop_assert!(new <= before.lifted(pay)?.full.minor());
                    prop_assert!(cap.is_none_or(|cap| new <= cap.max(old)));
                    prop_assert!(new > old || after == before);
                    gained += new - old;
                }
                prop_assert_eq!(lifted.len(), earlier.len());
                prop_assert!(room.is_none_or(|room| gained <= room));
            }
            Err(error) => {
                let Pay::PerItem(each) = pay else { return Err(TestCaseError::fail("no items")) };
                prop_assert_eq!(error, EarningError::PerItem { each });
            }
        }
    }

    /// However a refund is cut up, and in whatever order: a sale refunded in full leaves nobody
    /// owed anything, and each difference in between is posted once.
    #[test]
    fn however_a_refund_is_cut_up_nothing_is_left_at_the_end(
        (earning, sale) in any_earning(),
        cuts in vec(1..=u64::from(u32::MAX), 1..8),
        order in vec(any::<Index>(), 8),
    ) {
        let (mut refunds, mut picks) = (sale.allocate(&cuts)?, order.iter());
        let (mut left, mut earned) = (sale, earning.full);
        let mut posted = earned.minor();
        while !refunds.is_empty() {
            let refund = refunds.swap_remove(picks.next().unwrap().index(refunds.len()));
            left = left.checked_sub(refund)?;
            let now = earning.of_remaining(left, sale)?;
            prop_assert!(!now.is_negative() && now.minor() <= earned.minor());
            posted -= earned.minor() - now.minor();
            earned = now;
        }
        prop_assert_eq!((left.minor(), earned.minor(), posted), (0, 0, 0));
    }

    /// What a part earns depends on nothing but the part: all of it for all, and for one share of
    /// the base what a sale of that size would earn.
    #[test]
    fn what_is_left_is_earned_whatever_was_refunded_before(
        minor in any_price(),
        rate in any_rate(),
        part in any_price(),
    ) {
        let (whole, part) = (usd(minor), usd(part.min(minor)));
        let full = whole.share(rate).amount;
        let pure = Earning { base: whole, full, rate: Some(rate) };
        prop_assert_eq!(pure.of_remaining(part, whole)?, part.share(rate).amount);
        let other = Earning { rate: None, ..pure };
        for earning in [pure, other] {
            prop_assert_eq!(earning.of_remaining(whole, whole)?, full);
            let of_part = earning.of_remaining(part, whole)?;
            prop_assert!(!of_part.is_negative() && of_part.minor() <= full.minor());
            if !whole.is_zero() {
                prop_assert!(earning.of_remaining(usd(0), whole)?.is_zero());
            }
        }
    }

    /// What is no part of a sale is refused.
    #[test]
    fn only_a_part_of_a_sale_can_be_left(part in any_minor(), whole in any_minor()) {
        let (part, whole) = (usd(part), usd(whole));
        let earning = Earning { base: usd(100), full: usd(10), rate: None };
        let is_part = 0 <= part.minor() && part.minor() <= whole.minor();
        match earning.of_remaining(part, whole) {
            Ok(_) => prop_assert!(is_part),
            Err(error) => {
                prop_assert!(!is_part);
                prop_assert_eq!(error, EarningError::NoPart { part, whole });
            }
        }
    }

    /// There is an amount for each level, none beyond what it is a share of.
    #[test]
    fn no_level_earns_more_than_it_is_a_share_of(
        rates in vec((any_rate(), 0..3_usize), 0..=Terms::MAX_LEVELS),
        (base, direct) in (any_price(), any_price()),
    ) {
        let kinds = [LevelBase::Sale, LevelBase::Direct, LevelBase::LevelBelow];
        let rules: Vec<_> =
            rates.iter().map(|(rate, kind)| Level { rate: *rate, of: kinds[*kind] }).collect();
        let amounts = levels(&rules, usd(base), usd(direct));
        prop_assert_eq!(amounts.len(), rules.len());
        let mut below = usd(direct);
        for (level, amount) in rules.iter().zip(amounts) {
            let of = match level.of {
                LevelBase::Sale => usd(base),
                LevelBase::Direct => usd(direct),
                LevelBase::LevelBelow => below,
            };
            prop_assert_eq!(amount, of.share(level.rate).amount);
            prop_assert!(!amount.is_negative() && amount.minor() <= of.minor());
            below = amount;
        }
    }

    /// A customer whose time is over never earns anything again.
    #[test]
    fn what_is_over_stays_over(payments in 0..10_u32, length in 1..10_u32, months in 0..40_i64) {
        let incentive = Incentive {
            length: Length { months: NonZero::new(12), payments: NonZero::new(length) },
            ..Incentive::new(Pay::Fixed(usd(100)))
        };
        let (terms, sale) = (terms_of(incentive), Sale::new(usd(1000)));
        let history = History {
            payments,
            first_payment_at: (payments > 0).then_some(AT),
            ..History::default()
        };
        let at = AT + time::Duration::days(31 * months);
        let decision = decide(&Case::new(&sale, &terms, at).with_history(&history))?;
        let is_over = payments >= length || payments > 0 && months >= 12;
        prop_assert_eq!(decision.amount.is_zero(), is_over);
        prop_assert_eq!(decision.incentive().is_none(), is_over);
    }
}
