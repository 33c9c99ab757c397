//! What a sale earns, before it is shared.

use accrual_commission::{DecideError, Earning, IncentiveNumber, Rules};
use accrual_money::{Currency, Money, Rate};
use time::OffsetDateTime;

use super::{
    base,
    history::{Earned, Known},
    incentive::{Retroactive, by_incentives},
    integers::{minor, money, share},
};
use crate::{Error, Facts};

/// What a sale earns, all who share it together.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    pub(super) earning: Earning,
    /// The one incentive that pays it all.
    pub(super) incentive: Option<IncentiveNumber>,
    /// The tier for which earlier sales are paid too.
    pub(super) retroactive: Option<Retroactive>,
}

/// What is paid before caps.
pub(super) struct Paid {
    pub(super) amount: i128,
    /// The rate, if it is one share of all.
    pub(super) rate: Option<Rate>,
    pub(super) incentive: Option<IncentiveNumber>,
    pub(super) retroactive: Option<Retroactive>,
}

impl Paid {
    pub(super) fn nothing() -> Self {
        Self {
            amount: 0,
            rate: None,
            incentive: None,
            retroactive: None,
        }
    }
}

/// A sale, and the terms that decide what it earns.
pub(super) struct Case<'a> {
    pub(super) facts: &'a Facts,
    pub(super) rules: &'a Rules,
    pub(super) occurred_at: OffsetDateTime,
    pub(super) known: &'a Known,
}

impl Case<'_> {
    /// What is earned, if `earned` was before.
    pub(super) fn priced(&self, earned: Earned) -> Result<Priced, Error> {
        base::check_exchange(self.facts, self.rules)?;
        let (base, currency) = base::base(self.facts, self.rules);
        if let Some((amount, set_in)) = base::set(self.facts) {
            let earning = Earning {
                base: money(base, currency),
                full: money(amount, set_in),
                rate: None,
            };
            return Ok(Priced {
                earning,
                incentive: None,
                retroactive: None,
            });
        }
        let paid = self.paid(base, currency)?;
        let room = self.room(earned, self.rules.caps.conversion, currency)?;
        let full = paid.amount.min(room.unwrap_or(paid.amount));
        Ok(Priced {
            earning: Earning {
                base: money(base, currency),
                full: money(full, currency),
                rate: paid.rate.filter(|_| full == paid.amount),
            },
            incentive: paid.incentive,
            retroactive: paid.retroactive,
        })
    }

    fn paid(&self, base: i128, currency: Currency) -> Result<Paid, Error> {
        if let Some(least) = self.rules.minimum_sale {
            self.needs_exchange(currency)?;
            if base < least.minor().into() {
                return Ok(Paid::nothing());
            }
        }
        match self.facts.rate_override.or(self.known.agreed) {
            Some(rate) => Ok(Paid {
                amount: share(base, rate),
                rate: Some(rate),
                ..Paid::nothing()
            }),
            None => by_incentives(self, base, currency),
        }
    }

    /// What caps leave for this sale; `None` without one.
    pub(super) fn room(
        &self,
        earned: Earned,
        conversion: Option<Money>,
        currency: Currency,
    ) -> Result<Option<i128>, Error> {
        let caps = self.rules.caps;
        let rooms = [
            conversion.map(minor),
            caps.customer
                .map(|cap| i128::from(cap.minor()) - earned.by_customer),
            caps.period
                .map(|cap| i128::from(cap.amount.minor()) - earned.in_period),
        ];
        let least = rooms.into_iter().flatten().min();
        if least.is_some() {
            self.needs_exchange(currency)?;
        }
        Ok(least.map(|room| room.max(0)))
    }

    /// What the terms say in their own currency can only be compared with what is in it.
    pub(super) fn needs_exchange(&self, from: Currency) -> Result<(), Error> {
        let to = self.rules.currency;
        if from == to {
            return Ok(());
        }
        Err(Error::Undecidable(DecideError::NoExchangeRate { from, to }))
    }
}
