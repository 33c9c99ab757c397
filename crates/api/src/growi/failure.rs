//! Why not, in Growi's words, status and shape.

use accrual_commission::DecideError;
use accrual_engine::{AmountField, Error, StoreError};
use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{ApiResponse, Object};
use serde::Serialize;

use super::limits::TooMany;
use crate::wire::Reply;

/// Why a request was refused.
#[derive(Object, Serialize)]
#[oai(rename = "Error")]
pub(super) struct Words {
    /// One sentence.
    error: String,
}

/// Growi's errors.
#[derive(ApiResponse)]
pub(super) enum Failure {
    /// The body is not JSON.
    #[oai(status = 400)]
    #[allow(dead_code)] // Said by `say`; here for the spec.
    Malformed(Reply<Words>),
    /// The key is missing or not known.
    #[oai(status = 401)]
    #[allow(dead_code)]
    NotAuthenticated(Reply<Words>),
    /// The key is for reading only.
    #[oai(status = 403)]
    #[allow(dead_code)]
    ReadOnly(Reply<Words>),
    /// There is no such sale.
    #[oai(status = 404)]
    NotFound(Reply<Words>),
    /// The body did not arrive in time.
    #[oai(status = 408)]
    #[allow(dead_code)]
    TooSlow(Reply<Words>),
    /// The sale has another version than `If-Match` says.
    #[oai(status = 412)]
    Changed(Reply<Words>),
    /// The body is too large.
    #[oai(status = 413)]
    #[allow(dead_code)]
    TooLarge(Reply<Words>),
    /// The body is not declared as JSON.
    #[oai(status = 415)]
    #[allow(dead_code)]
    NotJson(Reply<Words>),
    /// A field is missing or not what it must be, or nobody can be credited.
    #[oai(status = 422)]
    Invalid(Reply<Words>),
    /// Too many requests, where the server limits them.
    #[oai(status = 429)]
    #[allow(dead_code)] // Said by `limits`; here for the spec.
    TooMany(Reply<TooMany>),
    /// A fault of the server's.
    #[oai(status = 500)]
    Internal(Reply<Words>),
    /// Unavailable at the moment: the same request can be sent again.
    #[oai(status = 503)]
    Unavailable(Reply<Words>),
}

fn words(error: impl Into<String>) -> Reply<Words> {
    Reply(Words {
        error: error.into(),
    })
}

impl Failure {
    pub(super) fn invalid(error: impl Into<String>) -> Self {
        Self::Invalid(words(error))
    }

    pub(super) fn affiliate_not_found() -> Self {
        Self::invalid("Campaign affiliate not found.")
    }

    pub(super) fn sale_not_found() -> Self {
        Self::NotFound(words("Sale not found"))
    }

    pub(super) fn cancelled() -> Self {
        Self::invalid("Cancelled sales cannot be updated.")
    }

    pub(super) fn not_found(error: &str) -> Self {
        Self::NotFound(words(error))
    }

    /// The sentence.
    pub(super) fn into_words(self) -> String {
        match self {
            Self::Malformed(Reply(words))
            | Self::NotAuthenticated(Reply(words))
            | Self::ReadOnly(Reply(words))
            | Self::NotFound(Reply(words))
            | Self::TooSlow(Reply(words))
            | Self::Changed(Reply(words))
            | Self::TooLarge(Reply(words))
            | Self::NotJson(Reply(words))
            | Self::Invalid(Reply(words))
            | Self::Internal(Reply(words))
            | Self::Unavailable(Reply(words)) => words.error,
            Self::TooMany(Reply(words)) => words.error,
        }
    }

