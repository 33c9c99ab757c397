//! The demonstration's organization, program and affiliates: made once, found afterwards.

use std::sync::Arc;

use accrual_attribution::{AffiliateId, ProgramId, Tag};
use accrual_commission::{Incentive, Pay};
use accrual_engine::{
    Access, Actor, Clock, Command, Engine, EngineOptions, Enrolling, Idempotency, IdempotencyKey,
    NewOrganization, OrgId, Outcome, Submission, TermsDraft, Text, Zone,
};
use accrual_money::{Currency, Rate};
use anyhow::Context;

use crate::clock::SystemClock;
use crate::serving::Opened;

const ORGANIZATION: &str = "Demonstration";
const CURRENCY: &str = "USD";
/// What a sale earns, in percent of its total.
pub(crate) const PERCENT: &str = "5";
/// Names and tags of those who earn.
pub(crate) const AFFILIATES: [(&str, &str); 2] = [("Ada", "SUMMER2025"), ("Grace", "WINTER2025")];

/// The demonstration's organization.
pub(crate) async fn organization(access: &dyn Access) -> anyhow::Result<OrgId> {
    let name = Text::parse(ORGANIZATION)?;
    let organizations = access.organizations().await?;
    if let Some(found) = organizations
        .iter()
        .find(|organization| organization.name == name)
    {
        return Ok(found.id);
    }
    let new = NewOrganization {
        name,
        currency: Currency::parse(CURRENCY)?,
        zone: Zone::utc(),
    };
    let made = access.create_organization(new, SystemClock.now()).await?;
    Ok(made
        .context("The demonstration is being set up by somebody else; start it again")?
        .id)
}

/// The program and who is in it. Every command has an idempotency key, so that a set-up that broke
/// off is gone on with and one that is complete changes nothing.
pub(crate) async fn program(opened: &Opened, organization: OrgId) -> anyhow::Result<()> {
    let store = Arc::clone(&opened.store);
    let engine = Engine::new(store, Arc::new(SystemClock), EngineOptions::default());
    let set_up = SetUp {
        engine: &engine,
        organization,
    }
    .run()
    .await;
    engine.shut_down().await;
    set_up
}

struct SetUp<'a> {
    engine: &'a Engine,
    organization: OrgId,
}

impl SetUp<'_> {
    async fn run(&self) -> anyhow::Result<()> {
        let share = Pay::Share(Rate::parse_percent(PERCENT)?);
        let currency = Currency::parse(CURRENCY)?;
        let terms = TermsDraft::new(currency, vec![Incentive::new(share)]);
        let name = Text::parse("Five percent")?;
        let program = self
            .submit(
                "program",
                Command::CreateProgram {
                    name,
                    terms,
                    is_ambassador: false,
                },
            )
            .await?;
        let Outcome::Program(program) = program else {
            anyhow::bail!("A program was not made.")
        };
        for (name, tag) in AFFILIATES {
            let command = Command::CreateAffiliate {
                name: Text::parse(name)?,
                email: None,
                customer: None,
            };
            let affiliate = self.submit(&format!("affiliate-{tag}"), command).await?;
            let Outcome::Affiliate(affiliate) = affiliate else {
                anyhow::bail!("An affiliate was not made.")
            };
            self.enroll(affiliate.id, program.id, tag).await?;
        }
        Ok(())
    }

    async fn enroll(
        &self,
        affiliate: AffiliateId,
        program: ProgramId,
        tag: &str,
    ) -> anyhow::Result<()> {
        let command = Command::Enroll(Enrolling {
            affiliate,
            program,
            tag: Tag::parse(tag)?,
            slug: None,
            recruiter: None,
            rate: None,
        });
        self.submit(&format!("enrollment-{tag}"), command).await?;
        Ok(())
    }

    async fn submit(&self, step: &str, command: Command) -> anyhow::Result<Outcome> {
        let idempotency = Idempotency {
            key: IdempotencyKey::parse(format!("demonstration-{step}"))?,
            // The steps never change: the key alone tells them apart.
            fingerprint: [0; 32],
        };
        let submission = Submission {
            command,
            actor: Actor::Operator,
            request_id: Text::parse(format!("demonstration-{step}"))?,
            idempotency: Some(idempotency),
        };
        let answer = self.engine.submit(self.organization, submission).await;
        let answer = answer.with_context(|| format!("The demonstration's {step} was not made"))?;
        Ok(answer.outcome)
    }
}

#[cfg(test)]
mod tests {
    use accrual_attribution::EnrollmentId;
    use accrual_engine::{MemoryStore, Reports};

    use super::*;
    use crate::health::AlwaysReady;

    #[tokio::test]
    async fn a_second_start_finds_what_the_first_one_made() {
        let store = MemoryStore::new();
        let opened = Opened {
            store: Arc::new(store.clone()),
            reports: Arc::new(store.clone()),
            access: Arc::new(store.clone()),
            readiness: Arc::new(AlwaysReady),
        };
        for _ in 0..2 {
            let organization = organization(&*opened.access).await.unwrap();
            program(&opened, organization).await.unwrap();
            let first = EnrollmentId::new(0);
            let enrollments = store
                .enrollments(organization, None, None, first, 10)
                .await
                .unwrap();
            let tags: Vec<_> = enrollments.iter().map(|found| found.tag.as_str()).collect();
            assert_eq!(tags, ["summer2025", "winter2025"]);
        }
        assert_eq!(store.organizations().await.unwrap().len(), 1);
    }
}
