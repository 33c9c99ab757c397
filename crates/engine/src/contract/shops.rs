//! What stores, and sales in them, keep to.

use super::{Shared, fixture::*};
use crate::{
    Channel, Command, Error, Facts, Listing, Outcome, Replay, Shop as Branch, ShopId, ShopKey,
    ShopPlatform,
};

fn key(text: &str) -> ShopKey {
    ShopKey::parse(text).unwrap()
}

fn register(id: &str, name: &str) -> Command {
    Command::RegisterShop {
        platform: ShopPlatform::Shopify,
        key: key(id),
        name: text(name),
    }
}

/// A store is one however often it is registered, and called as it was said last.
pub async fn a_store_is_registered_once(store: Shared) {
    let shop = Shop::open(&store).await;
    shop.run(register("5", "Berlin")).await;
    shop.run(register("6", "Paris")).await;
    let before = shop.head().await;
    let again = shop.submit(register("5", "Berlin")).await.unwrap();
    assert_eq!(again.replay, Replay::Same);
    assert_eq!(shop.head().await, before);

    let Outcome::Shop(renamed) = shop.run(register("5", "Hamburg")).await else {
        panic!("not a store");
    };
    let expected = Branch {
        id: ShopId::new(1),
        platform: ShopPlatform::Shopify,
        key: key("5"),
        name: text("Hamburg"),
        created_at: NOW,
    };
    assert_eq!(*renamed, expected);
    let all = store.shops(shop.org, ShopId::new(0), 10).await.unwrap();
    let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Hamburg", "Paris"]);
    let next = store.shops(shop.org, ShopId::new(1), 10).await.unwrap();
    assert_eq!(next, all[1..]);
    let elsewhere = organization(&store, "Another shop").await;
    let none = store.shops(elsewhere, ShopId::new(0), 10).await.unwrap();
    assert_eq!(none, []);
}

/// A sale is made in a store that is registered, on its platform, and is listed there and nowhere
/// else; a store of the same batch will do.
pub async fn a_sale_is_made_in_a_store_that_is_registered(store: Shared) {
    let shop = Shop::open(&store).await;
    let sold_in = |order: &str, on: &str, id: Option<&str>| Facts {
        platform: Some(platform(on)),
        shop: id.map(key),
        ..sale(order, 1_000)
    };
    let unknown = shop
        .try_report(sold_in("order-1", "shopify", Some("5")))
        .await;
    let channel = Channel::of_shop(ShopPlatform::Shopify, &key("5"));
    assert_eq!(unknown, Err(Error::ShopNotFound(channel.clone())));

    let in_store = report(sold_in("order-1", "shopify", Some("5")));
    let answers = shop
        .submit_together([register("5", "Berlin"), in_store])
        .await;
    assert!(answers.iter().all(Result::is_ok));
    shop.report(sold_in("order-2", "shopify", None)).await;
    shop.report(sold_in("order-3", "website", None)).await;
    shop.report(sale("order-4", 1_000)).await;
    let elsewhere = shop
        .try_report(sold_in("order-5", "website", Some("5")))
        .await;
    assert!(matches!(elsewhere, Err(Error::ShopNotFound(_))));

    let shopify = Channel::of(Some(&platform("shopify")), None);
    for (channel, orders) in [
        (channel, vec!["order-1"]),
        (shopify, vec!["order-2"]),
        (Channel::website(), vec!["order-4", "order-3"]),
    ] {
        let listing = Listing {
            channel: Some(channel),
            ..Listing::default()
        };
        let list = store.list(shop.org, &listing, everything()).await.unwrap();
        let listed: Vec<_> = list
            .sales
            .iter()
            .map(|one| one.reference.as_str())
            .collect();
        assert_eq!(listed, orders);
        let counts: i64 = list.totals.values().map(|(count, _)| count).sum();
        assert_eq!(usize::try_from(counts).unwrap(), orders.len());
    }
}
