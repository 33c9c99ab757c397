//! What the journal holds: versioned JSON of commands and of what they came to.
//!
//! Each kind carries its version in its name (`report/1`), so that what was written stays readable
//! when the domain's types change. Amounts are minor units, rates percentages as text, times
//! microseconds since 1970 (UTC).

mod afterwards;
mod amendment;
mod application;
mod attribution;
mod command;
mod crediting;
mod given;
mod history;
mod outcome;
mod referral;
mod report;
mod set_up;
mod shop;
mod terms;
mod value;
mod words;

pub use command::Command;
pub(crate) use history::Retold;
pub use outcome::Outcome;

/// What is kept in the journal cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not the JSON that was expected.
    #[error("the journal's JSON cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A value in it is not one of the domain's.
    #[error("the journal holds {value}, which is not {what}")]
    Value {
        /// What was found.
        value: String,
        /// What it should be.
        what: &'static str,
    },
}

/// The JSON of a record: its types have no map keys but texts, and no number that JSON lacks.
fn to_json(record: &impl serde::Serialize) -> String {
    serde_json::to_string(record).unwrap_or_else(|error| {
        // Unreachable by the above; a journal that says so is better than a lost command.
        format!("{{\"unwritable/1\":{:?}}}", error.to_string())
    })
}
