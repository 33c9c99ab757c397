//! Programs, affiliates and enrollments: made and changed.

use std::sync::Arc;

use accrual_attribution::{AffiliateId, EnrollmentId, Identifier, ProgramId, Slug, Tag};
use accrual_money::Rate;

use super::draft::Draft;
use crate::{
    Affiliate, Answer, Changes, Enrolling, Enrollment, EnrollmentState, Error, Outcome, Program,
    Subject, TermsChange, TermsDraft, Text, Version,
};

pub(super) fn create_program(
    mut draft: Draft<'_>,
    name: &Text,
    terms: &TermsDraft,
    is_ambassador: bool,
) -> Result<(Answer, Changes), Error> {
    let Version { terms, crediting } = terms.clone().first()?;
    let id = draft.head().next_program();
    let created_at = draft.at;
    Ok(put_program(
        draft,
        Program {
            id,
            name: name.clone(),
            terms,
            crediting,
            is_ambassador,
            created_at,
        },
    ))
}

pub(super) fn change_program(
    draft: Draft<'_>,
    id: ProgramId,
    name: Option<&Text>,
    terms: Option<&TermsChange>,
    is_ambassador: Option<bool>,
) -> Result<(Answer, Changes), Error> {
    let mut program = Program::clone(draft.book.program(id).ok_or(Error::ProgramNotFound(id))?);
    if let Some(name) = name {
        program.name = name.clone();
    }
    if let Some(change) = terms {
        let Version { terms, crediting } = change.after(&program)?;
        program.terms = terms;
        program.crediting = crediting;
    }
    program.is_ambassador = is_ambassador.unwrap_or(program.is_ambassador);
    Ok(put_program(draft, program))
}

fn put_program(mut draft: Draft<'_>, program: Program) -> (Answer, Changes) {
    draft.head().remembers_customers |= program.remembers_customers();
    let program = Arc::new(program);
    draft.changes.programs.push(program.clone());
    draft.set_up(Subject::Program(program.id), Outcome::Program(program))
}

pub(super) fn create_affiliate(
    mut draft: Draft<'_>,
    name: &Text,
    email: Option<&Text>,
    customer: Option<&Identifier>,
) -> Result<(Answer, Changes), Error> {
    let id = draft.head().next_affiliate();
    let created_at = draft.at;
    Ok(put_affiliate(
        draft,
        Affiliate {
            id,
            name: name.clone(),
            email: email.cloned(),
            customer: customer.cloned(),
            created_at,
        },
    ))
}

pub(super) fn change_affiliate(
    draft: Draft<'_>,
    id: AffiliateId,
    name: Option<&Text>,
    email: Option<&Option<Text>>,
    customer: Option<&Option<Identifier>>,
) -> Result<(Answer, Changes), Error> {
    let before = draft
        .book
        .affiliate(id)
        .ok_or(Error::AffiliateNotFound(id))?;
    let mut affiliate = Affiliate::clone(before);
    if let Some(name) = name {
        affiliate.name = name.clone();
    }
    if let Some(email) = email {
        affiliate.email = email.clone();
    }
    if let Some(customer) = customer {
        affiliate.customer = customer.clone();
    }
    Ok(put_affiliate(draft, affiliate))
}

fn put_affiliate(mut draft: Draft<'_>, affiliate: Affiliate) -> (Answer, Changes) {
    let affiliate = Arc::new(affiliate);
    draft.changes.affiliates.push(affiliate.clone());
    draft.set_up(
        Subject::Affiliate(affiliate.id),
        Outcome::Affiliate(affiliate),
    )
}

