//! Terms, every version of them, as the JSON that the journal has of them too.

use crate::{error::corrupt, value};
use accrual_commission::TermsVersion;
use accrual_engine::{OrgId, Program, StoreError, Version};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub program_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub definition: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Version, StoreError> {
        let version = TermsVersion::new(value::small(self.version)?);
        Version::parse(version, &self.definition).map_err(corrupt)
    }
}

impl ActiveModel {
    /// The newest terms of `program`.
    pub(crate) fn of(org: OrgId, program: &Program) -> Self {
        let newest = Version {
            terms: program.terms.clone(),
            crediting: program.crediting.clone(),
        };
        Self {
            organization_id: Set(org.number()),
            program_id: Set(program.id.number()),
            version: Set(program.terms.version().number().into()),
            definition: Set(newest.to_json()),
        }
    }
}
