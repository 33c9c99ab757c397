//! The connection that batches are kept on, in a thread of its own.

use std::{path::Path, sync::Arc, sync::mpsc, thread, time::Duration};

use accrual_engine::{Changes, Head, StoreError};
use rusqlite::{
    Connection, ToSql, TransactionBehavior, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use sea_orm::Value;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::{Batch, insert, move_head};
use crate::{
    error::{Moment, of_sqlite},
    statement::rows::Rows,
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
}

enum Job {
    Keep(Batch, oneshot::Sender<Result<bool, StoreError>>),
    Close(oneshot::Sender<()>),
}

impl Keeper {
    /// Opens the database, which is there already.
    ///
    /// # Errors
    /// [`rusqlite::Error`] if SQLite refuses it or one of `pragmas`.
    pub(crate) fn open(
        path: &Path,
        patience: Duration,
        pragmas: &[(&str, &str)],
    ) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(patience)?;
        for (name, value) in pragmas {
            connection.pragma_update(None, name, value)?;
        }
        connection.set_prepared_statement_cache_capacity(PREPARED);
        let (jobs, waiting) = mpsc::channel();
        thread::Builder::new()
            .name("sqlite-keeper".to_owned())
            .spawn(move || run(connection, &waiting))
            .map_err(|_| rusqlite::Error::InvalidQuery)?;
        Ok(Self {
            jobs,
            turn: Arc::default(),
        })
    }

    /// Waits until nobody else of this process writes; nobody does until what it answers is dropped.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        self.turn.clone().lock_owned().await
    }

    /// Moves the head on and adds `changes` to every table, all or nothing; if the head is not at
    /// `before` any more, nothing at all. Answers whether it was.
    pub(crate) async fn keep(&self, before: &Head, changes: &Changes) -> Result<bool, StoreError> {
        let batch = Batch::of(before, changes)?;
        let _turn = self.turn().await;
        let (answer, answered) = oneshot::channel();
        let lost = || StoreError::OutcomeUnknown {
            reason: "the thread that keeps batches is gone".to_owned(),
        };
        let job = Job::Keep(batch, answer);
        self.jobs.send(job).map_err(|_| lost())?;
        answered.await.map_err(|_| lost())?
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

fn run(mut connection: Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        match job {
            // Who does not wait any more is not told.
            Job::Keep(batch, answer) => drop(answer.send(keep(&mut connection, &batch))),
            Job::Close(answer) => {
                drop(connection);
                let _ = answer.send(());
                return;
            }
        }
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
            _ => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
