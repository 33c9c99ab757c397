//! A lane: one organization's commands, one after another, in batches of what waits.
//!
//! While a batch is being kept, what comes in is decided already, on the book as it will be then.
//! If the batch cannot be kept, or somebody else has had a turn, what was decided on it is dropped
//! and run again in a turn of its own: nobody was answered yet.

use std::{ops::ControlFlow, sync::Arc};

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinHandle},
};

use super::{
    Reply, Shared, Waiting,
    batch::{self, Decisions},
};
use crate::{Answer, Book, Error, Head, OrgId, Setup, Store, StoreError, Submission};

pub(super) struct Lane {
    shared: Arc<Shared>,
    org: OrgId,
    queue: mpsc::Receiver<Waiting>,
    /// What came in and waits to be decided.
    incoming: Vec<Waiting>,
    /// What is known once all that is decided is kept; `None` if it must be read in a turn.
    book: Option<Book>,
    /// What is decided and waits for the one before it to be kept.
    next: Option<Decided>,
    /// What is being kept.
    keeping: Option<Keeping>,
}

struct Keeping {
    task: JoinHandle<Result<Kept, Unkept>>,
    commands: usize,
}

/// Commands that are decided but not kept: nobody is answered yet.
struct Decided {
    /// Where the organization must stand for the decisions to hold.
    base: Head,
    commands: Commands,
    /// Or why what they need could not be read.
    decisions: Result<Decisions, StoreError>,
}

/// What a batch runs, and who waits for the answers.
struct Commands {
    submissions: Vec<Submission>,
    replies: Vec<Reply>,
}

/// What is kept, and is to be answered.
struct Kept {
    replies: Vec<Reply>,
    answers: Vec<Result<Answer, Error>>,
}

/// What could not be kept, and why.
struct Unkept {
    commands: Commands,
    /// Whether it was about to set something up.
    is_set_up: bool,
    error: StoreError,
}

impl Lane {
    pub(super) fn new(shared: Arc<Shared>, org: OrgId, queue: mpsc::Receiver<Waiting>) -> Self {
        Self {
            shared,
            org,
            queue,
            incoming: Vec::new(),
            book: None,
            next: None,
            keeping: None,
        }
    }

