//! A sale is reported.

use accrual_attribution::{Claim, Credit};
use accrual_commission::{Approval, Earning, Level, LevelBase, Rules, Status};
use accrual_money::Currency;
use time::{Date, Duration, OffsetDateTime};

use super::{
    Earner, Expected, IsReplay, Reference, Sold, base,
    earning::part,
    history::Earned,
    integers::{divided, minor, money, share},
    people::credit,
    pricing::{Case, Priced},
};
use crate::{ConversionId, EarnedBy, EnrollmentState, Error, Facts, Platform};

impl Reference {
    pub(super) fn report(&mut self, facts: &Facts, now: OffsetDateTime) -> Expected {
        base::check(facts)?;
        let known = self.sales.iter().position(|sold| {
            (&sold.facts.source, &sold.facts.reference) == (&facts.source, &facts.reference)
        });
        if let Some(place) = known {
            let is_same = said(&self.sales[place].facts) == said(facts);
            let replay = if is_same {
                IsReplay::Same
            } else {
                IsReplay::Differs
            };
            if !is_same {
                self.enter();
            }
            return Ok((self.conversion(place), replay));
        }
        self.is_registered(facts)?;
        let occurred_at = facts.occurred_at.unwrap_or(now);
        let credits = self.credited(facts, occurred_at);
        if credits.is_empty() {
            return Err(Error::NobodyCredited {
                findings: Vec::new(),
            });
        }
        // What is refused leaves nobody behind who was added on the way.
        let before = self.people.clone();
        let sold = self.sold(facts, credits, (occurred_at, now));
        let (sold, priced) = sold.inspect_err(|_| self.people = before)?;
        for customer in sold.earners.iter().filter_map(|one| one.customer) {
            let first = &mut self.people[customer].first_payment_at;
            *first = Some(first.unwrap_or(occurred_at).min(occurred_at));
        }
        self.sales.push(sold);
        self.enter();
        let place = self.sales.len() - 1;
        self.lift(&priced, place);
        Ok((self.conversion(place), IsReplay::No))
    }

    fn sold(
        &mut self,
        facts: &Facts,
        credits: Vec<(Credit, u64)>,
        (occurred_at, now): (OffsetDateTime, OffsetDateTime),
    ) -> Result<(Sold, Priced), Error> {
        let redeemed = self.redeems(facts, occurred_at);
        let is_redeemed = !redeemed.is_empty();
        let customers = self.customers(&credits, facts, is_redeemed, (occurred_at, now));
        let first = credits[0].0;
        let day = self.zone.day(occurred_at);
        let program = self.program_place(first.program)?;
        let version = self.programs[program].versions.len() - 1;
        let rules = &self.programs[program].versions[version].rules;
        let known = self.known(&credits, rules, customers[0], day);
        let case = Case {
            facts,
            rules,
            occurred_at,
            known: &known,
        };
        let (priced, mut earners) = self.divided(&case, &credits, &customers, (day, None))?;
        self.add_levels(rules, &mut earners, false);
        let until = held_until(rules, facts, occurred_at);
        for earner in &mut earners {
            (earner.status, earner.due_at) = (first_status(rules, until, now), until);
        }
        let entry = self.entries + 1;
        let sold = Sold {
            facts: facts.clone(),
            amended: None,
            occurred_at,
            day,
            recorded_at: now,
            entries: (entry, entry, entry),
            refunded: 0,
            charged_back: 0,
            redeemed,
            credits,
            version,
            known,
            earners,
        };
        Ok((sold, priced))
    }

    /// What a sale on `day` earns, and the part of each who is credited: nobody passes a cap of
    /// their own. `apart` is the place of the sale, if it is there already.
    pub(super) fn divided(
        &self,
        case: &Case<'_>,
        credits: &[(Credit, u64)],
        customers: &[Option<usize>],
        (day, apart): (Date, Option<usize>),
    ) -> Result<(Priced, Vec<Earner>), Error> {
        let earned = |place: usize| {
            let (seller, customer) = (credits[place].0.enrollment, customers[place]);
            self.earned(seller, case.rules, customer, day, apart)
        };
        if credits.len() == 1 {
            let priced = case.priced(earned(0))?;
            let earners = shared(&priced, credits, customers);
            return Ok((priced, earners));
        }
        let priced = case.priced(Earned::UNLIMITED)?;
        let mut earners = shared(&priced, credits, customers);
        if case.facts.amount_override.is_none() {
            for (place, earner) in earners.iter_mut().enumerate() {
                let (full, currency) = (minor(earner.earning.full), earner.currency());
                if let Some(room) = case.room(earned(place), None, currency)? {
                    earner.earning.full = money(full.min(room), currency);
                }
            }
        }
        Ok((priced, earners))
    }

