//! Balances, currency by currency.

use std::collections::BTreeMap;

use accrual_commission::AccountKind;
use accrual_money::{Currency, Money};
use poem_openapi::Object;
use serde::Serialize;

use crate::native::{problem::Problem, view::decimal};

/// What an affiliate has earned in one currency.
#[derive(Object, Serialize)]
pub(super) struct CurrencyBalance {
    /// ISO 4217 code.
    currency: String,
    /// What is held, awaits approval or is disputed; below zero where more was paid for it than it
    /// comes to now.
    pending: String,
    /// What can be paid, or is in a payout; zero or more.
    payable: String,
    /// What was paid.
    paid: String,
    /// What the affiliate owes back, and is kept back from what becomes payable next: zero or more.
    owed_back: String,
}

/// The sums of one currency.
struct Sums {
    pending: Money,
    payable: Money,
    paid: Money,
}

/// A balance for each currency of `sums`, and of `others` too, in the order of their codes.
pub(super) fn by_currency(
    sums: &[(AccountKind, Money)],
    others: &[(AccountKind, Money)],
) -> Result<Vec<CurrencyBalance>, Problem> {
    let mut all: BTreeMap<&str, Sums> = BTreeMap::new();
    for (_, sum) in sums.iter().chain(others) {
        let currency = sum.currency();
        all.entry(currency.code())
            .or_insert_with(|| Sums::zero(currency));
    }
    for (kind, sum) in sums {
        if let Some(sums) = all.get_mut(sum.currency().code()) {
            match kind {
                AccountKind::Expense => {}
                AccountKind::Pending => sums.pending = *sum,
                AccountKind::Payable => sums.payable = *sum,
                AccountKind::Paid => sums.paid = *sum,
            }
        }
    }
    all.into_iter()
        .map(|(code, sums)| sums.balance(code))
        .collect()
}

impl Sums {
    fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            pending: zero,
            payable: zero,
            paid: zero,
        }
    }

    fn balance(&self, code: &str) -> Result<CurrencyBalance, Problem> {
        let zero = Money::zero(self.payable.currency());
        let (payable, owed_back) = if self.payable.is_negative() {
            let owed = zero.checked_sub(self.payable);
            (zero, owed.map_err(|_| Problem::internal())?)
        } else {
            (self.payable, zero)
        };
        Ok(CurrencyBalance {
            currency: code.to_owned(),
            pending: decimal(self.pending),
            payable: decimal(payable),
            paid: decimal(self.paid),
            owed_back: decimal(owed_back),
        })
    }
}
