//! What was asked, as the journal writes it.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId};
use serde::{Deserialize, Serialize};

use super::afterwards::{ChangeStatusRecord, RefundRecord};
use super::amendment::AmendmentRecord;
use super::application::ApplicationRecord;
use super::referral::{ClickRecord, SignUpRecord};
use super::report::ReportRecord;
use super::set_up::{AffiliateRecord, EnrollmentRecord, ProgramRecord, PromoCodeRecord};
use super::shop::ShopRecord;
use super::{RecordError, to_json};
use crate::{ConversionId, Facts};

/// What was asked, or what that has led to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// [`crate::Command::CreateProgram`].
    #[serde(rename = "create_program/2")]
    CreateProgram(Box<ProgramRecord>),
    /// [`crate::Command::ChangeProgram`].
    #[serde(rename = "change_program/2")]
    ChangeProgram(Box<ProgramRecord>),
    /// [`crate::Command::CreateAffiliate`].
    #[serde(rename = "create_affiliate/1")]
    CreateAffiliate(AffiliateRecord),
    /// [`crate::Command::ChangeAffiliate`].
    #[serde(rename = "change_affiliate/1")]
    ChangeAffiliate(AffiliateRecord),
    /// [`crate::Command::Enroll`].
    #[serde(rename = "enroll/1")]
    Enroll(EnrollmentRecord),
    /// [`crate::Command::Apply`].
    #[serde(rename = "apply/1")]
    Apply(ApplicationRecord),
    /// [`crate::Command::ChangeEnrollment`].
    #[serde(rename = "change_enrollment/1")]
    ChangeEnrollment(EnrollmentRecord),
    /// [`crate::Command::CreatePromoCode`].
    #[serde(rename = "create_promo_code/1")]
    CreatePromoCode(PromoCodeRecord),
    /// [`crate::Command::ChangePromoCode`].
    #[serde(rename = "change_promo_code/1")]
    ChangePromoCode(PromoCodeRecord),
    /// [`crate::Command::RegisterShop`].
    #[serde(rename = "register_shop/1")]
    RegisterShop(ShopRecord),
    /// [`crate::Command::Click`].
    #[serde(rename = "click/1")]
    Click(ClickRecord),
    /// [`crate::Command::SignUp`].
    #[serde(rename = "sign_up/1")]
    SignUp(SignUpRecord),
    /// [`crate::Command::Report`].
    #[serde(rename = "report/1")]
    Report(Box<ReportRecord>),
    /// [`crate::Command::Refund`].
    #[serde(rename = "refund/1")]
    Refund(RefundRecord),
    /// [`crate::Command::Amend`].
    #[serde(rename = "amend/1")]
    Amend(Box<AmendmentRecord>),
    /// [`crate::Command::ChangeStatus`].
    #[serde(rename = "change_status/1")]
    ChangeStatus(ChangeStatusRecord),
    /// [`crate::Command::Mature`]: an entry for each conversion.
    #[serde(rename = "mature/1")]
    Mature,
    /// A sale has reached a tier that pays for earlier ones too: an entry for each of those.
    #[serde(rename = "lift/1")]
    Lift {
        /// The sale that has reached it.
        by: i64,
    },
}

