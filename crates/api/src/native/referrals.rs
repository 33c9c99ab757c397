//! Referrals: people who were sent, from the first click to the last payment.

mod given;
mod show;

use accrual_attribution::{ReferralId, TouchKind};
use accrual_engine::{Command, Outcome};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
};

use super::{
    Key, Shared, Topic, WritingKey,
    page::{Page, Wanted},
    problem::Problem,
    submit,
};
use crate::wire::{Body, Reply, words};
use given::{CreateClick, CreateSignUp};
use show::ReferralView;

/// The operations on referrals.
pub(crate) struct Referrals;

words! {
    /// How a customer was reached.
    TouchWord "Touch" of TouchKind {
        /// A click.
        Click "click" (TouchKind::Click),
        /// A click that leads away only after something else.
        SoftClick "soft_click" (TouchKind::SoftClick),
        /// Something was shown.
        Impression "impression" (TouchKind::Impression),
    }
}

/// The referral is recorded.
#[derive(ApiResponse)]
enum ReferralRecorded {
    /// The referral as it is now: a new one, or one that is known.
    #[oai(status = 201)]
    Recorded(Reply<ReferralView>),
}

/// The referral.
#[derive(ApiResponse)]
enum ReferralFound {
    /// The referral.
    #[oai(status = 200)]
    Found(Reply<ReferralView>),
}

/// A page of referrals.
#[derive(ApiResponse)]
enum ReferralsFound {
    /// Referrals, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<ReferralView>>),
}

#[OpenApi(tag = "Topic::Referrals")]
impl Referrals {
    /// Record a click
    ///
    /// Somebody came by an affiliate's link. A later sale that claims its `click_id` or
    /// `referral_id` is credited to the enrollment, as long as the program's window is open.
    #[oai(path = "/clicks", method = "post", operation_id = "createClick")]
    async fn create_click(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateClick>,
    ) -> Result<ReferralRecorded, Problem> {
        let command = Command::Click(body.value.click()?);
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createClick", &body).await?;
        Ok(ReferralRecorded::Recorded(Reply(shown(&answer.outcome)?)))
    }

    /// Record a sign-up
    ///
    /// Somebody who was sent has signed up: from now on the person is known by what is said of it
    /// here, and sales can claim that. Signing up again adds what was not known before.
    #[oai(path = "/sign_ups", method = "post", operation_id = "createSignUp")]
    async fn create_sign_up(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateSignUp>,
    ) -> Result<ReferralRecorded, Problem> {
        let command = Command::SignUp(body.value.sign_up()?);
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createSignUp", &body).await?;
        Ok(ReferralRecorded::Recorded(Reply(shown(&answer.outcome)?)))
    }

    /// List referrals
    #[oai(path = "/referrals", method = "get", operation_id = "listReferrals")]
    async fn list_referrals(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<ReferralsFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = ReferralId::new(wanted.after[0]);
        let rows = context
            .reports
            .referrals(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], ReferralView::of);
        Ok(ReferralsFound::Found(Reply(page)))
    }

    /// Read a referral
    #[oai(path = "/referrals/:id", method = "get", operation_id = "getReferral")]
    async fn get_referral(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The referral's number.
        id: Path<i64>,
    ) -> Result<ReferralFound, Problem> {
        let id = ReferralId::new(id.0);
        let found = context.reports.referral(caller.organization, id).await?;
        let referral =
            found.ok_or_else(|| Problem::not_found(format!("There is no referral {id}.")))?;
        Ok(ReferralFound::Found(Reply(ReferralView::of(&referral))))
    }
}

fn shown(outcome: &Outcome) -> Result<ReferralView, Problem> {
    match outcome {
        Outcome::Referral(referral) => Ok(ReferralView::of(referral)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_)
        | Outcome::Affiliate(_)
        | Outcome::Enrollment(_)
        | Outcome::PromoCode(_)
        | Outcome::Conversion(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}
