//! A tier is reached that pays for earlier sales too: their commissions are lifted.

use std::sync::Arc;

use accrual_commission::{Earning, Lift};

use super::draft::Draft;
use crate::{Commission, Error, Recorded, Span, record};

/// Lifts the commissions of the same incentive and terms in the period, each by an entry of its own.
///
/// A commission is never lowered; the earliest conversions go first where a cap does not leave enough
/// for all.
pub(super) fn lift(draft: &mut Draft<'_>, cause: &Recorded, lift: &Lift) -> Result<(), Error> {
    let Some(own) = cause.commissions.first() else {
        return Ok(());
    };
    let currency = own.amount.currency();
    let day = cause.conversion.day;
    let span = Span::of(own.credit.enrollment, currency, lift.period, day);
    let is_meant = |one: &Commission| {
        one.is_direct()
            && one.is_alive()
            && one.credit.enrollment == own.credit.enrollment
            && one.incentive == Some(lift.incentive)
            && one.terms_version == own.terms_version
    };
    let mut earlier: Vec<(&Arc<Recorded>, Earning)> = Vec::new();
    let others = draft.book.in_span(&span);
    for recorded in others.filter(|one| one.conversion.id != cause.conversion.id) {
        let meant = recorded.commissions.iter().find(|one| is_meant(one));
        earlier.extend(meant.map(|one| (recorded, one.earning)));
    }
    let earnings: Vec<Earning> = earlier.iter().map(|(_, earning)| *earning).collect();
    let lifted = lift.applied(&earnings)?;
    for ((before, earning), lifted) in earlier.into_iter().zip(lifted) {
        if lifted == earning {
            continue;
        }
        let mut after = Recorded::clone(before);
        let (remaining, whole) = (after.conversion.remaining()?, after.conversion.amount());
        for commission in after.commissions.iter_mut().filter(|one| is_meant(one)) {
            commission.earning = lifted;
            commission.amount = lifted.of_remaining(remaining, whole)?;
        }
        after.conversion.version = draft.sequence();
        let after = draft.keep_revised(before, after)?;
        let outcome = record::Outcome::revised(before, &after);
        let command = record::Command::lift(cause.conversion.id);
        draft.record_as(&command, Some(after.conversion.id), &outcome);
    }
    Ok(())
}
