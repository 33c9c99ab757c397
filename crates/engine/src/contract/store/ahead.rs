//! What is decided while another batch is being kept: nothing that is answered rests on what was
//! not kept.

use std::sync::{Arc, Mutex};

use accrual_attribution::AffiliateId;
use async_trait::async_trait;
use tokio::sync::RwLock;

use crate::contract::{Shared, fixture::*};
use crate::{
    Answer, Changes, Command, Engine, Error, Head, Loaded, Needs, OrgId, Replay, Session, Store,
    StoreError,
};

/// A batch that somebody else's turn has overtaken is run again, and so is what was decided on it.
pub async fn what_is_decided_on_an_overtaken_batch_is_decided_again(store: Shared) {
    let stage = Stage::open(&store).await;
    let [first, second] = stage
        .submit_behind(StoreError::Overtaken, report(sale("order-1", 1_000)))
        .await;

    assert_eq!(first.unwrap().replay, Replay::No);
    assert_eq!(second.unwrap().replay, Replay::Same);
    assert_eq!(stage.shop.conversions().await.len(), 1);
}

/// A batch that is refused is run again too, and harms nobody behind it.
pub async fn what_is_decided_on_a_refused_batch_is_decided_again(store: Shared) {
    let stage = Stage::open(&store).await;
    let reason = "a test refuses".to_owned();
    let refused = StoreError::Refused { reason };
    let behind = report(sale("order-2", 3_000));
    let [first, second] = stage.submit_behind(refused, behind).await;

    assert_eq!(first.unwrap().replay, Replay::No);
    assert_eq!(second.unwrap().replay, Replay::No);
    let kept = stage.shop.conversions().await;
    let kept = kept.iter().map(|recorded| &recorded.conversion.facts);
    assert!(kept.eq(&[sale("order-1", 1_000), sale("order-2", 3_000)]));
}

/// Where it is open whether a batch was kept, neither it nor what was decided on it is answered
/// with success; what is submitted again is run.
pub async fn what_is_decided_on_a_lost_batch_is_not_answered(store: Shared) {
    let stage = Stage::open(&store).await;
    let reason = "a test cuts the line".to_owned();
    let lost = StoreError::OutcomeUnknown { reason };
    let behind = report(sale("order-1", 1_000));
    let [first, second] = stage.submit_behind(lost, behind).await;

    assert_eq!(first, Err(Error::Unavailable));
    assert_eq!(second, Err(Error::Unavailable));
    assert!(stage.shop.conversions().await.is_empty());
    let again = stage.submit(report(sale("order-1", 1_000))).await;
    assert_eq!(again.unwrap().replay, Replay::No);
}

/// Something that was set up in vain is not there for what comes later.
pub async fn what_was_set_up_in_vain_is_not_used(store: Shared) {
    let stage = Stage::open(&store).await;
    let next = AffiliateId::new(stage.shop.affiliate.number() + 1);
    let (name, email) = (text("Tom"), None);
    let reason = "a test cuts the line".to_owned();
    let [made, _] = stage
        .submit_first(
            Command::CreateAffiliate { name, email },
            StoreError::OutcomeUnknown { reason },
            enroll(next, stage.shop.program, "tom"),
        )
        .await;

    assert_eq!(made, Err(Error::Unavailable));
    let enrolled = stage.submit(enroll(next, stage.shop.program, "tom")).await;
    assert_eq!(enrolled, Err(Error::AffiliateNotFound(next)));
}

/// A shop, and an engine whose store fails when it is told to.
struct Stage {
    shop: Shop,
    engine: Arc<Engine>,
    failing: Arc<Failing>,
}

impl Stage {
    async fn open(store: &Shared) -> Self {
        let shop = Shop::open(store).await;
        let failing = Arc::new(Failing {
            inner: store.clone(),
            failure: Mutex::new(None),
            keeping: RwLock::new(()),
        });
        let engine = engine_over(Arc::new(failing.clone()));
        Self {
            shop,
            engine,
            failing,
        }
    }

    async fn submit(&self, command: Command) -> Result<Answer, Error> {
        self.engine.submit(self.shop.org, submission(command)).await
    }

    async fn submit_behind(
        &self,
        failure: StoreError,
        second: Command,
    ) -> [Result<Answer, Error>; 2] {
        self.submit_first(report(sale("order-1", 1_000)), failure, second)
            .await
    }

    /// Submits `second` while `first` is being kept, which then ends with `failure`.
    async fn submit_first(
        &self,
        first: Command,
        failure: StoreError,
        second: Command,
    ) -> [Result<Answer, Error>; 2] {
        // The lane has a book afterwards, so that it can decide ahead.
        let plug = self.submit(report(facts("plug"))).await;
        assert_eq!(plug, Err(Error::AmountMissing));
        let stopped = self.failing.keeping.write().await;
        *self.failing.failure.lock().unwrap() = Some(failure);
        let mut answers = [first, second].map(|command| Box::pin(self.submit(command)));
        for (taken, answer) in (2..).zip(&mut answers) {
            poll_once(answer).await;
            while self.engine.statistics().commands < taken {
                tokio::task::yield_now().await;
            }
        }
        drop(stopped);
        let [first, second] = answers;
        [first.await, second.await]
    }
}

/// A store whose next batch is not kept, once that is asked for.
struct Failing {
    inner: Shared,
    failure: Mutex<Option<StoreError>>,
    /// Held for writing, nothing is kept until it is let go.
    keeping: RwLock<()>,
}

#[async_trait]
impl Store for Arc<Failing> {
    async fn begin(&self, org: OrgId) -> Result<Box<dyn Session>, StoreError> {
        Ok(Box::new(Turn {
            inner: self.inner.begin(org).await?,
            failing: self.clone(),
        }))
    }

    async fn look(&self, org: OrgId, needs: &Needs) -> Result<Loaded, StoreError> {
        self.inner.look(org, needs).await
    }
}

struct Turn {
    inner: Box<dyn Session>,
    failing: Arc<Failing>,
}

#[async_trait]
impl Session for Turn {
    fn head(&self) -> &Head {
        self.inner.head()
    }

    async fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        self.inner.load(needs).await
    }

    async fn commit(self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        drop(self.failing.keeping.read().await);
        let failure = self.failing.failure.lock().unwrap().take();
        match failure {
            Some(failure) => Err(failure),
            None => self.inner.commit(changes).await,
        }
    }
}
