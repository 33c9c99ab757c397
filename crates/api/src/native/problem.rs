//! Why not: problem details.
//!
//! Source: RFC 9457.

mod refusal;

use accrual_engine::FactsField;
use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{
    ApiResponse, Object,
    payload::Payload,
    registry::{MetaSchemaRef, Registry},
    types::Type,
};
use serde::Serialize;

/// What went wrong (RFC 9457).
#[derive(Clone, Debug, Object, Serialize)]
#[oai(rename = "Problem", skip_serializing_if_is_none)]
pub(super) struct Details {
    /// Which kind of problem: a stable name to branch on, such as
    /// `urn:accrual:problem:reference-reused`.
    r#type: String,
    /// The same for people: always the same words for one type.
    title: String,
    /// The status code of the answer.
    status: u16,
    /// What went wrong this time.
    detail: String,
    /// The field or header that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Which facts differ from those that were reported first.
    #[serde(skip_serializing_if = "Option::is_none")]
    differing_fields: Option<Vec<String>>,
    /// What each claim came to, when nobody could be credited.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<String>>,
}

/// A body of problem details.
pub(super) struct ProblemBody(Box<Details>);

impl Payload for ProblemBody {
    const CONTENT_TYPE: &'static str = "application/problem+json";

    fn schema_ref() -> MetaSchemaRef {
        Details::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Details::register(registry);
    }
}

impl IntoResponse for ProblemBody {
    fn into_response(self) -> Response {
        let json = serde_json::to_vec(&self.0).unwrap_or_default();
        Response::builder()
            .content_type(Self::CONTENT_TYPE)
            .body(json)
    }
}

/// Our own API's errors.
#[derive(ApiResponse)]
pub(super) enum Problem {
    /// The request cannot be read.
    #[oai(status = 400)]
    #[allow(dead_code)] // Said by `say`, like the others so marked; here for the spec.
    Malformed(ProblemBody),
    /// The key is missing or not known.
    #[oai(status = 401)]
    #[allow(dead_code)]
    Unauthenticated(ProblemBody),
    /// The key is for reading only.
    #[oai(status = 403)]
    #[allow(dead_code)]
    Forbidden(ProblemBody),
    /// There is no such thing.
    #[oai(status = 404)]
    NotFound(ProblemBody),
    /// The body did not arrive in time.
    #[oai(status = 408)]
    #[allow(dead_code)]
    TooSlow(ProblemBody),
    /// It contradicts what is there already.
    #[oai(status = 409)]
    Conflict(ProblemBody),
    /// It has changed since: its version is not the one that `If-Match` names.
    #[oai(status = 412)]
    Changed(ProblemBody),
    /// The body is too large.
    #[oai(status = 413)]
    #[allow(dead_code)]
    TooLarge(ProblemBody),
    /// The body is not declared as JSON.
    #[oai(status = 415)]
    #[allow(dead_code)]
    NotJson(ProblemBody),
    /// A field is missing or not what it must be, or nobody can be credited.
    #[oai(status = 422)]
    Invalid(ProblemBody),
    /// A fault of the server's.
    #[oai(status = 500)]
    Internal(ProblemBody),
    /// Unavailable at the moment: the same request can be sent again.
    #[oai(status = 503)]
    Unavailable(ProblemBody),
}

fn body(details: Details) -> ProblemBody {
    ProblemBody(Box::new(details))
}

fn details(status: StatusCode, name: &str, title: &str, detail: impl Into<String>) -> Details {
    Details {
        r#type: format!("urn:accrual:problem:{name}"),
        title: title.to_owned(),
        status: status.as_u16(),
        detail: detail.into(),
        field: None,
        differing_fields: None,
        findings: None,
    }
}

impl Problem {
    /// A field is missing or not what it must be: `what` goes after its name.
    pub(super) fn invalid(field: &str, what: impl std::fmt::Display) -> Self {
        let detail = format!("{field} {what}.");
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

    fn invalid_amount(field: &str, detail: String) -> Self {
        Self::Invalid(body(Details {
            field: Some(field.to_owned()),
            ..details(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-amount",
                "An amount is invalid",
                detail,
            )
        }))
    }

    fn unprocessable(name: &str, title: &str, detail: String) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::Invalid(body(details(status, name, title, detail)))
    }

    pub(super) fn not_found(what: impl Into<String>) -> Self {
        let status = StatusCode::NOT_FOUND;
        Self::NotFound(body(details(status, "not-found", "Not found", what)))
    }

    /// The reference is known with other facts.
    pub(super) fn reference_reused(differing: &[FactsField]) -> Self {
        let names: Vec<String> = differing
            .iter()
            .map(|field| field.name().to_owned())
            .collect();
        let detail = format!(
            "The reference is known with other facts; what differs: {}. Nothing was changed.",
            names.join(", ")
        );
        Self::Conflict(body(Details {
            differing_fields: Some(names),
            ..details(
                StatusCode::CONFLICT,
                "reference-reused",
                "The reference is known with other facts",
                detail,
            )
        }))
    }

    fn conflict(name: &str, title: &str, detail: String) -> Self {
        Self::Conflict(body(details(StatusCode::CONFLICT, name, title, detail)))
    }

    fn changed(detail: String) -> Self {
        let (status, title) = (StatusCode::PRECONDITION_FAILED, "It has changed since");
        Self::Changed(body(details(status, "version-changed", title, detail)))
    }

    pub(super) fn internal() -> Self {
        let (status, detail) = (StatusCode::INTERNAL_SERVER_ERROR, "See the server's log.");
        Self::Internal(body(details(
            status,
            "internal",
            "An internal error",
            detail,
        )))
    }

    fn unavailable() -> Self {
        let detail = "Nothing is lost: send the same request again.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::Unavailable(body(details(
            status,
            "unavailable",
            "Unavailable at the moment",
            detail,
        )))
    }
}

/// What no operation has said, in the same shape.
pub(crate) fn say(status: StatusCode, said: String) -> Response {
    let (name, title) = match status {
        StatusCode::BAD_REQUEST => ("malformed", "The request cannot be read"),
        StatusCode::UNAUTHORIZED => ("not-authenticated", "The key is missing or not known"),
        StatusCode::FORBIDDEN => ("read-only-key", "Not allowed with this key"),
        StatusCode::NOT_FOUND => ("not-found", "Not found"),
        StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", "Not a method of this route"),
        StatusCode::REQUEST_TIMEOUT => ("too-slow", "The body did not arrive in time"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "The body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("not-json", "The body is not declared as JSON"),
        StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "Unavailable at the moment"),
        _ => ("internal", "An internal error"),
    };
    let detail = match status {
        StatusCode::UNAUTHORIZED => "Send a key of your organization: Authorization: Bearer <key>.",
        StatusCode::NOT_FOUND => "There is no such route.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Send Content-Type: application/json.",
        status if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => {
            "See the server's log."
        }
        StatusCode::METHOD_NOT_ALLOWED => "The Allow header names those that are.",
        StatusCode::BAD_REQUEST if said.starts_with("failed to parse path ") => {
            "What stands for a number in the path is not one."
        }
        _ => said.as_str(),
    };
    let mut details = details(status, name, title, detail);
    if let Some(parameter) = unread_parameter(&said) {
        details.detail = format!("{parameter} cannot be read.");
        details.field = Some(parameter.to_owned());
    }
    body(details).into_response()
}

/// The parameter that the framework could not read; its own words name types of this code.
fn unread_parameter(said: &str) -> Option<&str> {
    let (name, _) = said
        .strip_prefix("failed to parse parameter `")?
        .split_once('`')?;
    Some(name)
}
