//! One batch: load, decide, save.

use std::panic::{AssertUnwindSafe, catch_unwind};

use time::OffsetDateTime;

use crate::{
    Answer, Book, Changes, Clock, Error, Needs, OrgId, Setup, Store, StoreError, Submission,
    as_kept, execute,
};

/// How often needs are asked for: a tag leads to an enrollment, that to its program.
const MAX_ROUNDS: usize = 4;

/// How many turns are tried: after one that was overtaken the store lets the next one wait.
const MAX_TURNS: usize = 4;

/// Runs `submissions` in one turn of `org`, and answers each.
///
/// `setup` is what the last batch has read; it is kept up to date.
pub(super) async fn run(
    store: &dyn Store,
    clock: &dyn Clock,
    org: OrgId,
    setup: &mut Setup,
    submissions: &[Submission],
) -> Result<Vec<Result<Answer, Error>>, StoreError> {
    for _ in 1..MAX_TURNS {
        match run_once(store, clock, org, setup, submissions).await {
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
    setup: &mut Setup,
    submissions: &[Submission],
) -> Result<Vec<Result<Answer, Error>>, StoreError> {
    let mut session = store.begin(org).await?;
    let mut book = Book::new(session.head().clone(), std::mem::take(setup));
    for _ in 0..MAX_ROUNDS {
        let needs = Needs::missing(&book, submissions);
        if needs.is_empty() {
            break;
        }
        let loaded = session.load(&needs).await?;
        book.absorb(needs, loaded);
    }
    let (answers, changes) = decide(&mut book, submissions, as_kept(clock.now()));
    session.commit(&changes).await?;
    *setup = book.into_setup();
    Ok(answers)
}

/// Runs each submission on what those before it have left.
fn decide(
    book: &mut Book,
    submissions: &[Submission],
    at: OffsetDateTime,
) -> (Vec<Result<Answer, Error>>, Changes) {
    let mut all = Changes::new(book.head().clone());
    let answers = submissions
        .iter()
        .map(|submission| {
            let (answer, changes) = execute_caught(book, submission, at)?;
            let applied = changes.clone();
            all.merge(changes).map_err(|_| Error::OutOfRange)?;
            book.apply(&applied);
            Ok(answer)
        })
        .collect();
    (answers, all)
}

/// A command that hits a fault of ours is refused; it does not take the others with it.
fn execute_caught(
    book: &Book,
    submission: &Submission,
    at: OffsetDateTime,
) -> Result<(Answer, Changes), Error> {
    // `execute` only reads what it is given, so nothing is left half-done.
    catch_unwind(AssertUnwindSafe(|| execute(book, submission, at))).unwrap_or_else(|_| {
        tracing::error!("a command was given up: see the panic above");
        Err(Error::Internal)
    })
}
