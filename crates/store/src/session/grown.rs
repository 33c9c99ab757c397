//! What PostgreSQL's planner must be told when an organization has grown.

use std::sync::atomic::Ordering;

use accrual_engine::Head;
use sea_orm::{ConnectionTrait, DbBackend};

use crate::SqlStore;

/// How many journal entries, conversions or referrals there are when plans that were made before are
/// made again.
///
/// A plan that was made while the tables were empty may go by an index on the organization alone,
/// which is as good as the best one then. PostgreSQL finds out by itself, but a minute later.
const MILESTONES: [i64; 3] = [256, 4_096, 65_536];

/// Has the tables analyzed where an organization has come past one of the [`MILESTONES`], behind the
/// back of whoever keeps something.
pub(super) fn tell_planner(store: &SqlStore, before: &Head, after: &Head) {
    let counts = [
        (before.sequence, after.sequence),
        (before.last_conversion, after.last_conversion),
        (before.last_referral, after.last_referral),
    ];
    let is_past = counts.iter().any(|&(before, after)| {
        let mut milestones = MILESTONES.iter();
        milestones.any(|&count| before < count && count <= after)
    });
    if !is_past || store.reader.get_database_backend() != DbBackend::Postgres {
        return;
    }
    // One at a time: they wait for one another.
    if store.is_analyzing.swap(true, Ordering::AcqRel) {
        return;
    }
    let (connection, is_analyzing) = (store.reader.clone(), store.is_analyzing.clone());
    tokio::spawn(async move {
        let sql = "ANALYZE journal, conversions, commissions, transfers, searched, \
            enrollment_totals, program_totals, organization_totals, referrals, promo_codes, enrollments";
        if let Err(error) = connection.execute_unprepared(sql).await {
            tracing::warn!(%error, "the tables were not analyzed");
        }
        is_analyzing.store(false, Ordering::Release);
    });
}
