//! `/healthz`, `/readyz` and `/metrics`: for those who run the server, without a key.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, Response, Route, get};

use crate::metrics::Metrics;

/// How long the answer to `/readyz` may take; whoever asks has a timeout too.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether requests can be answered now.
#[async_trait]
pub trait Readiness: Send + Sync + 'static {
    /// # Errors
    /// One sentence that says what is missing; it is shown to whoever asks.
    async fn check(&self) -> Result<(), String>;

    /// Lets go of what it needs, once nothing more is asked of it.
    async fn close(&self) {}
}

/// What needs nothing but itself, such as a store in memory.
#[derive(Clone, Copy, Debug)]
pub struct AlwaysReady;

#[async_trait]
impl Readiness for AlwaysReady {
    async fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// `endpoint` at every path but those three.
pub fn with_probes<E: Endpoint + 'static>(
    endpoint: E,
    readiness: Arc<dyn Readiness>,
    metrics: Arc<Metrics>,
) -> impl Endpoint<Output = Response> + 'static {
    Route::new()
        .at("/healthz", get(poem::endpoint::make_sync(|_| "ok\n")))
        .at(
            "/readyz",
            get(poem::endpoint::make(move |_| ready(Arc::clone(&readiness)))),
        )
        .at(
            "/metrics",
            get(poem::endpoint::make_sync(move |_| exposition(&metrics))),
        )
        .nest_no_strip("/", endpoint)
        .map_to_response()
}

async fn ready(readiness: Arc<dyn Readiness>) -> Response {
    let verdict = match tokio::time::timeout(PATIENCE, readiness.check()).await {
        Ok(verdict) => verdict,
        Err(_) => Err(format!("The database did not answer within {PATIENCE:?}.")),
    };
    let (status, sentence) = match verdict {
        Ok(()) => (StatusCode::OK, "ready".to_owned()),
        Err(sentence) => (StatusCode::SERVICE_UNAVAILABLE, sentence),
    };
    Response::builder()
        .status(status)
        .content_type("text/plain")
        .body(format!("{sentence}\n"))
}

fn exposition(metrics: &Metrics) -> Response {
    Response::builder()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(metrics.text())
}
