//! When a commission becomes payable was said anew.

use crate::{Error, Recorded};

use super::super::{draft::Draft, report::held_until};

/// Each commission that is alive is held until then; one that was paid stays so.
pub(super) fn follow(draft: &Draft<'_>, after: &mut Recorded) -> Result<(), Error> {
    let first = after.commissions.first().ok_or(Error::Internal)?;
    let program = first.credit.program;
    let version = draft.book.version(program, first.terms_version);
    let version = version.ok_or(Error::ProgramNotFound(program))?;
    let conversion = &after.conversion;
    let rules = version.terms.rules();
    let until = held_until(rules, conversion.current(), conversion.occurred_at);
    let alive = after.commissions.iter_mut().filter(|one| one.is_alive());
    // What is due when it was stays as it is, also if a person has approved it early.
    for commission in alive.filter(|one| one.due_at != until) {
        commission.due_at = until;
        commission.status = commission.status.held_until(until, draft.at);
    }
    Ok(())
}
