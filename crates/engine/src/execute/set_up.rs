//! Programs, affiliates and enrollments: made and changed.

use std::sync::Arc;

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Standing, Tag};
use accrual_commission::TermsVersion;
use accrual_money::Rate;

use super::draft::Draft;
use crate::{
    Affiliate, Answer, Changes, Enrollment, Error, Outcome, Program, Subject, TermsChange,
    TermsDraft, Text,
};

pub(super) fn create_program(
    mut draft: Draft<'_>,
    name: &Text,
    terms: &TermsDraft,
) -> Result<(Answer, Changes), Error> {
    let terms = terms.to_terms(TermsVersion::new(1))?;
    let id = draft.head().next_program();
    let created_at = draft.at;
    Ok(put_program(
        draft,
        Program {
            id,
            name: name.clone(),
            terms,
            created_at,
        },
    ))
}

pub(super) fn change_program(
    draft: Draft<'_>,
    id: ProgramId,
    name: Option<&Text>,
    terms: Option<&TermsChange>,
) -> Result<(Answer, Changes), Error> {
    let mut program = Program::clone(draft.book.program(id).ok_or(Error::ProgramNotFound(id))?);
    if let Some(name) = name {
        program.name = name.clone();
    }
    if let Some(terms) = terms {
        program.terms = terms.after(&program.terms)?;
    }
    Ok(put_program(draft, program))
}

fn put_program(mut draft: Draft<'_>, program: Program) -> (Answer, Changes) {
    let program = Arc::new(program);
    draft.changes.programs.push(program.clone());
    draft.set_up(Subject::Program(program.id), Outcome::Program(program))
}

pub(super) fn create_affiliate(
    mut draft: Draft<'_>,
    name: &Text,
    email: Option<&Text>,
) -> Result<(Answer, Changes), Error> {
    let id = draft.head().next_affiliate();
    let created_at = draft.at;
    let (name, email) = (name.clone(), email.cloned());
    Ok(put_affiliate(
        draft,
        Affiliate {
            id,
            name,
            email,
            created_at,
        },
    ))
}

pub(super) fn change_affiliate(
    draft: Draft<'_>,
    id: AffiliateId,
    name: Option<&Text>,
    email: Option<&Option<Text>>,
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
    affiliate: AffiliateId,
    program: ProgramId,
    tag: &Tag,
    rate: Option<Rate>,
) -> Result<(Answer, Changes), Error> {
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
    let id = draft.head().next_enrollment();
    let tag = free_tag(&draft, tag)?;
    let (standing, created_at) = (Standing::Active, draft.at);
    let enrollment = Enrollment {
        id,
        affiliate,
        program,
        tag,
        rate,
        standing,
        created_at,
    };
    Ok(put_enrollment(draft, enrollment))
}

pub(super) fn change_enrollment(
    draft: Draft<'_>,
    id: EnrollmentId,
    tag: Option<&Tag>,
    rate: Option<Option<Rate>>,
    standing: Option<Standing>,
) -> Result<(Answer, Changes), Error> {
    let before = draft
        .book
        .enrollment(id)
        .ok_or(Error::EnrollmentNotFound(id))?;
    let mut enrollment = Enrollment::clone(before);
    if let Some(tag) = tag.filter(|tag| **tag != enrollment.tag) {
        enrollment.tag = free_tag(&draft, tag)?;
    }
    enrollment.rate = rate.unwrap_or(enrollment.rate);
    enrollment.standing = standing.unwrap_or(enrollment.standing);
    Ok(put_enrollment(draft, enrollment))
}

fn put_enrollment(mut draft: Draft<'_>, enrollment: Enrollment) -> (Answer, Changes) {
    let enrollment = Arc::new(enrollment);
    draft.changes.enrollments.push(enrollment.clone());
    draft.set_up(
        Subject::Enrollment(enrollment.id),
        Outcome::Enrollment(enrollment),
    )
}

fn free_tag(draft: &Draft<'_>, tag: &Tag) -> Result<Tag, Error> {
    match draft.book.by_tag(tag) {
        Some(holder) => Err(Error::TagTaken {
            tag: tag.clone(),
            holder: holder.id,
        }),
        None => Ok(tag.clone()),
    }
}
