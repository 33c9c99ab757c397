//! What the sales of a day came to: sums that are kept with them, so that nobody has to count.

use accrual_attribution::ProgramId;
use accrual_money::{Currency, Money, MoneyError};
use time::Date;

use crate::{Channel, DayTally, Listed, Stage};

/// What totals are kept by, for each enrollment, each program and the whole organization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TotalsKey {
    /// The day on which the sales took place, in the organization's time zone.
    pub day: Date,
    /// The program whose terms they fell under.
    pub program: ProgramId,
    /// Their currency.
    pub currency: Currency,
    /// What has become of their commissions.
    pub stage: Stage,
    /// Where the sales were made.
    pub channel: Channel,
}

/// How many sales there were, and what they came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// How many conversions: each counts where its first commission does.
    pub conversions: i64,
    /// The sum of their amounts, before anything was given back.
    pub amount: Money,
    /// What of that was refunded.
    pub refunded: Money,
    /// What of that was charged back.
    pub charged_back: Money,
    /// The sum of all commissions.
    pub commission: Money,
    /// What was sold directly: what tiers and caps look at.
    pub sold: DayTally,
    /// What the conversions are listed with.
    pub listed: Listed,
}

impl Totals {
    /// Nothing yet.
    pub fn zero(currency: Currency) -> Self {
        let nothing = Money::zero(currency);
        Self {
            conversions: 0,
            amount: nothing,
            refunded: nothing,
            charged_back: nothing,
            commission: nothing,
            sold: DayTally::zero(currency),
            listed: Listed::default(),
        }
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum goes out of range or the currencies are not the same.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            conversions: self.conversions + other.conversions,
            amount: self.amount.checked_add(other.amount)?,
            refunded: self.refunded.checked_add(other.refunded)?,
            charged_back: self.charged_back.checked_add(other.charged_back)?,
            commission: self.commission.checked_add(other.commission)?,
            sold: self.sold.checked_add(other.sold)?,
            listed: self
                .listed
                .checked_add(other.listed, self.amount.currency())?,
        })
    }

    /// The same taken away.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum goes out of range.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        Ok(Self {
            conversions: -self.conversions,
            amount: self.amount.checked_neg()?,
            refunded: self.refunded.checked_neg()?,
            charged_back: self.charged_back.checked_neg()?,
            commission: self.commission.checked_neg()?,
            sold: DayTally {
                conversions: -self.sold.conversions,
                base: self.sold.base.checked_neg()?,
                earned: self.sold.earned.checked_neg()?,
            },
            listed: self.listed.negated(),
        })
    }
}
