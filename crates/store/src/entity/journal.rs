//! The journal, to read it.

use crate::value;
use accrual_engine::{Actor, ConversionId, Entry, KeyId, Sequence, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub at_us: i64,
    pub key_id: Option<i64>,
    pub request_id: String,
    pub conversion_id: Option<i64>,
    pub command: String,
    pub outcome: String,
    pub hash: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Entry, StoreError> {
        Ok(Entry {
            sequence: Sequence::new(self.sequence),
            at: value::at(self.at_us)?,
            actor: self
                .key_id
                .map_or(Actor::Operator, |key| Actor::Key(KeyId::new(key))),
            request_id: value::text(self.request_id)?,
            conversion: self.conversion_id.map(ConversionId::new),
            command: self.command,
            outcome: self.outcome,
            hash: value::hash(&self.hash)?,
        })
    }
}
