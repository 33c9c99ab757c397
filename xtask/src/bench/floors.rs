//! What PostgreSQL does by itself with the same sales, beside which the server is measured.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use super::{
    pgbench::{self, Floor, Script, Turn},
    rounds::Pace,
    stand::Stand,
};
use crate::{postgres::Cluster, process};

const BARE: Script = Script {
    name: "bare_insert.sql",
    text: include_str!("bare_insert.sql"),
};
const NAIVE: Script = Script {
    name: "naive_sale.sql",
    text: include_str!("naive_sale.sql"),
};

const BARE_TABLE: &str = include_str!("bare_table.sql");

/// Two databases next to the server's: one with a bare table, one with the server's tables.
#[derive(Debug)]
pub(super) struct Floors<'a> {
    cluster: &'a Cluster,
    /// A journal entry's texts, as long as the server's.
    command: String,
    outcome: String,
    /// How many turns were had: no two report the same references.
    turns: u32,
}

impl<'a> Floors<'a> {
    /// Makes both databases; `database` is the server's, with sales in it.
    ///
    /// # Errors
    /// If PostgreSQL refuses.
    pub(super) fn make(cluster: &'a Cluster, database: &str) -> Result<Self> {
        cluster.create_database("bare")?;
        query(cluster, "bare", BARE_TABLE)?;
        cluster.create_database("naive")?;
        drop(Stand::open(&cluster.url("naive"))?);
        let newest = |column: &str| {
            let newest = format!("SELECT {column} FROM journal ORDER BY sequence DESC LIMIT 1");
            query(cluster, database, &newest)
        };
        Ok(Self {
            cluster,
            command: newest("command")?,
            outcome: newest("outcome")?,
            turns: 0,
        })
    }

    /// One row like a conversion a transaction.
    ///
    /// # Errors
    /// If pgbench fails.
    pub(super) fn bare(&mut self, clients: usize, pace: &Pace) -> Result<Floor> {
        self.turn(BARE, "bare", clients, pace)
    }

    /// All the rows of a sale a transaction, statement by statement, in one organization.
    ///
    /// # Errors
    /// If pgbench fails.
    pub(super) fn naive(&mut self, clients: usize, pace: &Pace) -> Result<Floor> {
        self.turn(NAIVE, "naive", clients, pace)
    }

    fn turn(
        &mut self,
        script: Script,
        database: &str,
        clients: usize,
        pace: &Pace,
    ) -> Result<Floor> {
        self.turns += 1;
        let turn = Turn {
            database,
            clients,
            length: pace.turn,
            variables: &[
                ("n", "0"),
                ("run", &self.turns.to_string()),
                ("command", &self.command),
                ("outcome", &self.outcome),
            ],
        };
        pgbench::run(self.cluster, script, &turn)
    }
}

/// The process that started all others of the cluster.
///
/// # Errors
/// If the cluster does not say where its files are.
pub(super) fn postmaster(cluster: &Cluster) -> Result<u32> {
    let folder = PathBuf::from(query(cluster, "postgres", "SHOW data_directory")?);
    let file = fs::read_to_string(folder.join("postmaster.pid"))
        .context("the file that names PostgreSQL's process cannot be read")?;
    let line = file.lines().next().unwrap_or_default();
    line.parse().context("PostgreSQL's process has no number")
}

/// What `sql` answers, as text without headings.
pub(super) fn query(cluster: &Cluster, database: &str, sql: &str) -> Result<String> {
    let mut psql = Command::new(cluster.bin("psql"));
    psql.args(["-XAtq", "--set=ON_ERROR_STOP=1", "--command", sql]);
    let said = process::capture(psql.arg(cluster.url(database)))?;
    Ok(said.trim_end().to_owned())
}
