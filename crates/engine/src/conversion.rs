//! A sale that was recorded, and what it earns whom.

use accrual_attribution::{Credit, ReferralId};
use accrual_commission::{Earning, IncentiveNumber, Status, TermsVersion, Transfer};
use accrual_money::{Money, MoneyError};
use time::{Date, OffsetDateTime};

use crate::{ConversionId, Facts, Sequence, Stage};

/// A sale that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Its identity.
    pub id: ConversionId,
    /// What was reported: a report that repeats it is a replay, whatever has changed since.
    pub facts: Facts,
    /// What the caller has changed it to since.
    pub amended: Option<Box<Facts>>,
    /// When it took place (UTC).
    pub occurred_at: OffsetDateTime,
    /// The day on which that was in the organization's time zone.
    pub day: Date,
    /// When it was recorded (UTC).
    pub recorded_at: OffsetDateTime,
    /// The journal entry that holds the report and the decision.
    pub sequence: Sequence,
    /// The journal entry that holds the facts as they are now: the first one until they change.
    pub facts_sequence: Sequence,
    /// The journal entry that changed it last.
    pub version: Sequence,
    /// What was given back to the customer, in the sale's currency; zero or more.
    pub refunded: Money,
    /// What the customer's bank took back, in the sale's currency; zero or more.
    pub charged_back: Money,
}

impl Conversion {
    /// The facts as they are now.
    pub fn current(&self) -> &Facts {
        self.amended.as_deref().unwrap_or(&self.facts)
    }

    /// When it took place by the first report (UTC), whatever was said since.
    pub fn first_occurred_at(&self) -> OffsetDateTime {
        self.facts.occurred_at.unwrap_or(self.recorded_at)
    }

    /// The amount that counts as the sale's, before anything was given back.
    pub fn amount(&self) -> Money {
        let nothing = Money::zero(self.refunded.currency());
        self.current().amount().unwrap_or(nothing)
    }

    /// What is left of it; zero or more.
    ///
    /// # Errors
    /// [`MoneyError`] if the amounts are out of range.
    pub fn remaining(&self) -> Result<Money, MoneyError> {
        self.amount()
            .checked_sub(self.refunded)?
            .checked_sub(self.charged_back)
    }
}

/// For what an enrollment earns a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EarnedBy {
    /// Sending the customer.
    Sale,
    /// Having recruited whoever did, so many levels below: 1 is the nearest.
    Level(u8),
}

/// What one enrollment earns from one conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// The conversion.
    pub conversion: ConversionId,
    /// Its place among the conversion's commissions, counted from 1.
    pub position: u16,
    /// Who earns it.
    pub credit: Credit,
    /// For what.
    pub earned_by: EarnedBy,
    /// The incentive that it was decided by, if by one alone.
    pub incentive: Option<IncentiveNumber>,
    /// Whether a later sale may lift it: that incentive has tiers that do.
    pub is_liftable: bool,
    /// The customer that it counts for, where the program remembers customers.
    pub referral: Option<ReferralId>,
    /// The version of the program's terms that it was decided under.
    pub terms_version: TermsVersion,
    /// What was decided: of which base, and how much as long as nothing is given back.
    pub earning: Earning,
    /// How much, of what is left of the sale; zero or more.
    pub amount: Money,
    /// What of it was paid to the affiliate, in the same currency; zero or more.
    pub paid_out: Money,
    /// What has become of it.
    pub status: Status,
    /// When its hold is over (UTC), where the caller or the terms said so: one that is payable
    /// since then is due, one without is payable at once.
    pub due_at: Option<OffsetDateTime>,
}

impl Commission {
    /// Whether it is for having sent the customer.
    pub fn is_direct(&self) -> bool {
        self.earned_by == EarnedBy::Sale
    }

    /// Whether it still earns anything: it was not declined, cancelled or refunded.
    pub fn is_alive(&self) -> bool {
        self.stage().is_alive()
    }

    /// Whether it is payable and there was a time to wait for, said by the caller or the terms.
    pub fn is_due(&self) -> bool {
        self.status == Status::Payable && self.due_at.is_some()
    }

    /// What has become of it, as lists tell it.
    pub fn stage(&self) -> Stage {
        Stage {
            status: self.status.kind(),
            is_due: self.is_due(),
        }
    }
}

impl Recorded {
    /// When the first of its held commissions becomes payable (UTC).
    pub fn first_due(&self) -> Option<OffsetDateTime> {
        let held = self.commissions.iter().filter_map(|one| match one.status {
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

/// A conversion with its commissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The sale.
    pub conversion: Conversion,
    /// What it earns whom, by position; at least one.
    pub commissions: Vec<Commission>,
}

impl Recorded {
    /// Whether all that it earned was declined or cancelled, so that nothing can be changed any
    /// more; what was refunded was not called off.
    pub fn is_called_off(&self) -> bool {
        let is_refunded = |one: &Commission| one.status == Status::Refunded;
        !self.is_alive() && !self.commissions.first().is_some_and(is_refunded)
    }

    /// Whether any of its commissions still earns something.
    pub fn is_alive(&self) -> bool {
        self.commissions.iter().any(Commission::is_alive)
    }
}

/// A transfer, where it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The journal entry that caused it.
    pub sequence: Sequence,
    /// Its place among that entry's transfers, counted from 1.
    pub position: u16,
    /// When it was made (UTC).
    pub at: OffsetDateTime,
    /// The conversion whose commission is moved.
    pub conversion: ConversionId,
    /// The position of that commission.
    pub commission_position: u16,
    /// What is moved, and between which accounts.
    pub transfer: Transfer,
}
