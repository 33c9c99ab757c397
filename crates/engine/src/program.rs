//! What is set up before sales come in: programs, affiliates, enrollments.

use accrual_attribution::{
    AffiliateId, Binding, Credit, Crediting, Email, EnrollmentId, Identifier, ProgramId, Slug,
    Standing, Tag,
};
use accrual_commission::{
    Approval, BaseRule, Caps, Incentive, Level, Rules, Terms, TermsError, TermsVersion,
};
use accrual_money::{Currency, Money, Rate};
use time::OffsetDateTime;

use crate::Text;

/// Terms under which affiliates earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its identity.
    pub id: ProgramId,
    /// What people call it.
    pub name: Text,
    /// What is earned: the newest version.
    pub terms: Terms,
    /// Who is credited: a part of the same version.
    pub crediting: Crediting,
    /// Whether it is an ambassador program: lists of sales can ask for those alone.
    ///
    /// Source: Growi `GET /affiliate_sales` (`ambassador_program`).
    pub is_ambassador: bool,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

/// A program's terms in one version: what is earned, and who is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// What is earned.
    pub terms: Terms,
    /// Who is credited.
    pub crediting: Crediting,
}

/// The terms of a program, before they have a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsDraft {
    /// What is earned.
    pub rules: Rules,
    /// Who is credited.
    pub crediting: Crediting,
}

impl TermsDraft {
    /// Pays by these incentives, at once, whoever is named.
    pub fn new(currency: Currency, incentives: Vec<Incentive>) -> Self {
        Self {
            rules: Rules {
                incentives,
                ..Rules::new(currency)
            },
            crediting: Crediting {
                binding: Binding::None,
                ..Crediting::default()
            },
        }
    }

    /// The first version of them.
    ///
    /// # Errors
    /// [`TermsError`] if they cannot be terms.
    pub fn first(self) -> Result<Version, TermsError> {
        Ok(Version {
            terms: Terms::try_new(TermsVersion::new(1), self.rules)?,
            crediting: self.crediting,
        })
    }
}

/// What is to change of a program's terms; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsChange {
    /// The program's currency from now on.
    pub currency: Option<Currency>,
    /// What a share is taken of from now on.
    pub base: Option<BaseRule>,
    /// The incentives from now on, all of them, in the order that settles ties.
    pub incentives: Option<Vec<Incentive>>,
    /// The least that a sale must be worth from now on; `Some(None)` is anything.
    pub minimum_sale: Option<Option<Money>>,
    /// What is earned at most from now on.
    pub caps: Option<Caps>,
    /// What those who recruited the seller earn from now on, nearest first.
    pub levels: Option<Vec<Level>>,
    /// For how many days (of 24 hours) after the sale a commission is held from now on.
    pub hold_days: Option<u16>,
    /// Who approves commissions from now on.
    pub approval: Option<Approval>,
    /// Who is credited from now on.
    pub crediting: Option<Crediting>,
}

impl TermsChange {
    /// What follows `before`: the next version.
    ///
    /// # Errors
    /// [`TermsError`] if they cannot be terms.
    pub fn after(&self, before: &Program) -> Result<Version, TermsError> {
        let mut rules = before.terms.rules().clone();
        replace(&mut rules.currency, self.currency.as_ref());
        replace(&mut rules.base, self.base.as_ref());
        replace(&mut rules.incentives, self.incentives.as_ref());
        replace(&mut rules.minimum_sale, self.minimum_sale.as_ref());
        replace(&mut rules.caps, self.caps.as_ref());
        replace(&mut rules.levels, self.levels.as_ref());
        replace(&mut rules.hold_days, self.hold_days.as_ref());
        replace(&mut rules.approval, self.approval.as_ref());
        let mut crediting = before.crediting.clone();
        replace(&mut crediting, self.crediting.as_ref());
        let version = TermsVersion::new(before.terms.version().number() + 1);
        Ok(Version {
            terms: Terms::try_new(version, rules)?,
            crediting,
        })
    }
}

fn replace<T: Clone>(place: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        place.clone_from(value);
    }
}

impl From<TermsDraft> for TermsChange {
    fn from(draft: TermsDraft) -> Self {
        let TermsDraft { rules, crediting } = draft;
        Self {
            currency: Some(rules.currency),
            base: Some(rules.base),
            incentives: Some(rules.incentives),
            minimum_sale: Some(rules.minimum_sale),
            caps: Some(rules.caps),
            levels: Some(rules.levels),
            hold_days: Some(rules.hold_days),
            approval: Some(rules.approval),
            crediting: Some(crediting),
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
    /// The caller's own id of it as a customer, so that it is known when it buys for itself.
    pub customer: Option<Identifier>,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

impl Affiliate {
    /// Its e-mail address, if what is kept of it is one.
    pub fn address(&self) -> Option<Email> {
        Email::parse(self.email.as_ref()?.as_str()).ok()
    }
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
    /// What its links end with, if that is not the tag: unique within the organization.
    pub slug: Option<Slug>,
    /// The enrollment of the same program that recruited it.
    pub recruiter: Option<EnrollmentId>,
    /// A rate agreed with this affiliate, before any incentive.
    pub rate: Option<Rate>,
    /// Whether it can be credited.
    pub state: EnrollmentState,
    /// What was said when the affiliate applied, for the caller's own use.
    pub details: serde_json::Map<String, serde_json::Value>,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}

/// How far an enrollment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnrollmentState {
    /// The affiliate has applied, and waits for approval.
    Applied,
    /// It can be credited.
    Active,
    /// It was ended, or the application was declined.
    Ended,
}

impl EnrollmentState {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Applied, Self::Active, Self::Ended];

    /// The one that a caller names who says whether it can be credited.
    pub(crate) fn of(is_active: bool) -> Self {
        if is_active { Self::Active } else { Self::Ended }
    }
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

    /// Whether it can be credited, as a candidate says it.
    pub fn standing(&self) -> Standing {
        match self.state {
            EnrollmentState::Applied => Standing::Unapproved,
            EnrollmentState::Active => Standing::Active,
            EnrollmentState::Ended => Standing::Ended,
        }
    }
}

impl Program {
    /// Whether it must know which of its customers bought before.
    pub fn remembers_customers(&self) -> bool {
        self.crediting.binding != Binding::None || self.terms.looks_at_customers()
    }
}
