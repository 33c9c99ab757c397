//! A tier is reached that pays for earlier sales too: their commissions are lifted.

use accrual_commission::{Lift, Rules};

use super::draft::Draft;
use crate::{Error, Recorded, Span, record};

/// Lifts the commissions of the same incentive and terms in the period, each by an entry of its own.
///
/// A commission is never lowered, and never lifted beyond the cap of a conversion.
pub(super) fn lift(
    draft: &mut Draft<'_>,
    cause: &Recorded,
    rules: &Rules,
    lift: &Lift,
) -> Result<(), Error> {
    let Some(own) = cause.commissions.first() else {
        return Ok(());
    };
    let (enrollment, day) = (own.credit.enrollment, cause.conversion.day);
    let span = Span::of(enrollment, rules.currency, lift.period, day);
    for before in draft.book.in_span(&span) {
        let mut after = Recorded::clone(before);
        let (remaining, whole) = (after.conversion.remaining()?, after.conversion.amount());
        let mut is_lifted = false;
        for commission in &mut after.commissions {
            let is_meant = commission.is_direct()
                && commission.is_alive()
                && commission.credit.enrollment == enrollment
                && commission.incentive == Some(lift.incentive)
                && commission.terms_version == own.terms_version;
            if !is_meant {
                continue;
            }
            let earning = commission.earning.lifted(lift.pay, rules.caps.conversion)?;
            let amount = earning.of_remaining(remaining, whole)?;
            if amount.compare(commission.amount)?.is_gt() {
                commission.earning = earning;
                commission.amount = amount;
                is_lifted = true;
            }
        }
        if !is_lifted {
            continue;
        }
        after.conversion.version = draft.sequence();
        let after = draft.keep_revised(before, after)?;
        let outcome = record::Outcome::revised(before, &after);
        let command = record::Command::lift(cause.conversion.id);
        draft.record_as(&command, Some(after.conversion.id), &outcome);
    }
    Ok(())
}
