//! Taking in what was read, and what commands have changed.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_commission::TermsVersion;
use accrual_money::{Currency, Money};

use super::Book;
use crate::{
    Affiliate, Changes, ConversionId, DayTally, Decided, Enrollment, Needs, Program, PromoCode,
    Recorded, Referral, Remembered, Shop, Span, Totals, TotalsKey, Version,
};

/// What was found of [`Needs`]; what is not here does not exist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// Conversions with their commissions, by whatever they were asked for.
    pub recorded: Vec<Recorded>,
    /// What was known when conversions were decided.
    pub decided: Vec<(ConversionId, Decided)>,
    /// Idempotency keys.
    pub remembered: Vec<Remembered>,
    /// Programs.
    pub programs: Vec<Program>,
    /// Programs' terms.
    pub versions: Vec<(ProgramId, Version)>,
    /// Affiliates, by whatever they were asked for.
    pub affiliates: Vec<Affiliate>,
    /// Enrollments, by whatever they were asked for.
    pub enrollments: Vec<Enrollment>,
    /// Promo codes, by whatever they were asked for.
    pub promo_codes: Vec<PromoCode>,
    /// Referrals, by whatever they were asked for.
    pub referrals: Vec<Referral>,
    /// Stores, by whatever they were asked for.
    pub shops: Vec<Shop>,
    /// The sums of days; without one the sum is nothing.
    pub tallies: Vec<(Span, DayTally)>,
    /// Which conversions have a direct commission of the span's enrollment on the span's days; they
    /// are in `recorded`.
    pub spans: Vec<(Span, ConversionId)>,
    /// The sums of payable accounts; without one the sum is nothing.
    pub payable: Vec<(AffiliateId, Money)>,
    /// Which conversions are due; they are in `recorded`.
    pub due: Vec<ConversionId>,
}

/// Keys that were asked for and whatever was found of them.
fn unfound<K: Eq + Hash, V>(
    map: &mut HashMap<K, V>,
    asked: impl IntoIterator<Item = K>,
    nothing: impl Fn(&K) -> V,
) {
    map.extend(asked.into_iter().map(|key| {
        let nothing = nothing(&key);
        (key, nothing)
    }));
}

impl Book {
    /// Takes in what was found of `needs`, all of which it does not know yet.
    pub fn absorb(&mut self, needs: Needs, loaded: Loaded) {
        self.expect(needs);
        for program in loaded.programs {
            self.setup.put_program(program.into());
        }
        for (program, version) in loaded.versions {
            let key = (program, version.terms.version());
            self.setup.versions.insert(key, Some(version));
        }
        for affiliate in loaded.affiliates {
            let known = self.affiliate(affiliate.id).cloned();
            self.setup
                .put_affiliate(known.unwrap_or_else(|| affiliate.into()));
        }
        for enrollment in loaded.enrollments {
            let known = self.enrollment(enrollment.id).cloned();
            self.setup
                .put_enrollment(known.unwrap_or_else(|| enrollment.into()));
        }
        for recorded in loaded.recorded {
            // One that was found again by another way may have changed here.
            let id = recorded.conversion.id;
            if !matches!(self.conversions.get(&id), Some(Some(_))) {
                self.put_recorded(recorded.into());
            }
        }
        for (id, decided) in loaded.decided {
            self.decided.insert(id, Some(decided.into()));
        }
        for remembered in loaded.remembered {
            self.put_remembered(remembered);
        }
        for promo_code in loaded.promo_codes {
            if self.promo_code(promo_code.id).is_none() {
                self.put_promo_code(promo_code.into());
            }
        }
        for referral in loaded.referrals {
            let known = self.referral(referral.id).cloned();
            self.put_referral(known.unwrap_or_else(|| referral.into()));
        }
        for shop in loaded.shops {
            let known = self.shop(shop.id).cloned();
            self.setup.put_shop(known.unwrap_or_else(|| shop.into()));
        }
        self.tallies.extend(loaded.tallies);
        for (span, id) in loaded.spans {
            self.spans.entry(span).or_default().insert(id);
        }
        for (affiliate, amount) in loaded.payable {
            self.payable.insert((affiliate, amount.currency()), amount);
        }
        if let Some(due) = &mut self.due {
            due.extend(loaded.due);
        }
    }

    /// What is asked for is known not to exist, until it is found.
    fn expect(&mut self, needs: Needs) {
        let setup = &mut self.setup;
        unfound(&mut setup.programs, needs.programs, |_| None);
        unfound(&mut setup.versions, needs.versions, |_| None);
        unfound(&mut setup.affiliates, needs.affiliates, |_| None);
        unfound(&mut setup.enrollments, needs.enrollments, |_| None);
        unfound(&mut setup.tags, needs.tags, |_| None);
        unfound(&mut setup.slugs, needs.slugs, |_| None);
        unfound(&mut setup.memberships, needs.memberships, |_| None);
        unfound(&mut setup.addresses, needs.addresses, |_| {
            Default::default()
        });
        unfound(&mut setup.enrolled, needs.enrolled, |_| Default::default());
        unfound(&mut setup.shops, needs.shops, |_| None);
        unfound(&mut setup.shop_keys, needs.shop_keys, |_| None);
        unfound(&mut self.references, needs.references, |_| None);
        unfound(&mut self.conversions, needs.conversions, |_| None);
        unfound(&mut self.decided, needs.decided, |_| None);
        unfound(&mut self.remembered, needs.idempotency_keys, |_| None);
        unfound(&mut self.promo_codes, needs.promo_codes, |_| None);
        unfound(&mut self.codes, needs.codes, |_| None);
        unfound(&mut self.referrals, needs.referrals, |_| None);
        unfound(&mut self.people, needs.people, |_| Default::default());
        unfound(&mut self.tallies, needs.tallies, |span| {
            DayTally::zero(span.currency)
        });
        unfound(&mut self.spans, needs.spans, |_| Default::default());
        unfound(
            &mut self.payable,
            needs.payable,
            |(_, currency): &(_, Currency)| Money::zero(*currency),
        );
        if needs.due.is_some() {
            self.due = Some(Vec::new());
        }
    }

