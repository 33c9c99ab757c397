//! Laws of deciding what a sale earns, for amounts up to the ends of the range.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use accrual_commission::*;
use accrual_money::{Currency, Money, Rate};
use proptest::option;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};
use time::OffsetDateTime;

#[path = "tables/any.rs"]
mod any;

use any::*;

/// Everything that there is to decide, kept together.
#[derive(Clone, Debug)]
struct Given {
    sale: Sale,
    terms: Terms,
    at: OffsetDateTime,
    history: History,
    agreed: Option<Rate>,
}

impl Given {
    fn decided(&self) -> Result<Decision, DecideError> {
        self.decided_for(&self.sale)
    }

    fn decided_for(&self, sale: &Sale) -> Result<Decision, DecideError> {
        let case = Case::new(sale, &self.terms, self.at).with_history(&self.history);
        decide(&self.agreed.map_or(case, |rate| case.with_agreed_rate(rate)))
    }

    /// The place of the incentive that must take a line, searched the slow way.
    fn payer(&self, line: Option<&Line>) -> Option<usize> {
        let numbered = self.terms.incentives().iter().enumerate();
        let covering = numbered.filter(|(_, one)| covers(one, &self.sale, line));
        let key =
            |incentive: &Incentive| (incentive.scope.specificity(), incentive.conditions.len());
        let best = covering.max_by_key(|(place, one)| (key(one), std::cmp::Reverse(*place)));
        best.map(|(place, _)| place)
    }

    /// That of each line, or of the sale if it has none.
    fn payers(&self) -> Vec<Option<usize>> {
        match self.sale.lines() {
            [] => vec![self.payer(None)],
            lines => lines.iter().map(|line| self.payer(Some(line))).collect(),
        }
    }
}

fn covers(incentive: &Incentive, sale: &Sale, line: Option<&Line>) -> bool {
    let in_scope = match &incentive.scope {
        Scope::All => true,
        Scope::Type(sale_type) => *sale_type == sale.sale_type(),
        Scope::Monthly => sale.interval() == Some(Interval::Monthly),
        Scope::Yearly => sale.interval() == Some(Interval::Yearly),
        Scope::Products(names) => line.is_some_and(|line| names.contains(&line.product)),
        Scope::Prices(names) => {
            line.is_some_and(|line| line.price.iter().any(|price| names.contains(price)))
        }
    };
    in_scope
        && incentive
            .conditions
            .iter()
            .all(|condition| holds(condition, sale))
}

fn holds(condition: &Condition, sale: &Sale) -> bool {
    match condition {
        Condition::Country(countries) => countries.iter().any(|one| sale.country() == Some(*one)),
        Condition::Metadata { key, value } => sale
            .metadata()
            .iter()
            .any(|pair| pair == &(key.clone(), value.clone())),
    }
}

/// A sale under the terms of a program in its currency, left to the terms.
fn any_usual() -> impl Strategy<Value = Given> {
    any_currency().prop_flat_map(|currency| any_given(any_usual_price(), currency, currency))
}

fn any_given(
    minor: impl Strategy<Value = i64> + Clone + 'static,
    sale: Currency,
    program: Currency,
) -> impl Strategy<Value = Given> {
    let parts = (
        any_sale_of(minor, sale),
        any_rules(program),
        any_time(),
        any_history(program),
    );
    parts.prop_map(|(sale, rules, at, history)| Given {
        sale,
        terms: terms(rules).unwrap(),
        at,
        history,
        agreed: None,
    })
}

/// Anything that can be written down: any amounts, overrides and currencies.
fn any_unusual() -> impl Strategy<Value = Given> {
    let currencies = prop_oneof![
        2 => any_currency().prop_map(|one| (one, one)),
        1 => (any_currency(), any_currency()),
    ];
    currencies.prop_flat_map(|(sale, program)| {
        let exchange = if sale == program {
            Just(None).boxed()
        } else {
            option::of(any_exchange(sale, program)).boxed()
        };
        (
            any_given(any_minor(), sale, program),
            option::weighted(0.2, (any_minor(), any::<bool>())),
            option::weighted(0.2, any_rate()),
            option::weighted(0.2, any_rate()),
            exchange,
        )
            .prop_map(move |(mut given, set, rate, agreed, exchange)| {
                given.agreed = agreed;
                let set = set.map(|(minor, is_own)| {
                    Money::from_minor(minor, if is_own { sale } else { program })
                });
                given.sale = set.into_iter().fold(given.sale, Sale::with_amount_override);
                given.sale = rate.into_iter().fold(given.sale, Sale::with_rate_override);
                given.sale = exchange.into_iter().fold(given.sale, Sale::with_exchange);
                given
            })
    })
}

