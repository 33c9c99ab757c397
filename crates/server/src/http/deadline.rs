//! The outermost answers: a request that took too long, and a handler that panicked.
//!
//! Both are given in one shape, `{"error": "…"}`, since no dialect is left to be asked.

use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::middleware::CatchPanic;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Result};

const TOO_LONG: &str = "The request took too long. Send it again with the same reference: what was \
                        already recorded is recognised and not recorded twice.";
const BROKEN: &str = "Something went wrong here. Send the request again with the same reference.";

/// Answers 503 after `request_timeout` and 500 after a panic, so that every request is answered.
///
/// Dropping a handler is safe: what writes runs in its organization's lane and finishes there.
pub fn bounded<E: Endpoint + 'static>(
    endpoint: E,
    request_timeout: Duration,
) -> impl Endpoint<Output = Response> + 'static {
    let caught = endpoint.with(
        CatchPanic::new().with_handler(|_| failure(StatusCode::INTERNAL_SERVER_ERROR, BROKEN)),
    );
    Bounded {
        caught,
        request_timeout,
    }
}

struct Bounded<E> {
    caught: E,
    request_timeout: Duration,
}

impl<E: Endpoint<Output = Response>> Endpoint for Bounded<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        match tokio::time::timeout(self.request_timeout, self.caught.call(request)).await {
            Ok(answered) => answered,
            Err(_) => Ok(failure(StatusCode::SERVICE_UNAVAILABLE, TOO_LONG)
                .with_header(header::RETRY_AFTER, "1")
                .into_response()),
        }
    }
}

fn failure(status: StatusCode, sentence: &str) -> Response {
    let body = serde_json::json!({ "error": sentence }).to_string();
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(body)
}