    /// Takes in what a command has changed, for those that come after it.
    pub fn apply(&mut self, changes: &Changes) {
        self.head = changes.head.clone();
        self.setup.version = self.head.setup_version;
        for program in &changes.programs {
            let version: (ProgramId, TermsVersion) = (program.id, program.terms.version());
            self.setup.versions.remove(&version);
            self.setup.put_program(program.clone());
        }
        for affiliate in &changes.affiliates {
            self.setup.put_affiliate(affiliate.clone());
            if affiliate.id.number() == self.head.last_affiliate {
                self.setup.enrolled.entry(affiliate.id).or_default();
            }
        }
        for enrollment in &changes.enrollments {
            self.setup.put_enrollment(enrollment.clone());
        }
        for shop in &changes.shops {
            self.setup.put_shop(shop.clone());
        }
        for promo_code in &changes.promo_codes {
            self.put_promo_code(promo_code.clone());
        }
        for referral in &changes.referrals {
            self.put_referral(referral.clone());
        }
        for recorded in changes.recorded.iter().chain(&changes.revised) {
            self.put_recorded(recorded.clone());
        }
        if !changes.revised.is_empty() || !changes.recorded.is_empty() {
            // What is due by now is for the next to find out.
            self.due = None;
        }
        for ((enrollment, key), more) in &changes.totals {
            self.add_sold(*enrollment, key, more);
        }
        for posting in &changes.postings {
            self.add_payable(posting);
        }
        for remembered in &changes.remembered {
            self.put_remembered(remembered.clone());
        }
    }

    /// Forgets the sales that were read, but for those that `changes` make: they are not kept yet.
    pub fn forget_all_but(&mut self, changes: &Changes) {
        let (head, at) = (self.head.clone(), self.at);
        let setup = std::mem::take(&mut self.setup);
        *self = Self {
            setup,
            ..Self::new(head, Default::default(), at)
        };
        for recorded in changes.recorded.iter().chain(&changes.revised) {
            self.put_recorded(recorded.clone());
        }
        for remembered in &changes.remembered {
            self.put_remembered(remembered.clone());
        }
    }

    fn put_remembered(&mut self, remembered: Remembered) {
        self.remembered
            .insert(remembered.key.clone(), Some(remembered));
    }

    fn put_promo_code(&mut self, promo_code: Arc<PromoCode>) {
        let (id, code) = (promo_code.id, promo_code.code.clone());
        self.codes.insert(code, Some(id));
        self.promo_codes.insert(id, Some(promo_code));
    }

    fn put_referral(&mut self, referral: Arc<Referral>) {
        for person in referral.person.known_by() {
            // Only where all of the person's referrals are known.
            if let Some(known) = self.people.get_mut(&person) {
                known.insert(referral.id);
            }
        }
        self.referrals.insert(referral.id, Some(referral));
    }

    fn put_recorded(&mut self, recorded: Arc<Recorded>) {
        let conversion = &recorded.conversion;
        for (span, ids) in &mut self.spans {
            // One that was there may have gone to another day.
            if span.lifts(&recorded) {
                ids.insert(conversion.id);
            } else {
                ids.remove(&conversion.id);
            }
        }
        let facts = &conversion.facts;
        let reference = (facts.source.clone(), facts.reference.clone());
        let id = conversion.id;
        self.references.insert(reference, Some(id));
        self.conversions.insert(id, Some(recorded));
    }

    fn add_sold(&mut self, enrollment: EnrollmentId, key: &TotalsKey, more: &Totals) {
        for (span, tally) in &mut self.tallies {
            // What is out of range was refused when it was decided.
            if span.counts(enrollment, key)
                && let Ok(sum) = tally.checked_add(more.sold)
            {
                *tally = sum;
            }
        }
    }

    fn add_payable(&mut self, posting: &crate::Posting) {
        use accrual_commission::Account;
        let transfer = posting.transfer;
        let amount = transfer.amount();
        let both = [
            (transfer.to(), Some(amount)),
            (transfer.from(), amount.checked_neg().ok()),
        ];
        for (account, amount) in both {
            if let (Account::Payable(affiliate), Some(amount)) = (account, amount)
                && let Some(known) = self.payable.get_mut(&(affiliate, amount.currency()))
                && let Ok(sum) = known.checked_add(amount)
            {
                *known = sum;
            }
        }
    }
}
