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

#[path = "tables/any.rs"]
mod any;

use any::{any_minor, config};

/// Often the same instant, or the one before or after it.
fn any_time() -> impl Strategy<Value = OffsetDateTime> {
    prop_oneof![-1..=1_i64, -100_000..100_000_i64]
        .prop_map(|seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds))
}

fn any_status() -> impl Strategy<Value = Status> {
    let until = prop::option::of(any_time());
    prop_oneof![
        3 => any_time().prop_map(|until| Status::Pending { until }),
        2 => until.prop_map(|until| Status::AwaitingApproval { until }),
        1 => any::<bool>().prop_map(|externally| Status::Paid { externally }),
        3 => any_before().prop_map(|before| Status::Disputed { before }),
        5 => select(vec![
            Status::Payable,
            Status::InPayout,
            Status::Declined,
            Status::Cancelled,
            Status::Refunded,
        ]),
    ]
}

fn any_before() -> impl Strategy<Value = BeforeDispute> {
    let until = prop::option::of(any_time());
    prop_oneof![
        any_time().prop_map(|until| BeforeDispute::Pending { until }),
        until.prop_map(|until| BeforeDispute::AwaitingApproval { until }),
        Just(BeforeDispute::Payable),
        any::<bool>().prop_map(|externally| BeforeDispute::Paid { externally }),
    ]
}

/// Every change that the table names.
fn changes() -> Vec<Change> {
    let mut changes: Vec<_> = TRANSITIONS.iter().map(|(_, change, _)| *change).collect();
    changes.sort();
    changes.dedup();
    changes
}

/// A commission of one of three affiliates in one of two currencies, and what happens to it: each
/// step picks among the changes that its status allows, and changes what it comes to.
#[derive(Clone, Debug)]
struct Life {
    affiliate: AffiliateId,
    currency: Currency,
    until: Option<OffsetDateTime>,
    approval: Approval,
    amounts: Vec<(i64, Index)>,
}

fn any_life() -> impl Strategy<Value = Life> {
    let currency = select(vec![Currency::USD, Currency::JPY]);
    let amount = any_minor().prop_map(|minor| minor.saturating_abs());
    let amounts = prop::collection::vec((amount, any::<Index>()), 1..8);
    let until = prop::option::of(Just(LATER));
    let approval = select(vec![Approval::Automatic, Approval::ByPerson]);
    (1..=3_i64, currency, until, approval, amounts).prop_map(
        |(affiliate, currency, until, approval, amounts)| Life {
            affiliate: AffiliateId::new(affiliate),
            currency,
            until,
            approval,
            amounts,
        },
    )
}

const RECORDED: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const LATER: OffsetDateTime = RECORDED.saturating_add(Duration::DAY);

impl Life {
    /// Its transfers in order, and the position that it ends in.
    fn run(&self) -> (Vec<Transfer>, Position) {
        let mut status = Status::at_creation(self.approval, self.until, RECORDED);
        let mut position = Position::nothing(self.currency);
        let (mut transfers, mut paid) = (Vec::new(), Money::zero(self.currency));
        for (minor, step) in &self.amounts {
            let amount = Money::from_minor(*minor, self.currency);
            (status, paid) = step_of(status, step, amount, paid);
            let after = Position::of(status, amount, paid).unwrap();
            transfers.extend(Position::transfers(&position, &after, self.affiliate));
            position = after;
        }
        (transfers, position)
    }
}

/// One of the changes that the status allows; what is paid is what the commission comes to then.
fn step_of(status: Status, step: &Index, amount: Money, paid: Money) -> (Status, Money) {
    let allowed: Vec<_> = TRANSITIONS
        .iter()
        .filter(|row| row.0 == status.kind())
        .collect();
    if allowed.is_empty() {
        return (status, paid);
    }
    let (_, change, _) = step.get(&allowed);
    let after = status.after(*change, LATER).unwrap();
    let paid = match change {
        Change::Pay | Change::PayExternally => amount,
        Change::Unpay => Money::zero(amount.currency()),
        _ => paid,
    };
    (after, paid)
}

/// Any position that a commission can be in.
fn any_position(currency: Currency) -> impl Strategy<Value = Position> {
    let amount =
        any_minor().prop_map(move |minor| Money::from_minor(minor.saturating_abs(), currency));
    let paid = prop_oneof![Just(Money::zero(currency)).boxed(), amount.clone().boxed()];
    (any_status(), amount, paid)
        .prop_map(|(status, amount, paid)| Position::of(status, amount, paid).unwrap())
}

