//! What a database's error means to the engine.

use accrual_engine::StoreError;
use sea_orm::{DbErr, RuntimeErr, sqlx, sqlx::error::DatabaseError};

/// What is kept cannot be understood.
pub(crate) fn corrupt(reason: impl ToString) -> StoreError {
    StoreError::Corrupt {
        reason: reason.to_string(),
    }
}

/// What is given cannot be kept.
pub(crate) fn refused(reason: impl ToString) -> StoreError {
    StoreError::Refused {
        reason: reason.to_string(),
    }
}

/// A sum cannot be kept.
pub(crate) fn out_of_range(reason: impl ToString) -> StoreError {
    StoreError::OutOfRange {
        reason: reason.to_string(),
    }
}

/// A statement failed: its transaction keeps nothing.
pub(crate) fn failed(error: DbErr) -> StoreError {
    told(meaning(&error), Moment::Before, &error)
}

/// COMMIT failed. Whatever is not the database's own refusal leaves open whether it was kept.
pub(crate) fn at_commit(error: DbErr) -> StoreError {
    told(meaning(&error), Moment::AtCommit, &error)
}

/// SQLite's own interface failed.
pub(crate) fn of_sqlite(error: &rusqlite::Error, moment: Moment) -> StoreError {
    let meaning = match error {
        rusqlite::Error::SqliteFailure(error, message) => {
            let message = message.as_deref().unwrap_or_default();
            sqlite_meaning(error.extended_code.unsigned_abs(), message)
        }
        // What is left are faults in how it is asked.
        _ => Meaning::Refused,
    };
    told(meaning, moment, error)
}

/// When something failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Nothing is kept.
    Before,
    AtCommit,
}

fn told(meaning: Meaning, moment: Moment, error: &impl ToString) -> StoreError {
    let reason = error.to_string();
    match (meaning, moment) {
        (Meaning::OutOfRange, _) => StoreError::OutOfRange { reason },
        (Meaning::Refused, _) => StoreError::Refused { reason },
        (_, Moment::AtCommit) => StoreError::OutcomeUnknown { reason },
        (Meaning::Unavailable, Moment::Before) => StoreError::Unavailable { reason },
        (Meaning::Corrupt, Moment::Before) => StoreError::Corrupt { reason },
    }
}

enum Meaning {
    Unavailable,
    OutOfRange,
    Refused,
    Corrupt,
}

fn meaning(error: &DbErr) -> Meaning {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            sqlx_meaning(error)
        }
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Meaning::Unavailable,
        DbErr::Query(_) | DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
            Meaning::Corrupt
        }
        // The error enum is open: what is left are faults in how it is asked.
        _ => Meaning::Refused,
    }
}

fn sqlx_meaning(error: &sqlx::Error) -> Meaning {
    use sqlx::Error as E;
    match error {
        E::Database(error) => {
            let code = error.code();
            let code = code.as_deref().unwrap_or_default();
            match error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(error) => sqlite_meaning(code.parse().unwrap_or_default(), error.message()),
                None => postgres_meaning(code),
            }
        }
        E::ColumnDecode { .. }
        | E::Decode(_)
        | E::ColumnNotFound(_)
        | E::ColumnIndexOutOfBounds { .. }
        | E::TypeNotFound { .. } => Meaning::Corrupt,
        E::Encode(_) | E::InvalidArgument(_) => Meaning::Refused,
        // Connections that are lost, refused, not to be had; the error enum is open.
        _ => Meaning::Unavailable,
    }
}

/// Source: PostgreSQL, "Error Codes": the first two characters are the class.
fn postgres_meaning(code: &str) -> Meaning {
    // numeric_value_out_of_range
    if code == "22003" {
        return Meaning::OutOfRange;
    }
    match code.get(..2) {
        // Connection, wrong state, rollback to be repeated, resources, locks, shutdown, system.
        Some("08" | "25" | "40" | "53" | "55" | "57" | "58") => Meaning::Unavailable,
        Some("XX") => Meaning::Corrupt,
        _ => Meaning::Refused,
    }
}

/// Source: SQLite, "Result Codes": the low byte is the primary code.
fn sqlite_meaning(code: u32, message: &str) -> Meaning {
    // CONSTRAINT_DATATYPE: a sum beyond 64 bits is a float, which a STRICT table does not take.
    // What SUM says has no code of its own.
    if code == 3091 || message == "integer overflow" {
        return Meaning::OutOfRange;
    }
    match code & 0xff {
        // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL
        5..=10 | 13..=15 => Meaning::Unavailable,
        // CORRUPT, NOTADB
        11 | 26 => Meaning::Corrupt,
        _ => Meaning::Refused,
    }
}
