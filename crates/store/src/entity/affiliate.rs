//! Affiliates.

use crate::{error::corrupt, value};
use accrual_attribution::{AffiliateId, Identifier};
use accrual_engine::{Affiliate, OrgId, StoreError, micros};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
    /// The e-mail address as it is compared.
    pub address: Option<String>,
    pub customer: Option<String>,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Affiliate, StoreError> {
        let customer = self.customer.as_deref();
        Ok(Affiliate {
            id: AffiliateId::new(self.id),
            name: value::text(self.name)?,
            email: self.email.map(value::text).transpose()?,
            customer: customer
                .map(Identifier::parse)
                .transpose()
                .map_err(corrupt)?,
            created_at: value::at(self.created_at_us)?,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(org: OrgId, affiliate: &Affiliate) -> Self {
        let email = affiliate.email.as_ref();
        let customer = affiliate.customer.as_ref();
        Self {
            organization_id: Set(org.number()),
            id: Set(affiliate.id.number()),
            name: Set(affiliate.name.as_str().to_owned()),
            email: Set(email.map(|email| email.as_str().to_owned())),
            address: Set(affiliate
                .address()
                .map(|address| address.as_str().to_owned())),
            customer: Set(customer.map(|customer| customer.as_str().to_owned())),
            created_at_us: Set(micros(affiliate.created_at)),
        }
    }
}
