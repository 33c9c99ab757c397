//! Running a command: pure, in memory, the same answer for the same book.

mod amend;
mod application;
mod change_status;
mod credit;
mod customers;
mod difference;
mod draft;
mod lift;
mod price;
mod promo_code;
mod referral;
mod refund;
mod report;
mod set_up;
mod share;
mod shop;

use crate::{
    Answer, Book, Changes, Command, Error, Idempotency, Outcome, Remembered, Replay, Subject,
    Submission,
};
use draft::Draft;

/// What `submission` comes to at the time of `book`, and what it changes; `book` is as it was.
///
/// `book` must hold all that [`crate::Needs::missing`] names.
///
/// # Errors
/// [`Error`], each variant as it says; then nothing is changed.
pub fn execute(book: &Book, submission: &Submission) -> Result<(Answer, Changes), Error> {
    let draft = Draft::new(book, submission);
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
        Command::Refund(refund) => refund::refund(draft, refund),
        Command::Amend(amendment) => amend::amend(draft, amendment),
        Command::ChangeStatus {
            conversion,
            position,
            change,
        } => change_status::change_status(draft, *conversion, *position, *change),
        Command::Mature => change_status::mature(draft),
        Command::Click(click) => referral::click(draft, click),
        Command::SignUp(sign_up) => referral::sign_up(draft, sign_up),
        Command::CreatePromoCode {
            code,
            enrollment,
            limits,
        } => promo_code::create(draft, code, *enrollment, limits),
        Command::ChangePromoCode {
            promo_code,
            is_active,
            limits,
        } => promo_code::change(draft, *promo_code, *is_active, limits.as_ref()),
        Command::RegisterShop {
            platform,
            key,
            name,
        } => Ok(shop::register(draft, *platform, key, name)),
        Command::CreateProgram {
            name,
            terms,
            is_ambassador,
        } => set_up::create_program(draft, name, terms, *is_ambassador),
        Command::ChangeProgram {
            program,
            name,
            terms,
            is_ambassador,
        } => set_up::change_program(
            draft,
            *program,
            name.as_ref(),
            terms.as_ref(),
            *is_ambassador,
        ),
        Command::CreateAffiliate {
            name,
            email,
            customer,
        } => set_up::create_affiliate(draft, name, email.as_ref(), customer.as_ref()),
        Command::ChangeAffiliate {
            affiliate,
            name,
            email,
            customer,
        } => set_up::change_affiliate(
            draft,
            *affiliate,
            name.as_ref(),
            email.as_ref(),
            customer.as_ref(),
        ),
        Command::Enroll(enrolling) => set_up::enroll(draft, enrolling),
        Command::Apply(application) => application::apply(draft, application),
        Command::ChangeEnrollment {
            enrollment,
            tag,
            slug,
            rate,
            is_active,
        } => set_up::change_enrollment(
            draft,
            *enrollment,
            tag.as_ref(),
            slug.as_ref(),
            *rate,
            *is_active,
        ),
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
    let found = match remembered.about {
        Subject::Program(id) => book.program(id).cloned().map(Outcome::Program),
        Subject::Affiliate(id) => book.affiliate(id).cloned().map(Outcome::Affiliate),
        Subject::Enrollment(id) => book.enrollment(id).cloned().map(Outcome::Enrollment),
        Subject::PromoCode(id) => book.promo_code(id).cloned().map(Outcome::PromoCode),
        Subject::Referral(id) => book.referral(id).cloned().map(Outcome::Referral),
        Subject::Shop(id) => book.shop(id).cloned().map(Outcome::Shop),
        Subject::Conversion(id) => book.conversion(id).cloned().map(Outcome::Conversion),
    };
    // What a key led to is never taken away.
    found.ok_or(Error::Internal)
}
