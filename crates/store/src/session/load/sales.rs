//! Conversions, by whatever they are asked for.

use std::collections::BTreeSet;

use accrual_engine::{
    ConversionId, Decided, Loaded, Needs, OrgId, Recorded, Reference, Source, Span, StoreError,
    micros, record,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use time::OffsetDateTime;

use super::sums;
use crate::{
    error::{corrupt, failed},
    recorded,
    statement::{self, list},
};

/// The numbers of the conversions that are held until then at most, those first whose time came
/// first: by the index of what is held, and no further than that. OFFSET 0 keeps PostgreSQL from
/// joining what is held with itself.
const DUE: &str = "SELECT m.conversion_id FROM commissions m \
    WHERE m.organization_id = $1 AND m.status = 'pending' AND m.until_us <= $2 \
    AND NOT EXISTS (SELECT 1 FROM commissions o WHERE o.organization_id = $1 \
      AND o.conversion_id = m.conversion_id AND o.status = 'pending' \
      AND (o.until_us, o.position) < (m.until_us, m.position) LIMIT 1 OFFSET 0) \
    ORDER BY m.until_us, m.conversion_id LIMIT $3";

/// What was found.
#[derive(Default)]
pub(super) struct Sales {
    recorded: Vec<Recorded>,
    spans: Vec<(Span, ConversionId)>,
    due: Vec<ConversionId>,
}

impl Sales {
    pub(super) async fn by_reference(
        &mut self,
        connection: &impl ConnectionTrait,
        org: OrgId,
        references: &BTreeSet<(Source, Reference)>,
    ) -> Result<(), StoreError> {
        use list::Cell::Text;
        let backend = connection.get_database_backend();
        let found = match backend {
            DbBackend::Sqlite => statement::sqlite::BY_REFERENCES,
            _ => statement::postgres::BY_REFERENCES,
        };
        let pairs = references.iter();
        let pairs = pairs.map(|(source, name)| [Text(source.as_str()), Text(name.as_str())]);
        let mut values = vec![org.number().into()];
        values.extend(list::rows(backend, pairs));
        self.recorded = recorded::read(connection, found, values).await?;
        Ok(())
    }

    pub(super) async fn by_number(
        &mut self,
        connection: &impl ConnectionTrait,
        org: OrgId,
        ids: &BTreeSet<ConversionId>,
    ) -> Result<(), StoreError> {
        let backend = connection.get_database_backend();
        let found = recorded::numbered(backend, listed(backend));
        let ids = list::numbers(backend, ids.iter().map(|id| id.number()));
        let found = recorded::read(connection, &found, [org.number().into(), ids]);
        self.recorded.extend(found.await?);
        Ok(())
    }

    pub(super) async fn in_spans(
        &mut self,
        connection: &impl ConnectionTrait,
        org: OrgId,
        spans: &BTreeSet<Span>,
    ) -> Result<(), StoreError> {
        let backend = connection.get_database_backend();
        let numbers = match backend {
            DbBackend::Sqlite => statement::sqlite::IN_SPANS,
            _ => statement::postgres::IN_SPANS,
        };
        let found = recorded::numbered(backend, numbers);
        let mut values = vec![org.number().into()];
        values.extend(sums::rows_of_spans(backend, spans)?);
        let found = recorded::read(connection, &found, values).await?;
        for span in spans {
            let in_span = found.iter().filter(|recorded| span.lifts(recorded));
            let in_span = in_span.map(|recorded| (*span, recorded.conversion.id));
            self.spans.extend(in_span);
        }
        self.recorded.extend(found);
        Ok(())
    }

    pub(super) async fn due(
        &mut self,
        connection: &impl ConnectionTrait,
        org: OrgId,
        until: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let found = recorded::numbered(connection.get_database_backend(), DUE);
        let most = i64::from(Needs::MOST_DUE);
        let values = [org.number().into(), micros(until).into(), most.into()];
        let found = recorded::read(connection, &found, values).await?;
        let held = found.iter().map(|one| (one.first_due(), one.conversion.id));
        let mut held: Vec<_> = held.collect();
        held.sort_unstable();
        self.due = held.into_iter().map(|(_, id)| id).collect();
        self.recorded.extend(found);
        Ok(())
    }

    /// Each conversion once.
    pub(super) fn loaded(mut self) -> Loaded {
        self.recorded.sort_unstable_by_key(|one| one.conversion.id);
        self.recorded.dedup_by_key(|one| one.conversion.id);
        Loaded {
            recorded: self.recorded,
            spans: self.spans,
            due: self.due,
            ..Loaded::default()
        }
    }
}

/// The numbers that are listed in $2.
fn listed(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "SELECT value FROM json_each($2)",
        _ => "SELECT unnest($2::bigint[])",
    }
}

#[derive(FromQueryResult)]
struct Decision {
    id: i64,
    outcome: String,
}

/// What was known when these were decided: it stands in their journal entries.
pub(super) async fn decided(
    connection: &impl ConnectionTrait,
    org: OrgId,
    ids: &BTreeSet<ConversionId>,
) -> Result<Vec<(ConversionId, Decided)>, StoreError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "WITH c AS MATERIALIZED ({}) SELECT c.id, j.outcome FROM c JOIN journal j \
           ON j.organization_id = c.organization_id AND j.sequence = c.sequence ORDER BY c.id",
        recorded::numbered(backend, listed(backend))
    );
    let ids = list::numbers(backend, ids.iter().map(|id| id.number()));
    let statement = Statement::from_sql_and_values(backend, sql, [org.number().into(), ids]);
    let found = Decision::find_by_statement(statement).all(connection).await;
    let mut decided = Vec::new();
    for Decision { id, outcome } in found.map_err(failed)? {
        let outcome = record::Outcome::parse(&outcome).map_err(corrupt)?;
        let known = outcome.decided().map_err(corrupt)?;
        decided.extend(known.map(|known| (ConversionId::new(id), known)));
    }
    Ok(decided)
}
