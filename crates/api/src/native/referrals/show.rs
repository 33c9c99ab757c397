//! A referral, as it is shown.

use accrual_engine::Referral;
use poem_openapi::Object;
use serde::Serialize;

use super::TouchWord;
use crate::{
    native::view::{code, decimal, iso},
    wire::Word,
};

/// A person whom an enrollment has sent: a click, later a lead, then a customer.
#[derive(Object, Serialize)]
#[oai(rename = "Referral")]
pub(super) struct ReferralView {
    /// Its number.
    id: i64,
    /// The enrollment that has sent the person.
    enrollment_id: i64,
    /// Its affiliate.
    affiliate_id: i64,
    /// Its program.
    program_id: i64,
    /// Your own id of the visit or the visitor.
    #[oai(nullable)]
    click_id: Option<String>,
    /// Your own id of the person as a user.
    #[oai(nullable)]
    external_user_id: Option<String>,
    /// Your own id of the person as a customer.
    #[oai(nullable)]
    customer_id: Option<String>,
    /// The person's e-mail address.
    #[oai(nullable)]
    customer_email: Option<String>,
    /// The person's name.
    #[oai(nullable)]
    customer_name: Option<String>,
    /// The clicks, if there were any.
    #[oai(nullable)]
    touch: Option<TouchView>,
    /// Since when the person belongs to the enrollment: since signing up or buying first.
    #[oai(nullable)]
    bound_at: Option<String>,
    /// How many payments were credited to the enrollment, but for those that were withdrawn.
    payments: u32,
    /// When the first of them took place.
    #[oai(nullable)]
    first_payment_at: Option<String>,
    /// What the enrollment has earned from them; `null` is nothing yet.
    #[oai(nullable)]
    earned: Option<String>,
    /// ISO 4217 code of `earned`.
    #[oai(nullable)]
    currency: Option<String>,
    /// When it was made.
    created_at: String,
}

/// The clicks of one visitor by one enrollment.
#[derive(Object, Serialize)]
#[oai(rename = "Touches")]
struct TouchView {
    /// The strongest kind that there was.
    kind: TouchWord,
    /// When the first was.
    first_at: String,
    /// When the last was.
    last_at: String,
}

impl ReferralView {
    pub(super) fn of(referral: &Referral) -> Self {
        let (person, credit) = (&referral.person, &referral.credit);
        Self {
            id: referral.id.number(),
            enrollment_id: credit.enrollment.number(),
            affiliate_id: credit.affiliate.number(),
            program_id: credit.program.number(),
            click_id: person.click.as_ref().map(ToString::to_string),
            external_user_id: person.external_user.as_ref().map(ToString::to_string),
            customer_id: person.customer.as_ref().map(ToString::to_string),
            customer_email: person.email.as_ref().map(ToString::to_string),
            customer_name: person.name.as_ref().map(ToString::to_string),
            touch: referral.touch.map(|touch| TouchView {
                kind: TouchWord::of(touch.kind),
                first_at: iso(touch.first_at),
                last_at: iso(touch.last_at),
            }),
            bound_at: referral.bound_at.map(iso),
            payments: referral.payments,
            first_payment_at: referral.first_payment_at.map(iso),
            earned: referral.earned.map(decimal),
            currency: referral.earned.map(code),
            created_at: iso(referral.created_at),
        }
    }
}
