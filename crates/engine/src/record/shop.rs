//! Stores, as the journal writes them.

use serde::{Deserialize, Serialize};

use super::RecordError;
use super::value::{text, unreadable};
use crate::{Command, ShopKey, ShopPlatform, Text};

/// A store that was made known, or called otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShopRecord {
    platform: String,
    key: String,
    name: String,
}

impl ShopRecord {
    pub(super) fn of(platform: ShopPlatform, key: &ShopKey, name: &Text) -> Self {
        Self {
            platform: platform.name().to_owned(),
            key: key.to_string(),
            name: name.to_string(),
        }
    }

    pub(super) fn read(&self) -> Result<Command, RecordError> {
        let platform = ShopPlatform::named(&self.platform);
        Ok(Command::RegisterShop {
            platform: platform.ok_or_else(|| unreadable(&self.platform, "a platform of stores"))?,
            key: shop_key(&self.key)?,
            name: text(&self.name)?,
        })
    }
}

pub(super) fn shop_key(key: &str) -> Result<ShopKey, RecordError> {
    ShopKey::parse(key).map_err(|_| unreadable(key, "a store's id"))
}
