//! Transfers, to read them.

use crate::{error::corrupt, value};
use accrual_attribution::AffiliateId;
use accrual_commission::{Account, AccountKind, Transfer};
use accrual_engine::{ConversionId, Posting, Sequence, StoreError};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transfers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub at_us: i64,
    pub conversion_id: i64,
    pub commission_position: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub affiliate_id: i64,
    pub from_account: String,
    pub to_account: String,
    pub amount_minor: i64,
    pub currency: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Posting, StoreError> {
        let transfer = Transfer::try_new(
            self.account(&self.from_account)?,
            self.account(&self.to_account)?,
            value::money(self.amount_minor, &self.currency)?,
        );
        Ok(Posting {
            sequence: Sequence::new(self.sequence),
            position: value::small(self.position)?,
            at: value::at(self.at_us)?,
            conversion: ConversionId::new(self.conversion_id),
            commission_position: value::small(self.commission_position)?,
            transfer: transfer.map_err(corrupt)?,
        })
    }

    fn account(&self, name: &str) -> Result<Account, StoreError> {
        let affiliate = AffiliateId::new(self.affiliate_id);
        Ok(match value::parse_account_kind(name)? {
            AccountKind::Expense => Account::Expense,
            AccountKind::Pending => Account::Pending(affiliate),
            AccountKind::Payable => Account::Payable(affiliate),
            AccountKind::Paid => Account::Paid(affiliate),
        })
    }
}
