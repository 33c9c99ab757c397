//! The server, put together.

use std::sync::Arc;

use accrual_api::Context;
use accrual_engine::{Access, Clock, Engine, EngineOptions, Reports, Store};
use anyhow::Context as _;
use poem::Request;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::clock::SystemClock;
use crate::configuration::HttpConfiguration;
use crate::health::{Readiness, with_probes};
use crate::http::accept;
use crate::http::deadline::bounded;
use crate::http::observe::{Hooks, observed};
use crate::http::request_id::RequestId;
use crate::maturing::{self, Timer};
use crate::metrics::Metrics;

/// A database, by what is asked of it.
#[derive(Clone)]
pub struct Opened {
    /// Where the engine keeps its changes.
    pub store: Arc<dyn Store>,
    /// What is read without the engine.
    pub reports: Arc<dyn Reports>,
    /// Organizations and keys.
    pub access: Arc<dyn Access>,
    /// Whether it can be reached.
    pub readiness: Arc<dyn Readiness>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

/// Serves every dialect until `stop`; returns once what was accepted is done.
///
/// # Errors
/// If what was accepted is not done in time.
pub async fn serve(
    listener: TcpListener,
    opened: Opened,
    http: &HttpConfiguration,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    serve_by(Arc::new(SystemClock), listener, opened, http, stop).await
}

/// The same by another clock than the machine's.
///
/// # Errors
/// As of [`serve`].
pub async fn serve_by(
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    opened: Opened,
    http: &HttpConfiguration,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let Opened {
        store,
        reports,
        access,
        readiness,
    } = opened;
    let options = EngineOptions::default();
    let engine = Arc::new(Engine::new(store, clock, options));
    let mut metrics = Metrics::new();
    metrics.watch(Arc::clone(&engine));
    let metrics = Arc::new(metrics);

    // Ends with this function; what it has submitted by then is the lanes'.
    let mut background = JoinSet::new();
    let timer = Timer {
        engine: Arc::clone(&engine),
        reports: Arc::clone(&reports),
        access: Arc::clone(&access),
    };
    background.spawn(timer.run(maturing::INTERVAL));

    let mut context = Context::new(Arc::clone(&engine), reports, access);
    if let Some(limits) = http.rate_limits() {
        context = context.with_rate_limits(limits);
    }
    let dialects = accrual_api::routes(context);
    let probed = with_probes(dialects, Arc::clone(&readiness), Arc::clone(&metrics));
    let endpoint = observed(
        bounded(probed, http.request_timeout.0),
        metrics.requests.clone(),
        hooks(),
    );

    let connections = metrics.connections.clone();
    let within = http.shutdown_timeout.0;
    let stopped = accept::serve(listener, endpoint, http.limits(), connections, stop, within).await;
    if stopped.unfinished > 0 {
        tracing::warn!(
            connections = stopped.unfinished,
            "stopping with requests unanswered"
        );
    }
    background.shutdown().await;
    // What the lanes took is run to its end even if nobody waits for the answer any more.
    tokio::time::timeout(within, engine.shut_down())
        .await
        .context("Stopped although commands that were accepted are not done: send them again")?;
    readiness.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn hooks() -> Hooks {
    Hooks {
        organization: |answer| {
            answer
                .data::<accrual_api::Tenant>()
                .map(|org| org.0.number())
        },
        hand_on: |request: &mut Request, id: &RequestId| {
            request.set_data(accrual_api::RequestId(id.to_string()));
        },
    }
}
