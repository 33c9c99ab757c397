//! Where the journal stands: read from the database itself, because no API shows it.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};

use crate::{postgres::Cluster, process};

/// The number of an organization's last journal entry, and the hash that seals all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) sequence: u64,
    /// In hexadecimal digits.
    pub(super) hash: String,
}

/// Where the journal is kept.
#[derive(Clone, Debug)]
pub(super) enum Database<'a> {
    Sqlite(PathBuf),
    Postgres {
        cluster: &'a Cluster,
        name: &'a str,
    },
    /// A server runs already: its database is its own business.
    OutOfSight,
}

impl Database<'_> {
    /// The head of the organization that was made last.
    ///
    /// # Errors
    /// If the database cannot be read, or has no organization.
    pub(super) fn head(&self) -> Result<Option<Head>> {
        let newest = |hash: &str| {
            format!("SELECT sequence, {hash} FROM heads ORDER BY organization_id DESC LIMIT 1")
        };
        match self {
            Self::OutOfSight => Ok(None),
            Self::Sqlite(path) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
                let connection = Connection::open_with_flags(path, flags)?;
                let row = connection.query_row(&newest("lower(hex(hash))"), [], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get(1)?))
                })?;
                let (sequence, hash) = (u64::try_from(row.0)?, row.1);
                Ok(Some(Head { sequence, hash }))
            }
            Self::Postgres { cluster, name } => {
                let mut psql = Command::new(cluster.bin("psql"));
                psql.args(["-XAtq", "--set=ON_ERROR_STOP=1", "--command"]);
                psql.arg(newest("encode(hash, 'hex')"))
                    .arg(cluster.url(name));
                parse(&process::capture(&mut psql)?).map(Some)
            }
        }
    }
}

/// What psql prints: `12|ab`.
fn parse(text: &str) -> Result<Head> {
    let (sequence, hash) = text.trim().split_once('|').unwrap_or_default();
    Ok(Head {
        sequence: sequence.parse()?,
        hash: hash.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let head = parse("12|ab\n").unwrap();
        assert_eq!((head.sequence, head.hash.as_str()), (12, "ab"));
        assert!(parse("").is_err());
        assert_eq!(Database::OutOfSight.head().unwrap(), None);
    }

    #[test]
    fn the_newest_organization_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE heads (organization_id, sequence, hash);
                 INSERT INTO heads VALUES (1, 5, x'01'), (2, 7, x'AB')",
            )
            .unwrap();
        let head = Database::Sqlite(path).head().unwrap().unwrap();
        assert_eq!((head.sequence, head.hash.as_str()), (7, "ab"));
    }
}
