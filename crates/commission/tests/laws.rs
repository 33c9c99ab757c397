//! Laws of deciding what a sale earns, for amounts up to the ends of the range.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::{Decimal, RoundingStrategy};

fn config() -> ProptestConfig {
    let cases = std::env::var("ACCRUAL_PROPTEST_CASES").map_or(10_000, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("ACCRUAL_PROPTEST_CASES is no number: {text}"))
    });
    // What is found is kept as a named example in the crate, not in a file of seeds.
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn any_minor() -> impl Strategy<Value = i64> + Clone {
    let ends = vec![i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    prop_oneof![1 => select(ends), 3 => any::<i64>(), 4 => -1_000_000..=1_000_000_i64]
}

/// What a sale or a fixed amount comes to: zero or more.
fn any_price() -> impl Strategy<Value = i64> + Clone {
    any_minor().prop_map(|minor| minor.saturating_abs())
}

fn any_currency() -> impl Strategy<Value = Currency> {
    select(Currency::all().collect::<Vec<_>>())
}

fn any_rate() -> impl Strategy<Value = Rate> {
    let fine = (0..=1_000_000_000_i64).prop_map(|billionths| Decimal::new(billionths, 9));
    let usual = (0..=1000_i64).prop_map(|thousandths| Decimal::new(thousandths, 3));
    prop_oneof![fine, usual]
        .prop_map(|fraction| Rate::from_fraction(fraction).unwrap_or(Rate::WHOLE))
}

fn any_sale_type() -> impl Strategy<Value = SaleType> {
    select(vec![SaleType::OneTime, SaleType::Subscription])
}

fn any_incentive(currency: Currency) -> impl Strategy<Value = Incentive> {
    let pay = prop_oneof![
        any_rate().prop_map(Pay::Share),
        any_price().prop_map(move |minor| Pay::Fixed(Money::from_minor(minor, currency))),
    ];
    let scope = prop_oneof![Just(Scope::All), any_sale_type().prop_map(Scope::Type)];
    (pay, scope).prop_map(|(pay, scope)| Incentive::new(pay).with_scope(scope))
}

fn any_terms(currency: Currency) -> impl Strategy<Value = Terms> {
    let incentives = prop::collection::vec(any_incentive(currency), 0..5);
    (any::<u32>(), incentives, any::<u16>()).prop_map(move |(version, incentives, hold_days)| {
        Terms::try_new(TermsVersion::new(version), currency, incentives)
            .unwrap()
            .with_hold_days(hold_days)
    })
}

/// A sale of this currency, its commission left to the terms; `minor` says what its amounts may be.
fn any_sale_of(
    minor: impl Strategy<Value = i64> + Clone,
    currency: Currency,
) -> impl Strategy<Value = Sale> {
    let amount = minor.prop_map(move |minor| Money::from_minor(minor, currency));
    let amounts = prop_oneof![
        amount.clone().prop_map(Sale::new),
        amount.clone().prop_map(Sale::of_subtotal),
        (amount.clone(), amount)
            .prop_map(|(total, subtotal)| Sale::new(total).with_subtotal(subtotal)),
    ];
    (amounts, any_sale_type()).prop_map(|(sale, sale_type)| sale.with_type(sale_type))
}

/// A sale under the terms of a program in its currency, and the rate of its enrollment.
fn any_usual() -> impl Strategy<Value = (Sale, Terms, Option<Rate>)> {
    any_currency().prop_flat_map(|currency| {
        let rate = prop::option::of(any_rate());
        (
            any_sale_of(any_price(), currency),
            any_terms(currency),
            rate,
        )
    })
}

/// Anything that can be written down: any amount, any override, any currencies.
fn any_unusual() -> impl Strategy<Value = (Sale, Terms, Option<Rate>)> {
    let override_ = prop::option::of((any_minor(), any_currency()));
    let currencies = (any_currency(), any_currency());
    let sales = currencies.prop_flat_map(|(one, other)| {
        let terms = prop_oneof![any_terms(one), any_terms(other)];
        (any_sale_of(any_minor(), one), terms, Just(one))
    });
    (
        sales,
        override_,
        any::<bool>(),
        prop::option::of(any_rate()),
    )
        .prop_map(|((sale, terms, currency), override_, is_same, rate)| {
            let sale = match override_ {
                Some((minor, other)) => sale.with_amount_override(Money::from_minor(
                    minor,
                    if is_same { currency } else { other },
                )),
                None => sale,
            };
            (sale, terms, rate)
        })
}

fn decided(sale: &Sale, terms: &Terms, rate: Option<Rate>) -> Result<Decision, DecideError> {
    let case = Case::new(sale, terms);
    decide(&match rate {
        Some(rate) => case.with_rate_override(rate),
        None => case,
    })
}

fn sale_amount(sale: &Sale) -> Money {
    sale.total().or(sale.subtotal()).unwrap()
}

/// A share by the decimal library's own multiplication and rounding, not by ours.
fn share_by_decimals(base: Money, rate: Rate) -> Money {
    let digits = base.currency().minor_digits();
    let share = (base.major() * rate.fraction())
        .round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    Money::try_from_major(share, base.currency()).unwrap()
}

/// The incentive that must pay: the first for the sale's type, else the first for every sale.
fn payer(sale: &Sale, terms: &Terms) -> Option<usize> {
    let first = |scope| {
        let mut all = terms.incentives().iter();
        all.position(|incentive| incentive.scope() == scope)
    };
    first(Scope::Type(sale.sale_type())).or_else(|| first(Scope::All))
}

proptest! {
    #![proptest_config(config())]

    /// Whoever has the reason can check the amount, without the sale or the terms; a zero too.
    #[test]
    fn a_reason_alone_recomputes_its_amount((sale, terms, rate) in any_unusual()) {
        if let Ok(decision) = decided(&sale, &terms, rate) {
            prop_assert_eq!(decision.reason.amount(), Ok(decision.amount));
            let by_hand = match decision.reason {
                Reason::SetByCaller(amount) | Reason::Fixed { amount, .. } => amount,
                Reason::Share { base, rate, .. } => share_by_decimals(base.amount, rate),
                Reason::Nothing { base, .. } => Money::zero(base.currency()),
            };
            prop_assert_eq!(decision.amount, by_hand);
        }
    }

    /// A commission is in the currency of its sale, and says which version of the terms it is by.
    #[test]
    fn a_commission_is_in_the_currency_of_its_sale((sale, terms, rate) in any_unusual()) {
        if let Ok(decision) = decided(&sale, &terms, rate) {
            prop_assert_eq!(decision.amount.currency(), sale_amount(&sale).currency());
            prop_assert_eq!(decision.terms_version, terms.version());
        }
    }

    /// The base is the total where it is known, else the subtotal.
    #[test]
    fn the_base_is_an_amount_of_the_sale((sale, terms, rate) in any_usual()) {
        match decided(&sale, &terms, rate)?.reason {
            Reason::Share { base, .. } | Reason::Nothing { base, .. } => {
                let reported = match base.kind {
                    BaseKind::Total => sale.total(),
                    BaseKind::Subtotal => sale.subtotal(),
                };
                prop_assert_eq!(Some(base.amount), reported);
                prop_assert_eq!(base.kind == BaseKind::Total, sale.total().is_some());
            }
            Reason::SetByCaller(_) | Reason::Fixed { .. } => {}
        }
    }

    /// A larger sale has no smaller base and earns no less.
    #[test]
    fn a_larger_sale_never_earns_less(
        (currency, terms) in any_currency().prop_flat_map(|one| (Just(one), any_terms(one))),
        (one, other) in (any_minor(), any_minor()),
        (sale_type, rate) in (any_sale_type(), prop::option::of(any_rate())),
        makes in select(vec![Sale::new, Sale::of_subtotal]),
    ) {
        let of = |minor| makes(Money::from_minor(minor, currency)).with_type(sale_type);
        let (small, large) = (of(one.min(other)), of(one.max(other)));
        prop_assert!(Base::of(&small).amount.minor() <= Base::of(&large).amount.minor());
        let (less, more) = (decided(&small, &terms, rate)?, decided(&large, &terms, rate)?);
        prop_assert!(less.amount.minor() <= more.amount.minor());
    }

    /// Nobody earns more than the sale, or owes for one, unless an amount is set outright.
    #[test]
    fn a_share_never_exceeds_its_base((sale, terms, rate) in any_usual()) {
        let decision = decided(&sale, &terms, rate)?;
        prop_assert!(!decision.amount.is_negative());
        if let Reason::Share { base, .. } = decision.reason {
            prop_assert!(decision.amount.minor() <= base.amount.minor());
        }
    }

    /// Any input is decided and explained, or refused for the right reason.
    #[test]
    fn any_input_is_decided_or_refused((sale, terms, rate) in any_unusual()) {
        let currency = sale_amount(&sale).currency();
        let fixed = match payer(&sale, &terms).map(|index| terms.incentives()[index].pay()) {
            Some(Pay::Fixed(amount)) => Some(amount),
            Some(Pay::Share(_)) | None => None,
        };
        let is_left_to_terms = sale.amount_override().is_none() && rate.is_none();
        let set = sale.amount_override().or(fixed.filter(|_| is_left_to_terms));
        match decided(&sale, &terms, rate) {
            Ok(decision) => {
                let is_paid = |amount: Money| amount == decision.amount && !amount.is_negative();
                prop_assert!(set.is_none_or(is_paid));
                prop_assert!(decision.reason.to_string().ends_with('.'));
                prop_assert!(decision.tried.iter().all(|tried| tried.to_string().ends_with('.')));
            }
            Err(DecideError::NegativeOverride { amount }) => {
                prop_assert!(amount.is_negative() && sale.amount_override() == Some(amount));
            }
            Err(DecideError::OtherCurrency { amount, currency: needed }) => {
                prop_assert_eq!((set, needed), (Some(amount), currency));
                prop_assert_ne!(amount.currency(), currency);
            }
            Err(DecideError::Money(error)) => prop_assert!(false, "{}", error),
        }
    }

    /// Any rules are terms, word for word, or refused for the right reason.
    #[test]
    fn any_rules_are_terms_or_refused(
        (currency, other) in (any_currency(), any_currency()),
        minors in prop::collection::vec((any_minor(), prop::bool::weighted(0.9)), 0..4),
    ) {
        let fixed = |(minor, is_own): &(i64, bool)| {
            Money::from_minor(*minor, if *is_own { currency } else { other })
        };
        let incentives: Vec<_> =
            minors.iter().map(|given| Incentive::new(Pay::Fixed(fixed(given)))).collect();
        let first_bad = minors.iter().map(fixed).find(|amount| {
            amount.currency() != currency || amount.is_negative()
        });
        match (Terms::try_new(TermsVersion::new(1), currency, incentives.clone()), first_bad) {
            (Ok(terms), None) => prop_assert_eq!(terms.incentives(), incentives),
            (Err(TermsError::OtherCurrency { amount, .. }), Some(bad)) => {
                prop_assert!(amount == bad && bad.currency() != currency);
            }
            (Err(TermsError::NegativeAmount { amount }), Some(bad)) => {
                prop_assert!(amount == bad && bad.currency() == currency);
            }
            (terms, bad) => prop_assert!(false, "{:?} with {:?}", terms, bad),
        }
    }

    /// What the caller sets is paid, whatever else has been agreed.
    #[test]
    fn an_override_by_the_caller_comes_first(
        (sale, terms, rate) in any_usual(),
        minor in any_price(),
    ) {
        let amount = Money::from_minor(minor, sale_amount(&sale).currency());
        let decision = decided(&sale.with_amount_override(amount), &terms, rate)?;
        prop_assert_eq!(decision.amount, amount);
        prop_assert_eq!(decision.reason, Reason::SetByCaller(amount));
        prop_assert_eq!(decision.tried, []);
    }

    /// Without that, the enrollment's own rate is paid, whatever the terms say.
    #[test]
    fn the_rate_of_the_enrollment_comes_second((sale, terms, _) in any_usual(), rate in any_rate()) {
        let decision = decided(&sale, &terms, Some(rate))?;
        let (base, source) = (Base::of(&sale), RateSource::Enrollment);
        prop_assert_eq!(decision.reason, Reason::Share { base, rate, source });
        prop_assert_eq!(decision.amount, share_by_decimals(sale_amount(&sale), rate));
        prop_assert_eq!(decision.tried, []);
    }

    /// Without either, the most specific incentive pays, of equals the first; each has its answer.
    #[test]
    fn the_most_specific_incentive_comes_third((sale, terms, _) in any_usual()) {
        let decision = decided(&sale, &terms, None)?;
        let number = |index: usize| IncentiveNumber::new(u32::try_from(index + 1).unwrap());
        let (base, payer) = (Base::of(&sale), payer(&sale, &terms));
        let expected = match payer.map(|index| (number(index), terms.incentives()[index].pay())) {
            Some((incentive, Pay::Share(rate))) => {
                Reason::Share { base, rate, source: RateSource::Incentive(incentive) }
            }
            Some((incentive, Pay::Fixed(amount))) => Reason::Fixed { amount, incentive },
            None if terms.incentives().is_empty() => {
                Reason::Nothing { base, why: Nothing::NoIncentives }
            }
            None => Reason::Nothing { base, why: Nothing::NoneCovers },
        };
        prop_assert_eq!(decision.reason, expected);

        let tried = terms.incentives().iter().enumerate().map(|(index, incentive)| {
            let outcome = match (incentive.scope(), payer) {
                _ if payer == Some(index) => TriedOutcome::Pays,
                (Scope::Type(named), _) if named != sale.sale_type() => {
                    TriedOutcome::DoesNotCover { scope: incentive.scope() }
                }
                (Scope::All | Scope::Type(_), Some(to)) => TriedOutcome::Yields { to: number(to) },
                (Scope::All | Scope::Type(_), None) => unreachable!("it would pay"),
            };
            Tried { incentive: number(index), outcome }
        });
        prop_assert_eq!(decision.tried, tried.collect::<Vec<_>>());
    }

    /// The same sale under the same terms comes to the same, however often it is asked.
    #[test]
    fn deciding_again_decides_the_same((sale, terms, rate) in any_unusual()) {
        let again = decided(&sale.clone(), &terms.clone(), rate);
        prop_assert_eq!(decided(&sale, &terms, rate), again);
    }
}
