//! What enrollments have sold and earned each day, to read it.

use crate::value;
use accrual_attribution::EnrollmentId;
use accrual_engine::{DayKey, DayTally, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tallies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub enrollment_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    pub conversions: i64,
    pub base_minor: i64,
    pub earned_minor: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<(DayKey, DayTally), StoreError> {
        let key = DayKey {
            enrollment: EnrollmentId::new(self.enrollment_id),
            currency: value::currency(&self.currency)?,
            day: value::parse_day(&self.day)?,
        };
        let tally = DayTally {
            conversions: self.conversions,
            base: value::money(self.base_minor, &self.currency)?,
            earned: value::money(self.earned_minor, &self.currency)?,
        };
        Ok((key, tally))
    }
}