fn amounts(position: &Position) -> [i64; 3] {
    [position.pending(), position.payable(), position.paid()].map(Money::minor)
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
        let rows = TRANSITIONS.iter().filter(|(from, by, _)| (*from, *by) == (status.kind(), change));
        let to: Vec<_> = rows.map(|(_, _, to)| *to).collect();
        match (status.after(change, now), status) {
            (Ok(after), _) => {
                prop_assert!(to.contains(&after.kind()));
                match (after, status) {
                    (_, Status::Disputed { before }) if change == Change::WinDispute => {
                        prop_assert_eq!(after, Status::from(before));
                    }
                    (Status::Paid { externally }, _) => {
                        prop_assert_eq!(externally, change == Change::PayExternally);
                    }
                    (Status::Pending { until }, Status::AwaitingApproval { until: held }) => {
                        prop_assert!(Some(until) == held && now < until);
                    }
                    (Status::Payable, Status::AwaitingApproval { until: held }) => {
                        prop_assert!(held.is_none_or(|until| until <= now));
                    }
                    _ => {}
                }
            }
            (Err(TransitionError::NotYet { until }), Status::Pending { until: held }) => {
                prop_assert!(to == [StatusKind::Payable] && change == Change::Mature);
                prop_assert!(until == held && now < until);
            }
            (Err(error), _) => {
                let from = status.kind();
                prop_assert!(to.is_empty());
                prop_assert_eq!(error, TransitionError::NotAllowed { from, change });
            }
        }
    }

    /// Who wins a dispute is what it was before, but for the payout that went on without it.
    #[test]
    fn a_dispute_that_is_won_changes_nothing(status in any_status(), now in any_time()) {
        if let Ok(disputed) = status.after(Change::Dispute, now) {
            let won = disputed.after(Change::WinDispute, now)?;
            let expected = if status == Status::InPayout { Status::Payable } else { status };
            prop_assert_eq!(won, expected);
        }
    }

    /// A new commission waits for the person who has to approve it; else it is held for as long as
    /// it is to be, and not a moment longer.
    #[test]
    fn a_commission_is_held_until_its_time(until in any_time(), now in any_time()) {
        let at_creation = |approval, until| Status::at_creation(approval, until, now);
        let status = at_creation(Approval::Automatic, Some(until));
        prop_assert_eq!(status == Status::Pending { until }, now < until);
        prop_assert_eq!(status == Status::Payable, now >= until);
        prop_assert_eq!(at_creation(Approval::Automatic, None), Status::Payable);
        let until = Some(until);
        let waiting = Status::AwaitingApproval { until };
        prop_assert_eq!(at_creation(Approval::ByPerson, until), waiting);
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

    /// Where a commission is depends on what it is, comes to and was paid, and on nothing else:
    /// what is pending, payable and paid sums to what it comes to.
    #[test]
    fn a_commission_is_where_its_status_says(
        status in any_status(),
        minor in any_minor(),
        paid in any_minor(),
    ) {
        let usd = |minor| Money::from_minor(minor, Currency::USD);
        let position = match Position::of(status, usd(minor), usd(paid)) {
            Ok(position) => position,
            Err(error) => {
                let amount = usd(if minor < 0 { minor } else { paid });
                prop_assert_eq!(error, PositionError::Negative { amount });
                prop_assert!(amount.is_negative());
                return Ok(());
            }
        };
        let is_over = matches!(status.kind(), StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded);
        let is_pending = matches!(status.kind(), StatusKind::Pending | StatusKind::AwaitingApproval | StatusKind::Disputed);
        let [in_pending, in_payable, in_paid] = amounts(&position);
        prop_assert_eq!(in_paid, paid);
        prop_assert_eq!(in_pending + in_payable, if is_over { -paid } else { minor - paid });
        prop_assert_eq!(if is_pending { in_payable } else { in_pending }, 0);
    }

    /// The transfers lead from one position to the other; there are no more than there have to be,
    /// none moves nothing, and they are always the same.
    #[test]
    fn transfers_lead_from_one_position_to_the_other(
        before in any_position(Currency::USD),
        after in any_position(Currency::USD),
    ) {
        let affiliate = AffiliateId::new(1);
        let transfers = Position::transfers(&before, &after, affiliate);
        prop_assert!(transfers.iter().all(|transfer| transfer.amount().is_positive()));
        let sums = sums(&transfers);
        let own = [Account::Pending, Account::Payable, Account::Paid].map(|of| of(affiliate));
        let mut changes = Vec::new();
        for ((account, old), new) in own.into_iter().zip(amounts(&before)).zip(amounts(&after)) {
            let change = i128::from(new) - i128::from(old);
            let moved = sums.get(&(account, Currency::USD)).copied().unwrap_or_default();
            prop_assert_eq!(moved, change);
            changes.push(change);
        }
        changes.push(-changes.iter().sum::<i128>());
        prop_assert_eq!(transfers.len(), fewest(&changes));
        prop_assert!(transfers.len() <= 3);
        prop_assert_eq!(Position::transfers(&before, &after, affiliate), transfers);
        prop_assert_eq!(Position::transfers(&after, &after, affiliate), []);
    }

    /// Whatever happens to commissions, the balances are the sums of their positions.
    #[test]
    fn balances_are_where_the_commissions_are(lives in prop::collection::vec(any_life(), 0..4)) {
        let mut balances = Balances::default();
        let mut expected: BTreeMap<(Account, Currency), i128> = BTreeMap::new();
        for life in &lives {
            let (transfers, position) = life.run();
            for transfer in &transfers {
                if balances.post(transfer).is_err() {
                    return Ok(());
                }
            }
            let own = [Account::Pending, Account::Payable, Account::Paid];
            for (account, amount) in own.into_iter().zip(amounts(&position)) {
                let key = (account(life.affiliate), life.currency);
                *expected.entry(key).or_default() += i128::from(amount);
                let expense = (Account::Expense, life.currency);
                *expected.entry(expense).or_default() -= i128::from(amount);
            }
        }
        for ((account, currency), amount) in expected {
            prop_assert_eq!(i128::from(balances.of(account, currency).minor()), amount);
        }
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

/// The fewest transfers that make these changes, which sum to zero: one fewer than there are
/// changes, and one fewer again if they fall apart in two that each sum to zero.
fn fewest(changes: &[i128]) -> usize {
    let some: Vec<_> = changes
        .iter()
        .copied()
        .filter(|change| *change != 0)
        .collect();
    let falls_apart = some.len() == 4 && (1..4).any(|other| some[0] + some[other] == 0);
    some.len().saturating_sub(1) - usize::from(falls_apart)
}
