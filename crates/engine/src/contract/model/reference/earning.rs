//! What a commission comes to, of what is left of its sale.

use accrual_commission::{Earning, Status};
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use super::{
    Earner, Sold,
    integers::{WHOLE, billionths, minor, money, rounded},
};
use crate::Facts;

impl Sold {
    pub(super) fn currency(&self) -> Currency {
        self.paid().currency()
    }

    /// The facts as they are now.
    pub(super) fn current(&self) -> &Facts {
        self.amended.as_ref().unwrap_or(&self.facts)
    }

    fn paid(&self) -> Money {
        let facts = self.current();
        facts.total.or(facts.subtotal).expect("checked before")
    }

    /// What the customer paid.
    pub(super) fn whole(&self) -> i128 {
        minor(self.paid())
    }

    /// What was not given back of it.
    pub(super) fn left(&self) -> i128 {
        self.whole() - self.refunded - self.charged_back
    }

    /// The part of an amount that belongs to what is left of the sale.
    pub(super) fn left_of(&self, amount: i128) -> i128 {
        rounded(amount * self.left(), self.whole())
    }

    /// What a commission comes to now.
    pub(super) fn amount(&self, earner: &Earner) -> i128 {
        if !earner.is_alive() {
            return 0;
        }
        let Earning { base, full, rate } = earner.earning;
        match rate {
            _ if self.left() == self.whole() => minor(full),
            Some(rate) => {
                let share = minor(base) * billionths(rate);
                rounded(share * self.left(), WHOLE * self.whole())
            }
            None => self.left_of(minor(full)),
        }
    }

    /// When the first of its commissions that are held becomes payable.
    pub(super) fn due_at(&self) -> Option<OffsetDateTime> {
        let held = self.earners.iter().filter_map(|one| match one.status {
            Status::Pending { until } => Some(until),
            Status::AwaitingApproval { .. }
            | Status::Payable
            | Status::InPayout
            | Status::Paid { .. }
            | Status::Declined
            | Status::Cancelled
            | Status::Refunded
            | Status::Disputed { .. } => None,
        });
        held.min()
    }
}

/// An amount that stays in proportion to what is left of the sale.
pub(super) fn part(base: i128, full: i128, currency: Currency) -> Earning {
    Earning {
        base: money(base, currency),
        full: money(full, currency),
        rate: None,
    }
}
