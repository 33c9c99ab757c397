//! What must be read before commands can run.

mod amended;
mod ask;
mod report;

use std::collections::BTreeSet;

use accrual_attribution::{
    AffiliateId, Code, Email, EnrollmentId, ProgramId, PromoCodeId, ReferralId, Slug, Tag,
};
use accrual_commission::{Change, TermsVersion};
use accrual_money::Currency;
use time::OffsetDateTime;

use crate::{
    Book, Command, ConversionId, IdempotencyKey, Person, Reference, Sender, ShopId, ShopKey,
    ShopPlatform, SignUpBy, Source, Span, Subject, Submission,
};

/// What must be read before commands can run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Conversions by reference, with their commissions.
    pub references: BTreeSet<(Source, Reference)>,
    /// Conversions, with their commissions.
    pub conversions: BTreeSet<ConversionId>,
    /// What was known when conversions were decided.
    pub decided: BTreeSet<ConversionId>,
    /// Idempotency keys.
    pub idempotency_keys: BTreeSet<IdempotencyKey>,
    /// Programs, with their newest terms.
    pub programs: BTreeSet<ProgramId>,
    /// Programs' terms in one version.
    pub versions: BTreeSet<(ProgramId, TermsVersion)>,
    /// Affiliates.
    pub affiliates: BTreeSet<AffiliateId>,
    /// All affiliates with an e-mail address.
    pub addresses: BTreeSet<Email>,
    /// Enrollments.
    pub enrollments: BTreeSet<EnrollmentId>,
    /// Enrollments by tag.
    pub tags: BTreeSet<Tag>,
    /// Enrollments by what their links end with.
    pub slugs: BTreeSet<Slug>,
    /// Enrollments by affiliate and program.
    pub memberships: BTreeSet<(AffiliateId, ProgramId)>,
    /// All enrollments of affiliates.
    pub enrolled: BTreeSet<AffiliateId>,
    /// Promo codes.
    pub promo_codes: BTreeSet<PromoCodeId>,
    /// Promo codes by what customers enter.
    pub codes: BTreeSet<Code>,
    /// Referrals.
    pub referrals: BTreeSet<ReferralId>,
    /// All referrals of persons.
    pub people: BTreeSet<Person>,
    /// Stores.
    pub shops: BTreeSet<ShopId>,
    /// Stores by their platforms' own ids.
    pub shop_keys: BTreeSet<(ShopPlatform, ShopKey)>,
    /// The sums of days.
    pub tallies: BTreeSet<Span>,
    /// All conversions of days, with their commissions.
    pub spans: BTreeSet<Span>,
    /// What affiliates can be paid: the sum of their payable accounts.
    pub payable: BTreeSet<(AffiliateId, Currency)>,
    /// Conversions with a commission that is held until then at most, at most
    /// [`Needs::MOST_DUE`], those first whose time came first.
    pub due: Option<OffsetDateTime>,
}

impl Needs {
    /// The most conversions whose commissions mature together.
    pub const MOST_DUE: u32 = 1_000;

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

    /// Whether what is read could be changed by a batch that does not know of it: then it can only
    /// be read while nothing is being kept.
    pub(crate) fn is_moving(&self) -> bool {
        let Self {
            conversions,
            decided,
            promo_codes,
            codes,
            referrals,
            people,
            tallies,
            spans,
            payable,
            due,
            enrolled,
            addresses,
            ..
        } = self;
        !(conversions.is_empty()
            && decided.is_empty()
            && promo_codes.is_empty()
            && codes.is_empty()
            && referrals.is_empty()
            && people.is_empty()
            && tallies.is_empty()
            && spans.is_empty()
            && payable.is_empty()
            && enrolled.is_empty()
            && addresses.is_empty()
            && due.is_none())
    }

