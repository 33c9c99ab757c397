//! What happens when: commands, the pure function that decides them, and the lanes that run them.
//!
//! **Load, decide, save.** [`Needs`] says what commands will read, a [`Store`] loads it into a
//! [`Book`], [`execute`] decides in memory, and the [`Changes`] are kept in one transaction.
//! An organization's commands run one after another, in batches of what waits: [`Engine`].
//!
//! [`execute`] has no clock, no randomness and no I/O: the same book and command give the same
//! answer. A reference that is in the book already is a replay, so that no sale counts twice.

mod access;
mod book;
mod command;
#[cfg(feature = "contract")]
pub mod contract;
mod conversion;
mod error;
mod execute;
mod id;
mod journal;
mod lanes;
mod memory;
mod outcome;
mod program;
pub mod record;
mod store;
mod text;

pub use access::{Access, ApiKey, KeyHash, NewOrganization, Organization, Role};
pub use book::{Book, Loaded, Needs, Setup};
pub use command::{Actor, Command, Idempotency, Submission};
pub use conversion::{
    Commission, Conversion, Customer, Facts, FactsField, Line, Posting, Recorded,
};
pub use error::{AmountField, Error};
pub use execute::execute;
pub use id::{ConversionId, KeyId, OrgId, Sequence};
pub use journal::{Entry, Hash, Head, as_kept, first_broken_seal, from_micros, micros};
pub use lanes::{Engine, EngineOptions, Statistics};
pub use memory::MemoryStore;
pub use outcome::{Answer, Changes, Outcome, Remembered, Replay, Subject, Totals, TotalsKey};
pub use program::{Affiliate, Enrollment, Program, TermsChange, TermsDraft};
pub use store::{Clock, Reports, Session, Store, StoreError};
pub use text::{IdempotencyKey, Reference, Source, Text, TextError};
