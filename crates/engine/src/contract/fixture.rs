//! A small shop that the laws are tried in.

mod reading;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use accrual_attribution::{
    AffiliateId, Claim, EnrollmentId, Identifier, ProgramId, Tag, TouchKind,
};
use accrual_commission::{Incentive, Pay, Terms, TermsVersion};
use accrual_money::{Currency, Money, Rate};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::Shared;
use crate::{
    Actor, Answer, Click, Clock, Command, Customer, Engine, EngineOptions, Enrolling, Error, Facts,
    NewOrganization, OrgId, Outcome, Page, Platform, Recorded, Reference, Referral, Sender, Source,
    Store, Submission, TermsDraft, Text, Version, Zone,
};

/// When everything happens, unless a law says otherwise: to the microsecond, as it is kept.
pub(super) const NOW: OffsetDateTime = datetime!(2025-06-15 12:00:00.123456 UTC);

/// The tag of the shop's one enrollment.
pub(super) const TAG: &str = "summer2025";

struct Stopped(OffsetDateTime);

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        self.0
    }
}

/// An organization with one program, one affiliate in it, and an engine to run commands.
pub(super) struct Shop {
    pub(super) store: Shared,
    pub(super) engine: Arc<Engine>,
    pub(super) org: OrgId,
    pub(super) program: ProgramId,
    pub(super) affiliate: AffiliateId,
    pub(super) enrollment: EnrollmentId,
}

impl Shop {
    /// A shop that pays 5 % at once, in USD.
    pub(super) async fn open(store: &Shared) -> Self {
        Self::open_with(store, "The shop", share("5")).await
    }

    /// A shop of this name under these terms.
    pub(super) async fn open_with(store: &Shared, name: &str, terms: TermsDraft) -> Self {
        let org = organization(store, name).await;
        let mut shop = Self {
            store: store.clone(),
            engine: engine(store),
            org,
            program: ProgramId::new(0),
            affiliate: AffiliateId::new(0),
            enrollment: EnrollmentId::new(0),
        };
        shop.program = shop.create_program(terms).await;
        shop.affiliate = shop.create_affiliate("Sarah").await;
        shop.enrollment = shop.enroll(shop.affiliate, shop.program, TAG).await;
        shop
    }

    pub(super) async fn create_program(&self, terms: TermsDraft) -> ProgramId {
        let command = Command::CreateProgram {
            name: text("Summer"),
            terms,
            is_ambassador: false,
        };
        match self.run(command).await {
            Outcome::Program(program) => program.id,
            other => panic!("not a program: {other:?}"),
        }
    }

    pub(super) async fn create_affiliate(&self, name: &str) -> AffiliateId {
        let command = Command::CreateAffiliate {
            name: text(name),
            email: None,
            customer: None,
        };
        match self.run(command).await {
            Outcome::Affiliate(affiliate) => affiliate.id,
            other => panic!("not an affiliate: {other:?}"),
        }
    }

    pub(super) async fn enroll(
        &self,
        affiliate: AffiliateId,
        program: ProgramId,
        tag: &str,
    ) -> EnrollmentId {
        match self.run(enroll(affiliate, program, tag)).await {
            Outcome::Enrollment(enrollment) => enrollment.id,
            other => panic!("not an enrollment: {other:?}"),
        }
    }

    /// Runs a command that must succeed.
    pub(super) async fn run(&self, command: Command) -> Outcome {
        self.submit(command).await.unwrap().outcome
    }

    pub(super) async fn submit(&self, command: Command) -> Result<Answer, Error> {
        self.engine.submit(self.org, submission(command)).await
    }

    /// Reports a sale that must be accepted.
    pub(super) async fn report(&self, facts: Facts) -> Answer {
        self.try_report(facts).await.unwrap()
    }

    pub(super) async fn try_report(&self, facts: Facts) -> Result<Answer, Error> {
        self.submit(report(facts)).await
    }

    pub(super) async fn change_terms(&self, terms: TermsDraft) {
        let change = Command::ChangeProgram {
            program: self.program,
            name: None,
            terms: Some(terms.into()),
            is_ambassador: None,
        };
        self.run(change).await;
    }

    pub(super) async fn change_enrollment(
        &self,
        tag: Option<&str>,
        is_active: Option<bool>,
    ) -> Result<Answer, Error> {
        self.submit(Command::ChangeEnrollment {
            enrollment: self.enrollment,
            tag: tag.map(self::tag),
            slug: None,
            rate: None,
            is_active,
        })
        .await
    }

    /// Submits `commands` so that they are one batch, and answers in their order.
    ///
    /// While this holds the organization's turn, two commands that come to nothing stop the lane:
    /// one waits to be kept, and one behind it is decided. What is submitted then is taken together.
    pub(super) async fn submit_together(
        &self,
        commands: impl IntoIterator<Item = Command>,
    ) -> Vec<Result<Answer, Error>> {
        assert_eq!(
            self.try_report(facts("plug")).await,
            Err(Error::AmountMissing)
        );
        // After a turn that kept nothing the next one is waited for, whatever the store.
        drop(self.store.begin(self.org).await.unwrap());
        let turn = self.store.begin(self.org).await.unwrap();
        let before = self.engine.statistics();
        let mut plugs = Vec::new();
        for taken in 1..=2 {
            let mut plug = Box::pin(self.try_report(facts("plug")));
            poll_once(&mut plug).await;
            plugs.push(plug);
            while self.engine.statistics().commands < before.commands + taken {
                tokio::task::yield_now().await;
            }
        }
        let mut waiting = Vec::new();
        for command in commands {
            let mut answer = Box::pin(self.submit(command));
            poll_once(&mut answer).await;
            waiting.push(answer);
        }
        drop(turn);
        for plug in plugs {
            assert_eq!(plug.await, Err(Error::AmountMissing));
        }
        let mut answers = Vec::with_capacity(waiting.len());
        for answer in waiting {
            answers.push(answer.await);
        }
        assert_eq!(self.engine.statistics().batches, before.batches + 3);
        answers
    }
}

