//! Asking for one thing, unless the book knows it.

use std::{borrow::Borrow, collections::BTreeSet, collections::HashMap, hash::Hash};

use accrual_attribution::{
    AffiliateId, Code, Email, EnrollmentId, ProgramId, PromoCodeId, ReferralId, Slug, Tag,
};
use accrual_commission::{Terms, TermsVersion};
use accrual_money::Currency;
use time::Date;

use super::Needs;
use crate::{
    Book, ConversionId, Person, Recorded, ShopId, ShopKey, ShopPlatform, Span, capped::Capped,
};

/// Asks for `key` if it is not known. Answers what is.
fn ask<'a, K, Q, V>(known: &'a HashMap<K, V>, asked: &mut BTreeSet<K>, key: &Q) -> Option<&'a V>
where
    K: Borrow<Q> + Eq + Hash + Ord,
    Q: ToOwned<Owned = K> + Eq + Hash + ?Sized,
{
    let found = known.get(key);
    if found.is_none() {
        asked.insert(key.to_owned());
    }
    found
}

impl Needs {
    pub(super) fn program(&mut self, book: &Book, program: ProgramId) {
        ask(&book.setup.programs, &mut self.programs, &program);
    }

    pub(super) fn version(&mut self, book: &Book, version: (ProgramId, TermsVersion)) {
        ask(&book.setup.versions, &mut self.versions, &version);
    }

    pub(super) fn affiliate(&mut self, book: &Book, affiliate: AffiliateId) {
        ask(&book.setup.affiliates, &mut self.affiliates, &affiliate);
    }

    pub(super) fn enrollment(&mut self, book: &Book, enrollment: EnrollmentId) {
        ask(&book.setup.enrollments, &mut self.enrollments, &enrollment);
    }

    /// An enrollment and its program: a report may be led there, also by a tag that the
    /// enrollment is given within the same batch.
    pub(super) fn with_program(&mut self, book: &Book, enrollment: EnrollmentId) {
        let found = ask(&book.setup.enrollments, &mut self.enrollments, &enrollment);
        if let Some(Some(enrollment)) = found {
            self.program(book, enrollment.program);
        }
    }

    pub(super) fn tag(&mut self, book: &Book, tag: &Tag) {
        ask(&book.setup.tags, &mut self.tags, tag);
    }

    pub(super) fn slug(&mut self, book: &Book, slug: &Slug) {
        ask(&book.setup.slugs, &mut self.slugs, slug);
    }

    /// Whoever a link leads to: by its slug, or else by the tag that is spelled alike.
    pub(super) fn by_slug(&mut self, book: &Book, slug: &Slug) {
        self.slug(book, slug);
        if let Ok(tag) = Tag::parse(slug.as_str()) {
            self.tag(book, &tag);
        }
    }

    /// Whoever has links that end like this tag.
    pub(super) fn spelled_alike(&mut self, book: &Book, tag: &Tag) {
        if let Ok(slug) = Slug::parse(tag.as_str()) {
            self.slug(book, &slug);
        }
    }

    pub(super) fn membership(&mut self, book: &Book, membership: (AffiliateId, ProgramId)) {
        ask(&book.setup.memberships, &mut self.memberships, &membership);
    }

    /// Whoever has an e-mail address, and what they are enrolled in.
    pub(super) fn with_address(&mut self, book: &Book, address: &Email) {
        let found = ask(&book.setup.addresses, &mut self.addresses, address);
        for affiliate in found.into_iter().flatten() {
            self.enrolled(book, *affiliate);
        }
    }

    pub(super) fn enrolled(&mut self, book: &Book, affiliate: AffiliateId) {
        ask(&book.setup.enrolled, &mut self.enrolled, &affiliate);
    }

    pub(super) fn promo_code(&mut self, book: &Book, id: PromoCodeId) {
        ask(&book.promo_codes, &mut self.promo_codes, &id);
    }

    pub(super) fn code(&mut self, book: &Book, code: &Code) {
        ask(&book.codes, &mut self.codes, code);
    }

    pub(super) fn referral(&mut self, book: &Book, id: ReferralId) {
        ask(&book.referrals, &mut self.referrals, &id);
    }

    pub(super) fn person(&mut self, book: &Book, person: Person) {
        if !book.people.contains_key(&person) {
            self.people.insert(person);
        }
    }

    pub(super) fn shop(&mut self, book: &Book, id: ShopId) {
        ask(&book.setup.shops, &mut self.shops, &id);
    }

    pub(super) fn shop_key(&mut self, book: &Book, key: (ShopPlatform, ShopKey)) {
        ask(&book.setup.shop_keys, &mut self.shop_keys, &key);
    }

    pub(super) fn tally(&mut self, book: &Book, span: Span) {
        ask(&book.tallies, &mut self.tallies, &span);
    }

    /// What the cap over a period looks at, if the terms have one.
    pub(super) fn capped(
        &mut self,
        book: &Book,
        terms: &Terms,
        enrollment: EnrollmentId,
        day: Date,
    ) {
        let capped = Capped::of(terms, enrollment, day).into_iter();
        for span in capped.flat_map(|capped| capped.needs(book)) {
            self.tally(book, span);
        }
    }

    pub(super) fn span(&mut self, book: &Book, span: Span) {
        ask(&book.spans, &mut self.spans, &span);
    }

    pub(super) fn payable(&mut self, book: &Book, account: (AffiliateId, Currency)) {
        ask(&book.payable, &mut self.payable, &account);
    }

    /// A conversion, the referrals whose counters change with it, and what `then` needs besides.
    pub(super) fn recorded(
        &mut self,
        book: &Book,
        id: ConversionId,
        then: impl FnOnce(&mut Self, &Recorded),
    ) {
        let found = ask(&book.conversions, &mut self.conversions, &id);
        if let Some(Some(recorded)) = found {
            for commission in &recorded.commissions {
                if let Some(referral) = commission.referral {
                    self.referral(book, referral);
                }
            }
            then(self, recorded);
        }
    }
}
