//! The server that is measured, with one organization to which sales are reported.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::sales::{self, Sales};
use crate::{
    http::Client,
    load::{self, Plan, Span, Tally},
    scratch::Scratch,
    server::{self, Server},
};

/// A server over a database of its own.
#[derive(Debug)]
pub(super) struct Stand {
    server: Server,
    url: String,
    key: String,
    /// Where the server's log is.
    folder: Scratch,
    /// References below this number are recorded.
    recorded: u64,
    /// Of every sale: one day's totals meet on one row.
    occurred_at: String,
}

impl Stand {
    /// Starts a server over the empty database at `url`, with an organization.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) fn open(url: &str) -> Result<Self> {
        let folder = Scratch::new()?;
        let server = Server::start(url, folder.path())?;
        Ok(Self {
            server,
            url: url.to_owned(),
            key: server::create_organization(url, "Bench", "USD")?,
            folder,
            recorded: 0,
            occurred_at: OffsetDateTime::now_utc().format(&Rfc3339)?,
        })
    }

    /// Makes a program of 5 % and all whom the sales are credited to.
    ///
    /// # Errors
    /// If the server refuses.
    pub(super) fn set_up(&self) -> Result<()> {
        let terms =
            json!({ "name": "Bench", "currency": "USD", "incentives": [{ "percent": "5" }] });
        let client = Client {
            address: self.server.address(),
            key: self.key.clone(),
        };
        let make = |path, what: Value| anyhow::Ok(client.make(path, &what)?["id"].clone());
        let program = make("/programs", terms)?;
        for number in 0..sales::TAGS {
            let tag = sales::tag(number);
            let affiliate = make("/affiliates", json!({ "name": tag }))?;
            let enrollment =
                json!({ "affiliate_id": affiliate, "program_id": program, "tag": tag });
            make("/enrollments", enrollment)?;
        }
        Ok(())
    }

    /// Reports sales that are new.
    ///
    /// # Errors
    /// If any answer is not that the sale is recorded now.
    pub(super) fn report_new(&mut self, connections: usize, span: Span) -> Result<Tally> {
        let sales = Sales::new(&self.key, &self.occurred_at, self.recorded);
        let tally = load::run(&self.plan(connections, span), sales)?;
        self.recorded += tally.answers;
        Ok(tally)
    }

    /// Reports sales again that are recorded.
    ///
    /// # Errors
    /// If any answer is not that the sale is recorded already.
    pub(super) fn report_again(&self, connections: usize, span: Span) -> Result<Tally> {
        let sales = Sales::replays(&self.key, &self.occurred_at, self.recorded);
        load::run(&self.plan(connections, span), sales)
    }

    fn plan(&self, connections: usize, span: Span) -> Plan {
        Plan {
            address: self.server.address(),
            connections,
            span,
        }
    }

    /// Stops the server and starts it again; also, how long it took from there to the first answer.
    ///
    /// # Errors
    /// If it does not start or answer.
    pub(super) fn restart(self) -> Result<(Self, Duration)> {
        let Self { server, url, .. } = self;
        drop(server);
        let started = Instant::now();
        let stand = Self {
            server: Server::start(&url, self.folder.path())?,
            url,
            ..self
        };
        stand.report_again(1, Span::Count(1))?;
        Ok((stand, started.elapsed()))
    }

    /// The server's process.
    pub(super) fn process(&self) -> u32 {
        self.server.process()
    }
}