    fn of_submission(&mut self, book: &Book, submission: &Submission) {
        if let Some(idempotency) = &submission.idempotency {
            match book.remembered.get(&idempotency.key) {
                None => {
                    self.idempotency_keys.insert(idempotency.key.clone());
                }
                Some(Some(remembered)) => return self.subject(book, remembered.about),
                Some(None) => {}
            }
        }
        match &submission.command {
            Command::CreateProgram { .. } | Command::CreateAffiliate { .. } => {}
            Command::ChangeProgram { program, .. } => self.program(book, *program),
            Command::ChangeAffiliate {
                affiliate, email, ..
            } => {
                self.affiliate(book, *affiliate);
                // Within the same batch somebody may apply with the address that it is given.
                if email.is_some() {
                    self.enrolled(book, *affiliate);
                }
            }
            Command::Enroll(enrolling) => {
                self.affiliate(book, enrolling.affiliate);
                self.program(book, enrolling.program);
                self.membership(book, (enrolling.affiliate, enrolling.program));
                self.tag(book, &enrolling.tag);
                self.spelled_alike(book, &enrolling.tag);
                if let Some(slug) = &enrolling.slug {
                    self.by_slug(book, slug);
                }
                if let Some(recruiter) = enrolling.recruiter {
                    self.enrollment(book, recruiter);
                }
            }
            Command::Apply(application) => {
                let tag = &application.tag;
                self.with_address(book, &application.email);
                self.program(book, application.program);
                self.tag(book, tag);
                self.spelled_alike(book, tag);
            }
            Command::ChangeEnrollment {
                enrollment,
                tag,
                slug,
                ..
            } => {
                self.with_program(book, *enrollment);
                if let Some(tag) = tag {
                    self.tag(book, tag);
                    self.spelled_alike(book, tag);
                }
                if let Some(Some(slug)) = slug {
                    self.by_slug(book, slug);
                }
            }
            Command::CreatePromoCode {
                code, enrollment, ..
            } => {
                self.code(book, code);
                self.enrollment(book, *enrollment);
            }
            Command::ChangePromoCode { promo_code, .. } => self.promo_code(book, *promo_code),
            Command::RegisterShop { platform, key, .. } => {
                self.shop_key(book, (*platform, key.clone()));
            }
            Command::Click(click) => {
                self.sender(book, &click.by);
                if let Some(visitor) = &click.visitor {
                    self.person(book, Person::Click(visitor.clone()));
                }
            }
            Command::SignUp(sign_up) => {
                match &sign_up.by {
                    SignUpBy::Referral(id) => self.referral(book, *id),
                    SignUpBy::Visitor(visitor) => {
                        self.person(book, Person::Click(visitor.clone()));
                    }
                    SignUpBy::Sender(sender) => self.sender(book, sender),
                }
                for person in sign_up.person.known_by() {
                    self.person(book, person);
                }
            }
            Command::Report(facts) => self.report(book, facts),
            Command::Refund(refund) => self.recorded(book, refund.conversion, |_, _| {}),
            Command::Amend(amendment) => {
                self.recorded(book, amendment.conversion, |needs, recorded| {
                    needs.amended(book, recorded, amendment);
                });
            }
            Command::ChangeStatus {
                conversion, change, ..
            } => self.recorded(book, *conversion, |needs, recorded| {
                if *change == Change::Pay {
                    for commission in &recorded.commissions {
                        let currency = commission.amount.currency();
                        needs.payable(book, (commission.credit.affiliate, currency));
                    }
                }
            }),
            Command::Mature => match &book.due {
                Some(due) => {
                    for id in due {
                        self.recorded(book, *id, |_, _| {});
                    }
                }
                None => self.due = Some(book.at),
            },
        }
    }

    fn sender(&mut self, book: &Book, sender: &Sender) {
        match sender {
            Sender::Enrollment(id) => self.enrollment(book, *id),
            Sender::Tag(tag) => self.tag(book, tag),
            Sender::Link(slug) => self.by_slug(book, slug),
        }
    }

    fn subject(&mut self, book: &Book, subject: Subject) {
        match subject {
            Subject::Program(program) => self.program(book, program),
            Subject::Affiliate(affiliate) => self.affiliate(book, affiliate),
            Subject::Enrollment(enrollment) => self.enrollment(book, enrollment),
            Subject::PromoCode(promo_code) => self.promo_code(book, promo_code),
            Subject::Referral(referral) => self.referral(book, referral),
            Subject::Shop(shop) => self.shop(book, shop),
            Subject::Conversion(conversion) => self.recorded(book, conversion, |_, _| {}),
        }
    }
}
