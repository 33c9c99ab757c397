//! What is asked, in numbers that stay when something before it is left out.

use std::{collections::BTreeMap, fmt};

use accrual_attribution::{AffiliateId, Claim, EnrollmentId, ProgramId, PromoCodeId};
use time::Duration;

use super::{reference::Reference, words};
use crate::{
    Actor, Amendment, Click, Command, ConversionId, Enrolling, Facts, Idempotency, IdempotencyKey,
    Outcome, Refund, Sender, SignUp, SignUpBy, Submission, Text,
};

/// One step of a sequence.
#[derive(Clone, PartialEq)]
pub(super) enum Ask {
    /// Time passes.
    Wait(Duration),
    /// Another engine takes over, with nothing in memory.
    Restart,
    /// All that can be read is compared.
    Look,
    /// A command.
    Command(Box<Asked>),
}

/// A command whose ids are numbers that the sequence has given: a sale's is that of its reference,
/// a referral's is its own.
#[derive(Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) command: Command,
    /// What is made is called so from then on.
    pub(super) called: i64,
    /// Whether the next one does not wait for its answer.
    pub(super) with_next: bool,
    /// A key, and what it is for.
    pub(super) key: Option<(u8, u8)>,
}

impl Asked {
    pub(super) fn new(command: Command) -> Self {
        Self {
            command,
            called: 0,
            with_next: false,
            key: None,
        }
    }

    pub(super) fn called(command: Command, called: i64) -> Self {
        Self {
            called,
            ..Self::new(command)
        }
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(time) => write!(formatter, "wait for {time}"),
            Self::Restart => formatter.write_str("restart the engine"),
            Self::Look => formatter.write_str("look at everything"),
            Self::Command(asked) => asked.fmt(formatter),
        }
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        words::command(formatter, self)
    }
}

/// The reference of the sale with this number.
pub(super) fn order(number: i64) -> String {
    format!("order-{number}")
}

/// Which ids the numbers stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    programs: BTreeMap<i64, ProgramId>,
    affiliates: BTreeMap<i64, AffiliateId>,
    enrollments: BTreeMap<i64, EnrollmentId>,
    codes: BTreeMap<i64, PromoCodeId>,
}

/// What is not there has a number that nothing has.
const NOWHERE: i64 = 900;

impl Names {
    /// What was made has a name from now on.
    pub(super) fn note(&mut self, asked: &Asked, outcome: &Outcome) {
        let called = asked.called;
        match (&asked.command, outcome) {
            (Command::CreateProgram { .. }, Outcome::Program(program)) => {
                self.programs.insert(called, program.id);
            }
            (Command::CreateAffiliate { .. }, Outcome::Affiliate(affiliate)) => {
                self.affiliates.insert(called, affiliate.id);
            }
            (Command::Enroll(_) | Command::Apply(_), Outcome::Enrollment(enrollment)) => {
                self.enrollments.insert(called, enrollment.id);
            }
            (Command::CreatePromoCode { .. }, Outcome::PromoCode(code)) => {
                self.codes.insert(called, code.id);
            }
            _ => {}
        }
    }

    /// The submission, with the ids that the numbers stand for.
    pub(super) fn submission(
        &self,
        asked: &Asked,
        reference: &Reference,
        count: usize,
    ) -> Submission {
        let request_id = Text::parse(format!("request-{count}")).unwrap();
        Submission {
            command: self.command(&asked.command, reference),
            actor: Actor::Operator,
            request_id,
            idempotency: asked.key.map(|(key, fingerprint)| Idempotency {
                key: IdempotencyKey::parse(format!("key-{key}")).unwrap(),
                fingerprint: [fingerprint; 32],
            }),
        }
    }

    fn command(&self, command: &Command, reference: &Reference) -> Command {
        let mut command = command.clone();
        match &mut command {
            Command::CreateProgram { .. }
            | Command::CreateAffiliate { .. }
            | Command::RegisterShop { .. }
            | Command::Mature => {}
            Command::ChangeProgram { program, .. } => *program = self.program(*program),
            Command::ChangeAffiliate { affiliate, .. } => *affiliate = self.affiliate(*affiliate),
            Command::Enroll(Enrolling {
                affiliate,
                program,
                recruiter,
                ..
            }) => {
                *affiliate = self.affiliate(*affiliate);
                *program = self.program(*program);
                *recruiter = recruiter.map(|id| self.enrollment(id));
            }
            Command::Apply(application) => {
                application.program = self.program(application.program);
            }
            Command::ChangeEnrollment { enrollment, .. }
            | Command::CreatePromoCode { enrollment, .. } => {
                *enrollment = self.enrollment(*enrollment);
            }
            Command::ChangePromoCode { promo_code, .. } => {
                let known = self.codes.get(&promo_code.number()).copied();
                *promo_code = known.unwrap_or(PromoCodeId::new(NOWHERE));
            }
            Command::Click(Click { by, .. }) => self.name_sender(by),
            Command::SignUp(SignUp { by, .. }) => match by {
                SignUpBy::Sender(sender) => self.name_sender(sender),
                SignUpBy::Referral(_) | SignUpBy::Visitor(_) => {}
            },
            Command::Report(facts) => self.name_claims(facts),
            Command::Refund(Refund { conversion, .. })
            | Command::ChangeStatus { conversion, .. } => {
                *conversion = sale(*conversion, reference)
            }
            Command::Amend(amendment) => {
                let Amendment { conversion, .. } = &mut **amendment;
                *conversion = sale(*conversion, reference);
            }
        }
        command
    }

    fn name_sender(&self, sender: &mut Sender) {
        match sender {
            Sender::Enrollment(id) => *id = self.enrollment(*id),
            Sender::Tag(_) | Sender::Link(_) => {}
        }
    }

    fn name_claims(&self, facts: &mut Facts) {
        for claim in &mut facts.claims {
            match claim {
                Claim::Affiliate(id) => *id = self.affiliate(*id),
                Claim::Membership { affiliate, program } => {
                    *affiliate = self.affiliate(*affiliate);
                    *program = self.program(*program);
                }
                Claim::Referral(_)
                | Claim::Click(_)
                | Claim::ExternalUser(_)
                | Claim::Customer(_)
                | Claim::Email(_)
                | Claim::Link(_)
                | Claim::Tag(_)
                | Claim::PromoCode(_) => {}
            }
        }
    }

    fn program(&self, id: ProgramId) -> ProgramId {
        let known = self.programs.get(&id.number()).copied();
        known.unwrap_or(ProgramId::new(NOWHERE))
    }

    fn affiliate(&self, id: AffiliateId) -> AffiliateId {
        let known = self.affiliates.get(&id.number()).copied();
        known.unwrap_or(AffiliateId::new(NOWHERE))
    }

    fn enrollment(&self, id: EnrollmentId) -> EnrollmentId {
        let known = self.enrollments.get(&id.number()).copied();
        known.unwrap_or(EnrollmentId::new(NOWHERE))
    }
}

fn sale(id: ConversionId, reference: &Reference) -> ConversionId {
    let known = reference.by_reference(&order(id.number()));
    known.unwrap_or(ConversionId::new(NOWHERE))
}
