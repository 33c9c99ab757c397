//! Where each organization stands: the row that its turns are taken on.

use crate::value;
use accrual_engine::{Head, OrgId, StoreError};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "heads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    pub currency: String,
    pub time_zone: String,
    pub sequence: i64,
    pub hash: Vec<u8>,
    pub setup_version: i64,
    pub last_program: i64,
    pub last_affiliate: i64,
    pub last_enrollment: i64,
    pub last_conversion: i64,
    pub last_promo_code: i64,
    pub last_referral: i64,
    pub last_shop: i64,
    pub remembers_customers: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Head, StoreError> {
        Ok(Head {
            organization: OrgId::new(self.organization_id),
            currency: value::currency(&self.currency)?,
            zone: value::zone(&self.time_zone)?,
            sequence: self.sequence,
            hash: value::hash(&self.hash)?,
            setup_version: self.setup_version,
            last_program: self.last_program,
            last_affiliate: self.last_affiliate,
            last_enrollment: self.last_enrollment,
            last_conversion: self.last_conversion,
            last_promo_code: self.last_promo_code,
            last_referral: self.last_referral,
            last_shop: self.last_shop,
            remembers_customers: self.remembers_customers,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(head: &Head) -> Self {
        Self {
            organization_id: Set(head.organization.number()),
            currency: Set(head.currency.code().to_owned()),
            time_zone: Set(head.zone.name().to_owned()),
            sequence: Set(head.sequence),
            hash: Set(head.hash.to_vec()),
            setup_version: Set(head.setup_version),
            last_program: Set(head.last_program),
            last_affiliate: Set(head.last_affiliate),
            last_enrollment: Set(head.last_enrollment),
            last_conversion: Set(head.last_conversion),
            last_promo_code: Set(head.last_promo_code),
            last_referral: Set(head.last_referral),
            last_shop: Set(head.last_shop),
            remembers_customers: Set(head.remembers_customers),
        }
    }
}
