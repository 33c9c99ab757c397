//! Stores in which sales are made.

use crate::{error::corrupt, value};
use accrual_engine::{OrgId, Shop, ShopId, ShopKey, ShopPlatform, StoreError, micros};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shops")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub platform: String,
    /// The platform's own id of it.
    pub shop_key: String,
    pub name: String,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Shop, StoreError> {
        let platform = ShopPlatform::named(&self.platform);
        let no_platform = || corrupt(format!("{} has no stores", self.platform));
        Ok(Shop {
            id: ShopId::new(self.id),
            platform: platform.ok_or_else(no_platform)?,
            key: ShopKey::parse(self.shop_key).map_err(corrupt)?,
            name: value::text(self.name)?,
            created_at: value::at(self.created_at_us)?,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(org: OrgId, shop: &Shop) -> Self {
        Self {
            organization_id: Set(org.number()),
            id: Set(shop.id.number()),
            platform: Set(shop.platform.name().to_owned()),
            shop_key: Set(shop.key.as_str().to_owned()),
            name: Set(shop.name.as_str().to_owned()),
            created_at_us: Set(micros(shop.created_at)),
        }
    }
}
