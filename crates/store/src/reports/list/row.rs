//! Rows of lists, read.

use std::collections::BTreeMap;

use accrual_attribution::{EnrollmentId, ProgramId};
use accrual_engine::{ConversionId, Listed, ListedSale, Reference, Stage, StoreError};
use sea_orm::FromQueryResult;

use crate::{error::corrupt, value};

/// What a list comes to.
pub(in crate::reports) type Sums = BTreeMap<Stage, (i64, Listed)>;

#[derive(FromQueryResult)]
pub(in crate::reports) struct SumRow {
    stage: String,
    pub(super) conversions: i64,
    listed_amount: i64,
    listed_returned: i64,
    listed_tax: i64,
    listed_commission: i64,
    unconverted: i64,
}

impl SumRow {
    /// The columns of a sum in the places of [`SaleRow::COLUMNS`], and behind them its count.
    pub(super) const AS_SALE: &str = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, stage, listed_amount, listed_returned, listed_tax, listed_commission, unconverted, \
        conversions";

    /// What is selected beside the stage: `count` is how many there are.
    pub(in crate::reports) fn sums(count: &str) -> String {
        let sums = [
            "listed_amount",
            "listed_returned",
            "listed_tax",
            "listed_commission",
            "unconverted",
        ];
        let sums = sums.map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}"));
        format!(
            "CAST({count} AS BIGINT) AS conversions, {}",
            sums.join(", ")
        )
    }

    pub(in crate::reports) fn read(self) -> Result<(Stage, (i64, Listed)), StoreError> {
        let listed = Listed {
            amount: self.listed_amount,
            returned: self.listed_returned,
            tax: self.listed_tax,
            commission: self.listed_commission,
            unconverted: self.unconverted,
        };
        let stage = value::parse_stage(&self.stage)?;
        Ok((stage, (self.conversions, listed)))
    }
}

#[derive(FromQueryResult)]
pub(super) struct SaleRow {
    id: i64,
    reference: String,
    channel: String,
    sub_id: Option<String>,
    occurred_at_us: i64,
    amount_minor: i64,
    currency: String,
    enrollment_id: i64,
    program_id: i64,
    commission_minor: i64,
    commission_currency: String,
    stage: String,
    listed_amount: i64,
    listed_returned: i64,
    listed_tax: i64,
    listed_commission: i64,
    unconverted: i64,
}

impl SaleRow {
    pub(super) const COLUMNS: &str = "id, reference, channel, sub_id, occurred_at_us, \
        COALESCE(total_minor, subtotal_minor) AS amount_minor, currency, enrollment_id, \
        program_id, commission_minor, commission_currency, stage, listed_amount, \
        listed_returned, listed_tax, listed_commission, unconverted";

    pub(super) fn read(self) -> Result<ListedSale, StoreError> {
        Ok(ListedSale {
            id: ConversionId::new(self.id),
            reference: Reference::parse(self.reference).map_err(corrupt)?,
            channel: value::channel(&self.channel)?,
            sub_id: self.sub_id.map(value::text).transpose()?,
            occurred_at: value::at(self.occurred_at_us)?,
            amount: value::money(self.amount_minor, &self.currency)?,
            enrollment: EnrollmentId::new(self.enrollment_id),
            program: ProgramId::new(self.program_id),
            commission: value::money(self.commission_minor, &self.commission_currency)?,
            stage: value::parse_stage(&self.stage)?,
            listed: Listed {
                amount: self.listed_amount,
                returned: self.listed_returned,
                tax: self.listed_tax,
                commission: self.listed_commission,
                unconverted: self.unconverted,
            },
        })
    }
}
