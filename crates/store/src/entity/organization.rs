//! Organizations.

use crate::value;
use accrual_engine::{OrgId, Organization, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub currency: String,
    pub time_zone: String,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Organization, StoreError> {
        Ok(Organization {
            id: OrgId::new(self.id),
            name: value::text(self.name)?,
            currency: value::currency(&self.currency)?,
            zone: value::zone(&self.time_zone)?,
            created_at: value::at(self.created_at_us)?,
        })
    }
}
