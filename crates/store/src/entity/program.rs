//! Programs; their terms are in a table of their own.

use crate::value;
use accrual_attribution::ProgramId;
use accrual_engine::{OrgId, Program, StoreError, Version, micros};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: String,
    pub terms_version: i64,
    pub ambassador: bool,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The program, with the terms of its newest version.
    pub(crate) fn read(self, newest: Version) -> Result<Program, StoreError> {
        let Version { terms, crediting } = newest;
        Ok(Program {
            id: ProgramId::new(self.id),
            name: value::text(self.name)?,
            terms,
            crediting,
            is_ambassador: self.ambassador,
            created_at: value::at(self.created_at_us)?,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(org: OrgId, program: &Program) -> Self {
        Self {
            organization_id: Set(org.number()),
            id: Set(program.id.number()),
            name: Set(program.name.as_str().to_owned()),
            terms_version: Set(program.terms.version().number().into()),
            ambassador: Set(program.is_ambassador),
            created_at_us: Set(micros(program.created_at)),
        }
    }
}
