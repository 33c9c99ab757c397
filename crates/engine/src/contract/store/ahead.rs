//! What is decided while another batch is being kept: nothing that is answered rests on what was
//! not kept.

use std::sync::{Arc, Mutex};

use accrual_attribution::AffiliateId;
use async_trait::async_trait;
use tokio::sync::RwLock;

use crate::contract::{Shared, fixture::*};
use crate::{
    Answer, Changes, Command, Engine, EngineOptions, Error, Head, Loaded, Needs, OrgId, Replay,
    Session, Store, StoreError,
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
    let again = stage.submit_again(report(sale("order-1", 1_000))).await;
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
            Command::CreateAffiliate {
                name,
                email,
                customer: None,
            },
            StoreError::OutcomeUnknown { reason },
            enroll(next, stage.shop.program, "tom"),
        )
        .await;

    assert_eq!(made, Err(Error::Unavailable));
    let enroll = enroll(next, stage.shop.program, "tom");
    let enrolled = stage.submit_again(enroll).await;
    assert_eq!(enrolled, Err(Error::AffiliateNotFound(next)));
}

/// Whoever finds the queue full is told so at once; what was taken is done, also by an engine that
/// is shut down.
pub async fn a_full_queue_refuses_and_what_was_taken_is_done(store: Shared) {
    let options = EngineOptions {
        batch: 1,
        queue: 1,
        ..EngineOptions::default()
    };
    let stage = Stage::open_with(&store, options).await;
    stage.plug().await;
    let stopped = stage.failing.keeping.write().await;
    let (mut taken, mut refused) = (Vec::new(), 0);
    for number in 1..=16 {
        let sale = sale(&format!("order-{number}"), 1_000);
        let mut answer = Box::pin(stage.submit(report(sale)));
        match poll_once(&mut answer).await {
            None => taken.push(answer),
            Some(answer) => {
                assert_eq!(answer, Err(Error::Unavailable));
                refused += 1;
            }
        }
    }
    // One is being kept, one decided, one taken in, one waits; how fast the lane is decides the rest.
    assert!((1..=4).contains(&taken.len()), "{refused} are refused");
    drop(stopped);
    stage.engine.shut_down().await;

    let count = taken.len();
    for answer in taken {
        assert_eq!(answer.await.unwrap().replay, Replay::No);
    }
    assert_eq!(stage.shop.conversions().await.len(), count);
    let late = stage.submit(report(sale("order-17", 1_000))).await;
    assert_eq!(late, Err(Error::Unavailable));
}

/// A shop, and an engine whose store fails when it is told to.
struct Stage {
    shop: Shop,
    engine: Arc<Engine>,
    failing: Arc<Failing>,
}

impl Stage {
    async fn open(store: &Shared) -> Self {
        Self::open_with(store, EngineOptions::default()).await
    }

    async fn open_with(store: &Shared, options: EngineOptions) -> Self {
        let shop = Shop::open(store).await;
        let failing = Arc::new(Failing {
            inner: store.clone(),
            failure: Mutex::new(None),
            keeping: RwLock::new(()),
        });
        let engine = engine_over(Arc::new(failing.clone()), options);
        Self {
            shop,
            engine,
            failing,
        }
    }

    async fn submit(&self, command: Command) -> Result<Answer, Error> {
        self.engine.submit(self.shop.org, submission(command)).await
    }

    /// Until it is not unavailable: who comes while those who wait are told so is told so too.
    async fn submit_again(&self, command: Command) -> Result<Answer, Error> {
        loop {
            let answer = self.submit(command.clone()).await;
            if answer != Err(Error::Unavailable) {
                return answer;
            }
        }
    }

    /// Gives the lane a book, so that it can decide ahead.
    async fn plug(&self) {
        let plug = self.submit(report(facts("plug"))).await;
        assert_eq!(plug, Err(Error::AmountMissing));
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
        self.plug().await;
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
