//! Referrals, to read them.

use crate::{error::corrupt, value};
use accrual_attribution::{Email, Identifier, ReferralId, Touch};
use accrual_engine::{Identity, Referral, StoreError};
use accrual_money::Money;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referrals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub enrollment_id: i64,
    pub affiliate_id: i64,
    pub program_id: i64,
    pub click: Option<String>,
    pub external_user: Option<String>,
    pub customer: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub touch_kind: Option<String>,
    pub first_touch_us: Option<i64>,
    pub last_touch_us: Option<i64>,
    pub bound_at_us: Option<i64>,
    pub payments: i64,
    pub first_payment_at_us: Option<i64>,
    pub earned_minor: Option<i64>,
    pub earned_currency: Option<String>,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Referral, StoreError> {
        Ok(Referral {
            id: ReferralId::new(self.id),
            credit: value::credit(self.enrollment_id, self.affiliate_id, self.program_id),
            touch: self.touch()?,
            bound_at: self.bound_at_us.map(value::at).transpose()?,
            payments: value::small(self.payments)?,
            first_payment_at: self.first_payment_at_us.map(value::at).transpose()?,
            earned: self.earned()?,
            created_at: value::at(self.created_at_us)?,
            person: self.person()?,
        })
    }

    fn touch(&self) -> Result<Option<Touch>, StoreError> {
        let times = (self.first_touch_us, self.last_touch_us);
        let (Some(kind), (Some(first), Some(last))) = (&self.touch_kind, times) else {
            return Ok(None);
        };
        Ok(Some(Touch {
            kind: value::parse_touch_kind(kind)?,
            first_at: value::at(first)?,
            last_at: value::at(last)?,
        }))
    }

    fn earned(&self) -> Result<Option<Money>, StoreError> {
        let (Some(minor), Some(currency)) = (self.earned_minor, &self.earned_currency) else {
            return Ok(None);
        };
        value::money(minor, currency).map(Some)
    }

    fn person(self) -> Result<Identity, StoreError> {
        let id = |id: Option<String>| {
            let id = id.as_deref().map(Identifier::parse);
            id.transpose().map_err(corrupt)
        };
        let email = self.email.as_deref().map(Email::parse);
        Ok(Identity {
            click: id(self.click)?,
            external_user: id(self.external_user)?,
            customer: id(self.customer)?,
            email: email.transpose().map_err(corrupt)?,
            name: self.name.map(value::text).transpose()?,
        })
    }
}
