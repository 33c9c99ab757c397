//! Promo codes, to read them.

use crate::{error::corrupt, value};
use accrual_attribution::{Code, EnrollmentId, PromoCodeId};
use accrual_engine::{PromoCode, PromoLimits, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promo_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub code: String,
    pub enrollment_id: i64,
    pub active: bool,
    pub limits: String,
    pub redeemed: i64,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<PromoCode, StoreError> {
        Ok(PromoCode {
            id: PromoCodeId::new(self.id),
            code: Code::parse(&self.code).map_err(corrupt)?,
            enrollment: EnrollmentId::new(self.enrollment_id),
            is_active: self.active,
            limits: PromoLimits::parse(&self.limits).map_err(corrupt)?,
            redeemed: value::small(self.redeemed)?,
            created_at: value::at(self.created_at_us)?,
        })
    }
}
