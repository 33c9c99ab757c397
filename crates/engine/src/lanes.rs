//! Lanes: an organization's commands take turns, in batches of what waits.

mod batch;
mod lane;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};

use crate::{Answer, Clock, Error, OrgId, Store, Submission};
use lane::Lane;

/// How the engine runs commands.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// How many commands are run and kept together at most.
    pub batch: usize,
    /// How many commands of one organization wait at most; the next is refused as unavailable.
    pub queue: usize,
    /// How long a caller waits at most; what it asked for may still be done after that.
    pub patience: Duration,
    /// How long a lane without commands is kept.
    pub idle: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            batch: 256,
            queue: 4_096,
            patience: Duration::from_secs(10),
            idle: Duration::from_secs(60),
        }
    }
}

/// Runs commands: one organization's one after another, different organizations' side by side.
///
/// What is submitted is run to its end in a task of the engine's: a caller that goes away cancels
/// nothing.
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    options: EngineOptions,
    /// `None` once the engine is shut down.
    lanes: Mutex<Option<HashMap<OrgId, Entrance>>>,
    counters: Counters,
}

/// Where a lane's commands go in.
struct Entrance {
    queue: mpsc::Sender<Waiting>,
    task: JoinHandle<()>,
}

/// A command and the caller that waits for its answer.
struct Waiting {
    submission: Submission,
    reply: Reply,
}

type Reply = oneshot::Sender<Result<Answer, Error>>;
type Asked = oneshot::Receiver<Result<Answer, Error>>;

#[derive(Default)]
struct Counters {
    batches: AtomicU64,
    commands: AtomicU64,
    unavailable: AtomicU64,
}

/// What an engine has done since it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Batches that were run.
    pub batches: u64,
    /// Commands in them.
    pub commands: u64,
    /// Commands that were answered with [`Error::Unavailable`].
    pub unavailable: u64,
    /// Lanes that are open.
    pub lanes: usize,
}

impl Engine {
    /// An engine over this store and clock. Needs a tokio runtime when commands are submitted.
    ///
    /// A batch and a queue have room for one command at least.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, options: EngineOptions) -> Self {
        let options = EngineOptions {
            batch: options.batch.max(1),
            queue: options.queue.max(1),
            ..options
        };
        let lanes = Mutex::new(Some(HashMap::new()));
        let counters = Counters::default();
        Self {
            shared: Arc::new(Shared {
                store,
                clock,
                options,
                lanes,
                counters,
            }),
        }
    }

    /// Runs a command of `org`, and answers once what it changed is kept.
    ///
    /// # Errors
    /// [`Error`], each variant as it says. After [`Error::Unavailable`] the command may have been
    /// run or not: submit it again, its reference or idempotency key makes that safe.
    pub async fn submit(&self, org: OrgId, submission: Submission) -> Result<Answer, Error> {
        let asked = self.ask(org, submission);
        self.answer(asked, Instant::now()).await
    }

    /// Runs commands of `org`, one after the other in this order, and answers in it once what they
    /// changed is kept: each is kept or refused by itself.
    pub async fn submit_all(
        &self,
        org: OrgId,
        submissions: impl IntoIterator<Item = Submission>,
    ) -> Vec<Result<Answer, Error>> {
        let submissions = submissions.into_iter();
        let all: Vec<_> = submissions.map(|one| self.ask(org, one)).collect();
        let (since, mut answers) = (Instant::now(), Vec::with_capacity(all.len()));
        for asked in all {
            answers.push(self.answer(asked, since).await);
        }
        answers
    }

    fn ask(&self, org: OrgId, submission: Submission) -> Result<Asked, Error> {
        let (reply, answer) = oneshot::channel();
        self.shared
            .enqueue(org, Waiting { submission, reply })
            .map(|()| answer)
    }

    async fn answer(&self, asked: Result<Asked, Error>, since: Instant) -> Result<Answer, Error> {
        let until = since + self.shared.options.patience;
        let answer = match asked {
            Ok(answer) => tokio::time::timeout_at(until, answer).await.map_or(
                Err(Error::Unavailable),
                |answer| {
                    // A lane that was lost drops its callers.
                    answer.unwrap_or(Err(Error::Unavailable))
                },
            ),
            Err(error) => Err(error),
        };
        if answer == Err(Error::Unavailable) {
            self.shared
                .counters
                .unavailable
                .fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    /// What it has done so far.
    pub fn statistics(&self) -> Statistics {
        let counters = &self.shared.counters;
        Statistics {
            batches: counters.batches.load(Ordering::Relaxed),
            commands: counters.commands.load(Ordering::Relaxed),
            unavailable: counters.unavailable.load(Ordering::Relaxed),
            lanes: self.shared.lanes().as_ref().map_or(0, HashMap::len),
        }
    }

    /// What time it is for the engine.
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Refuses further commands and waits until those accepted are done.
    pub async fn shut_down(&self) {
        let lanes = self.shared.lanes().take();
        for (_, Entrance { queue, task }) in lanes.into_iter().flatten() {
            drop(queue);
            if let Err(error) = task.await {
                tracing::error!(%error, "a lane was lost");
            }
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Engine")
            .field("options", &self.shared.options)
            .finish()
    }
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, Option<HashMap<OrgId, Entrance>>> {
        // Nothing that is done under this lock can panic half-way.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a command into its organization's lane. The lock is held, so that no lane ends between
    /// being found and being used.
    fn enqueue(self: &Arc<Self>, org: OrgId, waiting: Waiting) -> Result<(), Error> {
        use mpsc::error::TrySendError;
        let mut lanes = self.lanes();
        let lanes = lanes.as_mut().ok_or(Error::Unavailable)?;
        let lane = lanes.entry(org).or_insert_with(|| self.open(org));
        match lane.queue.try_send(waiting) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Error::Unavailable),
            Err(TrySendError::Closed(waiting)) => {
                // The lane was lost: a new one takes its place.
                *lane = self.open(org);
                lane.queue.try_send(waiting).map_err(|_| Error::Unavailable)
            }
        }
    }

    fn open(self: &Arc<Self>, org: OrgId) -> Entrance {
        let (queue, waiting) = mpsc::channel(self.options.queue);
        Entrance {
            queue,
            task: tokio::spawn(Lane::new(self.clone(), org, waiting).run()),
        }
    }

    fn count_batch(&self) {
        self.counters.batches.fetch_add(1, Ordering::Relaxed);
    }

    fn count_commands(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.counters.commands.fetch_add(count, Ordering::Relaxed);
    }

    /// Takes a lane off the list, unless commands came to it just now.
    fn close(&self, org: OrgId, queue: &mpsc::Receiver<Waiting>) -> bool {
        match self.lanes().as_mut() {
            Some(lanes) if queue.is_empty() => {
                lanes.remove(&org);
                true
            }
            _ => false,
        }
    }
}