pub(super) fn enroll(
    mut draft: Draft<'_>,
    enrolling: &Enrolling,
) -> Result<(Answer, Changes), Error> {
    let Enrolling {
        affiliate,
        program,
        recruiter,
        rate,
        ..
    } = *enrolling;
    let book = draft.book;
    book.affiliate(affiliate)
        .ok_or(Error::AffiliateNotFound(affiliate))?;
    book.program(program)
        .ok_or(Error::ProgramNotFound(program))?;
    if let Some(present) = book.by_membership(affiliate, program) {
        let enrollment = present.id;
        return Err(Error::AlreadyEnrolled {
            affiliate,
            program,
            enrollment,
        });
    }
    if let Some(id) = recruiter {
        let recruiter = book.enrollment(id).ok_or(Error::EnrollmentNotFound(id))?;
        if recruiter.program != program {
            return Err(Error::RecruiterElsewhere {
                recruiter: id,
                program: recruiter.program,
            });
        }
    }
    let id = draft.head().next_enrollment();
    let enrollment = Enrollment {
        id,
        affiliate,
        program,
        tag: free_tag(&draft, &enrolling.tag, id)?,
        slug: free_slug(&draft, enrolling.slug.as_ref(), id)?,
        recruiter,
        rate,
        state: EnrollmentState::Active,
        details: serde_json::Map::new(),
        created_at: draft.at,
    };
    Ok(put_enrollment(draft, enrollment))
}

pub(super) fn change_enrollment(
    draft: Draft<'_>,
    id: EnrollmentId,
    tag: Option<&Tag>,
    slug: Option<&Option<Slug>>,
    rate: Option<Option<Rate>>,
    is_active: Option<bool>,
) -> Result<(Answer, Changes), Error> {
    let before = draft
        .book
        .enrollment(id)
        .ok_or(Error::EnrollmentNotFound(id))?;
    let mut enrollment = Enrollment::clone(before);
    if let Some(tag) = tag {
        enrollment.tag = free_tag(&draft, tag, id)?;
    }
    if let Some(slug) = slug {
        enrollment.slug = free_slug(&draft, slug.as_ref(), id)?;
    }
    enrollment.rate = rate.unwrap_or(enrollment.rate);
    enrollment.state = is_active.map_or(enrollment.state, EnrollmentState::of);
    Ok(put_enrollment(draft, enrollment))
}

pub(super) fn put_enrollment(mut draft: Draft<'_>, enrollment: Enrollment) -> (Answer, Changes) {
    let enrollment = Arc::new(enrollment);
    draft.changes.enrollments.push(enrollment.clone());
    draft.set_up(
        Subject::Enrollment(enrollment.id),
        Outcome::Enrollment(enrollment),
    )
}

/// The tag, if neither another's tag nor another's link is spelled so.
pub(super) fn free_tag(draft: &Draft<'_>, tag: &Tag, own: EnrollmentId) -> Result<Tag, Error> {
    let by_link = Slug::parse(tag.as_str()).ok();
    let by_link = by_link.and_then(|slug| draft.book.by_slug(&slug));
    let holders = draft.book.by_tag(tag).into_iter().chain(by_link);
    match holders
        .map(|holder| holder.id)
        .find(|holder| *holder != own)
    {
        Some(holder) => Err(Error::TagTaken {
            tag: tag.clone(),
            holder,
        }),
        None => Ok(tag.clone()),
    }
}

/// The slug, if neither another's link nor another's tag is spelled so.
fn free_slug(
    draft: &Draft<'_>,
    slug: Option<&Slug>,
    own: EnrollmentId,
) -> Result<Option<Slug>, Error> {
    let Some(slug) = slug else { return Ok(None) };
    let by_tag = Tag::parse(slug.as_str()).ok();
    let by_tag = by_tag.and_then(|tag| draft.book.by_tag(&tag));
    let holders = draft.book.by_slug(slug).into_iter().chain(by_tag);
    match holders
        .map(|holder| holder.id)
        .find(|holder| *holder != own)
    {
        Some(holder) => Err(Error::SlugTaken {
            slug: slug.clone(),
            holder,
        }),
        None => Ok(Some(slug.clone())),
    }
}
