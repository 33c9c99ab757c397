//! Stores: where sales are made, on a platform that has many of them.

use time::OffsetDateTime;

use crate::{Platform, ShopId, ShopKey, Text};

/// A platform whose stores can be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShopPlatform {
    /// Shopify.
    Shopify,
}

impl ShopPlatform {
    /// Each of them.
    pub const ALL: [Self; 1] = [Self::Shopify];

    /// Its name, as a sale says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
        }
    }

    /// The one with this name; `None` if stores of that platform cannot be registered.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The same of a sale's platform.
    pub fn of(platform: Option<&Platform>) -> Option<Self> {
        Self::named(platform?.as_str())
    }
}

/// A store in which sales are made: `Shop` in code, where a `Store` is what keeps things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Its identity.
    pub id: ShopId,
    /// Its platform.
    pub platform: ShopPlatform,
    /// The platform's own id of it: unique on the platform within the organization.
    pub key: ShopKey,
    /// What people call it.
    pub name: Text,
    /// When it was registered (UTC).
    pub created_at: OffsetDateTime,
}
