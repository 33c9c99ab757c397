//! What commands read: loaded before they run, and kept up to date while they do.

mod absorb;
mod setup;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use accrual_attribution::{
    AffiliateId, Code, Email, EnrollmentId, ProgramId, PromoCodeId, ReferralId, Slug, Tag,
};
use accrual_commission::TermsVersion;
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use crate::{
    Affiliate, ConversionId, DayTally, Decided, Enrollment, Head, IdempotencyKey, Person, Program,
    PromoCode, Recorded, Reference, Referral, Remembered, Shop, ShopId, ShopKey, ShopPlatform,
    Source, Span, Version,
};

pub use absorb::Loaded;
pub use setup::Setup;

/// What the commands of one organization read; `None` is known not to exist.
#[derive(Clone, Debug)]
pub struct Book {
    pub(crate) head: Head,
    /// When its commands are run (UTC, to the microsecond).
    pub(crate) at: OffsetDateTime,
    pub(crate) setup: Setup,
    pub(crate) references: HashMap<(Source, Reference), Option<ConversionId>>,
    pub(crate) conversions: HashMap<ConversionId, Option<Arc<Recorded>>>,
    pub(crate) decided: HashMap<ConversionId, Option<Arc<Decided>>>,
    pub(crate) remembered: HashMap<IdempotencyKey, Option<Remembered>>,
    pub(crate) promo_codes: HashMap<PromoCodeId, Option<Arc<PromoCode>>>,
    pub(crate) codes: HashMap<Code, Option<PromoCodeId>>,
    pub(crate) referrals: HashMap<ReferralId, Option<Arc<Referral>>>,
    pub(crate) people: HashMap<Person, BTreeSet<ReferralId>>,
    pub(crate) tallies: HashMap<Span, DayTally>,
    pub(crate) spans: HashMap<Span, BTreeSet<ConversionId>>,
    pub(crate) payable: HashMap<(AffiliateId, Currency), Money>,
    pub(crate) due: Option<Vec<ConversionId>>,
}

impl Book {
    /// A book with nothing in it but the head and, if it is still current, what `setup` keeps;
    /// its commands are run at `at` (UTC, to the microsecond).
    pub fn new(head: Head, setup: Setup, at: OffsetDateTime) -> Self {
        Self {
            setup: setup.if_current(head.setup_version),
            head,
            at,
            references: HashMap::new(),
            conversions: HashMap::new(),
            decided: HashMap::new(),
            remembered: HashMap::new(),
            promo_codes: HashMap::new(),
            codes: HashMap::new(),
            referrals: HashMap::new(),
            people: HashMap::new(),
            tallies: HashMap::new(),
            spans: HashMap::new(),
            payable: HashMap::new(),
            due: None,
        }
    }

    /// From now on its commands are run at `at` (UTC, to the microsecond).
    pub fn set_time(&mut self, at: OffsetDateTime) {
        self.at = at;
    }

    /// What can be kept for the next book, if all changes made to this one were saved.
    pub fn into_setup(self) -> Setup {
        self.setup
    }

    /// Whether it holds so much that it is better to begin a new one.
    pub fn is_full(&self) -> bool {
        self.setup.is_full()
    }

    /// Where the organization stands.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The enrollment with this tag.
    pub(crate) fn by_tag(&self, tag: &Tag) -> Option<&Arc<Enrollment>> {
        let id = self.setup.tags.get(tag)?.as_ref()?;
        self.enrollment(*id)
    }

    /// The enrollment with this slug, or else with the tag that is spelled alike.
    pub(crate) fn by_slug(&self, slug: &Slug) -> Option<&Arc<Enrollment>> {
        match self.setup.slugs.get(slug)? {
            Some(id) => self.enrollment(*id),
            None => self.by_tag(&Tag::parse(slug.as_str()).ok()?),
        }
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

    /// An enrollment with its program.
    pub(crate) fn with_program(
        &self,
        id: EnrollmentId,
    ) -> Option<(&Arc<Enrollment>, &Arc<Program>)> {
        let enrollment = self.enrollment(id)?;
        Some((enrollment, self.program(enrollment.program)?))
    }

    /// The enrollments of an affiliate, by their numbers.
    pub(crate) fn enrolled(&self, affiliate: AffiliateId) -> impl Iterator<Item = &EnrollmentId> {
        self.setup.enrolled.get(&affiliate).into_iter().flatten()
    }

    /// The affiliates with an e-mail address, by their numbers.
    pub(crate) fn addressed(
        &self,
        address: &Email,
    ) -> impl Iterator<Item = &AffiliateId> + Clone + use<'_> {
        self.setup.addresses.get(address).into_iter().flatten()
    }

    pub(crate) fn affiliate(&self, id: AffiliateId) -> Option<&Arc<Affiliate>> {
        self.setup.affiliates.get(&id)?.as_ref()
    }

    pub(crate) fn program(&self, id: ProgramId) -> Option<&Arc<Program>> {
        self.setup.programs.get(&id)?.as_ref()
    }

    pub(crate) fn version(&self, program: ProgramId, version: TermsVersion) -> Option<&Version> {
        self.setup.versions.get(&(program, version))?.as_ref()
    }

    pub(crate) fn shop(&self, id: ShopId) -> Option<&Arc<Shop>> {
        self.setup.shops.get(&id)?.as_ref()
    }

    /// The store with this id of its platform.
    pub(crate) fn by_shop_key(&self, platform: ShopPlatform, key: &ShopKey) -> Option<&Arc<Shop>> {
        let id = self
            .setup
            .shop_keys
            .get(&(platform, key.clone()))?
            .as_ref()?;
        self.shop(*id)
    }

    pub(crate) fn promo_code(&self, id: PromoCodeId) -> Option<&Arc<PromoCode>> {
        self.promo_codes.get(&id)?.as_ref()
    }

    /// The promo code that is spelled so.
    pub(crate) fn by_code(&self, code: &Code) -> Option<&Arc<PromoCode>> {
        let id = self.codes.get(code)?.as_ref()?;
        self.promo_code(*id)
    }

    pub(crate) fn referral(&self, id: ReferralId) -> Option<&Arc<Referral>> {
        self.referrals.get(&id)?.as_ref()
    }

    /// The referrals of a person, by their numbers.
    pub(crate) fn known_as(&self, person: &Person) -> impl Iterator<Item = &Arc<Referral>> {
        let ids = self.people.get(person).into_iter().flatten();
        ids.filter_map(|id| self.referral(*id))
    }

    pub(crate) fn conversion(&self, id: ConversionId) -> Option<&Arc<Recorded>> {
        self.conversions.get(&id)?.as_ref()
    }

    /// The conversion with this reference.
    pub(crate) fn by_reference(&self, key: &(Source, Reference)) -> Option<&Arc<Recorded>> {
        let id = self.references.get(key)?.as_ref()?;
        self.conversion(*id)
    }

    /// What was known when a conversion was decided.
    pub(crate) fn decided(&self, id: ConversionId) -> Option<&Arc<Decided>> {
        self.decided.get(&id)?.as_ref()
    }

    /// The conversions of these days, by their numbers.
    pub(crate) fn in_span(&self, span: &Span) -> impl Iterator<Item = &Arc<Recorded>> {
        let ids = self.spans.get(span).into_iter().flatten();
        ids.filter_map(|id| self.conversion(*id))
    }
}
