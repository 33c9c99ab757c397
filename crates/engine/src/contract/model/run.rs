//! Running a sequence through an engine, step by step beside the reference.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use accrual_money::Currency;
use time::OffsetDateTime;

use super::{
    any::made,
    ask::{Ask, Asked},
    compare::{self, Mismatch},
    plan::Plan,
    reference::{Expected, Reference},
    replayed,
};
use crate::{
    Clock, Engine, EngineOptions, NewOrganization, OrgId, Submission, Text,
    contract::{Shared, fixture::poll_once},
};

/// A clock that is set.
#[derive(Debug)]
pub(super) struct SetClock(Mutex<OffsetDateTime>);

impl SetClock {
    pub(super) fn at(time: OffsetDateTime) -> Arc<Self> {
        Arc::new(Self(Mutex::new(time)))
    }

    pub(super) fn set(&self, time: OffsetDateTime) {
        *self.0.lock().unwrap() = time;
    }
}

impl Clock for SetClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// A command that was asked for, and what it should come to.
struct Awaited {
    words: String,
    submission: Submission,
    expected: Expected,
}

/// One sequence, in an organization of its own.
struct Run {
    store: Shared,
    org: OrgId,
    clock: Arc<SetClock>,
    engine: Engine,
    plan: Plan,
    /// Asked for, and not waited for yet.
    awaited: Vec<Awaited>,
    accepted: Vec<(OffsetDateTime, Submission)>,
}

/// Runs a sequence on a store, and says where it is not as it should be.
///
/// `seen` counts the steps that were taken.
pub(super) async fn run(
    store: Shared,
    name: &str,
    plan: &Plan,
    asks: &[Ask],
    seen: &AtomicUsize,
) -> Result<(), Mismatch> {
    let clock = SetClock::at(plan.now);
    let mut run = Run {
        org: new_organization(&store, name, plan).await,
        engine: engine(&store, &clock),
        store,
        clock,
        plan: plan.before(),
        awaited: Vec::new(),
        accepted: Vec::new(),
    };
    for asked in made(&plan.terms) {
        run.ask(&asked);
    }
    run.settle().await?;
    for ask in asks {
        seen.fetch_add(1, Ordering::SeqCst);
        run.step(ask).await?;
    }
    run.settle().await?;
    run.look().await?;
    let again = Reference::of(plan.zone.clone(), &run.accepted);
    assert!(
        again == run.plan.reference,
        "what is refused has left a trace"
    );
    replayed::replay(&run.store, run.org, &run.plan.reference, plan).await
}

pub(super) async fn new_organization(store: &Shared, name: &str, plan: &Plan) -> OrgId {
    let organization = NewOrganization {
        name: Text::parse(name).unwrap(),
        currency: Currency::USD,
        zone: plan.zone.clone(),
    };
    let made = store.create_organization(organization, plan.now).await;
    made.unwrap().unwrap().id
}

pub(super) fn engine(store: &Shared, clock: &Arc<SetClock>) -> Engine {
    Engine::new(store.clone(), clock.clone(), EngineOptions::default())
}

impl Run {
    async fn step(&mut self, ask: &Ask) -> Result<(), Mismatch> {
        match ask {
            Ask::Command(asked) => {
                self.ask(asked);
                if asked.with_next {
                    return Ok(());
                }
                self.settle().await
            }
            Ask::Wait(time) => {
                self.settle().await?;
                self.plan.now += *time;
                self.clock.set(self.plan.now);
                Ok(())
            }
            Ask::Restart => {
                self.settle().await?;
                self.engine = engine(&self.store, &self.clock);
                Ok(())
            }
            Ask::Look => {
                self.settle().await?;
                self.look().await
            }
        }
    }

    /// Asks the reference, and keeps what it says until the engine has answered.
    fn ask(&mut self, asked: &Asked) {
        let (submission, expected) = self.plan.ask(asked);
        if expected.is_ok() {
            self.accepted.push((self.plan.now, submission.clone()));
        }
        self.awaited.push(Awaited {
            words: format!("{asked:?}"),
            submission,
            expected,
        });
    }

    /// Asks the engine the same, one behind the other, and compares the answers.
    async fn settle(&mut self) -> Result<(), Mismatch> {
        let mut submitted = Vec::new();
        for awaited in &self.awaited {
            let submission = awaited.submission.clone();
            let mut answer = Box::pin(self.engine.submit(self.org, submission));
            let at_once = poll_once(&mut answer).await;
            submitted.push((answer, at_once));
        }
        let mut answers = Vec::new();
        for (answer, at_once) in submitted {
            answers.push(match at_once {
                Some(answer) => answer,
                None => answer.await,
            });
        }
        for (awaited, answer) in std::mem::take(&mut self.awaited).iter().zip(answers) {
            compare::answers(&awaited.words, &awaited.expected, &answer)?;
        }
        Ok(())
    }

    async fn look(&self) -> Result<(), Mismatch> {
        compare::everything(&self.store, self.org, &self.plan.reference).await
    }
}
