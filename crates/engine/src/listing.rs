//! Lists of sales: which, and what they come to.

use std::collections::{BTreeMap, BTreeSet};

use accrual_attribution::{AffiliateId, Email, EnrollmentId, ProgramId, Tag};
use accrual_commission::{StatusKind, Tax};
use accrual_money::{Currency, Money, MoneyError};
use time::{Date, OffsetDateTime};

use crate::{Channel, Conversion, ConversionId, Recorded, Reference, Text};

/// What is asked of the sales in a list: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The first day, in the organization's time zone.
    pub first: Option<Date>,
    /// The last day, which counts too.
    pub last: Option<Date>,
    /// The program.
    pub program: Option<ProgramId>,
    /// Whether only sales of programs are asked for that are ambassador programs by now.
    pub of_ambassadors: bool,
    /// Where the sales were made: there exactly, so that a platform is asked for without its stores.
    pub channel: Option<Channel>,
    /// Who is credited first.
    pub affiliate: Option<AffiliateId>,
    /// The same by e-mail address.
    pub affiliate_email: Option<Email>,
    /// The same by the tag of the enrollment.
    pub tag: Option<Tag>,
    /// What has become of the first commission: one of these, or anything if there are none.
    pub stages: BTreeSet<Stage>,
    /// The caller's own id of the sale.
    pub reference: Option<Reference>,
    /// The caller's label for where the visitor came from.
    pub sub_id: Option<Text>,
    /// Part of the customer's name or e-mail address, in whatever case; or the whole address, if a
    /// sale has it.
    pub search: Option<Text>,
}

impl Listing {
    /// Whether it is of all days.
    pub fn is_ever(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }
}

/// Which of the sales that a list has are shown: newest first, those of one time by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many are before them.
    pub skip: u64,
    /// How many are shown at most.
    pub limit: u32,
}

/// What has become of a commission, as lists tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stage {
    /// Its status.
    pub status: StatusKind,
    /// Whether it is payable, and there was a time to wait for: see [`Commission::is_due`].
    ///
    /// [`Commission::is_due`]: crate::Commission::is_due
    pub is_due: bool,
}

impl Stage {
    /// Whether the commission still earns anything: it was not declined, cancelled or refunded.
    pub fn is_alive(self) -> bool {
        match self.status {
            StatusKind::Pending
            | StatusKind::AwaitingApproval
            | StatusKind::Payable
            | StatusKind::InPayout
            | StatusKind::Paid
            | StatusKind::Disputed => true,
            StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded => false,
        }
    }
}

/// A page of a list, and what the whole list comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The sales of the page.
    pub sales: Vec<ListedSale>,
    /// How many sales there are of each stage, and their sums; without those of which there are
    /// none.
    pub totals: BTreeMap<Stage, (i64, Listed)>,
}

/// A sale, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSale {
    /// Its number.
    pub id: ConversionId,
    /// The caller's own id of it.
    pub reference: Reference,
    /// Where it was made.
    pub channel: Channel,
    /// The caller's label for where the visitor came from.
    pub sub_id: Option<Text>,
    /// When it took place (UTC).
    pub occurred_at: OffsetDateTime,
    /// What the customer paid, before anything was given back.
    pub amount: Money,
    /// The enrollment that is credited first.
    pub enrollment: EnrollmentId,
    /// Its program.
    pub program: ProgramId,
    /// What it earns.
    pub commission: Money,
    /// What has become of that.
    pub stage: Stage,
    /// What it adds to the sums of a list.
    pub listed: Listed,
}

/// What sales add to the sums of a list, in minor units of the organization's currency: exchanged at
/// the rates that are kept with the sales, each rounded once, half away from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// What customers paid, before anything was given back.
    pub amount: i64,
    /// What of that was given back, or taken back by banks.
    pub returned: i64,
    /// The tax in it.
    pub tax: i64,
    /// What the first commissions earn.
    pub commission: i64,
    /// How many sales are in none of these sums, because no rate is kept with them.
    pub unconverted: i64,
}

