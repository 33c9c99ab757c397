//! Enrollments.

use crate::{error::corrupt, value};
use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Standing, Tag};
use accrual_engine::{Enrollment, OrgId, StoreError, micros};
use accrual_money::Rate;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub affiliate_id: i64,
    pub program_id: i64,
    pub tag: String,
    pub percent: Option<String>,
    pub active: bool,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Enrollment, StoreError> {
        let percent = self.percent.as_deref();
        Ok(Enrollment {
            id: EnrollmentId::new(self.id),
            affiliate: AffiliateId::new(self.affiliate_id),
            program: ProgramId::new(self.program_id),
            tag: Tag::parse(&self.tag).map_err(corrupt)?,
            rate: percent
                .map(Rate::parse_percent)
                .transpose()
                .map_err(corrupt)?,
            standing: if self.active {
                Standing::Active
            } else {
                Standing::Ended
            },
            created_at: value::at(self.created_at_us)?,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(org: OrgId, enrollment: &Enrollment) -> Self {
        Self {
            organization_id: Set(org.number()),
            id: Set(enrollment.id.number()),
            affiliate_id: Set(enrollment.affiliate.number()),
            program_id: Set(enrollment.program.number()),
            tag: Set(enrollment.tag.as_str().to_owned()),
            percent: Set(enrollment.rate.map(|rate| rate.percent().to_string())),
            active: Set(match enrollment.standing {
                Standing::Active => true,
                Standing::Ended => false,
            }),
            created_at_us: Set(micros(enrollment.created_at)),
        }
    }
}
