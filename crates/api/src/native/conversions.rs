//! Conversions: sales that were reported, and what they came to.

mod afterwards;
pub(in crate::native) mod amounts;
mod change;
pub(in crate::native) mod claims;
mod given;
mod history;
mod lines;
mod report;
pub(in crate::native) mod show;

use accrual_engine::{ConversionId, Outcome, Recorded, Reference, Replay, Source, explain};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Key, Shared, Topic, WritingKey,
    decision::DecisionView,
    page::{Page, Wanted},
    problem::Problem,
    submit,
};
use crate::wire::{Body, Reply};
pub(crate) use afterwards::Afterwards;
pub(crate) use history::Histories;
use report::{ReportConversion, USUAL_SOURCE};
use show::ConversionView;

/// The operations on conversions.
pub(crate) struct Conversions;

/// The conversion is recorded.
#[derive(ApiResponse)]
enum Reported {
    /// The same facts were reported before under this reference: the conversion as it is now.
    #[oai(status = 200)]
    Known(Reply<ConversionView>),
    /// The conversion, recorded now.
    #[oai(status = 201)]
    Recorded(Reply<ConversionView>),
}

/// A page of conversions.
#[derive(ApiResponse)]
enum ConversionsFound {
    /// Conversions, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<ConversionView>>),
}

/// A decision.
#[derive(ApiResponse)]
enum DecisionFound {
    /// The decision.
    #[oai(status = 200)]
    Found(Reply<DecisionView>),
}

#[OpenApi(tag = "Topic::Conversions")]
impl Conversions {
    /// Report a conversion
    ///
    /// Credits it to an enrollment, or several, by what it claims about who sent the customer, and
    /// decides the commission. Safe to repeat: the same reference with the same facts answers with
    /// the conversion as it is now; with other facts it is refused (409), and the answer names those
    /// that differ.
    #[oai(
        path = "/conversions",
        method = "post",
        operation_id = "reportConversion"
    )]
    async fn report_conversion(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        body: Body<ReportConversion>,
    ) -> Result<Reported, Problem> {
        let command = body.value.command()?;
        let answer = submit(&context, &caller, command, None, "reportConversion", &body).await?;
        let conversion = Reply(shown(&answer.outcome)?);
        match answer.replay {
            Replay::No => Ok(Reported::Recorded(conversion)),
            Replay::Same => Ok(Reported::Known(conversion)),
            Replay::Differs(fields) => Err(Problem::reference_reused(&fields)),
        }
    }

    /// List conversions
    ///
    /// All of them, or the one with a reference.
    #[oai(
        path = "/conversions",
        method = "get",
        operation_id = "listConversions"
    )]
    #[allow(clippy::too_many_arguments)] // Each is a parameter of the request.
    async fn list_conversions(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The one with this reference only.
        reference: Query<Option<String>>,
        /// The space that the reference is unique in: `api` if absent; `growi/website` has the
        /// order ids of Growi's API.
        source: Query<Option<String>>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<ConversionsFound, Problem> {
        let (org, reports) = (caller.organization, &context.reports);
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let rows = match reference.0 {
            Some(reference) => {
                let source = source.0.unwrap_or_else(|| USUAL_SOURCE.to_owned());
                let source =
                    Source::parse(source).map_err(|error| Problem::invalid("source", error))?;
                let reference = Reference::parse(reference)
                    .map_err(|error| Problem::invalid("reference", error))?;
                let found = reports
                    .conversion_by_reference(org, &source, &reference)
                    .await?;
                Vec::from_iter(found)
            }
            None if source.0.is_some() => {
                return Err(Problem::invalid("source", "needs reference"));
            }
            None => {
                let after = ConversionId::new(wanted.after[0]);
                reports.conversions(org, after, wanted.to_read()).await?
            }
        };
        let place = |row: &Recorded| vec![row.conversion.id.number()];
        Ok(ConversionsFound::Found(Reply(wanted.page(
            rows,
            place,
            ConversionView::of,
        ))))
    }

    /// Read the decision behind a conversion
    ///
    /// Who was credited and why, every candidate and every incentive that was tried, the base, the
    /// rates, the rounding, what was cut off and the result: as data, and in sentences. The decision
    /// is made once more from what the journal holds. Chapter by chapter follows what became of it.
    #[oai(
        path = "/conversions/:id/decision",
        method = "get",
        operation_id = "getDecision"
    )]
    async fn get_decision(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The conversion's number.
        id: Path<i64>,
    ) -> Result<DecisionFound, Problem> {
        let id = ConversionId::new(id.0);
        let explained = explain(&*context.reports, caller.organization, id).await?;
        let explanation = explained.ok_or_else(|| unknown(id))?;
        Ok(DecisionFound::Found(Reply(DecisionView::of(&explanation))))
    }
}

fn shown(outcome: &Outcome) -> Result<ConversionView, Problem> {
    recorded(outcome).map(ConversionView::of)
}

fn recorded(outcome: &Outcome) -> Result<&Recorded, Problem> {
    match outcome {
        Outcome::Conversion(recorded) => Ok(recorded),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_)
        | Outcome::Affiliate(_)
        | Outcome::Enrollment(_)
        | Outcome::PromoCode(_)
        | Outcome::Referral(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}

fn unknown(id: ConversionId) -> Problem {
    Problem::not_found(format!("There is no conversion {id}."))
}
