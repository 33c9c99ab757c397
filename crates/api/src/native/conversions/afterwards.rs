//! A conversion once it is recorded: read, refunded, changed.

use accrual_engine::{Command, ConversionId, Outcome, Recorded};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path},
};

use super::{
    change::ChangeConversion,
    given::{ChangeStatus, CreateRefund},
    recorded,
    show::ConversionView,
    shown, unknown,
};
use crate::{
    Caller,
    native::{Key, Shared, Topic, WritingKey, problem::Problem, submit},
    wire::{Body, Reply, etag, expected},
};

/// The operations on one conversion.
pub(crate) struct Afterwards;

/// The conversion.
#[derive(ApiResponse)]
enum ConversionFound {
    /// The conversion.
    #[oai(status = 200)]
    Found(
        Reply<ConversionView>,
        /// The conversion's version, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

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
    Changed(
        Reply<ConversionView>,
        /// The conversion's version, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

impl ConversionChanged {
    fn of(outcome: &Outcome) -> Result<Self, Problem> {
        let recorded = recorded(outcome)?;
        let etag = etag(&recorded.conversion);
        Ok(Self::Changed(Reply(ConversionView::of(recorded)), etag))
    }
}

#[OpenApi(tag = "Topic::Conversions")]
impl Afterwards {
    /// Read a conversion
    #[oai(
        path = "/conversions/:id",
        method = "get",
        operation_id = "getConversion"
    )]
    async fn get_conversion(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
    ) -> Result<ConversionFound, Problem> {
        let recorded = known(&context, &caller, id.0).await?;
        let etag = etag(&recorded.conversion);
        Ok(ConversionFound::Found(
            Reply(ConversionView::of(&recorded)),
            etag,
        ))
    }

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

    /// Change a conversion
    ///
    /// Changes all that is named, or nothing. A change of amounts or currency decides its
    /// commissions again, under the version of the terms that they were decided under
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
        /// The `ETag` of the version to change: if it has another by now, nothing is changed.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ChangeConversion>,
    ) -> Result<ConversionChanged, Problem> {
        let recorded = known(&context, &caller, id.0).await?;
        let mut amendment = body.value.amendment(&recorded.conversion)?;
        amendment.expected_version = expected(if_match.0.as_deref(), &recorded.conversion);
        let command = Command::Amend(Box::new(amendment));
        let what = format!("changeConversion {}", id.0);
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        ConversionChanged::of(&answer.outcome)
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
        ConversionChanged::of(&answer.outcome)
    }
}

/// The conversion, which must be one of the caller's.
async fn known(context: &Shared<'_>, caller: &Caller, id: i64) -> Result<Recorded, Problem> {
    let id = ConversionId::new(id);
    let found = context.reports.conversion(caller.organization, id).await?;
    found.ok_or_else(|| unknown(id))
}
