//! The demonstration's key, kept in a file that only its owner can read.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use accrual_engine::{Access, Clock, OrgId, Role, Text};
use anyhow::Context;

use crate::clock::SystemClock;
use crate::key::SecretKey;

/// The file's name.
pub(crate) const NAME: &str = "demo-key";

/// Readable and writable by its owner alone.
const PRIVATE: u32 = 0o600;

/// The key that an earlier start left in `folder`, or else a new one, which is left there.
pub(crate) async fn key(
    access: &dyn Access,
    organization: OrgId,
    folder: &Path,
) -> anyhow::Result<SecretKey> {
    let path = folder.join(NAME);
    if let Some(key) = read(&path)?
        && let Some(known) = access.authenticate(key.hash()).await?
        && known.organization == organization
    {
        return Ok(key);
    }
    let key = SecretKey::mint()?;
    let name = Text::parse("demonstration")?;
    let added = access.add_key(
        organization,
        name,
        Role::Full,
        key.hash(),
        SystemClock.now(),
    );
    added.await?.context("A new key was known already")?;
    write(&path, &key).with_context(|| format!("The key cannot be kept in {}", path.display()))?;
    Ok(key)
}

fn read(path: &Path) -> anyhow::Result<Option<SecretKey>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(SecretKey::import(&text).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("The key in {} cannot be read", path.display()))
        }
    }
}

fn write(path: &Path, key: &SecretKey) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(PRIVATE)
        .open(path)?;
    // The mode above counts only for a file that is new.
    file.set_permissions(Permissions::from_mode(PRIVATE))?;
    writeln!(file, "{}", key.reveal())
}

#[cfg(test)]
mod tests {
    use accrual_engine::MemoryStore;

    use super::*;
    use crate::command::demo::set_up;

    #[tokio::test]
    async fn the_key_is_private_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = MemoryStore::new();
        let organization = set_up::organization(&store).await.unwrap();
        let first = key(&store, organization, folder.path()).await.unwrap();
        let mode = fs::metadata(folder.path().join(NAME))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, PRIVATE);
        assert_eq!(
            key(&store, organization, folder.path()).await.unwrap(),
            first
        );
        assert_eq!(store.keys(organization).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_key_that_opens_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = MemoryStore::new();
        let organization = set_up::organization(&store).await.unwrap();
        fs::write(folder.path().join(NAME), "acc_of_another_database\n").unwrap();
        let replaced = key(&store, organization, folder.path()).await.unwrap();
        assert!(store.authenticate(replaced.hash()).await.unwrap().is_some());
        let mode = fs::metadata(folder.path().join(NAME))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, PRIVATE);
    }
}