    /// The lane's life, until nothing has come for a while or its engine is shut down.
    pub(super) async fn run(mut self) {
        let limit = self.shared.options.batch;
        let mut is_open = true;
        loop {
            self.keep_next();
            if self.is_time_to_decide() {
                self.decide().await;
                self.keep_next();
            }
            let is_idle = self.is_idle();
            if is_idle && !is_open {
                return;
            }
            let room = limit - self.incoming.len();
            tokio::select! {
                biased;
                kept = kept(&mut self.keeping), if self.keeping.is_some() => self.settle(kept).await,
                count = self.queue.recv_many(&mut self.incoming, room), if is_open && room > 0 => {
                    is_open = count > 0;
                }
                () = tokio::time::sleep(self.shared.options.idle), if is_idle => {
                    if self.shared.close(self.org, &self.queue) {
                        return;
                    }
                }
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.incoming.is_empty() && self.next.is_none() && self.keeping.is_none()
    }

    /// Whether what came in is to be decided now.
    fn is_time_to_decide(&self) -> bool {
        let may = self.next.is_none() && !self.incoming.is_empty();
        // The later a batch is decided, the more can join it; when as many wait as are being kept,
        // all who were answered last are likely back. Without a book, decisions wait.
        may && match &self.keeping {
            Some(keeping) => self.book.is_some() && self.incoming.len() >= keeping.commands,
            None => true,
        }
    }

    /// Decides what came in, to be kept next.
    async fn decide(&mut self) {
        while self.incoming.len() < self.shared.options.batch
            && let Ok(waiting) = self.queue.try_recv()
        {
            self.incoming.push(waiting);
        }
        self.shared.count_commands(self.incoming.len());
        let (submissions, replies) = self
            .incoming
            .drain(..)
            .map(|waiting| (waiting.submission, waiting.reply))
            .unzip();
        let commands = Commands {
            submissions,
            replies,
        };
        let Some(book) = &mut self.book else {
            self.shared.count_batch();
            let _ = self.run_in_turn(Setup::default(), commands).await;
            return;
        };
        let Shared { store, clock, .. } = &*self.shared;
        let base = book.head().clone();
        let decisions = batch::run_ahead(
            &**store,
            &**clock,
            self.org,
            book,
            &commands.submissions,
            self.keeping.is_none(),
        )
        .await;
        self.next = Some(Decided {
            base,
            commands,
            decisions,
        });
    }

    /// Begins to keep what is decided next, unless something is being kept.
    fn keep_next(&mut self) {
        let next = self.next.take_if(|_| self.keeping.is_none());
        let Some(next) = next else { return };
        if let (Some(book), Ok(decisions)) = (&mut self.book, &next.decisions) {
            book.forget_all_but(&decisions.changes);
            if book.is_full() {
                self.book = None;
            }
        }
        self.shared.count_batch();
        let store = Arc::clone(&self.shared.store);
        self.keeping = Some(Keeping {
            commands: next.commands.replies.len(),
            task: tokio::spawn(next.keep(store, self.org)),
        });
    }

    /// What was being kept is kept, and answered; or else it is run again, with all that was decided
    /// on it.
    async fn settle(&mut self, kept: Result<Result<Kept, Unkept>, JoinError>) {
        self.keeping = None;
        let unkept = match kept {
            Ok(Ok(Kept { replies, answers })) => {
                // First, so that the store is not idle while all are answered.
                self.keep_next();
                return reply(replies, answers);
            }
            Ok(Err(unkept)) => Some(unkept),
            Err(error) => {
                // Its callers learn it from their replies, which are dropped.
                tracing::error!(organization = %self.org, %error, "a batch was lost");
                None
            }
        };
        let next = self.next.take().map(|next| Unkept {
            is_set_up: next.is_set_up(),
            commands: next.commands,
            error: StoreError::Overtaken,
        });
        // What was lost may have been setting something up.
        let book = self.book.take().filter(|_| unkept.is_some());
        let undone: Vec<_> = [unkept, next].into_iter().flatten().collect();
        if let Some(away) = undone.iter().position(|unkept| is_away(&unkept.error)) {
            let error = &undone[away].error;
            tracing::warn!(organization = %self.org, %error, "commands were not run");
            let undone = undone.into_iter();
            return self.refuse(undone.flat_map(|unkept| unkept.commands.replies));
        }
        // What was decided in vain may have set something up that does not exist.
        let is_sound = undone.iter().all(|unkept| !unkept.is_set_up);
        let mut setup = book.filter(|_| is_sound).map(Book::into_setup);
        let mut undone = undone.into_iter().map(|unkept| unkept.commands);
        while let Some(commands) = undone.next() {
            let known = setup.take().unwrap_or_else(|| self.take_setup());
            if self.run_in_turn(known, commands).await.is_break() {
                return self.refuse(undone.flat_map(|commands| commands.replies));
            }
        }
    }

    /// Runs commands in a turn of their own, and answers them. Breaks if the store is away.
    async fn run_in_turn(&mut self, setup: Setup, commands: Commands) -> ControlFlow<()> {
        let Shared { store, clock, .. } = &*self.shared;
        let Commands {
            mut submissions,
            mut replies,
        } = commands;
        let error = match batch::run(&**store, &**clock, self.org, setup, &submissions).await {
            Ok((answers, book)) => {
                let rest = Commands {
                    submissions: submissions.split_off(answers.len()),
                    replies: replies.split_off(answers.len()),
                };
                self.book = Some(book);
                reply(replies, answers);
                if rest.submissions.is_empty() {
                    return ControlFlow::Continue(());
                }
                let setup = self.take_setup();
                return Box::pin(self.run_in_turn(setup, rest)).await;
            }
            Err(error) => error,
        };
        match error {
            StoreError::OrganizationNotFound(_) => {
                let answers = vec![Err(Error::OrganizationNotFound); submissions.len()];
                reply(replies, answers);
            }
            StoreError::Unavailable { .. }
            | StoreError::OutcomeUnknown { .. }
            | StoreError::Overtaken => {
                tracing::warn!(organization = %self.org, %error, "commands were not run");
                self.refuse(replies);
                return ControlFlow::Break(());
            }
            StoreError::OutOfRange { .. } if submissions.len() == 1 => {
                tracing::warn!(organization = %self.org, %error, "a command was refused");
                reply(replies, vec![Err(Error::OutOfRange)]);
            }
            StoreError::Refused { .. } | StoreError::Corrupt { .. } if submissions.len() == 1 => {
                tracing::error!(organization = %self.org, %error, "a command was refused");
                reply(replies, vec![Err(Error::Internal)]);
            }
            // One of them may be bad: each is run alone, so that it harms no other.
            StoreError::OutOfRange { .. }
            | StoreError::Refused { .. }
            | StoreError::Corrupt { .. } => {
                tracing::warn!(organization = %self.org, %error, "a batch was refused");
                let mut each = submissions.into_iter().zip(replies);
                while let Some((submission, reply)) = each.next() {
                    let alone = Commands {
                        submissions: vec![submission],
                        replies: vec![reply],
                    };
                    let setup = self.take_setup();
                    if Box::pin(self.run_in_turn(setup, alone)).await.is_break() {
                        self.refuse(each.map(|(_, reply)| reply));
                        return ControlFlow::Break(());
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// What the last turn knew, if it succeeded.
    fn take_setup(&mut self) -> Setup {
        self.book.take().map(Book::into_setup).unwrap_or_default()
    }

    /// Answers that the store is away: to those who wait for `replies`, and to all who wait here,
    /// since waiting for it one by one helps nobody.
    fn refuse(&mut self, replies: impl IntoIterator<Item = Reply>) {
        for reply in replies {
            let _ = reply.send(Err(Error::Unavailable));
        }
        for waiting in self.incoming.drain(..) {
            let _ = waiting.reply.send(Err(Error::Unavailable));
        }
        while let Ok(waiting) = self.queue.try_recv() {
            let _ = waiting.reply.send(Err(Error::Unavailable));
        }
    }
}

impl Decided {
    fn is_set_up(&self) -> bool {
        let decisions = self.decisions.as_ref();
        decisions.is_ok_and(|decisions| decisions.changes.is_set_up())
    }

    /// Keeps it in a turn.
    async fn keep(self, store: Arc<dyn Store>, org: OrgId) -> Result<Kept, Unkept> {
        let is_set_up = self.is_set_up();
        let kept = match self.decisions {
            Ok(decisions) => commit(&*store, org, &self.base, decisions).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(answers) => Ok(Kept {
                replies: self.commands.replies,
                answers,
            }),
            Err(error) => Err(Unkept {
                commands: self.commands,
                is_set_up,
                error,
            }),
        }
    }
}

async fn commit(
    store: &dyn Store,
    org: OrgId,
    base: &Head,
    decisions: Decisions,
) -> Result<Vec<Result<Answer, Error>>, StoreError> {
    let session = store.begin(org).await?;
    if session.head() != base {
        return Err(StoreError::Overtaken);
    }
    session.commit(&decisions.changes).await?;
    Ok(decisions.answers)
}

/// Waits for the end of what is being kept.
async fn kept(keeping: &mut Option<Keeping>) -> Result<Result<Kept, Unkept>, JoinError> {
    match keeping {
        Some(keeping) => (&mut keeping.task).await,
        None => std::future::pending().await,
    }
}

/// Whether the store is away, so that trying again at once helps nobody.
fn is_away(error: &StoreError) -> bool {
    match error {
        StoreError::Unavailable { .. } | StoreError::OutcomeUnknown { .. } => true,
        StoreError::Overtaken
        | StoreError::OutOfRange { .. }
        | StoreError::Refused { .. }
        | StoreError::Corrupt { .. }
        | StoreError::OrganizationNotFound(_) => false,
    }
}

/// Answers each caller; one that went away needs no answer.
fn reply(replies: Vec<Reply>, answers: Vec<Result<Answer, Error>>) {
    for (reply, answer) in replies.into_iter().zip(answers) {
        let _ = reply.send(answer);
    }
}
