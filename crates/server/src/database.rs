//! The database that the configuration names, opened.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use accrual_engine::Access;
use accrual_store::{SqlStore, StoreOptions};
use anyhow::Context;
use async_trait::async_trait;

use crate::configuration::{
    Configuration, DatabaseConfiguration, DatabaseSettings, Settings, Source,
};
use crate::health::Readiness;
use crate::serving::Opened;

/// Connects, and brings the schema up to date or checks that it is.
///
/// # Errors
/// If the folder cannot be made, the database cannot be reached, or its schema is another.
pub async fn open(configuration: &DatabaseConfiguration) -> anyhow::Result<Opened> {
    if configuration.url.is_embedded_in(&configuration.data) {
        make_folder(&configuration.data)?;
    }
    let url = configuration.url.secret();
    let store = SqlStore::connect(url, StoreOptions::default())
        .await
        .with_context(|| format!("The database {} cannot be opened", configuration.url))?;
    if configuration.no_migrate {
        let readiness = Sql(store.clone());
        readiness.check().await.map_err(anyhow::Error::msg)?;
    } else {
        let migrated = store.migrate().await;
        migrated.with_context(|| {
            format!(
                "The schema of {} cannot be brought up to date",
                configuration.url
            )
        })?;
    }
    Ok(Opened {
        store: Arc::new(store.clone()),
        reports: Arc::new(store.clone()),
        access: Arc::new(store.clone()),
        readiness: Arc::new(Sql(store)),
    })
}

/// Runs one command on the organizations and keys of the database that the settings name.
pub(crate) fn with(
    database: DatabaseSettings,
    source: &Source,
    work: impl AsyncFnOnce(&dyn Access) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let configuration = load(database, source)?;
    with_opened(&configuration, async |opened| work(&*opened.access).await)
}

/// Runs one command on everything in the database that the settings name, which is not made if it is
/// missing: there is nothing to be read in a new one.
pub(crate) fn with_existing(
    database: DatabaseSettings,
    source: &Source,
    work: impl AsyncFnOnce(&Opened) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let configuration = load(database, source)?;
    if let Some(file) = configuration.url.file() {
        // What cannot be looked at is left to SQLite, which says why.
        anyhow::ensure!(
            file.try_exists().unwrap_or(true),
            "There is no database {}: name its folder with --data, or another one with \
             --database-url.",
            file.display()
        );
    }
    with_opened(&configuration, work)
}

fn load(database: DatabaseSettings, source: &Source) -> anyhow::Result<DatabaseConfiguration> {
    let settings = Settings {
        database,
        ..Settings::default()
    };
    Ok(Configuration::load(settings, source)?.database)
}

fn with_opened(
    configuration: &DatabaseConfiguration,
    work: impl AsyncFnOnce(&Opened) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let opened = open(configuration).await?;
        work(&opened).await
    })
}

fn make_folder(path: &Path) -> anyhow::Result<()> {
    // What is in it is about people: it is its owner's alone.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("The folder {} cannot be made", path.display()))
}

/// A database behind sea-orm.
struct Sql(SqlStore);

#[async_trait]
impl Readiness for Sql {
    async fn check(&self) -> Result<(), String> {
        match self.0.schema_is_current().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("The schema of the database is older than this server.".to_owned()),
            // The reason may name hosts and users: it is for the log.
            Err(error) => {
                tracing::warn!(%error, "the database is not ready");
                Err("The database cannot be reached, or its schema is another.".to_owned())
            }
        }
    }

    /// So that SQLite's log is written back into its file.
    async fn close(&self) {
        if let Err(error) = self.0.clone().close().await {
            tracing::warn!(%error, "the database was not closed");
        }
    }
}
