//! What is counted, as Prometheus text.
//!
//! Every label has a closed set of values, so that no client can make the text grow.

mod engine;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use accrual_engine::Engine;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use self::engine::EngineCollector;

/// The upper bounds of the latency histogram, in seconds.
const LATENCY_SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// All of it.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// About requests.
    pub requests: RequestMetrics,
    /// About connections.
    pub connections: ConnectionMetrics,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Everything at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("accrual");
        let version = ("version", env!("CARGO_PKG_VERSION"));
        registry.register("build", "Which build is running", Info::new(vec![version]));
        let requests = RequestMetrics::registered(&mut registry);
        let connections = ConnectionMetrics::registered(&mut registry);
        Self {
            registry,
            requests,
            connections,
        }
    }

    /// Counts, from now on, what `engine` does.
    pub fn watch(&mut self, engine: Arc<Engine>) {
        self.registry
            .register_collector(Box::new(EngineCollector(engine)));
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String fails only if a metric's own encoding does; then what was written
        // before it is still worth having.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Which kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The method, or `OTHER`.
    pub method: &'static str,
    /// The route's template, such as `/v1/conversions/:id`; `-` where none matched.
    pub route: Arc<str>,
    /// The class of the status, such as `2xx`; `left` if the client left before the answer.
    pub status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LatencyLabels {
    method: &'static str,
    route: Arc<str>,
}

/// What is counted about requests.
#[derive(Clone, Debug)]
pub struct RequestMetrics {
    ended: Family<RequestLabels, Counter>,
    seconds: Family<LatencyLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

impl RequestMetrics {
    fn registered(registry: &mut Registry) -> Self {
        let latency: fn() -> Histogram = || Histogram::new(LATENCY_SECONDS);
        let metrics = Self {
            ended: Family::default(),
            seconds: Family::new_with_constructor(latency),
            in_flight: Gauge::default(),
        };
        registry.register(
            "http_requests",
            "Requests that ended",
            metrics.ended.clone(),
        );
        let help = "From the end of a request's head to the beginning of its answer";
        registry.register("http_request_seconds", help, metrics.seconds.clone());
        let help = "Requests being handled now";
        registry.register("http_requests_in_flight", help, metrics.in_flight.clone());
        metrics
    }

    /// Counts a request until the guard is dropped.
    #[must_use]
    pub fn began(&self) -> InFlight {
        InFlight::of(&self.in_flight)
    }

    /// Counts a request's end.
    pub fn ended(&self, labels: RequestLabels, elapsed: Duration) {
        let latency = LatencyLabels {
            method: labels.method,
            route: Arc::clone(&labels.route),
        };
        self.seconds
            .get_or_create(&latency)
            .observe(elapsed.as_secs_f64());
        self.ended.get_or_create(&labels).inc();
    }
}

/// What is counted about connections.
#[derive(Clone, Debug)]
pub struct ConnectionMetrics {
    accepted: Counter,
    at_capacity: Counter,
    accept_failed: Counter,
    open: Gauge,
}

impl ConnectionMetrics {
    fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            accepted: Counter::default(),
            at_capacity: Counter::default(),
            accept_failed: Counter::default(),
            open: Gauge::default(),
        };
        registry.register(
            "connections_accepted",
            "Connections",
            metrics.accepted.clone(),
        );
        let help = "Times that nothing was accepted because the cap of connections was reached";
        registry.register("connections_at_capacity", help, metrics.at_capacity.clone());
        let help = "Times that accepting a connection failed, as for want of file descriptors";
        registry.register(
            "connections_accept_failed",
            help,
            metrics.accept_failed.clone(),
        );
        registry.register(
            "connections_open",
            "Connections open now",
            metrics.open.clone(),
        );
        metrics
    }

    /// Counts a connection; as open until the guard is dropped.
    #[must_use]
    pub fn opened(&self) -> InFlight {
        self.accepted.inc();
        InFlight::of(&self.open)
    }

    /// Counts that a client has to wait for another to leave.
    pub fn at_capacity(&self) {
        self.at_capacity.inc();
    }

    /// Counts an error of accept.
    pub fn accept_failed(&self) {
        self.accept_failed.inc();
    }
}

/// One of what a gauge counts, until it is dropped.
#[derive(Debug)]
pub struct InFlight(Gauge<i64, AtomicI64>);

impl InFlight {
    fn of(gauge: &Gauge<i64, AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
