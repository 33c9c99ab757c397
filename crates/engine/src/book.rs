//! What commands read: loaded before they run, and kept up to date while they do.

use std::{collections::BTreeSet, collections::HashMap, sync::Arc};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Tag};

use crate::{
    Affiliate, Changes, Command, Enrollment, Head, IdempotencyKey, Program, Recorded, Reference,
    Remembered, Source, Subject, Submission,
};

/// What must be read before commands can run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Conversions by reference, with their commissions.
    pub references: BTreeSet<(Source, Reference)>,
    /// Idempotency keys.
    pub idempotency_keys: BTreeSet<IdempotencyKey>,
    /// Programs, with their newest terms.
    pub programs: BTreeSet<ProgramId>,
    /// Affiliates.
    pub affiliates: BTreeSet<AffiliateId>,
    /// Enrollments.
    pub enrollments: BTreeSet<EnrollmentId>,
    /// Enrollments by tag.
    pub tags: BTreeSet<Tag>,
    /// Enrollments by affiliate and program.
    pub memberships: BTreeSet<(AffiliateId, ProgramId)>,
}

impl Needs {
    /// What `submissions` need that is not in `book` yet; empty when they can run.
    pub fn missing<'a>(book: &Book, submissions: impl IntoIterator<Item = &'a Submission>) -> Self {
        let mut needs = Self::default();
        for submission in submissions {
            needs.of_submission(book, submission);
        }
        needs
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn of_submission(&mut self, book: &Book, submission: &Submission) {
        if let Some(idempotency) = &submission.idempotency {
            match book.remembered.get(&idempotency.key) {
                None => {
                    self.idempotency_keys.insert(idempotency.key.clone());
                }
                Some(Some(remembered)) => self.subject(book, remembered.about),
                Some(None) => {}
            }
        }
        match &submission.command {
            Command::CreateProgram { .. } | Command::CreateAffiliate { .. } => {}
            Command::ChangeProgram { program, .. } => self.program(book, *program),
            Command::ChangeAffiliate { affiliate, .. } => self.affiliate(book, *affiliate),
            Command::Enroll {
                affiliate,
                program,
                tag,
                ..
            } => {
                self.affiliate(book, *affiliate);
                self.program(book, *program);
                self.membership(book, (*affiliate, *program));
                self.tag(book, tag);
            }
            Command::ChangeEnrollment {
                enrollment, tag, ..
            } => {
                self.with_program(book, *enrollment);
                if let Some(tag) = tag {
                    self.tag(book, tag);
                }
            }
            Command::Report(facts) => {
                let reference = (facts.source.clone(), facts.reference.clone());
                match book.recorded.get(&reference) {
                    None => {
                        self.references.insert(reference);
                    }
                    // A replay needs nothing else.
                    Some(Some(_)) => return,
                    Some(None) => {}
                }
                for claim in &facts.claims {
                    self.claim(book, claim);
                }
            }
        }
    }

    fn claim(&mut self, book: &Book, claim: &accrual_attribution::Claim) {
        use accrual_attribution::Claim;
        let enrollment = match claim {
            Claim::Tag(tag) => match book.setup.tags.get(tag) {
                None => {
                    self.tags.insert(tag.clone());
                    return;
                }
                Some(found) => *found,
            },
            Claim::Membership { affiliate, program } => {
                match book.setup.memberships.get(&(*affiliate, *program)) {
                    None => {
                        self.memberships.insert((*affiliate, *program));
                        return;
                    }
                    Some(found) => *found,
                }
            }
        };
        if let Some(enrollment) = enrollment {
            self.with_program(book, enrollment);
        }
    }

    /// An enrollment and its program: a report may be led there, also by a tag that the
    /// enrollment is given within the same batch.
    fn with_program(&mut self, book: &Book, enrollment: EnrollmentId) {
        match book.setup.enrollments.get(&enrollment) {
            None => {
                self.enrollments.insert(enrollment);
            }
            Some(Some(enrollment)) => self.program(book, enrollment.program),
            Some(None) => {}
        }
    }

    fn subject(&mut self, book: &Book, subject: Subject) {
        match subject {
            Subject::Program(program) => self.program(book, program),
            Subject::Affiliate(affiliate) => self.affiliate(book, affiliate),
            Subject::Enrollment(enrollment) => self.enrollment(book, enrollment),
        }
    }

    fn program(&mut self, book: &Book, program: ProgramId) {
        if !book.setup.programs.contains_key(&program) {
            self.programs.insert(program);
        }
    }

    fn affiliate(&mut self, book: &Book, affiliate: AffiliateId) {
        if !book.setup.affiliates.contains_key(&affiliate) {
            self.affiliates.insert(affiliate);
        }
    }

    fn enrollment(&mut self, book: &Book, enrollment: EnrollmentId) {
        if !book.setup.enrollments.contains_key(&enrollment) {
            self.enrollments.insert(enrollment);
        }
    }

    fn tag(&mut self, book: &Book, tag: &Tag) {
        if !book.setup.tags.contains_key(tag) {
            self.tags.insert(tag.clone());
        }
    }

    fn membership(&mut self, book: &Book, membership: (AffiliateId, ProgramId)) {
        if !book.setup.memberships.contains_key(&membership) {
            self.memberships.insert(membership);
        }
    }
}

