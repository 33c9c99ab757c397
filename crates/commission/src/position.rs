//! Where the amount of one commission is, and what moves it.

use accrual_attribution::AffiliateId;
use accrual_money::{Currency, Money, MoneyError};

use crate::{Account, Status, StatusKind, Transfer};

/// How much of one commission is in each of its affiliate's accounts.
///
/// It depends on nothing but the commission's status, what it comes to now and what has been paid
/// for it. The organization's expense is what the three hold together, below zero.
///
/// Source: docs/DOMAIN.md, "Where the amount is".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pending: Money,
    payable: Money,
    paid: Money,
}

/// Why a commission has no position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// Neither what a commission comes to nor what was paid for it is ever below zero.
    #[error("a commission and what was paid for it are not below zero, and {amount} is")]
    Negative {
        /// The amount.
        amount: Money,
    },
    /// The two amounts have different currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Position {
    /// That of a commission that is not there yet.
    pub const fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            pending: zero,
            payable: zero,
            paid: zero,
        }
    }

    /// That of a commission with this status, which now comes to `amount` and for which `paid_out`
    /// has been paid.
    ///
    /// What was declined, cancelled or refunded comes to nothing. What has been paid out is paid;
    /// the rest is pending while the commission is held, waits for a person or is disputed, and
    /// else payable. The rest is below zero if more was paid than the commission comes to now: that
    /// is owed back.
    ///
    /// # Errors
    /// [`PositionError::Negative`] if an amount is below zero, [`PositionError::Money`] if the two
    /// have different currencies.
    pub fn of(status: Status, amount: Money, paid_out: Money) -> Result<Self, PositionError> {
        for amount in [amount, paid_out] {
            if amount.is_negative() {
                return Err(PositionError::Negative { amount });
            }
        }
        let zero = Money::zero(amount.currency());
        let (amount, is_pending) = match status.kind() {
            StatusKind::Pending | StatusKind::AwaitingApproval | StatusKind::Disputed => {
                (amount, true)
            }
            StatusKind::Payable | StatusKind::InPayout | StatusKind::Paid => (amount, false),
            StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded => (zero, false),
        };
        let rest = amount.checked_sub(paid_out)?;
        let (pending, payable) = if is_pending {
            (rest, zero)
        } else {
            (zero, rest)
        };
        Ok(Self {
            pending,
            payable,
            paid: paid_out,
        })
    }

    /// What cannot be had yet; below zero if it is owed back.
    pub const fn pending(&self) -> Money {
        self.pending
    }

    /// What can be paid; below zero if it is owed back.
    pub const fn payable(&self) -> Money {
        self.payable
    }

    /// What has been paid.
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// The transfers that lead from one position of a commission to another: as few as possible,
    /// at most three, always the same ones.
    ///
    /// Two accounts that differ by the same amount make one transfer; what is left goes from the
    /// first account that has too much to the first that has too little, in the order of expense,
    /// pending, payable, paid.
    pub fn transfers(before: &Self, after: &Self, affiliate: AffiliateId) -> Vec<Transfer> {
        let currency = before.paid.currency();
        if currency != after.paid.currency() {
            // A commission never changes its currency; if it did, one would end and one begin.
            let mut transfers = Self::transfers(before, &Self::nothing(currency), affiliate);
            let nothing = Self::nothing(after.paid.currency());
            transfers.extend(Self::transfers(&nothing, after, affiliate));
            return transfers;
        }
        let mut moved = Moved {
            accounts: [
                Account::Expense,
                Account::Pending(affiliate),
                Account::Payable(affiliate),
                Account::Paid(affiliate),
            ],
            changes: before.changes(after),
            currency,
            transfers: Vec::new(),
        };
        moved.settle_pairs();
        moved.settle_rest();
        moved.transfers
    }

    /// By how much each account changes: expense, pending, payable, paid. They sum to zero.
    fn changes(&self, after: &Self) -> [i128; 4] {
        let by =
            |before: Money, after: Money| i128::from(after.minor()) - i128::from(before.minor());
        let pending = by(self.pending, after.pending);
        let payable = by(self.payable, after.payable);
        let paid = by(self.paid, after.paid);
        [-(pending + payable + paid), pending, payable, paid]
    }
}

/// The changes that are left to make, and the transfers that make the others.
struct Moved {
    accounts: [Account; 4],
    changes: [i128; 4],
    currency: Currency,
    transfers: Vec<Transfer>,
}

impl Moved {
    fn settle_pairs(&mut self) {
        for from in 0..self.changes.len() {
            let opposite = -self.changes[from];
            let to = self.changes.iter().position(|change| *change == opposite);
            if let Some(to) = to.filter(|_| opposite > 0) {
                self.transfer(from, to, opposite);
            }
        }
    }

    fn settle_rest(&mut self) {
        while let (Some(from), Some(to)) = (
            self.changes.iter().position(|change| *change < 0),
            self.changes.iter().position(|change| *change > 0),
        ) {
            let amount = self.changes[to].min(-self.changes[from]);
            self.transfer(from, to, amount);
        }
    }

    fn transfer(&mut self, from: usize, to: usize, amount: i128) {
        self.changes[from] += amount;
        self.changes[to] -= amount;
        // Of pending and payable one is always zero, and neither what is earned nor what is paid is
        // below zero: no two accounts differ by more than an amount can be.
        let minor = i64::try_from(amount).unwrap_or(i64::MAX);
        let amount = Money::from_minor(minor, self.currency);
        let transfer = Transfer::try_new(self.accounts[from], self.accounts[to], amount);
        self.transfers.extend(transfer.ok());
    }
}
