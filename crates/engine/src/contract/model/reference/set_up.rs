//! Programs, affiliates, enrollments and promo codes.

use accrual_attribution::{
    AffiliateId, Code, EnrollmentId, Identifier, ProgramId, PromoCodeId, Slug, Tag,
};
use time::OffsetDateTime;

use super::{Coupon, Done, IsReplay, Program, Reference, done, terms};
use crate::{
    Affiliate, AmountField, Application, Command, Enrolling, Enrollment, EnrollmentState, Error,
    PromoLimits, Subject, TermsDraft, Text,
};

/// The place of what has this number; `None` if there is none.
pub(super) fn place(number: i64, count: usize) -> Option<usize> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    (place < count).then_some(place)
}

/// The number of what is at this place.
pub(super) fn number(place: usize) -> i64 {
    i64::try_from(place + 1).expect("few of everything")
}

impl Reference {
    pub(super) fn create_program(&mut self, command: &Command, at: OffsetDateTime) -> Done {
        let Command::CreateProgram {
            name,
            terms,
            is_ambassador,
        } = command
        else {
            panic!("not a new program");
        };
        terms::check(&terms.rules)?;
        self.programs.push(Program {
            name: name.clone(),
            versions: vec![terms.clone()],
            is_ambassador: *is_ambassador,
            created_at: at,
        });
        self.enter();
        Ok(done(Subject::Program(ProgramId::new(number(
            self.programs.len() - 1,
        )))))
    }

    pub(super) fn change_program(&mut self, command: &Command) -> Done {
        let Command::ChangeProgram {
            program: id,
            name,
            terms,
            is_ambassador,
        } = command
        else {
            panic!("not a change of a program");
        };
        let place = self.program_place(*id)?;
        let program = &mut self.programs[place];
        if let Some(change) = terms {
            let next = terms::changed(program.versions.last().expect("the first"), change);
            terms::check(&next.rules)?;
            program.versions.push(next);
        }
        if let Some(name) = name {
            program.name = name.clone();
        }
        if let Some(is_ambassador) = is_ambassador {
            program.is_ambassador = *is_ambassador;
        }
        self.enter();
        Ok(done(Subject::Program(*id)))
    }

    pub(super) fn create_affiliate(
        &mut self,
        name: &Text,
        email: Option<&Text>,
        customer: Option<&Identifier>,
        at: OffsetDateTime,
    ) -> (Subject, IsReplay) {
        let id = AffiliateId::new(number(self.affiliates.len()));
        self.affiliates.push(Affiliate {
            id,
            name: name.clone(),
            email: email.cloned(),
            customer: customer.cloned(),
            created_at: at,
        });
        self.enter();
        done(Subject::Affiliate(id))
    }

    pub(super) fn change_affiliate(&mut self, command: &Command) -> Done {
        let Command::ChangeAffiliate {
            affiliate,
            name,
            email,
            customer,
        } = command
        else {
            panic!("not a change of an affiliate");
        };
        let place = place(affiliate.number(), self.affiliates.len());
        let place = place.ok_or(Error::AffiliateNotFound(*affiliate))?;
        let present = &mut self.affiliates[place];
        if let Some(name) = name {
            present.name = name.clone();
        }
        if let Some(email) = email {
            present.email = email.clone();
        }
        if let Some(customer) = customer {
            present.customer = customer.clone();
        }
        self.enter();
        Ok(done(Subject::Affiliate(*affiliate)))
    }

    pub(super) fn enroll(&mut self, enrolling: &Enrolling, at: OffsetDateTime) -> Done {
        let Enrolling {
            affiliate,
            program,
            tag,
            slug,
            recruiter,
            rate,
        } = enrolling;
        if place(affiliate.number(), self.affiliates.len()).is_none() {
            return Err(Error::AffiliateNotFound(*affiliate));
        }
        self.program_place(*program)?;
        let mut all = self.enrollments.iter();
        if let Some(present) =
            all.find(|one| (one.affiliate, one.program) == (*affiliate, *program))
        {
            return Err(Error::AlreadyEnrolled {
                affiliate: *affiliate,
                program: *program,
                enrollment: present.id,
            });
        }
        if let Some(recruiter) = recruiter {
            let found = self.enrollment(*recruiter)?;
            if found.program != *program {
                return Err(Error::RecruiterElsewhere {
                    recruiter: *recruiter,
                    program: found.program,
                });
            }
        }
        let id = EnrollmentId::new(number(self.enrollments.len()));
        self.is_free(id, Some(tag), slug.as_ref())?;
        self.enrollments.push(Enrollment {
            id,
            affiliate: *affiliate,
            program: *program,
            tag: tag.clone(),
            slug: slug.clone(),
            recruiter: *recruiter,
            rate: *rate,
            state: EnrollmentState::Active,
            details: serde_json::Map::new(),
            created_at: at,
        });
        self.enter();
        Ok(done(Subject::Enrollment(id)))
    }