impl Command {
    /// The record of a command.
    pub fn of(command: &crate::Command) -> Self {
        use crate::Command as C;
        match command {
            C::CreateProgram {
                name,
                terms,
                is_ambassador,
            } => Self::CreateProgram(Box::new(ProgramRecord::created(
                name,
                terms,
                *is_ambassador,
            ))),
            C::ChangeProgram {
                program,
                name,
                terms,
                is_ambassador,
            } => Self::ChangeProgram(Box::new(ProgramRecord::changed(
                *program,
                name.as_ref(),
                terms.as_ref(),
                *is_ambassador,
            ))),
            C::CreateAffiliate {
                name,
                email,
                customer,
            } => Self::CreateAffiliate(AffiliateRecord::created(
                name,
                email.as_ref(),
                customer.as_ref(),
            )),
            C::ChangeAffiliate {
                affiliate,
                name,
                email,
                customer,
            } => Self::ChangeAffiliate(AffiliateRecord::changed(
                *affiliate,
                name.as_ref(),
                email.as_ref(),
                customer.as_ref(),
            )),
            C::Enroll(enrolling) => Self::Enroll(EnrollmentRecord::created(enrolling)),
            C::Apply(application) => Self::Apply(ApplicationRecord::of(application)),
            C::ChangeEnrollment {
                enrollment,
                tag,
                slug,
                rate,
                is_active,
            } => Self::ChangeEnrollment(EnrollmentRecord::changed(
                *enrollment,
                tag.as_ref(),
                slug.as_ref(),
                *rate,
                *is_active,
            )),
            C::CreatePromoCode {
                code,
                enrollment,
                limits,
            } => Self::CreatePromoCode(PromoCodeRecord::created(code, *enrollment, limits)),
            C::ChangePromoCode {
                promo_code,
                is_active,
                limits,
            } => Self::ChangePromoCode(PromoCodeRecord::changed(
                *promo_code,
                *is_active,
                limits.as_ref(),
            )),
            C::RegisterShop {
                platform,
                key,
                name,
            } => Self::RegisterShop(ShopRecord::of(*platform, key, name)),
            C::Click(click) => Self::Click(ClickRecord::of(click)),
            C::SignUp(sign_up) => Self::SignUp(SignUpRecord::of(sign_up)),
            C::Report(facts) => Self::Report(Box::new(ReportRecord::of(facts))),
            C::Refund(refund) => Self::Refund(RefundRecord::of(refund)),
            C::Amend(amendment) => Self::Amend(Box::new(AmendmentRecord::of(amendment))),
            C::ChangeStatus {
                conversion,
                position,
                change,
            } => Self::ChangeStatus(ChangeStatusRecord::of(*conversion, *position, *change)),
            C::Mature => Self::Mature,
        }
    }

    /// The record of what a sale has led to.
    pub(crate) fn lift(by: ConversionId) -> Self {
        Self::Lift { by: by.number() }
    }

    /// Its JSON.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// The record that `json` holds.
    ///
    /// # Errors
    /// [`RecordError::Json`] if it is none.
    pub fn parse(json: &str) -> Result<Self, RecordError> {
        Ok(serde_json::from_str(json)?)
    }

    /// The command, to be run again; `None` if it is what another has led to.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub fn read(&self) -> Result<Option<crate::Command>, RecordError> {
        use crate::Command as C;
        Ok(Some(match self {
            Self::CreateProgram(program) => program.read_created()?,
            Self::ChangeProgram(program) => {
                let id = ProgramId::new(program.number()?);
                program.read_changed(id)?
            }
            Self::CreateAffiliate(affiliate) => affiliate.read_created()?,
            Self::ChangeAffiliate(affiliate) => {
                let id = AffiliateId::new(affiliate.number()?);
                affiliate.read_changed(id)?
            }
            Self::Enroll(enrollment) => C::Enroll(enrollment.read_created()?),
            Self::Apply(application) => C::Apply(application.read()?),
            Self::ChangeEnrollment(enrollment) => {
                let id = EnrollmentId::new(enrollment.number()?);
                enrollment.read_changed(id)?
            }
            Self::CreatePromoCode(promo_code) => promo_code.read_created()?,
            Self::ChangePromoCode(promo_code) => {
                let id = PromoCodeId::new(promo_code.number()?);
                promo_code.read_changed(id)?
            }
            Self::RegisterShop(shop) => shop.read()?,
            Self::Click(click) => C::Click(click.read()?),
            Self::SignUp(sign_up) => C::SignUp(sign_up.read()?),
            Self::Report(report) => C::Report(Box::new(report.read()?)),
            Self::Refund(refund) => C::Refund(refund.read()?),
            Self::Amend(amendment) => C::Amend(Box::new(amendment.read()?)),
            Self::ChangeStatus(change) => change.read(),
            Self::Mature => C::Mature,
            Self::Lift { .. } => return Ok(None),
        }))
    }

    /// The sale that was reported, if that was the command.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub fn facts(&self) -> Result<Option<Facts>, RecordError> {
        match self {
            Self::Report(report) => report.read().map(Some),
            Self::CreateProgram(_)
            | Self::ChangeProgram(_)
            | Self::CreateAffiliate(_)
            | Self::ChangeAffiliate(_)
            | Self::Enroll(_)
            | Self::Apply(_)
            | Self::ChangeEnrollment(_)
            | Self::CreatePromoCode(_)
            | Self::ChangePromoCode(_)
            | Self::RegisterShop(_)
            | Self::Click(_)
            | Self::SignUp(_)
            | Self::Refund(_)
            | Self::Amend(_)
            | Self::ChangeStatus(_)
            | Self::Mature
            | Self::Lift { .. } => Ok(None),
        }
    }
}
