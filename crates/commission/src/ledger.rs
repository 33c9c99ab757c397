//! Amounts moved between accounts: what is owed, and what was paid.

use std::{collections::BTreeMap, fmt};

use accrual_attribution::AffiliateId;
use accrual_money::{Currency, Money, MoneyError};

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// What affiliates have cost the organization.
    Expense,
    /// What an affiliate has earned and cannot have yet.
    Pending,
    /// What an affiliate can be paid.
    Payable,
    /// What an affiliate has been paid.
    Paid,
}

impl fmt::Display for AccountKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Expense => "expense",
            Self::Pending => "pending",
            Self::Payable => "payable",
            Self::Paid => "paid",
        })
    }
}

/// An account of one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What affiliates have cost the organization.
    Expense,
    /// What this affiliate has earned and cannot have yet.
    Pending(AffiliateId),
    /// What this affiliate can be paid.
    Payable(AffiliateId),
    /// What this affiliate has been paid.
    Paid(AffiliateId),
}

impl Account {
    /// What it holds.
    pub fn kind(self) -> AccountKind {
        match self {
            Self::Expense => AccountKind::Expense,
            Self::Pending(_) => AccountKind::Pending,
            Self::Payable(_) => AccountKind::Payable,
            Self::Paid(_) => AccountKind::Paid,
        }
    }
}

/// A positive amount moved from one account to another of the same organization.
///
/// It cannot be unbalanced: what one account loses the other gains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    from: Account,
    to: Account,
    amount: Money,
}

impl Transfer {
    /// Moves `amount` from one account to another.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`] unless `amount` is above zero, [`LedgerError::SameAccount`] if
    /// it would go nowhere.
    pub fn try_new(from: Account, to: Account, amount: Money) -> Result<Self, LedgerError> {
        if !amount.is_positive() {
            return Err(LedgerError::NotPositive { amount });
        }
        if from == to {
            return Err(LedgerError::SameAccount { account: from });
        }
        Ok(Self { from, to, amount })
    }

    /// Where it comes from.
    pub fn from(&self) -> Account {
        self.from
    }

    /// Where it goes.
    pub fn to(&self) -> Account {
        self.to
    }

    /// How much: above zero.
    pub fn amount(&self) -> Money {
        self.amount
    }
}

/// Why an amount cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Only what is above zero can be moved.
    #[error("{amount} cannot be moved: a transfer is above zero")]
    NotPositive {
        /// The amount.
        amount: Money,
    },
    /// It would go nowhere.
    #[error("an amount cannot be moved from an account to itself")]
    SameAccount {
        /// The account.
        account: Account,
    },
}

/// What is in each account and currency: the sum of transfers, nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<(Account, Currency), Money>);

impl Balances {
    /// Counts a transfer in.
    ///
    /// # Errors
    /// [`MoneyError`] if a balance goes out of range; then nothing is counted.
    pub fn post(&mut self, transfer: &Transfer) -> Result<(), MoneyError> {
        let Transfer { from, to, amount } = *transfer;
        let less = self.of(from, amount.currency()).checked_sub(amount)?;
        let more = self.of(to, amount.currency()).checked_add(amount)?;
        self.0.insert((from, amount.currency()), less);
        self.0.insert((to, amount.currency()), more);
        Ok(())
    }

    /// What is in `account` in `currency`; below zero if more has left it than came.
    pub fn of(&self, account: Account, currency: Currency) -> Money {
        self.0
            .get(&(account, currency))
            .copied()
            .unwrap_or(Money::zero(currency))
    }

    /// Every account and currency that a transfer has touched, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Account, Money)> + '_ {
        self.0
            .iter()
            .map(|((account, _), amount)| (*account, *amount))
    }
}
