//! Running a command: pure, in memory, the same answer for the same book.

mod draft;
mod report;
mod set_up;

use time::OffsetDateTime;

use crate::{
    Answer, Book, Changes, Command, Error, Idempotency, Outcome, Remembered, Replay, Subject,
    Submission,
};
use draft::Draft;

/// What `submission` comes to at `at`, and what it changes; `book` is as it was.
///
/// `book` must hold all that [`crate::Needs::missing`] names.
///
/// # Errors
/// [`Error`], each variant as it says; then nothing is changed.
pub fn execute(
    book: &Book,
    submission: &Submission,
    at: OffsetDateTime,
) -> Result<(Answer, Changes), Error> {
    let draft = Draft::new(book, submission, at);
    if let Some(idempotency) = &submission.idempotency
        && let Some(Some(remembered)) = book.remembered.get(&idempotency.key)
    {
        let outcome = recall(book, idempotency, remembered)?;
        return Ok((
            Answer {
                outcome,
                replay: Replay::Same,
            },
            draft.finish(),
        ));
    }
    match &submission.command {
        Command::Report(facts) => report::report(draft, facts),
        Command::CreateProgram { name, terms } => set_up::create_program(draft, name, terms),
        Command::ChangeProgram {
            program,
            name,
            terms,
        } => set_up::change_program(draft, *program, name.as_ref(), terms.as_ref()),
        Command::CreateAffiliate { name, email } => {
            set_up::create_affiliate(draft, name, email.as_ref())
        }
        Command::ChangeAffiliate {
            affiliate,
            name,
            email,
        } => set_up::change_affiliate(draft, *affiliate, name.as_ref(), email.as_ref()),
        Command::Enroll {
            affiliate,
            program,
            tag,
            rate,
        } => set_up::enroll(draft, *affiliate, *program, tag, *rate),
        Command::ChangeEnrollment {
            enrollment,
            tag,
            rate,
            standing,
        } => set_up::change_enrollment(draft, *enrollment, tag.as_ref(), *rate, *standing),
    }
}

/// The outcome of what was asked before under the same idempotency key, as it stands now.
fn recall(
    book: &Book,
    idempotency: &Idempotency,
    remembered: &Remembered,
) -> Result<Outcome, Error> {
    if remembered.fingerprint != idempotency.fingerprint {
        return Err(Error::IdempotencyKeyReused);
    }
    match remembered.about {
        Subject::Program(id) => book
            .program(id)
            .map(|program| Outcome::Program(program.clone()))
            .ok_or(Error::ProgramNotFound(id)),
        Subject::Affiliate(id) => book
            .affiliate(id)
            .map(|affiliate| Outcome::Affiliate(affiliate.clone()))
            .ok_or(Error::AffiliateNotFound(id)),
        Subject::Enrollment(id) => book
            .enrollment(id)
            .map(|enrollment| Outcome::Enrollment(enrollment.clone()))
            .ok_or(Error::EnrollmentNotFound(id)),
    }
}
