//! A round: report, kill, start again, compare, send what is in doubt again, compare.

use std::{
    fmt,
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    runtime::Runtime,
    task::{JoinSet, LocalSet},
};

use super::{
    clients::{self, Counts, Shared},
    journal::{Journal, Writer},
    kept::Reader,
    verdict::{self, Violation},
};
use crate::{
    http::{Client, Connection},
    server::{self, Server},
};

/// How many clients report at once.
const CLIENTS: usize = 64;

/// When the server is killed, in milliseconds from the first report.
const KILLED_AFTER: std::ops::Range<u64> = 300..1_500;

/// A database with an organization, and a server over it that is killed again and again.
pub(super) struct Stand {
    url: String,
    folder: PathBuf,
    /// None only while it is being killed and started.
    server: Option<Server>,
    key: String,
    affiliates: Vec<i64>,
    runtime: Runtime,
    random: fastrand::Rng,
    shared: Rc<Shared>,
    journal_path: PathBuf,
    journal: Journal,
    reader: Reader,
}

/// What came of one round, or of several.
#[derive(Debug, Default)]
pub(super) struct Findings {
    counts: Counts,
    /// How long the clients had reported.
    killed_after: Duration,
    /// Sent and not acknowledged when the server was killed.
    in_doubt: usize,
    /// How many of those were kept.
    in_doubt_kept: usize,
    /// From the start of the next server to its first acknowledgement.
    recoveries: Vec<Duration>,
    pub(super) violations: Vec<Violation>,
}

impl Stand {
    /// Starts a server over the empty database at `url`, with an organization.
    ///
    /// # Errors
    /// If it does not start, or refuses.
    pub(super) fn open(url: &str, folder: &Path, seed: u64) -> Result<Self> {
        let server = Server::start(url, folder)?;
        let key = server::create_organization(url, "Crash", "USD")?;
        let client = Client {
            address: server.address(),
            key: key.clone(),
        };
        let writer = Writer::create(folder.join("journal"))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let stand = Self {
            url: url.to_owned(),
            folder: folder.to_path_buf(),
            affiliates: set_up(&client)?,
            runtime,
            random: fastrand::Rng::with_seed(seed),
            journal_path: writer.path().to_path_buf(),
            shared: Rc::new(Shared::new(key.clone(), writer, seed)),
            journal: Journal::default(),
            reader: Reader::default(),
            key,
            server: Some(server),
        };
        let address = stand.client()?.address;
        stand
            .runtime
            .block_on(clients::knock(address, &stand.shared))?;
        Ok(stand)
    }

    fn client(&self) -> Result<Client> {
        let server = self.server.as_ref().context("there is no server")?;
        Ok(Client {
            address: server.address(),
            key: self.key.clone(),
        })
    }

    /// One round.
    ///
    /// # Errors
    /// If a server does not start, or stops answering without having been killed.
    pub(super) fn round(&mut self) -> Result<Findings> {
        self.shared.take_counts();
        let killed_after = Duration::from_millis(self.random.u64(KILLED_AFTER));
        self.report_and_kill(killed_after)?;
        let counts = self.shared.take_counts();
        self.journal.read_on(&self.journal_path)?;
        let in_doubt = self.journal.in_doubt();

        let started = Instant::now();
        self.server = Some(Server::start(&self.url, &self.folder)?);
        let client = self.client()?;
        self.shared.is_killed.set(false);
        let knock = clients::knock(client.address, &self.shared);
        self.runtime.block_on(knock)?;
        let recovery = started.elapsed();

        let mut violations = self.compare(&client)?;
        let is_kept = |reference: &&String| self.reader.kept.sales.contains_key(*reference);
        let in_doubt_kept = in_doubt.iter().filter(is_kept).count();
        let again = clients::send_again(client.address, &self.shared, &in_doubt);
        self.runtime.block_on(again)?;
        violations.extend(self.compare(&client)?);
        violations.extend(verdict::doubts(&self.journal));
        Ok(Findings {
            counts,
            killed_after,
            in_doubt: in_doubt.len(),
            in_doubt_kept,
            recoveries: vec![recovery],
            violations,
        })
    }

