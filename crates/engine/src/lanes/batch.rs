//! One batch: load, decide, save.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    slice,
};

use crate::{
    Answer, Book, Changes, Clock, Command, Error, Needs, OrgId, Setup, Store, StoreError, Submission,
    as_kept, execute,
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

/// Runs `submissions` in one turn of `org`: answers each, and leaves the book as it is then.
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
    let Decisions { answers, changes } = decide(&mut book, submissions)?;
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
    let base = book.head().clone();
    let decided = decide(book, submissions);
    if decided.is_err() {
        // What was decided until then is not kept.
        *book = Book::new(base, Setup::default(), as_kept(clock.now()));
    }
    decided
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
/// # Errors
/// [`StoreError::Refused`] if one needs something that was not read, because of what one before it
/// has made: then each has to be run alone.
fn decide(book: &mut Book, submissions: &[Submission]) -> Result<Decisions, StoreError> {
    let mut all = Changes::new(book.head().clone());
    let mut answers = Vec::with_capacity(submissions.len());
    for submission in submissions {
        if leads_on(&all, submission) && missing(book, slice::from_ref(submission)).is_some() {
            return Err(StoreError::Refused {
                reason: "a command needs what another one of its batch has led to".to_owned(),
            });
        }
        answers.push(decide_one(book, submission, &mut all));
    }
    Ok(Decisions {
        answers,
        changes: all,
    })
}

/// Whether what a command needs may have changed with what others of its batch have made: sales
/// alone make nothing that another sale needs.
fn leads_on(made: &Changes, submission: &Submission) -> bool {
    let is_sale = matches!(submission.command, Command::Report(_));
    made.is_set_up() || !is_sale && !made.is_empty()
}

fn decide_one(
    book: &mut Book,
    submission: &Submission,
    all: &mut Changes,
) -> Result<Answer, Error> {
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
