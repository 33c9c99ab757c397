//! Programs, affiliates, enrollments and promo codes, as the journal writes them.

use accrual_attribution::{
    AffiliateId, Code, EnrollmentId, Identifier, ProgramId, PromoCodeId, Slug, Tag,
};
use accrual_money::Rate;
use serde::{Deserialize, Serialize};

use super::terms::TermsRecord;
use super::value::{MoneyRecord, at, code, identifier, optional, percent, rate, slug, tag, text};
use super::{RecordError, given};
use crate::{Command, Enrolling, PromoLimits, TermsChange, TermsDraft, Text, micros};

/// A program's settings; what is absent was not named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgramRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<TermsRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ambassador: Option<bool>,
}

/// An affiliate's settings; what is absent was not named, what is `null` was taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AffiliateRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    email: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    customer: Option<Option<String>>,
}

/// An enrollment's settings; what is absent was not named, what is `null` was taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrollmentRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    slug: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recruiter: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "given")]
    percent: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
}

/// A promo code's settings; what is absent was not named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromoCodeRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    promo_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<PromoLimitsRecord>,
}

/// What limits a promo code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct PromoLimitsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_redemptions: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    first_order_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    products: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    customers: Vec<String>,
}

fn owned(text: &Text) -> String {
    text.as_str().to_owned()
}

fn named<T>(value: Option<T>, what: &'static str) -> Result<T, RecordError> {
    value.ok_or(RecordError::Value {
        value: "nothing".to_owned(),
        what,
    })
}

/// What is written within `Some(None)`, `null`, and absent.
fn twice<T, R>(
    value: &Option<Option<T>>,
    read: impl Fn(&T) -> Result<R, RecordError>,
) -> Result<Option<Option<R>>, RecordError> {
    let inner = |value: &Option<T>| value.as_ref().map(&read).transpose();
    value.as_ref().map(inner).transpose()
}

impl ProgramRecord {
    /// That it is an ambassador program is written where it is one.
    pub(super) fn created(name: &Text, terms: &TermsDraft, is_ambassador: bool) -> Self {
        Self {
            program: None,
            name: Some(owned(name)),
            terms: Some(TermsRecord::of(&terms.clone().into())),
            ambassador: is_ambassador.then_some(true),
        }
    }

    pub(super) fn changed(
        program: ProgramId,
        name: Option<&Text>,
        terms: Option<&TermsChange>,
        is_ambassador: Option<bool>,
    ) -> Self {
        Self {
            program: Some(program.number()),
            name: name.map(owned),
            terms: terms.map(TermsRecord::of),
            ambassador: is_ambassador,
        }
    }

    pub(super) fn number(&self) -> Result<i64, RecordError> {
        named(self.program, "a program's number")
    }

    pub(super) fn read_created(&self) -> Result<Command, RecordError> {
        let terms = named(self.terms.as_ref(), "a program's terms")?;
        Ok(Command::CreateProgram {
            name: text(named(self.name.as_deref(), "a program's name")?)?,
            terms: terms.read_draft()?,
            is_ambassador: self.ambassador.unwrap_or(false),
        })
    }

    pub(super) fn read_changed(&self, program: ProgramId) -> Result<Command, RecordError> {
        Ok(Command::ChangeProgram {
            program,
            name: optional(self.name.as_ref(), |name| text(name))?,
            terms: self.terms.as_ref().map(TermsRecord::read).transpose()?,
            is_ambassador: self.ambassador,
        })
    }
}

impl AffiliateRecord {
    pub(super) fn created(
        name: &Text,
        email: Option<&Text>,
        customer: Option<&Identifier>,
    ) -> Self {
        Self {
            affiliate: None,
            name: Some(owned(name)),
            email: email.map(|email| Some(owned(email))),
            customer: customer.map(|customer| Some(customer.as_str().to_owned())),
        }
    }

    pub(super) fn changed(
        affiliate: AffiliateId,
        name: Option<&Text>,
        email: Option<&Option<Text>>,
        customer: Option<&Option<Identifier>>,
    ) -> Self {
        let spelled = |id: &Identifier| id.as_str().to_owned();
        Self {
            affiliate: Some(affiliate.number()),
            name: name.map(owned),
            email: email.map(|email| email.as_ref().map(owned)),
            customer: customer.map(|customer| customer.as_ref().map(spelled)),
        }
    }

    pub(super) fn number(&self) -> Result<i64, RecordError> {
        named(self.affiliate, "an affiliate's number")
    }

    pub(super) fn read_created(&self) -> Result<Command, RecordError> {
        Ok(Command::CreateAffiliate {
            name: text(named(self.name.as_deref(), "an affiliate's name")?)?,
            email: twice(&self.email, |email| text(email))?.flatten(),
            customer: twice(&self.customer, |id| identifier(id))?.flatten(),
        })
    }

    pub(super) fn read_changed(&self, affiliate: AffiliateId) -> Result<Command, RecordError> {
        Ok(Command::ChangeAffiliate {
            affiliate,
            name: optional(self.name.as_ref(), |name| text(name))?,
            email: twice(&self.email, |email| text(email))?,
            customer: twice(&self.customer, |id| identifier(id))?,
        })
    }
}

