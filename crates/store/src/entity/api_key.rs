//! API keys: their hashes only.

use crate::{error::corrupt, value};
use accrual_engine::{ApiKey, KeyId, OrgId, Role, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub name: String,
    pub role: String,
    pub hash: Vec<u8>,
    pub created_at_us: i64,
    pub revoked_at_us: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<ApiKey, StoreError> {
        Ok(ApiKey {
            id: KeyId::new(self.id),
            organization: OrgId::new(self.organization_id),
            name: value::text(self.name)?,
            role: match self.role.as_str() {
                "read_only" => Role::ReadOnly,
                "full" => Role::Full,
                other => return Err(corrupt(format!("{other} is not a role"))),
            },
            created_at: value::at(self.created_at_us)?,
            revoked_at: self.revoked_at_us.map(value::at).transpose()?,
        })
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::ReadOnly => "read_only",
        Role::Full => "full",
    }
}
