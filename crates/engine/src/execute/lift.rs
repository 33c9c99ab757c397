//! A tier is reached that pays for earlier sales too: their commissions are lifted.

use std::sync::Arc;

use accrual_commission::{Earning, Lift};

use super::draft::Draft;
use crate::{Book, Commission, Error, Recorded, Span, record};

/// A sale that is lifted, as it was and as it is from then on.
pub(super) type Lifted<'a> = (&'a Arc<Recorded>, Recorded);

/// What `lift` makes of the commissions of the same incentive and terms in the period; sales that
/// stay as they are are left out.
///
/// A commission is never lowered; the earliest conversions go first where a cap does not leave enough
/// for all.
pub(super) fn lifted<'a>(
    book: &'a Book,
    cause: &Recorded,
    lift: &Lift,
) -> Result<Vec<Lifted<'a>>, Error> {
    let Some(own) = cause.commissions.first() else {
        return Ok(Vec::new());
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
    let others = book.in_span(&span);
    for recorded in others.filter(|one| one.conversion.id != cause.conversion.id) {
        let meant = recorded.commissions.iter().find(|one| is_meant(one));
        earlier.extend(meant.map(|one| (recorded, one.earning)));
    }
    let earnings: Vec<Earning> = earlier.iter().map(|(_, earning)| *earning).collect();
    let mut changed = Vec::new();
    for ((before, earning), lifted) in earlier.into_iter().zip(lift.applied(&earnings)?) {
        if lifted == earning {
            continue;
        }
        let mut after = Recorded::clone(before);
        let (remaining, whole) = (after.conversion.remaining()?, after.conversion.amount());
        for commission in after.commissions.iter_mut().filter(|one| is_meant(one)) {
            commission.earning = lifted;
            commission.amount = lifted.of_remaining(remaining, whole)?;
        }
        changed.push((before, after));
    }
    Ok(changed)
}

/// Keeps what `cause` has lifted, each sale by an entry of its own.
pub(super) fn keep(
    draft: &mut Draft<'_>,
    cause: &Recorded,
    lifted: Vec<Lifted<'_>>,
) -> Result<(), Error> {
    for (before, mut after) in lifted {
        after.conversion.version = draft.sequence();
        let after = draft.keep_revised(before, after)?;
        let outcome = record::Outcome::revised(before, &after);
        let command = record::Command::lift(cause.conversion.id);
        draft.record_as(&command, Some(after.conversion.id), &outcome);
    }
    Ok(())
}