/// What was found of [`Needs`]; what is not here does not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Conversions with their commissions.
    pub recorded: Vec<Recorded>,
    /// Idempotency keys.
    pub remembered: Vec<Remembered>,
    /// Programs.
    pub programs: Vec<Program>,
    /// Affiliates.
    pub affiliates: Vec<Affiliate>,
    /// Enrollments, by whatever they were asked for.
    pub enrollments: Vec<Enrollment>,
}

/// What changes rarely, as of one `setup_version`; `None` is known not to exist.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub(crate) version: i64,
    pub(crate) programs: HashMap<ProgramId, Option<Arc<Program>>>,
    pub(crate) affiliates: HashMap<AffiliateId, Option<Arc<Affiliate>>>,
    pub(crate) enrollments: HashMap<EnrollmentId, Option<Arc<Enrollment>>>,
    pub(crate) tags: HashMap<Tag, Option<EnrollmentId>>,
    pub(crate) memberships: HashMap<(AffiliateId, ProgramId), Option<EnrollmentId>>,
}

impl Setup {
    /// How many things are kept at most; beyond that all are read again.
    const LIMIT: usize = 50_000;

    fn len(&self) -> usize {
        self.programs.len()
            + self.affiliates.len()
            + self.enrollments.len()
            + self.tags.len()
            + self.memberships.len()
    }

    fn put_enrollment(&mut self, enrollment: Arc<Enrollment>) {
        self.tags
            .insert(enrollment.tag.clone(), Some(enrollment.id));
        self.memberships.insert(
            (enrollment.affiliate, enrollment.program),
            Some(enrollment.id),
        );
        self.enrollments.insert(enrollment.id, Some(enrollment));
    }
}

/// What the commands of one organization read; `None` is known not to exist.
#[derive(Clone, Debug)]
pub struct Book {
    pub(crate) head: Head,
    pub(crate) setup: Setup,
    pub(crate) recorded: HashMap<(Source, Reference), Option<Arc<Recorded>>>,
    pub(crate) remembered: HashMap<IdempotencyKey, Option<Remembered>>,
}

impl Book {
    /// A book with nothing in it but the head and, if it is still current, what `setup` keeps.
    pub fn new(head: Head, setup: Setup) -> Self {
        let setup = if setup.version == head.setup_version && setup.len() <= Setup::LIMIT {
            setup
        } else {
            Setup {
                version: head.setup_version,
                ..Setup::default()
            }
        };
        Self {
            head,
            setup,
            recorded: HashMap::new(),
            remembered: HashMap::new(),
        }
    }

    /// What can be kept for the next book, if all changes made to this one were saved.
    pub fn into_setup(self) -> Setup {
        self.setup
    }

    /// Forgets the sales that were read, but for those that `changes` make: they are not kept yet.
    pub fn forget_all_but(&mut self, changes: &Changes) {
        self.recorded.clear();
        self.remembered.clear();
        for recorded in &changes.recorded {
            self.put_recorded(recorded.clone());
        }
        for remembered in &changes.remembered {
            self.remembered
                .insert(remembered.key.clone(), Some(remembered.clone()));
        }
    }

