//! `PATCH /affiliate_sales/{id}`: a sale that was reported is changed.

mod answer;
mod change;

use std::sync::Arc;

use accrual_engine::{Channel, Command, ConversionId, Outcome};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path},
};

use super::{Topic, WritingKey, create::source, failure::Failure};
use crate::{
    Context,
    wire::{Body, Reply, etag, expected},
};
use answer::{UpdatedEnvelope, is_cancelled};
use change::UpdateSale;

/// Growi's operations on one sale.
pub(crate) struct Updates;

/// The sale is updated.
#[derive(ApiResponse)]
enum Updated {
    /// The sale as it is now.
    #[oai(status = 200)]
    Updated(
        Reply<UpdatedEnvelope>,
        /// The sale's version, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(tag = "Topic::AffiliateSales")]
impl Updates {
    /// Update a sale
    ///
    /// Changes a sale that was reported through this API: all that is named, or nothing. Sales that
    /// were cancelled stay as they are. Each update is kept, with who sent it, when, and what was
    /// before.
    #[oai(
        path = "/affiliate_sales/:id",
        method = "patch",
        operation_id = "updateAffiliateSale"
    )]
    async fn update_affiliate_sale(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        /// The sale's number.
        id: Path<i64>,
        /// The `ETag` of the version to update: if the sale has another by now, nothing is changed.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<UpdateSale>,
    ) -> Result<Updated, Failure> {
        let (org, id) = (caller.organization, ConversionId::new(id.0));
        let found = context.reports.conversion(org, id).await?;
        let recorded = found.ok_or_else(Failure::sale_not_found)?;
        let facts = &recorded.conversion.facts;
        if facts.source != source()? || facts.channel() != Channel::website() {
            return Err(Failure::invalid(
                "Only sales created via the public API (website platform) can be updated.",
            ));
        }
        if is_cancelled(&recorded) {
            return Err(Failure::cancelled());
        }
        let mut amendment = body.value.amendment(&recorded.conversion)?;
        amendment.expected_version = expected(if_match.0.as_deref(), &recorded.conversion);
        let submission = caller.submission(Command::Amend(Box::new(amendment)), None);
        let answer = context.engine.submit(org, submission).await?;
        let Outcome::Conversion(recorded) = &answer.outcome else {
            tracing::error!("an update came to something other than a conversion");
            return Err(Failure::internal());
        };
        let sale = UpdatedEnvelope::of(recorded)?;
        Ok(Updated::Updated(Reply(sale), etag(&recorded.conversion)))
    }
}
