//! What a server is told: by a flag, else by the environment, else by a file, else by default.

mod database_url;
mod settings;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use accrual_api::RateLimits;
use anyhow::Context;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

pub use database_url::DatabaseUrl;
pub use settings::{DatabaseSettings, HttpSettings, LogSettings, Settings, Source};
pub use values::{ByteSize, Span};

use crate::http::limits::Limits;

/// Everything, decided.
#[derive(Clone, Debug, Serialize)]
pub struct Configuration {
    /// Where things are kept.
    pub database: DatabaseConfiguration,
    /// How HTTP is spoken.
    pub http: HttpConfiguration,
    /// What is logged.
    pub log: LogConfiguration,
}

/// Where things are kept.
#[derive(Clone, Debug, Serialize)]
pub struct DatabaseConfiguration {
    /// The folder of files that the server keeps itself.
    pub data: PathBuf,
    /// Which database.
    pub url: DatabaseUrl,
    /// Whether the schema is only checked at the start, not brought up to date.
    pub no_migrate: bool,
}

/// How HTTP is spoken.
#[derive(Clone, Debug, Serialize)]
pub struct HttpConfiguration {
    /// The address that is listened on.
    pub listen: SocketAddr,
    /// See [`Limits::connections`].
    pub max_connections: usize,
    /// See [`Limits::header_timeout`].
    pub header_timeout: Span,
    /// See [`Limits::body_timeout`].
    pub body_timeout: Span,
    /// See [`Limits::request_timeout`].
    pub request_timeout: Span,
    /// See [`Limits::keep_alive`].
    pub keep_alive: Span,
    /// How long accepted requests may take to finish once the server is asked to stop.
    pub shutdown_timeout: Span,
    /// See [`Limits::body_bytes`].
    pub max_body: ByteSize,
    /// Whether the rate limits are imposed that vendors document.
    pub rate_limits: bool,
    /// How many requests a key may send within an hour, if they are.
    pub requests_per_hour: u32,
    /// Threads that handle requests; by default one for each processor.
    pub workers: usize,
}

/// What is logged.
#[derive(Clone, Debug, Serialize)]
pub struct LogConfiguration {
    /// How a line looks.
    pub format: LogFormat,
    /// The least level that is logged, or a filter such as `info,accrual=debug`.
    pub level: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Configuration {
    /// Decides from flags and environment, which clap has merged, and the file that they name.
    ///
    /// # Errors
    /// If the file cannot be read or understood, or a setting is out of range.
    pub fn load(given: Settings, source: &Source) -> anyhow::Result<Self> {
        let file = match &source.config {
            Some(path) => Settings::read(path)?,
            None => Settings::default(),
        };
        Self::decide(given.or(file))
    }

    fn decide(settings: Settings) -> anyhow::Result<Self> {
        let Settings {
            database,
            http,
            log,
        } = settings;
        Ok(Self {
            database: DatabaseConfiguration::decide(database)?,
            http: HttpConfiguration::decide(http)?,
            log: LogConfiguration::decide(log),
        })
    }

    /// As a file that would say the same; the password of a database is left out.
    ///
    /// # Errors
    /// If a path is not text.
    pub fn to_toml(&self) -> anyhow::Result<String> {
        toml::to_string(self).context("The configuration cannot be written as TOML")
    }
}

impl DatabaseConfiguration {
    fn decide(settings: DatabaseSettings) -> anyhow::Result<Self> {
        let data = settings.data.unwrap_or_else(|| "accrual-data".into());
        let url = match settings.url.filter(|url| !url.is_empty()) {
            Some(url) => DatabaseUrl::parse(&url)?,
            None => DatabaseUrl::embedded(&data)?,
        };
        Ok(Self {
            data,
            url,
            no_migrate: settings.no_migrate.unwrap_or(false),
        })
    }
}

impl HttpConfiguration {
    fn decide(settings: HttpSettings) -> anyhow::Result<Self> {
        let default = Limits::default();
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let decided = Self {
            listen: settings
                .listen
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            max_connections: settings.max_connections.unwrap_or(default.connections),
            header_timeout: settings
                .header_timeout
                .unwrap_or(Span(default.header_timeout)),
            body_timeout: settings.body_timeout.unwrap_or(Span(default.body_timeout)),
            request_timeout: settings
                .request_timeout
                .unwrap_or(Span(default.request_timeout)),
            keep_alive: settings.keep_alive.unwrap_or(Span(default.keep_alive)),
            shutdown_timeout: settings
                .shutdown_timeout
                .unwrap_or(Span(Duration::from_secs(30))),
            max_body: settings.max_body.unwrap_or(ByteSize(default.body_bytes)),
            rate_limits: settings.rate_limits.unwrap_or(false),
            requests_per_hour: settings.requests_per_hour.unwrap_or(40),
            workers: settings.workers.unwrap_or_else(processors),
        };
        for (name, number) in [
            ("max_connections", decided.max_connections),
            ("workers", decided.workers),
        ] {
            anyhow::ensure!(
                (1..=100_000).contains(&number),
                "{name} must be from 1 to 100000."
            );
        }
        anyhow::ensure!(
            (1..=1_000_000).contains(&decided.requests_per_hour),
            "requests_per_hour must be from 1 to 1000000."
        );
        Ok(decided)
    }

    /// The limits that are imposed on keys, if any are.
    #[must_use]
    pub fn rate_limits(&self) -> Option<RateLimits> {
        self.rate_limits.then_some(RateLimits {
            requests_per_hour: self.requests_per_hour,
        })
    }

    /// The bounds of the accept loop.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            connections: self.max_connections,
            header_timeout: self.header_timeout.0,
            body_timeout: self.body_timeout.0,
            request_timeout: self.request_timeout.0,
            keep_alive: self.keep_alive.0,
            body_bytes: self.max_body.0,
        }
    }
}

impl LogConfiguration {
    fn decide(settings: LogSettings) -> Self {
        Self {
            format: settings.format.unwrap_or(LogFormat::Text),
            level: settings.level.unwrap_or_else(|| "info".to_owned()),
        }
    }
}
