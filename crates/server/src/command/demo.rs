//! `accrual demo`: a server with an example in it, which tells what it does.

mod key_file;
mod set_up;
mod story;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::configuration::{
    Configuration, DatabaseSettings, HttpSettings, LogSettings, Settings, Source,
};
use crate::http::accept;
use crate::http::client::Client;
use crate::serving::Opened;
use crate::{database, serving, shutdown, telemetry};

/// Show what Accrual does: a server with an example, in a folder of its own
///
/// Makes an organization with a program that pays 5 % of a sale's total and two affiliates in it,
/// starts a server, reports a sale to it over HTTP, and prints the request, the answer and the
/// reasons for the decision. Then it goes on serving, with lines to paste into a second terminal.
///
/// Started again, it finds what it left: the same sale is recognised and not counted twice.
/// Delete the folder to start afresh.
#[derive(Args, Debug)]
#[command(after_help = "Example: accrual demo --listen 127.0.0.1:9000")]
pub struct Demo {
    /// The folder that everything is kept in
    #[arg(long, value_name = "DIR", default_value = "accrual-demo")]
    data: PathBuf,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let configuration = self.configuration()?;
        let _logging = telemetry::start(&configuration.log)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.demonstrate(&configuration))
    }

    /// Everything by default but the place: a variable meant for a real server changes nothing.
    fn configuration(&self) -> anyhow::Result<Configuration> {
        let database = DatabaseSettings {
            data: Some(self.data.clone()),
            ..Default::default()
        };
        let http = HttpSettings {
            listen: Some(self.listen),
            shutdown_timeout: Some(crate::configuration::Span(Duration::from_secs(5))),
            ..Default::default()
        };
        let log = LogSettings {
            level: Some("warn".to_owned()),
            ..Default::default()
        };
        Configuration::load(
            Settings {
                database,
                http,
                log,
            },
            &Source::default(),
        )
    }

    async fn demonstrate(&self, configuration: &Configuration) -> anyhow::Result<()> {
        let listener = accept::listen(self.listen).await?;
        let address = reachable(&listener)?;
        let opened = database::open(&configuration.database).await?;
        let organization = set_up::organization(&*opened.access).await?;
        set_up::program(&opened, organization).await?;
        let folder = std::fs::canonicalize(&self.data).context("The folder cannot be found")?;
        let key = key_file::key(&*opened.access, organization, &folder).await?;

        let client = Client::new(address, key.reveal().to_owned());
        let told = async { story::tell(&client, address, &folder, &mut std::io::stdout()).await };
        serve_while(listener, opened, configuration, told).await
    }
}

/// Serves until a signal comes, or `story` fails.
async fn serve_while(
    listener: TcpListener,
    opened: Opened,
    configuration: &Configuration,
    story: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let signal = shutdown::requested()?;
    let (fail, failed) = oneshot::channel();
    let told = async {
        let told = story.await;
        if told.is_err() {
            // Nobody listens only if the server has stopped already.
            let _ = fail.send(());
        } else {
            std::future::pending::<()>().await;
        }
        told
    };
    let stop = async {
        tokio::select! {
            () = signal => {}
            Ok(()) = failed => {}
        }
    };
    let served = serving::serve(listener, opened, &configuration.http, stop);
    tokio::pin!(told, served);
    tokio::select! {
        served = &mut served => served,
        told = &mut told => served.await.and(told),
    }
}

/// The address by which this machine reaches the listener.
fn reachable(listener: &TcpListener) -> anyhow::Result<SocketAddr> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        let loopback = if address.is_ipv4() {
            [127, 0, 0, 1].into()
        } else {
            [0, 0, 0, 0, 0, 0, 0, 1].into()
        };
        address.set_ip(loopback);
    }
    Ok(address)
}
