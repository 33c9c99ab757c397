//! One log line and one count a request, and its id in and out.
//!
//! A line names the route's template, never the path, a header or a body: those hold customers and
//! keys.

use std::sync::Arc;
use std::time::Instant;

use poem::http::StatusCode;
use poem::{Endpoint, IntoResponse, PathPattern, Request, Response, Result};

use crate::http::request_id::{self, RequestId};
use crate::metrics::{InFlight, RequestLabels, RequestMetrics};

/// Requests that machines make every few seconds; logged at debug.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// What is known about a request only by who answers it.
#[derive(Clone, Copy, Debug)]
pub struct Hooks {
    /// The organization whose key the request brought, from what the answer carries.
    pub organization: fn(&Response) -> Option<i64>,
    /// Gives the request's id to the handler, in whichever form it looks for.
    pub hand_on: fn(&mut Request, &RequestId),
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            organization: |_| None,
            hand_on: |_, _| {},
        }
    }
}

/// `endpoint`, logged and counted.
pub fn observed<E: Endpoint + 'static>(
    endpoint: E,
    metrics: RequestMetrics,
    hooks: Hooks,
) -> impl Endpoint<Output = Response> + 'static {
    Observed {
        endpoint,
        metrics,
        hooks,
    }
}

struct Observed<E> {
    endpoint: E,
    metrics: RequestMetrics,
    hooks: Hooks,
}

impl<E: Endpoint> Endpoint for Observed<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let id = RequestId::of(request.headers());
        (self.hooks.hand_on)(&mut request, &id);
        let mut line = Line::begin(method_label(&request), id.clone(), &self.metrics);
        let mut response = match self.endpoint.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => error.into_response(),
        };
        line.status = Some(response.status());
        line.organization = (self.hooks.organization)(&response);
        line.route = response
            .data::<PathPattern>()
            .map(|pattern| Arc::clone(&pattern.0));
        if let Some(value) = id.to_header() {
            response.headers_mut().insert(request_id::HEADER, value);
        }
        Ok(response)
    }
}

/// The line of one request, written when it is dropped: also when its client leaves before the
/// answer, which drops the handler.
struct Line<'a> {
    method: &'static str,
    id: RequestId,
    started: Instant,
    metrics: &'a RequestMetrics,
    status: Option<StatusCode>,
    organization: Option<i64>,
    route: Option<Arc<str>>,
    _in_flight: InFlight,
}

impl<'a> Line<'a> {
    fn begin(method: &'static str, id: RequestId, metrics: &'a RequestMetrics) -> Self {
        Self {
            method,
            id,
            started: Instant::now(),
            metrics,
            status: None,
            organization: None,
            route: None,
            _in_flight: metrics.began(),
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        // poem's pattern is empty where only the catch-all matched.
        let route = self.route.take().filter(|route| !route.is_empty());
        let route = route.unwrap_or_else(|| "-".into());
        let elapsed = self.started.elapsed();
        self.metrics.ended(
            RequestLabels {
                method: self.method,
                route: Arc::clone(&route),
                status: status_class(self.status),
            },
            elapsed,
        );
        let status = self.status.map(|status| status.as_u16());
        let duration_ms = elapsed.as_secs_f64() * 1000.0;
        macro_rules! line {
            ($level:ident, $text:literal) => {
                tracing::$level!(
                    target: "accrual::request",
                    method = self.method,
                    route = &*route,
                    status,
                    duration_ms,
                    organization = self.organization,
                    request_id = self.id.as_str(),
                    $text
                )
            };
        }
        match status {
            None => line!(info, "the client left before the answer"),
            Some(500..) => line!(warn, "answered"),
            Some(_) if PROBES.contains(&&*route) => line!(debug, "answered"),
            Some(_) => line!(info, "answered"),
        }
    }
}

/// A closed set: whatever a client calls its method, it cannot add a label.
fn method_label(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

fn status_class(status: Option<StatusCode>) -> &'static str {
    match status.map(|status| status.as_u16()) {
        Some(..200) => "1xx",
        Some(200..300) => "2xx",
        Some(300..400) => "3xx",
        Some(400..500) => "4xx",
        Some(500..) => "5xx",
        None => "left",
    }
}
