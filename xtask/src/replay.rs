//! `cargo xtask replay`: the sales and the refunds of a file through a server, reconciled with the
//! file to the last minor unit.
//!
//! A sale is reported as Growi's clients do. What was given back of it is told in two ways, each for
//! organizations of its own. As refunds: each entry of a cancellation is a refund of that sale by
//! the items that came back, at the price of the line, through our own API; its idempotency key is
//! made of document, line and entry, so that sending it again changes nothing. Items that the file
//! matches with no sale are only counted. A refund of a sale that is refused or not there must not be
//! found, one of an amount that no sale could have must be refused, and one of more than is left is
//! made smaller before it is sent (`expectation` says why).
//!
//! As updates, as Growi's clients do: each entry lowers the sale's `total` by the same amount, and a
//! sale of which nothing is left is cancelled.
//!
//! What must come of it is computed here from the file alone; what the server answered and keeps is
//! compared with it: in sum, sale by sale, balance by balance, transfer by transfer, day by day, and
//! as Growi's list has it.
//! It is the same in any order, in which refunds may come before their sales.

mod expectation;
mod head;
mod kept;
mod listed;
mod order;
mod reconciliation;
mod roster;
mod sending;
mod table;
mod way;

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
    process::ExitCode,
    rc::Rc,
};

use accrual_money::Currency;
use anyhow::{Context, Result};

use self::{
    expectation::Expectation,
    head::Database,
    kept::Kept,
    order::{Event, Orders},
    reconciliation::{Account, Sent},
    roster::Roster,
    way::Way,
};
use crate::{
    http::Client,
    postgres::{self, Cluster},
    scratch::Scratch,
    server::{self, Server},
};

/// How many differences are printed.
const SHOWN: usize = 20;

const DATABASE: &str = "accrual";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// One order a line, in JSON; decompressed if its name ends in .gz
    orders: PathBuf,
    /// A server that runs already, such as `http://127.0.0.1:8080`, instead of ones of our own
    #[arg(long, requires = "key")]
    url: Option<String>,
    /// A key of the organization there that everything is sent to; a program and 51 affiliates are
    /// made in it
    #[arg(long, requires = "url")]
    key: Option<String>,
    /// Does not replay on PostgreSQL, where it cannot be had
    #[arg(long)]
    without_postgres: bool,
    /// What the shuffled orders of sales and refunds follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Sends everything in the order of the file, then again in another order, and reconciles; on servers
/// of our own also a third time, in a third order, for another organization, and then with updates
/// instead of refunds, in each of the three orders for an organization of its own.
///
/// # Errors
/// If the file cannot be read, or a server cannot be started or reached. What does not agree is
/// printed, and is a failure of the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let orders = Orders::read(&arguments.orders)?;
    let currency = Currency::parse(orders.currency()?)?;
    let expected = |way| Expectation::of(&orders, currency.minor_digits(), way).map(Rc::new);
    let replay = Replay {
        refunds: expected(Way::Refunds)?,
        updates: expected(Way::Updates)?,
        currency: currency.code(),
        seed: arguments.seed,
        orders,
    };
    let mut differences = 0;
    if let (Some(url), Some(key)) = (&arguments.url, &arguments.key) {
        let server = Stand {
            title: url,
            database: Database::OutOfSight,
            address: address(url)?,
        };
        let accounts = replay.twice(&server, key, Sent::Perhaps)?;
        differences += replay.report(url, &replay.refunds, &accounts);
        println!("\nUpdates were NOT tried: they need organizations that have no sales yet.");
    } else {
        differences += replay.on_sqlite()?;
        if arguments.without_postgres {
            println!("\nPostgreSQL was NOT tried: --without-postgres was given.");
        } else {
            differences += replay.on_postgres()?;
        }
    }
    if differences > 0 {
        eprintln!("error: {differences} differences between the file and the server");
        return Ok(ExitCode::FAILURE);
    }
    println!("Everything agrees with the file.");
    Ok(ExitCode::SUCCESS)
}

/// A server that everything is sent to.
struct Stand<'a> {
    title: &'a str,
    database: Database<'a>,
    address: SocketAddr,
}

/// A file, and what must come of it in each way.
struct Replay {
    orders: Orders,
    refunds: Rc<Expectation>,
    updates: Rc<Expectation>,
    currency: &'static str,
    seed: u64,
}

impl Replay {
    fn on_sqlite(&self) -> Result<usize> {
        let folder = Scratch::new()?;
        let database = Database::Sqlite(folder.sqlite_path());
        self.on_database("SQLite", &folder.sqlite_url(), database, &folder)
    }

