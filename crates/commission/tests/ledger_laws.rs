//! Laws of statuses and of the ledger, for amounts up to the ends of the range.
//!
//! Each law is tried on `ACCRUAL_PROPTEST_CASES` cases, 10 000 unless it says otherwise
//! (`PROPTEST_CASES` is proptest's own and is not read here).
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;

use accrual_attribution::AffiliateId;
use accrual_commission::*;
use accrual_money::{Currency, Money};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use time::{Duration, OffsetDateTime};

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

/// Often the same instant, or the one before or after it.
fn any_time() -> impl Strategy<Value = OffsetDateTime> {
    prop_oneof![-1..=1_i64, -100_000..100_000_i64]
        .prop_map(|seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds))
}

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        3 => any_time().prop_map(|until| Status::Pending { until }),
        1 => any::<bool>().prop_map(|externally| Status::Paid { externally }),
        6 => select(vec![
            Status::AwaitingApproval,
            Status::Payable,
            Status::InPayout,
            Status::Declined,
            Status::Cancelled,
            Status::Refunded,
            Status::Disputed,
        ]),
    ]
}

/// Every change that the table names.
fn changes() -> Vec<Change> {
    let mut changes: Vec<_> = TRANSITIONS.iter().map(|(_, change, _)| *change).collect();
    changes.sort();
    changes.dedup();
    changes
}

/// A commission of one of three affiliates in one of two currencies, and what happens to it:
/// each step picks among the changes that its status allows.
#[derive(Clone, Debug)]
struct Life {
    affiliate: AffiliateId,
    amount: Money,
    is_held: bool,
    steps: Vec<Index>,
}

fn any_life() -> impl Strategy<Value = Life> {
    let currency = select(vec![Currency::USD, Currency::JPY]);
    let steps = prop::collection::vec(any::<Index>(), 0..6);
    (1..=3_i64, any_minor(), currency, any::<bool>(), steps).prop_map(
        |(affiliate, minor, currency, is_held, steps)| Life {
            affiliate: AffiliateId::new(affiliate),
            amount: Money::from_minor(minor.saturating_abs(), currency),
            is_held,
            steps,
        },
    )
}

const RECORDED: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const LATER: OffsetDateTime = RECORDED.saturating_add(Duration::DAY);

impl Life {
    /// Its transfers in order, and the status that it ends with.
    fn run(&self) -> (Vec<Transfer>, Status) {
        let until = self.is_held.then_some(LATER);
        let mut status = Status::at_creation(until, RECORDED);
        let mut transfers: Vec<_> = self.movement(None, status).into_iter().collect();
        for step in &self.steps {
            let allowed: Vec<_> = TRANSITIONS
                .iter()
                .filter(|(from, _, _)| *from == status.kind())
                .collect();
            if allowed.is_empty() {
                break;
            }
            let (_, change, _) = step.get(&allowed);
            let after = status.after(*change, LATER).unwrap();
            transfers.extend(self.movement(Some(status), after));
            status = after;
        }
        (transfers, status)
    }

    fn movement(&self, before: Option<Status>, after: Status) -> Option<Transfer> {
        movement(self.affiliate, before, after, self.amount)
    }
}

/// The sums of transfers, by an account book of the test's own, wide enough for any of them.
fn sums(transfers: &[Transfer]) -> BTreeMap<(Account, Currency), i128> {
    let mut sums = BTreeMap::new();
    for transfer in transfers {
        let (amount, currency) = (transfer.amount().minor(), transfer.amount().currency());
        *sums.entry((transfer.from(), currency)).or_default() -= i128::from(amount);
        *sums.entry((transfer.to(), currency)).or_default() += i128::from(amount);
    }
    sums
}

