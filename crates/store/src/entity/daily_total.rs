//! Totals of each day, to read them.

use crate::value;
use accrual_attribution::ProgramId;
use accrual_engine::{StoreError, Totals, TotalsKey};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "daily_totals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub program_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub status: String,
    pub conversions: i64,
    pub amount_minor: i64,
    pub refunded_minor: i64,
    pub charged_back_minor: i64,
    pub commission_minor: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<(TotalsKey, Totals), StoreError> {
        let currency = value::currency(&self.currency)?;
        let key = TotalsKey {
            day: value::parse_day(&self.day)?,
            program: ProgramId::new(self.program_id),
            currency,
            status: value::parse_status_kind(&self.status)?,
        };
        let totals = Totals {
            conversions: self.conversions,
            amount: value::money(self.amount_minor, &self.currency)?,
            refunded: value::money(self.refunded_minor, &self.currency)?,
            charged_back: value::money(self.charged_back_minor, &self.currency)?,
            commission: value::money(self.commission_minor, &self.currency)?,
        };
        Ok((key, totals))
    }
}
