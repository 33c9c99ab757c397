//! What happens when: commands, the pure function that decides them, and the lanes that run them.
//!
//! **Load, decide, save.** [`Needs`] says what commands will read, a [`Store`] loads it into a
//! [`Book`], [`execute`] decides in memory, and the [`Changes`] are kept in one transaction.
//! An organization's commands run one after another, in batches of what waits: [`Engine`].
//!
//! [`execute`] has no clock, no randomness and no I/O: the same book and command give the same
//! answer. A reference that is in the book already is a replay, so that no sale counts twice.

mod access;
mod amendment;
mod book;
mod capped;
mod channel;
mod command;
#[cfg(feature = "contract")]
pub mod contract;
mod conversion;
mod decided;
mod error;
mod execute;
mod explain;
mod facts;
mod history;
mod id;
mod journal;
mod lanes;
mod listing;
mod memory;
mod needs;
mod outcome;
mod program;
mod promo_code;
pub mod record;
mod referral;
mod roster;
mod shop;
mod store;
mod tally;
mod text;
mod totals;
mod zone;

pub use access::{Access, ApiKey, KeyHash, NewOrganization, Organization, Role};
pub use amendment::{Amendment, Redecision, SaleStatus};
pub use book::{Book, Loaded, Setup};
pub use channel::Channel;
pub use command::{
    Actor, Application, Click, Command, Enrolling, Idempotency, Refund, RefundKind, Sender, SignUp,
    SignUpBy, Submission,
};
pub use conversion::{Commission, Conversion, EarnedBy, Posting, Recorded};
pub use decided::Decided;
pub use error::{AmountField, Error};
pub use execute::execute;
pub use explain::{Chapter, ExplainError, Explanation, explain};
pub use facts::{Customer, Facts, FactsField, Line};
pub use history::{FieldRevision, FieldValue, Revision, RevisionKind, history};
pub use id::{ConversionId, KeyId, OrgId, Sequence, ShopId};
pub use journal::{Entry, Hash, Head, as_kept, first_broken_seal, from_micros, micros};
pub use lanes::{Engine, EngineOptions, Statistics};
pub use listing::{
    List, Listed, ListedSale, Listing, Page, Stage, folded, searched, searched_address,
};
pub use memory::MemoryStore;
pub use needs::Needs;
pub use outcome::{Answer, Changes, Outcome, Remembered, Replay, Subject};
pub use program::{
    Affiliate, Enrollment, EnrollmentState, Program, TermsChange, TermsDraft, Version,
};
pub use promo_code::{PromoCode, PromoLimits};
pub use referral::{Identity, Person, Referral};
pub use roster::{Member, Roster, RosterQuery};
pub use shop::{Shop, ShopPlatform};
pub use store::{Clock, Reports, Session, Store, StoreError};
pub use tally::{DayKey, DayTally, Span};
pub use text::{IdempotencyKey, Platform, Reference, ShopKey, Source, Text, TextError};
pub use totals::{Totals, TotalsKey};
pub use zone::{UnknownZone, Zone};
