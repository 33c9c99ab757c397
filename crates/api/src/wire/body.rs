//! Bodies: read whole, within the limits that the server sets, and written straight.

use std::error::Error as StdError;

use bytes::Bytes;
use http_body_util::LengthLimitError;
use poem::{IntoResponse, Request, RequestBody, Response, error::ResponseError, http::StatusCode};
use poem_openapi::{
    impl_apirequest_for_payload,
    payload::{ParsePayload, Payload},
    registry::{MetaSchemaRef, Registry},
    types::{MaybeUndefined, Type},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as DeserializeError, IgnoredAny},
};
use serde_json::{error::Category, value::RawValue};

/// Why a body was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    /// It is larger than the server allows.
    #[error("The body is too large.")]
    TooLarge,
    /// It did not come in time.
    #[error("The body did not arrive in time.")]
    TooSlow,
    /// The connection broke.
    #[error("The body could not be read.")]
    Broken,
    /// It is not JSON.
    #[error("The body is not valid JSON: {0}.")]
    Malformed(serde_json::Error),
    /// It is JSON, but an array, a number and the like.
    #[error("The body must be a JSON object.")]
    NotAnObject,
    /// It is an object with a field that is unknown, there twice, or not what it must be.
    #[error("The body cannot be taken: {0}.")]
    Misshapen(serde_json::Error),
}

impl ResponseError for Rejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken | Self::Malformed(_) | Self::NotAnObject | Self::Misshapen(_) => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

/// A JSON body that was sent.
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) value: T,
    /// How it says it.
    pub(crate) bytes: Bytes,
}

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
            || (essence.starts_with("application/") && essence.ends_with("+json"))
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let body = body.take()?;
        let bytes = body.into_bytes().await.map_err(|error| unread(&error))?;
        let value = object(&bytes)?;
        Ok(Self { value, bytes })
    }
}

impl_apirequest_for_payload!(Body<T>, T: Type + DeserializeOwned);

/// Reads an object. serde alone would take an array for one, its values by their places.
fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, Rejection> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return Err(match serde_json::from_slice::<IgnoredAny>(json) {
            Ok(_) => Rejection::NotAnObject,
            Err(error) => Rejection::Malformed(error),
        });
    }
    serde_json::from_slice(json).map_err(|error| match error.classify() {
        Category::Data => Rejection::Misshapen(error),
        Category::Io | Category::Syntax | Category::Eof => Rejection::Malformed(error),
    })
}

/// Reads an object within a body; serde alone would take an array for it, too.
pub(crate) fn optional_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let given: Option<Box<RawValue>> = Option::deserialize(deserializer)?;
    given.map(|json| nested(&json)).transpose()
}

/// Reads an array of objects within a body.
pub(crate) fn optional_objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let given: Option<Vec<Box<RawValue>>> = Option::deserialize(deserializer)?;
    let read = |all: Vec<Box<RawValue>>| all.iter().map(|json| nested(json)).collect();
    given.map(read).transpose()
}

/// The same where `null` is not the same as nothing.
pub(crate) fn maybe_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<MaybeUndefined<T>, D::Error> {
    optional_object(deserializer).map(MaybeUndefined::from_opt_null)
}

/// The same where `null` is not the same as nothing.
pub(crate) fn maybe_objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<MaybeUndefined<Vec<T>>, D::Error> {
    optional_objects(deserializer).map(MaybeUndefined::from_opt_null)
}

fn nested<T: DeserializeOwned, E: DeserializeError>(json: &RawValue) -> Result<T, E> {
    if !json.get().starts_with('{') {
        return Err(E::custom("an object is needed here"));
    }
    serde_json::from_str(json.get()).map_err(E::custom)
}

/// Finds out what kept a body from being read: the server's limits tell by their error.
fn unread(error: &(dyn StdError + 'static)) -> Rejection {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Rejection::TooLarge;
        }
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return Rejection::TooSlow;
        }
        // An `io::Error` names the cause of what it wraps as its source, not what it wraps.
        cause = match io.and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    Rejection::Broken
}

/// A JSON body that is answered.
pub(crate) struct Reply<T>(pub(crate) T);

impl<T: Type> Payload for Reply<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(json) => Response::builder()
                .content_type("application/json")
                .body(json),
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
