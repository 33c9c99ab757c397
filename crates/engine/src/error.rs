//! Why a command is refused.

use accrual_attribution::{
    AffiliateId, Code, EnrollmentId, Finding, Identifier, ProgramId, PromoCodeId, ReferralId, Slug,
    Tag,
};
use accrual_commission::{DecideError, EarningError, PositionError, TermsError, TransitionError};
use accrual_money::{Money, MoneyError};

use crate::{Channel, ConversionId, Sender, Sequence};

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
    /// An amount that cannot be below zero is.
    #[error("{field} must be zero or more, not {amount}")]
    AmountNegative {
        /// Which amount.
        field: AmountField,
        /// The amount.
        amount: Money,
    },
    /// There is not a weight for each claim.
    #[error("{claims} claims cannot be shared by {weights} weights")]
    WeightsDoNotFit {
        /// How many claims.
        claims: usize,
        /// How many weights.
        weights: usize,
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
    /// The sale was made in a store that is not registered.
    #[error("no store is registered as {0}")]
    ShopNotFound(Channel),
    /// More would be given back than is left of the sale.
    #[error("{amount} cannot be given back: {left} is left of the sale")]
    MoreThanLeft {
        /// What was to be given back.
        amount: Money,
        /// What is left of the sale.
        left: Money,
    },
    /// Nothing is left of the sale.
    #[error("nothing is left of conversion {0}: it was given back in full")]
    NothingLeft(ConversionId),
    /// All that the conversion earned was called off: there is nothing to decide again.
    #[error("what conversion {0} earned was called off: it cannot be amended")]
    CalledOff(ConversionId),
    /// The currency of a sale stays once something was paid out or given back.
    #[error(
        "the currency of conversion {0} cannot change: something was paid out or given back already"
    )]
    CurrencySettled(ConversionId),
    /// The conversion has changed since the caller has seen it.
    #[error("conversion {conversion} has version {version}, not {expected}")]
    VersionChanged {
        /// The conversion.
        conversion: ConversionId,
        /// The version that the caller has seen.
        expected: Sequence,
        /// The version that it has.
        version: Sequence,
    },
    /// The sale would be worth less than was given back of it.
    #[error("the sale cannot be {amount}: {back} was given back of it")]
    LessThanReturned {
        /// What it was to be.
        amount: Money,
        /// What was given back.
        back: Money,
    },
    /// The commission cannot become that.
    #[error(transparent)]
    Status(#[from] TransitionError),
    /// There is no such conversion in the organization.
    #[error("there is no conversion {0}")]
    ConversionNotFound(ConversionId),
    /// The conversion has no such commission.
    #[error("conversion {conversion} has no commission {position}")]
    CommissionNotFound {
        /// The conversion.
        conversion: ConversionId,
        /// The position, counted from 1.
        position: u16,
    },
    /// There is no such referral in the organization.
    #[error("there is no referral {0}")]
    ReferralNotFound(ReferralId),
    /// Nobody has clicked by this id.
    #[error("no click is known by {0}")]
    VisitorNotFound(Identifier),
    /// Nothing is said of who has signed up.
    #[error("whoever signs up needs an id or an e-mail address")]
    NobodySignedUp,
    /// No enrollment has this tag or link.
    #[error("no enrollment is known by {}", spelled(.0))]
    SenderNotFound(Sender),
    /// The enrollment is not approved yet.
    #[error("enrollment {0} is not approved yet")]
    EnrollmentUnapproved(EnrollmentId),
    /// The enrollment has ended.
    #[error("enrollment {0} has ended")]
    EnrollmentEnded(EnrollmentId),
    /// There is no such promo code in the organization.
    #[error("there is no promo code {0}")]
    PromoCodeNotFound(PromoCodeId),
    /// The code belongs to another promo code.
    #[error("the code {code} belongs to promo code {holder}")]
    CodeTaken {
        /// The code.
        code: Code,
        /// Which has it.
        holder: PromoCodeId,
    },
    /// The link belongs to another enrollment.
    #[error("the link {slug} belongs to enrollment {holder}")]
    SlugTaken {
        /// What the link ends with.
        slug: Slug,
        /// Whose it is.
        holder: EnrollmentId,
    },
    /// Whoever recruited the affiliate is in another program.
    #[error("enrollment {recruiter} cannot have recruited it: it is in program {program}")]
    RecruiterElsewhere {
        /// The enrollment that was named.
        recruiter: EnrollmentId,
        /// The program that it is in.
        program: ProgramId,
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

fn spelled(sender: &Sender) -> String {
    match sender {
        Sender::Enrollment(id) => format!("the number {id}"),
        Sender::Tag(tag) => format!("the tag {tag}"),
        Sender::Link(slug) => format!("the link {slug}"),
    }
}

impl From<MoneyError> for Error {
    /// Amounts were checked before: what remains is that a sum is beyond what can be kept.
    fn from(_: MoneyError) -> Self {
        Self::OutOfRange
    }
}

impl From<EarningError> for Error {
    fn from(error: EarningError) -> Self {
        match error {
            EarningError::Money(error) => error.into(),
            // What is left is checked before, and terms do not lift to what is paid for each item.
            EarningError::NoPart { .. } | EarningError::PerItem { .. } => Self::Internal,
        }
    }
}

impl From<PositionError> for Error {
    fn from(error: PositionError) -> Self {
        match error {
            PositionError::Money(error) => error.into(),
            // Nothing of a commission is ever set below zero.
            PositionError::Negative { .. } => Self::Internal,
        }
    }
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
    /// The tax.
    Tax,
    /// What shipping cost.
    Shipping,
    /// What was taken off.
    Discount,
    /// What is given back.
    Refund,
    /// The least that a promo code asks for.
    Minimum,
}

impl std::fmt::Display for AmountField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Commission => "commission",
            Self::Line => "the amount of a line",
            Self::Tax => "tax",
            Self::Shipping => "shipping",
            Self::Discount => "discount",
            Self::Refund => "amount",
            Self::Minimum => "minimum",
        })
    }
}
