//! The timer: held commissions become payable when their time has come.

use std::sync::Arc;
use std::time::Duration;

use accrual_engine::{
    Access, Actor, Command, Engine, Needs, OrgId, Outcome, Reports, Submission, Text,
};
use anyhow::Context;
use tokio::time::MissedTickBehavior;

/// How often it is looked whether a time has come.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Lets held commissions become payable, of every organization, by the clock of the engine.
pub struct Timer {
    /// What matures them.
    pub engine: Arc<Engine>,
    /// What knows whose time has come.
    pub reports: Arc<dyn Reports>,
    /// What knows the organizations.
    pub access: Arc<dyn Access>,
}

impl std::fmt::Debug for Timer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timer").finish_non_exhaustive()
    }
}

impl Timer {
    /// Looks each `interval`, for ever. Several servers may do so at once: what has matured does not
    /// mature again.
    pub async fn run(self, interval: Duration) {
        let mut ticks = tokio::time::interval(interval);
        // After a long look the next one is an interval away, not at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.look().await {
                // The next look tries again.
                tracing::warn!(error = format!("{error:#}"), "commissions did not mature");
            }
        }
    }

    /// Matures what is due now; answers how many conversions that were.
    ///
    /// # Errors
    /// If the organizations cannot be listed. One that fails is logged and does not keep the others
    /// from it.
    pub async fn look(&self) -> anyhow::Result<u64> {
        let organizations = self.access.organizations().await?;
        let mut matured = 0;
        for organization in organizations {
            let organization = organization.id;
            match self.mature(organization).await {
                Ok(count) => matured += count,
                Err(error) => tracing::warn!(
                    organization = organization.number(),
                    error = format!("{error:#}"),
                    "commissions did not mature"
                ),
            }
        }
        Ok(matured)
    }

    async fn mature(&self, organization: OrgId) -> anyhow::Result<u64> {
        let mut matured = 0;
        loop {
            let next = self.reports.next_due(organization).await?;
            if next.is_none_or(|due| due > self.engine.clock().now()) {
                return Ok(matured);
            }
            let count = self.submit(organization).await?;
            matured += u64::from(count);
            // Fewer than there could have been: all that was due.
            if count < Needs::MOST_DUE {
                return Ok(matured);
            }
        }
    }

    async fn submit(&self, organization: OrgId) -> anyhow::Result<u32> {
        let submission = Submission {
            command: Command::Mature,
            actor: Actor::Operator,
            request_id: Text::parse("timer")?,
            idempotency: None,
        };
        let answer = self.engine.submit(organization, submission).await?;
        match answer.outcome {
            Outcome::Matured(count) => Ok(count),
            Outcome::Program(_)
            | Outcome::Affiliate(_)
            | Outcome::Enrollment(_)
            | Outcome::PromoCode(_)
            | Outcome::Referral(_)
            | Outcome::Shop(_)
            | Outcome::Conversion(_) => None.context("Maturing came to something else"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use accrual_attribution::{Claim, Tag};
    use accrual_commission::{Incentive, Pay, StatusKind};
    use accrual_engine::{
        Clock, ConversionId, EngineOptions, Enrolling, Facts, MemoryStore, NewOrganization,
        Reference, Source, Store, TermsDraft, Zone,
    };
    use accrual_money::{Currency, Money, Rate};
    use time::{OffsetDateTime, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-31 12:00 UTC);

    /// A clock that is set by hand.
    struct Hands(Mutex<OffsetDateTime>);

    impl Clock for Hands {
        fn now(&self) -> OffsetDateTime {
            *self.0.lock().unwrap()
        }
    }

    struct Stage {
        clock: Arc<Hands>,
        store: MemoryStore,
        engine: Arc<Engine>,
        organization: OrgId,
    }

    impl Stage {
        /// A sale of now, held for two days.
        async fn set() -> Self {
            let clock = Arc::new(Hands(Mutex::new(NOW)));
            let store = MemoryStore::new();
            let kept: Arc<dyn Store> = Arc::new(store.clone());
            let engine = Arc::new(Engine::new(kept, clock.clone(), EngineOptions::default()));
            let new = NewOrganization {
                name: Text::parse("Acme").unwrap(),
                currency: Currency::USD,
                zone: Zone::utc(),
            };
            let made = store.create_organization(new, NOW).await.unwrap().unwrap();
            let stage = Self {
                clock,
                store,
                engine,
                organization: made.id,
            };
            for command in commands() {
                stage.submit(command).await;
            }
            stage
        }

        async fn submit(&self, command: Command) {
            let submission = Submission {
                command,
                actor: Actor::Operator,
                request_id: Text::parse("test").unwrap(),
                idempotency: None,
            };
            let answer = self.engine.submit(self.organization, submission).await;
            answer.unwrap();
        }

        fn timer(&self) -> Timer {
            Timer {
                engine: Arc::clone(&self.engine),
                reports: Arc::new(self.store.clone()),
                access: Arc::new(self.store.clone()),
            }
        }

        async fn status(&self) -> StatusKind {
            let id = ConversionId::new(1);
            let recorded = self.store.conversion(self.organization, id).await.unwrap();
            recorded.unwrap().commissions[0].status.kind()
        }

        fn wait(&self, duration: time::Duration) {
            *self.clock.0.lock().unwrap() += duration;
        }
    }

    fn commands() -> Vec<Command> {
        let share = Pay::Share(Rate::parse_percent("5").unwrap());
        let mut terms = TermsDraft::new(Currency::USD, vec![Incentive::new(share)]);
        terms.rules.hold_days = 2;
        let name = Text::parse("Ada").unwrap();
        let tag = Tag::parse("ada").unwrap();
        let source = Source::parse("api").unwrap();
        let mut facts = Facts::new(source, Reference::parse("1").unwrap());
        facts.total = Some(Money::from_minor(10_000, Currency::USD));
        facts.claims = vec![Claim::Tag(tag.clone())];
        vec![
            Command::CreateProgram {
                name: name.clone(),
                terms,
                is_ambassador: false,
            },
            Command::CreateAffiliate {
                name,
                email: None,
                customer: None,
            },
            Command::Enroll(Enrolling {
                affiliate: accrual_attribution::AffiliateId::new(1),
                program: accrual_attribution::ProgramId::new(1),
                tag,
                slug: None,
                recruiter: None,
                rate: None,
            }),
            Command::Report(Box::new(facts)),
        ]
    }

    #[tokio::test]
    async fn a_commission_matures_when_its_time_has_come_and_not_before() {
        let stage = Stage::set().await;
        let timer = stage.timer();
        stage.wait(time::Duration::days(2) - time::Duration::microseconds(1));
        assert_eq!(timer.look().await.unwrap(), 0);
        assert_eq!(stage.status().await, StatusKind::Pending);
        stage.wait(time::Duration::microseconds(1));
        assert_eq!(timer.look().await.unwrap(), 1);
        assert_eq!(stage.status().await, StatusKind::Payable);
        assert_eq!(timer.look().await.unwrap(), 0);
    }

    #[tokio::test]
    async fn what_is_not_due_leaves_nothing_in_the_journal() {
        let stage = Stage::set().await;
        let before = stage.store.head(stage.organization).await.unwrap();
        stage.timer().look().await.unwrap();
        assert_eq!(stage.store.head(stage.organization).await.unwrap(), before);
    }

    #[tokio::test(start_paused = true)]
    async fn it_looks_again_and_again() {
        let stage = Stage::set().await;
        let running = tokio::spawn(stage.timer().run(INTERVAL));
        tokio::time::sleep(INTERVAL * 2).await;
        assert_eq!(stage.status().await, StatusKind::Pending);
        stage.wait(time::Duration::days(2));
        tokio::time::sleep(INTERVAL * 2).await;
        assert_eq!(stage.status().await, StatusKind::Payable);
        running.abort();
    }
}
