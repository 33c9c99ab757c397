//! Stores: where sales are made, on a platform that has many of them.

use accrual_engine::{Command, Outcome, Shop, ShopId};
use poem_openapi::{ApiResponse, Object, OpenApi, param::Query};
use serde::{Deserialize, Serialize};

use super::{
    Key, Shared, Topic, WritingKey, field,
    page::{Page, Wanted},
    problem::Problem,
    submit,
    view::iso,
    word::ShopPlatformWord,
};
use crate::wire::{Body, OneOf, Reply, Required, Text, Word};

/// The operations on stores.
pub(crate) struct Stores;

/// A store to register.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct RegisterStore {
    /// The platform: `shopify`.
    #[serde(default)]
    platform: Required<OneOf<ShopPlatformWord>>,
    /// The platform's own id of the store: up to 255 characters, exact.
    #[serde(default)]
    id: Required<Text>,
    /// What people call it: up to 1,000 characters.
    #[serde(default)]
    name: Required<Text>,
}

/// A store in which sales are made.
#[derive(Object, Serialize)]
#[oai(rename = "Store")]
struct StoreView {
    /// The platform.
    platform: ShopPlatformWord,
    /// The platform's own id of the store.
    id: String,
    /// What people call it.
    name: String,
    /// When it was registered first.
    created_at: String,
}

/// The store is registered.
#[derive(ApiResponse)]
enum StoreRegistered {
    /// The store, under its name from now on.
    #[oai(status = 201)]
    Registered(Reply<StoreView>),
}

/// A page of stores.
#[derive(ApiResponse)]
enum StoresFound {
    /// Stores, in the order in which they were registered.
    #[oai(status = 200)]
    Found(Reply<Page<StoreView>>),
}

#[OpenApi(tag = "Topic::Stores")]
impl Stores {
    /// Register a store
    ///
    /// Sales can be reported as made in it from then on. Registering it again is safe, and gives it
    /// its new name.
    #[oai(path = "/stores", method = "post", operation_id = "registerStore")]
    async fn register_store(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        body: Body<RegisterStore>,
    ) -> Result<StoreRegistered, Problem> {
        let store = &body.value;
        let platform = field::required("platform", store.platform.given())?;
        let id = field::required("id", store.id.given())?;
        let name = field::required("name", store.name.given())?;
        let command = Command::RegisterShop {
            platform: field::word("platform", platform)?,
            key: field::shop_key("id", id)?,
            name: field::text("name", name)?,
        };
        let answer = submit(&context, &caller, command, None, "registerStore", &body).await?;
        Ok(StoreRegistered::Registered(Reply(shown(&answer.outcome)?)))
    }

    /// List stores
    #[oai(path = "/stores", method = "get", operation_id = "listStores")]
    async fn list_stores(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<StoresFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = ShopId::new(wanted.after[0]);
        let rows = context
            .reports
            .shops(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], StoreView::of);
        Ok(StoresFound::Found(Reply(page)))
    }
}

impl StoreView {
    fn of(shop: &Shop) -> Self {
        Self {
            platform: ShopPlatformWord::of(shop.platform),
            id: shop.key.as_str().to_owned(),
            name: shop.name.as_str().to_owned(),
            created_at: iso(shop.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<StoreView, Problem> {
    match outcome {
        Outcome::Shop(shop) => Ok(StoreView::of(shop)),
        // Registering a store comes to nothing else.
        Outcome::Program(_)
        | Outcome::Affiliate(_)
        | Outcome::Enrollment(_)
        | Outcome::PromoCode(_)
        | Outcome::Referral(_)
        | Outcome::Conversion(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}