proptest! {
    #![proptest_config(config())]

    /// What the table has happens, what it has not is refused, and nothing matures early.
    #[test]
    fn a_status_changes_as_the_table_says(
        status in any_status(),
        change in select(changes()),
        now in any_time(),
    ) {
        let row = TRANSITIONS
            .iter()
            .find(|(from, by, _)| (*from, *by) == (status.kind(), change));
        match (status.after(change, now), status) {
            (Ok(after), _) => {
                prop_assert_eq!(row.map(|(_, _, to)| *to), Some(after.kind()));
                if let Status::Paid { externally } = after {
                    prop_assert_eq!(externally, change == Change::PayExternally);
                }
            }
            (Err(TransitionError::NotYet { until }), Status::Pending { until: held }) => {
                prop_assert!(row.is_some() && change == Change::Mature);
                prop_assert!(until == held && now < until);
            }
            (Err(error), _) => {
                let from = status.kind();
                prop_assert_eq!((row, error), (None, TransitionError::NotAllowed { from, change }));
            }
        }
    }

    /// A new commission is held for as long as it is to be, and not a moment longer.
    #[test]
    fn a_commission_is_held_until_its_time(until in any_time(), now in any_time()) {
        let status = Status::at_creation(Some(until), now);
        prop_assert_eq!(status == Status::Pending { until }, now < until);
        prop_assert_eq!(status == Status::Payable, now >= until);
        prop_assert_eq!(Status::at_creation(None, now), Status::Payable);
    }

    /// A balance is the sum of its transfers, and all balances of a currency sum to nothing.
    #[test]
    fn balances_are_sums_of_transfers(lives in prop::collection::vec(any_life(), 0..4)) {
        let transfers: Vec<_> = lives.iter().flat_map(|life| life.run().0).collect();
        let (mut balances, mut posted) = (Balances::default(), Vec::new());
        for transfer in transfers {
            let before = balances.clone();
            // What does not fit is refused, and then nothing has changed.
            match balances.post(&transfer) {
                Ok(()) => posted.push(transfer),
                Err(_) => prop_assert_eq!(&balances, &before),
            }
        }
        let sums = sums(&posted);
        let kept = balances.iter().map(|(account, amount)| {
            ((account, amount.currency()), i128::from(amount.minor()))
        });
        prop_assert_eq!(kept.collect::<BTreeMap<_, _>>(), sums.clone());
        for currency in [Currency::USD, Currency::JPY] {
            let of_currency = sums.iter().filter(|((_, other), _)| *other == currency);
            prop_assert_eq!(of_currency.map(|(_, sum)| sum).sum::<i128>(), 0);
        }
    }

    /// Whatever happened to a commission, its amount is in the one account of its status, and has
    /// been an expense; once it is declined, cancelled or refunded, nothing of it is left.
    #[test]
    fn a_commission_is_in_the_account_of_its_status(life in any_life()) {
        let (transfers, status) = life.run();
        let mut balances = Balances::default();
        for transfer in &transfers {
            prop_assert!(transfer.amount().is_positive() && transfer.from() != transfer.to());
            prop_assert_eq!(balances.post(transfer), Ok(()));
        }
        let (affiliate, amount) = (life.affiliate, life.amount);
        let holder = Account::of(status.kind(), affiliate);
        let is_over = matches!(status, Status::Declined | Status::Cancelled | Status::Refunded);
        prop_assert_eq!(holder == Account::Expense, is_over);

        let own = [Account::Pending, Account::Payable, Account::Paid];
        for account in own.map(|of| of(affiliate)) {
            let expected = if account == holder { amount.minor() } else { 0 };
            prop_assert_eq!(balances.of(account, amount.currency()).minor(), expected);
        }
        let expense = if is_over { 0 } else { -amount.minor() };
        prop_assert_eq!(balances.of(Account::Expense, amount.currency()).minor(), expense);
    }

    /// Only what is above zero can be moved, and only from one account to another.
    #[test]
    fn a_transfer_moves_something_somewhere(
        minor in any_minor(),
        currency in select(vec![Currency::USD, Currency::JPY]),
        (from, to) in (0..4_usize, 0..4_usize),
    ) {
        let affiliate = AffiliateId::new(1);
        let accounts = [
            Account::Expense,
            Account::Pending(affiliate),
            Account::Payable(affiliate),
            Account::Paid(affiliate),
        ];
        let amount = Money::from_minor(minor, currency);
        match Transfer::try_new(accounts[from], accounts[to], amount) {
            Ok(transfer) => {
                prop_assert!(minor > 0 && from != to);
                prop_assert_eq!((transfer.from(), transfer.to()), (accounts[from], accounts[to]));
            }
            Err(LedgerError::NotPositive { .. }) => prop_assert!(minor <= 0),
            Err(LedgerError::SameAccount { .. }) => prop_assert!(minor > 0 && from == to),
        }
    }
}
