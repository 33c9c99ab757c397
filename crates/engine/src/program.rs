//! What is set up before sales come in: programs, affiliates, enrollments.

use accrual_attribution::{AffiliateId, Credit, EnrollmentId, ProgramId, Standing, Tag};
use accrual_commission::{Incentive, Terms, TermsError, TermsVersion};
use accrual_money::{Currency, Rate};
use time::OffsetDateTime;

use crate::Text;

/// Terms under which affiliates earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its identity.
    pub id: ProgramId,
    /// What people call it.
    pub name: Text,
    /// The rules in force: the newest version.
    pub terms: Terms,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

/// The rules of a program, before they have a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsDraft {
    /// The program's currency.
    pub currency: Currency,
    /// The incentives, in the order that settles ties.
    pub incentives: Vec<Incentive>,
    /// For how many days (of 24 hours) after the sale a commission is held.
    pub hold_days: u16,
}

impl TermsDraft {
    /// The rules as this version.
    ///
    /// # Errors
    /// [`TermsError`] if they cannot be terms.
    pub fn to_terms(&self, version: TermsVersion) -> Result<Terms, TermsError> {
        let terms = Terms::try_new(version, self.currency, self.incentives.clone())?;
        Ok(terms.with_hold_days(self.hold_days))
    }
}

/// What is to change of a program's rules; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsChange {
    /// The program's currency from now on.
    pub currency: Option<Currency>,
    /// The incentives from now on, all of them, in the order that settles ties.
    pub incentives: Option<Vec<Incentive>>,
    /// For how many days (of 24 hours) after the sale a commission is held from now on.
    pub hold_days: Option<u16>,
}

impl TermsChange {
    /// What follows `before`: the next version.
    ///
    /// # Errors
    /// [`TermsError`] if the rules cannot be terms.
    pub fn after(&self, before: &Terms) -> Result<Terms, TermsError> {
        let next = TermsDraft {
            currency: self.currency.unwrap_or(before.currency()),
            incentives: match &self.incentives {
                Some(incentives) => incentives.clone(),
                None => before.incentives().to_vec(),
            },
            hold_days: self.hold_days.unwrap_or(before.hold_days()),
        };
        next.to_terms(TermsVersion::new(before.version().number() + 1))
    }
}

impl From<TermsDraft> for TermsChange {
    fn from(draft: TermsDraft) -> Self {
        Self {
            currency: Some(draft.currency),
            incentives: Some(draft.incentives),
            hold_days: Some(draft.hold_days),
        }
    }
}

/// One who earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliate {
    /// Its identity.
    pub id: AffiliateId,
    /// What people call it.
    pub name: Text,
    /// Where to write to.
    pub email: Option<Text>,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

/// An affiliate in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// Its identity.
    pub id: EnrollmentId,
    /// Who.
    pub affiliate: AffiliateId,
    /// In what.
    pub program: ProgramId,
    /// The code by which shops know it: unique within the organization.
    pub tag: Tag,
    /// A rate agreed with this affiliate, before any incentive.
    pub rate: Option<Rate>,
    /// Whether it can be credited.
    pub standing: Standing,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

impl Enrollment {
    /// The credit that it gets.
    pub fn credit(&self) -> Credit {
        Credit {
            enrollment: self.id,
            affiliate: self.affiliate,
            program: self.program,
        }
    }
}
