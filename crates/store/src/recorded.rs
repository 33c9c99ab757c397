//! Conversions with their commissions: one statement however many there are.
//!
//! The facts are read from the journal, where the report stands as it came.

use accrual_attribution::{AffiliateId, Credit, EnrollmentId, ProgramId};
use accrual_commission::TermsVersion;
use accrual_engine::{
    Commission, Conversion, ConversionId, Recorded, Sequence, StoreError, record,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::{
    error::{corrupt, failed},
    value,
};

/// One commission, with its conversion.
#[derive(FromQueryResult)]
struct Row {
    id: i64,
    sequence: i64,
    occurred_at_us: i64,
    recorded_at_us: i64,
    command: String,
    position: i64,
    enrollment_id: i64,
    affiliate_id: i64,
    program_id: i64,
    terms_version: i64,
    amount_minor: i64,
    currency: String,
    status: String,
    until_us: Option<i64>,
    paid_externally: bool,
}

/// The conversions that `found` names, by their numbers, with their commissions by position.
///
/// `found` is what stands behind FROM and calls the conversions `c`.
pub(crate) async fn read(
    connection: &impl ConnectionTrait,
    found: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Recorded>, StoreError> {
    let sql = format!(
        "SELECT c.id, c.sequence, c.occurred_at_us, c.recorded_at_us, j.command, m.position, \
           m.enrollment_id, m.affiliate_id, m.program_id, m.terms_version, m.amount_minor, \
           m.currency, m.status, m.until_us, m.paid_externally \
         FROM {found} \
         JOIN journal j ON j.organization_id = c.organization_id AND j.sequence = c.sequence \
         JOIN commissions m ON m.organization_id = c.organization_id AND m.conversion_id = c.id \
         ORDER BY c.id, m.position"
    );
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let rows = Row::find_by_statement(statement).all(connection).await;
    let mut all: Vec<Recorded> = Vec::new();
    for row in rows.map_err(failed)? {
        let commission = row.commission()?;
        match all.last_mut() {
            Some(last) if last.conversion.id == commission.conversion => {
                last.commissions.push(commission);
            }
            _ => all.push(Recorded {
                conversion: row.conversion()?,
                commissions: vec![commission],
            }),
        }
    }
    Ok(all)
}

impl Row {
    fn commission(&self) -> Result<Commission, StoreError> {
        Ok(Commission {
            conversion: ConversionId::new(self.id),
            position: value::small(self.position)?,
            credit: Credit {
                enrollment: EnrollmentId::new(self.enrollment_id),
                affiliate: AffiliateId::new(self.affiliate_id),
                program: ProgramId::new(self.program_id),
            },
            terms_version: TermsVersion::new(value::small(self.terms_version)?),
            amount: value::money(self.amount_minor, &self.currency)?,
            status: value::status(&self.status, self.until_us, self.paid_externally)?,
        })
    }

    fn conversion(&self) -> Result<Conversion, StoreError> {
        let command = record::Command::parse(&self.command).map_err(corrupt)?;
        let facts = command.facts().map_err(corrupt)?;
        Ok(Conversion {
            id: ConversionId::new(self.id),
            facts: facts.ok_or_else(|| {
                corrupt(format!("journal entry {} is not a report", self.sequence))
            })?,
            occurred_at: value::at(self.occurred_at_us)?,
            recorded_at: value::at(self.recorded_at_us)?,
            sequence: Sequence::new(self.sequence),
        })
    }
}
