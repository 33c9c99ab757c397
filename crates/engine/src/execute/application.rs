//! Applications: somebody asks to be put into a program.

use std::sync::Arc;

use super::{
    draft::Draft,
    set_up::{free_tag, put_enrollment},
};
use crate::{
    Affiliate, Answer, Application, Changes, Enrollment, EnrollmentState, Error, Outcome, Replay,
    Subject, Text,
};

/// Makes an enrollment that waits for approval, of the affiliate with this address or of a new one.
/// If there is such an affiliate in the program, answers its enrollment, whatever its state.
pub(super) fn apply(
    mut draft: Draft<'_>,
    application: &Application,
) -> Result<(Answer, Changes), Error> {
    let (book, program) = (draft.book, application.program);
    book.program(program)
        .ok_or(Error::ProgramNotFound(program))?;
    let mut known = book.addressed(&application.email).copied();
    let enrolled = known.clone().flat_map(|known| book.enrolled(known));
    let mut enrolled = enrolled.filter_map(|id| book.enrollment(*id));
    if let Some(present) = enrolled.find(|one| one.program == program) {
        return Ok(repeated(draft, present, application));
    }
    let id = draft.head().next_enrollment();
    let tag = free_tag(&draft, &application.tag, id)?;
    let affiliate = match known.next() {
        Some(known) => known,
        None => new_affiliate(&mut draft, application)?,
    };
    let enrollment = Enrollment {
        id,
        affiliate,
        program,
        tag,
        slug: None,
        recruiter: None,
        rate: None,
        state: EnrollmentState::Applied,
        details: application.details.clone(),
        created_at: draft.at,
    };
    Ok(put_enrollment(draft, enrollment))
}

fn new_affiliate(
    draft: &mut Draft<'_>,
    application: &Application,
) -> Result<accrual_attribution::AffiliateId, Error> {
    let email = Text::parse(application.email.as_str()).map_err(|_| Error::Internal)?;
    let affiliate = Affiliate {
        id: draft.head().next_affiliate(),
        name: application.name.clone(),
        email: Some(email),
        customer: None,
        created_at: draft.at,
    };
    let id = affiliate.id;
    draft.changes.affiliates.push(Arc::new(affiliate));
    Ok(id)
}

/// Answers the enrollment that there is, with what was not said of it before.
fn repeated(
    mut draft: Draft<'_>,
    present: &Arc<Enrollment>,
    application: &Application,
) -> (Answer, Changes) {
    let news = application.details.iter();
    let mut news = news
        .filter(|(name, _)| !present.details.contains_key(*name))
        .peekable();
    let replay = Replay::Same;
    if news.peek().is_none() {
        draft.remember(Subject::Enrollment(present.id));
        let outcome = Outcome::Enrollment(present.clone());
        return (Answer { outcome, replay }, draft.finish());
    }
    let mut enrollment = Enrollment::clone(present);
    let news = news.map(|(name, value)| (name.clone(), value.clone()));
    enrollment.details.extend(news);
    let (answer, changes) = put_enrollment(draft, enrollment);
    (Answer { replay, ..answer }, changes)
}
