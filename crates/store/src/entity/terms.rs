//! Terms, every version of them; their incentives are JSON of this module.

use crate::{
    error::{corrupt, refused},
    value,
};
use accrual_commission::{Incentive, Pay, SaleType, Scope, Terms, TermsVersion};
use accrual_engine::{OrgId, Program, StoreError};
use accrual_money::{Currency, Money, Rate};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub program_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub currency: String,
    pub hold_days: i64,
    pub incentives: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(&self) -> Result<Terms, StoreError> {
        let currency = value::currency(&self.currency)?;
        let incentives: Vec<IncentiveJson> =
            serde_json::from_str(&self.incentives).map_err(corrupt)?;
        let incentives = incentives
            .iter()
            .map(|incentive| incentive.read(currency))
            .collect::<Result<_, _>>()?;
        let version = TermsVersion::new(value::small(self.version)?);
        let terms = Terms::try_new(version, currency, incentives).map_err(corrupt)?;
        Ok(terms.with_hold_days(value::small(self.hold_days)?))
    }
}

impl ActiveModel {
    /// The terms of `program`.
    pub(crate) fn of(org: OrgId, program: &Program) -> Result<Self, StoreError> {
        let terms = &program.terms;
        let incentives: Vec<_> = terms.incentives().iter().map(IncentiveJson::of).collect();
        Ok(Self {
            organization_id: Set(org.number()),
            program_id: Set(program.id.number()),
            version: Set(terms.version().number().into()),
            currency: Set(terms.currency().code().to_owned()),
            hold_days: Set(terms.hold_days().into()),
            incentives: Set(serde_json::to_string(&incentives).map_err(refused)?),
        })
    }
}

/// `{"pay": {"percent": "5"}, "covers": "subscription"}`; fixed amounts are minor units of the
/// terms' currency.
#[derive(Serialize, Deserialize)]
struct IncentiveJson {
    pay: PayJson,
    covers: CoversJson,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PayJson {
    Percent(String),
    FixedMinor(i64),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CoversJson {
    All,
    OneTime,
    Subscription,
}

impl IncentiveJson {
    fn of(incentive: &Incentive) -> Self {
        Self {
            pay: match incentive.pay() {
                Pay::Share(rate) => PayJson::Percent(rate.percent().to_string()),
                Pay::Fixed(amount) => PayJson::FixedMinor(amount.minor()),
            },
            covers: match incentive.scope() {
                Scope::All => CoversJson::All,
                Scope::Type(SaleType::OneTime) => CoversJson::OneTime,
                Scope::Type(SaleType::Subscription) => CoversJson::Subscription,
            },
        }
    }

    fn read(&self, currency: Currency) -> Result<Incentive, StoreError> {
        let pay = match &self.pay {
            PayJson::Percent(percent) => Pay::Share(Rate::parse_percent(percent).map_err(corrupt)?),
            PayJson::FixedMinor(minor) => Pay::Fixed(Money::from_minor(*minor, currency)),
        };
        Ok(Incentive::new(pay).with_scope(match self.covers {
            CoversJson::All => Scope::All,
            CoversJson::OneTime => Scope::Type(SaleType::OneTime),
            CoversJson::Subscription => Scope::Type(SaleType::Subscription),
        }))
    }
}