    fn report_and_kill(&mut self, after: Duration) -> Result<()> {
        let server = self.server.take().context("there is no server")?;
        let address = server.address();
        let shared = Rc::clone(&self.shared);
        let all = async move {
            let mut connections = Vec::new();
            for _ in 0..CLIENTS {
                connections.push(Connection::open(address).await?);
            }
            let mut clients = JoinSet::new();
            for connection in connections {
                let client = clients::report_until_killed(connection, Rc::clone(&shared));
                clients.spawn_local(client);
            }
            let instant = tokio::time::sleep(after);
            tokio::pin!(instant);
            tokio::select! {
                () = &mut instant => {}
                Some(ended) = clients.join_next() => ended??,
            }
            shared.is_killed.set(true);
            server.kill()?;
            while let Some(ended) = clients.join_next().await {
                ended??;
            }
            anyhow::Ok(())
        };
        self.runtime.block_on(LocalSet::new().run_until(all))
    }

    /// Reads what is new on both sides; answers every promise that is broken.
    fn compare(&mut self, client: &Client) -> Result<Vec<Violation>> {
        self.journal.read_on(&self.journal_path)?;
        self.reader.read_on(client, &self.affiliates)?;
        Ok(verdict::violations(&self.journal, &self.reader.kept))
    }

    /// Forgets what was read, and compares everything.
    ///
    /// # Errors
    /// If the server or the journal cannot be read.
    pub(super) fn read_everything(&mut self) -> Result<Vec<Violation>> {
        (self.journal, self.reader) = (Journal::default(), Reader::default());
        let client = self.client()?;
        self.compare(&client)
    }

    /// What is there in the end, in words.
    pub(super) fn sums(&self) -> String {
        let kept = &self.reader.kept;
        let dollars = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        format!(
            "{} sales are sent, {} are there; commissions of {} USD, balances of {} USD",
            self.journal.sales.len(),
            kept.sales.values().map(Vec::len).sum::<usize>(),
            dollars(kept.commissions()),
            dollars(kept.balance),
        )
    }
}

impl Findings {
    /// Adds a round.
    pub(super) fn add(&mut self, round: Self) {
        self.counts.new += round.counts.new;
        self.counts.repeated += round.counts.repeated;
        self.counts.acknowledged += round.counts.acknowledged;
        self.counts.put_off += round.counts.put_off;
        self.killed_after += round.killed_after;
        self.in_doubt += round.in_doubt;
        self.in_doubt_kept += round.in_doubt_kept;
        self.recoveries.extend(round.recoveries);
        self.violations.extend(round.violations);
    }

    /// All rounds in words.
    pub(super) fn summary(&self) -> String {
        let mut recoveries = self.recoveries.clone();
        recoveries.sort();
        let middle = recoveries.get(recoveries.len() / 2);
        let milliseconds = |time: Option<&Duration>| time.map_or(0, Duration::as_millis);
        format!(
            "{}; back in {} ms (median), {} ms (longest)",
            self.did(),
            milliseconds(middle),
            milliseconds(recoveries.last())
        )
    }

    fn did(&self) -> String {
        let Counts {
            new,
            repeated,
            acknowledged,
            put_off,
        } = self.counts;
        let put_off = match put_off {
            0 => String::new(),
            times => format!(", {times} put off (503)"),
        };
        format!(
            "{new} sent, {repeated} repeated, {acknowledged} acknowledged{put_off}, {} in doubt, {} \
             of them kept",
            self.in_doubt, self.in_doubt_kept
        )
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recovery = self.recoveries.first().map_or(0, Duration::as_millis);
        let after = self.killed_after.as_millis();
        write!(
            f,
            "killed after {after} ms; {}; back in {recovery} ms",
            self.did()
        )
    }
}

/// A program of 5 %, and those whom the sales are credited to; answers their numbers.
fn set_up(client: &Client) -> Result<Vec<i64>> {
    let make = |path, what: Value| -> Result<i64> {
        let made = client.make(path, &what)?;
        Ok(i64::deserialize(&made["id"])?)
    };
    let incentives = json!([{ "percent": "5" }]);
    let terms = json!({ "name": "Crash", "currency": "USD", "incentives": incentives });
    let program = make("/programs", terms)?;
    let mut affiliates = Vec::new();
    for number in 0..clients::TAGS {
        let tag = clients::tag(number);
        let affiliate = make("/affiliates", json!({ "name": tag }))?;
        let enrollment = json!({ "affiliate_id": affiliate, "program_id": program, "tag": tag });
        make("/enrollments", enrollment)?;
        affiliates.push(affiliate);
    }
    Ok(affiliates)
}
