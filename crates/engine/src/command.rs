//! What can be asked for.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Standing, Tag};
use accrual_money::Rate;

use crate::{Facts, IdempotencyKey, KeyId, TermsChange, TermsDraft, Text};

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make a program.
    CreateProgram {
        /// What people call it.
        name: Text,
        /// Its first terms.
        terms: TermsDraft,
    },
    /// Change a program; what is `None` stays. New terms are a new version.
    ChangeProgram {
        /// Which one.
        program: ProgramId,
        /// What people call it from now on.
        name: Option<Text>,
        /// What changes of its terms: a new version of them.
        terms: Option<TermsChange>,
    },
    /// Make an affiliate.
    CreateAffiliate {
        /// What people call it.
        name: Text,
        /// Where to write to.
        email: Option<Text>,
    },
    /// Change an affiliate; what is `None` stays.
    ChangeAffiliate {
        /// Which one.
        affiliate: AffiliateId,
        /// What people call it from now on.
        name: Option<Text>,
        /// Where to write to from now on; `Some(None)` is nowhere.
        email: Option<Option<Text>>,
    },
    /// Put an affiliate into a program.
    Enroll {
        /// Who.
        affiliate: AffiliateId,
        /// In what.
        program: ProgramId,
        /// The code by which shops are to know it.
        tag: Tag,
        /// A rate agreed with this affiliate.
        rate: Option<Rate>,
    },
    /// Change an enrollment; what is `None` stays.
    ChangeEnrollment {
        /// Which one.
        enrollment: EnrollmentId,
        /// Its tag from now on; the former one is free again.
        tag: Option<Tag>,
        /// Its own rate from now on; `Some(None)` is the program's.
        rate: Option<Option<Rate>>,
        /// Whether it can be credited from now on.
        standing: Option<Standing>,
    },
    /// Record a sale.
    Report(Box<Facts>),
}

/// A command, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What is asked.
    pub command: Command,
    /// On whose behalf.
    pub actor: Actor,
    /// The request's id, for the journal.
    pub request_id: Text,
    /// What makes a repetition known, for a command that has no reference of its own.
    pub idempotency: Option<Idempotency>,
}

/// On whose behalf a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever holds this API key.
    Key(KeyId),
    /// Whoever runs the server, from the command line.
    Operator,
}

/// What makes a repeated request known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: IdempotencyKey,
    /// A hash of what was asked, so that the same key for something else is noticed.
    pub fingerprint: [u8; 32],
}
