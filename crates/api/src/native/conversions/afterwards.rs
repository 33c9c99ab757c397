//! What becomes of conversions: refunds, changed amounts, changes of status.

use accrual_engine::{Command, ConversionId, Recorded};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path},
};

use super::{
    given::{ChangeConversion, ChangeStatus, CreateRefund},
    show::ConversionView,
    shown, unknown,
};
use crate::{
    Caller,
    native::{Shared, Topic, WritingKey, problem::Problem, submit},
    wire::{Body, Reply},
};

/// The operations on what becomes of conversions.
pub(crate) struct Afterwards;

/// The refund is recorded.
#[derive(ApiResponse)]
enum RefundCreated {
    /// The conversion as it is now.
    #[oai(status = 201)]
    Created(Reply<ConversionView>),
}

/// The conversion is changed.
#[derive(ApiResponse)]
enum ConversionChanged {
    /// The conversion as it is now.
    #[oai(status = 200)]
    Changed(Reply<ConversionView>),
}

#[OpenApi(tag = "Topic::Conversions")]
impl Afterwards {
    /// Record a refund or a chargeback
    ///
    /// The customer got money back: every commission is what it earns of what is left of the sale,
    /// and of nothing left it is refunded. What was paid already is owed back, and kept back from
    /// what the affiliate is paid next. Has no reference of its own: send an `Idempotency-Key`.
    #[oai(
        path = "/conversions/:id/refunds",
        method = "post",
        operation_id = "createRefund"
    )]
    async fn create_refund(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateRefund>,
    ) -> Result<RefundCreated, Problem> {
        let recorded = known(&context, &caller, id.0).await?;
        let command = body.value.command(&recorded.conversion)?;
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("createRefund {}", id.0),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(RefundCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// Change what a conversion came to
    ///
    /// Decides its commissions again, under the version of the terms that they were decided under
    /// and with what was known then; only caps look at what has been earned since. Who is credited
    /// stays.
    #[oai(
        path = "/conversions/:id",
        method = "patch",
        operation_id = "changeConversion"
    )]
    async fn change_conversion(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeConversion>,
    ) -> Result<ConversionChanged, Problem> {
        let recorded = known(&context, &caller, id.0).await?;
        let command = body.value.command(&recorded.conversion)?;
        let what = format!("changeConversion {}", id.0);
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(ConversionChanged::Changed(Reply(shown(&answer.outcome)?)))
    }

    /// Change what has become of a conversion's commissions
    ///
    /// Refused (409) where the commission cannot change so from what it is. Nothing of what was paid
    /// is undone by declining or cancelling: it is owed back. One that is in a payout has to leave
    /// it before it can be declined or cancelled.
    #[oai(
        path = "/conversions/:id/status",
        method = "post",
        operation_id = "changeStatus"
    )]
    async fn change_status(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeStatus>,
    ) -> Result<ConversionChanged, Problem> {
        let command: Command = body.value.command(ConversionId::new(id.0))?;
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changeStatus {}", id.0),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(ConversionChanged::Changed(Reply(shown(&answer.outcome)?)))
    }
}

/// The conversion, which must be one of the caller's; its currency never changes.
async fn known(context: &Shared<'_>, caller: &Caller, id: i64) -> Result<Recorded, Problem> {
    let id = ConversionId::new(id);
    let found = context.reports.conversion(caller.organization, id).await?;
    found.ok_or_else(|| unknown(id))
}