impl Listed {
    /// What a sale adds, of which the first commission is this, in an organization with this currency.
    ///
    /// # Errors
    /// [`MoneyError`] if an exchanged amount goes out of range.
    pub fn of(
        conversion: &Conversion,
        commission: Money,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let (facts, amount) = (conversion.current(), conversion.amount());
        let exchanged = |amount: Money| match &facts.exchange {
            _ if amount.currency() == currency => Ok(Some(amount.minor())),
            Some(rate) if rate.from() == amount.currency() && rate.to() == currency => {
                rate.convert(amount).map(|amount| Some(amount.minor()))
            }
            _ => Ok(None),
        };
        let returned = conversion.refunded.checked_add(conversion.charged_back)?;
        let tax = match facts.tax {
            Some(Tax::Amount(tax)) => tax,
            Some(Tax::IncludedAt(rate)) => amount.checked_sub(amount.without_included(rate))?,
            None => Money::zero(amount.currency()),
        };
        let all = (
            exchanged(amount)?,
            exchanged(returned)?,
            exchanged(tax)?,
            exchanged(commission)?,
        );
        let (Some(amount), Some(returned), Some(tax), Some(commission)) = all else {
            return Ok(Self {
                unconverted: 1,
                ..Self::default()
            });
        };
        Ok(Self {
            amount,
            returned,
            tax,
            commission,
            unconverted: 0,
        })
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if a sum goes out of range.
    pub fn checked_add(self, other: Self, currency: Currency) -> Result<Self, MoneyError> {
        let add = |one: i64, other: i64| {
            let sum = Money::from_minor(one, currency);
            Ok(sum.checked_add(Money::from_minor(other, currency))?.minor())
        };
        Ok(Self {
            amount: add(self.amount, other.amount)?,
            returned: add(self.returned, other.returned)?,
            tax: add(self.tax, other.tax)?,
            commission: add(self.commission, other.commission)?,
            unconverted: self.unconverted + other.unconverted,
        })
    }

    /// The same taken away.
    pub(crate) fn negated(self) -> Self {
        Self {
            amount: -self.amount,
            returned: -self.returned,
            tax: -self.tax,
            commission: -self.commission,
            unconverted: -self.unconverted,
        }
    }
}

impl ListedSale {
    /// How a list of an organization with this currency shows the sale; `None` if it earns nobody
    /// anything.
    ///
    /// # Errors
    /// [`MoneyError`] if an exchanged amount goes out of range.
    pub fn of(recorded: &Recorded, currency: Currency) -> Result<Option<Self>, MoneyError> {
        let Recorded { conversion, .. } = recorded;
        let Some(commission) = recorded.commissions.first() else {
            return Ok(None);
        };
        let facts = conversion.current();
        Ok(Some(Self {
            id: conversion.id,
            reference: facts.reference.clone(),
            channel: facts.channel(),
            sub_id: facts.sub_id.clone(),
            occurred_at: conversion.occurred_at,
            amount: conversion.amount(),
            enrollment: commission.credit.enrollment,
            program: commission.credit.program,
            commission: commission.amount,
            stage: commission.stage(),
            listed: Listed::of(conversion, commission.amount, currency)?,
        }))
    }
}

/// What a search looks at: the customer's name and e-mail address, [folded](folded).
pub fn searched(conversion: &Conversion) -> Option<String> {
    let customer = &conversion.current().customer;
    let both = [customer.name.as_ref(), customer.email.as_ref()];
    let both: Vec<String> = both
        .into_iter()
        .flatten()
        .map(|text| folded(text.as_str()))
        .collect();
    Some(both.join("\n")).filter(|text| !text.is_empty())
}

/// The customer's e-mail address, [folded](folded): a search for it as a whole finds its sales and no
/// others, as long as there are some.
pub fn searched_address(conversion: &Conversion) -> Option<String> {
    let email = conversion.current().customer.email.as_ref()?;
    Some(folded(email.as_str()))
}

/// A text as searches compare it: in small letters, of which the Greek sigma has two.
pub fn folded(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}
