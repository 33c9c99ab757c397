//! What changes rarely, kept from one book to the next.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use accrual_attribution::{AffiliateId, Email, EnrollmentId, ProgramId, Slug, Tag};
use accrual_commission::TermsVersion;

use crate::{Affiliate, Enrollment, Program, Shop, ShopId, ShopKey, ShopPlatform, Version};

/// What changes rarely, as of one `setup_version`; `None` is known not to exist.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub(crate) version: i64,
    pub(crate) programs: HashMap<ProgramId, Option<Arc<Program>>>,
    pub(crate) versions: HashMap<(ProgramId, TermsVersion), Option<Version>>,
    pub(crate) affiliates: HashMap<AffiliateId, Option<Arc<Affiliate>>>,
    pub(crate) enrollments: HashMap<EnrollmentId, Option<Arc<Enrollment>>>,
    pub(crate) tags: HashMap<Tag, Option<EnrollmentId>>,
    pub(crate) slugs: HashMap<Slug, Option<EnrollmentId>>,
    pub(crate) memberships: HashMap<(AffiliateId, ProgramId), Option<EnrollmentId>>,
    pub(crate) addresses: HashMap<Email, BTreeSet<AffiliateId>>,
    pub(crate) enrolled: HashMap<AffiliateId, BTreeSet<EnrollmentId>>,
    pub(crate) shops: HashMap<ShopId, Option<Arc<Shop>>>,
    pub(crate) shop_keys: HashMap<(ShopPlatform, ShopKey), Option<ShopId>>,
}

impl Setup {
    /// How many things are kept at most; beyond that all are read again.
    const LIMIT: usize = 50_000;

    /// The same if it is of this version and not too large, else nothing.
    pub(super) fn if_current(self, version: i64) -> Self {
        if self.version == version && !self.is_full() {
            return self;
        }
        Self {
            version,
            ..Self::default()
        }
    }

    pub(super) fn is_full(&self) -> bool {
        let kept = self.programs.len()
            + self.versions.len()
            + self.affiliates.len()
            + self.enrollments.len()
            + self.tags.len()
            + self.slugs.len()
            + self.memberships.len()
            + self.addresses.len()
            + self.enrolled.len()
            + self.shops.len()
            + self.shop_keys.len();
        kept > Self::LIMIT
    }

    pub(super) fn put_program(&mut self, program: Arc<Program>) {
        self.programs.insert(program.id, Some(program));
    }

    pub(super) fn put_shop(&mut self, shop: Arc<Shop>) {
        let key = (shop.platform, shop.key.clone());
        self.shop_keys.insert(key, Some(shop.id));
        self.shops.insert(shop.id, Some(shop));
    }

    pub(super) fn put_affiliate(&mut self, affiliate: Arc<Affiliate>) {
        let id = affiliate.id;
        if let Some(Some(before)) = self.affiliates.get(&id)
            && let Some(address) = before.address()
            && let Some(addressed) = self.addresses.get_mut(&address)
        {
            addressed.remove(&id);
        }
        // Only where all who have it are known.
        if let Some(address) = affiliate.address()
            && let Some(addressed) = self.addresses.get_mut(&address)
        {
            addressed.insert(id);
        }
        self.affiliates.insert(id, Some(affiliate));
    }

    pub(super) fn put_enrollment(&mut self, enrollment: Arc<Enrollment>) {
        if let Some(Some(before)) = self.enrollments.get(&enrollment.id) {
            self.tags.insert(before.tag.clone(), None);
            if let Some(slug) = &before.slug {
                self.slugs.insert(slug.clone(), None);
            }
        }
        let id = enrollment.id;
        self.tags.insert(enrollment.tag.clone(), Some(id));
        if let Some(slug) = &enrollment.slug {
            self.slugs.insert(slug.clone(), Some(id));
        }
        self.memberships
            .insert((enrollment.affiliate, enrollment.program), Some(id));
        // Only where all of them are known.
        if let Some(enrolled) = self.enrolled.get_mut(&enrollment.affiliate) {
            enrolled.insert(id);
        }
        self.enrollments.insert(id, Some(enrollment));
    }
}