impl EnrollmentRecord {
    pub(super) fn created(enrolling: &Enrolling) -> Self {
        Self {
            enrollment: None,
            affiliate: Some(enrolling.affiliate.number()),
            program: Some(enrolling.program.number()),
            tag: Some(enrolling.tag.as_str().to_owned()),
            slug: enrolling
                .slug
                .as_ref()
                .map(|slug| Some(slug.as_str().to_owned())),
            recruiter: enrolling.recruiter.map(EnrollmentId::number),
            percent: enrolling.rate.map(|rate| Some(percent(rate))),
            active: None,
        }
    }

    pub(super) fn changed(
        enrollment: EnrollmentId,
        tag: Option<&Tag>,
        slug: Option<&Option<Slug>>,
        rate: Option<Option<Rate>>,
        is_active: Option<bool>,
    ) -> Self {
        let spelled = |slug: &Slug| slug.as_str().to_owned();
        Self {
            enrollment: Some(enrollment.number()),
            affiliate: None,
            program: None,
            tag: tag.map(|tag| tag.as_str().to_owned()),
            slug: slug.map(|slug| slug.as_ref().map(spelled)),
            recruiter: None,
            percent: rate.map(|rate| rate.map(percent)),
            active: is_active,
        }
    }

    pub(super) fn number(&self) -> Result<i64, RecordError> {
        named(self.enrollment, "an enrollment's number")
    }

    pub(super) fn read_created(&self) -> Result<Enrolling, RecordError> {
        let affiliate = named(self.affiliate, "an affiliate's number")?;
        let program = named(self.program, "a program's number")?;
        Ok(Enrolling {
            affiliate: AffiliateId::new(affiliate),
            program: ProgramId::new(program),
            tag: tag(named(self.tag.as_deref(), "a tag")?)?,
            slug: twice(&self.slug, |link| slug(link))?.flatten(),
            recruiter: self.recruiter.map(EnrollmentId::new),
            rate: twice(&self.percent, |percent| rate(percent))?.flatten(),
        })
    }

    pub(super) fn read_changed(&self, enrollment: EnrollmentId) -> Result<Command, RecordError> {
        Ok(Command::ChangeEnrollment {
            enrollment,
            tag: optional(self.tag.as_ref(), |text| tag(text))?,
            slug: twice(&self.slug, |link| slug(link))?,
            rate: twice(&self.percent, |percent| rate(percent))?,
            is_active: self.active,
        })
    }
}

impl PromoCodeRecord {
    pub(super) fn created(code: &Code, enrollment: EnrollmentId, limits: &PromoLimits) -> Self {
        Self {
            promo_code: None,
            code: Some(code.as_str().to_owned()),
            enrollment: Some(enrollment.number()),
            active: None,
            limits: Some(PromoLimitsRecord::of(limits)),
        }
    }

    pub(super) fn changed(
        promo_code: PromoCodeId,
        is_active: Option<bool>,
        limits: Option<&PromoLimits>,
    ) -> Self {
        Self {
            promo_code: Some(promo_code.number()),
            code: None,
            enrollment: None,
            active: is_active,
            limits: limits.map(PromoLimitsRecord::of),
        }
    }

    pub(super) fn number(&self) -> Result<i64, RecordError> {
        named(self.promo_code, "a promo code's number")
    }

    pub(super) fn read_created(&self) -> Result<Command, RecordError> {
        let limits = named(self.limits.as_ref(), "a promo code's limits")?;
        let enrollment = named(self.enrollment, "an enrollment's number")?;
        Ok(Command::CreatePromoCode {
            code: code(named(self.code.as_deref(), "a promo code")?)?,
            enrollment: EnrollmentId::new(enrollment),
            limits: limits.read()?,
        })
    }

    pub(super) fn read_changed(&self, promo_code: PromoCodeId) -> Result<Command, RecordError> {
        Ok(Command::ChangePromoCode {
            promo_code,
            is_active: self.active,
            limits: self
                .limits
                .as_ref()
                .map(PromoLimitsRecord::read)
                .transpose()?,
        })
    }
}

impl PromoLimitsRecord {
    fn of(limits: &PromoLimits) -> Self {
        let customers = limits.customers.iter();
        Self {
            expires_at_us: limits.expires_at.map(micros),
            max_redemptions: limits.max_redemptions,
            first_order_only: limits.first_order_only,
            minimum: limits.minimum.map(MoneyRecord::of),
            products: limits.products.iter().map(owned).collect(),
            customers: customers.map(|id| id.as_str().to_owned()).collect(),
        }
    }

    fn read(&self) -> Result<PromoLimits, RecordError> {
        let products = self.products.iter().map(|product| text(product));
        let customers = self.customers.iter().map(|id| identifier(id));
        Ok(PromoLimits {
            expires_at: self.expires_at_us.map(at).transpose()?,
            max_redemptions: self.max_redemptions,
            first_order_only: self.first_order_only,
            minimum: self.minimum.as_ref().map(MoneyRecord::read).transpose()?,
            products: products.collect::<Result<_, _>>()?,
            customers: customers.collect::<Result<_, _>>()?,
        })
    }
}

impl PromoLimits {
    /// Their JSON.
    pub fn to_json(&self) -> String {
        super::to_json(&PromoLimitsRecord::of(self))
    }

    /// The limits that `json` holds.
    ///
    /// # Errors
    /// [`RecordError`] if it holds none.
    pub fn parse(json: &str) -> Result<Self, RecordError> {
        serde_json::from_str::<PromoLimitsRecord>(json)?.read()
    }
}
