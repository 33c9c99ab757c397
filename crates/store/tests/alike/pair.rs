//! A store in memory and one in a database, to which the same happens.

use std::hash::{DefaultHasher, Hash, Hasher};

use accrual_engine::{
    Access, Actor, Book, Changes, Command, Idempotency, IdempotencyKey, Loaded, MemoryStore, Needs,
    NewOrganization, OrgId, Session, Setup, Store, Submission, Text, Zone, execute,
};
use accrual_money::Currency;
use accrual_store::{SqlStore, test_database::TestDatabase};
use time::OffsetDateTime;

use crate::story;

/// What the database's turns begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// The head that the last turn left.
    Remembered,
    /// The head's row, locked.
    Locked,
}

pub(crate) struct Pair {
    pub(crate) memory: MemoryStore,
    pub(crate) sql: SqlStore,
    pub(crate) org: OrgId,
    begin: Begin,
}

impl Pair {
    pub(crate) async fn new(database: &TestDatabase, begin: Begin) -> Self {
        let pair = Self {
            memory: MemoryStore::new(),
            sql: database.store().await,
            org: OrgId::new(1),
            begin,
        };
        for store in [&pair.memory as &dyn Access, &pair.sql] {
            let organization = NewOrganization {
                name: Text::parse("The shop").unwrap(),
                currency: Currency::USD,
                zone: Zone::parse("America/New_York").unwrap(),
            };
            let made = store.create_organization(organization, story::time(0));
            assert_eq!(made.await.unwrap().unwrap().id, pair.org);
        }
        pair
    }

    /// Runs one batch, as a lane does, in a turn of both; what is refused leaves no trace.
    pub(crate) async fn run(&self, at: OffsetDateTime, commands: &[Command]) {
        let memory = self.memory.begin(self.org).await.unwrap();
        if self.begin == Begin::Locked {
            // After a turn that kept nothing, the row is locked.
            drop(self.sql.begin(self.org).await.unwrap());
        }
        let mut turns = [memory, self.sql.begin(self.org).await.unwrap()];
        assert_eq!(turns[0].head(), turns[1].head());
        let mut book = Book::new(turns[0].head().clone(), Setup::default(), at);
        let submissions: Vec<_> = commands.iter().map(submission).collect();
        loop {
            let needs = Needs::missing(&book, &submissions);
            if needs.is_empty() {
                break;
            }
            let loaded = self.load(&mut turns, &needs).await;
            book.absorb(needs, loaded);
        }
        let mut all = Changes::new(book.head().clone());
        for submission in &submissions {
            if let Ok((_, changes)) = execute(&book, submission) {
                all.merge(changes.clone()).unwrap();
                book.apply(&changes);
            }
        }
        for turn in turns {
            turn.commit(&all).await.unwrap();
        }
    }

    async fn load(&self, turns: &mut [Box<dyn Session>; 2], needs: &Needs) -> Loaded {
        let [memory, sql] = turns;
        let plain = memory.load(needs).await.unwrap();
        let found = sql.load(needs).await.unwrap();
        assert_eq!(in_order(found), in_order(plain.clone()), "{needs:#?}");
        plain
    }

    /// What both find of `needs` outside of a turn, which must be the same.
    pub(crate) async fn look(&self, needs: &Needs) -> Loaded {
        let plain = self.memory.look(self.org, needs).await.unwrap();
        let found = self.sql.look(self.org, needs).await.unwrap();
        let plain = in_order(plain);
        assert_eq!(in_order(found), plain, "{needs:#?}");
        plain
    }
}

/// Commands that can be asked for again have a key.
fn submission(command: &Command) -> Submission {
    let key = match command {
        Command::Report(_) | Command::Mature => None,
        other => {
            let mut hasher = DefaultHasher::new();
            format!("{other:?}").hash(&mut hasher);
            Some(hasher.finish().to_string())
        }
    };
    Submission {
        command: command.clone(),
        actor: Actor::Operator,
        request_id: Text::parse("request").unwrap(),
        idempotency: key.map(|key| Idempotency {
            key: IdempotencyKey::parse(key).unwrap(),
            fingerprint: [7; 32],
        }),
    }
}

/// The same in an order that is always the same, each thing once; what is due has an order.
fn in_order(mut loaded: Loaded) -> Loaded {
    loaded.recorded.sort_by_key(|one| one.conversion.id);
    loaded.decided.sort_by_key(|(id, _)| *id);
    loaded
        .remembered
        .sort_by(|one, other| one.key.cmp(&other.key));
    loaded.programs.sort_by_key(|one| one.id);
    loaded
        .versions
        .sort_by_key(|(id, version)| (*id, version.terms.version()));
    loaded.affiliates.sort_by_key(|one| one.id);
    loaded.enrollments.sort_by_key(|one| one.id);
    loaded.enrollments.dedup();
    loaded.promo_codes.sort_by_key(|one| one.id);
    loaded.promo_codes.dedup();
    loaded.referrals.sort_by_key(|one| one.id);
    loaded.referrals.dedup();
    loaded.shops.sort_by_key(|one| one.id);
    loaded.shops.dedup();
    loaded.spans.sort_unstable();
    loaded
}