    pub(super) fn internal() -> Self {
        Self::Internal(words("Internal server error."))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use Error as E;
        // No `_` arm: a new error must be given Growi's words before this compiles.
        // Source: Growi, "Error Responses" of POST and PATCH /affiliate_sales, and of
        // PATCH /campaign_affiliates.
        match error {
            E::AmountMissing => Self::invalid("Total or subtotal is required."),
            E::AmountNotPositive { field, .. } => {
                Self::invalid(format!("{} must be greater than 0.", name(field)))
            }
            E::AmountNegative { field, .. } => {
                Self::invalid(format!("{} must be 0 or greater.", name(field)))
            }
            E::MixedCurrencies { field, .. } => Self::invalid(format!(
                "{} must be in the currency of the sale.",
                name(field)
            )),
            E::NobodyCredited { .. }
            | E::AffiliateNotFound(_)
            | E::EnrollmentNotFound(_)
            | E::SenderNotFound(_) => Self::affiliate_not_found(),
            E::EnrollmentEnded(_) | E::EnrollmentUnapproved(_) => {
                Self::invalid("Campaign affiliate is not active.")
            }
            E::ProgramNotFound(_) => Self::invalid("Campaign not found."),
            E::ReferralNotFound(_) | E::VisitorNotFound(_) => Self::invalid("Visitor not found."),
            E::PromoCodeNotFound(_) => Self::invalid("Promo code not found."),
            E::ConversionNotFound(_) | E::CommissionNotFound { .. } => Self::sale_not_found(),
            E::MoreThanLeft { .. } => {
                Self::invalid("The refund must not be greater than what is left of the sale.")
            }
            E::CalledOff(_) => Self::cancelled(),
            E::VersionChanged { .. } => Self::Changed(words(
                "Sale has been updated since: it no longer has the version of If-Match.",
            )),
            E::CurrencySettled(_) => Self::invalid(
                "Currency cannot be changed once the sale has been paid out or refunded.",
            ),
            E::NothingLeft(_) => Self::invalid("Sale has been refunded already."),
            E::LessThanReturned { .. } => {
                Self::invalid("Total must not be less than what was refunded.")
            }
            E::Status(_) => Self::invalid("Sale cannot be updated from its current status."),
            E::WeightsDoNotFit { .. } => {
                Self::invalid("The sale must be credited to one campaign affiliate.")
            }
            E::TagTaken { .. } => {
                Self::invalid("Sorry, that code is already taken. Please try a different one.")
            }
            E::NobodySignedUp => Self::invalid("Customer email is required."),
            E::Undecidable(error) => Self::undecidable(&error),
            E::OutOfRange => Self::invalid("The amount is out of range."),
            E::Unavailable => {
                Self::Unavailable(words("Service temporarily unavailable. Please try again."))
            }
            E::OrganizationNotFound
            | E::Terms(_)
            | E::SlugTaken { .. }
            | E::CodeTaken { .. }
            | E::AlreadyEnrolled { .. }
            | E::RecruiterElsewhere { .. }
            | E::IdempotencyKeyReused
            | E::ShopNotFound(_)
            | E::Internal => Self::internal(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. }
            | StoreError::OutcomeUnknown { .. }
            | StoreError::Overtaken => {
                tracing::warn!(%error, "nothing could be read");
                Error::Unavailable.into()
            }
            StoreError::OutOfRange { .. } => Error::OutOfRange.into(),
            StoreError::OrganizationNotFound(_)
            | StoreError::Refused { .. }
            | StoreError::Corrupt { .. } => {
                tracing::error!(%error, "nothing could be read");
                Self::internal()
            }
        }
    }
}

impl Failure {
    fn undecidable(error: &DecideError) -> Self {
        match error {
            DecideError::NegativeOverride { .. } => {
                Self::invalid("Commission must be 0 or greater.")
            }
            DecideError::NoExchangeRate { from, .. } => Self::invalid(format!(
                "The campaign pays a fixed amount in another currency, and no exchange rate for {} \
                 is known.",
                from.code().to_ascii_lowercase()
            )),
            DecideError::WrongExchangeRate { .. } => {
                Self::invalid("The exchange rate is for other currencies.")
            }
            DecideError::OtherCurrency { .. } => {
                Self::invalid("All amounts must be in the currency of the sale.")
            }
            DecideError::NegativeDeduction { .. } => {
                Self::invalid("Tax, shipping and discounts must be 0 or greater.")
            }
            DecideError::NegativeLine { .. } => {
                Self::invalid("The amount of a line must be 0 or greater.")
            }
            DecideError::Money(_) => Self::invalid("The amount is out of range."),
        }
    }
}

fn name(field: AmountField) -> &'static str {
    match field {
        AmountField::Total => "Total",
        AmountField::Subtotal => "Subtotal",
        AmountField::Commission => "Commission",
        AmountField::Line => "The amount of a line",
        AmountField::Tax => "Tax",
        AmountField::Shipping => "Shipping",
        AmountField::Discount => "Discount",
        AmountField::Refund => "The refund",
        AmountField::Minimum => "The minimum",
    }
}

/// What no operation has said, in the same shape.
pub(crate) fn say(status: StatusCode, said: String) -> Response {
    let error = match status {
        StatusCode::UNAUTHORIZED => "Not Authenticated".to_owned(),
        StatusCode::FORBIDDEN => "This API key is read-only and cannot modify data.".to_owned(),
        StatusCode::NOT_FOUND => "Not found".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "Method not allowed".to_owned(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Content-Type must be application/json.".to_owned(),
        StatusCode::BAD_REQUEST if said.starts_with("failed to parse path ") => {
            "ID must be an integer.".to_owned()
        }
        StatusCode::INTERNAL_SERVER_ERROR => "Internal server error.".to_owned(),
        _ => said,
    };
    words(error).into_response()
}
