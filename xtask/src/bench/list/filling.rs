//! Databases that are filled without the server: ten million sales would take it an hour.
//!
//! The first organization has nine tenths of the sales, 25,000 affiliates and ten programs; the sales
//! are spread over three years. What the rows say is what the server would have written.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::json;

use crate::{
    bench::floors::query,
    http::Client,
    postgres::Cluster,
    scratch::Scratch,
    server::{self, Server},
};

pub(super) const AFFILIATES: u64 = 25_000;
const PROGRAMS: u64 = 10;

/// How many sales one statement writes at most.
const CHUNK: u64 = 1_000_000;

const PEOPLE: &str = include_str!("people.sql");
const SALES: &str = include_str!("sales.sql");
const SUMS: &str = include_str!("sums.sql");

/// A filled database and the server over it.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) size: u64,
    pub(super) key: String,
    server: Server,
    _folder: Scratch,
}

impl Filled {
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The server's totals are what was written.
    fn check(&self) -> Result<()> {
        let client = Client {
            address: self.address(),
            key: self.key.clone(),
        };
        let totals: Totals = client.get("/totals")?;
        let counted: u64 = totals.data.iter().map(|one| one.conversions).sum();
        let written = own_sales(self.size);
        ensure!(
            counted == written,
            "{written} sales were written, and the server has {counted}"
        );
        Ok(())
    }
}

#[derive(Deserialize)]
struct Totals {
    data: Vec<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    conversions: u64,
}

/// How many sales the organization has that is asked.
pub(super) const fn own_sales(size: u64) -> u64 {
    size - size / 10
}

/// One of its sales, another one for each number.
pub(super) const fn own_sale(size: u64, number: u64) -> u64 {
    1 + (number * 7_919) % (size / 10) * 10
}

/// Whose that sale is; each customer has four.
pub(super) fn email(size: u64, sale: u64) -> String {
    format!("buyer-{:08}@example.com", sale % (size / 4))
}

/// What the databases spell differently.
struct Spelling {
    /// Before the SELECT that reads the series.
    recursive: &'static str,
    /// The numbers from `{from}` to `{to}`, as `i`.
    series: &'static str,
    /// The day with the number `day_number`, as text.
    day: &'static str,
    /// The number `customer` as text, with zeros to a width.
    padded: fn(u8) -> String,
    /// Which indexes are made when the rows are there: lines of `name=definition`.
    indexes: &'static str,
    tidy: &'static str,
}

const POSTGRES: Spelling = Spelling {
    recursive: "",
    series: "generate_series({from}::bigint, {to}::bigint) AS g (i)",
    day: "(date '2023-01-01' + day_number::int)::text",
    padded: |width| format!("lpad(customer::text, {width}, '0')"),
    indexes: "SELECT indexname || '=' || indexdef FROM pg_indexes \
              WHERE indexname LIKE 'conversions\\_by%' OR indexname = 'searched_by_words'",
    tidy: "VACUUM ANALYZE",
};

const SQLITE: Spelling = Spelling {
    recursive: "WITH RECURSIVE g (i) AS \
                (SELECT {from} UNION ALL SELECT i + 1 FROM g WHERE i < {to})",
    series: "g",
    day: "date('2023-01-01', day_number || ' days')",
    padded: |width| {
        format!(
            "substr('{}' || customer, -{width})",
            "0".repeat(width.into())
        )
    },
    indexes: "SELECT name || '=' || replace(sql, char(10), ' ') FROM sqlite_schema \
              WHERE type = 'index' AND name LIKE 'conversions\\_by%' ESCAPE '\\'",
    tidy: "PRAGMA optimize",
};

/// # Errors
/// If PostgreSQL refuses, or the server's totals are not what was written.
pub(super) fn postgres(cluster: &Cluster, size: u64) -> Result<Filled> {
    let name = format!("lists_{size}");
    cluster.create_database(&name)?;
    fill(&cluster.url(&name), size, &POSTGRES, |sql| {
        query(cluster, &name, sql)
    })
}

/// # Errors
/// If SQLite refuses, or the server's totals are not what was written.
pub(super) fn sqlite(folder: &Path, size: u64) -> Result<Filled> {
    let file = folder.join(format!("lists_{size}.db"));
    let url = format!("sqlite:{}", file.display());
    fill(&url, size, &SQLITE, |sql| {
        let connection = Connection::open(&file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000",
        )?;
        if !sql.starts_with("SELECT") {
            connection.execute_batch(sql)?;
            return Ok(String::new());
        }
        let mut lines = connection.prepare(sql)?;
        let lines = lines.query_map([], |row| row.get::<_, String>(0))?;
        Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
    })
}

fn fill(
    url: &str,
    size: u64,
    spelling: &Spelling,
    run: impl Fn(&str) -> Result<String>,
) -> Result<Filled> {
    println!("writing {size} sales");
    let folder = Scratch::new()?;
    let key = server::create_organization(url, "Bench", "USD")?;
    server::create_organization(url, "Other", "USD")?;
    let server = Server::start(url, folder.path())?;
    make_programs(&server, &key)?;
    drop(server);
    // Indexes are made at once when the rows are there, which takes a fraction of the time.
    let indexes = run(spelling.indexes)?;
    let indexes = indexes
        .lines()
        .map(|line| line.split_once('=').context("an index has no name"));
    let indexes = indexes.collect::<Result<Vec<_>>>()?;
    for (name, _) in &indexes {
        run(&format!("DROP INDEX {name}"))?;
    }
    for statement in statements(PEOPLE) {
        run(&spelling.of(statement, size, (1, AFFILIATES)))?;
    }
    for first in (1..=size).step_by(usize::try_from(CHUNK)?) {
        let last = size.min(first + CHUNK - 1);
        run(&spelling.of(SALES, size, (first, last)))?;
    }
    for statement in statements(SUMS) {
        run(&spelling.of(statement, size, (1, size)))?;
    }
    for (_, definition) in &indexes {
        run(definition)?;
    }
    run(spelling.tidy)?;
    let server = Server::start(url, folder.path())?;
    let filled = Filled {
        size,
        key,
        server,
        _folder: folder,
    };
    filled.check()?;
    Ok(filled)
}

fn make_programs(server: &Server, key: &str) -> Result<()> {
    let client = Client {
        address: server.address(),
        key: key.to_owned(),
    };
    for number in 1..=PROGRAMS {
        let name = format!("Program {number}");
        let terms = json!({ "name": name, "currency": "USD", "incentives": [{ "percent": "5" }] });
        client.make("/programs", &terms)?;
    }
    Ok(())
}

fn statements(sql: &'static str) -> impl Iterator<Item = &'static str> {
    let statements = sql.split(";\n").map(str::trim);
    statements.filter(|statement| !statement.is_empty())
}

impl Spelling {
    fn of(&self, sql: &str, size: u64, (from, to): (u64, u64)) -> String {
        let texts = [
            ("{recursive}", self.recursive.to_owned()),
            ("{series}", self.series.to_owned()),
            ("{day}", self.day.to_owned()),
            ("{customer, 8}", (self.padded)(8)),
            ("{customer, 24}", (self.padded)(24)),
            ("{customers}", (size / 4).to_string()),
            ("{size}", size.to_string()),
            ("{affiliates}", AFFILIATES.to_string()),
            ("{programs}", PROGRAMS.to_string()),
            ("{from}", from.to_string()),
            ("{to}", to.to_string()),
        ];
        let spelled = texts.iter();
        spelled.fold(sql.to_owned(), |sql, (name, text)| sql.replace(name, text))
    }
}
