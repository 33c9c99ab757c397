//! The engine's errors, as problems.

use accrual_commission::{DecideError, TermsError};
use accrual_engine::{AmountField, Error, ExplainError, Sender, StoreError};
use poem::http::StatusCode;

use super::{Details, Problem, body, details};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use Error as E;
        // No `_` arm: a new error must be given words before this compiles.
        let detail = sentence(&error.to_string());
        match error {
            E::AmountMissing => Self::invalid("total", "or subtotal is required"),
            E::AmountNotPositive { field, .. }
            | E::AmountNegative { field, .. }
            | E::MixedCurrencies { field, .. } => Self::invalid_amount(name(field), detail),
            E::MoreThanLeft { .. } => Self::invalid_amount("amount", detail),
            E::LessThanReturned { .. } => Self::invalid_amount("total", detail),
            E::WeightsDoNotFit { .. } => Self::refused("claims", detail),
            E::ShopNotFound(_) => Self::refused("store", detail),
            E::NobodySignedUp => Self::refused("external_user_id", detail),
            E::RecruiterElsewhere { .. } => Self::refused("recruiter_id", detail),
            E::NobodyCredited { findings } => Self::Invalid(body(Details {
                findings: Some(findings.iter().map(ToString::to_string).collect()),
                ..details(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "nobody-credited",
                    "Nobody can be credited",
                    detail,
                )
            })),
            E::Undecidable(error) => Self::undecidable(&error, detail),
            E::OutOfRange => Self::unprocessable("undecidable", "It cannot be computed", detail),
            E::Terms(error) => Self::Invalid(body(Details {
                field: place(&error),
                ..details(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid-terms",
                    "The terms are invalid",
                    detail,
                )
            })),
            E::ProgramNotFound(_)
            | E::AffiliateNotFound(_)
            | E::EnrollmentNotFound(_)
            | E::PromoCodeNotFound(_)
            | E::ReferralNotFound(_)
            | E::VisitorNotFound(_)
            | E::SenderNotFound(Sender::Enrollment(_) | Sender::Tag(_) | Sender::Link(_))
            | E::ConversionNotFound(_)
            | E::CommissionNotFound { .. }
            | E::OrganizationNotFound => Self::not_found(detail),
            E::TagTaken { .. } => Self::conflict("tag-taken", "The tag is taken", detail),
            E::SlugTaken { .. } => Self::conflict("link-taken", "The link is taken", detail),
            E::CodeTaken { .. } => Self::conflict("code-taken", "The code is taken", detail),
            E::AlreadyEnrolled { .. } => Self::conflict(
                "already-enrolled",
                "The affiliate is in the program already",
                detail,
            ),
            E::EnrollmentUnapproved(_) => Self::conflict(
                "enrollment-unapproved",
                "The enrollment is not approved yet",
                detail,
            ),
            E::EnrollmentEnded(_) => {
                Self::conflict("enrollment-ended", "The enrollment has ended", detail)
            }
            E::CalledOff(_) => {
                Self::conflict("called-off", "What was earned was called off", detail)
            }
            E::CurrencySettled(_) => {
                Self::conflict("currency-settled", "The currency cannot change", detail)
            }
            E::VersionChanged { .. } => Self::changed(detail),
            E::NothingLeft(_) => {
                Self::conflict("nothing-left", "Nothing is left of the sale", detail)
            }
            E::Status(_) => Self::conflict(
                "status-not-allowed",
                "The commission cannot change so from what it is",
                detail,
            ),
            E::IdempotencyKeyReused => Self::conflict(
                "idempotency-key-reused",
                "The idempotency key was used for another request",
                detail,
            ),
            E::Unavailable => Self::unavailable(),
            E::Internal => Self::internal(),
        }
    }
}

impl Problem {
    /// A field is not what it must be, for reasons that the engine has said.
    fn refused(field: &str, detail: String) -> Self {
        Self::Invalid(body(Details {
            field: Some(field.to_owned()),
            ..details(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-field",
                "A field is invalid",
                detail,
            )
        }))
    }

    fn undecidable(error: &DecideError, detail: String) -> Self {
        match error {
            DecideError::NegativeOverride { .. } => Self::invalid_amount("commission", detail),
            DecideError::NegativeLine { .. } => Self::invalid_amount("lines", detail),
            DecideError::NegativeDeduction { .. } => Self::invalid_amount("tax", detail),
            DecideError::NoExchangeRate { .. } | DecideError::WrongExchangeRate { .. } => {
                Self::Invalid(body(Details {
                    field: Some("exchange".to_owned()),
                    ..details(
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "undecidable",
                        "It cannot be computed",
                        detail,
                    )
                }))
            }
            DecideError::OtherCurrency { .. } | DecideError::Money(_) => {
                Self::unprocessable("undecidable", "It cannot be computed", detail)
            }
        }
    }
}

/// Which part of the terms is at fault, if it is a certain one.
fn place(error: &TermsError) -> Option<String> {
    match error {
        TermsError::OtherCurrency { .. } | TermsError::NegativeAmount { .. } => None,
        TermsError::TooManyIncentives { .. } => Some("incentives".to_owned()),
        TermsError::TooManyLevels { .. } => Some("levels".to_owned()),
        TermsError::CapTooLong { .. } => Some("caps.per_period.days".to_owned()),
        TermsError::TooManyConditions { incentive, .. }
        | TermsError::TooManyNames { incentive, .. }
        | TermsError::NoNames { incentive }
        | TermsError::TooManySteps { incentive, .. }
        | TermsError::StepsNotAscending { incentive, .. }
        | TermsError::TooManyTiers { incentive, .. }
        | TermsError::NoTiers { incentive }
        | TermsError::TiersNotAscending { incentive, .. }
        | TermsError::MixedThresholds { incentive }
        | TermsError::TiersNeedAmounts { incentive }
        | TermsError::MarginalNeedsShares { incentive }
        | TermsError::Retroactive { incentive, .. } => {
            let index = incentive.number().saturating_sub(1);
            Some(format!("incentives[{index}]"))
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. }
            | StoreError::OutcomeUnknown { .. }
            | StoreError::Overtaken => {
                tracing::warn!(%error, "nothing could be read");
                Self::unavailable()
            }
            StoreError::OutOfRange { .. } => Error::OutOfRange.into(),
            StoreError::OrganizationNotFound(_) => Self::not_found(sentence(&error.to_string())),
            StoreError::Refused { .. } | StoreError::Corrupt { .. } => {
                tracing::error!(%error, "nothing could be read");
                Self::internal()
            }
        }
    }
}

impl From<ExplainError> for Problem {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Store(error) => error.into(),
            ExplainError::Record(_) | ExplainError::Decide(_) | ExplainError::Missing { .. } => {
                tracing::error!(%error, "a decision cannot be explained");
                Self::internal()
            }
        }
    }
}

/// The field of a request.
fn name(field: AmountField) -> &'static str {
    match field {
        AmountField::Total => "total",
        AmountField::Subtotal => "subtotal",
        AmountField::Commission => "commission",
        AmountField::Line => "lines",
        AmountField::Tax => "tax",
        AmountField::Shipping => "shipping",
        AmountField::Discount => "discount",
        AmountField::Refund => "amount",
        AmountField::Minimum => "limits.minimum_sale",
    }
}

/// An error's words as a sentence.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
