//! Clicks, and people who sign up: referrals before they have bought anything.

use accrual_attribution::{Credit, Identifier, Touch};

use super::{
    customers::{by_enrollment, new},
    draft::Draft,
};
use crate::{
    Answer, Changes, Click, Enrollment, EnrollmentState, Error, Outcome, Person, Referral, Sender,
    SignUp, SignUpBy, Subject,
};

/// Records a click: a new referral, or another click of one that is known.
pub(super) fn click(mut draft: Draft<'_>, click: &Click) -> Result<(Answer, Changes), Error> {
    let credit = active(&draft, &click.by)?;
    let at = click.at.unwrap_or(draft.at);
    let known = click.visitor.as_ref().and_then(|visitor| {
        by_enrollment(&draft, credit.enrollment, &Person::Click(visitor.clone()))
    });
    let mut referral = match known {
        Some(known) => known,
        None => new(&mut draft, credit),
    };
    referral.person.click = Some(match &click.visitor {
        Some(visitor) => visitor.clone(),
        None => {
            Identifier::parse(&format!("click-{}", referral.id)).map_err(|_| Error::Internal)?
        }
    });
    referral.touch = Some(match referral.touch {
        None => Touch::once(click.kind, at),
        Some(touch) => Touch {
            kind: touch.kind.max(click.kind),
            first_at: touch.first_at.min(at),
            last_at: touch.last_at.max(at),
        },
    });
    Ok(put(draft, referral))
}

/// Records that somebody has signed up: whom a click has brought, or who is sent outright.
///
/// Signing up again changes nothing but what is known of the person besides.
pub(super) fn sign_up(mut draft: Draft<'_>, sign_up: &SignUp) -> Result<(Answer, Changes), Error> {
    let at = sign_up.at.unwrap_or(draft.at);
    let mut referral = match &sign_up.by {
        SignUpBy::Referral(id) => draft
            .referral(*id)
            .cloned()
            .ok_or(Error::ReferralNotFound(*id))?,
        SignUpBy::Visitor(visitor) => last_touched(&draft, visitor)
            .cloned()
            .ok_or_else(|| Error::VisitorNotFound(visitor.clone()))?,
        SignUpBy::Sender(sender) => {
            let credit = active(&draft, sender)?;
            let mut ways = sign_up.person.known_by();
            let known = ways.find_map(|way| by_enrollment(&draft, credit.enrollment, &way));
            match known {
                Some(known) => known,
                None => new(&mut draft, credit),
            }
        }
    };
    if sign_up.person.known_by().next().is_none() {
        return Err(Error::NobodySignedUp);
    }
    referral.person.learn(&sign_up.person);
    referral.bound_at = Some(referral.bound_at.unwrap_or(at));
    Ok(put(draft, referral))
}

/// The visitor's referral that was touched last.
fn last_touched<'d>(draft: &'d Draft<'_>, visitor: &Identifier) -> Option<&'d Referral> {
    let visitor = Person::Click(visitor.clone());
    let all = draft.book.known_as(&visitor);
    let last = all.max_by_key(|referral| (referral.touch.map(|touch| touch.last_at), referral.id));
    draft.referral(last?.id)
}

/// The credit of the enrollment that is named, if it can be credited.
fn active(draft: &Draft<'_>, sender: &Sender) -> Result<Credit, Error> {
    let book = draft.book;
    let found: Option<&Enrollment> = match sender {
        Sender::Enrollment(id) => book.enrollment(*id),
        Sender::Tag(tag) => book.by_tag(tag),
        Sender::Link(slug) => book.by_slug(slug),
    }
    .map(|found| &**found);
    match (found, sender) {
        (Some(enrollment), _) => match enrollment.state {
            EnrollmentState::Active => Ok(enrollment.credit()),
            EnrollmentState::Applied => Err(Error::EnrollmentUnapproved(enrollment.id)),
            EnrollmentState::Ended => Err(Error::EnrollmentEnded(enrollment.id)),
        },
        (None, Sender::Enrollment(id)) => Err(Error::EnrollmentNotFound(*id)),
        (None, Sender::Tag(_) | Sender::Link(_)) => Err(Error::SenderNotFound(sender.clone())),
    }
}

fn put(mut draft: Draft<'_>, referral: Referral) -> (Answer, Changes) {
    let id = referral.id;
    draft.put_referral(referral.clone());
    draft.ended(Subject::Referral(id), Outcome::Referral(referral.into()))
}
