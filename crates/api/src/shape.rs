//! What every dialect's service is wrapped in: its tenant for the log, its shape for errors.

use std::sync::Arc;

use poem::{Endpoint, IntoResponse, Request, Response, http::StatusCode};
use poem_openapi::LicenseObject;

use crate::{Context, access::TenantSlot};

/// The licence that every spec names.
pub(crate) fn license() -> LicenseObject {
    // `identifier` is of OpenAPI 3.1, and the specs are 3.0.
    LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/")
}

/// How a dialect says what none of its operations said: unknown routes, bad JSON, missing keys.
pub(crate) type Say = fn(StatusCode, String) -> Response;

/// A dialect's service, with what its operations need, answering in its own shape throughout.
pub(crate) struct Shaped<E> {
    pub(crate) service: E,
    pub(crate) context: Arc<Context>,
    pub(crate) say: Say,
}

impl<E: Endpoint> Endpoint for Shaped<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let slot = TenantSlot::default();
        request.set_data(self.context.clone());
        request.set_data(slot.clone());
        let response = match self.service.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => error.into_response(),
        };
        let mut response = self.reshaped(response).await;
        if let Some(tenant) = slot.tenant() {
            response.extensions_mut().insert(tenant);
        }
        Ok(response)
    }
}

impl<E> Shaped<E> {
    /// Operations answer in JSON; any other error is the framework's, in plain text.
    async fn reshaped(&self, response: Response) -> Response {
        let status = response.status();
        let is_ours = response
            .content_type()
            .is_some_and(|content| content.contains("json"));
        if is_ours || status.is_success() {
            return response;
        }
        let allow = response.headers().get(poem::http::header::ALLOW).cloned();
        let words = response.into_body().into_string().await.unwrap_or_default();
        let mut shaped = (self.say)(status, words);
        shaped.set_status(status);
        if let Some(allow) = allow {
            shaped
                .headers_mut()
                .insert(poem::http::header::ALLOW, allow);
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = poem::http::HeaderValue::from_static("Bearer");
            shaped
                .headers_mut()
                .insert(poem::http::header::WWW_AUTHENTICATE, challenge);
        }
        shaped
    }
}
