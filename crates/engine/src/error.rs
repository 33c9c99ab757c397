//! Why a command is refused.

use accrual_attribution::{AffiliateId, EnrollmentId, Finding, ProgramId, Tag};
use accrual_commission::{DecideError, TermsError};
use accrual_money::Money;

/// Why a command is refused; then it has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A sale has neither a total nor a subtotal.
    #[error("a sale needs a total or a subtotal")]
    AmountMissing,
    /// A sale's amount is zero or less.
    #[error("{field} must be above zero, not {amount}")]
    AmountNotPositive {
        /// Which amount.
        field: AmountField,
        /// The amount.
        amount: Money,
    },
    /// A sale's amounts are not all in one currency.
    #[error("{field} must be in the currency of the sale, not {amount}")]
    MixedCurrencies {
        /// Which amount is in another one.
        field: AmountField,
        /// The amount.
        amount: Money,
    },
    /// No claim leads to an enrollment that can be credited.
    #[error("no claim leads to an enrollment that can be credited")]
    NobodyCredited {
        /// What each claim came to; empty if there was none.
        findings: Vec<Finding>,
    },
    /// What is earned cannot be decided.
    #[error(transparent)]
    Undecidable(#[from] DecideError),
    /// The rules cannot be a program's terms.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// There is no such program in the organization.
    #[error("there is no program {0}")]
    ProgramNotFound(ProgramId),
    /// There is no such affiliate in the organization.
    #[error("there is no affiliate {0}")]
    AffiliateNotFound(AffiliateId),
    /// There is no such enrollment in the organization.
    #[error("there is no enrollment {0}")]
    EnrollmentNotFound(EnrollmentId),
    /// The tag belongs to another enrollment.
    #[error("the tag {tag} belongs to enrollment {holder}")]
    TagTaken {
        /// The tag.
        tag: Tag,
        /// Whose it is.
        holder: EnrollmentId,
    },
    /// The affiliate is in the program already.
    #[error("affiliate {affiliate} is in program {program} already, by enrollment {enrollment}")]
    AlreadyEnrolled {
        /// Who.
        affiliate: AffiliateId,
        /// In what.
        program: ProgramId,
        /// By which enrollment.
        enrollment: EnrollmentId,
    },
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// There is no such organization.
    #[error("there is no such organization")]
    OrganizationNotFound,
    /// The amounts of this organization are beyond what can be kept.
    #[error("the sums of this organization would go out of range")]
    OutOfRange,
    /// Too much is waiting, or the database is away: the same command can be submitted again.
    #[error("unavailable at the moment: try again")]
    Unavailable,
    /// A fault of ours.
    #[error("an internal error")]
    Internal,
}

/// An amount of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AmountField {
    /// The total.
    Total,
    /// The subtotal.
    Subtotal,
    /// The commission set by the caller.
    Commission,
    /// The amount of a line.
    Line,
}

impl std::fmt::Display for AmountField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Commission => "commission",
            Self::Line => "the amount of a line",
        })
    }
}
