//! `accrual key`: API keys.

use std::io::{Read, Write};

use accrual_engine::{Access, ApiKey, Clock, KeyId, Role, Text};
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use crate::clock::SystemClock;
use crate::command::{org, table};
use crate::configuration::{DatabaseSettings, Source};
use crate::database;
use crate::key::SecretKey;

/// Create, import, list and revoke the API keys of an organization
#[derive(Args, Debug)]
pub struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a key and print it: the only time that it is shown
    ///
    /// The key alone goes to standard output, what is said about it to standard error.
    #[command(after_help = "Example: accrual key create --org Acme --name checkout --role full")]
    Create {
        #[command(flatten)]
        new: NewKey,
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// Accept a key that clients have already, so that they need not change it
    ///
    /// The key is read from standard input, where it stays out of the shell's history.
    #[command(after_help = "Example: accrual key import --org Acme --name checkout < key.txt")]
    Import {
        #[command(flatten)]
        new: NewKey,
        /// The key itself; other users of this machine may see it while the command runs
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// List the keys of an organization, oldest first, without their secrets
    List {
        /// The organization, by name or number
        #[arg(long, value_name = "ORGANIZATION")]
        org: String,
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// End a key; servers that are running notice within seconds
    Revoke {
        /// The organization, by name or number
        #[arg(long, value_name = "ORGANIZATION")]
        org: String,
        /// The number of the key, as `accrual key list` shows it
        id: i64,
        #[command(flatten)]
        database: DatabaseSettings,
    },
}

/// What is to be known about a key that is added.
#[derive(Args, Debug)]
struct NewKey {
    /// The organization, by name or number
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    /// What people are to call the key, such as who will use it
    #[arg(long)]
    name: String,
    /// What the key allows
    #[arg(long, value_enum, default_value_t = KeyRole::Full)]
    role: KeyRole,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeyRole {
    /// Reading
    ReadOnly,
    /// Reading and writing
    Full,
}

impl Key {
    pub(crate) fn run(self, source: &Source) -> anyhow::Result<()> {
        let mut out = std::io::stdout();
        match self.command {
            Command::Create { new, database } => {
                let key = SecretKey::mint()?;
                database::with(database, source, async |access| {
                    let added = add(access, &new, &key).await?;
                    writeln!(out, "{}", key.reveal())?;
                    eprintln!("Created {added}. It is not shown again: keep it safe.");
                    Ok(())
                })
            }
            Command::Import { new, key, database } => {
                let key = SecretKey::import(&key.map_or_else(from_stdin, Ok)?)?;
                database::with(database, source, async |access| {
                    let added = add(access, &new, &key).await?;
                    Ok(writeln!(out, "Imported {added}.")?)
                })
            }
            Command::List { org, database } => database::with(database, source, async |access| {
                list(access, &org, &mut out).await
            }),
            Command::Revoke { org, id, database } => {
                database::with(database, source, async |access| {
                    revoke(access, &org, id).await?;
                    Ok(writeln!(out, "Revoked key {id}.")?)
                })
            }
        }
    }
}

fn from_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    // More than any key has, so that a mistaken file is refused rather than read.
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("The key cannot be read from standard input")?;
    Ok(text)
}

/// Adds the key; answers how it is called.
async fn add(access: &dyn Access, new: &NewKey, key: &SecretKey) -> anyhow::Result<String> {
    let organization = org::find(access, &new.org).await?;
    let name = Text::parse(&*new.name).map_err(|error| anyhow::anyhow!("The name {error}."))?;
    let role = match new.role {
        KeyRole::ReadOnly => Role::ReadOnly,
        KeyRole::Full => Role::Full,
    };
    let at = SystemClock.now();
    match access
        .add_key(organization.id, name, role, key.hash(), at)
        .await?
    {
        Some(ApiKey { id, name, role, .. }) => Ok(format!(
            "key {id} of {}: {name}, {}",
            organization.name,
            role_name(role)
        )),
        None => anyhow::bail!("This key is known already."),
    }
}

async fn list(access: &dyn Access, org: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let organization = org::find(access, org).await?;
    let keys = access.keys(organization.id).await?;
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            [
                key.id.to_string(),
                key.name.to_string(),
                role_name(key.role).to_owned(),
                key.created_at.date().to_string(),
                key.revoked_at
                    .map_or_else(String::new, |at| at.date().to_string()),
            ]
        })
        .collect();
    Ok(table::print(
        out,
        ["id", "name", "role", "created", "revoked"],
        &rows,
    )?)
}

async fn revoke(access: &dyn Access, org: &str, id: i64) -> anyhow::Result<()> {
    let organization = org::find(access, org).await?;
    let revoked = access
        .revoke_key(organization.id, KeyId::new(id), SystemClock.now())
        .await?;
    anyhow::ensure!(
        revoked,
        "{} has no key {id}, or it is revoked already.",
        organization.name
    );
    Ok(())
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::ReadOnly => "read-only",
        Role::Full => "full",
    }
}

#[cfg(test)]
mod tests {
    use accrual_engine::{MemoryStore, NewOrganization};
    use accrual_money::Currency;

    use super::*;

    async fn acme() -> MemoryStore {
        let store = MemoryStore::new();
        let name = Text::parse("Acme").unwrap();
        let new = NewOrganization {
            name,
            currency: Currency::parse("USD").unwrap(),
            zone: accrual_engine::Zone::utc(),
        };
        store
            .create_organization(new, SystemClock.now())
            .await
            .unwrap();
        store
    }

    fn checkout(role: KeyRole) -> NewKey {
        NewKey {
            org: "Acme".to_owned(),
            name: "checkout".to_owned(),
            role,
        }
    }

    #[tokio::test]
    async fn a_key_opens_its_organization_until_it_is_revoked() {
        let store = acme().await;
        let key = SecretKey::mint().unwrap();
        let added = add(&store, &checkout(KeyRole::ReadOnly), &key)
            .await
            .unwrap();
        assert_eq!(added, "key 1 of Acme: checkout, read-only");
        let known = store.authenticate(key.hash()).await.unwrap().unwrap();
        assert_eq!(known.role, Role::ReadOnly);

        revoke(&store, "Acme", 1).await.unwrap();
        assert_eq!(store.authenticate(key.hash()).await.unwrap(), None);
        let again = revoke(&store, "Acme", 1).await.unwrap_err();
        assert_eq!(
            again.to_string(),
            "Acme has no key 1, or it is revoked already."
        );
    }

    #[tokio::test]
    async fn a_key_is_not_added_twice_and_never_listed() {
        let store = acme().await;
        let key = SecretKey::import("sk_live_0123456789abcdef").unwrap();
        add(&store, &checkout(KeyRole::Full), &key).await.unwrap();
        let again = add(&store, &checkout(KeyRole::Full), &key)
            .await
            .unwrap_err();
        assert_eq!(again.to_string(), "This key is known already.");

        let mut out = Vec::new();
        list(&store, "1", &mut out).await.unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.contains("1   checkout  full"), "{shown}");
        assert!(!shown.contains("sk_live"), "{shown}");
    }
}
