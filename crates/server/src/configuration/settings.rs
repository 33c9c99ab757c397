//! What may be set, each as a flag, a variable of the environment and a key of the file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Deserialize;

use crate::configuration::{ByteSize, LogFormat, Span};

/// Where further settings are.
#[derive(Args, Clone, Debug, Default)]
pub struct Source {
    /// A TOML file with further settings: [database], [http] and [log]
    #[arg(long, env = "ACCRUAL_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// Everything that may be set. None: not set here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `[database]`
    pub database: DatabaseSettings,
    /// `[http]`
    pub http: HttpSettings,
    /// `[log]`
    pub log: LogSettings,
}

/// Where things are kept.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// The folder of the embedded database [default: accrual-data]
    #[arg(long, env = "ACCRUAL_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// sqlite:PATH or postgres://… [default: accrual.db in the data folder]
    #[arg(
        long = "database-url",
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub url: Option<String>,

    /// Only check that the schema is current; do not bring it up to date
    #[arg(
        long, env = "ACCRUAL_NO_MIGRATE", value_name = "BOOL",
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    pub no_migrate: Option<bool>,
}

/// How HTTP is spoken.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "HTTP")]
pub struct HttpSettings {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "ACCRUAL_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Connections served at once; more wait to be accepted [default: 1024]
    #[arg(long, env = "ACCRUAL_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,

    /// How long the head of a request may take, from its first byte [default: 10s]
    #[arg(long, env = "ACCRUAL_HEADER_TIMEOUT", value_name = "TIME")]
    pub header_timeout: Option<Span>,

    /// How long the body of a request may take, from the end of its head [default: 10s]
    #[arg(long, env = "ACCRUAL_BODY_TIMEOUT", value_name = "TIME")]
    pub body_timeout: Option<Span>,

    /// How long a request may take altogether, from the end of its head [default: 30s]
    #[arg(long, env = "ACCRUAL_REQUEST_TIMEOUT", value_name = "TIME")]
    pub request_timeout: Option<Span>,

    /// How long a connection may be idle between two requests [default: 75s]
    #[arg(long, env = "ACCRUAL_KEEP_ALIVE", value_name = "TIME")]
    pub keep_alive: Option<Span>,

    /// How long accepted requests may take to finish when the server stops [default: 30s]
    #[arg(long, env = "ACCRUAL_SHUTDOWN_TIMEOUT", value_name = "TIME")]
    pub shutdown_timeout: Option<Span>,

    /// The largest body of a request [default: 1MiB]
    #[arg(long, env = "ACCRUAL_MAX_BODY", value_name = "SIZE")]
    pub max_body: Option<ByteSize>,

    /// Impose the rate limits that a vendor documents for the API that is spoken in its words
    /// [default: false]
    #[arg(
        long, env = "ACCRUAL_RATE_LIMITS", value_name = "BOOL",
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    pub rate_limits: Option<bool>,

    /// Requests that a key may send within an hour, with --rate-limits [default: 40]
    #[arg(long, env = "ACCRUAL_REQUESTS_PER_HOUR", value_name = "NUMBER")]
    pub requests_per_hour: Option<u32>,

    /// Threads that handle requests [default: one for each processor]
    #[arg(long, env = "ACCRUAL_WORKERS", value_name = "NUMBER")]
    pub workers: Option<usize>,
}

/// What is logged.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Logs")]
pub struct LogSettings {
    /// How a line looks [default: text]
    #[arg(long = "log-format", env = "ACCRUAL_LOG_FORMAT", value_name = "FORMAT")]
    pub format: Option<LogFormat>,

    /// error, warn, info, debug or trace; or a filter such as info,accrual=debug [default: info]
    #[arg(long = "log-level", env = "ACCRUAL_LOG_LEVEL", value_name = "LEVEL")]
    pub level: Option<String>,
}

impl Settings {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// If it cannot be read, is not TOML, or has a key or a value that is not known.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("The file {} cannot be read", path.display()))?;
        toml::from_str(&text).map_err(|error| {
            let before = error
                .span()
                .and_then(|span| text.get(..span.start))
                .unwrap_or_default();
            anyhow::anyhow!(
                "The file {} cannot be understood: line {}: {}",
                path.display(),
                before.matches('\n').count() + 1,
                error.message()
            )
        })
    }

    /// Each setting of these, or else of `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            database: DatabaseSettings {
                data: self.database.data.or(other.database.data),
                url: self
                    .database
                    .url
                    .filter(|url| !url.is_empty())
                    .or(other.database.url),
                no_migrate: self.database.no_migrate.or(other.database.no_migrate),
            },
            http: self.http.or(other.http),
            log: LogSettings {
                format: self.log.format.or(other.log.format),
                level: self.log.level.or(other.log.level),
            },
        }
    }
}

impl HttpSettings {
    fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            max_connections: self.max_connections.or(other.max_connections),
            header_timeout: self.header_timeout.or(other.header_timeout),
            body_timeout: self.body_timeout.or(other.body_timeout),
            request_timeout: self.request_timeout.or(other.request_timeout),
            keep_alive: self.keep_alive.or(other.keep_alive),
            shutdown_timeout: self.shutdown_timeout.or(other.shutdown_timeout),
            max_body: self.max_body.or(other.max_body),
            rate_limits: self.rate_limits.or(other.rate_limits),
            requests_per_hour: self.requests_per_hour.or(other.requests_per_hour),
            workers: self.workers.or(other.workers),
        }
    }
}
