//! Several processes on one database: each with connections, heads and a set-up of its own.

use std::sync::Arc;

use accrual_attribution::{Claim, Tag};
use accrual_commission::{Incentive, Pay};
use accrual_engine::{
    Access, Actor, Answer, Changes, Clock, Command, ConversionId, Engine, EngineOptions, Enrolling,
    Error, Facts, Head, NewOrganization, OrgId, Outcome, Reference, Replay, Reports, Sequence,
    Source, Store, StoreError, Submission, TermsDraft, Text, Zone, first_broken_seal,
};
use accrual_money::{Currency, Money, Rate};
use accrual_store::{
    SqlStore,
    test_database::{self, TestDatabase},
};
use time::{OffsetDateTime, macros::datetime};
use tokio::task::JoinSet;

const NOW: OffsetDateTime = datetime!(2025-06-15 12:00 UTC);
const REPORTS: u16 = 64;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

/// What serves one organization, in one process.
struct Process {
    store: SqlStore,
    engine: Engine,
    org: OrgId,
}

impl Process {
    /// Two processes on one database, which has one organization.
    async fn two(database: &TestDatabase) -> [Arc<Self>; 2] {
        let first = database.store().await;
        let organization = NewOrganization {
            name: Text::parse("The shop").unwrap(),
            currency: Currency::USD,
            zone: Zone::utc(),
        };
        let made = first.create_organization(organization, NOW).await.unwrap();
        let org = made.unwrap().id;
        [first, database.connect().await].map(|store| {
            let shared = Arc::new(store.clone());
            let engine = Engine::new(shared, Arc::new(Stopped), EngineOptions::default());
            Arc::new(Self { store, engine, org })
        })
    }

    async fn submit(&self, command: Command) -> Result<Answer, Error> {
        let submission = Submission {
            command,
            actor: Actor::Operator,
            request_id: Text::parse("test").unwrap(),
            idempotency: None,
        };
        self.engine.submit(self.org, submission).await
    }

    /// An affiliate with this tag, in a program of its own.
    async fn set_up(&self, tag: &str) {
        let name = Text::parse(tag).unwrap();
        let five_percent = Incentive::new(Pay::Share(Rate::parse_percent("5").unwrap()));
        let terms = TermsDraft::new(Currency::USD, vec![five_percent]);
        let create = Command::CreateProgram {
            name: name.clone(),
            terms,
            is_ambassador: false,
        };
        let program = match self.submit(create).await.unwrap().outcome {
            Outcome::Program(program) => program.id,
            other => panic!("not a program: {other:?}"),
        };
        let create = Command::CreateAffiliate {
            name,
            email: None,
            customer: None,
        };
        let affiliate = match self.submit(create).await.unwrap().outcome {
            Outcome::Affiliate(affiliate) => affiliate.id,
            other => panic!("not an affiliate: {other:?}"),
        };
        let enroll = Command::Enroll(Enrolling {
            affiliate,
            program,
            tag: Tag::parse(tag).unwrap(),
            slug: None,
            recruiter: None,
            rate: None,
        });
        self.submit(enroll).await.unwrap();
    }

    async fn report(&self, reference: &str, tag: &str) -> Result<Answer, Error> {
        let source = Source::parse("shop").unwrap();
        let mut facts = Facts::new(source, Reference::parse(reference).unwrap());
        facts.claims = vec![Claim::Tag(Tag::parse(tag).unwrap())];
        facts.total = Some(Money::from_minor(10_000, Currency::USD));
        self.submit(Command::Report(Box::new(facts))).await
    }

    /// How many conversions there are; the journal must be whole.
    async fn count(&self) -> usize {
        let start = Sequence::new(0);
        let first = Head::new(self.org, Currency::USD, Zone::utc());
        let journal = self.store.journal(self.org, start, 1_000).await.unwrap();
        assert_eq!(first_broken_seal(first.hash, &journal), None);
        let sequences = journal.iter().map(|entry| entry.sequence.number());
        assert!(sequences.eq(1..=i64::try_from(journal.len()).unwrap()));
        let all = self
            .store
            .conversions(self.org, ConversionId::new(0), 1_000);
        all.await.unwrap().len()
    }
}

async fn on_each(law: impl AsyncFn([Arc<Process>; 2])) {
    for database in test_database::all().await {
        law(Process::two(&database).await).await;
    }
}

/// [`REPORTS`] reports at once, of the references that `name` gives them, by turns through each.
async fn report_at_once(
    processes: &[Arc<Process>; 2],
    name: impl Fn(u16) -> String,
) -> Vec<Answer> {
    let mut reporting = JoinSet::new();
    for (number, process) in (0..REPORTS).zip(processes.iter().cycle()) {
        let (process, name) = (Arc::clone(process), name(number));
        reporting.spawn(async move { process.report(&name, "summer").await.unwrap() });
    }
    reporting.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_is_recorded_once() {
    on_each(async |processes| {
        processes[0].set_up("summer").await;
        let answers = report_at_once(&processes, |_| "order-1".to_owned()).await;

        let replays = answers
            .iter()
            .filter(|answer| answer.replay == Replay::Same);
        assert_eq!(replays.count(), usize::from(REPORTS) - 1);
        assert_eq!(processes[1].count().await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn different_references_are_all_recorded() {
    on_each(async |processes| {
        processes[1].set_up("summer").await;
        let answers = report_at_once(&processes, |number| format!("order-{number}")).await;

        assert!(answers.iter().all(|answer| answer.replay == Replay::No));
        assert_eq!(processes[0].count().await, usize::from(REPORTS));
    })
    .await;
}

#[tokio::test]
async fn what_another_process_sets_up_is_seen_at_once() {
    on_each(async |[first, second]| {
        first.set_up("summer").await;
        first.report("order-1", "summer").await.unwrap();
        let unknown = first.report("order-2", "winter").await;
        assert!(
            matches!(unknown, Err(Error::NobodyCredited { .. })),
            "{unknown:?}"
        );

        second.set_up("winter").await;
        first.report("order-2", "winter").await.unwrap();
        let known = second.report("order-1", "summer").await.unwrap();
        assert_eq!(known.replay, Replay::Same);
        assert_eq!(second.count().await, 2);
    })
    .await;
}

/// A turn begins with the head that its process left, which another may have moved.
#[tokio::test]
async fn a_turn_that_was_overtaken_keeps_nothing() {
    on_each(async |[first, second]| {
        first.set_up("summer").await;
        for (number, is_empty) in (1..).zip([true, false]) {
            let turn = first.store.begin(first.org).await.unwrap();
            let mut changes = Changes::new(turn.head().clone());
            let reference = format!("order-{number}");
            second.report(&reference, "summer").await.unwrap();
            if !is_empty {
                let last = changes.head.sequence;
                let journal = second.store.journal(second.org, Sequence::new(last), 1);
                changes.entries = journal.await.unwrap();
                changes.head.sequence = last + 1;
            }

            let ended = turn.commit(&changes).await;
            assert!(matches!(ended, Err(StoreError::Overtaken)), "{ended:?}");
            let again = first.report(&reference, "summer").await.unwrap();
            assert_eq!(again.replay, Replay::Same);
            assert_eq!(first.count().await, number);
        }
    })
    .await;
}
