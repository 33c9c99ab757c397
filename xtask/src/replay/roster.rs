//! Who is credited: a program, and an affiliate for each tag.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use super::expectation;
use crate::http::Client;

/// By these names they are found again.
const PROGRAM: &str = "Replay of orders";

/// The program and the affiliates that sales of a file are credited to.
#[derive(Debug)]
pub(super) struct Roster {
    pub(super) program: i64,
    /// The affiliates' numbers, by tag.
    pub(super) affiliates: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: i64,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Enrollment {
    affiliate_id: i64,
    program_id: i64,
    tag: String,
}

impl Roster {
    /// Finds them, and makes what is missing.
    ///
    /// # Errors
    /// If the server refuses.
    pub(super) fn ensure(client: &Client, currency: &str) -> Result<Self> {
        let programs: Vec<Named> = client.list("/programs", 0)?;
        let found = programs.iter().find(|program| program.name == PROGRAM);
        let program = match found {
            Some(program) => program.id,
            None => {
                let percent = expectation::PERCENT.to_string();
                let incentives = json!([{ "percent": percent }]);
                let terms =
                    json!({ "name": PROGRAM, "currency": currency, "incentives": incentives });
                make(client, "/programs", &terms)?
            }
        };
        let enrolled: Vec<Enrollment> = client.list("/enrollments", 0)?;
        let enrolled: HashMap<String, i64> = enrolled
            .into_iter()
            .filter(|enrollment| enrollment.program_id == program)
            .map(|enrollment| (enrollment.tag, enrollment.affiliate_id))
            .collect();
        let mut affiliates = BTreeMap::new();
        for tag in expectation::tags() {
            let affiliate = match enrolled.get(&tag) {
                Some(affiliate) => *affiliate,
                None => enroll(client, program, &tag)?,
            };
            affiliates.insert(tag, affiliate);
        }
        Ok(Self {
            program,
            affiliates,
        })
    }
}

fn enroll(client: &Client, program: i64, tag: &str) -> Result<i64> {
    let affiliate = make(client, "/affiliates", &json!({ "name": tag }))?;
    let enrollment = json!({ "affiliate_id": affiliate, "program_id": program, "tag": tag });
    make(client, "/enrollments", &enrollment)?;
    Ok(affiliate)
}

fn make(client: &Client, path: &str, what: &Value) -> Result<i64> {
    let made = client.make(path, what)?;
    Ok(i64::deserialize(&made["id"])?)
}