/// Polls a future once; what it came to, if it is ready then.
pub(super) async fn poll_once<F: Future>(future: &mut Pin<Box<F>>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

pub(super) async fn organization(store: &Shared, name: &str) -> OrgId {
    let organization = NewOrganization {
        name: text(name),
        currency: Currency::USD,
        zone: Zone::utc(),
    };
    let made = store.create_organization(organization, NOW).await.unwrap();
    made.unwrap().id
}

/// A page that has everything.
pub(super) fn everything() -> Page {
    Page {
        skip: 0,
        limit: u32::MAX,
    }
}

pub(super) fn engine(store: &Shared) -> Arc<Engine> {
    engine_over(store.clone(), EngineOptions::default())
}

pub(super) fn engine_over(store: Arc<dyn Store>, options: EngineOptions) -> Arc<Engine> {
    Arc::new(Engine::new(store, Arc::new(Stopped(NOW)), options))
}

/// An engine at another time than [`NOW`].
pub(super) fn engine_at(store: &Shared, time: OffsetDateTime) -> Arc<Engine> {
    let clock = Arc::new(Stopped(time));
    Arc::new(Engine::new(store.clone(), clock, EngineOptions::default()))
}

pub(super) fn submission(command: Command) -> Submission {
    Submission {
        command,
        actor: Actor::Operator,
        request_id: text("request"),
        idempotency: None,
    }
}

pub(super) fn enroll(affiliate: AffiliateId, program: ProgramId, tag_text: &str) -> Command {
    Command::Enroll(Enrolling {
        affiliate,
        program,
        tag: tag(tag_text),
        slug: None,
        recruiter: None,
        rate: None,
    })
}

pub(super) fn report(facts: Facts) -> Command {
    Command::Report(Box::new(facts))
}

/// A sale of the shop's affiliate, for this total in minor units of USD.
pub(super) fn sale(reference: &str, total_minor: i64) -> Facts {
    Facts {
        claims: vec![Claim::Tag(tag(TAG))],
        total: Some(usd(total_minor)),
        ..facts(reference)
    }
}

pub(super) fn facts(reference: &str) -> Facts {
    Facts::new(source("shop"), self::reference(reference))
}

/// Terms that pay this percentage of every sale at once, in USD.
pub(super) fn share(percent: &str) -> TermsDraft {
    let incentives = vec![Incentive::new(Pay::Share(rate(percent)))];
    TermsDraft::new(Currency::USD, incentives)
}

/// These terms as version `number` of a program's.
pub(super) fn version_of(terms: TermsDraft, number: u32) -> Version {
    let version = TermsVersion::new(number);
    Version {
        terms: Terms::try_new(version, terms.rules).unwrap(),
        crediting: terms.crediting,
    }
}

pub(super) fn recorded(answer: &Answer) -> &Recorded {
    match &answer.outcome {
        Outcome::Conversion(recorded) => recorded,
        other => panic!("not a conversion: {other:?}"),
    }
}

pub(super) fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

pub(super) fn rate(percent: &str) -> Rate {
    Rate::parse_percent(percent).unwrap()
}

pub(super) fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

pub(super) fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

pub(super) fn platform(text: &str) -> Platform {
    Platform::parse(text).unwrap()
}

pub(super) fn source(text: &str) -> Source {
    Source::parse(text).unwrap()
}

pub(super) fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

pub(super) fn identifier(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

/// A sale of this customer, credited to whoever has this tag.
pub(super) fn bought(reference: &str, customer: &str, by: &str, total_minor: i64) -> Facts {
    Facts {
        claims: vec![Claim::Tag(tag(by))],
        customer: Customer {
            id: Some(text(customer)),
            ..Customer::default()
        },
        ..sale(reference, total_minor)
    }
}

impl Shop {
    pub(super) async fn click(&self, visitor: &str, by: &str, days_ago: i64) -> Referral {
        let command = Command::Click(Click {
            by: Sender::Tag(tag(by)),
            visitor: Some(identifier(visitor)),
            kind: TouchKind::Click,
            at: Some(NOW - Duration::days(days_ago)),
        });
        self.referral(command).await
    }

    pub(super) async fn referral(&self, command: Command) -> Referral {
        match self.run(command).await {
            Outcome::Referral(referral) => Referral::clone(&referral),
            other => panic!("not a referral: {other:?}"),
        }
    }

    /// Another affiliate in the same program.
    pub(super) async fn join(&self, name: &str) -> crate::Enrollment {
        let affiliate = self.create_affiliate(name).await;
        let id = self.enroll(affiliate, self.program, name).await;
        self.store.enrollment(self.org, id).await.unwrap().unwrap()
    }
}
