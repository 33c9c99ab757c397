//! The connection that batches are kept on, in a thread of its own.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use accrual_engine::{Changes, Head, StoreError};
use rusqlite::{
    Connection, OpenFlags, ToSql, TransactionBehavior, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use sea_orm::{ConnAcquireErr, DbErr, Value};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::{Batch, insert, move_head};
use crate::{
    connect::ConnectError,
    error::{Moment, failed, of_sqlite},
    statement::{KnownWords, rows::Rows},
};

/// How many statements stay prepared: one for each table, and the head's.
const PREPARED: usize = 32;

/// Keeps batches, one after another.
///
/// Clones share the connection; it is closed when the last of them is gone.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    jobs: mpsc::Sender<Job>,
    /// Whoever writes has it: SQLite lets those who come to a file that is being written to ask
    /// again and again, and the one who asks more often wins.
    turn: Arc<Mutex<()>>,
    /// How long it is waited for.
    patience: Duration,
}

enum Job {
    /// Its turn ends with it, also if nobody waits for the answer any more.
    Keep(
        Batch,
        OwnedMutexGuard<()>,
        oneshot::Sender<Result<bool, StoreError>>,
    ),
    Close(oneshot::Sender<()>),
}

impl Keeper {
    /// Opens the database, which is there already.
    ///
    /// # Errors
    /// [`ConnectError`] if SQLite refuses it or one of `pragmas`, or there is no thread to be had.
    pub(crate) fn open(
        path: &Path,
        patience: Duration,
        pragmas: &[(&str, &str)],
    ) -> Result<Self, ConnectError> {
        let connection = open(path, patience, pragmas).map_err(ConnectError::Unopened)?;
        let (jobs, waiting) = mpsc::channel();
        thread::Builder::new()
            .name("sqlite-keeper".to_owned())
            .spawn(move || run(connection, &waiting))
            .map_err(|error| ConnectError::Unreachable(error.into()))?;
        Ok(Self {
            jobs,
            turn: Arc::default(),
            patience,
        })
    }

    /// Waits until nobody else of this process writes; nobody does until what it answers is dropped.
    ///
    /// # Errors
    /// [`DbErr::ConnectionAcquire`] if it takes too long.
    pub(crate) async fn turn(&self) -> Result<OwnedMutexGuard<()>, DbErr> {
        let turn = self.turn.clone().lock_owned();
        tokio::time::timeout(self.patience, turn)
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }

    /// Moves the head on and adds `changes` to every table, all or nothing; if the head is not at
    /// `before` any more, nothing at all. Answers whether it was.
    pub(crate) async fn keep(
        &self,
        before: &Head,
        changes: &Changes,
        known: &KnownWords,
    ) -> Result<bool, StoreError> {
        let mut batch = Batch::of(before, changes, known)?;
        let words = std::mem::take(&mut batch.words);
        let turn = self.turn().await.map_err(failed)?;
        let (answer, answered) = oneshot::channel();
        let job = Job::Keep(batch, turn, answer);
        self.jobs.send(job).map_err(|_| closed())?;
        let moved = answered.await.map_err(|_| lost())??;
        if moved {
            known.add(before.organization, words);
        }
        Ok(moved)
    }

    /// Closes the connection, that of its clones too.
    pub(crate) async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.jobs.send(Job::Close(answer)).is_ok() {
            // A thread that is gone has closed it.
            let _ = answered.await;
        }
    }
}

fn open(path: &Path, patience: Duration, pragmas: &[(&str, &str)]) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    for (name, value) in pragmas {
        connection.pragma_update(None, name, value)?;
    }
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

fn run(mut connection: Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Keep(batch, turn, answer) => {
                let kept = AssertUnwindSafe(|| keep(&mut connection, &batch));
                // What is left of a transaction is rolled back as it is dropped.
                let kept = catch_unwind(kept).unwrap_or_else(|_| Err(lost()));
                drop(turn);
                // Who does not wait any more is not told.
                let _ = answer.send(kept);
            }
            Job::Close(answer) => {
                drop(connection);
                let _ = answer.send(());
                break;
            }
        }
    }
    for job in jobs.try_iter() {
        if let Job::Keep(_, _, answer) = job {
            let _ = answer.send(Err(closed()));
        }
    }
}

/// What [`keep`] answers where it was not begun.
fn closed() -> StoreError {
    StoreError::Unavailable {
        reason: "the database is closed".to_owned(),
    }
}

fn lost() -> StoreError {
    StoreError::OutcomeUnknown {
        reason: "the thread that keeps batches has failed".to_owned(),
    }
}

fn keep(connection: &mut Connection, batch: &Batch) -> Result<bool, StoreError> {
    let before = |error| of_sqlite(&error, Moment::Before);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(before)?;
    if !write(&transaction, batch).map_err(before)? {
        return Ok(false);
    }
    transaction
        .commit()
        .map(|()| true)
        .map_err(|error| of_sqlite(&error, Moment::AtCommit))
}

fn write(connection: &Connection, batch: &Batch) -> rusqlite::Result<bool> {
    let mut moves = connection.prepare_cached(&move_head())?;
    if moves.execute(params_from_iter(batch.head.iter().map(Cell)))? == 0 {
        return Ok(false);
    }
    for Rows { table, cells } in &batch.rows {
        if cells.is_empty() {
            continue;
        }
        let mut inserts = connection.prepare_cached(&insert(table))?;
        inserts.raw_bind_parameter(1, batch.organization)?;
        for row in cells.chunks(table.columns.len()) {
            for (index, cell) in (2..).zip(row) {
                inserts.raw_bind_parameter(index, Cell(cell))?;
            }
            inserts.raw_execute()?;
        }
    }
    Ok(true)
}

/// A value of a row.
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    /// Only what rows and a head are made of.
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::BigInt(Some(number)) => ValueRef::Integer(*number),
            Value::Bool(Some(flag)) => ValueRef::Integer((*flag).into()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::String(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::BigInt(None) | Value::Bool(None) | Value::Bytes(None) | Value::String(None) => {
                ValueRef::Null
            }
            other => {
                let other = format!("{other:?} is no value of a row");
                return Err(rusqlite::Error::ToSqlConversionFailure(other.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
