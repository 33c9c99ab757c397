//! What the engine counts of itself.

use std::fmt;
use std::sync::Arc;

use accrual_engine::Engine;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Reads an engine's statistics whenever the metrics are asked for.
#[derive(Debug)]
pub(crate) struct EngineCollector(pub(crate) Arc<Engine>);

impl Collector for EngineCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let statistics = self.0.statistics();
        let counters = [
            (
                "engine_batches",
                "Batches of commands, each one transaction",
                statistics.batches,
            ),
            ("engine_commands", "Commands run", statistics.commands),
            (
                "engine_unavailable",
                "Commands that could not be run or kept",
                statistics.unavailable,
            ),
        ];
        for (name, help, value) in counters {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        let lanes = ConstGauge::new(i64::try_from(statistics.lanes).unwrap_or(i64::MAX));
        let help = "Organizations whose commands are taking turns now";
        lanes.encode(encoder.encode_descriptor("engine_lanes", help, None, lanes.metric_type())?)
    }
}
