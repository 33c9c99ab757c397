//! Clicks and sign-ups, as they are given.

use accrual_attribution::TouchKind;
use accrual_engine::{Click, Identity, Sender, SignUp, SignUpBy};
use poem_openapi::Object;
use serde::Deserialize;

use super::TouchWord;
use crate::{
    native::{field, problem::Problem},
    wire::{Given, Integer, OneOf, Text, Time},
};

/// A click to record: by `enrollment_id`, `tag` or `link`.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateClick {
    /// The enrollment whose link it is.
    #[oai(nullable)]
    enrollment_id: Option<Given<Integer>>,
    /// Its tag, in any case.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// Its link: what it ends with, or the whole URL.
    #[oai(nullable)]
    link: Option<Given<Text>>,
    /// Your own id of the visit or the visitor, such as one that is kept in a cookie: up to 255
    /// characters; made up if absent. The same one again is a further click of the same visitor.
    #[oai(nullable)]
    click_id: Option<Given<Text>>,
    /// How it came about: `click` (if absent); `soft_click`, which leads away only after something
    /// else, such as one that shows a promo code; or `impression`. The former go before the latter.
    #[oai(nullable)]
    kind: Option<Given<OneOf<TouchWord>>>,
    /// When it was; now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
}

/// Somebody who was sent and has signed up: by `referral_id` or `click_id`, or without a click by
/// `enrollment_id`, `tag` or `link`. Something must be said of the person: `external_user_id`,
/// `customer_id` or `customer_email`.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSignUp {
    /// The referral that the click has made.
    #[oai(nullable)]
    referral_id: Option<Given<Integer>>,
    /// Your own id of the visit or the visitor: the one that was clicked last.
    #[oai(nullable)]
    click_id: Option<Given<Text>>,
    /// The enrollment that has sent the person.
    #[oai(nullable)]
    enrollment_id: Option<Given<Integer>>,
    /// Its tag, in any case.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// Its link: what it ends with, or the whole URL.
    #[oai(nullable)]
    link: Option<Given<Text>>,
    /// Your own id of the person as a user.
    #[oai(nullable)]
    external_user_id: Option<Given<Text>>,
    /// Your own id of the person as a customer, or that of whoever takes your payments.
    #[oai(nullable)]
    customer_id: Option<Given<Text>>,
    /// The person's e-mail address.
    #[oai(nullable)]
    customer_email: Option<Given<Text>>,
    /// The person's name.
    #[oai(nullable)]
    customer_name: Option<Given<Text>>,
    /// When it was; now, if absent. The person belongs to the enrollment from then on, as the
    /// program's `binding` says.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
}

/// Who has sent somebody, as far as it is said.
struct SenderInput<'a> {
    enrollment_id: Option<&'a Given<Integer>>,
    tag: Option<&'a Given<Text>>,
    link: Option<&'a Given<Text>>,
}

impl SenderInput<'_> {
    /// How many ways it is said in.
    fn count(&self) -> usize {
        usize::from(self.enrollment_id.is_some())
            + usize::from(self.tag.is_some())
            + usize::from(self.link.is_some())
    }

    fn sender(&self) -> Result<Option<Sender>, Problem> {
        let by_number = field::optional("enrollment_id", self.enrollment_id, field::enrollment)?;
        let by_tag = field::optional("tag", self.tag, field::tag)?;
        let by_link = field::optional("link", self.link, field::link)?;
        Ok(by_number
            .map(Sender::Enrollment)
            .or(by_tag.map(Sender::Tag))
            .or(by_link.map(Sender::Link)))
    }
}

impl CreateClick {
    pub(super) fn click(&self) -> Result<Click, Problem> {
        let sender = SenderInput {
            enrollment_id: self.enrollment_id.as_ref(),
            tag: self.tag.as_ref(),
            link: self.link.as_ref(),
        };
        let by = sender.sender()?.filter(|_| sender.count() == 1);
        let by = by.ok_or_else(|| {
            let what = "or tag or link is required, and one of them only";
            Problem::invalid("enrollment_id", what)
        })?;
        let kind = field::optional("kind", self.kind.as_ref(), field::word)?;
        Ok(Click {
            by,
            visitor: field::optional("click_id", self.click_id.as_ref(), field::identifier)?,
            kind: kind.unwrap_or(TouchKind::Click),
            at: field::instant("occurred_at", self.occurred_at.as_ref())?,
        })
    }
}

impl CreateSignUp {
    pub(super) fn sign_up(&self) -> Result<SignUp, Problem> {
        Ok(SignUp {
            by: self.by()?,
            person: self.person()?,
            at: field::instant("occurred_at", self.occurred_at.as_ref())?,
        })
    }

    fn by(&self) -> Result<SignUpBy, Problem> {
        let sender = SenderInput {
            enrollment_id: self.enrollment_id.as_ref(),
            tag: self.tag.as_ref(),
            link: self.link.as_ref(),
        };
        let referral = self.referral_id.as_ref();
        let referral = field::optional("referral_id", referral, field::referral)?;
        let visitor = self.click_id.as_ref();
        let visitor = field::optional("click_id", visitor, field::identifier)?;
        let count =
            sender.count() + usize::from(referral.is_some()) + usize::from(visitor.is_some());
        let by = referral
            .map(SignUpBy::Referral)
            .or(visitor.map(SignUpBy::Visitor))
            .or(sender.sender()?.map(SignUpBy::Sender));
        by.filter(|_| count == 1).ok_or_else(|| {
            let what = "or click_id, enrollment_id, tag or link is required, and one of them only";
            Problem::invalid("referral_id", what)
        })
    }

    fn person(&self) -> Result<Identity, Problem> {
        let user = self.external_user_id.as_ref();
        let customer = self.customer_id.as_ref();
        let email = self.customer_email.as_ref();
        Ok(Identity {
            click: None,
            external_user: field::optional("external_user_id", user, field::identifier)?,
            customer: field::optional("customer_id", customer, field::identifier)?,
            email: field::optional("customer_email", email, field::email)?,
            name: field::optional_text("customer_name", self.customer_name.as_ref())?,
        })
    }
}
