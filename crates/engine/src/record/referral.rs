//! Clicks and sign-ups, as the journal writes them.

use accrual_attribution::{EnrollmentId, ReferralId, TouchKind};
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::value::{at, email, identifier, mirror, optional, slug, tag, text};
use crate::{Click, Identity, Sender, SignUp, SignUpBy, micros};

mirror!(TouchKindRecord of TouchKind { Impression, SoftClick, Click });

/// A click.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClickRecord {
    by: SenderRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor: Option<String>,
    kind: TouchKindRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_us: Option<i64>,
}

/// A sign-up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignUpRecord {
    by: SignUpByRecord,
    person: IdentityRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_us: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SenderRecord {
    Enrollment(i64),
    Tag(String),
    Link(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SignUpByRecord {
    Referral(i64),
    Visitor(String),
    Sender(SenderRecord),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IdentityRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    click: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl ClickRecord {
    pub(super) fn of(click: &Click) -> Self {
        Self {
            by: SenderRecord::of(&click.by),
            visitor: click.visitor.as_ref().map(|id| id.as_str().to_owned()),
            kind: TouchKindRecord::of(click.kind),
            at_us: click.at.map(micros),
        }
    }

    pub(super) fn read(&self) -> Result<Click, RecordError> {
        Ok(Click {
            by: self.by.read()?,
            visitor: optional(self.visitor.as_ref(), |id| identifier(id))?,
            kind: self.kind.read(),
            at: self.at_us.map(at).transpose()?,
        })
    }
}

impl SignUpRecord {
    pub(super) fn of(sign_up: &SignUp) -> Self {
        let by = match &sign_up.by {
            SignUpBy::Referral(id) => SignUpByRecord::Referral(id.number()),
            SignUpBy::Visitor(id) => SignUpByRecord::Visitor(id.as_str().to_owned()),
            SignUpBy::Sender(sender) => SignUpByRecord::Sender(SenderRecord::of(sender)),
        };
        Self {
            by,
            person: IdentityRecord::of(&sign_up.person),
            at_us: sign_up.at.map(micros),
        }
    }

    pub(super) fn read(&self) -> Result<SignUp, RecordError> {
        let by = match &self.by {
            SignUpByRecord::Referral(id) => SignUpBy::Referral(ReferralId::new(*id)),
            SignUpByRecord::Visitor(id) => SignUpBy::Visitor(identifier(id)?),
            SignUpByRecord::Sender(sender) => SignUpBy::Sender(sender.read()?),
        };
        Ok(SignUp {
            by,
            person: self.person.read()?,
            at: self.at_us.map(at).transpose()?,
        })
    }
}

impl SenderRecord {
    fn of(sender: &Sender) -> Self {
        match sender {
            Sender::Enrollment(id) => Self::Enrollment(id.number()),
            Sender::Tag(tag) => Self::Tag(tag.as_str().to_owned()),
            Sender::Link(slug) => Self::Link(slug.as_str().to_owned()),
        }
    }

    fn read(&self) -> Result<Sender, RecordError> {
        Ok(match self {
            Self::Enrollment(id) => Sender::Enrollment(EnrollmentId::new(*id)),
            Self::Tag(text) => Sender::Tag(tag(text)?),
            Self::Link(text) => Sender::Link(slug(text)?),
        })
    }
}

impl IdentityRecord {
    fn of(person: &Identity) -> Self {
        let id = |id: &Option<accrual_attribution::Identifier>| {
            id.as_ref().map(|id| id.as_str().to_owned())
        };
        Self {
            click: id(&person.click),
            external_user: id(&person.external_user),
            customer: id(&person.customer),
            email: person.email.as_ref().map(|email| email.as_str().to_owned()),
            name: person.name.as_ref().map(|name| name.as_str().to_owned()),
        }
    }

    fn read(&self) -> Result<Identity, RecordError> {
        let id = |text: &Option<String>| optional(text.as_ref(), |text| identifier(text));
        Ok(Identity {
            click: id(&self.click)?,
            external_user: id(&self.external_user)?,
            customer: id(&self.customer)?,
            email: optional(self.email.as_ref(), |address| email(address))?,
            name: optional(self.name.as_ref(), |name| text(name))?,
        })
    }
}
