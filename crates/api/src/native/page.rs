//! Pages: so many rows, and a cursor to the next ones.

use poem_openapi::{
    Object,
    types::{ToJSON, Type},
};
use serde::Serialize;

use super::problem::Problem;

/// How many rows a page has if nothing is said.
const USUAL: u32 = 50;
/// How many it has at most.
const MOST: u32 = 1_000;

/// A page of rows.
#[derive(Object, Serialize)]
pub(super) struct Page<T: Type + ToJSON + poem_openapi::types::ParseFromJSON> {
    /// The rows, oldest first.
    data: Vec<T>,
    /// Where the next page begins; `null` on the last.
    #[oai(nullable)]
    next_cursor: Option<String>,
}

impl<T: Type + ToJSON + poem_openapi::types::ParseFromJSON> Page<T> {
    /// The rows, and where the next page begins.
    pub(super) fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.data, self.next_cursor)
    }
}

/// What a request wants of a list.
pub(super) struct Wanted {
    /// Rows after this place.
    pub(super) after: Vec<i64>,
    /// How many rows.
    limit: u32,
}

impl Wanted {
    /// Reads `limit`, and a cursor of so many `parts`.
    pub(super) fn parse(
        limit: Option<u32>,
        cursor: Option<&str>,
        parts: usize,
    ) -> Result<Self, Problem> {
        let after = match cursor {
            None => vec![0; parts],
            Some(cursor) => {
                let numbers = cursor
                    .split('.')
                    .map(str::parse)
                    .collect::<Result<Vec<i64>, _>>();
                numbers
                    .ok()
                    .filter(|numbers| numbers.len() == parts)
                    .ok_or_else(|| {
                        Problem::invalid("cursor", "must be a next_cursor that a page has given")
                    })?
            }
        };
        match limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(Self { after, limit }),
            _ => Err(Problem::invalid(
                "limit",
                format!("must be from 1 to {MOST}"),
            )),
        }
    }

    /// How many rows to read: one more than wanted tells whether there are more.
    pub(super) fn to_read(&self) -> u32 {
        self.limit + 1
    }

    /// The page of these rows, each shown by `show`; `place` is where a row stands.
    pub(super) fn page<R, T: Type + ToJSON + poem_openapi::types::ParseFromJSON>(
        &self,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> Vec<i64>,
        show: impl Fn(&R) -> T,
    ) -> Page<T> {
        let limit = self.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| has_more).map(|row| {
            let numbers: Vec<String> = place(row).iter().map(ToString::to_string).collect();
            numbers.join(".")
        });
        Page {
            data: rows.iter().map(show).collect(),
            next_cursor: last,
        }
    }
}
