//! One batch: load, decide, save.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{
    Answer, Book, Changes, Clock, Command, Error, Needs, OrgId, Setup, Store, StoreError,
    Submission, as_kept, execute,
};

/// How often needs are asked for: a promo code leads to an enrollment, that to its program and to
/// whoever recruited it, those to others.
const MAX_ROUNDS: usize = 8;

/// How many turns are tried: after one that was overtaken the store lets the next one wait.
const MAX_TURNS: usize = 4;

/// What came of a batch, to be kept together.
pub(super) struct Decisions {
    pub(super) answers: Vec<Result<Answer, Error>>,
    pub(super) changes: Changes,
}

/// Runs `submissions` in one turn of `org`, the first or all of them: answers each that it has run,
/// and leaves the book as it is then.
///
/// `setup` is what an earlier book knew; it is used as far as it holds.
pub(super) async fn run(
    store: &dyn Store,
    clock: &dyn Clock,
    org: OrgId,
    mut setup: Setup,
    submissions: &[Submission],
) -> Result<(Vec<Result<Answer, Error>>, Book), StoreError> {
    for _ in 1..MAX_TURNS {
        let known = std::mem::take(&mut setup);
        match run_once(store, clock, org, known, submissions).await {
            Err(StoreError::Overtaken) => {}
            ended => return ended,
        }
    }
    run_once(store, clock, org, setup, submissions).await
}

async fn run_once(
    store: &dyn Store,
    clock: &dyn Clock,
    org: OrgId,
    setup: Setup,
    submissions: &[Submission],
) -> Result<(Vec<Result<Answer, Error>>, Book), StoreError> {
    let mut session = store.begin(org).await?;
    let mut book = Book::new(session.head().clone(), setup, as_kept(clock.now()));
    for _ in 0..MAX_ROUNDS {
        let Some(needs) = missing(&book, submissions) else {
            break;
        };
        let loaded = session.load(&needs).await?;
        book.absorb(needs, loaded);
    }
    check_complete(&book, submissions)?;
    let Decisions { answers, changes } = decide(&mut book, submissions);
    session.commit(&changes).await?;
    book.forget_all_but(&Changes::new(book.head().clone()));
    Ok((answers, book))
}

/// Runs `submissions` on `book`, and adds what they change to it.
///
/// What is missing is read outside of a turn: a turn that begins where `book` did tells later
/// whether that was right. While something is being kept (`is_alone` is false), nothing is read that
/// it may change: then this fails with [`StoreError::Overtaken`].
pub(super) async fn run_ahead(
    store: &dyn Store,
    clock: &dyn Clock,
    org: OrgId,
    book: &mut Book,
    submissions: &[Submission],
    is_alone: bool,
) -> Result<Decisions, StoreError> {
    book.set_time(as_kept(clock.now()));
    for _ in 0..MAX_ROUNDS {
        let Some(needs) = missing(book, submissions) else {
            break;
        };
        if needs.is_moving() && !is_alone {
            return Err(StoreError::Overtaken);
        }
        let loaded = store.look(org, &needs).await?;
        book.absorb(needs, loaded);
    }
    check_complete(book, submissions)?;
    let before = book.head().clone();
    let decisions = decide(book, submissions);
    if decisions.answers.len() < submissions.len() {
        // What was decided is not kept: nothing of it may be remembered.
        *book = Book::new(before, Setup::default(), as_kept(clock.now()));
        return Err(StoreError::Overtaken);
    }
    Ok(decisions)
}

fn missing(book: &Book, submissions: &[Submission]) -> Option<Needs> {
    let needs = Needs::missing(book, submissions);
    (!needs.is_empty()).then_some(needs)
}

/// A command that leads on for longer than [`MAX_ROUNDS`] is not run on half of what it needs.
fn check_complete(book: &Book, submissions: &[Submission]) -> Result<(), StoreError> {
    match missing(book, submissions) {
        None => Ok(()),
        Some(_) => Err(StoreError::Refused {
            reason: format!("commands still need something after {MAX_ROUNDS} rounds"),
        }),
    }
}

/// Runs each submission on what those before it have left.
///
/// Where one needs something since those before it that was not read, it ends there, with fewer
/// answers than submissions: the rest needs a turn of its own, in which that can be read.
fn decide(book: &mut Book, submissions: &[Submission]) -> Decisions {
    let mut all = Changes::new(book.head().clone());
    let mut answers = Vec::with_capacity(submissions.len());
    for submission in submissions {
        if leads_on(&all, submission) && !Needs::missing(book, [submission]).is_empty() {
            break;
        }
        answers.push(run_one(book, &mut all, submission));
    }
    Decisions {
        answers,
        changes: all,
    }
}

/// Whether a command may be led to what others of its batch have made: a sale is led to none that are
/// only sales, but whatever becomes of a sale is.
fn leads_on(made: &Changes, submission: &Submission) -> bool {
    let is_sale = matches!(submission.command, Command::Report(_));
    made.is_set_up() || !is_sale && !made.is_empty()
}

fn run_one(book: &mut Book, all: &mut Changes, submission: &Submission) -> Result<Answer, Error> {
    let (answer, changes) = execute_caught(book, submission)?;
    let applied = changes.clone();
    all.merge(changes).map_err(|_| Error::OutOfRange)?;
    book.apply(&applied);
    Ok(answer)
}

/// A command that hits a fault of ours is refused; it does not take the others with it.
fn execute_caught(book: &Book, submission: &Submission) -> Result<(Answer, Changes), Error> {
    // `execute` only reads what it is given, so nothing is left half-done.
    catch_unwind(AssertUnwindSafe(|| execute(book, submission))).unwrap_or_else(|_| {
        tracing::error!("a command was given up: see the panic above");
        Err(Error::Internal)
    })
}
