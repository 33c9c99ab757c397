//! Conversions with their commissions: one statement however many there are.
//!
//! The facts are read from the journal: from the report as it came, and from the entry that changed
//! them last.

use accrual_attribution::ReferralId;
use accrual_commission::{Earning, IncentiveNumber, TermsVersion};
use accrual_engine::{
    Commission, Conversion, ConversionId, Facts, Recorded, Sequence, StoreError, record,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::{
    error::{corrupt, failed},
    statement,
    value::{self, StatusColumns},
};

/// One commission, with its conversion.
#[derive(FromQueryResult)]
struct Row {
    id: i64,
    day: String,
    sequence: i64,
    facts_sequence: i64,
    version: i64,
    refunded_minor: i64,
    charged_back_minor: i64,
    sale_currency: String,
    occurred_at_us: i64,
    recorded_at_us: i64,
    report: String,
    amendment: Option<String>,
    position: i64,
    enrollment_id: i64,
    affiliate_id: i64,
    program_id: i64,
    level: i64,
    incentive: Option<i64>,
    liftable: bool,
    referral_id: Option<i64>,
    terms_version: i64,
    base_minor: i64,
    full_minor: i64,
    percent: Option<String>,
    amount_minor: i64,
    paid_out_minor: i64,
    currency: String,
    status: String,
    until_us: Option<i64>,
    paid_externally: bool,
    before_dispute: Option<String>,
    due_at_us: Option<i64>,
}

/// The conversions that `found` selects, by their numbers, with their commissions by position.
///
/// `found` selects from `conversions` alone, all columns. It is run first, so that the rest is looked
/// up by their numbers.
pub(crate) async fn read(
    connection: &impl ConnectionTrait,
    found: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Recorded>, StoreError> {
    let backend = connection.get_database_backend();
    let with_the_rest = match backend {
        DbBackend::Sqlite => statement::sqlite::WITH_COMMISSIONS,
        _ => statement::postgres::WITH_COMMISSIONS,
    };
    let sql = format!(
        "WITH c AS MATERIALIZED ({found}) \
         SELECT c.id, c.day, c.sequence, c.facts_sequence, c.version, c.refunded_minor, \
           c.charged_back_minor, c.currency AS sale_currency, c.occurred_at_us, c.recorded_at_us, \
           j.command AS report, a.outcome AS amendment, \
           m.position, m.enrollment_id, m.affiliate_id, m.program_id, m.level, m.incentive, \
           m.liftable, m.referral_id, m.terms_version, m.base_minor, m.full_minor, m.percent, \
           m.amount_minor, m.paid_out_minor, m.currency, m.status, m.until_us, \
           m.paid_externally, m.before_dispute, m.due_at_us \
         FROM c {with_the_rest} ORDER BY c.id, m.position"
    );
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

/// What selects the conversions of `org`, which is $1, whose numbers `numbers` selects.
pub(crate) fn numbered(backend: DbBackend, numbers: &str) -> String {
    match backend {
        DbBackend::Sqlite => {
            format!("SELECT * FROM conversions WHERE organization_id = $1 AND id IN ({numbers})")
        }
        _ => format!(
            "SELECT found.* FROM (SELECT DISTINCT id FROM ({numbers}) AS numbers (id)) AS wanted \
             CROSS JOIN LATERAL (SELECT * FROM conversions \
              WHERE organization_id = $1 AND id = wanted.id OFFSET 0) found"
        ),
    }
}

impl Row {
    fn commission(&self) -> Result<Commission, StoreError> {
        let money = |minor| value::money(minor, &self.currency);
        let incentive = self.incentive.map(value::small).transpose()?;
        let status = StatusColumns {
            status: &self.status,
            until_us: self.until_us,
            paid_externally: self.paid_externally,
            before_dispute: self.before_dispute.as_deref(),
        };
        Ok(Commission {
            conversion: ConversionId::new(self.id),
            position: value::small(self.position)?,
            credit: value::credit(self.enrollment_id, self.affiliate_id, self.program_id),
            earned_by: value::earned_by(self.level)?,
            incentive: incentive.map(IncentiveNumber::new),
            is_liftable: self.liftable,
            referral: self.referral_id.map(ReferralId::new),
            terms_version: TermsVersion::new(value::small(self.terms_version)?),
            earning: Earning {
                base: money(self.base_minor)?,
                full: money(self.full_minor)?,
                rate: self.percent.as_deref().map(value::rate).transpose()?,
            },
            amount: money(self.amount_minor)?,
            paid_out: money(self.paid_out_minor)?,
            status: status.read()?,
            due_at: self.due_at_us.map(value::at).transpose()?,
        })
    }

    fn conversion(&self) -> Result<Conversion, StoreError> {
        let back = |minor| value::money(minor, &self.sale_currency);
        Ok(Conversion {
            id: ConversionId::new(self.id),
            facts: self.facts()?,
            amended: self.amended()?.map(Box::new),
            occurred_at: value::at(self.occurred_at_us)?,
            day: value::parse_day(&self.day)?,
            recorded_at: value::at(self.recorded_at_us)?,
            sequence: Sequence::new(self.sequence),
            facts_sequence: Sequence::new(self.facts_sequence),
            version: Sequence::new(self.version),
            refunded: back(self.refunded_minor)?,
            charged_back: back(self.charged_back_minor)?,
        })
    }

    fn facts(&self) -> Result<Facts, StoreError> {
        let report = record::Command::parse(&self.report).map_err(corrupt)?;
        let facts = report.facts().map_err(corrupt)?;
        facts.ok_or_else(|| corrupt(format!("journal entry {} is not a report", self.sequence)))
    }

    fn amended(&self) -> Result<Option<Facts>, StoreError> {
        if self.facts_sequence == self.sequence {
            return Ok(None);
        }
        let missing = || {
            corrupt(format!(
                "journal entry {} has no facts",
                self.facts_sequence
            ))
        };
        let amendment = self.amendment.as_deref().ok_or_else(missing)?;
        let outcome = record::Outcome::parse(amendment).map_err(corrupt)?;
        outcome
            .facts()
            .map_err(corrupt)?
            .ok_or_else(missing)
            .map(Some)
    }
}