    /// The promo codes that are entered and can be redeemed, whoever is credited in the end.
    fn redeems(&self, facts: &Facts, at: OffsetDateTime) -> Vec<usize> {
        let claims = self.claims(facts);
        let leads = self.leads(&claims, facts, at);
        let mut redeemed = Vec::new();
        for lead in leads.iter().filter(|lead| lead.is_good) {
            if let Claim::PromoCode(code) = &claims[lead.place] {
                let place = self.codes.iter().position(|one| one.code == *code);
                redeemed.push(place.expect("it has led to somebody"));
            }
        }
        redeemed
    }

    /// Those above each seller, as far up as the terms go and there is somebody; whoever has left is
    /// passed over, unless `for_all`.
    pub(super) fn add_levels(&self, rules: &Rules, earners: &mut Vec<Earner>, for_all: bool) {
        let mut above = Vec::new();
        for seller in earners.iter() {
            let (base, direct) = (minor(seller.earning.base), minor(seller.earning.full));
            let mut below = direct;
            let mut at = seller.credit.enrollment;
            for (Level { rate, of }, level) in rules.levels.iter().zip(1..) {
                let of = match of {
                    LevelBase::Sale => base,
                    LevelBase::Direct => direct,
                    LevelBase::LevelBelow => below,
                };
                below = share(of, *rate);
                let Some(recruiter) = self.enrollment(at).expect("it sells").recruiter else {
                    break;
                };
                let recruiter = self.enrollment(recruiter).expect("it has recruited");
                at = recruiter.id;
                if for_all || recruiter.state == EnrollmentState::Active {
                    above.push(Earner {
                        credit: credit(recruiter),
                        by: EarnedBy::Level(level),
                        incentive: None,
                        customer: None,
                        earning: part(base, below, seller.currency()),
                        first_currency: seller.currency(),
                        status: seller.status,
                        paid_out: 0,
                        due_at: None,
                    });
                }
            }
        }
        earners.extend(above);
    }

    pub(super) fn sale_place(&self, id: ConversionId) -> Result<usize, Error> {
        let place = super::set_up::place(id.number(), self.sales.len());
        place.ok_or(Error::ConversionNotFound(id))
    }
}

/// The parts of those who are credited: one has all, several divide it.
fn shared(priced: &Priced, credits: &[(Credit, u64)], customers: &[Option<usize>]) -> Vec<Earner> {
    let earner = |place: usize, incentive, earning: Earning| Earner {
        credit: credits[place].0,
        by: EarnedBy::Sale,
        incentive,
        customer: customers[place],
        first_currency: earning.full.currency(),
        earning,
        status: Status::Payable,
        paid_out: 0,
        due_at: None,
    };
    if credits.len() == 1 {
        return vec![earner(0, priced.incentive, priced.earning)];
    }
    let weights: Vec<i128> = credits
        .iter()
        .map(|(_, weight)| i128::from(*weight))
        .collect();
    let bases = divided(minor(priced.earning.base), &weights);
    let parts = divided(minor(priced.earning.full), &weights);
    let currency: Currency = priced.earning.full.currency();
    let each = (0..credits.len())
        .map(|place| earner(place, None, part(bases[place], parts[place], currency)));
    each.collect()
}

/// What is compared where a reference comes again: everything but how claims are to agree, and a
/// platform whether it is said or not.
fn said(facts: &Facts) -> Facts {
    let website = || Platform::parse("website").ok();
    Facts {
        agreement: false,
        platform: facts.platform.clone().or_else(website),
        ..facts.clone()
    }
}

/// When the hold of a sale is over.
pub(super) fn held_until(
    rules: &Rules,
    facts: &Facts,
    occurred_at: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let held = rules.hold_days > 0;
    let hold = held.then(|| occurred_at + Duration::days(rules.hold_days.into()));
    facts.due_at.or(hold)
}

fn first_status(rules: &Rules, until: Option<OffsetDateTime>, now: OffsetDateTime) -> Status {
    match (rules.approval, until) {
        (Approval::ByPerson, until) => Status::AwaitingApproval { until },
        (Approval::Automatic, Some(until)) if now < until => Status::Pending { until },
        (Approval::Automatic, Some(_) | None) => Status::Payable,
    }
}
