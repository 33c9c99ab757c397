//! What every dialect's service is wrapped in: its tenant for the log, its shape for errors.

use std::sync::{Arc, OnceLock};

use poem::{
    Endpoint, IntoResponse, Request, Response,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use poem_openapi::{LicenseObject, OpenApi, registry::MetaPath};

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
    pub(crate) methods: Methods,
    pub(crate) say: Say,
}

/// Headers that a request adds to its answer, whatever that is.
#[derive(Clone, Default)]
pub(crate) struct Besides(Arc<OnceLock<Vec<(HeaderName, HeaderValue)>>>);

impl Besides {
    /// The first who says some says all.
    pub(crate) fn set(&self, headers: Vec<(HeaderName, HeaderValue)>) {
        let _ = self.0.set(headers);
    }

    fn add_to(&self, response: &mut Response) {
        let headers = self.0.get().into_iter().flatten();
        response.headers_mut().extend(headers.cloned());
    }
}

/// The methods of each route: the framework does not say which it would have taken.
pub(crate) struct Methods(Vec<(String, Method)>);

impl Methods {
    pub(crate) fn of<T: OpenApi>() -> Self {
        let paths = T::meta().into_iter().flat_map(|api| api.paths);
        let methods = paths.flat_map(|MetaPath { path, operations }| {
            let methods = operations.into_iter().map(|operation| operation.method);
            methods.map(move |method| (path.clone(), method))
        });
        Self(methods.collect())
    }

    /// What `Allow` says for `path`.
    fn allowed(&self, path: &str) -> Option<HeaderValue> {
        let fitting = self.0.iter().filter(|(route, _)| fits(route, path));
        let mut methods: Vec<&str> = fitting.map(|(_, method)| method.as_str()).collect();
        methods.dedup();
        HeaderValue::from_str(&methods.join(", ")).ok()
    }
}

/// Whether `path` is one of `route`, in which `{id}` and `:id` are any one part.
fn fits(route: &str, path: &str) -> bool {
    let (parts, given) = (route.split('/'), path.split('/'));
    parts.clone().count() == given.clone().count()
        && parts
            .zip(given)
            .all(|(part, given)| part.starts_with(['{', ':']) || part == given)
}

impl<E: Endpoint> Endpoint for Shaped<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let slot = TenantSlot::default();
        let path = request.uri().path().to_owned();
        request.set_data(self.context.clone());
        let besides = Besides::default();
        request.set_data(slot.clone());
        request.set_data(besides.clone());
        let response = match self.service.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => error.into_response(),
        };
        let mut response = self.reshaped(response).await;
        besides.add_to(&mut response);
        if response.status() == StatusCode::METHOD_NOT_ALLOWED
            && let Some(allowed) = self.methods.allowed(&path)
        {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            let second = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, second);
        }
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
        let words = response.into_body().into_string().await.unwrap_or_default();
        let mut shaped = (self.say)(status, words);
        shaped.set_status(status);
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            shaped
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        shaped
    }
}