    /// Whoever has the address and is in the program has applied already, whatever has become of it.
    pub(super) fn apply(&mut self, application: &Application, at: OffsetDateTime) -> Done {
        let program = application.program;
        self.program_place(program)?;
        let address = Some(&application.email);
        let known = self.affiliates.iter();
        let known = known.filter(|one| one.address().as_ref() == address);
        let known: Vec<AffiliateId> = known.map(|one| one.id).collect();
        for affiliate in &known {
            let mut all = self.enrollments.iter_mut();
            let present = all.find(|one| (one.affiliate, one.program) == (*affiliate, program));
            if let Some(present) = present {
                let (id, before) = (present.id, present.details.clone());
                for (name, value) in &application.details {
                    let details = &mut present.details;
                    details.entry(name).or_insert_with(|| value.clone());
                }
                if present.details != before {
                    self.enter();
                }
                return Ok((Subject::Enrollment(id), IsReplay::Same));
            }
        }
        let id = EnrollmentId::new(number(self.enrollments.len()));
        self.is_free(id, Some(&application.tag), None)?;
        let affiliate = match known.first() {
            Some(known) => *known,
            None => {
                let id = AffiliateId::new(number(self.affiliates.len()));
                self.affiliates.push(Affiliate {
                    id,
                    name: application.name.clone(),
                    email: Text::parse(application.email.as_str()).ok(),
                    customer: None,
                    created_at: at,
                });
                id
            }
        };
        self.enrollments.push(Enrollment {
            id,
            affiliate,
            program,
            tag: application.tag.clone(),
            slug: None,
            recruiter: None,
            rate: None,
            state: EnrollmentState::Applied,
            details: application.details.clone(),
            created_at: at,
        });
        self.enter();
        Ok(done(Subject::Enrollment(id)))
    }

    pub(super) fn change_enrollment(&mut self, command: &Command) -> Done {
        let Command::ChangeEnrollment {
            enrollment,
            tag,
            slug,
            rate,
            is_active,
        } = command
        else {
            panic!("not a change of an enrollment");
        };
        let mut changed = self.enrollment(*enrollment)?.clone();
        let new_slug = slug.as_ref().and_then(Option::as_ref);
        self.is_free(*enrollment, tag.as_ref(), new_slug)?;
        if let Some(tag) = tag {
            changed.tag = tag.clone();
        }
        if let Some(slug) = slug {
            changed.slug = slug.clone();
        }
        if let Some(rate) = rate {
            changed.rate = *rate;
        }
        if let Some(is_active) = is_active {
            changed.state = match is_active {
                true => EnrollmentState::Active,
                false => EnrollmentState::Ended,
            };
        }
        let place = place(enrollment.number(), self.enrollments.len());
        self.enrollments[place.expect("found above")] = changed;
        self.enter();
        Ok(done(Subject::Enrollment(*enrollment)))
    }

    /// Tags and slugs are spelled in one space: nobody else may have what is wanted here.
    fn is_free(
        &self,
        own: EnrollmentId,
        tag: Option<&Tag>,
        slug: Option<&Slug>,
    ) -> Result<(), Error> {
        let holder = |text: &str| {
            let mut others = self.enrollments.iter().filter(|one| one.id != own);
            let has = |one: &&Enrollment| {
                let slug = one.slug.as_ref().map(Slug::as_str);
                one.tag.as_str() == text || slug == Some(text)
            };
            others.find(has).map(|one| one.id)
        };
        if let Some(tag) = tag
            && let Some(holder) = holder(tag.as_str())
        {
            return Err(Error::TagTaken {
                tag: tag.clone(),
                holder,
            });
        }
        if let Some(slug) = slug
            && let Some(holder) = holder(slug.as_str())
        {
            return Err(Error::SlugTaken {
                slug: slug.clone(),
                holder,
            });
        }
        Ok(())
    }

    pub(super) fn create_code(
        &mut self,
        code: &Code,
        enrollment: EnrollmentId,
        limits: &PromoLimits,
        at: OffsetDateTime,
    ) -> Done {
        if let Some(holder) = self.codes.iter().position(|one| one.code == *code) {
            let holder = PromoCodeId::new(number(holder));
            return Err(Error::CodeTaken {
                code: code.clone(),
                holder,
            });
        }
        self.enrollment(enrollment)?;
        check_limits(limits)?;
        self.asks_for_first_orders |= limits.first_order_only;
        self.codes.push(Coupon {
            code: code.clone(),
            enrollment,
            is_active: true,
            limits: limits.clone(),
            created_at: at,
        });
        self.enter();
        let id = PromoCodeId::new(number(self.codes.len() - 1));
        Ok(done(Subject::PromoCode(id)))
    }

    pub(super) fn change_code(
        &mut self,
        id: PromoCodeId,
        is_active: Option<bool>,
        limits: Option<&PromoLimits>,
    ) -> Done {
        let place = place(id.number(), self.codes.len());
        let place = place.ok_or(Error::PromoCodeNotFound(id))?;
        limits.map_or(Ok(()), check_limits)?;
        let code = &mut self.codes[place];
        if let Some(is_active) = is_active {
            code.is_active = is_active;
        }
        if let Some(limits) = limits {
            code.limits = limits.clone();
        }
        self.asks_for_first_orders |= self.codes[place].limits.first_order_only;
        self.enter();
        Ok(done(Subject::PromoCode(id)))
    }

    pub(super) fn program_place(&self, id: ProgramId) -> Result<usize, Error> {
        place(id.number(), self.programs.len()).ok_or(Error::ProgramNotFound(id))
    }

    /// The terms in force.
    pub(super) fn terms(&self, id: ProgramId) -> &TermsDraft {
        let place = self
            .program_place(id)
            .expect("the program of an enrollment");
        self.programs[place].versions.last().expect("the first")
    }

    pub(super) fn enrollment(&self, id: EnrollmentId) -> Result<&Enrollment, Error> {
        let place = place(id.number(), self.enrollments.len());
        Ok(&self.enrollments[place.ok_or(Error::EnrollmentNotFound(id))?])
    }
}

fn check_limits(limits: &PromoLimits) -> Result<(), Error> {
    match limits.minimum {
        Some(amount) if amount.minor() < 0 => Err(Error::AmountNegative {
            field: AmountField::Minimum,
            amount,
        }),
        Some(_) | None => Ok(()),
    }
}
