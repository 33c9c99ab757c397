//! What became of each incentive.

use std::fmt;

use crate::{ConditionKind, IncentiveNumber, ScopeKind};

/// What became of one incentive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Its place in the terms.
    pub incentive: IncentiveNumber,
    /// What became of it.
    pub outcome: TriedOutcome,
}

/// Whether an incentive decides what is earned, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedOutcome {
    /// It pays for the sale, or for some lines of it.
    Pays,
    /// It would pay, but pays nothing any more for this customer.
    IsOver,
    /// It covers other sales.
    DoesNotCover {
        /// The sales that it covers.
        scope: ScopeKind,
    },
    /// It covers the sale but for a condition.
    ConditionNotMet {
        /// What the condition asks for.
        condition: ConditionKind,
    },
    /// Another covers the same, and is more specific or comes first.
    Yields {
        /// The one that goes before it, on the first line that both cover.
        to: IncentiveNumber,
    },
}

impl Tried {
    /// Whether the reason says nothing of it.
    pub(crate) fn is_passed_over(&self) -> bool {
        match self.outcome {
            TriedOutcome::Pays | TriedOutcome::IsOver => false,
            TriedOutcome::DoesNotCover { .. }
            | TriedOutcome::ConditionNotMet { .. }
            | TriedOutcome::Yields { .. } => true,
        }
    }
}

impl fmt::Display for Tried {
    /// One sentence for a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { incentive, outcome } = self;
        match outcome {
            TriedOutcome::Pays => write!(formatter, "Incentive {incentive} pays."),
            TriedOutcome::IsOver => write!(
                formatter,
                "Incentive {incentive} pays nothing any more for this customer."
            ),
            TriedOutcome::DoesNotCover { scope } => write!(
                formatter,
                "Incentive {incentive} does not pay: it covers {scope} only."
            ),
            TriedOutcome::ConditionNotMet { condition } => write!(
                formatter,
                "Incentive {incentive} does not pay: {condition} is not what it asks for."
            ),
            TriedOutcome::Yields { to } => write!(
                formatter,
                "Incentive {incentive} does not pay: incentive {to} goes before it."
            ),
        }
    }
}
