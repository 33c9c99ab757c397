//! `accrual org`: organizations.

use std::io::Write;

use accrual_engine::{Access, Clock, NewOrganization, Organization, Text, Zone};
use accrual_money::Currency;
use clap::{Args, Subcommand};

use crate::clock::SystemClock;
use crate::command::table;
use crate::configuration::{DatabaseSettings, Source};
use crate::database;

/// Create and list organizations, each with affiliates, sales and keys of its own
#[derive(Args, Debug)]
pub struct Org {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create an organization
    #[command(
        after_help = "Example: accrual org create \"Acme\" --currency EUR --time-zone Europe/Berlin"
    )]
    Create {
        /// What people call it; unique on this server
        name: String,
        /// The currency that its sums are shown in, by its ISO 4217 code
        #[arg(long, default_value = "USD", value_name = "CODE")]
        currency: String,
        /// The time zone that its days begin in, by its IANA name; it stays so, since sums are kept
        /// by days
        #[arg(long, default_value = "UTC", value_name = "ZONE")]
        time_zone: String,
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// List the organizations, oldest first
    List {
        #[command(flatten)]
        database: DatabaseSettings,
    },
}

impl Org {
    pub(crate) fn run(self, source: &Source) -> anyhow::Result<()> {
        let mut out = std::io::stdout();
        match self.command {
            Command::Create {
                name,
                currency,
                time_zone,
                database,
            } => database::with(database, source, async |access| {
                create(access, &name, &currency, &time_zone, &mut out).await
            }),
            Command::List { database } => database::with(database, source, async |access| {
                list(access, &mut out).await
            }),
        }
    }
}

async fn create(
    access: &dyn Access,
    name: &str,
    currency: &str,
    time_zone: &str,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let name = Text::parse(name).map_err(|error| anyhow::anyhow!("The name {error}."))?;
    let currency = Currency::parse(currency)?;
    let new = NewOrganization {
        name: name.clone(),
        currency,
        zone: Zone::parse(time_zone)?,
    };
    match access.create_organization(new, SystemClock.now()).await? {
        Some(made) => Ok(writeln!(
            out,
            "Created organization {}: {}.",
            made.id, made.name
        )?),
        None => anyhow::bail!("There is an organization named {name} already."),
    }
}

async fn list(access: &dyn Access, out: &mut impl Write) -> anyhow::Result<()> {
    let organizations = access.organizations().await?;
    let rows: Vec<_> = organizations
        .iter()
        .map(|organization| {
            [
                organization.id.to_string(),
                organization.name.to_string(),
                organization.currency.code().to_owned(),
                organization.zone.to_string(),
                organization.created_at.date().to_string(),
            ]
        })
        .collect();
    Ok(table::print(
        out,
        ["id", "name", "currency", "time zone", "created"],
        &rows,
    )?)
}

/// The organization with this name, or else with this number.
///
/// # Errors
/// If there is none, or the store cannot be asked.
pub(crate) async fn find(access: &dyn Access, wanted: &str) -> anyhow::Result<Organization> {
    let organizations = access.organizations().await?;
    let named = organizations
        .iter()
        .find(|organization| organization.name.as_str() == wanted);
    let numbered = || {
        organizations
            .iter()
            .find(|found| found.id.to_string() == wanted)
    };
    named.or_else(numbered).cloned().ok_or_else(|| {
        anyhow::anyhow!(
            "There is no organization {wanted}; `accrual org list` shows those there are."
        )
    })
}

#[cfg(test)]
mod tests {
    use accrual_engine::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn an_organization_is_created_once_and_found_by_name_or_number() {
        let store = MemoryStore::new();
        let mut out = Vec::new();
        let zone = "Europe/Berlin";
        create(&store, "Acme", "usd", zone, &mut out).await.unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Created organization 1: Acme.\n"
        );
        let again = create(&store, "Acme", "EUR", "UTC", &mut Vec::new())
            .await
            .unwrap_err();
        assert_eq!(
            again.to_string(),
            "There is an organization named Acme already."
        );

        assert_eq!(
            find(&store, "Acme").await.unwrap(),
            find(&store, "1").await.unwrap()
        );
        let missing = find(&store, "2").await.unwrap_err();
        assert!(
            missing
                .to_string()
                .starts_with("There is no organization 2;")
        );

        let mut out = Vec::new();
        list(&store, &mut out).await.unwrap();
        let listed = String::from_utf8(out).unwrap();
        assert!(
            listed.contains("1   Acme  USD       Europe/Berlin  "),
            "{listed}"
        );
    }

    #[tokio::test]
    async fn what_cannot_be_a_name_is_refused() {
        let store = MemoryStore::new();
        let refused = create(&store, " ", "USD", "UTC", &mut Vec::new())
            .await
            .unwrap_err();
        assert_eq!(refused.to_string(), "The name must not be empty.");
    }

    #[tokio::test]
    async fn a_time_zone_that_is_not_one_is_refused() {
        let store = MemoryStore::new();
        let refused = create(&store, "Acme", "USD", "Berlin", &mut Vec::new())
            .await
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "\"Berlin\" is not the name of a time zone, such as Europe/Berlin"
        );
    }
}