    fn on_postgres(&self) -> Result<usize> {
        let cluster = Cluster::start(&postgres::Options::default())?;
        cluster.create_database(DATABASE)?;
        let title = format!("PostgreSQL {}", cluster.version());
        let database = Database::Postgres {
            cluster: &cluster,
            name: DATABASE,
        };
        self.on_database(&title, &cluster.url(DATABASE), database, &Scratch::new()?)
    }

    /// On a server of our own over an empty database; answers how many differences were found.
    fn on_database(
        &self,
        title: &str,
        url: &str,
        database: Database<'_>,
        folder: &Scratch,
    ) -> Result<usize> {
        let server = Server::start(url, folder.path())?;
        let stand = Stand {
            title,
            database,
            address: server.address(),
        };
        let organization = |name| server::create_organization(url, name, self.currency);
        let mut accounts = self.twice(&stand, &organization("One")?, Sent::First)?;
        let (other, events) = (organization("Other")?, self.shuffled(self.seed + 1));
        let refunds = &self.refunds;
        let name = "other organization";
        accounts.push(self.pass(&stand, &other, name, Sent::First, &events, refunds)?);
        let mut updated = Vec::new();
        for (title, events) in [
            ("updates, in file order", self.in_file_order()),
            ("updates, shuffled", self.shuffled(self.seed)),
            ("updates, otherwise", self.shuffled(self.seed + 1)),
        ] {
            let key = organization(title)?;
            updated.push(self.pass(&stand, &key, title, Sent::First, &events, &self.updates)?);
        }
        let differences = self.report(title, refunds, &accounts);
        Ok(differences + self.report(title, &self.updates, &updated))
    }

    /// In the order of the file, then shuffled.
    fn twice(&self, stand: &Stand<'_>, key: &str, first: Sent) -> Result<Vec<Account>> {
        let (in_order, shuffled) = (self.in_file_order(), self.shuffled(self.seed));
        let (again, expected) = (Sent::Again, &self.refunds);
        Ok(vec![
            self.pass(stand, key, "in file order", first, &in_order, expected)?,
            self.pass(stand, key, "again, shuffled", again, &shuffled, expected)?,
        ])
    }

    fn pass(
        &self,
        stand: &Stand<'_>,
        key: &str,
        title: &'static str,
        sent: Sent,
        events: &[&Event],
        expected: &Rc<Expectation>,
    ) -> Result<Account> {
        let client = Client {
            address: stand.address,
            key: key.to_owned(),
        };
        let roster = Roster::ensure(&client, self.currency)?;
        let shown = format!("{}, {title}", stand.title);
        let pass = sending::send(&shown, &client, events, expected, sent)?;
        let mut kept = Kept::read(&client, &roster, expected.digits)?;
        kept.head = stand.database.head()?;
        Ok(Account {
            title,
            sent,
            pass,
            kept,
        })
    }

    fn in_file_order(&self) -> Vec<&Event> {
        self.orders.events.iter().collect()
    }

    /// Sales and refunds together.
    fn shuffled(&self, seed: u64) -> Vec<&Event> {
        let mut events = self.in_file_order();
        fastrand::Rng::with_seed(seed).shuffle(&mut events);
        events
    }

    /// Prints the table and what differs; answers how much.
    fn report(&self, title: &str, expected: &Expectation, accounts: &[Account]) -> usize {
        let mut found = Vec::new();
        let mut before = None;
        for account in accounts {
            found.extend(account.differences(expected));
            if let (Sent::Again, Some(before)) = (account.sent, before) {
                found.extend(account.changes_since(before));
            }
            before = Some(&account.kept);
        }
        let table = table::table(&self.orders, expected, self.currency, accounts);
        println!("\n{title}\n{table}");
        for difference in found.iter().take(SHOWN) {
            println!("DIFFERS  {difference}");
        }
        if found.len() > SHOWN {
            println!("DIFFERS  {} more", found.len() - SHOWN);
        }
        found.len()
    }
}

/// Where `url` leads; TLS is not spoken.
fn address(url: &str) -> Result<SocketAddr> {
    let place = url
        .strip_prefix("http://")
        .with_context(|| format!("{url} does not begin with http://"))?;
    place
        .trim_end_matches('/')
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .with_context(|| format!("{url} is not http://HOST:PORT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_to_an_address() {
        let expected: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(address("http://127.0.0.1:8080/").unwrap(), expected);
        assert!(address("https://127.0.0.1:8080").is_err());
        assert!(address("http://127.0.0.1").is_err());
    }
}
