//! `accrual serve`: the server.

use std::io::Write;

use clap::Args;

use crate::configuration::{
    Configuration, DatabaseSettings, HttpSettings, LogSettings, Settings, Source,
};
use crate::http::accept;
use crate::{database, serving, shutdown, telemetry};

/// Serve HTTP until SIGTERM or Ctrl-C
///
/// The schema of the database is brought up to date first, by one server at a time. On SIGTERM and
/// Ctrl-C nothing more is accepted, what was accepted is finished, and the server ends.
///
/// /healthz answers as long as the process lives; /readyz once requests can be answered, 503 while
/// the database is away or its schema is another; /metrics is for Prometheus. None of them needs a
/// key: keep them from the public where a proxy stands in front. TLS is the proxy's, too.
#[derive(Args, Debug)]
#[command(after_long_help = AFTER_LONG_HELP)]
pub struct Serve {
    /// Print the settings that are in effect, as a file for --config, and end
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    http: HttpSettings,
    #[command(flatten)]
    log: LogSettings,
}

const AFTER_LONG_HELP: &str = "\
Times are written 250ms, 10s or 2m; sizes 65536, 64KiB or 1MiB.

A file for --config has the same names, in sections:
  [database]
  url = \"postgres://accrual@db/accrual\"
  [http]
  listen = \"0.0.0.0:8080\"
  max_connections = 4096
  request_timeout = \"15s\"
  [log]
  format = \"json\"";

impl Serve {
    pub(crate) fn run(self, source: &Source) -> anyhow::Result<()> {
        let Self {
            database,
            http,
            log,
            print_config,
        } = self;
        let configuration = Configuration::load(
            Settings {
                database,
                http,
                log,
            },
            source,
        )?;
        if print_config {
            write!(std::io::stdout(), "{}", configuration.to_toml()?)?;
            return Ok(());
        }
        let _logging = telemetry::start(&configuration.log)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(configuration.http.workers)
            .enable_all()
            .build()?;
        runtime.block_on(serve(&configuration))
    }
}

async fn serve(configuration: &Configuration) -> anyhow::Result<()> {
    // First, so that a port in use is said before a database is made.
    let listener = accept::listen(configuration.http.listen).await?;
    let stop = shutdown::requested()?;
    let opened = database::open(&configuration.database).await?;
    tracing::info!(
        address = %listener.local_addr()?,
        database = %configuration.database.url,
        "serving"
    );
    serving::serve(listener, opened, &configuration.http, stop).await
}
