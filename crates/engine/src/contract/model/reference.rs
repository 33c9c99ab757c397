//! What the engine must come to, written the other way round.
//!
//! It knows what was asked and accepted, and nothing that follows from it: no sum, no counter, no
//! balance. Whatever is wanted is computed from the sales as they stand, by looking at all of them.
//! It shares the domain's types as plain data, but neither a rule nor a calculation.

mod amend;
mod base;
mod choice;
mod claims;
mod customers;
mod earning;
mod glimpse;
mod history;
mod incentive;
mod integers;
mod lift;
mod people;
mod pricing;
mod refund;
mod sale;
mod set_up;
mod shops;
mod status;
mod sums;
mod terms;
mod view;

use accrual_attribution::{Code, Credit, EnrollmentId, Touch};
use accrual_commission::{Earning, IncentiveNumber, Status};
use accrual_money::Currency;
use time::{Date, OffsetDateTime};

use crate::{
    Affiliate, Command, EarnedBy, Enrollment, Error, Facts, Idempotency, Identity, Outcome,
    PromoLimits, Replay, Shop, Subject, Submission, TermsDraft, Text, Zone,
};
pub(super) use glimpse::Glimpse;
use history::Known;

/// What was asked and accepted so far.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reference {
    zone: Zone,
    /// How many entries the journal has.
    pub(super) entries: i64,
    programs: Vec<Program>,
    affiliates: Vec<Affiliate>,
    enrollments: Vec<Enrollment>,
    codes: Vec<Coupon>,
    shops: Vec<Shop>,
    /// Whether there was ever a code for first orders only.
    asks_for_first_orders: bool,
    people: Vec<Sent>,
    sales: Vec<Sold>,
    asked: Vec<(Idempotency, Subject)>,
}

/// A program, with every version of its terms.
#[derive(Clone, Debug, PartialEq)]
struct Program {
    name: Text,
    versions: Vec<TermsDraft>,
    is_ambassador: bool,
    created_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq)]
struct Coupon {
    code: Code,
    enrollment: EnrollmentId,
    is_active: bool,
    limits: PromoLimits,
    created_at: OffsetDateTime,
}

/// Somebody whom an enrollment has sent.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    by: Credit,
    person: Identity,
    touch: Option<Touch>,
    bound_at: Option<OffsetDateTime>,
    /// The first of the payments since there was last none that counts.
    first_payment_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
}

/// A sale, and what happened to it; what it earns follows.
#[derive(Clone, Debug, PartialEq)]
struct Sold {
    /// What was reported.
    facts: Facts,
    /// What it was changed to.
    amended: Option<Facts>,
    occurred_at: OffsetDateTime,
    day: Date,
    recorded_at: OffsetDateTime,
    /// The journal entries that hold the report, the facts as they are, the last change.
    entries: (i64, i64, i64),
    refunded: i128,
    charged_back: i128,
    /// The promo codes that were redeemed, by their places.
    redeemed: Vec<usize>,
    /// Who is credited, in proportion to which weights.
    credits: Vec<(Credit, u64)>,
    /// The place of the terms' version.
    version: usize,
    known: Known,
    earners: Vec<Earner>,
}

/// One who earns something by a sale.
#[derive(Clone, Debug, PartialEq)]
struct Earner {
    credit: Credit,
    by: EarnedBy,
    incentive: Option<IncentiveNumber>,
    /// The place of the customer among the people.
    customer: Option<usize>,
    earning: Earning,
    /// The currency that the sale earned in when it was reported.
    first_currency: Currency,
    status: Status,
    paid_out: i128,
    due_at: Option<OffsetDateTime>,
}

/// What a command comes to, unless it is refused.
pub(super) type Expected = Result<(Outcome, IsReplay), Error>;

/// Whether the same was asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IsReplay {
    No,
    Same,
    Differs,
}

impl From<&Replay> for IsReplay {
    fn from(replay: &Replay) -> Self {
        match replay {
            Replay::No => Self::No,
            Replay::Same => Self::Same,
            Replay::Differs(_) => Self::Differs,
        }
    }
}

impl Reference {
    pub(super) fn new(zone: Zone) -> Self {
        Self {
            zone,
            entries: 0,
            programs: Vec::new(),
            affiliates: Vec::new(),
            enrollments: Vec::new(),
            codes: Vec::new(),
            shops: Vec::new(),
            asks_for_first_orders: false,
            people: Vec::new(),
            sales: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// What follows from all that was accepted, from the first on.
    pub(super) fn of(zone: Zone, accepted: &[(OffsetDateTime, Submission)]) -> Self {
        let mut reference = Self::new(zone);
        for (at, submission) in accepted {
            let again = reference.ask(submission, *at);
            assert!(again.is_ok(), "accepted before: {again:?}");
        }
        reference
    }

    /// What `submission` comes to at `at`; what is refused leaves no trace.
    pub(super) fn ask(&mut self, submission: &Submission, at: OffsetDateTime) -> Expected {
        let comes_to = self.ask_one(submission, at);
        self.forget_first_payments();
        comes_to
    }

    fn ask_one(&mut self, submission: &Submission, at: OffsetDateTime) -> Expected {
        if let Some(asked) = &submission.idempotency
            && let Some((first, about)) = self.asked.iter().find(|(one, _)| one.key == asked.key)
        {
            if first.fingerprint != asked.fingerprint {
                return Err(Error::IdempotencyKeyReused);
            }
            return Ok((self.about(*about), IsReplay::Same));
        }
        let (about, replay) = match &submission.command {
            Command::CreateProgram { .. } => self.create_program(&submission.command, at)?,
            Command::ChangeProgram { .. } => self.change_program(&submission.command)?,
            Command::CreateAffiliate {
                name,
                email,
                customer,
            } => self.create_affiliate(name, email.as_ref(), customer.as_ref(), at),
            Command::ChangeAffiliate { .. } => self.change_affiliate(&submission.command)?,
            Command::Enroll(enrolling) => self.enroll(enrolling, at)?,
            Command::Apply(application) => self.apply(application, at)?,
            Command::ChangeEnrollment { .. } => self.change_enrollment(&submission.command)?,
            Command::CreatePromoCode {
                code,
                enrollment,
                limits,
            } => self.create_code(code, *enrollment, limits, at)?,
            Command::ChangePromoCode {
                promo_code,
                is_active,
                limits,
            } => self.change_code(*promo_code, *is_active, limits.as_ref())?,
            Command::RegisterShop { .. } => self.register_shop(&submission.command, at),
            Command::Click(click) => self.click(click, at)?,
            Command::SignUp(sign_up) => self.sign_up(sign_up, at)?,
            Command::Refund(refund) => self.refund(refund)?,
            Command::Amend(amendment) => self.amend(amendment, at)?,
            Command::ChangeStatus {
                conversion,
                position,
                change,
            } => self.change_status(*conversion, *position, *change, at)?,
            // A sale is known again by its reference; letting mature is never in vain.
            Command::Report(facts) => return self.report(facts, at),
            Command::Mature => return Ok((Outcome::Matured(self.mature(at)), IsReplay::No)),
        };
        if let Some(idempotency) = &submission.idempotency {
            self.asked.push((idempotency.clone(), about));
        }
        Ok((self.about(about), replay))
    }

    /// The place of a new journal entry.
    fn enter(&mut self) -> i64 {
        self.entries += 1;
        self.entries
    }
}

/// What most commands come to: what they were about, asked for the first time.
type Done = Result<(Subject, IsReplay), Error>;

fn done(about: Subject) -> (Subject, IsReplay) {
    (about, IsReplay::No)
}