/// Rounded by the decimal library's own rule, not by ours.
fn rounded(exact: Decimal, currency: Currency) -> Money {
    let rounding = RoundingStrategy::MidpointAwayFromZero;
    let rounded = exact.round_dp_with_strategy(currency.minor_digits(), rounding);
    Money::try_from_major(rounded, currency).unwrap()
}

/// The amount of a reason before caps, by the decimal library's own arithmetic.
fn by_hand(reason: &Reason) -> Money {
    let of_parts = |parts: &[Part], currency| {
        let shares = parts.iter().map(|part| match &part.pay {
            PartPay::Whole(Pay::Share(rate) | Pay::ShareAndFixed { share: rate, .. }) => {
                part.of.major() * rate.fraction()
            }
            PartPay::Pieces(pieces) => pieces
                .iter()
                .map(|piece| piece.of.major() * piece.rate.fraction())
                .sum(),
            PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_)) | PartPay::Over(_) => Decimal::ZERO,
        });
        let fixed = parts.iter().map(|part| match &part.pay {
            PartPay::Whole(Pay::Fixed(fixed) | Pay::ShareAndFixed { fixed, .. }) => fixed.major(),
            PartPay::Whole(Pay::PerItem(each)) => each.major() * Decimal::from(part.items),
            PartPay::Whole(Pay::Share(_)) | PartPay::Pieces(_) | PartPay::Over(_) => Decimal::ZERO,
        });
        let fixed = Money::try_from_major(fixed.sum(), currency).unwrap();
        rounded(shares.sum(), currency).checked_add(fixed).unwrap()
    };
    match reason {
        Reason::SetByCaller { amount, .. } => *amount,
        Reason::Rate { of, rate, .. } => rounded(of.major() * rate.fraction(), of.currency()),
        Reason::Incentive(part) => of_parts(std::slice::from_ref(part), part.of.currency()),
        Reason::Lines { parts, uncovered } => {
            let first = parts
                .first()
                .map(|part| part.of)
                .or(uncovered.first().map(|u| u.amount));
            of_parts(parts, first.unwrap().currency())
        }
        Reason::Nothing { currency, .. } => Money::zero(*currency),
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whoever has the decision can check the amount, without the sale or the terms; a zero too.
    #[test]
    fn a_decision_alone_recomputes_its_amount(given in any_unusual()) {
        if let Ok(decision) = given.decided() {
            let full = by_hand(&decision.reason);
            prop_assert_eq!(decision.reason.amount(), Ok(full));
            let mut amount = full;
            for cut in &decision.cuts {
                prop_assert_eq!(cut.before, amount);
                let room = cut.limit.checked_sub(cut.earned).unwrap();
                prop_assert_eq!(cut.after.minor(), room.minor().max(0));
                prop_assert!(cut.after.minor() < cut.before.minor());
                amount = cut.after;
            }
            prop_assert_eq!(decision.amount, amount);
            prop_assert!(!decision.amount.is_negative());
            prop_assert_eq!(decision.terms_version, given.terms.version());
        }
    }

    /// A commission is in the program's currency if a rate is known, else in that of its sale.
    #[test]
    fn a_commission_is_in_the_currency_that_is_known(given in any_unusual()) {
        if let Ok(decision) = given.decided() {
            let expected = match given.sale.exchange() {
                Some(_) => given.terms.currency(),
                None => given.sale.currency(),
            };
            prop_assert_eq!(decision.amount.currency(), expected);
            prop_assert_eq!(decision.base.amount().currency(), expected);
        }
    }

    /// The base begins with an amount of the sale, each step follows from the one before, and it
    /// is never below zero.
    #[test]
    fn the_base_follows_from_its_steps(given in any_unusual()) {
        if let Ok(decision) = given.decided() {
            let (sale, mut amount) = (&given.sale, decision.base.reported);
            let reported = match decision.base.kind {
                BaseKind::Total => sale.total(),
                BaseKind::Subtotal => sale.subtotal(),
            };
            prop_assert_eq!(Some(amount), reported);
            for step in &decision.base.steps {
                amount = match &step.change {
                    BaseChange::LessShipping(less)
                    | BaseChange::LessDiscount(less)
                    | BaseChange::LessTax(less) => amount.checked_sub(*less).unwrap(),
                    BaseChange::WithoutTax(rate) => amount.without_included(*rate),
                    BaseChange::NotBelowZero => Money::zero(amount.currency()),
                    BaseChange::Exchanged(rate) => rate.convert(amount).unwrap(),
                };
                prop_assert_eq!(step.left, amount);
            }
            prop_assert_eq!(decision.base.amount(), amount);
            prop_assert!(!amount.is_negative());
        }
    }

    /// A price without its tax, and that tax on it, are the price again, but for the one rounding.
    #[test]
    fn a_price_without_its_tax_and_the_tax_are_the_price(minor in any_minor(), rate in any_rate()) {
        let price = Money::from_minor(minor, Currency::USD);
        let net = i128::from(price.without_included(rate).minor());
        let whole = 1_000_000_000_i128;
        let billionths = rate.fraction() * Decimal::from(whole);
        let billionths: i128 = billionths.normalize().to_string().parse().unwrap();
        let off = net * (whole + billionths) - i128::from(minor) * whole;
        prop_assert!(off.abs() * 2 <= whole + billionths);
    }

    /// Nobody earns more than the sale by shares, or owes for one.
    #[test]
    fn a_share_never_exceeds_its_base(given in any_usual()) {
        if let Ok(decision) = given.decided() {
            let base = decision.base.amount();
            let shares = match &decision.reason {
                Reason::Incentive(part) => std::slice::from_ref(part),
                Reason::Lines { parts, .. } => parts,
                Reason::SetByCaller { .. } | Reason::Rate { .. } | Reason::Nothing { .. } => &[],
            };
            let only_shares = shares.iter().all(|part| match part.pay {
                PartPay::Whole(Pay::Share(_)) | PartPay::Pieces(_) | PartPay::Over(_) => true,
                PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. }) => false,
            });
            if only_shares {
                prop_assert!(decision.amount.minor() <= base.minor());
            }
        }
    }

    /// A larger sale has no smaller base and earns no less, whatever is paid without tiers.
    #[test]
    fn a_larger_sale_never_earns_less(
        mut given in any_usual(),
        (one, other) in (any_usual_price(), any_usual_price()),
    ) {
        let currency = given.terms.currency();
        let mut rules = given.terms.rules().clone();
        rules.incentives.iter_mut().for_each(|incentive| incentive.tiers = None);
        given.terms = terms(rules).unwrap();
        let of = |minor: i64| {
            let sale = Sale::new(Money::from_minor(minor, currency));
            sale.with_type(given.sale.sale_type()).with_lines(given.sale.lines().to_vec())
        };
        let (small, large) = (of(one.min(other)), of(one.max(other)));
        if let (Ok(less), Ok(more)) = (given.decided_for(&small), given.decided_for(&large)) {
            prop_assert!(less.base.amount().minor() <= more.base.amount().minor());
            // By largest remainder a line may lose a unit to another as the whole grows.
            let slack = match more.reason {
                Reason::Lines { .. } => i64::try_from(large.lines().len()).unwrap(),
                _ => 0,
            };
            prop_assert!(less.amount.minor() <= more.amount.minor().saturating_add(slack));
        }
    }

    /// Any input is decided and explained, or refused for the right reason.
    #[test]
    fn any_input_is_decided_or_refused(given in any_unusual()) {
        let (sale, program) = (&given.sale, given.terms.currency());
        match given.decided() {
            Ok(decision) => {
                prop_assert!(decision.words().iter().all(|words| words.ends_with('.')));
                prop_assert!(decision.reason.to_string().ends_with('.'));
                prop_assert!(decision.tried.iter().all(|tried| tried.to_string().ends_with('.')));
            }
            Err(DecideError::NegativeOverride { amount }) => {
                prop_assert!(amount.is_negative() && sale.amount_override() == Some(amount));
            }
            Err(DecideError::OtherCurrency { amount, currency }) => {
                prop_assert_eq!((sale.amount_override(), currency), (Some(amount), sale.currency()));
                prop_assert_ne!(amount.currency(), currency);
            }
            Err(DecideError::NoExchangeRate { from, to }) => {
                prop_assert_eq!((from, to), (sale.currency(), program));
                prop_assert!(from != to && sale.exchange().is_none());
            }
            Err(DecideError::Money(_)) => {
                let ends = [sale.total(), sale.subtotal(), sale.amount_override()];
                let rules = given.terms.incentives().iter().map(|one| match one.pay {
                    Pay::Fixed(amount) | Pay::PerItem(amount) => Some(amount),
                    Pay::ShareAndFixed { fixed, .. } => Some(fixed),
                    Pay::Share(_) => None,
                });
                let is_large = |amount: Money| amount.minor().unsigned_abs() > 1 << 40;
                prop_assert!(ends.into_iter().chain(rules).flatten().any(is_large));
            }
            Err(
                error @ (DecideError::NegativeDeduction { .. }
                | DecideError::NegativeLine { .. }
                | DecideError::WrongExchangeRate { .. }),
            ) => prop_assert!(false, "{error}"),
        }
    }

    /// What the caller sets is paid, whatever else has been agreed, and no cap cuts it.
    #[test]
    fn an_override_by_the_caller_comes_first(mut given in any_usual(), minor in any_price()) {
        let amount = Money::from_minor(minor, given.sale.currency());
        given.sale = given.sale.with_amount_override(amount).with_rate_override(Rate::WHOLE);
        let decision = given.decided()?;
        prop_assert_eq!(decision.amount, amount);
        prop_assert_eq!(decision.reason, Reason::SetByCaller { set: amount, amount });
        prop_assert_eq!((decision.tried, decision.cuts), (vec![], vec![]));
    }

    /// Without that, the caller's rate is paid, and without that the enrollment's own, whatever
    /// the incentives say.
    #[test]
    fn a_rate_of_the_caller_or_the_enrollment_comes_second(
        mut given in any_usual(),
        rate in any_rate(),
        agreed in option::of(any_rate()),
    ) {
        let source = match agreed {
            Some(_) => {
                given.agreed = Some(rate);
                RateSource::Enrollment
            }
            None => {
                (given.agreed, given.sale) = (agreed, given.sale.with_rate_override(rate));
                RateSource::Caller
            }
        };
        let decision = given.decided()?;
        let of = decision.base.amount();
        match decision.reason {
            Reason::Nothing { why: Nothing::BelowMinimum { base, minimum }, .. } => {
                prop_assert!(base == of && base.minor() < minimum.minor());
            }
            reason => prop_assert_eq!(reason, Reason::Rate { of, rate, source }),
        }
        prop_assert_eq!(decision.tried, []);
    }

    /// Without either, each line goes to the most specific incentive, of equals the first.
    #[test]
    fn the_most_specific_incentive_comes_third(given in any_usual()) {
        let Ok(decision) = given.decided() else { return Ok(()) };
        let number = |place: usize| IncentiveNumber::new(u32::try_from(place + 1).unwrap());
        let payers: Vec<_> = given.payers().into_iter().map(|payer| payer.map(number)).collect();
        match &decision.reason {
            Reason::Nothing { why: Nothing::BelowMinimum { .. }, .. } => {}
            Reason::Nothing { why: Nothing::NoIncentives, .. } => {
                prop_assert!(given.terms.incentives().is_empty());
            }
            Reason::Nothing { why: Nothing::NoneCovers, .. } => {
                prop_assert!(payers.iter().all(Option::is_none));
            }
            Reason::Incentive(part) => {
                prop_assert!(payers.iter().all(|payer| *payer == Some(part.incentive)));
            }
            Reason::Lines { parts, uncovered } => {
                let parts = parts.iter().map(|part| (Some(part.incentive), &part.lines));
                for (payer, lines) in parts.chain([(None, uncovered)]) {
                    let of_payer = payers.iter().zip(1..).filter(|(other, _)| **other == payer);
                    let expected: Vec<u32> = of_payer.map(|(_, line)| line).collect();
                    let found: Vec<u32> = lines.iter().map(|line| line.line).collect();
                    prop_assert_eq!(found, expected);
                }
            }
            Reason::SetByCaller { .. } | Reason::Rate { .. } => prop_assert!(false),
        }
    }

    /// The lines' parts of the base sum to it, and each incentive's part is the sum of its lines.
    #[test]
    fn the_parts_of_the_lines_sum_to_the_base(given in any_usual()) {
        let Ok(decision) = given.decided() else { return Ok(()) };
        let base = decision.base.amount();
        match &decision.reason {
            Reason::Incentive(part) => prop_assert_eq!(part.of, base),
            Reason::Lines { parts, uncovered } => {
                let sum = |lines: &[LinePart]| {
                    Money::sum(lines.iter().map(|line| line.amount), base.currency()).unwrap()
                };
                for part in parts {
                    prop_assert_eq!(part.of, sum(&part.lines));
                }
                let of = parts.iter().map(|part| part.of).chain([sum(uncovered)]);
                prop_assert_eq!(Money::sum(of, base.currency()), Ok(base));
            }
            Reason::SetByCaller { .. } | Reason::Rate { .. } | Reason::Nothing { .. } => {}
        }
        for part in parts(&decision.reason) {
            if let PartPay::Pieces(pieces) = &part.pay {
                let of = pieces.iter().map(|piece| piece.of);
                prop_assert_eq!(Money::sum(of, base.currency()), Ok(part.of));
                prop_assert!(pieces.iter().all(|piece| piece.of.is_positive()));
            }
        }
    }

    /// Each incentive is answered, in order: those that take a line pay, and no others do.
    #[test]
    fn every_incentive_is_answered(given in any_usual()) {
        let Ok(decision) = given.decided() else { return Ok(()) };
        if let Reason::Nothing { why: Nothing::BelowMinimum { .. }, .. } = decision.reason {
            return Ok(());
        }
        let payers = given.payers();
        prop_assert_eq!(decision.tried.len(), given.terms.incentives().len());
        for (place, tried) in decision.tried.iter().enumerate() {
            let incentive = &given.terms.incentives()[place];
            prop_assert_eq!(tried.incentive.number() as usize, place + 1);
            let lines = given.sale.lines().iter().map(Some).chain([None]);
            let is_covering = lines.clone().any(|line| covers(incentive, &given.sale, line));
            let pays = payers.contains(&Some(place));
            match tried.outcome {
                TriedOutcome::Pays => prop_assert!(pays),
                TriedOutcome::IsOver => {
                    let part = parts(&decision.reason).iter().find(|p| p.incentive == tried.incentive);
                    prop_assert!(pays && matches!(part.unwrap().pay, PartPay::Over(_)));
                }
                TriedOutcome::Yields { to } => {
                    prop_assert!(is_covering && !pays);
                    prop_assert!(payers.contains(&Some(to.number() as usize - 1)));
                }
                TriedOutcome::ConditionNotMet { condition } => {
                    let unmet = incentive.conditions.iter().find(|one| !holds(one, &given.sale));
                    prop_assert_eq!(unmet.map(Condition::kind), Some(condition));
                }
                TriedOutcome::DoesNotCover { scope } => {
                    prop_assert!(!is_covering && scope == incentive.scope.kind());
                }
            }
        }
    }

    /// The same sale under the same terms comes to the same, however often it is asked.
    #[test]
    fn deciding_again_decides_the_same(given in any_unusual()) {
        prop_assert_eq!(given.decided(), given.clone().decided());
    }
}

fn parts(reason: &Reason) -> &[Part] {
    match reason {
        Reason::Incentive(part) => std::slice::from_ref(part),
        Reason::Lines { parts, .. } => parts,
        Reason::SetByCaller { .. } | Reason::Rate { .. } | Reason::Nothing { .. } => &[],
    }
}
