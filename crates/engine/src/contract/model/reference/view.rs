//! What the engine should show of it all.

use std::sync::Arc;

use accrual_attribution::{ProgramId, PromoCodeId, ReferralId};
use accrual_commission::{IncentiveNumber, Terms, TermsVersion, TierMode};

use super::{
    Reference, Sold,
    integers::money,
    set_up::{number, place},
};
use crate::{
    Affiliate, Commission, Conversion, ConversionId, Enrollment, Outcome, Program, PromoCode,
    Recorded, Referral, Sequence, Shop, Subject, TermsDraft, Version,
};

impl Reference {
    /// What a command was about, as it is now.
    pub(super) fn about(&self, subject: Subject) -> Outcome {
        let at = |number| place(number, usize::MAX).expect("a number");
        match subject {
            Subject::Program(id) => Outcome::Program(Arc::new(self.show_program(at(id.number())))),
            Subject::Affiliate(id) => {
                Outcome::Affiliate(Arc::new(self.affiliates[at(id.number())].clone()))
            }
            Subject::Enrollment(id) => {
                Outcome::Enrollment(Arc::new(self.enrollments[at(id.number())].clone()))
            }
            Subject::PromoCode(id) => Outcome::PromoCode(Arc::new(self.show_code(at(id.number())))),
            Subject::Referral(id) => Outcome::Referral(Arc::new(self.show_person(at(id.number())))),
            Subject::Shop(id) => Outcome::Shop(Arc::new(self.shops[at(id.number())].clone())),
            Subject::Conversion(id) => self.conversion(at(id.number())),
        }
    }

    pub(super) fn conversion(&self, place: usize) -> Outcome {
        Outcome::Conversion(Arc::new(self.show_sale(place)))
    }

    pub(in super::super) fn shown_programs(&self) -> Vec<Program> {
        (0..self.programs.len())
            .map(|place| self.show_program(place))
            .collect()
    }

    pub(in super::super) fn shown_versions(&self, id: ProgramId) -> Vec<Version> {
        let program = &self.programs[self.program_place(id).expect("a program")];
        program.versions.iter().zip(1..).map(version).collect()
    }

    pub(in super::super) fn shown_affiliates(&self) -> Vec<Affiliate> {
        self.affiliates.clone()
    }

    pub(in super::super) fn shown_enrollments(&self) -> Vec<Enrollment> {
        self.enrollments.clone()
    }

    pub(in super::super) fn shown_codes(&self) -> Vec<PromoCode> {
        (0..self.codes.len())
            .map(|place| self.show_code(place))
            .collect()
    }

    pub(in super::super) fn shown_shops(&self) -> Vec<Shop> {
        self.shops.clone()
    }

    pub(in super::super) fn shown_people(&self) -> Vec<Referral> {
        (0..self.people.len())
            .map(|place| self.show_person(place))
            .collect()
    }

    pub(in super::super) fn shown_sales(&self) -> Vec<Recorded> {
        (0..self.sales.len())
            .map(|place| self.show_sale(place))
            .collect()
    }

    fn show_program(&self, place: usize) -> Program {
        let program = &self.programs[place];
        let newest = program.versions.iter().zip(1..).last();
        let Version { terms, crediting } = version(newest.expect("the first"));
        Program {
            id: ProgramId::new(number(place)),
            name: program.name.clone(),
            terms,
            crediting,
            is_ambassador: program.is_ambassador,
            created_at: program.created_at,
        }
    }

    fn show_code(&self, place: usize) -> PromoCode {
        let code = &self.codes[place];
        PromoCode {
            id: PromoCodeId::new(number(place)),
            code: code.code.clone(),
            enrollment: code.enrollment,
            is_active: code.is_active,
            limits: code.limits.clone(),
            redeemed: self.redeemed(place),
            created_at: code.created_at,
        }
    }

    fn show_person(&self, place: usize) -> Referral {
        let sent = &self.people[place];
        Referral {
            id: ReferralId::new(number(place)),
            credit: sent.by,
            person: sent.person.clone(),
            touch: sent.touch,
            bound_at: sent.bound_at,
            payments: self.payments(place),
            first_payment_at: sent.first_payment_at,
            earned: self.earned_of(place),
            created_at: sent.created_at,
        }
    }

    fn show_sale(&self, place: usize) -> Recorded {
        let sold = &self.sales[place];
        let id = ConversionId::new(number(place));
        let currency = sold.currency();
        let (first, facts, last) = sold.entries;
        let conversion = Conversion {
            id,
            facts: sold.facts.clone(),
            amended: sold.amended.clone().map(Box::new),
            occurred_at: sold.occurred_at,
            day: sold.day,
            recorded_at: sold.recorded_at,
            sequence: Sequence::new(first),
            facts_sequence: Sequence::new(facts),
            version: Sequence::new(last),
            refunded: money(sold.refunded, currency),
            charged_back: money(sold.charged_back, currency),
        };
        let version = u32::try_from(sold.version + 1).expect("few versions");
        let earners = sold.earners.iter().zip(1..);
        let commissions = earners.map(|(earner, position)| Commission {
            conversion: id,
            position,
            credit: earner.credit,
            earned_by: earner.by,
            incentive: earner.incentive,
            is_liftable: earner
                .incentive
                .is_some_and(|incentive| self.may_lift(sold, incentive)),
            referral: earner.customer.map(|place| ReferralId::new(number(place))),
            terms_version: TermsVersion::new(version),
            earning: earner.earning,
            amount: money(sold.amount(earner), earner.currency()),
            paid_out: money(earner.paid_out, earner.currency()),
            status: earner.status,
            due_at: earner.due_at,
        });
        Recorded {
            conversion,
            commissions: commissions.collect(),
        }
    }

    /// Whether the incentive that has paid a sale has a tier that pays for earlier ones.
    fn may_lift(&self, sold: &Sold, incentive: IncentiveNumber) -> bool {
        let program = sold.credits[0].0.program;
        let program = self.program_place(program).expect("it was credited");
        let rules = &self.programs[program].versions[sold.version].rules;
        let place = usize::try_from(incentive.number()).expect("few incentives");
        let tiers = rules.incentives[place - 1].tiers.as_ref();
        tiers.is_some_and(|tiers| tiers.mode == TierMode::Retroactive)
    }

    /// Who is credited with each sale, and with which weights.
    pub(in super::super) fn credits(
        &self,
        id: ConversionId,
    ) -> &[(accrual_attribution::Credit, u64)] {
        &self.sales[place(id.number(), self.sales.len()).expect("a sale")].credits
    }

    /// The sale with this reference.
    pub(in super::super) fn by_reference(&self, text: &str) -> Option<ConversionId> {
        let mut all = self.sales.iter();
        let found = all.position(|sold| sold.facts.reference.as_str() == text);
        found.map(|place| ConversionId::new(number(place)))
    }
}

fn version((draft, number): (&TermsDraft, u32)) -> Version {
    let terms = Terms::try_new(TermsVersion::new(number), draft.rules.clone());
    Version {
        terms: terms.expect("checked when it was asked for"),
        crediting: draft.crediting.clone(),
    }
}
