//! Where sales are made: what totals are kept by, and lists can ask for.

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use crate::{Platform, ShopKey, ShopPlatform, TextError};

/// Where a sale was made: its platform, and the store if it was made in one.
///
/// As a text it is `website`, or `shopify:5` for a store: no platform has a colon in its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Arc<str>);

/// The platform of sales of which no other is said.
const WEBSITE: &str = "website";

static ON_A_WEBSITE: LazyLock<Channel> = LazyLock::new(|| Channel(WEBSITE.into()));

/// The platform of a sale: a website, where none is said.
pub(crate) fn platform_name(platform: Option<&Platform>) -> &str {
    platform.map_or(WEBSITE, Platform::as_str)
}

impl Channel {
    /// The organization's own site.
    pub fn website() -> Self {
        ON_A_WEBSITE.clone()
    }

    /// The platform, a website where none is said, and the store there.
    pub fn of(platform: Option<&Platform>, shop: Option<&ShopKey>) -> Self {
        let platform = platform_name(platform);
        match shop {
            None if platform == WEBSITE => Self::website(),
            None => Self(platform.into()),
            Some(shop) => Self(format!("{platform}:{shop}").into()),
        }
    }

    /// A store.
    pub fn of_shop(platform: ShopPlatform, shop: &ShopKey) -> Self {
        Self(format!("{}:{shop}", platform.name()).into())
    }

    /// The channel of this text.
    ///
    /// # Errors
    /// [`TextError`] if its platform or its store cannot be one.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let (platform, shop) = match text.split_once(':') {
            Some((platform, shop)) => (platform, Some(ShopKey::parse(shop)?)),
            None => (text, None),
        };
        let platform = Platform::parse(platform)?;
        Ok(Self::of(Some(&platform), shop.as_ref()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its platform.
    pub fn platform(&self) -> &str {
        self.0
            .split_once(':')
            .map_or(&*self.0, |(platform, _)| platform)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_told_from_its_platform_whatever_it_is_called() {
        let shopify = Platform::parse("shopify").unwrap();
        let shop = ShopKey::parse("a:b").unwrap();
        let channel = Channel::of(Some(&shopify), Some(&shop));
        assert_eq!(channel.as_str(), "shopify:a:b");
        assert_eq!(channel.platform(), "shopify");
        assert_eq!(Channel::of_shop(ShopPlatform::Shopify, &shop), channel);
        assert_eq!(Channel::parse(channel.as_str()), Ok(channel));
        assert_eq!(Channel::of(None, None), Channel::website());
        assert_eq!(Channel::website().platform(), "website");
    }
}
