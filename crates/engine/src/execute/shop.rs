//! Stores: made known, and called otherwise.

use std::sync::Arc;

use super::draft::Draft;
use crate::{Answer, Changes, Outcome, Replay, Shop, ShopKey, ShopPlatform, Subject, Text};

/// Makes the store known under this name; what is known so already stays as it is.
pub(super) fn register(
    mut draft: Draft<'_>,
    platform: ShopPlatform,
    key: &ShopKey,
    name: &Text,
) -> (Answer, Changes) {
    let shop = match draft.book.by_shop_key(platform, key).cloned() {
        Some(known) if known.name == *name => {
            draft.remember(Subject::Shop(known.id));
            let (outcome, replay) = (Outcome::Shop(known), Replay::Same);
            return (Answer { outcome, replay }, draft.finish());
        }
        Some(known) => Shop {
            name: name.clone(),
            ..Shop::clone(&known)
        },
        None => Shop {
            id: draft.head().next_shop(),
            platform,
            key: key.clone(),
            name: name.clone(),
            created_at: draft.at,
        },
    };
    let shop = Arc::new(shop);
    draft.changes.shops.push(shop.clone());
    draft.set_up(Subject::Shop(shop.id), Outcome::Shop(shop))
}