    /// Whether it holds so much that it is better to begin a new one.
    pub fn is_full(&self) -> bool {
        self.setup.len() > Setup::LIMIT
    }

    /// Where the organization stands.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Takes in what was found of `needs`, all of which it does not know yet.
    pub fn absorb(&mut self, needs: Needs, loaded: Loaded) {
        let Setup {
            programs,
            affiliates,
            enrollments,
            tags,
            memberships,
            ..
        } = &mut self.setup;
        self.recorded
            .extend(needs.references.into_iter().map(|key| (key, None)));
        self.remembered
            .extend(needs.idempotency_keys.into_iter().map(|key| (key, None)));
        programs.extend(needs.programs.into_iter().map(|key| (key, None)));
        affiliates.extend(needs.affiliates.into_iter().map(|key| (key, None)));
        enrollments.extend(needs.enrollments.into_iter().map(|key| (key, None)));
        tags.extend(needs.tags.into_iter().map(|key| (key, None)));
        memberships.extend(needs.memberships.into_iter().map(|key| (key, None)));

        programs.extend(
            loaded
                .programs
                .into_iter()
                .map(|found| (found.id, Some(found.into()))),
        );
        affiliates.extend(
            loaded
                .affiliates
                .into_iter()
                .map(|found| (found.id, Some(found.into()))),
        );
        for enrollment in loaded.enrollments {
            self.setup.put_enrollment(Arc::new(enrollment));
        }
        for recorded in loaded.recorded {
            self.put_recorded(Arc::new(recorded));
        }
        for remembered in loaded.remembered {
            self.remembered
                .insert(remembered.key.clone(), Some(remembered));
        }
    }

    /// Takes in what a command has changed, for those that come after it.
    pub fn apply(&mut self, changes: &Changes) {
        self.head = changes.head.clone();
        self.setup.version = self.head.setup_version;
        for program in &changes.programs {
            self.setup
                .programs
                .insert(program.id, Some(program.clone()));
        }
        for affiliate in &changes.affiliates {
            self.setup
                .affiliates
                .insert(affiliate.id, Some(affiliate.clone()));
        }
        for enrollment in &changes.enrollments {
            if let Some(Some(before)) = self.setup.enrollments.get(&enrollment.id) {
                self.setup.tags.insert(before.tag.clone(), None);
            }
            self.setup.put_enrollment(enrollment.clone());
        }
        for recorded in &changes.recorded {
            self.put_recorded(recorded.clone());
        }
        for remembered in &changes.remembered {
            self.remembered
                .insert(remembered.key.clone(), Some(remembered.clone()));
        }
    }

    fn put_recorded(&mut self, recorded: Arc<Recorded>) {
        let facts = &recorded.conversion.facts;
        self.recorded.insert(
            (facts.source.clone(), facts.reference.clone()),
            Some(recorded),
        );
    }

    /// The enrollment with this tag.
    pub(crate) fn by_tag(&self, tag: &Tag) -> Option<&Arc<Enrollment>> {
        let id = self.setup.tags.get(tag)?.as_ref()?;
        self.enrollment(*id)
    }

    /// The enrollment of this affiliate in this program.
    pub(crate) fn by_membership(
        &self,
        affiliate: AffiliateId,
        program: ProgramId,
    ) -> Option<&Arc<Enrollment>> {
        let id = self
            .setup
            .memberships
            .get(&(affiliate, program))?
            .as_ref()?;
        self.enrollment(*id)
    }

    pub(crate) fn enrollment(&self, id: EnrollmentId) -> Option<&Arc<Enrollment>> {
        self.setup.enrollments.get(&id)?.as_ref()
    }

    pub(crate) fn affiliate(&self, id: AffiliateId) -> Option<&Arc<Affiliate>> {
        self.setup.affiliates.get(&id)?.as_ref()
    }

    pub(crate) fn program(&self, id: ProgramId) -> Option<&Arc<Program>> {
        self.setup.programs.get(&id)?.as_ref()
    }
}
