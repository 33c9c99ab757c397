//! Idempotency keys, and what they led to; to read them.

use crate::{error::corrupt, value};
use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_engine::{ConversionId, IdempotencyKey, Remembered, ShopId, StoreError, Subject};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub idempotency_key: String,
    pub fingerprint: Vec<u8>,
    pub subject_kind: String,
    pub subject_id: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Remembered, StoreError> {
        Ok(Remembered {
            key: IdempotencyKey::parse(self.idempotency_key).map_err(corrupt)?,
            fingerprint: value::hash(&self.fingerprint)?,
            about: match self.subject_kind.as_str() {
                "program" => Subject::Program(ProgramId::new(self.subject_id)),
                "affiliate" => Subject::Affiliate(AffiliateId::new(self.subject_id)),
                "enrollment" => Subject::Enrollment(EnrollmentId::new(self.subject_id)),
                "promo_code" => Subject::PromoCode(PromoCodeId::new(self.subject_id)),
                "referral" => Subject::Referral(ReferralId::new(self.subject_id)),
                "shop" => Subject::Shop(ShopId::new(self.subject_id)),
                "conversion" => Subject::Conversion(ConversionId::new(self.subject_id)),
                other => return Err(corrupt(format!("{other} is no subject"))),
            },
        })
    }
}

/// What stands for a subject: its kind and its number.
pub(crate) fn subject(subject: Subject) -> (&'static str, i64) {
    match subject {
        Subject::Program(id) => ("program", id.number()),
        Subject::Affiliate(id) => ("affiliate", id.number()),
        Subject::Enrollment(id) => ("enrollment", id.number()),
        Subject::PromoCode(id) => ("promo_code", id.number()),
        Subject::Referral(id) => ("referral", id.number()),
        Subject::Shop(id) => ("shop", id.number()),
        Subject::Conversion(id) => ("conversion", id.number()),
    }
}
