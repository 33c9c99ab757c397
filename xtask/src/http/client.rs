//! Requests one at a time, each on a connection of its own: to set things up and to read them back.

use std::{
    fmt::Display,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Answer, BASE_PATH, GROWI_SALES, Head};

/// How long the server may be silent in the middle of an answer, or put off one who reads.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server asks to be asked again.
const UNAVAILABLE: u16 = 503;

/// One who knows a key of an organization.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
struct Page<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
}

impl Client {
    /// Makes something at `path` of our own API, such as `/programs`; answers it.
    ///
    /// # Errors
    /// If the server refuses, with its words.
    pub(crate) fn make(&self, path: &str, what: &Value) -> Result<Value> {
        let path = format!("{BASE_PATH}{path}");
        self.ask("POST", &path, &what.to_string(), 201)
    }

    /// Reads `path` of our own API, such as `/totals`.
    ///
    /// # Errors
    /// If the server refuses, or says something of another shape.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.ask("GET", &format!("{BASE_PATH}{path}"), "", 200)
    }

    /// Reports a sale as Growi's clients do; answers what is answered.
    ///
    /// # Errors
    /// As [`make`](Self::make).
    pub(crate) fn report_to_growi(&self, sale: &Value) -> Result<Value> {
        self.ask("POST", GROWI_SALES, &sale.to_string(), 201)
    }

    /// The page of Growi's list of sales that `query` asks for.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub(crate) fn list_of_growi<T: DeserializeOwned>(&self, query: &str) -> Result<T> {
        self.ask("GET", &format!("{GROWI_SALES}?{query}"), "", 200)
    }

    /// Every row of the list at `path`, oldest first, page by page, after the place `after`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub(crate) fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        after: impl Display,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        let mut cursor = after.to_string();
        loop {
            let page: Page<T> = self.get(&format!("{path}?limit=1000&cursor={cursor}"))?;
            rows.extend(page.data);
            match page.next_cursor {
                Some(next) => cursor = next,
                None => return Ok(rows),
            }
        }
    }

    fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &str,
        expected: u16,
    ) -> Result<T> {
        let headers = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.key,
            body.len()
        );
        let started = Instant::now();
        let answer = loop {
            let answer = exchange(self.address, method, path, &headers, body)
                .with_context(|| format!("no answer to {method} {path}"))?;
            // What reads can be asked again; what makes something could make it twice.
            let again = answer.status == UNAVAILABLE && method == "GET";
            if !again || started.elapsed() > PATIENCE {
                break answer;
            }
        };
        if answer.status != expected {
            bail!(
                "{method} {path} is answered {}: {}",
                answer.status,
                answer.text()
            );
        }
        serde_json::from_slice(&answer.body)
            .with_context(|| format!("{method} {path} is answered in another shape"))
    }
}

/// The status of `path`, asked without a key.
///
/// # Errors
/// If there is no answer.
pub(crate) fn status(address: SocketAddr, path: &str) -> Result<u16> {
    Ok(exchange(address, "GET", path, "", "")?.status)
}

fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{body}"
    )?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    let head = Head::parse(&received)?.context("the answer has no head")?;
    ensure!(
        received.len() == head.total_length,
        "the answer was cut off"
    );
    Ok(Answer {
        status: head.status,
        is_replay: head.is_replay,
        body: received.split_off(head.head_length),
    })
}
