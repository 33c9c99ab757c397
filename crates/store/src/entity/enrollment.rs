//! Enrollments.

use crate::{error::corrupt, value};
use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Slug, Tag};
use accrual_engine::{Enrollment, OrgId, StoreError, micros};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use serde_json::{Map, Value};

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
    pub slug: Option<String>,
    pub recruiter_id: Option<i64>,
    pub percent: Option<String>,
    pub state: String,
    /// JSON; NULL is nothing.
    pub details: Option<String>,
    pub created_at_us: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn read(self) -> Result<Enrollment, StoreError> {
        let (slug, percent) = (self.slug.as_deref(), self.percent.as_deref());
        Ok(Enrollment {
            id: EnrollmentId::new(self.id),
            affiliate: AffiliateId::new(self.affiliate_id),
            program: ProgramId::new(self.program_id),
            tag: Tag::parse(&self.tag).map_err(corrupt)?,
            slug: slug.map(Slug::parse).transpose().map_err(corrupt)?,
            recruiter: self.recruiter_id.map(EnrollmentId::new),
            rate: percent.map(value::rate).transpose()?,
            state: value::parse_enrollment_state(&self.state)?,
            details: self
                .details
                .map_or_else(|| Ok(Map::new()), |json| serde_json::from_str(&json))
                .map_err(corrupt)?,
            created_at: value::at(self.created_at_us)?,
        })
    }
}

impl ActiveModel {
    pub(crate) fn of(org: OrgId, enrollment: &Enrollment) -> Self {
        let slug = enrollment.slug.as_ref();
        Self {
            organization_id: Set(org.number()),
            id: Set(enrollment.id.number()),
            affiliate_id: Set(enrollment.affiliate.number()),
            program_id: Set(enrollment.program.number()),
            tag: Set(enrollment.tag.as_str().to_owned()),
            slug: Set(slug.map(|slug| slug.as_str().to_owned())),
            recruiter_id: Set(enrollment.recruiter.map(EnrollmentId::number)),
            percent: Set(enrollment.rate.map(value::percent)),
            state: Set(value::enrollment_state(enrollment.state).to_owned()),
            details: Set(details(enrollment)),
            created_at_us: Set(micros(enrollment.created_at)),
        }
    }
}

fn details(enrollment: &Enrollment) -> Option<String> {
    let details = &enrollment.details;
    (!details.is_empty()).then(|| Value::Object(details.clone()).to_string())
}
